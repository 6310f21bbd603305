import type { Status as StatusWord } from '../api/types';
import { Status } from './Status';

/** The status and the worst reason for it; the others are counted, and all are in the tooltip. */
export function Reasons({ status, reasons }: { status: StatusWord; reasons: string[] }) {
  return (
    <span className="reasons" title={reasons.join('\n')}>
      <Status status={status} />
      {reasons.length > 0 && <span className="lo reason">{reasons[0]}</span>}
      {reasons.length > 1 && <span className="lo">+{reasons.length - 1}</span>}
    </span>
  );
}
