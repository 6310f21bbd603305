import { describe, expect, it } from 'vitest';
import type { Cluster, Source } from '../../api/types';
import { answerOf, bucket } from '../../chart/answer.fixture';
import { furthestBehind } from './FleetTiles';
import { fleetHistory } from './fleetHistory';
import { neverAnswered } from './NeverAnswered';

describe('history of the fleet', () => {
  const row = (begin: number, cluster: string, offline: number | null) =>
    bucket(begin, {
      facet: cluster,
      brokers: offline === null ? null : 3,
      topics: 10,
      offline,
      underReplicated: 0,
    });

  it('adds clusters up; a bucket nobody was sampled in is unknown, and one not yet over left out', () => {
    const rows = [
      row(0, 'a', 0),
      row(0, 'b', 2),
      row(60, 'a', null),
      row(60, 'b', null),
      row(120, 'a', 0),
    ];
    expect(fleetHistory(answerOf(rows, ['clusterName']), 130_000)).toEqual({
      clusters: [2, null],
      unhealthy: [1, null],
      brokers: [6, null],
      topics: [20, null],
    });
  });
});

describe('the cluster furthest behind', () => {
  const cluster = (name: string, secs: number | null) =>
    ({ cluster: name, max_lag_secs: secs }) as Cluster;

  it('has the oldest unread message; what is unknown is neither old nor new', () => {
    const all = [cluster('a', 3), cluster('b', null), cluster('c', 9)];
    expect(furthestBehind(all)?.cluster).toBe('c');
    expect(furthestBehind([cluster('b', null)])).toBeUndefined();
    expect(furthestBehind([cluster('z', 0)])?.cluster).toBe('z');
    const unknown = { ...cluster('c', 0), lag_secs_method: 'at_least' };
    expect(furthestBehind([unknown])).toBeUndefined();
  });
});

it('a cluster that never answered is told of beside those that did', () => {
  const source = (cluster: string) => ({ name: cluster, cluster }) as Source;
  const known = [{ cluster: 'a' } as Cluster];
  expect(neverAnswered([source('a'), source('b')], known)).toEqual([source('b')]);
});
