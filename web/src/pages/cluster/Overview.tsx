import { Link } from '@tanstack/react-router';
import { maxLagTime, quote } from '../../api/nrql';
import type { Broker, ClusterDetail, Group, Topic } from '../../api/types';
import { NrqlChart } from '../../chart/NrqlChart';
import { formatCount } from '../../format/number';
import { AbnormalPartitions } from '../lists/AbnormalPartitions';
import { BROKER_COLUMNS } from '../lists/brokerColumns';
import { GROUP_COLUMNS } from '../lists/groupColumns';
import { scoped } from '../lists/panels';
import { TOPIC_COLUMNS } from '../lists/topicColumns';
import { SubTable } from './SubTable';

const BROKERS_SHOWN = 12;
const TOPICS = TOPIC_COLUMNS.filter(({ id }) => id !== 'retention');

/** How the cluster does over time, and the worst of what is in it. */
export function Overview({ cluster }: { cluster: ClusterDetail }) {
  const name = cluster.cluster;
  return (
    <>
      <Charts cluster={name} />
      {cluster.abnormal_partitions.items.length > 0 && (
        <AbnormalPartitions
          title="Partitions that are not well"
          partitions={cluster.abnormal_partitions}
          none=""
        />
      )}
      <SubTable<Broker>
        title="Brokers"
        note={allOf('brokers', BROKERS_SHOWN, cluster.brokers.length)}
        rows={cluster.brokers.slice(0, BROKERS_SHOWN)}
        columns={scoped(BROKER_COLUMNS, name)}
        rowKey={(broker) => broker.broker_id}
        defaultSort={{ column: 'status', descending: false }}
        why={{ event: 'KafkaBrokerSample', cluster: name }}
      />
      <SubTable<Group>
        title="Groups, worst first"
        note={allOf('groups', cluster.worst_groups.length, cluster.group_count)}
        rows={cluster.worst_groups}
        columns={scoped(GROUP_COLUMNS, name)}
        rowKey={(group) => group.group}
        defaultSort={{ column: 'status', descending: false }}
        why={{ event: 'KafkaConsumerGroupSample', cluster: name }}
      />
      <SubTable<Topic>
        title="Topics, worst first"
        note={allOf('topics', cluster.worst_topics.length, cluster.topic_count)}
        rows={cluster.worst_topics}
        columns={scoped(TOPICS, name)}
        rowKey={(topic) => topic.topic}
        defaultSort={{ column: 'status', descending: false }}
        why={{ event: 'KafkaTopicSample', cluster: name }}
      />
    </>
  );
}

function Charts({ cluster }: { cluster: string }) {
  const of = `WHERE clusterName = ${quote(cluster)}`;
  const awake = `${of} AND (abandoned IS NULL OR abandoned = false)`;
  return (
    <div className="pair">
      <NrqlChart
        title="Messages in"
        note="per second"
        query={`SELECT average(messagesInPerSec) FROM KafkaClusterSample ${of}`}
        about={{ event: 'KafkaClusterSample', attr: 'messagesInPerSec', cluster }}
        seriesName="messages in"
        unit="perSecond"
      />
      <NrqlChart
        title="Partitions not well"
        note="under-replicated, offline, under min ISR"
        query={`SELECT max(underReplicatedPartitions) AS 'under-replicated', max(offlinePartitions) AS 'offline', max(underMinIsrPartitions) AS 'under min ISR' FROM KafkaClusterSample ${of}`}
        about={{ event: 'KafkaClusterSample', attr: 'underReplicatedPartitions', cluster }}
        unit="count"
      />
      <NrqlChart
        title="Lag time"
        note="worst 5 groups"
        query={`SELECT ${maxLagTime('maxLagSeconds')} FROM KafkaConsumerGroupSample ${awake} FACET consumerGroup LIMIT 5`}
        about={{ event: 'KafkaConsumerGroupSample', attr: 'maxLagSeconds', cluster }}
        unit="seconds"
      />
      <NrqlChart
        title="Total lag"
        note="messages, worst 5 groups"
        query={`SELECT max(totalLag) FROM KafkaConsumerGroupSample ${awake} FACET consumerGroup LIMIT 5`}
        about={{ event: 'KafkaConsumerGroupSample', attr: 'totalLag', cluster }}
        unit="count"
      />
    </div>
  );
}

/** `10 of 214`, and the way to all of them. */
function allOf(tab: string, shown: number, total: number | null) {
  if (total === null || total <= shown) return formatCount(total ?? shown);
  return (
    <>
      {formatCount(shown)} of{' '}
      <Link to="." search={(old: object) => ({ ...old, tab }) as never} className="quiet-link">
        {formatCount(total)}
      </Link>
    </>
  );
}
