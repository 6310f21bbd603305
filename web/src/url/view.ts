/** What every page keeps in its URL: time range, time zone and refresh. */

import {
  DEFAULT_RANGE,
  endsNow,
  formatBound,
  parseBound,
  type Range,
  resolveRange,
  sameRange,
} from './range';

export interface View {
  range: Range;
  timeZone: string;
  /** `null` is off. */
  refreshSecs: number | null;
}

/** The parameters as the URL has them: text, not yet believed. */
export interface ViewSearch {
  from?: string;
  to?: string;
  tz?: string;
  refresh?: string;
}

export const DEFAULT_VIEW: View = { range: DEFAULT_RANGE, timeZone: 'UTC', refreshSecs: 10 };
export const REFRESH_SECS_MIN = 5;
export const REFRESH_SECS_MAX = 3600;

/** Reads the parameters; a bad one falls back to its default and leaves a note about itself. */
export function readView(search: ViewSearch, nowMs: number): { view: View; notes: string[] } {
  const notes: string[] = [];
  const view: View = {
    range: readRange(search, nowMs, notes),
    timeZone: readTimeZone(search.tz, notes),
    refreshSecs: readRefresh(search.refresh, notes),
  };
  return { view, notes };
}

/** The parameters that say `view`; defaults are left out (`undefined` also clears a kept one). */
export function writeView(view: View): ViewSearch {
  const isDefaultRange = sameRange(view.range, DEFAULT_RANGE);
  return {
    from: isDefaultRange ? undefined : formatBound(view.range.from),
    to: isDefaultRange || endsNow(view.range) ? undefined : formatBound(view.range.to),
    tz: view.timeZone === DEFAULT_VIEW.timeZone ? undefined : view.timeZone,
    refresh:
      view.refreshSecs === DEFAULT_VIEW.refreshSecs ? undefined : `${view.refreshSecs ?? 'off'}`,
  };
}

function readRange(search: ViewSearch, nowMs: number, notes: string[]): Range {
  if (search.from === undefined && search.to === undefined) return DEFAULT_RANGE;
  const from = search.from === undefined ? DEFAULT_RANGE.from : parseBound(search.from);
  const to = search.to === undefined ? DEFAULT_RANGE.to : parseBound(search.to);
  if (from === null) notes.push(`from=${search.from} is no time: showing the last hour`);
  if (to === null) notes.push(`to=${search.to} is no time: showing the last hour`);
  if (from === null || to === null) return DEFAULT_RANGE;
  const { fromMs, toMs } = resolveRange({ from, to }, nowMs);
  if (fromMs < toMs) return { from, to };
  notes.push('the range ends before it begins: showing the last hour');
  return DEFAULT_RANGE;
}

function readTimeZone(tz: string | undefined, notes: string[]): string {
  if (tz === undefined || isTimeZone(tz)) return tz ?? DEFAULT_VIEW.timeZone;
  notes.push(`tz=${tz} is no time zone: showing UTC`);
  return DEFAULT_VIEW.timeZone;
}

function readRefresh(refresh: string | undefined, notes: string[]): number | null {
  if (refresh === undefined) return DEFAULT_VIEW.refreshSecs;
  if (refresh === 'off') return null;
  const secs = /^\d{1,4}$/.test(refresh) ? Number(refresh) : Number.NaN;
  if (secs >= REFRESH_SECS_MIN && secs <= REFRESH_SECS_MAX) return secs;
  notes.push(
    `refresh=${refresh} is not off or 5 to 3600 seconds: using ${DEFAULT_VIEW.refreshSecs} s`,
  );
  return DEFAULT_VIEW.refreshSecs;
}

function isTimeZone(tz: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz });
    return true;
  } catch {
    return false;
  }
}
