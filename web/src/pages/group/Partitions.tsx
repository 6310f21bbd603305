import type { GroupDetail, GroupPartition } from '../../api/types';
import { verdictRank } from '../../format/lag';
import { formatCount } from '../../format/number';
import { formatDuration } from '../../format/time';
import * as column from '../../parts/columns';
import { TopicLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { LagTime, Verdict } from '../../parts/Lag';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, shownFrom, Table } from '../../parts/Table';
import { useUrlSort } from '../../parts/useSort';
import { WhyEmpty } from '../../parts/WhyEmpty';

const NEVER_COMMITTED = 'the group never committed here';
const MOST_LAG_FIRST = { column: 'lag', descending: true };

export function Partitions({ group, busy }: { group: GroupDetail; busy: boolean }) {
  const columns = columnsOf(group.cluster);
  const { sort, onSort } = useUrlSort(columns, MOST_LAG_FIRST);
  const note = group.partitions_truncated
    ? `the ${group.partitions.length} with the most lag`
    : `${group.partitions.length}`;
  return (
    <Panel title="Partitions" note={note} busy={busy} flush>
      {group.partitions.length === 0 ? (
        <Empty title="It has neither a commit nor an assignment">
          <WhyEmpty
            of={{ event: 'KafkaConsumerSample', cluster: group.cluster }}
            thing={group.group}
          />
        </Empty>
      ) : (
        <Table
          caption={`Partitions of ${group.group}`}
          columns={columns}
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

function columnsOf(cluster: string): Column<GroupPartition>[] {
  return [
    {
      id: 'topic',
      header: 'Topic',
      key: (partition) => partition.topic,
      cell: (partition) => <TopicLink cluster={cluster} name={partition.topic} className="name" />,
    },
    ...COLUMNS,
  ];
}

const COLUMNS: Column<GroupPartition>[] = shownFrom<GroupPartition>(
  [
    {
      id: 'partition',
      header: 'Partition',
      numeric: true,
      key: (partition) => partition.partition,
      cell: (partition) => partition.partition,
    },
    {
      id: 'verdict',
      header: 'Verdict',
      key: (partition) => verdictRank(partition.lag_status),
      cell: (partition) => <Verdict word={partition.lag_status} />,
    },
    {
      id: 'lagtime',
      header: 'Lag time',
      hint: 'Age of the oldest message not yet consumed',
      numeric: true,
      key: (partition) => partition.lag_secs,
      cell: (partition) => (
        <LagTime
          secs={partition.lag_secs}
          method={partition.lag_secs_method}
          low={partition.lag_secs_low}
          high={partition.lag_secs_high}
          why={partition.lag_messages === null ? NEVER_COMMITTED : undefined}
        />
      ),
    },
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
    column.figure({
      id: 'committed',
      header: 'Committed',
      of: (partition) => partition.committed_offset,
      why: NEVER_COMMITTED,
    }),
    column.figure({
      id: 'end',
      header: 'End',
      hint: 'Offset the next message will get',
      of: (partition) => partition.log_end_offset,
    }),
    column.figure({
      id: 'start',
      header: 'Start',
      hint: 'First offset still in the log',
      of: (partition) => partition.log_start_offset,
    }),
    column.figure({
      id: 'commit',
      header: 'Moved',
      hint: 'Since the committed offset last moved; unknown until Weir sees it move',
      of: (partition) => partition.commit_age_secs,
      format: formatDuration,
    }),
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
    column.figure({
      id: 'loss',
      header: 'Data loss in',
      hint: 'Until retention overtakes the committed offset',
      of: (partition) => partition.secs_to_data_loss,
      format: formatDuration,
      why: 'not in sight',
    }),
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
    column.age(),
  ],
  {
    wide: ['start', 'loss'],
    desktop: ['end', 'commit'],
    tablet: ['committed', 'lost', 'owner', 'age'],
  },
);
