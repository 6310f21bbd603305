/** Writes the NRQL of the built-in charts. */

import { AT_LEAST } from '../chart/series';
import { inWords } from '../format/time';
import { endsNow, type Range, resolveRange } from '../url/range';

const STEP_SECS = [
  15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800,
  2_592_000,
] as const;
const BUCKETS_MAX = 120;

export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The worst age of lag, with a mark where it is only known from below: see `AT_LEAST`. */
export function maxLagTime(attribute: 'maxLagSeconds' | 'consumerLagSeconds'): string {
  return `max(${attribute}), filter(count(${attribute}), WHERE lagSecondsMethod = 'at_least') AS ${AT_LEAST}`;
}

/** The finest step, in seconds, that gives no more buckets than there is room for. */
export function stepFor(durationSecs: number, bucketsMax = BUCKETS_MAX): number {
  return STEP_SECS.find((step) => durationSecs / step <= bucketsMax) ?? 2_592_000;
}

/** `query` over the range in whole buckets, so that a bucket stays put from refresh to refresh. */
export function overRange(query: string, range: Range, nowMs: number, bucketsMax?: number): string {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const step = stepFor((toMs - fromMs) / 1000, bucketsMax) * 1000;
  const since = Math.floor(fromMs / step) * step;
  const until = Math.ceil(toMs / step) * step;
  return `${query} TIMESERIES ${step / 1000} seconds SINCE ${since} UNTIL ${until}`;
}

/** The same question as a person would write it, for the query console. */
export function forConsole(query: string, range: Range): string {
  const { from } = range;
  if (from.kind === 'ago' && endsNow(range)) {
    return `${query} TIMESERIES SINCE ${inWords(from.seconds)} ago`;
  }
  return overRange(query, range, Date.now());
}
