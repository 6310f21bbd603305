import type { ReactNode } from 'react';
import { UNKNOWN } from '../format/number';

const WHY = 'not reported by this source';

/** The value, or a dash that says why there is none. A dash is never a zero. */
export function Known({
  value,
  why = WHY,
  children,
}: {
  value: unknown;
  why?: string;
  children: ReactNode;
}) {
  if (value !== null && value !== undefined) return children;
  return (
    <span className="unknown" title={why}>
      <span aria-hidden="true">{UNKNOWN}</span>
      <span className="hidden">unknown: {why}</span>
    </span>
  );
}
