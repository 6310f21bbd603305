import { describe, expect, it } from 'vitest';
import type { ClusterDetail, Finding } from '../../api/types';
import { findingTarget } from './findingTarget';
import { clusterTabs } from './tabs';

const partition = (topic: string, status: string) => ({ topic, partition_status: status });
const broker = (id: string, status: string) => ({
  broker_id: id,
  broker_status: status,
  health_findings: [],
});
const cluster = (partitions: object[], brokers: object[] = [], leftOut = 0) =>
  ({
    abnormal_partitions: { items: partitions, left_out_count: leftOut },
    brokers,
    capabilities: [{ state: 'ok' }, { state: 'denied' }],
  }) as unknown as ClusterDetail;
const finding = (rule: string) => ({ rule }) as Finding;

describe('a finding leads', () => {
  const offline = partition('orders', 'OFFLINE');

  it('to the one topic it is about', () => {
    const of = cluster([offline, offline, partition('audit', 'UNDER_REPLICATED')]);
    expect(findingTarget(of, finding('offlinePartitions'))).toEqual({
      kind: 'topic',
      name: 'orders',
    });
  });

  it('to the list when it is about several, or not all are known', () => {
    const several = cluster([offline, partition('audit', 'OFFLINE')]);
    expect(findingTarget(several, finding('offlinePartitions'))).toEqual({
      kind: 'tab',
      tab: 'topics',
      only: 'offline',
    });
    const cut = cluster([offline], [], 7);
    expect(findingTarget(cut, finding('offlinePartitions')).kind).toBe('tab');
  });

  it('to the one broker that is down, however many others suffer', () => {
    const of = cluster([], [broker('1', 'ONLINE'), broker('5', 'FENCED')]);
    expect(findingTarget(of, finding('brokers down'))).toEqual({ kind: 'broker', name: '5' });
    expect(findingTarget(of, finding('activeControllers'))).toEqual({
      kind: 'tab',
      tab: 'brokers',
    });
  });
});

it('the tab of capabilities counts what is not answered in full', () => {
  expect(clusterTabs(cluster([])).at(-1)?.count).toBe(1);
  expect(clusterTabs(undefined).at(-1)?.count).toBeUndefined();
});
