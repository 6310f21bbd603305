/** A query's answer as lines over time. */

import type { QueryAnswer, QueryRow } from '../api/types';
import { isKnown } from '../format/number';

export interface Series {
  name: string;
  /** One a time; `null` where nothing was measured. */
  values: (number | null)[];
  /** The newest of them is only known from below. */
  isLowerBound?: boolean;
}

/**
 * The column that counts the samples of a bucket whose value is only known from below; a query that
 * selects it under this name has them marked, and no line of it.
 */
export const AT_LEAST = 'atLeast';

export interface Lines {
  /** Begin of each bucket in epoch seconds, rising. */
  times: number[];
  series: Series[];
  /** Series beyond the cap, not drawn. */
  hiddenCount: number;
}

export const SERIES_MAX = 20;

const NOT_VALUES = new Set([
  AT_LEAST,
  'beginTimeSeconds',
  'endTimeSeconds',
  'facet',
  'inspectedCount',
  'comparison',
]);

/** The columns that hold aggregates, in the order of SELECT. */
export function valueColumns(answer: QueryAnswer): string[] {
  const facets = answer.metadata.facets ?? [];
  const columns = new Set<string>();
  for (const row of answer.results) for (const key of Object.keys(row)) columns.add(key);
  return [...columns].filter((key) => !NOT_VALUES.has(key) && !facets.includes(key));
}

/** Groups the flat rows of TIMESERIES, with or without FACET, by series; the largest come first. */
export function toLines(answer: QueryAnswer): Lines {
  const columns = valueColumns(answer);
  const times = [...new Set(answer.results.map((row) => Number(row.beginTimeSeconds)))].sort(
    (a, b) => a - b,
  );
  const positions = new Map(times.map((time, at) => [time, at]));
  const byName = new Map<string, Series>();
  for (const row of answer.results) {
    const at = positions.get(Number(row.beginTimeSeconds)) ?? 0;
    for (const [label, value] of numbersOf(row, columns)) {
      const name = seriesName(facetLabel(row), label, columns.length);
      const series = byName.get(name) ?? { name, values: times.map(() => null) };
      byName.set(name, series);
      series.values[at] = value;
      const isNewest = value !== null && series.values.findLastIndex(isKnown) === at;
      if (isNewest) series.isLowerBound = Number(row[AT_LEAST] ?? 0) > 0 ? true : undefined;
    }
  }
  // A group without a single number has no line; the table still names it.
  const series = [...byName.values()]
    .filter(({ values }) => values.some(isKnown))
    .sort((a, b) => peak(b) - peak(a));
  return {
    times,
    series: series.slice(0, SERIES_MAX),
    hiddenCount: Math.max(0, series.length - SERIES_MAX),
  };
}

/** The group a row speaks of; several keys are joined. `null` without FACET. */
export function facetLabel(row: QueryRow): string | null {
  const facet = row.facet;
  if (facet === undefined) return null;
  return Array.isArray(facet) ? facet.map(String).join(' / ') : String(facet);
}

/** The numbers of a row; a percentile's map gives one number a threshold. */
export function numbersOf(row: QueryRow, columns: string[]): [string, number | null][] {
  return columns.flatMap((column): [string, number | null][] => {
    const value = row[column];
    if (value === null || value === undefined) return [[column, null]];
    if (typeof value === 'number') return [[column, value]];
    if (typeof value !== 'object' || Array.isArray(value)) return [];
    return Object.entries(value).map(([key, part]) => [
      `${column} ${key}`,
      isKnown(part) ? part : null,
    ]);
  });
}

/**
 * Marks runs of missing buckets no longer than the usual distance of two samples as `undefined`:
 * a bucket finer than the poll interval is no gap. Longer runs stay `null`.
 */
export function bridgeShortGaps(values: (number | null)[]): (number | null | undefined)[] {
  const known = values.flatMap((value, at) => (value === null ? [] : [at]));
  const distances = known.slice(1).map((at, n) => at - (known[n] ?? at));
  if (distances.length === 0) return values;
  const usual = [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1;
  const bridged: (number | null | undefined)[] = [...values];
  known.slice(1).forEach((at, n) => {
    const before = known[n] ?? at;
    if (at - before <= usual * 2) bridged.fill(undefined, before + 1, at);
  });
  return bridged;
}

/** The newest known value. */
export function lastKnown(values: (number | null)[]): number | null {
  return values.findLast(isKnown) ?? null;
}

export function largest(values: (number | null)[]): number | null {
  const known = values.filter(isKnown);
  return known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b));
}

/** Adds trends bucket by bucket, aligned at their newest end; unknown only where all are. */
export function addTrends(trends: (number | null)[][]): (number | null)[] {
  const length = Math.max(0, ...trends.map((trend) => trend.length));
  return Array.from({ length }, (_, at) => {
    const known = trends.map((trend) => trend[at - (length - trend.length)]).filter(isKnown);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  });
}

function seriesName(facet: string | null, label: string, columnCount: number): string {
  if (facet === null) return label;
  return columnCount === 1 ? facet : `${facet}, ${label}`;
}

function peak(series: Series): number {
  return largest(series.values) ?? Number.NEGATIVE_INFINITY;
}
