/** The lag of each partition over time as a grid of steps. */

import type { QueryAnswer } from '../../api/types';

export interface Heat {
  partitions: number[];
  /** Begin of each bucket in epoch seconds, rising. */
  times: number[];
  /** By time, then by partition; `null` where nothing was measured. */
  rows: (number | null)[][];
}

/** Upper ends of the steps in seconds; what lies beyond the last is the fifth. */
export const STEPS_SECS = [1, 10, 60, 600] as const;
export const STEP_NAMES = ['under 1 s', 'to 10 s', 'to 1 min', 'to 10 min', 'more'] as const;

export function heatOf(answer: QueryAnswer): Heat {
  const numbers = (of: (row: QueryAnswer['results'][number]) => unknown) =>
    [...new Set(answer.results.map((row) => Number(of(row))))].sort((a, b) => a - b);
  const partitions = numbers((row) => row.facet);
  const times = numbers((row) => row.beginTimeSeconds);
  const column = new Map(partitions.map((partition, at) => [partition, at]));
  const line = new Map(times.map((time, at) => [time, at]));
  const rows = times.map(() => partitions.map((): number | null => null));
  for (const row of answer.results) {
    const cells = rows[line.get(Number(row.beginTimeSeconds)) ?? -1];
    const at = column.get(Number(row.facet));
    if (cells === undefined || at === undefined) continue;
    cells[at] = typeof row.lag === 'number' ? row.lag : null;
  }
  return { partitions, times, rows };
}

export function stepOf(secs: number): number {
  const at = STEPS_SECS.findIndex((end) => secs < end);
  return at === -1 ? STEPS_SECS.length : at;
}

/** Whether any cell holds a number. */
export function hasHeat({ rows }: Heat): boolean {
  return rows.some((row) => row.some((value) => value !== null));
}
