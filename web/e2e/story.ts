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
      groupState: 'Stable',
      groupType: 'classic',
      memberCount: 1,
    }),
    groupSample(nowMs, 'orders-eu', 'old-import', OLD_IMPORT),
    groupSample(nowMs, 'payments', 'settlement', SETTLEMENT),
    ...partitions(nowMs),
    neverCommitted(nowMs),
    ...members(nowMs),
    ...unwell(nowMs),
    ...topics(nowMs),
    ...brokers(nowMs),
  ];
}

const HEALTHY = { healthScore: 100, healthStatus: 'HEALTHY' };

const ORDERS = {
  brokerCount: 5,
  activeControllers: 1,
  offlinePartitions: 3,
  underReplicatedPartitions: 12,
  topicCount: 148,
  partitionCount: 2304,
  consumerGroupCount: 3,
  offlineBrokers: 1,
  underMinIsrPartitions: 3,
  atMinIsrPartitions: 9,
  diskUsedBytes: 1_099_511_627_776,
  diskFreeBytes: 549_755_813_888,
  maxLagSeconds: 118,
  kafkaVersion: '4.1',
  healthScore: 9,
  healthStatus: 'CRITICAL',
  healthReasons:
    'offlinePartitions 3: -60; brokers down 1: -20; underReplicatedPartitions 12: -11; not checked: offlineLogDirs',
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
  ...HEALTHY,
};

const SANDBOX = { brokerCount: 1, topicCount: 9, partitionCount: 9, consumerGroupCount: 0 };

const ENRICHER = {
  groupType: 'classic',
  groupState: 'Stable',
  memberCount: 12,
  topicCount: 1,
  partitionCount: 5,
  maxLag: 84_445,
  maxLagSeconds: 118,
  lagSecondsMethod: 'interpolated',
  lagVelocity: 2700,
  messagesLost: 45,
  secondsToDataLoss: 7200,
  lagStatus: 'WARN',
  healthScore: 50,
  healthStatus: 'CRITICAL',
  healthReasons: 'messagesLost 45: -30; lagStatus WARN: -20',
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
  maxLagSeconds: 2,
  lagSecondsMethod: 'interpolated',
  lagVelocity: -20,
  secondsToCatchUp: 20.6,
  lagStatus: 'OK',
  ...HEALTHY,
};

/** Nobody consumes any more: lists leave it out until they are asked. */
const OLD_IMPORT = {
  groupType: 'classic',
  groupState: 'Empty',
  abandoned: true,
  memberCount: 0,
  totalLag: 9_000_000,
};

const DOWN = {
  stale: true,
  sampleAgeSeconds: 90,
  brokerStatus: 'OFFLINE',
  healthScore: 0,
  healthStatus: 'CRITICAL',
  healthReasons: 'brokerStatus not ONLINE: -100',
};

/** Lag of 84,445 + 57,784 + 41,991 + 0 messages: 184,220. */
const PARTITIONS = [
  {
    ...{ committed: 88_120_455, end: 88_204_900, start: 1000, lost: 0, owner: 'enricher-4' },
    lag: { lagStatus: 'STALL', ...aged('interpolated', 118, 113, 123) },
  },
  {
    ...{ committed: 91_003_220, end: 91_061_004, start: 1000, lost: 0, owner: 'enricher-9' },
    lag: { lagStatus: 'WARN', ...aged('at_least', 64, 64) },
  },
  {
    ...{ committed: 40_000_000, end: 40_041_991, start: 40_000_045, lost: 45, owner: 'enricher-2' },
    lag: { lagStatus: 'WARN', ...aged('interpolated', 41, 40, 42) },
  },
  {
    ...{ committed: 12_345, end: 12_345, start: 0, lost: 0, owner: undefined },
    lag: { lagStatus: 'OK', ...aged('exact', 0, 0, 0) },
  },
];

function partitions(at: number): Event[] {
  return PARTITIONS.map(({ committed, end, start, lost, owner, lag }, partition) => ({
    ...consumer(at, partition),
    consumerOffset: committed,
    logEndOffset: end,
    logStartOffset: start,
    consumerLag: end - committed,
    messagesLost: lost,
    ...lag,
    ...(owner && { memberId: `${owner}-2f3a`, clientId: owner, clientHost: '/10.2.4.18' }),
  }));
}

function aged(method: string, secs: number, low: number, high?: number): Event {
  return {
    lagSecondsMethod: method,
    consumerLagSeconds: secs,
    consumerLagSecondsLow: low,
    ...(high !== undefined && { consumerLagSecondsHigh: high }),
  };
}

function members(at: number): Event[] {
  return ['enricher-4', 'enricher-9', 'enricher-2'].map((client) => ({
    ...sample(at, 'KafkaConsumerMemberSample', 'orders-eu'),
    consumerGroup: 'orders-enricher',
    memberId: `${client}-2f3a`,
    clientId: client,
    clientHost: '/10.2.4.18',
    assignedPartitions: 1,
    memberType: 'classic',
  }));
}

/** Partitions that are not well; those that are have no samples. */
function unwell(at: number): Event[] {
  const of = (topic: string, partition: number, more: Event) => ({
    ...sample(at, 'KafkaPartitionSample', 'orders-eu'),
    topic,
    partition,
    replicaCount: 3,
    ...more,
  });
  return [
    of('orders.created', 7, { partitionStatus: 'OFFLINE', isrCount: 0 }),
    of('orders.created', 9, { partitionStatus: 'UNDER_REPLICATED', leader: '2', isrCount: 2 }),
  ];
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
      cleanupPolicy: 'delete',
      healthScore: 40,
      healthStatus: 'CRITICAL',
      healthReasons: 'offlinePartitions 3: -60',
    }),
    topic('orders-eu', 'orders.audit', {
      partitionCount: 12,
      messagesInPerSec: 0,
      retentionMs: -1,
      ...HEALTHY,
    }),
    topic('payments', 'payments.settled', {
      partitionCount: 6,
      messagesInPerSec: 1288,
      sizeBytes: 1_610_612_736,
      ...HEALTHY,
    }),
  ];
}

function brokers(at: number): Event[] {
  return [1, 2, 3, 4, 5].map((id) => ({
    ...sample(at, 'KafkaBrokerSample', 'orders-eu'),
    brokerId: `${id}`,
    host: `broker${id}.eu`,
    isController: id === 2,
    leaderCount: 460 + id,
    partitionCount: 1382,
    underReplicatedPartitions: id === 5 ? 12 : 0,
    requestLatencyMs: 1.5,
    diskUsedBytes: 219_902_325_555,
    ...(id === 5 ? DOWN : { brokerStatus: 'ONLINE', ...HEALTHY }),
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
