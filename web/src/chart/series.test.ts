import { describe, expect, it } from 'vitest';
import { answerOf, bucket } from './answer.fixture';
import { seriesColors } from './colors';
import { addTrends, bridgeShortGaps, SERIES_MAX, toLines } from './series';

describe('lines of an answer', () => {
  it('groups flat rows by facet, largest first, with gaps where a bucket has no number', () => {
    const rows = [
      bucket(60, { facet: 'b', topic: 'b', count: 9 }),
      bucket(0, { facet: 'a', topic: 'a', count: 1 }),
      bucket(0, { facet: 'b', topic: 'b', count: null }),
    ];
    const { times, series } = toLines(answerOf(rows, ['topic']));
    expect(times).toEqual([0, 60]);
    expect(series).toEqual([
      { name: 'b', values: [null, 9] },
      { name: 'a', values: [1, null] },
    ]);
  });

  it('names a line by all its keys and, with several aggregates, by the aggregate', () => {
    const rows = [bucket(0, { facet: ['t', 3], count: 1, 'max.x': 2 })];
    const names = toLines(answerOf(rows, ['topic', 'partition'])).series.map(({ name }) => name);
    expect(names).toEqual(['t / 3, max.x', 't / 3, count']);
  });

  it('draws one line a threshold of a percentile', () => {
    const rows = [bucket(0, { 'percentile.d': { 50: 1, 99: 4 } })];
    const names = toLines(answerOf(rows)).series.map(({ name }) => name);
    expect(names).toEqual(['percentile.d 99', 'percentile.d 50']);
  });

  it('marks a line that is only known from below, and draws none of the mark', () => {
    const rows = [
      bucket(0, { facet: 'a', 'max.x': 9, atLeast: 2 }),
      bucket(60, { facet: 'b', 'max.x': 4, atLeast: 0 }),
      bucket(0, { facet: 'b', 'max.x': 3, atLeast: 1 }),
    ];
    const { series } = toLines(answerOf(rows, ['topic']));
    expect(series.map(({ name, isLowerBound }) => [name, isLowerBound ?? false])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('draws no line for a group without a single number', () => {
    const rows = [bucket(0, { facet: 'a', count: null }), bucket(0, { facet: 'b', count: 0 })];
    expect(toLines(answerOf(rows, ['t'])).series.map(({ name }) => name)).toEqual(['b']);
  });

  it('caps the number of lines and says how many it left out', () => {
    const rows = Array.from({ length: SERIES_MAX + 5 }, (_, n) =>
      bucket(0, { facet: `${n}`, count: n }),
    );
    const { series, hiddenCount } = toLines(answerOf(rows, ['t']));
    expect(series).toHaveLength(SERIES_MAX);
    expect(hiddenCount).toBe(5);
    expect(series[0]?.name).toBe(`${SERIES_MAX + 4}`);
  });
});

describe('gaps', () => {
  it('are none where samples come every second bucket', () => {
    expect(bridgeShortGaps([1, null, 2, null, 3])).toEqual([1, undefined, 2, undefined, 3]);
  });

  it('stay where samples went missing', () => {
    expect(bridgeShortGaps([1, 2, 3, null, null, 4])).toEqual([1, 2, 3, null, null, 4]);
  });

  it('stay at both ends', () => {
    expect(bridgeShortGaps([null, 1, 2, null])).toEqual([null, 1, 2, null]);
    expect(bridgeShortGaps([null, 1, null])).toEqual([null, 1, null]);
  });
});

describe('added trends', () => {
  it('align at their newest end and are unknown only where all are', () => {
    expect(
      addTrends([
        [1, null, 3],
        [10, null],
      ]),
    ).toEqual([1, 10, 3]);
    expect(addTrends([[null], [null]])).toEqual([null]);
    expect(addTrends([])).toEqual([]);
  });
});

describe('colours', () => {
  it('differ as long as there are enough, and do not depend on the order', () => {
    const names = ['orders-eu', 'payments', 'iot', 'sandbox', 'a', 'b', 'c', 'd'];
    const colors = seriesColors(names);
    expect(new Set(colors.values()).size).toBe(8);
    expect(seriesColors([...names].reverse())).toEqual(colors);
  });
});
