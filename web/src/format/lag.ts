/** How lag is put into words: its age with what is known of it, its verdict, and where it goes. */

import type { Status } from '../api/types';
import { formatPerSecond, isKnown } from './number';
import { formatDuration } from './time';

/** What an age of lag rests on: between which ages it lies, or that it is only known from below. */
export function bracketText(
  method: string | null,
  low: number | null | undefined,
  high: number | null | undefined,
): string {
  if (method === 'at_least')
    return 'at least this old: how long it was behind before it was first seen is not known';
  if (method === 'exact') return 'read from the log';
  if (isKnown(low) && isKnown(high) && low !== high) {
    return `between ${formatDuration(low)} and ${formatDuration(high)}`;
  }
  return method === 'interpolated' ? 'from the polls around it' : '';
}

/** An age that is known; "at least nothing" says nothing. */
export function knownLagSecs(secs: number | null, method: string | null): number | null {
  return method === 'at_least' && secs === 0 ? null : secs;
}

interface VerdictWords {
  sentence: string;
  status: Status;
}

const VERDICTS: Record<string, VerdictWords> = {
  OK: { sentence: 'keeps up', status: 'ok' },
  WARN: { sentence: 'moving, but falling behind', status: 'warning' },
  ERR: { sentence: 'at least one partition stopped, stalled or was rewound', status: 'critical' },
  STOP: { sentence: 'messages wait and nothing is committed', status: 'critical' },
  STALL: { sentence: 'commits come, and their offset does not move', status: 'critical' },
  REWIND: { sentence: 'an older offset was committed', status: 'critical' },
};

/** Burrow's word in plain ones; `null` for a word nobody knows. */
export function verdictWords(word: string): VerdictWords | null {
  return VERDICTS[word] ?? null;
}

/** Worst first, for sorting; what is not judged is neither good nor bad. */
export function verdictRank(word: string | null): number | null {
  const at = WORST_FIRST.indexOf(word ?? '');
  return at === -1 ? null : at;
}

const WORST_FIRST = ['STOP', 'STALL', 'REWIND', 'ERR', 'WARN', 'OK'];

/** `growing by 2.7 k/s`; `steady` under one message in ten seconds. */
export function formatVelocity(perSec: number): string {
  if (Math.abs(perSec) < 0.1) return 'steady';
  return `${perSec > 0 ? 'growing' : 'shrinking'} by ${formatPerSecond(Math.abs(perSec))}`;
}

interface CatchUp {
  lag_status: string | null;
  total_lag_messages: number | null;
  lag_velocity_per_sec: number | null;
  secs_to_catch_up: number | null;
}

/** The same short, for a row. */
export function catchUpShort(of: CatchUp): string | null {
  const told = catchUpText(of);
  return told === NEVER ? 'never' : told;
}

/** When the lag will be gone at the present rates; `null` when nobody can tell. */
export function catchUpText(of: CatchUp): string | null {
  const { total_lag_messages: lag, lag_velocity_per_sec: velocity, secs_to_catch_up: secs } = of;
  if (lag === 0) return 'caught up';
  if (secs !== null) return formatDuration(secs);
  // What keeps up has a little lag at every moment, and it may just have grown.
  if (of.lag_status === 'OK') return 'keeps up';
  if (lag === null || velocity === null) return null;
  return velocity >= 0 ? NEVER : null;
}

const NEVER = 'never at this rate';
