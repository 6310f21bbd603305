import { describe, expect, it } from 'vitest';
import type { Partition } from '../../api/types';
import { balanceOf } from './balance';

const partition = (number: number, size: number | null, end: number | null = null) =>
  ({
    partition: number,
    size_bytes: size,
    log_start_offset: 0,
    log_end_offset: end,
  }) as Partition;

describe('the balance of a topic', () => {
  it('holds the largest partition against the mean, and leaves out what is not known', () => {
    const balance = balanceOf([partition(1, 30), partition(0, 10), partition(2, null)]);
    expect(balance).toMatchObject({ unit: 'bytes', largest: 30, mean: 20, skew: 1.5 });
    expect(balance?.bars.map(({ value }) => value)).toEqual([10, 30, null]);
  });

  it('counts offsets where bytes are not known, and says nothing of one partition', () => {
    expect(balanceOf([partition(0, null, 4), partition(1, null, 8)])?.unit).toBe('offsets');
    expect(balanceOf([partition(0, 10)])).toBeNull();
    expect(balanceOf([partition(0, 0), partition(1, 0)])).toBeNull();
  });
});
