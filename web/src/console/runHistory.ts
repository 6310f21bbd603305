/** Queries that were run in this browser, newest first. */

export interface Run {
  nrql: string;
  atMs: number;
}

const KEY = 'weir.queries';
const RUNS_MAX = 50;

export function readRuns(): Run[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isRun) : [];
  } catch {
    return [];
  }
}

export function recordRun(nrql: string, atMs: number) {
  try {
    localStorage.setItem(KEY, JSON.stringify(withRun(readRuns(), { nrql, atMs })));
  } catch {
    // Storage can be full or forbidden; history is a convenience.
  }
}

/** A query that is run again moves to the front instead of standing there twice. */
export function withRun(runs: Run[], run: Run): Run[] {
  return [run, ...runs.filter(({ nrql }) => nrql !== run.nrql)].slice(0, RUNS_MAX);
}

function isRun(value: unknown): value is Run {
  return (
    typeof value === 'object' &&
    value !== null &&
    'nrql' in value &&
    typeof value.nrql === 'string' &&
    'atMs' in value &&
    typeof value.atMs === 'number'
  );
}
