import { describe, expect, it } from 'vitest';
import type { Group } from '../../api/types';
import { answerOf, bucket } from '../../chart/answer.fixture';
import { worstLag } from './FleetTiles';
import { fleetHistory } from './fleetHistory';

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

describe('the worst group', () => {
  const group = (name: string, lag: number | null, abandoned = false) =>
    ({ group: name, total_lag_messages: lag, abandoned }) as Group;

  it('has the most lag and is not abandoned', () => {
    expect(worstLag([group('a', 3), group('b', 9, true), group('c', null)])?.group).toBe('a');
    expect(worstLag([group('c', null)])).toBeUndefined();
    expect(worstLag([group('z', 0)])?.group).toBe('z');
  });
});
