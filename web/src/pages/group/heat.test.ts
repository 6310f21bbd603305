import { describe, expect, it } from 'vitest';
import { answerOf, bucket } from '../../chart/answer.fixture';
import { hasHeat, heatOf, STEP_NAMES, stepOf } from './heat';

describe('the grid of lag', () => {
  const cell = (begin: number, partition: string, lag: number | null) =>
    bucket(begin, { facet: partition, lag });

  it('has a column for each partition by number and a row for each moment', () => {
    const heat = heatOf(
      answerOf([cell(60, '10', 7), cell(0, '2', 3), cell(0, '10', null)], ['partition']),
    );
    expect(heat).toEqual({
      partitions: [2, 10],
      times: [0, 60],
      rows: [
        [3, null],
        [null, 7],
      ],
    });
    expect(hasHeat(heat)).toBe(true);
    expect(hasHeat(heatOf(answerOf([cell(0, '1', null)], ['partition'])))).toBe(false);
  });

  it.each([
    [0, 'under 1 s'],
    [1, 'to 10 s'],
    [59, 'to 1 min'],
    [60, 'to 10 min'],
    [86_400, 'more'],
  ])('shows %d s as %s', (secs, name) => {
    expect(STEP_NAMES[stepOf(secs)]).toBe(name);
  });
});
