/**
 * The fleet every test looks at: orders-eu is in trouble, payments is well, sandbox went silent.
 * Values are fixed; only their moments follow the clock.
 */

const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 59;
const SILENT_MINUTES = 20;

type Event = Record<string, string | number | boolean>;

/** An hour of history. */
export function history(nowMs: number): Event[] {
  const minutes = Array.from({ length: HISTORY_MINUTES }, (_, n) => HISTORY_MINUTES - n);
  return minutes.flatMap((ago) => {
    const at = nowMs - ago * MINUTE_MS;
    const lag = 184_220 - ago * 2000;
    const sandbox = ago >= SILENT_MINUTES ? [clusterSample(at, 'sandbox', SANDBOX)] : [];
    return [
      clusterSample(at, 'orders-eu', { ...ORDERS, messagesInPerSec: 54_800 + (ago % 7) * 100 }),
      clusterSample(at, 'payments', { ...PAYMENTS, messagesInPerSec: 1280 + (ago % 5) * 4 }),
      ...sandbox,
      groupSample(at, 'orders-eu', 'orders-enricher', { ...ENRICHER, totalLag: lag }),
      ...partitions(at).map((event) => ({
        ...event,
        consumerLag: Math.max(0, Number(event.consumerLag) - ago * 500),
      })),
    ];
  });
}

/** The newest sample of everything that is not silent. */
export function present(nowMs: number): Event[] {
  return [
    clusterSample(nowMs, 'orders-eu', { ...ORDERS, messagesInPerSec: 54_812.4 }),
    clusterSample(nowMs, 'payments', { ...PAYMENTS, messagesInPerSec: 1288 }),
    groupSample(nowMs, 'orders-eu', 'orders-enricher', { ...ENRICHER, totalLag: 184_220 }),
    groupSample(nowMs, 'orders-eu', 'never-committed', {
      groupState: 'Empty',
      groupType: 'classic',
      memberCount: 0,
    }),
    groupSample(nowMs, 'payments', 'settlement', SETTLEMENT),
    ...partitions(nowMs),
    neverCommitted(nowMs),
    ...topics(nowMs),
    ...brokers(nowMs),
  ];
}

const ORDERS = {
  brokerCount: 5,
  activeControllers: 1,
  offlinePartitions: 3,
  underReplicatedPartitions: 12,
  topicCount: 148,
  partitionCount: 2304,
  consumerGroupCount: 2,
  kafkaVersion: '4.1',
};

const PAYMENTS = {
  brokerCount: 3,
  activeControllers: 1,
  offlinePartitions: 0,
  underReplicatedPartitions: 0,
  topicCount: 42,
  partitionCount: 504,
  consumerGroupCount: 1,
  kafkaVersion: '4.1',
};

const SANDBOX = { brokerCount: 1, topicCount: 9, partitionCount: 9, consumerGroupCount: 0 };

const ENRICHER = {
  groupType: 'classic',
  groupState: 'Stable',
  memberCount: 12,
  topicCount: 1,
  partitionCount: 5,
  maxLag: 84_445,
  lagStatus: 'WARN',
  coordinatorId: '3',
  assignor: 'cooperative-sticky',
};

const SETTLEMENT = {
  groupType: 'consumer',
  groupState: 'Stable',
  memberCount: 3,
  topicCount: 1,
  partitionCount: 6,
  totalLag: 412,
  maxLag: 99,
};

/** Lag of 84,445 + 57,784 + 41,991 + 0 messages: 184,220. */
const PARTITIONS = [
  { committed: 88_120_455, end: 88_204_900, start: 1000, lost: 0, owner: 'enricher-4' },
  { committed: 91_003_220, end: 91_061_004, start: 1000, lost: 0, owner: 'enricher-9' },
  { committed: 40_000_000, end: 40_041_991, start: 40_000_045, lost: 45, owner: 'enricher-2' },
  { committed: 12_345, end: 12_345, start: 0, lost: 0, owner: undefined },
];

function partitions(at: number): Event[] {
  return PARTITIONS.map(({ committed, end, start, lost, owner }, partition) => ({
    ...consumer(at, partition),
    consumerOffset: committed,
    logEndOffset: end,
    logStartOffset: start,
    consumerLag: end - committed,
    messagesLost: lost,
    ...(owner && { memberId: `${owner}-2f3a`, clientId: owner, clientHost: '/10.2.4.18' }),
  }));
}

/** No offset, no lag: unknown, not zero. */
function neverCommitted(at: number): Event {
  return { ...consumer(at, 4), logEndOffset: 500, logStartOffset: 0 };
}

function consumer(at: number, partition: number): Event {
  const identity = { consumerGroup: 'orders-enricher', topic: 'orders.created', partition };
  return { ...sample(at, 'KafkaConsumerSample', 'orders-eu'), ...identity };
}

function topics(at: number): Event[] {
  const common = {
    replicationFactor: 3,
    minInsyncReplicas: 2,
    underReplicatedPartitions: 0,
    offlinePartitions: 0,
  };
  const topic = (cluster: string, name: string, more: Event) => ({
    ...sample(at, 'KafkaTopicSample', cluster),
    topic: name,
    ...common,
    ...more,
  });
  return [
    topic('orders-eu', 'orders.created', {
      partitionCount: 48,
      messagesInPerSec: 52_100,
      offlinePartitions: 3,
      retentionMs: 604_800_000,
    }),
    topic('orders-eu', 'orders.audit', {
      partitionCount: 12,
      messagesInPerSec: 0,
      retentionMs: -1,
    }),
    topic('payments', 'payments.settled', {
      partitionCount: 6,
      messagesInPerSec: 1288,
      sizeBytes: 1_610_612_736,
    }),
  ];
}

function brokers(at: number): Event[] {
  return [1, 2, 3, 4, 5].map((id) => ({
    ...sample(at, 'KafkaBrokerSample', 'orders-eu'),
    brokerId: `${id}`,
    host: `broker${id}.eu`,
    brokerStatus: 'ONLINE',
    isController: id === 2,
    leaderCount: 460 + id,
    partitionCount: 1382,
    underReplicatedPartitions: id === 5 ? 12 : 0,
    requestLatencyMs: 1.5,
  }));
}

function clusterSample(at: number, cluster: string, more: Event): Event {
  return { ...sample(at, 'KafkaClusterSample', cluster), ...more };
}

function groupSample(at: number, cluster: string, group: string, more: Event): Event {
  return { ...sample(at, 'KafkaConsumerGroupSample', cluster), consumerGroup: group, ...more };
}

function sample(at: number, eventType: string, clusterName: string): Event {
  return {
    eventType,
    timestamp: at,
    clusterName,
    environment: 'production',
    kafkaProvider: 'SELF_MANAGED',
  };
}
