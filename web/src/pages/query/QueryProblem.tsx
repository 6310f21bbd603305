import { RequestError } from '../../api/client';
import { ErrorNote } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';

/** What is wrong with the query, in the words and with the caret the terminal has. */
export function QueryProblem({ error }: { error: Error }) {
  const findings = error instanceof RequestError ? (error.body.diagnostics ?? []) : [];
  if (findings.length === 0) {
    return (
      <Panel title="No answer">
        <ErrorNote error={error} />
      </Panel>
    );
  }
  return (
    <Panel title="The query can't be read" note={findings[0]?.code}>
      <div role="alert">
        {findings.map((finding) => (
          <pre
            className="finding"
            data-severity={finding.severity}
            key={`${finding.offset} ${finding.code}`}
          >
            {finding.rendered}
          </pre>
        ))}
      </div>
    </Panel>
  );
}
