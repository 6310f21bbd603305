import { Link } from '@tanstack/react-router';
import type { Group } from '../../api/types';
import { Sparkline } from '../../chart/Sparkline';
import { formatCount } from '../../format/number';
import { formatAgeKnown } from '../../format/time';
import { Age } from '../../parts/Age';
import { Known } from '../../parts/Known';
import { Reasons } from '../../parts/Reasons';
import { statusRank } from '../../parts/Status';
import type { Column } from '../../parts/Table';

/** A consumer group as a row: on Home, in the list, and on its cluster's page. */
export const GROUP_COLUMNS: Column<Group>[] = [
  {
    id: 'group',
    header: 'Group',
    key: (group) => group.group,
    cell: ({ cluster, group }) => (
      <Link to="/clusters/$cluster/groups/$group" params={{ cluster, group }} className="name">
        {group}
      </Link>
    ),
  },
  {
    id: 'cluster',
    header: 'Cluster',
    key: (group) => group.cluster,
    cell: ({ cluster }) => (
      <Link to="/clusters/$cluster" params={{ cluster }}>
        {cluster}
      </Link>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    grows: true,
    key: (group) => statusRank(group.status),
    cell: (group) => <Reasons status={group.status} reasons={group.reasons} />,
  },
  {
    id: 'state',
    header: 'State',
    key: (group) => group.state,
    cell: ({ state, group_type: type }) => (
      <Known value={state}>
        {state} {type && <span className="lo">{type}</span>}
      </Known>
    ),
  },
  {
    id: 'members',
    header: 'Members',
    numeric: true,
    key: (group) => group.member_count,
    cell: (group) => <Known value={group.member_count}>{formatCount(group.member_count)}</Known>,
  },
  {
    id: 'topics',
    header: 'Topics',
    numeric: true,
    key: (group) => group.topic_count,
    cell: (group) => <Known value={group.topic_count}>{formatCount(group.topic_count)}</Known>,
  },
  {
    id: 'lag',
    header: 'Total lag',
    hint: 'Messages, all partitions added',
    numeric: true,
    key: (group) => group.total_lag_messages,
    cell: (group) => (
      <Known value={group.total_lag_messages} why="no partition has a committed offset">
        {formatCount(group.total_lag_messages)}
      </Known>
    ),
  },
  {
    id: 'trend',
    header: 'Trend',
    hint: 'The last hour',
    cell: (group) => <Sparkline values={group.lag_trend} />,
  },
  {
    id: 'maxlag',
    header: 'Max lag',
    hint: 'Messages, the worst partition',
    numeric: true,
    key: (group) => group.max_lag_messages,
    cell: (group) => (
      <Known value={group.max_lag_messages} why="no partition has a committed offset">
        {formatCount(group.max_lag_messages)}
      </Known>
    ),
  },
  {
    id: 'lagtime',
    header: 'Lag time',
    hint: 'Age of the oldest message not yet consumed',
    numeric: true,
    key: (group) => group.max_lag_secs,
    cell: (group) => (
      <Known value={group.max_lag_secs}>
        {formatAgeKnown(group.max_lag_secs, group.lag_secs_method)}
      </Known>
    ),
  },
  {
    id: 'age',
    header: 'Age',
    hint: 'Since the newest sample',
    numeric: true,
    key: (group) => group.age_secs,
    cell: (group) => <Age of={group} />,
  },
];
