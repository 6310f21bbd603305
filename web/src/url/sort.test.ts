import { describe, expect, it } from 'vitest';
import { compareKeys, readSort, type SortKey, writeSort } from './sort';

const FALLBACK = { column: 'lag', descending: true };

describe('sort in the URL', () => {
  it('reads back as it was written', () => {
    for (const column of ['lag', 'name']) {
      for (const descending of [true, false]) {
        const text = writeSort({ column, descending }, FALLBACK);
        expect(readSort(text, ['lag', 'name'], FALLBACK)).toEqual({ column, descending });
      }
    }
  });

  it('leaves the default out and falls back on columns that are not there', () => {
    expect(writeSort(FALLBACK, FALLBACK)).toBeUndefined();
    expect(readSort('-nonsense', ['lag'], FALLBACK)).toEqual(FALLBACK);
  });
});

describe('order', () => {
  const sorted = (keys: SortKey[], descending: boolean) =>
    [...keys].sort((a, b) => compareKeys(a, b, descending));

  it('puts the unknown last in both directions, and zero where it belongs', () => {
    expect(sorted([null, 3, 0, 7], true)).toEqual([7, 3, 0, null]);
    expect(sorted([null, 3, 0, 7], false)).toEqual([0, 3, 7, null]);
  });

  it('counts the numbers inside names', () => {
    expect(sorted(['p10', 'P2', 'p1'], false)).toEqual(['p1', 'P2', 'p10']);
  });
});
