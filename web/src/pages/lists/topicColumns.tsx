import { Link } from '@tanstack/react-router';
import type { Topic } from '../../api/types';
import { formatBytes, formatCount, formatPerSecond } from '../../format/number';
import { formatDuration } from '../../format/time';
import { Age } from '../../parts/Age';
import { Known } from '../../parts/Known';
import { Status, statusRank } from '../../parts/Status';
import type { Column } from '../../parts/Table';

/** A topic as a row: in the list and on its cluster's page. */
export const TOPIC_COLUMNS: Column<Topic>[] = [
  {
    id: 'topic',
    header: 'Topic',
    key: (topic) => topic.topic,
    cell: ({ topic }) => <span className="name">{topic}</span>,
  },
  {
    id: 'cluster',
    header: 'Cluster',
    key: (topic) => topic.cluster,
    cell: ({ cluster }) => (
      <Link to="/clusters/$cluster" params={{ cluster }}>
        {cluster}
      </Link>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    key: (topic) => statusRank(topic.status),
    cell: (topic) => <Status status={topic.status} />,
  },
  figure('partitions', 'Partitions', (topic) => topic.partition_count, formatCount),
  figure(
    'replication',
    'Replicas',
    (topic) => topic.replication_factor,
    formatCount,
    'Replication factor',
  ),
  figure(
    'minisr',
    'Min ISR',
    (topic) => topic.min_insync_replicas,
    formatCount,
    'min.insync.replicas',
  ),
  figure(
    'under',
    'Under-repl.',
    (topic) => topic.under_replicated_partitions,
    formatCount,
    'Under-replicated partitions',
  ),
  figure(
    'offline',
    'Offline',
    (topic) => topic.offline_partitions,
    formatCount,
    'Partitions without a leader',
  ),
  figure('in', 'Messages in', (topic) => topic.messages_in_per_sec, formatPerSecond),
  figure('size', 'Size', (topic) => topic.size_bytes, formatBytes, 'All replicas on disk'),
  figure('retention', 'Retention', (topic) => topic.retention_ms, formatRetention),
  {
    id: 'age',
    header: 'Age',
    hint: 'Since the newest sample',
    numeric: true,
    key: (topic) => topic.age_secs,
    cell: (topic) => <Age of={topic} />,
  },
];

/** Kafka's -1 keeps for ever. */
export function formatRetention(ms: number | null): string {
  return ms === -1 ? 'for ever' : formatDuration(ms === null ? null : ms / 1000);
}

function figure(
  id: string,
  header: string,
  of: (topic: Topic) => number | null,
  format: (value: number | null) => string,
  hint?: string,
): Column<Topic> {
  return {
    id,
    header,
    hint,
    numeric: true,
    key: of,
    cell: (topic) => <Known value={of(topic)}>{format(of(topic))}</Known>,
  };
}
