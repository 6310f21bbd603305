import type { Group } from '../../api/types';
import { catchUpShort, formatVelocity, verdictRank } from '../../format/lag';
import * as column from '../../parts/columns';
import { GroupLink } from '../../parts/EntityLink';
import { Known } from '../../parts/Known';
import { LagTime, Verdict } from '../../parts/Lag';
import { type Column, shownFrom } from '../../parts/Table';

export const NO_COMMIT =
  'no partition has a committed offset, or the lag of one that has is unknown';

/** A consumer group as a row: on Home, in the list, and on its cluster's page. */
export const GROUP_COLUMNS: Column<Group>[] = shownFrom<Group>(
  [
    {
      id: 'group',
      header: 'Group',
      field: 'name',
      key: (group) => group.group,
      cell: ({ cluster, group }) => <GroupLink cluster={cluster} name={group} className="name" />,
    },
    column.cluster(),
    column.statusAndReasons(),
    {
      id: 'verdict',
      header: 'Verdict',
      hint: 'Of the offsets it committed, in the words of Burrow',
      key: (group) => verdictRank(group.lag_status),
      cell: (group) => <Verdict word={group.lag_status} />,
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
    column.figure({
      id: 'members',
      header: 'Members',
      of: (group) => group.member_count,
      field: 'member_count',
    }),
    {
      id: 'lagtime',
      header: 'Lag time',
      hint: 'Age of the oldest message not yet consumed, in the worst partition',
      field: 'max_lag_secs',
      numeric: true,
      key: (group) => group.max_lag_secs,
      cell: (group) => (
        <LagTime
          secs={group.max_lag_secs}
          method={group.lag_secs_method}
          why={group.total_lag_messages === null ? NO_COMMIT : 'known after two polls'}
        />
      ),
    },
    column.figure({
      id: 'lag',
      header: 'Total lag',
      hint: 'Messages, all partitions added',
      of: (group) => group.total_lag_messages,
      why: NO_COMMIT,
      field: 'total_lag_messages',
      quietZero: true,
    }),
    column.trend('trend', 'Trend', (group) => group.lag_trend),
    {
      id: 'catchup',
      header: 'Catch-up',
      hint: 'Until the lag is gone at the present rates',
      field: 'secs_to_catch_up',
      numeric: true,
      key: (group) => group.secs_to_catch_up,
      cell: (group) => <CatchUp of={group} />,
    },
    column.age(),
  ],
  { desktop: ['verdict', 'state', 'members'], tablet: ['cluster', 'trend', 'catchup', 'age'] },
);

/** Short in a row: the velocity is in the tooltip. */
function CatchUp({ of }: { of: Group }) {
  const told = catchUpShort(of);
  const velocity = of.lag_velocity_per_sec;
  return (
    <Known value={told} why="known after a few polls">
      <span
        className={told === 'caught up' || told === 'keeps up' ? 'zero' : undefined}
        title={velocity === null ? undefined : `the lag is ${formatVelocity(velocity)}`}
      >
        {told}
      </span>
    </Known>
  );
}

/** Which groups step aside in lists, and why. */
export const RESTING_GROUPS = {
  isResting: (group: Group) => group.resting,
  noun: 'resting group',
  because: 'abandoned, or empty with nothing wrong',
};

export function groupNames(group: Group): [string, string] {
  return [group.cluster, group.group];
}
