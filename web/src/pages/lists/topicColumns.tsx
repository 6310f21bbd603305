import type { Topic, TopicGroup } from '../../api/types';
import { formatBytes, formatPerSecond } from '../../format/number';
import { formatDuration } from '../../format/time';
import * as column from '../../parts/columns';
import { GroupLink, TopicLink } from '../../parts/EntityLink';
import { LagTime } from '../../parts/Lag';
import { type Column, shownFrom } from '../../parts/Table';

/** A topic as a row: in the list and on its cluster's page. */
export const TOPIC_COLUMNS: Column<Topic>[] = shownFrom<Topic>(
  [
    {
      id: 'topic',
      header: 'Topic',
      field: 'name',
      key: (topic) => topic.topic,
      cell: ({ cluster, topic }) => <TopicLink cluster={cluster} name={topic} className="name" />,
    },
    column.cluster(),
    column.status(),
    {
      id: 'groups',
      header: 'Groups and lag',
      hint: 'The two that are worst off',
      field: 'group_count',
      grows: true,
      key: (topic) => topic.worst_groups[0]?.max_lag_secs ?? null,
      cell: (topic) => <WorstGroups of={topic} />,
    },
    column.figure({
      id: 'partitions',
      header: 'Partitions',
      of: (topic) => topic.partition_count,
      field: 'partition_count',
    }),
    column.figure({
      id: 'replication',
      header: 'Replicas',
      hint: 'Replication factor',
      of: (topic) => topic.replication_factor,
      field: 'replication_factor',
    }),
    column.figure({
      id: 'under',
      header: 'Under-repl.',
      hint: 'Under-replicated partitions',
      of: (topic) => topic.under_replicated_partitions,
      field: 'under_replicated_partitions',
      quietZero: true,
    }),
    column.figure({
      id: 'offline',
      header: 'Offline',
      hint: 'Partitions without a leader',
      of: (topic) => topic.offline_partitions,
      field: 'offline_partitions',
      quietZero: true,
    }),
    column.figure({
      id: 'in',
      header: 'Messages in',
      of: (topic) => topic.messages_in_per_sec,
      format: formatPerSecond,
      why: 'known after two polls',
      field: 'messages_in_per_sec',
    }),
    column.figure({
      id: 'size',
      header: 'Size',
      hint: 'All replicas on disk',
      of: (topic) => topic.size_bytes,
      format: formatBytes,
      field: 'size_bytes',
    }),
    column.figure({
      id: 'retention',
      header: 'Retention',
      of: (topic) => topic.retention_ms,
      format: formatRetention,
      field: 'retention_ms',
    }),
    column.age(),
  ],
  {
    wide: ['replication'],
    desktop: ['retention', 'size'],
    tablet: ['cluster', 'groups', 'partitions', 'in', 'age'],
  },
);

/** Kafka's -1 keeps for ever. */
export function formatRetention(ms: number | null): string {
  return ms === -1 ? 'for ever' : formatDuration(ms === null ? null : ms / 1000);
}

function WorstGroups({ of }: { of: Topic }) {
  const more = of.group_count - of.worst_groups.length;
  if (of.group_count === 0) return <span className="lo">none</span>;
  return (
    <span className="worst-groups">
      {of.worst_groups.map((group) => (
        <OneGroup key={group.group} cluster={of.cluster} of={group} />
      ))}
      {more > 0 && (
        <TopicLink cluster={of.cluster} name={of.topic}>
          +{more}
        </TopicLink>
      )}
    </span>
  );
}

function OneGroup({ cluster, of }: { cluster: string; of: TopicGroup }) {
  return (
    <span data-stale={of.stale}>
      <GroupLink cluster={cluster} name={of.group} className="cut-name" />{' '}
      <LagTime secs={of.max_lag_secs} method={of.lag_secs_method} why="age of the lag unknown" />
    </span>
  );
}
