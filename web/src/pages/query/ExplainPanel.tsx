import type { UseQueryResult } from '@tanstack/react-query';
import type { NrqlAnalysis } from '../../api/types';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';

interface Props {
  text: string;
  analysis: UseQueryResult<NrqlAnalysis>;
  /** What is shown is about an earlier text. */
  isBehind: boolean;
}

/** The steps in which the text in the editor would be answered. */
export function ExplainPanel({ text, analysis, isBehind }: Props) {
  return (
    <Panel
      title="Explain"
      note="what the query in the editor would do; nothing is read"
      busy={isBehind && text.trim() !== ''}
    >
      {text.trim() === '' ? (
        <p className="lo">There is no query yet.</p>
      ) : (
        <Loaded query={analysis} skeleton={<Skeleton rows={3} height={16} />}>
          {({ steps }) => <Steps steps={steps} />}
        </Loaded>
      )}
    </Panel>
  );
}

function Steps({ steps }: { steps: string[] }) {
  if (steps.length === 0) {
    return <p className="lo">A query with errors has no steps: they are marked in the editor.</p>;
  }
  return <pre className="steps">{steps.join('\n')}</pre>;
}
