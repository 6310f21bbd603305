import { expect, it } from 'vitest';
import { sparkPath } from './Sparkline';

it('needs two points', () => {
  expect(sparkPath([], 80, 20)).toBe('');
  expect(sparkPath([null, 4, null], 80, 20)).toBe('');
});

it('lifts the pen over a gap', () => {
  expect(sparkPath([1, 2, null, 3], 80, 20).match(/M/g)).toHaveLength(2);
});

it('draws small noise small', () => {
  const heights = (values: number[]) =>
    [...sparkPath(values, 80, 20).matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) =>
      Number(match[1]),
    );
  const [a = 0, b = 0] = heights([1000, 1001]);
  expect(Math.abs(a - b)).toBeLessThan(1);
  const [c = 0, d = 0] = heights([0, 1000]);
  expect(Math.abs(c - d)).toBe(16);
});

it('is drawn within bounds that are given', () => {
  expect(sparkPath([5, 5], 76, 20, [0, 10])).toBe('M2.0 10.0L74.0 10.0');
});
