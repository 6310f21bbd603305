import type { TopicDetail } from '../../api/types';
import { formatBytes, formatCount, formatPerSecond, isKnown } from '../../format/number';
import { Figure, Figures } from '../../parts/Figures';
import { Known } from '../../parts/Known';
import { LagTime } from '../../parts/Lag';
import { Tile, Tiles } from '../../parts/Tile';
import { formatRetention } from '../lists/topicColumns';

const NO_CONFIG = 'topic configurations are not known: see capabilities of the cluster';

export function TopicTiles({ topic }: { topic: TopicDetail }) {
  const { offline_partitions: offline, under_replicated_partitions: under } = topic;
  const { under_min_isr_partitions: underMin, at_min_isr_partitions: atMin } = topic;
  const worst = topic.groups[0];
  return (
    <>
      <Tiles stale={topic.stale}>
        <Tile label="Messages in" note={throughput(topic)}>
          <Known value={topic.messages_in_per_sec} why="known after two polls">
            {formatPerSecond(topic.messages_in_per_sec)}
          </Known>
        </Tile>
        <Tile label="Worst lag time" note={worst ? worst.group : 'no group reads it'}>
          <LagTime
            secs={worst?.max_lag_secs ?? null}
            method={worst?.lag_secs_method ?? null}
            why={worst ? 'known after two polls' : 'no group reads it'}
          />
        </Tile>
        <Tile label="Offline" tone={offline ? 'critical' : undefined} note="partitions, no leader">
          <Known value={offline}>{formatCount(offline)}</Known>
        </Tile>
        <Tile
          label="Under-replicated"
          tone={under ? 'warning' : undefined}
          note={isKnown(topic.partition_count) && `of ${formatCount(topic.partition_count)}`}
        >
          <Known value={under}>{formatCount(under)}</Known>
        </Tile>
        <Tile
          label="Under min ISR"
          tone={underMin ? 'critical' : undefined}
          note={isKnown(atMin) && `${formatCount(atMin)} at the minimum`}
        >
          <Known value={underMin} why={NO_CONFIG}>
            {formatCount(underMin)}
          </Known>
        </Tile>
        <Tile label="Size" note="all replicas on disk">
          <Known value={topic.size_bytes}>{formatBytes(topic.size_bytes)}</Known>
        </Tile>
      </Tiles>
      <TopicFigures topic={topic} />
    </>
  );
}

function TopicFigures({ topic }: { topic: TopicDetail }) {
  const { log_start_offset_sum: start, log_end_offset_sum: end } = topic;
  const kept = isKnown(start) && isKnown(end) ? end - start : null;
  return (
    <Figures>
      <Figure label="Partitions">
        <Known value={topic.partition_count}>{formatCount(topic.partition_count)}</Known>
      </Figure>
      <Figure label="Replication">
        <Known value={topic.replication_factor}>{formatCount(topic.replication_factor)}</Known>
      </Figure>
      <Figure label="min.insync.replicas">
        <Known value={topic.min_insync_replicas} why={NO_CONFIG}>
          {formatCount(topic.min_insync_replicas)}
        </Known>
      </Figure>
      <Figure label="cleanup.policy">
        <Known value={topic.cleanup_policy} why={NO_CONFIG}>
          {topic.cleanup_policy}
        </Known>
      </Figure>
      <Figure label="retention.ms">
        <Known value={topic.retention_ms} why={NO_CONFIG}>
          {formatRetention(topic.retention_ms)}
        </Known>
      </Figure>
      <Figure label="Offsets in the log">
        <Known value={kept}>{formatCount(kept)}</Known>
      </Figure>
      <Figure label="Not preferred leader">
        <Known value={topic.non_preferred_leaders}>
          {formatCount(topic.non_preferred_leaders)}
        </Known>
      </Figure>
      <Figure label="Being moved">
        <Known value={topic.reassigning_partitions}>
          {formatCount(topic.reassigning_partitions)}
        </Known>
      </Figure>
    </Figures>
  );
}

function throughput({ bytes_in_per_sec: bytesIn }: TopicDetail) {
  return isKnown(bytesIn) && `${formatBytes(bytesIn)}/s`;
}
