import type { BrokerDetail } from '../../api/types';
import {
  counted,
  formatBytes,
  formatCount,
  formatMillis,
  formatPerSecond,
  isKnown,
} from '../../format/number';
import { Known } from '../../parts/Known';
import { Tile, Tiles } from '../../parts/Tile';

export function BrokerTiles({ broker }: { broker: BrokerDetail }) {
  const under = broker.under_replicated_partitions;
  const groups = broker.coordinated_group_count;
  return (
    <Tiles stale={broker.stale}>
      <Tile label="Leads" note={`coordinates ${counted(groups, 'group')}`}>
        <Known value={broker.leader_count}>{formatCount(broker.leader_count)}</Known>
      </Tile>
      <Tile label="Replicas" note="partitions it holds">
        <Known value={broker.partition_count}>{formatCount(broker.partition_count)}</Known>
      </Tile>
      <Tile label="Under-replicated" tone={under ? 'warning' : undefined} note="that it leads">
        <Known value={under}>{formatCount(under)}</Known>
      </Tile>
      <Disk broker={broker} />
      <Tile label="Round trip" note="of a request of Weir">
        <Known value={broker.request_latency_ms} why="it has not answered">
          {formatMillis(broker.request_latency_ms)}
        </Known>
      </Tile>
      {isKnown(broker.messages_in_per_sec) && (
        <Tile label="Messages in" note="produced to it">
          {formatPerSecond(broker.messages_in_per_sec)}
        </Tile>
      )}
      {isKnown(broker.bytes_in_per_sec) && (
        <Tile label="Bytes in" note={`out ${formatBytes(broker.bytes_out_per_sec)}/s`}>
          {formatBytes(broker.bytes_in_per_sec)}/s
        </Tile>
      )}
      {isKnown(broker.produce_total_time_p99_ms) && (
        <Tile label="Produce p99" note={`fetch ${formatMillis(broker.fetch_total_time_p99_ms)}`}>
          {formatMillis(broker.produce_total_time_p99_ms)}
        </Tile>
      )}
      {isKnown(broker.cpu_user_percent) && (
        <Tile label="CPU" note="user and system">
          {formatCount(broker.cpu_user_percent + (broker.cpu_system_percent ?? 0))} %
        </Tile>
      )}
    </Tiles>
  );
}

const FULL_SHARE = 0.85;

function Disk({ broker }: { broker: BrokerDetail }) {
  const { disk_used_bytes: used, disk_total_bytes: total, disk_free_bytes: free } = broker;
  const { offline_log_dirs: broken } = broker;
  const isFull = isKnown(total) && isKnown(free) && (total - free) / total >= FULL_SHARE;
  const room = isKnown(free) && `${formatBytes(free)} free of ${formatBytes(total)}`;
  return (
    <Tile
      label="Disk used"
      tone={broken ? 'critical' : isFull ? 'warning' : undefined}
      note={broken ? `${counted(broken, 'log directory', 'log directories')} broken` : room}
    >
      <Known value={used}>{formatBytes(used)}</Known>
    </Tile>
  );
}
