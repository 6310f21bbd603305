import { Link } from '@tanstack/react-router';
import type { Cluster } from '../../api/types';
import { Sparkline } from '../../chart/Sparkline';
import { formatBytes, formatCount, formatPerSecond } from '../../format/number';
import { Age } from '../../parts/Age';
import { Known } from '../../parts/Known';
import { Panel } from '../../parts/Panel';
import { Reasons } from '../../parts/Reasons';
import { statusRank } from '../../parts/Status';
import { type Column, Table } from '../../parts/Table';
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

const COLUMNS: Column<Cluster>[] = [
  {
    id: 'cluster',
    header: 'Cluster',
    key: (cluster) => cluster.cluster,
    cell: ({ cluster, environment }) => (
      <>
        <Link to="/clusters/$cluster" params={{ cluster }} className="name">
          {cluster}
        </Link>
        {environment && <span className="lo after">{environment}</span>}
      </>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    grows: true,
    key: (cluster) => statusRank(cluster.status),
    cell: (cluster) => <Reasons status={cluster.status} reasons={cluster.reasons} />,
  },
  figure('brokers', 'Brokers', (cluster) => cluster.broker_count),
  figure('topics', 'Topics', (cluster) => cluster.topic_count),
  figure('groups', 'Groups', (cluster) => cluster.group_count),
  figure(
    'under',
    'Under-repl.',
    (cluster) => cluster.under_replicated_partitions,
    'Under-replicated partitions',
  ),
  figure(
    'offline',
    'Offline',
    (cluster) => cluster.offline_partitions,
    'Partitions without a leader',
  ),
  {
    id: 'in',
    header: 'Messages in',
    hint: BYTES_HINT,
    numeric: true,
    key: (cluster) => cluster.messages_in_per_sec,
    cell: ({ messages_in_per_sec: rate }) => (
      <Known value={rate} why="known after two polls">
        {formatPerSecond(rate)}
      </Known>
    ),
  },
  trend('in-trend', (cluster) => cluster.messages_in_trend),
  {
    id: 'lag',
    header: 'Lag',
    hint: 'Messages, all groups added',
    numeric: true,
    key: (cluster) => cluster.total_lag_messages,
    cell: ({ total_lag_messages: lag }) => (
      <Known value={lag} why="no group has a committed offset">
        {formatCount(lag)}
      </Known>
    ),
  },
  trend('lag-trend', (cluster) => cluster.lag_trend),
  {
    id: 'age',
    header: 'Age',
    hint: 'Since the newest sample',
    numeric: true,
    key: (cluster) => cluster.age_secs,
    cell: (cluster) => <Age of={cluster} />,
  },
];

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

function trend(id: string, of: (cluster: Cluster) => (number | null)[]): Column<Cluster> {
  return {
    id,
    header: 'Trend',
    hint: 'The last hour',
    cell: (cluster) => <Sparkline values={of(cluster)} />,
  };
}

function figure(
  id: string,
  header: string,
  of: (cluster: Cluster) => number | null,
  hint?: string,
): Column<Cluster> {
  return {
    id,
    header,
    hint,
    numeric: true,
    key: of,
    cell: (cluster) => <Known value={of(cluster)}>{formatCount(of(cluster))}</Known>,
  };
}
