/** How a topic is spread over its partitions. */

import type { Partition } from '../../api/types';
import { isKnown } from '../../format/number';

export interface Balance {
  unit: 'bytes' | 'offsets';
  bars: { partition: number; value: number | null }[];
  largest: number;
  mean: number;
  /** The largest by the mean. */
  skew: number;
}

/** By bytes where they are known, else by the offsets kept; `null` where there is nothing to compare. */
export function balanceOf(partitions: Partition[]): Balance | null {
  const bySize = partitions.some(({ size_bytes: size }) => isKnown(size) && size > 0);
  const held = bySize ? (one: Partition) => one.size_bytes : offsetsKept;
  const bars = [...partitions]
    .sort((a, b) => a.partition - b.partition)
    .map((one) => ({ partition: one.partition, value: held(one) }));
  const known = bars.map(({ value }) => value).filter(isKnown);
  const largest = Math.max(0, ...known);
  if (known.length < 2 || largest === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { unit: bySize ? 'bytes' : 'offsets', bars, largest, mean, skew: largest / mean };
}

function offsetsKept({ log_start_offset: start, log_end_offset: end }: Partition): number | null {
  return isKnown(start) && isKnown(end) ? end - start : null;
}
