import type { ReactNode } from 'react';
import { Sparkline } from '../chart/Sparkline';

interface Props {
  label: string;
  children: ReactNode;
  /** A quiet line that says more about the number. */
  note?: ReactNode;
  trend?: (number | null)[];
  tone?: 'critical' | 'warning';
}

/** One number that is read from across the room. */
export function Tile({ label, children, note, trend, tone }: Props) {
  return (
    <div className="tile panel" data-tone={tone}>
      <dt>{label}</dt>
      <dd className="tile-value">{children}</dd>
      <dd className="tile-foot">
        <span className="tile-note">{note}</span>
        {trend && <Sparkline values={trend} />}
      </dd>
    </div>
  );
}

/** Old knowledge steps back. */
export function Tiles({ stale = false, children }: { stale?: boolean; children: ReactNode }) {
  return (
    <dl className="tiles" data-stale={stale}>
      {children}
    </dl>
  );
}
