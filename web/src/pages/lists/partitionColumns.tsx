import type { Partition, Status as StatusWord } from '../../api/types';
import { formatBytes } from '../../format/number';
import * as column from '../../parts/columns';
import { BrokerLink, TopicLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { Status } from '../../parts/Status';
import { type Column, shownFrom } from '../../parts/Table';

const WORDS: Record<string, string> = {
  OK: 'In sync',
  OFFLINE: 'Offline',
  UNDER_MIN_ISR: 'Under min ISR',
  UNDER_REPLICATED: 'Under-replicated',
};
const RANKS: StatusWord[] = ['critical', 'warning', 'stale', 'unknown', 'ok'];

/** The replicas that are missing from the in-sync ones; `null` where the source names none. */
export function outOfSync({ replicas, isr }: Pick<Partition, 'replicas' | 'isr'>): string[] | null {
  if (replicas === null || isr === null) return null;
  return replicas.filter((id) => !isr.includes(id));
}

/** A partition as a row. */
export const PARTITION_COLUMNS: Column<Partition>[] = shownFrom<Partition>(
  [
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
        <Status status={status} word={status === 'stale' ? undefined : WORDS[word ?? '']} />
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
    {
      id: 'out',
      header: 'Out of sync',
      hint: 'Brokers whose replica is not in sync',
      key: (partition) => outOfSync(partition)?.length ?? null,
      cell: (partition) => <Out of={partition} />,
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
  ],
  { desktop: ['start', 'end'], tablet: ['leader', 'size', 'age'] },
);

function Out({ of }: { of: Partition }) {
  const out = outOfSync(of);
  if (out?.length === 0) return <span className="zero">none</span>;
  return (
    <Known value={out} why="the source tells how many, and not which">
      {out?.map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <BrokerLink cluster={of.cluster} name={id}>
            broker {id}
          </BrokerLink>
        </span>
      ))}
    </Known>
  );
}
