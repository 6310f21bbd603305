import type { Cluster } from '../../api/types';
import { formatCount, formatPerSecond } from '../../format/number';
import { Known } from '../../parts/Known';
import { Tile, Tiles } from '../../parts/Tile';

export function ClusterTiles({ cluster }: { cluster: Cluster }) {
  const { offline_partitions: offline, under_replicated_partitions: under } = cluster;
  return (
    <Tiles>
      <Tile label="Brokers" note={controllers(cluster.active_controllers)}>
        <Known value={cluster.broker_count}>{formatCount(cluster.broker_count)}</Known>
      </Tile>
      <Tile
        label="Offline partitions"
        tone={offline ? 'critical' : undefined}
        note="without a leader"
      >
        <Known value={offline}>{formatCount(offline)}</Known>
      </Tile>
      <Tile
        label="Under-replicated"
        tone={under ? 'warning' : undefined}
        note={
          cluster.partition_count !== null &&
          `of ${formatCount(cluster.partition_count)} partitions`
        }
      >
        <Known value={under}>{formatCount(under)}</Known>
      </Tile>
      <Tile label="Messages in" trend={cluster.messages_in_trend} note="the last hour">
        <Known value={cluster.messages_in_per_sec} why="known after two polls">
          {formatPerSecond(cluster.messages_in_per_sec)}
        </Known>
      </Tile>
      <Tile label="Total lag" trend={cluster.lag_trend} note="all groups">
        <Known value={cluster.total_lag_messages} why="no group has a committed offset">
          {formatCount(cluster.total_lag_messages)} <small>msgs</small>
        </Known>
      </Tile>
    </Tiles>
  );
}

function controllers(count: number | null): string {
  if (count === null) return 'controller unknown';
  return count === 1 ? '1 active controller' : `${count} active controllers`;
}
