/** Queries that were run in this browser, newest first. */

import { isRecord, readList, writeList } from './storedList';

export interface Run {
  nrql: string;
  atMs: number;
}

const KEY = 'weir.queries';
const RUNS_MAX = 50;

export function readRuns(): Run[] {
  return readList(KEY, isRun);
}

/** History is a convenience: a run that could not be kept is no error. */
export function recordRun(nrql: string, atMs: number) {
  writeList(KEY, withRun(readRuns(), { nrql, atMs }));
}

/** A query that is run again moves to the front instead of standing there twice. */
export function withRun(runs: Run[], run: Run): Run[] {
  return [run, ...runs.filter(({ nrql }) => nrql !== run.nrql)].slice(0, RUNS_MAX);
}

function isRun(value: unknown): value is Run {
  return isRecord(value) && typeof value.nrql === 'string' && typeof value.atMs === 'number';
}
