import { Link } from '@tanstack/react-router';
import { useCapabilities } from '../../api/queries';
import type { Capability, Source } from '../../api/types';
import { counted, formatCount, formatMillis, isKnown } from '../../format/number';
import { withoutRepeats } from '../../format/reasons';
import { formatDuration, formatInstant } from '../../format/time';
import { Figure, Figures } from '../../parts/Figures';
import { Known } from '../../parts/Known';
import { sentence } from '../../parts/Loaded';
import { Marked } from '../../parts/Marked';
import { Panel } from '../../parts/Panel';
import { Status } from '../../parts/Status';
import { useView } from '../../url/useView';
import { STATES } from '../cluster/capability';
import { SourceTest } from './SourceTest';
import { sourceState } from './sourceState';

/** One source: does it answer, what is missing, and what to run to find out more. */
export function SourceCard({ source, seen }: { source: Source; seen: boolean }) {
  const { status, word, sentence: told } = sourceState(source);
  return (
    <Panel
      title={source.name}
      note={<Status status={status} word={word} />}
      actions={seen && <OpenCluster cluster={source.cluster} />}
    >
      <div className="source">
        <p>{told}</p>
        {source.last_error && (
          <pre className="source-error">
            <Marked text={sentence(withoutRepeats(source.last_error))} />
          </pre>
        )}
        <Missing source={source} />
        <SourceFigures source={source} />
        <SourceTest source={source.name} />
      </div>
    </Panel>
  );
}

function OpenCluster({ cluster }: { cluster: string }) {
  return (
    <Link to="/clusters/$cluster" params={{ cluster }} className="quiet-link">
      Open cluster {cluster}
    </Link>
  );
}

/** The questions that are not answered in full, with the right that would answer them. */
function Missing({ source }: { source: Source }) {
  const { cluster, last_error: error } = source;
  const all = useCapabilities(cluster).data?.items ?? [];
  const missing = all.filter(({ source: of, state }) => of === source.name && state !== 'ok');
  // What already stands above need not be said twice.
  const others = missing.filter(({ detail }) => !(detail && error?.includes(detail)));
  // Of a source that fails nothing is answered now, whatever was before.
  if (all.length === 0 || source.state === 'failing') return null;
  if (missing.length === 0) {
    return (
      <p className="lo">
        All {counted(all.length, 'question')} it asks are answered.{' '}
        <Link to="/clusters/$cluster" params={{ cluster }} search={{ tab: 'capabilities' }}>
          Capabilities
        </Link>
      </p>
    );
  }
  if (others.length === 0) return null;
  return (
    <ul className="missing">
      {others.map((it) => (
        <MissingOne key={it.question} of={it} />
      ))}
    </ul>
  );
}

function MissingOne({ of }: { of: Capability }) {
  const state = STATES[of.state];
  return (
    <li>
      <Status status={state?.status ?? 'unknown'} word={state?.word ?? of.state} />
      <b>{of.question}</b>
      {of.detail && <span className="lo">{of.detail}</span>}
    </li>
  );
}

function SourceFigures({ source }: { source: Source }) {
  const { view } = useView();
  const at = source.last_success_at_ms;
  return (
    <Figures>
      <Figure label="Kind">{source.kind}</Figure>
      <Figure label="Talks to">
        <span className="mono">{source.target}</span>
      </Figure>
      <Figure label="Every">{formatDuration(source.interval_secs)}</Figure>
      <Figure label="Last success">
        <Known value={at} why="it never answered">
          {isKnown(at) && formatInstant(at, view.timeZone)}
        </Known>
      </Figure>
      <Figure label="Last cycle">
        <Known value={source.last_cycle_ms} why="no cycle has ended">
          {formatMillis(source.last_cycle_ms)}
        </Known>
      </Figure>
      <Figure label="Answered">
        <Known value={source.completeness} why="no cycle has ended">
          {formatCount((source.completeness ?? 0) * 100)} %
        </Known>
      </Figure>
      <Figure label="Events a cycle">{formatCount(source.last_events_count)}</Figure>
      <Figure label="Cycles">{formatCount(source.cycles_total)}</Figure>
      <Figure label="Failed" tone={source.failed_cycles_total > 0 ? 'warning' : undefined}>
        {formatCount(source.failed_cycles_total)}
      </Figure>
      <Figure label="Requests">{formatCount(source.requests_total)}</Figure>
    </Figures>
  );
}
