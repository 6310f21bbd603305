import type { Freshness, Health, Status as StatusWord } from '../api/types';
import { pastWord, Status } from './Status';

interface Judged extends Pick<Freshness, 'stale'>, Pick<Health, 'health_score'> {
  status: StatusWord;
  reasons: string[];
}

/** The status and the worst reason for it; the others are counted, and all are in the tooltip. */
export function Reasons({ of }: { of: Judged }) {
  const { status, reasons } = of;
  return (
    <span className="reasons" title={reasons.join('\n')}>
      <Status status={status} word={pastWord(of)} />
      {reasons.length > 0 && <span className="lo reason">{reasons[0]}</span>}
      {reasons.length > 1 && <span className="lo">+{reasons.length - 1}</span>}
    </span>
  );
}
