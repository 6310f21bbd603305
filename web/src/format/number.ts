/** Numbers as people read them. Zero is data; `null` is unknown and never shown as a number. */

export const UNKNOWN = '—';

type Maybe = number | null | undefined;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** Every digit of a count: `184,220`. */
export function formatCount(value: Maybe): string {
  return isKnown(value) ? whole.format(value) : UNKNOWN;
}

/** Three significant digits with a decimal suffix: `54.8 k`. */
export function formatShort(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  const [scaled, suffix] = scale(value, 1000, ['', 'k', 'M', 'G', 'T']);
  return suffix === '' ? precise.format(scaled) : `${precise.format(scaled)} ${suffix}`;
}

/** Per second: `54.8 k/s`. */
export function formatPerSecond(value: Maybe): string {
  return isKnown(value) ? `${formatShort(value)}/s` : UNKNOWN;
}

/** Binary units: `412 MiB`. */
export function formatBytes(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  const [scaled, suffix] = scale(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
  return `${precise.format(scaled)} ${suffix}`;
}

export function formatMillis(value: Maybe): string {
  return isKnown(value) ? `${precise.format(value)} ms` : UNKNOWN;
}

/** Any number of a query: whole numbers in full, others to six digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return whole.format(value);
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 6 }).format(value);
}

export function isKnown(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** `1 partition`, `3 partitions`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${whole.format(count)} ${count === 1 ? noun : plural}`;
}

function scale(value: number, base: number, suffixes: readonly string[]): [number, string] {
  let scaled = value;
  let step = 0;
  // 999.6 would round to a fourth digit: it belongs to the next suffix.
  while (Math.abs(scaled) >= base * 0.9995 && step < suffixes.length - 1) {
    scaled /= base;
    step += 1;
  }
  return [scaled, suffixes[step] ?? ''];
}
