import { bracketText, knownLagSecs, verdictWords } from '../format/lag';
import { formatAgeKnown, formatDuration } from '../format/time';
import { Known } from './Known';
import { Status } from './Status';

interface LagTimeProps {
  secs: number | null;
  method: string | null;
  low?: number | null;
  high?: number | null;
  why?: string;
}

/** Age of the oldest unread message: `≥` and `≈` say how it is known, the tooltip within what. */
export function LagTime({ secs, method, low, high, why }: LagTimeProps) {
  const known = knownLagSecs(secs, method);
  return (
    <Known value={known} why={known === secs ? why : 'nothing tells since when it is behind'}>
      <span
        className={secs === 0 ? 'zero' : undefined}
        title={secs === 0 ? undefined : bracketText(method, low, high)}
      >
        {secs === 0 ? formatDuration(0) : formatAgeKnown(secs, method)}
      </span>
    </Known>
  );
}

/** Burrow's word for how a group or a partition does, its meaning in the tooltip. */
export function Verdict({ word }: { word: string | null }) {
  const known = word === null ? null : verdictWords(word);
  return (
    <Known value={word} why="not judged yet: a verdict takes ten polls">
      <span title={known?.sentence}>
        <Status status={known?.status ?? 'unknown'} word={word ?? ''} />
      </span>
    </Known>
  );
}
