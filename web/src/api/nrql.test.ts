import { describe, expect, it } from 'vitest';
import { lastSeconds } from '../url/range';
import { forConsole, overRange, quote, stepFor } from './nrql';

describe('NRQL of the charts', () => {
  it('quotes names so that they end where they should', () => {
    expect(quote("o'brien\\x")).toBe("'o\\'brien\\\\x'");
  });

  it('asks for whole buckets around the range', () => {
    const now = Date.parse('2026-11-22T14:20:07Z');
    const nrql = overRange('SELECT count(*) FROM T', lastSeconds(3600), now);
    const since = Date.parse('2026-11-22T13:20:00Z');
    const until = Date.parse('2026-11-22T14:20:30Z');
    expect(nrql).toBe(`SELECT count(*) FROM T TIMESERIES 30 seconds SINCE ${since} UNTIL ${until}`);
  });

  it('never asks for more buckets than a query may have', () => {
    for (const secs of [60, 900, 3600, 86_400, 604_800, 31_536_000, 315_360_000]) {
      expect(secs / stepFor(secs)).toBeLessThanOrEqual(122);
    }
  });

  it('is written for people in the console', () => {
    expect(forConsole('SELECT count(*) FROM T', lastSeconds(3600))).toBe(
      'SELECT count(*) FROM T TIMESERIES SINCE 1 hour ago',
    );
  });
});
