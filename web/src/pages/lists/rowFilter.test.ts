import { describe, expect, it } from 'vitest';
import { filterOf, GROUP_FILTERS, STATUS_FILTERS, TOPIC_FILTERS } from './rowFilter';

const status = (word: string) => filterOf(STATUS_FILTERS, word);

describe('a list is narrowed', () => {
  it('to what is silent, though it may be critical as well', () => {
    const dead = { status: 'critical', stale: true } as never;
    expect(status('stale')?.keep(dead)).toBe(true);
    expect(status('critical')?.keep(dead)).toBe(true);
    expect(status('warning')?.keep(dead)).toBe(false);
  });

  it('to what is wrong with topics, and to groups that lag', () => {
    const topic = { topic: '__consumer_offsets', offline_partitions: 1, worst_groups: [] } as never;
    expect(filterOf(TOPIC_FILTERS, 'offline')?.keep(topic)).toBe(true);
    expect(filterOf(TOPIC_FILTERS, 'own')?.keep(topic)).toBe(false);
    expect(filterOf(GROUP_FILTERS, 'lag')?.keep({ total_lag_messages: null } as never)).toBe(false);
  });

  it('to nothing less by a word nobody knows', () => {
    expect(status('fine')).toBeUndefined();
  });
});
