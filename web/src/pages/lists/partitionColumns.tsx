import type { Partition, Status as StatusWord } from '../../api/types';
import { formatBytes } from '../../format/number';
import * as column from '../../parts/columns';
import { BrokerLink, TopicLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { Status } from '../../parts/Status';
import type { Column } from '../../parts/Table';

const WORDS: Record<string, string> = {
  OFFLINE: 'Offline',
  UNDER_MIN_ISR: 'Under min ISR',
  UNDER_REPLICATED: 'Under-replicated',
};
const RANKS: StatusWord[] = ['critical', 'warning', 'stale', 'unknown', 'ok'];

/** A partition that is not well, as a row. */
export const PARTITION_COLUMNS: Column<Partition>[] = [
  {
    id: 'topic',
    header: 'Topic',
    key: (partition) => partition.topic,
    cell: ({ cluster, topic }) => <TopicLink cluster={cluster} name={topic} className="name" />,
  },
  {
    id: 'partition',
    header: 'Partition',
    numeric: true,
    key: (partition) => partition.partition,
    cell: (partition) => partition.partition,
  },
  {
    id: 'status',
    header: 'Status',
    grows: true,
    key: (partition) => RANKS.indexOf(partition.status),
    cell: ({ status, partition_status: word }) => (
      <Status status={status} word={WORDS[word ?? ''] ?? undefined} />
    ),
  },
  {
    id: 'leader',
    header: 'Leader',
    key: (partition) => partition.leader,
    cell: ({ cluster, leader }) => (
      <Known value={leader} why="it has no leader">
        <BrokerLink cluster={cluster} name={leader ?? ''}>
          broker {leader}
        </BrokerLink>
      </Known>
    ),
  },
  {
    id: 'isr',
    header: 'In sync',
    hint: 'In-sync replicas of all replicas',
    numeric: true,
    key: (partition) => partition.isr_count,
    cell: ({ isr_count: inSync, replica_count: all }) => (
      <Known value={inSync}>
        {inSync} of {all ?? '?'}
      </Known>
    ),
  },
  column.figure({
    id: 'start',
    header: 'Start',
    hint: 'First offset still in the log',
    of: (partition) => partition.log_start_offset,
  }),
  column.figure({
    id: 'end',
    header: 'End',
    hint: 'Offset the next message will get',
    of: (partition) => partition.log_end_offset,
  }),
  column.figure({
    id: 'size',
    header: 'Size',
    hint: "Of the leader's log",
    of: (partition) => partition.size_bytes,
    format: formatBytes,
  }),
  column.age(),
];
