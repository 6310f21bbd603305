/** Which picture fits the shape of an answer. */

import type { QueryAnswer } from '../api/types';
import { numbersOf, valueColumns } from './series';

export type ChartKind = 'line' | 'billboard' | 'bars' | 'table' | 'json';

export const CHART_NAMES: Record<ChartKind, string> = {
  line: 'Line',
  billboard: 'Billboard',
  bars: 'Bars',
  table: 'Table',
  json: 'JSON',
};

/** Every picture that can show the answer, the best first. */
export function chartKinds(answer: QueryAnswer): ChartKind[] {
  return [...pictures(answer), 'table', 'json'];
}

function pictures(answer: QueryAnswer): ChartKind[] {
  const first = answer.results[0];
  if (first === undefined) return [];
  if ('beginTimeSeconds' in first) return ['line'];
  const columns = valueColumns(answer);
  const numbers = numbersOf(first, columns);
  if (answer.metadata.facets !== null) {
    return numbers.length === 1 && columns.length === 1 ? ['bars'] : [];
  }
  // Rows of events carry a timestamp; a row of aggregates is alone and all numbers.
  const aggregates = answer.results.length === 1 && !('timestamp' in first);
  return aggregates && columns.every((column) => isFigure(first[column])) ? ['billboard'] : [];
}

/** What a billboard can show: a number, a percentile's map of numbers, a word or nothing. */
function isFigure(value: unknown): boolean {
  return value === null || typeof value !== 'object' || !Array.isArray(value);
}

/** The picture asked for in the URL when it fits, else the best. */
export function chooseChart(answer: QueryAnswer, wanted: string | undefined): ChartKind {
  const kinds = chartKinds(answer);
  return kinds.find((kind) => kind === wanted) ?? kinds[0] ?? 'table';
}
