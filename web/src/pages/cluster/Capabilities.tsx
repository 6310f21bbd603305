import type { Capability, Status as StatusWord } from '../../api/types';
import { formatInstant } from '../../format/time';
import { Known } from '../../parts/Known';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { Status } from '../../parts/Status';
import { type Column, Table } from '../../parts/Table';
import { WhyAnswer } from '../../parts/WhyEmpty';
import { useView } from '../../url/useView';
import { BeyondProtocol } from '../broker/BeyondProtocol';
import { GIVES, STATES } from './capability';

const WORST_FIRST = { column: 'state', descending: false };

interface Props {
  of: Capability[];
  cluster: string;
  /** Since when the cluster gives no answer at all, in epoch milliseconds; `null` when it does. */
  unaskedSinceMs: number | null;
}

/** What the cluster lets Weir know, with the right that is missing and what it would complete. */
export function Capabilities({ of, cluster, unaskedSinceMs }: Props) {
  const { view } = useView();
  const note =
    unaskedSinceMs === null
      ? 'as last asked'
      : `not asked since ${formatInstant(unaskedSinceMs, view.timeZone)}`;
  return (
    <>
      <Panel title="What this source can know" note={note} flush>
        {of.length === 0 ? (
          <Empty title="Nothing has been asked yet">
            <WhyAnswer of={{ event: 'KafkaClusterSample', cluster }} />
          </Empty>
        ) : (
          <Table
            caption="Capabilities"
            columns={unaskedSinceMs === null ? COLUMNS : OLD_COLUMNS}
            rows={of}
            rowKey={({ source, question }) => `${source}/${question}`}
            sort={WORST_FIRST}
            isStale={() => unaskedSinceMs !== null}
          />
        )}
      </Panel>
      <BeyondProtocol cluster={cluster} />
    </>
  );
}

const COLUMNS: Column<Capability>[] = [
  {
    id: 'question',
    header: 'Asked for',
    cell: ({ question }) => <span className="name">{question}</span>,
  },
  {
    id: 'state',
    header: 'Answer',
    key: ({ state }) => ORDER.indexOf(stateOf(state).status),
    cell: ({ state }) => <Status {...stateOf(state)} />,
  },
  {
    id: 'detail',
    header: 'Missing right, or reason',
    grows: true,
    cell: ({ state, detail }) =>
      state === 'ok' ? (
        <span className="lo">nothing is missing</span>
      ) : (
        <Known value={detail}>
          <span className="wrap">{detail}</span>
        </Known>
      ),
  },
  {
    id: 'gives',
    header: 'Gives',
    cell: ({ question }) => <span className="lo">{GIVES[question] ?? ''}</span>,
  },
  { id: 'source', header: 'Source', cell: ({ source }) => source },
];

/** What was answered once is not green while nothing is. */
const OLD_COLUMNS = COLUMNS.map((column) =>
  column.id === 'state'
    ? {
        ...column,
        cell: ({ state }: Capability) =>
          state === 'ok' ? (
            <Status status="stale" word="Answered then" />
          ) : (
            <Status {...stateOf(state)} />
          ),
      }
    : column,
);

const ORDER: StatusWord[] = ['critical', 'warning', 'stale', 'unknown', 'ok'];

function stateOf(state: string) {
  return STATES[state] ?? { status: 'unknown' as const, word: state };
}
