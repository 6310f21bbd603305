/** The time range of a page and its form in the URL: `now-6h`, `now`, or an RFC 3339 instant. */

/** One end of a range: so many seconds before now, or a fixed instant in epoch milliseconds. */
export type Bound = { kind: 'ago'; seconds: number } | { kind: 'at'; ms: number };

export interface Range {
  from: Bound;
  to: Bound;
}

export const NOW: Bound = { kind: 'ago', seconds: 0 };
export const DEFAULT_RANGE: Range = { from: { kind: 'ago', seconds: 3600 }, to: NOW };

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const SECONDS_MAX = 10 * 366 * 86_400;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** `null` when the text is neither form. */
export function parseBound(text: string): Bound | null {
  if (text === 'now') return NOW;
  const relative = /^now-(\d{1,9})([smhdw])$/.exec(text);
  if (relative) {
    const seconds = Number(relative[1]) * UNIT_SECONDS[relative[2] as keyof typeof UNIT_SECONDS];
    return seconds <= SECONDS_MAX ? { kind: 'ago', seconds } : null;
  }
  if (!INSTANT.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : { kind: 'at', ms };
}

/** The shortest text that reads back as the same bound. */
export function formatBound(bound: Bound): string {
  if (bound.kind === 'at') {
    return new Date(bound.ms).toISOString().replace(/(:00)?\.000Z$/, 'Z');
  }
  if (bound.seconds === 0) return 'now';
  const unit = (['w', 'd', 'h', 'm', 's'] as const).find(
    (u) => bound.seconds % UNIT_SECONDS[u] === 0,
  );
  return `now-${bound.seconds / UNIT_SECONDS[unit ?? 's']}${unit ?? 's'}`;
}

/** Epoch milliseconds of both ends at the moment `nowMs`. */
export function resolveRange(range: Range, nowMs: number): { fromMs: number; toMs: number } {
  const at = (bound: Bound) => (bound.kind === 'at' ? bound.ms : nowMs - bound.seconds * 1000);
  return { fromMs: at(range.from), toMs: at(range.to) };
}

/** Moved by `share` of its own length, as a fixed window; negative is back. */
export function shiftRange(range: Range, share: number, nowMs: number): Range {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const by = Math.round((toMs - fromMs) * share);
  return fixedRange(fromMs + by, toMs + by);
}

export function fixedRange(fromMs: number, toMs: number): Range {
  return {
    from: { kind: 'at', ms: Math.floor(fromMs / 1000) * 1000 },
    to: { kind: 'at', ms: Math.ceil(toMs / 1000) * 1000 },
  };
}

export function lastSeconds(seconds: number): Range {
  return { from: { kind: 'ago', seconds }, to: NOW };
}

/** Whether the range moves on with the clock. */
export function endsNow(range: Range): boolean {
  return range.to.kind === 'ago' && range.to.seconds === 0;
}

export function sameRange(a: Range, b: Range): boolean {
  return formatBound(a.from) === formatBound(b.from) && formatBound(a.to) === formatBound(b.to);
}
