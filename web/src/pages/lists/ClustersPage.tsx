import type { Cluster } from '../../api/types';
import { PageTitle } from '../../parts/PageTitle';
import { CLUSTER_COLUMNS } from './clusterColumns';
import { ListPanel } from './ListPanel';

/** All clusters, with more of each than Home has room for. */
export function ClustersPage() {
  return (
    <>
      <PageTitle title="Clusters" />
      <ListPanel<Cluster>
        title="All clusters"
        noun="cluster"
        path="/api/v1/clusters"
        event="KafkaClusterSample"
        columns={CLUSTER_COLUMNS}
        namesOf={(cluster) => [cluster.environment ?? '', cluster.cluster]}
      />
    </>
  );
}
