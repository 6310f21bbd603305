import type { ClusterDetail } from '../../api/types';
import type { Tab } from '../../parts/Tabs';

export type ClusterTab = 'overview' | 'brokers' | 'topics' | 'groups' | 'capabilities';

/** The parts of a cluster's page; counts stand beside those that are lists. */
export function clusterTabs(cluster: ClusterDetail | undefined): Tab<ClusterTab>[] {
  return [
    { value: 'overview', label: 'Overview' },
    { value: 'brokers', label: 'Brokers', count: cluster?.brokers.length, shortcut: 'b' },
    { value: 'topics', label: 'Topics', count: cluster?.topic_count, shortcut: 'o' },
    { value: 'groups', label: 'Groups', count: cluster?.group_count, shortcut: 'u' },
    { value: 'capabilities', label: 'Capabilities', count: missing(cluster) },
  ];
}

/** How many questions are not answered in full; nothing is said when all are. */
function missing(cluster: ClusterDetail | undefined): number | undefined {
  const count = cluster?.capabilities.filter(({ state }) => state !== 'ok').length;
  return count === 0 ? undefined : count;
}
