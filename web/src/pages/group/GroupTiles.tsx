import type { GroupDetail } from '../../api/types';
import { counted, formatCount } from '../../format/number';
import { formatAgeKnown } from '../../format/time';
import { Known } from '../../parts/Known';
import { Tile, Tiles } from '../../parts/Tile';

const NO_COMMIT = 'no partition has a committed offset';

export function GroupTiles({ group }: { group: GroupDetail }) {
  const worst = group.partitions.find(
    (partition) => partition.lag_messages === group.max_lag_messages,
  );
  const lost = group.partitions.reduce((sum, partition) => sum + (partition.messages_lost ?? 0), 0);
  return (
    <Tiles>
      <Tile label="Total lag" trend={group.lag_trend} note="all partitions">
        <Known value={group.total_lag_messages} why={NO_COMMIT}>
          {formatCount(group.total_lag_messages)} <small>msgs</small>
        </Known>
      </Tile>
      <Tile
        label="Max lag"
        note={worst && group.max_lag_messages !== null && `${worst.topic} p${worst.partition}`}
      >
        <Known value={group.max_lag_messages} why={NO_COMMIT}>
          {formatCount(group.max_lag_messages)} <small>msgs</small>
        </Known>
      </Tile>
      <Tile label="Lag time" note="age of the oldest unread message">
        <Known value={group.max_lag_secs}>
          {formatAgeKnown(group.max_lag_secs, group.lag_secs_method)}
        </Known>
      </Tile>
      <Tile label="Members" note={group.member_count === 0 && 'nobody consumes'}>
        <Known value={group.member_count}>{formatCount(group.member_count)}</Known>
      </Tile>
      <Tile
        label="Partitions"
        tone={lost > 0 ? 'warning' : undefined}
        note={lost > 0 ? `${counted(lost, 'message')} lost` : topics(group.topic_count)}
      >
        <Known value={group.partition_count}>{formatCount(group.partition_count)}</Known>
      </Tile>
    </Tiles>
  );
}

function topics(count: number | null) {
  return count !== null && `of ${counted(count, 'topic')}`;
}
