import type { GroupDetail, GroupPartition } from '../../api/types';
import { formatCount } from '../../format/number';
import { formatAgeKnown } from '../../format/time';
import { Age } from '../../parts/Age';
import { Known } from '../../parts/Known';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { useUrlSort } from '../../parts/useSort';

const NEVER_COMMITTED = 'the group never committed here';
const MOST_LAG_FIRST = { column: 'lag', descending: true };

export function Partitions({ group, busy }: { group: GroupDetail; busy: boolean }) {
  const { sort, onSort } = useUrlSort(COLUMNS, MOST_LAG_FIRST);
  const note = group.partitions_truncated
    ? `the ${group.partitions.length} with the most lag`
    : `${group.partitions.length}`;
  return (
    <Panel title="Partitions" note={note} busy={busy} flush>
      {group.partitions.length === 0 ? (
        <Empty title="No partitions">
          <p>
            The group has neither a commit nor an assignment, or the source may not read its
            offsets.
          </p>
        </Empty>
      ) : (
        <Table
          caption={`Partitions of ${group.group}`}
          columns={COLUMNS}
          rows={group.partitions}
          rowKey={(partition) => `${partition.topic}/${partition.partition}`}
          sort={sort}
          onSort={onSort}
          isStale={(partition) => partition.stale}
        />
      )}
    </Panel>
  );
}

const COLUMNS: Column<GroupPartition>[] = [
  {
    id: 'topic',
    header: 'Topic',
    key: (partition) => partition.topic,
    cell: (partition) => <span className="name">{partition.topic}</span>,
  },
  {
    id: 'partition',
    header: 'Partition',
    numeric: true,
    key: (partition) => partition.partition,
    cell: (partition) => partition.partition,
  },
  offset('committed', 'Committed', (partition) => partition.committed_offset, NEVER_COMMITTED),
  offset(
    'end',
    'End',
    (partition) => partition.log_end_offset,
    undefined,
    'Offset the next message will get',
  ),
  offset(
    'start',
    'Start',
    (partition) => partition.log_start_offset,
    undefined,
    'First offset still in the log',
  ),
  {
    id: 'lag',
    header: 'Lag',
    hint: 'Messages',
    numeric: true,
    key: (partition) => partition.lag_messages,
    cell: ({ lag_messages: lag }) => (
      <Known value={lag} why={NEVER_COMMITTED}>
        <b className={lag === 0 ? 'zero' : undefined}>{formatCount(lag)}</b>
      </Known>
    ),
  },
  {
    id: 'lagtime',
    header: 'Lag time',
    hint: 'Age of the oldest message not yet consumed',
    numeric: true,
    key: (partition) => partition.lag_secs,
    cell: (partition) => (
      <Known value={partition.lag_secs}>
        {formatAgeKnown(partition.lag_secs, partition.lag_secs_method)}
      </Known>
    ),
  },
  {
    id: 'lost',
    header: 'Lost',
    hint: 'Messages deleted by retention before they were consumed',
    numeric: true,
    key: (partition) => partition.messages_lost,
    cell: ({ messages_lost: lost }) => (
      <Known value={lost}>
        <span className={lost ? 'warn-text' : 'zero'}>{formatCount(lost)}</span>
      </Known>
    ),
  },
  {
    id: 'owner',
    header: 'Owner',
    key: (partition) => partition.client_id,
    cell: (partition) => (
      <Known value={partition.client_id ?? partition.member_id} why="assigned to no member">
        <span className="mono" title={partition.member_id ?? undefined}>
          {partition.client_id ?? partition.member_id}
          {partition.client_host && <span className="lo"> {partition.client_host}</span>}
        </span>
      </Known>
    ),
  },
  {
    id: 'age',
    header: 'Age',
    hint: 'Since the newest sample',
    numeric: true,
    key: (partition) => partition.age_secs,
    cell: (partition) => <Age of={partition} />,
  },
];

function offset(
  id: string,
  header: string,
  of: (partition: GroupPartition) => number | null,
  why?: string,
  hint?: string,
): Column<GroupPartition> {
  return {
    id,
    header,
    hint,
    numeric: true,
    key: of,
    cell: (partition) => (
      <Known value={of(partition)} why={why}>
        {formatCount(of(partition))}
      </Known>
    ),
  };
}
