/** The lists of brokers, topics and groups: of all clusters, or of one. */

import type { Broker, Group, Topic } from '../../api/types';
import type { Column } from '../../parts/Table';
import { BROKER_COLUMNS, brokerNames } from './brokerColumns';
import { GROUP_COLUMNS, groupNames, RESTING_GROUPS } from './groupColumns';
import { ListPanel } from './ListPanel';
import { GROUP_FILTERS, TOPIC_FILTERS } from './rowFilter';
import { TOPIC_COLUMNS } from './topicColumns';

interface Props {
  title: string;
  cluster?: string;
}

export function BrokersPanel({ title, cluster }: Props) {
  return (
    <ListPanel<Broker>
      title={title}
      noun="broker"
      path="/api/v1/brokers"
      cluster={cluster}
      event="KafkaBrokerSample"
      columns={scoped(BROKER_COLUMNS, cluster)}
      namesOf={brokerNames}
    />
  );
}

export function TopicsPanel({ title, cluster }: Props) {
  return (
    <ListPanel<Topic>
      title={title}
      noun="topic"
      path="/api/v1/topics"
      cluster={cluster}
      event="KafkaTopicSample"
      columns={scoped(TOPIC_COLUMNS, cluster)}
      namesOf={(topic) => [topic.cluster, topic.topic]}
      filters={TOPIC_FILTERS}
    />
  );
}

export function GroupsPanel({ title, cluster }: Props) {
  return (
    <ListPanel<Group>
      title={title}
      noun="group"
      path="/api/v1/groups"
      cluster={cluster}
      event="KafkaConsumerGroupSample"
      columns={scoped(GROUP_COLUMNS, cluster)}
      namesOf={groupNames}
      filters={GROUP_FILTERS}
      resting={RESTING_GROUPS}
    />
  );
}

/** Of one cluster its name need not stand in every row. */
export function scoped<Row>(columns: Column<Row>[], cluster: string | undefined): Column<Row>[] {
  return cluster === undefined ? columns : columns.filter((column) => column.id !== 'cluster');
}
