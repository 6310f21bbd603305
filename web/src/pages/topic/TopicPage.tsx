import { useParams } from '@tanstack/react-router';
import { maxLagTime, quote } from '../../api/nrql';
import { useTopic } from '../../api/queries';
import type { TopicDetail } from '../../api/types';
import { NrqlChart } from '../../chart/NrqlChart';
import { counted, isKnown } from '../../format/number';
import { Findings } from '../../parts/Findings';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { HealthStatus, StaleNote, Updated } from '../../parts/State';
import { formatRetention } from '../lists/topicColumns';
import { TopicGroups } from './TopicGroups';
import { TopicPartitions } from './TopicPartitions';
import { TopicTiles } from './TopicTiles';

/** One topic: can it be written, who reads it, and do they keep up? */
export function TopicPage() {
  const { cluster, topic: name } = useParams({ from: '/clusters/$cluster/topics/$topic' });
  const topic = useTopic(cluster, name);
  const { data } = topic;
  return (
    <>
      <PageTitle
        title={name}
        status={data && <HealthStatus of={data} />}
        facts={headline(data)}
        answeredAtMs={topic.dataUpdatedAt}
      />
      <Loaded query={topic} skeleton={<Skeleton rows={3} height={76} />}>
        {(known) => (
          <>
            <StaleNote of={known} />
            <Findings of={known} />
            <TopicTiles topic={known} />
            <Charts cluster={cluster} topic={name} />
            <TopicGroups topic={known} />
            <TopicPartitions topic={known} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Charts({ cluster, topic }: { cluster: string; topic: string }) {
  const of = `WHERE clusterName = ${quote(cluster)} AND topic = ${quote(topic)}`;
  return (
    <div className="trio">
      <NrqlChart
        title="Messages in"
        note="per second"
        query={`SELECT average(messagesInPerSec) FROM KafkaTopicSample ${of}`}
        about={{ event: 'KafkaTopicSample', attr: 'messagesInPerSec', cluster }}
        thing={topic}
        seriesName="messages in"
        unit="perSecond"
      />
      <NrqlChart
        title="Lag time by group"
        note="worst partition, worst 5"
        query={`SELECT ${maxLagTime('consumerLagSeconds')} FROM KafkaConsumerSample ${of} FACET consumerGroup LIMIT 5`}
        about={{ event: 'KafkaConsumerSample', attr: 'consumerLagSeconds', cluster }}
        thing={topic}
        unit="seconds"
      />
      <NrqlChart
        title="Size"
        note="all replicas on disk"
        query={`SELECT latest(sizeBytes) FROM KafkaTopicSample ${of}`}
        about={{ event: 'KafkaTopicSample', attr: 'sizeBytes', cluster }}
        thing={topic}
        seriesName="size"
        unit="bytes"
      />
    </div>
  );
}

function headline(topic: TopicDetail | undefined) {
  if (topic === undefined) return [];
  return [
    isKnown(topic.partition_count) && counted(topic.partition_count, 'partition'),
    isKnown(topic.replication_factor) && `replication ${topic.replication_factor}`,
    isKnown(topic.min_insync_replicas) && `min ISR ${topic.min_insync_replicas}`,
    topic.cleanup_policy,
    isKnown(topic.retention_ms) && `kept ${formatRetention(topic.retention_ms)}`,
    topic.stale_partitions
      ? `${counted(topic.stale_partitions, 'partition')} with a silent leader`
      : null,
    <Updated key="updated" of={topic} />,
  ];
}
