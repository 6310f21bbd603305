/** One broker's numbers beside those of the others. */

import type { QueryAnswer } from '../../api/types';
import { isKnown } from '../../format/number';

/** What brokers are compared by, with the attribute it is. */
export const MEASURES = ['leaders', 'latency', 'disk'] as const;
export type Measure = (typeof MEASURES)[number];

export interface BrokerLine {
  id: string;
  values: Record<Measure, (number | null)[]>;
}

/** One line a broker: the one asked about first, then the others by id. */
export function brokerLines(answer: QueryAnswer, id: string): BrokerLine[] {
  const times = [...new Set(answer.results.map((row) => Number(row.beginTimeSeconds)))].sort(
    (a, b) => a - b,
  );
  const lines = new Map<string, BrokerLine>();
  for (const row of answer.results) {
    const name = String(row.facet);
    const line = lines.get(name) ?? { id: name, values: emptyValues(times.length) };
    lines.set(name, line);
    const at = times.indexOf(Number(row.beginTimeSeconds));
    for (const measure of MEASURES) {
      const value = row[measure];
      line.values[measure][at] = typeof value === 'number' ? value : null;
    }
  }
  const others = [...lines.values()].filter((line) => line.id !== id);
  others.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
  const own = lines.get(id);
  return own === undefined ? others : [own, ...others];
}

/** The range all brokers share, so that their lines can be held against each other. */
export function sharedBounds(lines: BrokerLine[], measure: Measure): [number, number] {
  const known = lines.flatMap((line) => line.values[measure]).filter(isKnown);
  return [0, known.reduce((top, value) => Math.max(top, value), 0)];
}

/** Nothing was measured in the newest buckets; the very last may just not be over. */
export function isSilent(values: (number | null)[]): boolean {
  return values.slice(-NEWEST).every((value) => value === null);
}

const NEWEST = 2;

function emptyValues(length: number): BrokerLine['values'] {
  const none = () => Array.from<null>({ length }).fill(null);
  return { leaders: none(), latency: none(), disk: none() };
}
