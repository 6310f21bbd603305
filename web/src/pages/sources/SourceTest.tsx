import { useQuery, useQueryClient } from '@tanstack/react-query';
import { testSource } from '../../api/queries';
import type { SourceTestStep, SourceTest as Test } from '../../api/types';
import { formatMillis } from '../../format/number';
import { formatInstant } from '../../format/time';
import { ErrorNote, sentence } from '../../parts/Loaded';
import { Marked } from '../../parts/Marked';
import { Running } from '../../parts/Running';
import { Status } from '../../parts/Status';
import { useView } from '../../url/useView';

/** Tries the source out from the server, when told: the steps of `weir sources test`. */
export function SourceTest({ source }: { source: string }) {
  const client = useQueryClient();
  const { view } = useView();
  const queryKey = ['source-test', source];
  const test = useQuery({
    queryKey,
    queryFn: ({ signal }) => testSource(source, signal),
    // A button starts it: it asks the cluster for more than a page may.
    enabled: false,
  });
  return (
    <div className="source-test">
      <p>
        <button
          type="button"
          className="button"
          onClick={() => void test.refetch()}
          disabled={test.isFetching}
        >
          {test.isFetching ? `Testing ${source}…` : `Test ${source}`}
        </button>{' '}
        {test.isFetching && <Running onCancel={() => void client.cancelQueries({ queryKey })} />}
        <span className="lo">
          tries name, connection, sign-in and each right, one after the other, as{' '}
          <code>weir sources test</code> does
        </span>
      </p>
      {test.error && !test.isFetching && <ErrorNote error={test.error} />}
      {test.data && !test.error && (
        <>
          <p>
            {outcome(test.data)}, {formatInstant(test.dataUpdatedAt, view.timeZone)}
          </p>
          <Steps source={source} steps={test.data.steps} />
        </>
      )}
    </div>
  );
}

function outcome({ ok, steps }: Test): string {
  const failed = steps.find((step) => !step.ok);
  return ok ? 'Every step passed' : `It fails at “${failed?.name}”`;
}

function Steps({ source, steps }: { source: string; steps: SourceTestStep[] }) {
  return (
    <ol className="test-steps" aria-label={`Steps of the test of ${source}`}>
      {steps.map((step) => (
        <Step key={step.name} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { step: SourceTestStep }) {
  return (
    <li data-ok={step.ok}>
      <Status status={step.ok ? 'ok' : 'critical'} word={step.ok ? 'Passed' : 'Failed'} />
      <b>{step.name}</b>
      <span className="lo">{step.took_ms > 0 && formatMillis(step.took_ms)}</span>
      <span>
        <Marked text={sentence(step.detail)} />
      </span>
      {step.next_step && (
        <p>
          <b>Next:</b> <Marked text={step.next_step} />
        </p>
      )}
    </li>
  );
}
