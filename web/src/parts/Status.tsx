import type { Status as StatusWord } from '../api/types';

const WORDS: Record<StatusWord, string> = {
  critical: 'Critical',
  warning: 'Warning',
  stale: 'Silent',
  unknown: 'Unknown',
  ok: 'Healthy',
};

/** Worst first. */
const RANKS: Record<StatusWord, number> = { critical: 0, warning: 1, stale: 2, unknown: 3, ok: 4 };

export function statusRank(status: StatusWord): number {
  return RANKS[status];
}

export function statusWord(status: StatusWord): string {
  return WORDS[status];
}

/** What was bad when it was last known, and is repeated: nobody can tell how it is now. */
export function pastWord(of: {
  status: StatusWord;
  stale: boolean;
  health_score: number | null;
}): string | undefined {
  const isBad = of.status === 'critical' || of.status === 'warning';
  const isRepeated = of.stale && of.health_score === null;
  return isBad && isRepeated ? `Was ${statusWord(of.status).toLowerCase()}` : undefined;
}

/** A shape and a word; the colour only repeats them. */
export function Status({ status, word }: { status: StatusWord; word?: string }) {
  return (
    <span className="status" data-status={status}>
      <Glyph status={status} />
      {word ?? WORDS[status]}
    </span>
  );
}

export function Glyph({ status }: { status: StatusWord }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
      className="glyph"
      data-status={status}
    >
      {SHAPES[status]}
    </svg>
  );
}

const STROKE = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
} as const;

const SHAPES: Record<StatusWord, React.ReactNode> = {
  critical: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path
        d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"
        stroke="var(--panel)"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </>
  ),
  warning: (
    <>
      <path d="M8 1.8 15 14H1z" {...STROKE} strokeLinejoin="round" />
      <path d="M8 6.4v3.4m0 2v.1" {...STROKE} />
    </>
  ),
  stale: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="1.5" {...STROKE} />
      <path d="m3 9 6-6M4 14l10-10M9.5 13.5 14 9" {...STROKE} strokeWidth="1.3" />
    </>
  ),
  unknown: <path d="M3 8h10" {...STROKE} strokeWidth="2.2" />,
  ok: (
    <>
      <circle cx="8" cy="8" r="6.4" {...STROKE} />
      <path d="m5.2 8.3 2 2 3.7-4.3" {...STROKE} />
    </>
  ),
};
