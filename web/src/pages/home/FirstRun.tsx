import type { Source } from '../../api/types';
import { sentence } from '../../parts/Loaded';
import { Status } from '../../parts/Status';

const YAML = `sources:
  - kafka:
      name: orders
      bootstrap: [broker1:9092]`;

/** Why Home is empty, and the next step. */
export function FirstRun({ sources }: { sources: Source[] | undefined }) {
  const silent = sources ?? [];
  return silent.length === 0 ? <NoSource /> : <NothingYet sources={silent} />;
}

function NoSource() {
  return (
    <section className="panel first-run">
      <h2>No source is configured</h2>
      <p>Weir watches nothing yet. Name a Kafka cluster in one of two ways:</p>
      <h3>On the command line</h3>
      <pre>
        <code>KAFKA=host:port make run</code>
      </pre>
      <h3>
        In <code>weir.yaml</code>
      </h3>
      <pre>
        <code>{YAML}</code>
      </pre>
      <p className="lo">
        then <code>weir serve --config weir.yaml</code>. This page fills itself with the first
        sample.
      </p>
    </section>
  );
}

function NothingYet({ sources }: { sources: Source[] }) {
  return (
    <section className="panel first-run">
      <h2>
        {sources.some((source) => source.state === 'failing')
          ? 'No data came yet'
          : 'Waiting for the first sample'}
      </h2>
      <ul>
        {sources.map((source) => (
          <li key={source.name}>
            <p className="source-line">
              <Status
                status={
                  source.state === 'failing'
                    ? 'critical'
                    : source.state === 'partial'
                      ? 'warning'
                      : 'unknown'
                }
                word={sentence(source.state)}
              />
              <b>{source.name}</b>
              <span className="lo">{source.target}</span>
            </p>
            {source.last_error && <pre>{source.last_error}</pre>}
          </li>
        ))}
      </ul>
      <p className="lo">
        <code>weir sources test</code> tries each of them step by step.
      </p>
    </section>
  );
}
