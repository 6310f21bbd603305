/** Where on the page of a cluster a finding can be looked at. */

import type { Broker, ClusterDetail, Finding } from '../../api/types';

export type Target =
  | { kind: 'broker'; name: string }
  | { kind: 'topic'; name: string }
  | { kind: 'tab'; tab: 'brokers' | 'topics'; only?: string };

const OF_PARTITIONS: Record<string, string[]> = {
  offlinePartitions: ['OFFLINE'],
  underMinIsrPartitions: ['UNDER_MIN_ISR', 'OFFLINE'],
  underReplicatedPartitions: ['UNDER_REPLICATED', 'UNDER_MIN_ISR'],
};

/** The filter of the list of topics that shows them. */
const FILTERS: Record<string, string> = {
  offlinePartitions: 'offline',
  underMinIsrPartitions: 'under-min-isr',
  underReplicatedPartitions: 'under-replicated',
};

const OF_BROKERS: Record<string, (broker: Broker) => boolean> = {
  'brokers down': (broker) => broker.broker_status !== 'ONLINE',
  'brokers not answering': (broker) => broker.request_latency_ms === null,
  offlineLogDirs: (broker) => (broker.offline_log_dirs ?? 0) > 0,
  'disk used %': (broker) => broker.health_findings.some(({ rule }) => rule === 'disk used %'),
  activeControllers: () => false,
};

/** The one topic or broker when it is one, else the list where all of them stand. */
export function findingTarget(cluster: ClusterDetail, { rule }: Finding): Target {
  const words = OF_PARTITIONS[rule];
  if (words !== undefined) {
    const { items, left_out_count: leftOut } = cluster.abnormal_partitions;
    const topics = new Set(
      items.filter((it) => words.includes(it.partition_status ?? '')).map((it) => it.topic),
    );
    const all: Target = { kind: 'tab', tab: 'topics', only: FILTERS[rule] };
    return only(topics, leftOut === 0, 'topic') ?? all;
  }
  const isBad = OF_BROKERS[rule];
  if (isBad !== undefined) {
    const bad = cluster.brokers.filter(isBad);
    const names = new Set(bad.map((broker) => broker.broker_id));
    return only(names, true, 'broker') ?? { kind: 'tab', tab: 'brokers' };
  }
  return { kind: 'tab', tab: 'topics' };
}

function only(names: Set<string>, areAll: boolean, kind: 'broker' | 'topic'): Target | null {
  const [name] = names;
  return areAll && names.size === 1 && name !== undefined ? { kind, name } : null;
}
