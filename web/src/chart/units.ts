/** What the numbers of a chart are: how they are written, and where its axis may have ticks. */

import {
  formatBytes,
  formatCount,
  formatMillis,
  formatPerSecond,
  formatShort,
} from '../format/number';
import { formatDuration } from '../format/time';

export interface Unit {
  format: (value: number | null) => string;
  /** Shorter, for the axis. */
  tick: (value: number | null) => string;
  /** Distances of ticks that read well; those of the decimal system when absent. */
  tickSteps?: number[];
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const CLOCK_STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((days) => days * DAY),
];
const BYTE_STEPS = Array.from({ length: 56 }, (_, power) => 2 ** power);

const same = (format: Unit['format']): Unit => ({ format, tick: format });

export const UNITS = {
  number: same(formatShort),
  count: { format: formatCount, tick: formatShort },
  perSecond: same(formatPerSecond),
  millis: same(formatMillis),
  seconds: { ...same(formatDuration), tickSteps: CLOCK_STEPS },
  bytes: { ...same(formatBytes), tickSteps: BYTE_STEPS },
} satisfies Record<string, Unit>;
