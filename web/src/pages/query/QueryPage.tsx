import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { RequestError } from '../../api/client';
import { askNrql, useSchema } from '../../api/queries';
import type { QueryDiagnostic } from '../../api/types';
import { recordRun } from '../../console/runHistory';
import { useAnalysis } from '../../console/useAnalysis';
import { PageTitle } from '../../parts/PageTitle';
import { Running } from '../../parts/Running';
import { Examples } from './Examples';
import { ExplainPanel } from './ExplainPanel';
import { QueryProblem } from './QueryProblem';
import { QueryTools } from './QueryTools';
import { Results } from './Results';

const Editor = lazy(() =>
  import('../../console/Editor').then(({ Editor }) => ({ default: Editor })),
);
const NO_FINDINGS: QueryDiagnostic[] = [];

/** NRQL in, a picture out. What was run is in the URL; what is being typed is not. */
export function QueryPage() {
  const { q = '', explain } = useSearch({ from: '/query' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);

  const schema = useSchema().data?.items ?? [];
  const answer = useQuery({
    queryKey: ['console', q],
    queryFn: ({ signal }) => askNrql(q, signal),
    enabled: q !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const run = (nrql = text) => {
    const asked = nrql.trim();
    if (asked === '') return;
    recordRun(asked, Date.now());
    setText(asked);
    if (asked === q) void answer.refetch();
    else void navigate({ to: '/query', search: (old) => ({ ...old, q: asked, view: undefined }) });
  };
  const { analysis, isBehind } = useAnalysis(text);
  const known = isBehind ? null : (analysis.data?.diagnostics ?? NO_FINDINGS);
  const refused = text === q ? findingsOf(answer.error) : NO_FINDINGS;
  return (
    <>
      <PageTitle
        title="Query"
        facts={['SINCE and UNTIL choose the range; an hour when they are missing']}
      />
      <section className="panel console" aria-label="Editor">
        <Suspense fallback={<pre className="editor editor-waiting">{text}</pre>}>
          <Editor
            text={text}
            onText={setText}
            onRun={() => run()}
            findings={refused.length > 0 ? refused : known}
          />
        </Suspense>
        <footer>
          <button
            type="button"
            className="button primary"
            onClick={() => run()}
            disabled={text.trim() === ''}
          >
            Run <kbd aria-hidden="true">{RUN_KEYS}</kbd>
          </button>
          {answer.isFetching && (
            <Running onCancel={() => void client.cancelQueries({ queryKey: ['console', q] })} />
          )}
          <span className="spacer" />
          <QueryTools text={text} schema={schema} onText={setText} onRun={run} />
        </footer>
      </section>
      {explain === 'yes' && <ExplainPanel text={text} analysis={analysis} isBehind={isBehind} />}
      {q === '' && <Examples onPick={run} />}
      {answer.error && <QueryProblem error={answer.error} />}
      {answer.data && !answer.error && <Results answer={answer.data} busy={answer.isFetching} />}
    </>
  );
}

const RUN_KEYS = navigator.platform.startsWith('Mac') ? '⌘⏎' : 'Ctrl ⏎';

function findingsOf(error: Error | null): QueryDiagnostic[] {
  return error instanceof RequestError ? (error.body.diagnostics ?? NO_FINDINGS) : NO_FINDINGS;
}
