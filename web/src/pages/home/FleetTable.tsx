import type { Cluster } from '../../api/types';
import { formatBytes, formatPerSecond } from '../../format/number';
import * as column from '../../parts/columns';
import { ClusterLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { LagTime } from '../../parts/Lag';
import { Panel } from '../../parts/Panel';
import { type Column, shownFrom, Table } from '../../parts/Table';
import { useUrlSort } from '../../parts/useSort';

const BYTES_HINT =
  'Bytes are not reported by this source: the Kafka protocol counts messages. Metrics of the brokers (JMX) would add bytes.';
const WORST_FIRST = { column: 'status', descending: false };

interface Props {
  clusters: Cluster[];
  truncated: boolean;
  busy: boolean;
}

export function FleetTable({ clusters, truncated, busy }: Props) {
  const bytesKnown = clusters.some((cluster) => cluster.bytes_in_per_sec !== null);
  const columns = bytesKnown ? withBytes(COLUMNS) : COLUMNS;
  const { sort, onSort } = useUrlSort(columns, WORST_FIRST);
  return (
    <Panel
      title="Clusters"
      note={truncated ? `the first ${clusters.length}` : undefined}
      busy={busy}
      flush
      actions={<ListKeys />}
    >
      <Table
        caption="Clusters, worst first"
        columns={columns}
        rows={clusters}
        rowKey={(cluster) => cluster.cluster}
        sort={sort}
        onSort={onSort}
        isStale={(cluster) => cluster.stale}
      />
      {!bytesKnown && (
        <p className="foot">
          Throughput is in messages: the Kafka protocol does not tell bytes per second. Metrics of
          the brokers (JMX) would add them.
        </p>
      )}
    </Panel>
  );
}

function ListKeys() {
  return (
    <span className="lo keys" aria-hidden="true">
      <kbd>j</kbd> <kbd>k</kbd> move · <kbd>⏎</kbd> open
    </span>
  );
}

const COLUMNS: Column<Cluster>[] = shownFrom<Cluster>(
  [
    {
      id: 'cluster',
      header: 'Cluster',
      key: (cluster) => cluster.cluster,
      cell: ({ cluster, environment }) => (
        <>
          <ClusterLink cluster={cluster} className="name" />
          {environment && <span className="lo after">{environment}</span>}
        </>
      ),
    },
    column.statusAndReasons(),
    column.brokers(),
    column.figure({ id: 'topics', header: 'Topics', of: (cluster) => cluster.topic_count }),
    column.figure({ id: 'groups', header: 'Groups', of: (cluster) => cluster.group_count }),
    column.figure({
      id: 'under',
      header: 'Under-repl.',
      hint: 'Under-replicated partitions',
      of: (cluster) => cluster.under_replicated_partitions,
      quietZero: true,
    }),
    column.figure({
      id: 'offline',
      header: 'Offline',
      hint: 'Partitions without a leader',
      of: (cluster) => cluster.offline_partitions,
      quietZero: true,
    }),
    column.figure({
      id: 'in',
      header: 'Messages in',
      hint: BYTES_HINT,
      of: (cluster) => cluster.messages_in_per_sec,
      format: formatPerSecond,
      why: 'known after two polls',
    }),
    column.trend('in-trend', 'Trend', (cluster) => cluster.messages_in_trend),
    {
      id: 'lagtime',
      header: 'Lag time',
      hint: 'Age of the oldest message not yet consumed, in the worst group',
      numeric: true,
      key: (cluster) => cluster.max_lag_secs,
      cell: (cluster) => <LagTime secs={cluster.max_lag_secs} method={cluster.lag_secs_method} />,
    },
    column.figure({
      id: 'lag',
      header: 'Lag',
      hint: 'Messages, all groups added',
      of: (cluster) => cluster.total_lag_messages,
      why: 'no group has a committed offset',
    }),
    column.trend('lag-trend', 'Trend', (cluster) => cluster.lag_trend),
    column.age(),
  ],
  {
    wide: ['in-trend'],
    desktop: ['topics', 'groups', 'lag-trend', 'in'],
    tablet: ['brokers', 'under', 'lag', 'age'],
  },
);

const BYTES_IN: Column<Cluster> = {
  id: 'bytes',
  header: 'Bytes in',
  numeric: true,
  key: (cluster) => cluster.bytes_in_per_sec,
  cell: ({ bytes_in_per_sec: bytes }) => <Known value={bytes}>{formatBytes(bytes)}/s</Known>,
};

/** Bytes stand before messages where some source reports them. */
function withBytes(columns: Column<Cluster>[]): Column<Cluster>[] {
  const at = columns.findIndex((column) => column.id === 'in');
  return columns.toSpliced(at, 0, BYTES_IN);
}
