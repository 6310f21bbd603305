import { useParams } from '@tanstack/react-router';
import { useBrokers, useCluster, useGroups, useTopics } from '../../api/queries';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { facts, PageTitle } from '../../parts/PageTitle';
import { ReasonList } from '../../parts/Reasons';
import { Status } from '../../parts/Status';
import { GROUP_COLUMNS } from '../lists/groupColumns';
import { TOPIC_COLUMNS } from '../lists/topicColumns';
import { BROKER_COLUMNS } from './brokerColumns';
import { ClusterTiles } from './ClusterTiles';
import { SubTable } from './SubTable';

const inCluster = (column: { id: string }) => column.id !== 'cluster';
const GROUPS = GROUP_COLUMNS.filter(inCluster);
const TOPICS = TOPIC_COLUMNS.filter(inCluster);

/** One cluster: its state, brokers, groups and topics. */
export function ClusterPage() {
  const { cluster: name } = useParams({ from: '/clusters/$cluster' });
  const cluster = useCluster(name);
  const { data } = cluster;
  return (
    <>
      <PageTitle title={name} status={data && <Status status={data.status} />}>
        {data &&
          facts(
            data.environment,
            data.kafka_version && `Kafka ${data.kafka_version}`,
            data.source && `source ${data.source}`,
          )}
      </PageTitle>
      <Loaded query={cluster} skeleton={<Skeleton rows={3} />}>
        {(known) => (
          <>
            <ReasonList reasons={known.reasons} />
            <ClusterTiles cluster={known} />
            <Contents cluster={name} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Contents({ cluster }: { cluster: string }) {
  return (
    <>
      <SubTable
        title="Brokers"
        query={useBrokers(cluster)}
        columns={BROKER_COLUMNS}
        rowKey={(broker) => broker.broker_id}
        defaultSort={{ column: 'broker', descending: false }}
      />
      <SubTable
        title="Groups"
        query={useGroups(cluster)}
        columns={GROUPS}
        rowKey={(group) => group.group}
        defaultSort={{ column: 'lag', descending: true }}
      />
      <SubTable
        title="Topics"
        query={useTopics(cluster)}
        columns={TOPICS}
        rowKey={(topic) => topic.topic}
        defaultSort={{ column: 'status', descending: false }}
      />
    </>
  );
}
