import { useState } from 'react';
import type { TopicDetail, TopicGroupDetail } from '../../api/types';
import { catchUpShort, verdictRank } from '../../format/lag';
import { formatCount } from '../../format/number';
import { formatDuration } from '../../format/time';
import * as column from '../../parts/columns';
import { GroupLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { LagTime, Verdict } from '../../parts/Lag';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { type Column, Table } from '../../parts/Table';
import { WhyEmpty } from '../../parts/WhyEmpty';
import { NO_COMMIT } from '../lists/groupColumns';

/** Who reads the topic, and how far behind they are on it. */
export function TopicGroups({ topic }: { topic: TopicDetail }) {
  const [sort, setSort] = useState({ column: 'lagtime', descending: true });
  const { cluster, groups } = topic;
  return (
    <Panel title="Groups" note={groups.length > 0 && formatCount(groups.length)} flush>
      {groups.length === 0 ? (
        <Empty title="No group has a commit or an assignment here">
          <WhyEmpty of={{ event: 'KafkaConsumerSample', cluster }} thing={topic.topic} />
        </Empty>
      ) : (
        <Table
          caption={`Groups that read ${topic.topic}`}
          columns={columns(cluster)}
          rows={groups}
          rowKey={({ group }) => group}
          sort={sort}
          onSort={setSort}
          isStale={({ stale }) => stale}
        />
      )}
    </Panel>
  );
}

function columns(cluster: string): Column<TopicGroupDetail>[] {
  return [
    {
      id: 'group',
      header: 'Group',
      grows: true,
      key: ({ group }) => group,
      cell: ({ group }) => <GroupLink cluster={cluster} name={group} className="name" />,
    },
    {
      id: 'verdict',
      header: 'Verdict',
      hint: 'The worst of its partitions here',
      key: (group) => verdictRank(group.lag_status),
      cell: (group) => <Verdict word={group.lag_status} />,
    },
    {
      id: 'state',
      header: 'State',
      key: ({ state }) => state,
      cell: ({ state }) => <Known value={state}>{state}</Known>,
    },
    column.figure({ id: 'members', header: 'Members', of: (group) => group.member_count }),
    column.figure({
      id: 'partitions',
      header: 'Partitions',
      hint: 'With a commit or an assignment here',
      of: (group) => group.partition_count,
    }),
    {
      id: 'lagtime',
      header: 'Lag time',
      hint: 'Age of the oldest message not yet consumed here',
      numeric: true,
      key: (group) => group.max_lag_secs,
      cell: (group) => <LagTime secs={group.max_lag_secs} method={group.lag_secs_method} />,
    },
    column.figure({
      id: 'lag',
      header: 'Lag',
      hint: 'Messages, partitions here added',
      of: (group) => group.lag_messages,
      why: NO_COMMIT,
      quietZero: true,
    }),
    column.trend('trend', 'Trend of the group', (group) => group.lag_trend),
    {
      id: 'catchup',
      header: 'Catch-up',
      hint: 'Of the whole group, at the present rates',
      numeric: true,
      key: (group) => group.secs_to_catch_up,
      cell: (group) => <CatchUp of={group} />,
    },
    column.figure({
      id: 'lost',
      header: 'Lost',
      hint: 'Messages deleted by retention before they were consumed',
      of: (group) => group.messages_lost,
      quietZero: true,
    }),
    column.figure({
      id: 'loss',
      header: 'Data loss in',
      hint: 'Until retention overtakes the first partition here',
      of: (group) => group.secs_to_data_loss,
      format: formatDuration,
      why: 'not in sight',
    }),
  ];
}

function CatchUp({ of }: { of: TopicGroupDetail }) {
  const told = catchUpShort({ ...of, total_lag_messages: of.lag_messages });
  return (
    <Known value={told} why="the lag does not shrink, or too few polls were made">
      <span className={of.secs_to_catch_up === null ? 'zero' : undefined}>{told}</span>
    </Known>
  );
}
