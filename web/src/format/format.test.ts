import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMillis,
  formatNumber,
  formatPerSecond,
  formatShort,
  UNKNOWN,
} from './number';
import {
  formatAge,
  formatAgeKnown,
  formatDuration,
  formatInstant,
  formatRange,
  inWords,
} from './time';

describe('zero and unknown', () => {
  const formats = [formatCount, formatShort, formatPerSecond, formatBytes, formatMillis];

  it.each(formats)('%o tells them apart', (format) => {
    expect(format(null)).toBe(UNKNOWN);
    expect(format(undefined)).toBe(UNKNOWN);
    expect(format(Number.NaN)).toBe(UNKNOWN);
    expect(format(0)).toMatch(/^0/);
  });
});

it('an age says how it is known', () => {
  expect(formatAgeKnown(118, 'at_least')).toBe('≥ 1m58s');
  expect(formatAgeKnown(118, 'interpolated')).toBe('≈ 1m58s');
  expect(formatAgeKnown(0, 'exact')).toBe('0s');
  expect(formatAgeKnown(null, null)).toBe(UNKNOWN);
});

describe('numbers', () => {
  it.each([
    [184_220, '184,220'],
    [-1, '-1'],
    [9_007_199_254_740_991, '9,007,199,254,740,991'],
  ])('%d in full', (value, text) => expect(formatCount(value)).toBe(text));

  it.each([
    [999, '999'],
    [999.6, '1 k'],
    [54_812.4, '54.8 k'],
    [999_950, '1 M'],
    [2.5e15, '2,500 T'],
    [-1500, '-1.5 k'],
    [0.1234, '0.123'],
  ])('%d in short', (value, text) => expect(formatShort(value)).toBe(text));

  it('counts bytes in binary', () => {
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(412 * 1024 * 1024)).toBe('412 MiB');
  });

  it('shows whole numbers of a query whole', () => {
    expect(formatNumber(1_234_567)).toBe('1,234,567');
    expect(formatNumber(1.23456789)).toBe('1.23457');
  });
});

describe('times', () => {
  it.each([
    [0.4, '0 s'],
    [59, '59 s'],
    [840, '14 min'],
    [7200, '2 h'],
    [200_000, '2 d'],
  ])('age of %d seconds', (seconds, text) => expect(formatAge(seconds)).toBe(text));

  it.each([
    [118, '1m58s'],
    [604_800, '7d'],
    [3605, '1h'],
    [41, '41s'],
    [0.25, '250ms'],
    [null, UNKNOWN],
  ])('duration of %o seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  it('shows instants in the zone that was asked for', () => {
    const ms = Date.parse('2026-11-22T23:20:05Z');
    expect(formatInstant(ms, 'UTC')).toBe('2026-11-22 23:20:05');
    expect(formatInstant(ms, 'America/Lima')).toBe('2026-11-22 18:20:05');
  });

  it('says ranges in words', () => {
    const now = { kind: 'ago', seconds: 0 } as const;
    expect(formatRange({ from: { kind: 'ago', seconds: 3600 }, to: now }, 'UTC')).toBe(
      'Last 1 hour',
    );
    const from = { kind: 'at', ms: Date.parse('2026-11-22T10:00Z') } as const;
    expect(formatRange({ from, to: now }, 'UTC')).toBe('2026-11-22 10:00 to now');
    expect(inWords(86_400)).toBe('24 hours');
    expect(inWords(604_800)).toBe('7 days');
    expect(inWords(90)).toBe('90 seconds');
  });
});
