import type { Capability, Status as StatusWord } from '../../api/types';
import { Known } from '../../parts/Known';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { Status } from '../../parts/Status';
import { type Column, Table } from '../../parts/Table';
import { WhyAnswer } from '../../parts/WhyEmpty';
import { BeyondProtocol } from '../broker/BeyondProtocol';
import { GIVES, STATES } from './capability';

const WORST_FIRST = { column: 'state', descending: false };

/** What the cluster lets Weir know, with the right that is missing and what it would complete. */
export function Capabilities({ of, cluster }: { of: Capability[]; cluster: string }) {
  return (
    <>
      <Panel title="What this source can know" note="as last asked" flush>
        {of.length === 0 ? (
          <Empty title="Nothing has been asked yet">
            <WhyAnswer of={{ event: 'KafkaClusterSample', cluster }} />
          </Empty>
        ) : (
          <Table
            caption="Capabilities"
            columns={COLUMNS}
            rows={of}
            rowKey={({ source, question }) => `${source}/${question}`}
            sort={WORST_FIRST}
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

const ORDER: StatusWord[] = ['critical', 'warning', 'stale', 'unknown', 'ok'];

function stateOf(state: string) {
  return STATES[state] ?? { status: 'unknown' as const, word: state };
}
