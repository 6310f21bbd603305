/** Instants, ages and durations. 24-hour clock, and the zone is the page's, never the browser's. */

import { type Bound, endsNow, type Range } from '../url/range';
import { UNKNOWN } from './number';

/** One unit, as the age of a sample: `4 s`, `2 min`, `3 h`. */
export function formatAge(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** An age by how it is known: at least this much, about this much, or exactly. */
export function formatAgeKnown(seconds: number | null, method: string | null | undefined): string {
  if (seconds === null) return UNKNOWN;
  const sign = method === 'at_least' ? '≥ ' : method === 'interpolated' ? '≈ ' : '';
  return sign + formatDuration(seconds);
}

/** Two units at most: `1m58s`, `7d`, `41s`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  if (seconds === 0) return '0s';
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join('');
}

/** `2026-11-22 14:20:05` in the zone. */
export function formatInstant(ms: number, timeZone: string): string {
  return formatter(timeZone).format(ms).replace(', ', ' ');
}

/** `Last 1 hour`, or both ends. */
export function formatRange(range: Range, timeZone: string): string {
  if (endsNow(range) && range.from.kind === 'ago') return `Last ${inWords(range.from.seconds)}`;
  return `${formatEnd(range.from, timeZone)} to ${formatEnd(range.to, timeZone)}`;
}

/** `15 minutes`, `24 hours`, `7 days`; NRQL reads it too. */
export function inWords(seconds: number): string {
  const [size, unit] =
    seconds > 86_400 && seconds % 86_400 === 0
      ? [86_400, 'day']
      : seconds % 3600 === 0
        ? [3600, 'hour']
        : [60, 'minute'];
  if (seconds % size !== 0) return `${seconds} seconds`;
  const amount = seconds / size;
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

function formatEnd(bound: Bound, timeZone: string): string {
  if (bound.kind === 'at') return formatInstant(bound.ms, timeZone).replace(/:00$/, '');
  return bound.seconds === 0 ? 'now' : `${inWords(bound.seconds)} ago`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  // Swedish dates are ISO dates.
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  formatters.set(timeZone, made);
  return made;
}
