import { useParams, useSearch } from '@tanstack/react-router';
import { useCluster } from '../../api/queries';
import type { ClusterDetail } from '../../api/types';
import { Findings } from '../../parts/Findings';
import { Loaded, Skeleton } from '../../parts/Loaded';
import { PageTitle } from '../../parts/PageTitle';
import { HealthStatus, StaleNote, Updated } from '../../parts/State';
import { readTab, Tabs } from '../../parts/Tabs';
import { BrokersPanel, GroupsPanel, TopicsPanel } from '../lists/panels';
import { Capabilities } from './Capabilities';
import { ClusterTiles } from './ClusterTiles';
import { FindingLink } from './FindingLink';
import { Overview } from './Overview';
import { providerName } from './provider';
import { type ClusterTab, clusterTabs } from './tabs';

/** One cluster: is it well, why not, and what is in it. */
export function ClusterPage() {
  const { cluster: name } = useParams({ from: '/clusters/$cluster' });
  const { tab: text } = useSearch({ from: '/clusters/$cluster' });
  const cluster = useCluster(name);
  const { data } = cluster;
  const tabs = clusterTabs(data);
  const tab = readTab(text, tabs);
  return (
    <>
      <PageTitle
        title={name}
        status={data && <HealthStatus of={data} />}
        facts={headline(data)}
        answeredAtMs={cluster.dataUpdatedAt}
      />
      <Loaded query={cluster} skeleton={<Skeleton rows={3} height={76} />}>
        {(known) => (
          <>
            <StaleNote of={known} />
            <Findings of={known} linkOf={(of) => <FindingLink cluster={known} of={of} />} />
            <ClusterTiles cluster={known} />
            <Tabs name="Parts of the cluster" tabs={tabs} />
            <Contents tab={tab} cluster={known} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Contents({ tab, cluster }: { tab: ClusterTab; cluster: ClusterDetail }) {
  const name = cluster.cluster;
  switch (tab) {
    case 'overview':
      return <Overview cluster={cluster} />;
    case 'brokers':
      return <BrokersPanel title="Brokers" cluster={name} />;
    case 'topics':
      return <TopicsPanel title="Topics" cluster={name} />;
    case 'groups':
      return <GroupsPanel title="Groups" cluster={name} />;
    case 'capabilities':
      return (
        <Capabilities
          of={cluster.capabilities}
          cluster={name}
          unaskedSinceMs={cluster.stale ? cluster.known_at_ms : null}
        />
      );
  }
}

function headline(cluster: ClusterDetail | undefined) {
  if (cluster === undefined) return [];
  return [
    providerName(cluster.provider),
    cluster.environment,
    cluster.kafka_version && `Kafka ${cluster.kafka_version}`,
    cluster.source && `source ${cluster.source}`,
    <Updated key="updated" of={cluster} />,
  ];
}
