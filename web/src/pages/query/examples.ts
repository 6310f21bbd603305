/** Five questions a Kafka operator asks, for a console that was never used. */
export const EXAMPLES = [
  {
    title: 'Which groups are furthest behind?',
    nrql: 'SELECT latest(totalLag) FROM KafkaConsumerGroupSample FACET consumerGroup LIMIT 10',
  },
  {
    title: 'How did their lag develop?',
    nrql: 'SELECT max(totalLag) FROM KafkaConsumerGroupSample FACET consumerGroup TIMESERIES SINCE 1 hour ago',
  },
  {
    title: 'How much is produced in each cluster?',
    nrql: 'SELECT average(messagesInPerSec) FROM KafkaClusterSample FACET clusterName TIMESERIES SINCE 1 hour ago',
  },
  {
    title: 'Is any partition offline or under-replicated?',
    nrql: 'SELECT max(offlinePartitions), max(underReplicatedPartitions) FROM KafkaClusterSample FACET clusterName',
  },
  {
    title: 'What did the newest group samples say?',
    nrql: 'SELECT timestamp, clusterName, consumerGroup, groupState, memberCount, totalLag FROM KafkaConsumerGroupSample LIMIT 20',
  },
] as const;
