import { describe, expect, it } from 'vitest';
import { answerOf, bucket } from './answer.fixture';
import { chartKinds, chooseChart } from './shape';

describe('the picture follows the shape', () => {
  it.each([
    ['TIMESERIES', answerOf([bucket(0, { count: 1 })]), 'line'],
    [
      'TIMESERIES with FACET',
      answerOf([bucket(0, { facet: 'a', topic: 'a', count: 1 })], ['topic']),
      'line',
    ],
    ['one aggregate', answerOf([{ count: 42 }]), 'billboard'],
    ['an aggregate of nothing', answerOf([{ 'max.consumerLag': null }]), 'billboard'],
    ['a percentile', answerOf([{ 'percentile.d': { 95: 1, 99: 2 } }]), 'billboard'],
    [
      'FACET with one aggregate',
      answerOf([{ facet: 'a', topic: 'a', count: 1 }], ['topic']),
      'bars',
    ],
    [
      'FACET with two keys',
      answerOf([{ facet: ['a', 1], count: 1 }], ['topic', 'partition']),
      'bars',
    ],
    [
      'FACET with two aggregates',
      answerOf([{ facet: 'a', count: 1, 'max.x': 2 }], ['topic']),
      'table',
    ],
    [
      'FACET with two percentiles',
      answerOf([{ facet: 'a', 'percentile.d': { 95: 1, 99: 2 } }], ['t']),
      'table',
    ],
    ['events', answerOf([{ timestamp: 1, topic: 'a' }]), 'table'],
    ['uniques', answerOf([{ 'uniques.topic': ['a', 'b'] }]), 'table'],
    ['nothing', answerOf([]), 'table'],
  ])('%s', (_name, answer, kind) => {
    expect(chartKinds(answer)[0]).toBe(kind);
  });

  it('keeps the choice of the URL when it fits', () => {
    const lines = answerOf([bucket(0, { count: 1 })]);
    expect(chooseChart(lines, 'json')).toBe('json');
    expect(chooseChart(lines, 'billboard')).toBe('line');
    expect(chooseChart(lines, 'nonsense')).toBe('line');
  });
});
