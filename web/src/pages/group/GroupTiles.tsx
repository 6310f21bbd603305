import type { GroupDetail, GroupPartition } from '../../api/types';
import { catchUpText, formatVelocity } from '../../format/lag';
import { counted, formatCount, isKnown } from '../../format/number';
import { formatDuration } from '../../format/time';
import { Known } from '../../parts/Known';
import { LagTime } from '../../parts/Lag';
import { Tile, Tiles } from '../../parts/Tile';
import { NO_COMMIT } from '../lists/groupColumns';

export function GroupTiles({ group }: { group: GroupDetail }) {
  const oldest = worstBy(group.partitions, (partition) => partition.lag_secs);
  const most = worstBy(group.partitions, (partition) => partition.lag_messages);
  const velocity = group.lag_velocity_per_sec;
  return (
    <Tiles stale={group.stale}>
      <Tile label="Lag time" note={oldest && isKnown(group.max_lag_secs) && placeOf(oldest)}>
        <LagTime
          secs={group.max_lag_secs}
          method={group.lag_secs_method}
          low={oldest?.lag_secs_low}
          high={oldest?.lag_secs_high}
          why={group.total_lag_messages === null ? NO_COMMIT : 'known after two polls'}
        />
      </Tile>
      <Tile label="Total lag" note={isKnown(velocity) && formatVelocity(velocity)}>
        <Known value={group.total_lag_messages} why={NO_COMMIT}>
          {formatCount(group.total_lag_messages)} <small>msgs</small>
        </Known>
      </Tile>
      <Tile label="Max lag" note={most && isKnown(group.max_lag_messages) && placeOf(most)}>
        <Known value={group.max_lag_messages} why={NO_COMMIT}>
          {formatCount(group.max_lag_messages)} <small>msgs</small>
        </Known>
      </Tile>
      <CatchUp group={group} />
      <Loss group={group} />
      <Tile label="Partitions" note={topics(group.topic_count)}>
        <Known value={group.partition_count}>{formatCount(group.partition_count)}</Known>
      </Tile>
    </Tiles>
  );
}

function CatchUp({ group }: { group: GroupDetail }) {
  const told = catchUpText(group);
  const isNever = told === 'never at this rate';
  return (
    <Tile
      label="Catch-up"
      tone={isNever ? 'warning' : undefined}
      note={isNever ? 'at this rate' : isKnown(group.secs_to_catch_up) && 'at the present rates'}
    >
      <Known value={told} why="known after a few polls">
        {isNever ? 'never' : told}
      </Known>
    </Tile>
  );
}

function Loss({ group }: { group: GroupDetail }) {
  const { messages_lost: lost, secs_to_data_loss: secs } = group;
  return (
    <Tile
      label={lost ? 'Messages lost' : 'Data loss'}
      tone={lost ? 'critical' : secs === null ? undefined : 'warning'}
      note={
        lost
          ? secs === null
            ? 'deleted before they were read'
            : `more in ${formatDuration(secs)}`
          : secs === null
            ? lostNote(lost)
            : 'until retention overtakes it'
      }
    >
      {lost ? (
        formatCount(lost)
      ) : (
        <Known value={secs ?? lost} why="needs the retention of its topics">
          {secs === null ? 'none' : formatDuration(secs)}
        </Known>
      )}
    </Tile>
  );
}

function lostNote(lost: number | null) {
  return lost === 0 && 'none in sight';
}

/** `undefined` where it is known of none. */
function worstBy(
  partitions: GroupPartition[],
  of: (partition: GroupPartition) => number | null,
): GroupPartition | undefined {
  return partitions
    .filter((partition) => isKnown(of(partition)))
    .reduce<GroupPartition | undefined>(
      (worst, partition) =>
        worst === undefined || (of(partition) ?? 0) > (of(worst) ?? 0) ? partition : worst,
      undefined,
    );
}

/** The number first: a long topic is cut. */
function placeOf({ topic, partition }: GroupPartition): string {
  return `p${partition} of ${topic}`;
}

function topics(count: number | null) {
  return count !== null && `of ${counted(count, 'topic')}`;
}
