import type { ClusterDetail } from '../../api/types';
import {
  formatBytes,
  formatCount,
  formatPerSecond,
  formatShort,
  isKnown,
} from '../../format/number';
import { formatInstant } from '../../format/time';
import { BrokerLink } from '../../parts/EntityLink';
import { Figure, Figures } from '../../parts/Figures';
import { Known } from '../../parts/Known';
import { LagTime } from '../../parts/Lag';
import { Tile, Tiles } from '../../parts/Tile';
import { useView } from '../../url/useView';

export function ClusterTiles({ cluster }: { cluster: ClusterDetail }) {
  const { offline_partitions: offline, under_replicated_partitions: under } = cluster;
  const { under_min_isr_partitions: underMin, at_min_isr_partitions: atMin } = cluster;
  const down = cluster.offline_brokers ?? 0;
  const { view } = useView();
  const old = cluster.stale ? `as of ${formatInstant(cluster.known_at_ms, view.timeZone)}` : null;
  return (
    <>
      <Tiles stale={cluster.stale}>
        <Tile
          label="Brokers"
          tone={down > 0 ? 'critical' : undefined}
          note={old ?? (down > 0 ? `${formatCount(down)} not live` : 'all live')}
        >
          <Known value={cluster.broker_count}>
            {formatCount(cluster.broker_count)}
            {down > 0 && <small> of {formatCount((cluster.broker_count ?? 0) + down)}</small>}
          </Known>
        </Tile>
        <Tile
          label="Offline"
          tone={offline ? 'critical' : undefined}
          note={old ?? 'partitions, no leader'}
        >
          <Known value={offline}>{formatCount(offline)}</Known>
        </Tile>
        <Tile
          label="Under-replicated"
          tone={under ? 'warning' : undefined}
          note={
            old ??
            (isKnown(cluster.partition_count) &&
              `of ${formatCount(cluster.partition_count)} partitions`)
          }
        >
          <Known value={under}>{formatCount(under)}</Known>
        </Tile>
        <Tile
          label="Under min ISR"
          tone={underMin ? 'critical' : undefined}
          note={old ?? (isKnown(atMin) && `${formatCount(atMin)} at the minimum`)}
        >
          <Known value={underMin} why="topic configurations are not known">
            {formatCount(underMin)}
          </Known>
        </Tile>
        <Tile
          label="Lag time"
          note={
            old ??
            (isKnown(cluster.total_lag_messages) &&
              `${formatShort(cluster.total_lag_messages)} msgs`)
          }
        >
          <LagTime
            secs={cluster.max_lag_secs}
            method={cluster.lag_secs_method}
            why="no group has a committed offset, or only one poll was made"
          />
        </Tile>
        <Tile
          label="Messages in"
          trend={cluster.messages_in_trend}
          note={cluster.stale && 'not known now'}
        >
          <Known value={cluster.messages_in_per_sec} why="known after two polls">
            {formatPerSecond(cluster.messages_in_per_sec)}
          </Known>
        </Tile>
      </Tiles>
      <ClusterFigures cluster={cluster} />
    </>
  );
}

function ClusterFigures({ cluster }: { cluster: ClusterDetail }) {
  const { disk_used_bytes: used, disk_free_bytes: free, offline_log_dirs: badDirs } = cluster;
  return (
    <Figures>
      <Figure label="Controller">
        <Known value={cluster.controller_id} why="the quorum's leader is not known">
          <BrokerLink cluster={cluster.cluster} name={cluster.controller_id ?? ''} />
        </Known>
      </Figure>
      <Count label="Topics" value={cluster.topic_count} />
      <Count label="Partitions" value={cluster.partition_count} />
      <Count label="Groups" value={cluster.group_count} />
      <Figure label="Disk used">
        <Known value={used}>
          {formatBytes(used)}
          {isKnown(free) && <span className="lo"> {formatBytes(free)} free</span>}
        </Known>
      </Figure>
      <Count label="Not preferred leader" value={cluster.non_preferred_leaders} />
      <Count label="Being moved" value={cluster.reassigning_partitions} />
      <Count label="Fenced brokers" value={cluster.fenced_brokers} bad />
      <Count label="Broken log dirs" value={badDirs} bad />
    </Figures>
  );
}

function Count({ label, value, bad }: { label: string; value: number | null; bad?: boolean }) {
  return (
    <Figure label={label} tone={bad && value ? 'critical' : undefined}>
      <Known value={value}>{formatCount(value)}</Known>
    </Figure>
  );
}
