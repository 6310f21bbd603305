import { describe, expect, it } from 'vitest';
import type { Cluster, ServerStatus, Source } from '../api/types';
import { worstNews } from './bannerNews';
import { freshness } from './FreshnessDot';
import { paletteEntries, rank } from './palette';
import { findShortcut, isPrefix, SHORTCUTS } from './shortcuts';
import { tabState } from './usePageState';

const cluster = (part: Partial<Cluster>) =>
  ({ cluster: 'c', stale: false, age_secs: 4, ...part }) as Cluster;
const source = (part: Partial<Source>) => ({ name: 's', target: 'b:9092', ...part }) as Source;
const server = (writable: boolean) =>
  ({ store: { writable, state: 'disk is full' } }) as ServerStatus;

describe('the banner', () => {
  it('shows the worst: storage, then offline partitions, then failing sources', () => {
    const offline = [cluster({ cluster: 'orders', offline_partitions: 3 })];
    const failing = [source({ state: 'failing', last_error: 'connection refused' })];
    expect(worstNews(server(false), offline, failing)?.text).toBe('disk is full');
    expect(worstNews(server(true), offline, failing)?.text).toContain('3 offline partitions');
    expect(worstNews(server(true), [], failing)?.text).toContain('connection refused');
  });

  it('is critical about a cluster that went dark, and says it once', () => {
    const error = ['b1:9092', 'b2:9092', 'b3:9092', 'b4:9092']
      .map((broker) => `${broker}: refused: is it up? (tried again in 5.${broker[1]} s)`)
      .join('; ');
    const sources = [
      source({ name: 'never', cluster: 'x', state: 'failing', last_error: 'no such host' }),
      source({ name: 's', cluster: 'orders', state: 'failing', last_error: error }),
    ];
    const dark = cluster({ cluster: 'orders', stale: true, age_secs: 100, offline_partitions: 1 });
    const news = worstNews(server(true), [dark], sources);
    expect(news?.severity).toBe('critical');
    expect(news?.text).toBe(
      'is silent since 2 min ago, and had 1 offline partition: b1:9092, b2:9092, b3:9092 and 1 more: refused: is it up?',
    );
    expect(worstNews(server(true), [], sources)?.severity).toBe('warning');
  });

  it('is quiet when nothing is wrong, and about offline partitions that are unknown', () => {
    const clusters = [cluster({ offline_partitions: null }), cluster({ offline_partitions: 0 })];
    expect(worstNews(server(true), clusters, [source({ state: 'ok' })])).toBeNull();
  });
});

describe('freshness', () => {
  it('speaks of the connection before it speaks of data', () => {
    expect(freshness('lost', [cluster({})]).state).toBe('offline');
    expect(freshness('refuses', undefined).text).toBe('signed out');
    expect(freshness('answers', undefined).state).toBe('waiting');
  });

  it('is as fresh as the freshest cluster', () => {
    const old = cluster({ age_secs: 600, stale: true });
    expect(freshness('answers', [old, cluster({})])).toEqual({ state: 'live', text: 'live 4 s' });
    expect(freshness('answers', [old])).toEqual({ state: 'stale', text: 'stale 10 min' });
  });
});

describe('the tab', () => {
  it('carries the number of the worst', () => {
    expect(tabState([cluster({ status: 'critical' }), cluster({ status: 'warning' })]).mark).toBe(
      '✖ 1 · ',
    );
    expect(tabState([cluster({ status: 'warning' })]).mark).toBe('▲ 1 · ');
    expect(tabState([cluster({ status: 'ok' })]).mark).toBe('');
    expect(tabState([cluster({ status: 'stale' })]).mark).toBe('▨ 1 · ');
    expect(tabState([cluster({ status: 'stale' }), cluster({ status: 'warning' })]).mark).toBe(
      '▲ 2 · ',
    );
  });
});

describe('the palette', () => {
  const group = (name: string) => ({ cluster: 'eu', group: name }) as never;
  const entries = paletteEntries(
    [cluster({ cluster: 'orders' })],
    ['my-orders', 'reorder'].map(group),
    [],
    [],
  );

  it('ranks the beginning of a name before a word in it, and that before the middle', () => {
    const labels = rank(entries, 'order').map(({ label }) => label);
    expect(labels).toEqual(['orders', 'my-orders', 'reorder']);
  });

  it('names a thing once that is given twice', () => {
    const twice = paletteEntries([], [group('a'), group('a')], [], []);
    expect(twice.filter(({ kind }) => kind === 'group')).toHaveLength(1);
  });

  it('finds things by their cluster, last', () => {
    expect(rank(entries, 'eu').map(({ label }) => label)).toEqual(['reorder', 'my-orders']);
    expect(rank(entries, 'nothing like it')).toEqual([]);
  });
});

describe('shortcuts', () => {
  it('are each reachable', () => {
    expect(new Set(SHORTCUTS.map(({ keys }) => keys)).size).toBe(SHORTCUTS.length);
    for (const { keys } of SHORTCUTS) {
      const [first = '', second] = keys.split(' ');
      if (second !== undefined)
        expect(isPrefix(first) && findShortcut(first) === undefined).toBe(true);
    }
  });
});
