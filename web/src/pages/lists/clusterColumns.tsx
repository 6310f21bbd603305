import type { Cluster } from '../../api/types';
import { formatBytes, formatPerSecond } from '../../format/number';
import * as column from '../../parts/columns';
import { ClusterLink } from '../../parts/EntityLink';
import { LagTime } from '../../parts/Lag';
import type { Column } from '../../parts/Table';

/** A cluster as a row of the list of all. */
export const CLUSTER_COLUMNS: Column<Cluster>[] = [
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
  column.health(),
  column.text('version', 'Kafka', (cluster) => cluster.kafka_version),
  column.brokers(),
  column.figure({
    id: 'down',
    header: 'Not live',
    hint: 'Brokers that should be there and are not',
    of: (cluster) => cluster.offline_brokers,
    quietZero: true,
  }),
  column.figure({
    id: 'partitions',
    header: 'Partitions',
    of: (cluster) => cluster.partition_count,
  }),
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
    id: 'undermin',
    header: 'Under min ISR',
    of: (cluster) => cluster.under_min_isr_partitions,
    quietZero: true,
  }),
  column.figure({
    id: 'disk',
    header: 'Disk used',
    of: (cluster) => cluster.disk_used_bytes,
    format: formatBytes,
  }),
  {
    id: 'lagtime',
    header: 'Lag time',
    hint: 'Age of the oldest message not yet consumed, in the worst group',
    numeric: true,
    key: (cluster) => cluster.max_lag_secs,
    cell: (cluster) => <LagTime secs={cluster.max_lag_secs} method={cluster.lag_secs_method} />,
  },
  column.figure({
    id: 'in',
    header: 'Messages in',
    of: (cluster) => cluster.messages_in_per_sec,
    format: formatPerSecond,
    why: 'known after two polls',
  }),
  column.age(),
];
