//! The rows of the schema. This file is a public contract: a change needs a changelog line.

use super::{AttributeKind, AttributeSchema, EventSchema, Unit};
use crate::value::ValueKind;
use Unit::{
    Bytes, BytesPerSecond, Count, Messages, MessagesPerSecond, Milliseconds, Offset, Percent,
    Ratio, Score, Seconds,
};
use ValueKind::{Bool, Float, Int, Str};

/// On every event of Weir's own sources.
pub const COMMON: &[AttributeSchema] = &[
    identity("environment", Str, "the `environment` of weir.yaml"),
    identity("kafkaProvider", Str, "`SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`"),
    identity("clusterName", Str, "the name the source was given"),
    identity("clusterId", Str, "the id the cluster gave itself"),
    identity("source", Str, "which configured source observed this"),
    identity(
        "instrumentation.provider",
        Str,
        "always `weir`: keeps our rows apart from another agent's of the same name",
    ),
    measure(
        "sampleAgeSeconds",
        Float,
        Seconds,
        "how old the observation was when the event was made",
    ),
    state("stale", Bool, "true when the thing did not answer and older knowledge is repeated"),
    measure("completeness", Float, Ratio, "share of what the cycle asked that was answered"),
];

/// Every declared event type, in the order of the docs.
pub const EVENT_TYPES: &[EventSchema] = &[
    EventSchema {
        name: "KafkaClusterSample",
        doc: "One cluster at one moment.",
        attributes: KAFKA_CLUSTER_SAMPLE,
    },
    EventSchema {
        name: "KafkaBrokerSample",
        doc: "One broker at one moment.",
        attributes: KAFKA_BROKER_SAMPLE,
    },
    EventSchema {
        name: "KafkaLogDirSample",
        doc: "One log directory of one broker at one moment.",
        attributes: KAFKA_LOG_DIR_SAMPLE,
    },
    EventSchema {
        name: "KafkaTopicSample",
        doc: "One topic at one moment.",
        attributes: KAFKA_TOPIC_SAMPLE,
    },
    EventSchema {
        name: "KafkaPartitionSample",
        doc: "One partition at one moment: the abnormal ones by default.",
        attributes: KAFKA_PARTITION_SAMPLE,
    },
    EventSchema {
        name: "KafkaConsumerSample",
        doc: "One consumer group on one partition at one moment.",
        attributes: KAFKA_CONSUMER_SAMPLE,
    },
    EventSchema {
        name: "KafkaConsumerMemberSample",
        doc: "One member of a consumer group at one moment.",
        attributes: KAFKA_CONSUMER_MEMBER_SAMPLE,
    },
    EventSchema {
        name: "KafkaConsumerGroupSample",
        doc: "One consumer group at one moment.",
        attributes: KAFKA_CONSUMER_GROUP_SAMPLE,
    },
    EventSchema {
        name: "WeirCollection",
        doc: "One cycle of one of Weir's own sources.",
        attributes: WEIR_COLLECTION,
    },
    EventSchema {
        name: "WeirQuery",
        doc: "One query and what became of it. No source makes it, so it has no common attributes.",
        attributes: WEIR_QUERY,
    },
];

const HEALTH_SCORE: AttributeSchema = measure("healthScore", Float, Score, "0 to 100");
const HEALTH_STATUS: AttributeSchema =
    state("healthStatus", Str, "`HEALTHY`, `WARNING`, `CRITICAL` or `UNKNOWN`");
const HEALTH_REASONS: AttributeSchema = state(
    "healthReasons",
    Str,
    "each rule that took points with its value, and the rules that could not be checked",
);

const KAFKA_CLUSTER_SAMPLE: &[AttributeSchema] = &[
    measure("brokerCount", Int, Count, "live brokers in the metadata"),
    measure(
        "activeControllers",
        Int,
        Count,
        "1 when the quorum has a leader; absent where the source can't know",
    ),
    measure("offlinePartitions", Int, Count, "partitions without a leader"),
    measure(
        "underReplicatedPartitions",
        Int,
        Count,
        "partitions with fewer in-sync replicas than replicas, those of a move under way aside",
    ),
    measure(
        "underMinIsrPartitions",
        Int,
        Count,
        "partitions with fewer in-sync replicas than min.insync.replicas, or without a leader",
    ),
    measure(
        "atMinIsrPartitions",
        Int,
        Count,
        "partitions with exactly min.insync.replicas in sync, and more replicas than that",
    ),
    measure("partitionCount", Int, Count, "partitions of all topics the source may see"),
    measure("topicCount", Int, Count, "topics the source may see"),
    measure("consumerGroupCount", Int, Count, "groups of every type the source may see"),
    measure("fencedBrokers", Int, Count, "registered brokers that are fenced"),
    measure(
        "offlineBrokers",
        Int,
        Count,
        "brokers registered, named by a replica list or seen lately that are not live, fenced ones included",
    ),
    measure("nonPreferredLeaders", Int, Count, "partitions led by another replica than the first"),
    measure("reassigningPartitions", Int, Count, "partitions whose replicas are being moved"),
    measure("bytesInPerSec", Float, BytesPerSecond, "bytes produced"),
    measure("bytesOutPerSec", Float, BytesPerSecond, "bytes consumed"),
    measure(
        "messagesInPerSec",
        Float,
        MessagesPerSecond,
        "messages produced, from two polls of the log end offsets",
    ),
    measure("diskUsedBytes", Int, Bytes, "bytes of all log directories"),
    measure("diskTotalBytes", Int, Bytes, "size of the volumes that hold them"),
    measure("diskFreeBytes", Int, Bytes, "room left on those volumes"),
    measure("offlineLogDirs", Int, Count, "log directories the brokers can no longer use"),
    state("kafkaVersion", Str, "the newest release whose protocol the brokers speak"),
    HEALTH_SCORE,
    HEALTH_STATUS,
    HEALTH_REASONS,
];

const KAFKA_BROKER_SAMPLE: &[AttributeSchema] = &[
    identity("brokerId", Str, "node id, as text"),
    state("host", Str, "advertised host"),
    state("rack", Str, "broker.rack"),
    state("brokerStatus", Str, "`ONLINE`, `FENCED` or `OFFLINE`"),
    state("isController", Bool, "whether it leads the metadata quorum"),
    measure("leaderCount", Int, Count, "partitions it leads"),
    measure("partitionCount", Int, Count, "replicas it holds"),
    measure(
        "underReplicatedPartitions",
        Int,
        Count,
        "partitions it leads that are under-replicated",
    ),
    measure("diskUsedBytes", Int, Bytes, "bytes of its log directories"),
    measure("diskTotalBytes", Int, Bytes, "size of the volumes that hold them"),
    measure("diskFreeBytes", Int, Bytes, "room left on those volumes"),
    measure("offlineLogDirs", Int, Count, "log directories the brokers can no longer use"),
    measure("bytesInPerSec", Float, BytesPerSecond, "bytes produced to it"),
    measure("bytesOutPerSec", Float, BytesPerSecond, "bytes consumed from it"),
    measure("messagesInPerSec", Float, MessagesPerSecond, "messages produced to it"),
    measure("cpuUserPercent", Float, Percent, "user CPU time"),
    measure("cpuSystemPercent", Float, Percent, "system CPU time"),
    measure(
        "requestHandlerIdlePercent",
        Float,
        Percent,
        "idle share of the request handler threads",
    ),
    measure("produceTotalTimeMsP99", Float, Milliseconds, "99th percentile of a produce request"),
    measure(
        "fetchTotalTimeMsP99",
        Float,
        Milliseconds,
        "99th percentile of a consumer's fetch request",
    ),
    measure(
        "requestLatencyMs",
        Float,
        Milliseconds,
        "round trip of our own request, measured by Weir",
    ),
    HEALTH_SCORE,
    HEALTH_STATUS,
    HEALTH_REASONS,
];

const KAFKA_LOG_DIR_SAMPLE: &[AttributeSchema] = &[
    identity("brokerId", Str, "node id, as text"),
    identity("logDir", Str, "path on the broker, as in its log.dirs"),
    state("logDirStatus", Str, "`ONLINE` or `OFFLINE`"),
    state("logDirError", Str, "why it is offline, as Kafka names errors"),
    measure("replicaCount", Int, Count, "replicas in it"),
    measure("diskUsedBytes", Int, Bytes, "bytes of the replicas in it"),
    measure("diskTotalBytes", Int, Bytes, "size of its volume"),
    measure(
        "diskFreeBytes",
        Int,
        Bytes,
        "room left on its volume, which other directories may share",
    ),
];

const KAFKA_TOPIC_SAMPLE: &[AttributeSchema] = &[
    identity("topic", Str, "topic name"),
    measure("partitionCount", Int, Count, "partitions"),
    measure(
        "replicationFactor",
        Int,
        Count,
        "replicas of a partition; the smallest where partitions differ",
    ),
    measure("minInsyncReplicas", Int, Count, "min.insync.replicas"),
    measure(
        "messagesInPerSec",
        Float,
        MessagesPerSecond,
        "messages produced, from two polls of the log end offsets",
    ),
    measure("bytesInPerSec", Float, BytesPerSecond, "bytes produced"),
    measure("bytesOutPerSec", Float, BytesPerSecond, "bytes consumed"),
    measure("sizeBytes", Int, Bytes, "size of all replicas on disk"),
    measure("logStartOffsetSum", Int, Offset, "log start offsets of all partitions, added"),
    measure("logEndOffsetSum", Int, Offset, "log end offsets of all partitions, added"),
    measure(
        "underReplicatedPartitions",
        Int,
        Count,
        "partitions with fewer in-sync replicas than replicas, those of a move under way aside",
    ),
    measure("offlinePartitions", Int, Count, "partitions without a leader"),
    measure(
        "underMinIsrPartitions",
        Int,
        Count,
        "partitions with fewer in-sync replicas than min.insync.replicas, or without a leader",
    ),
    measure(
        "atMinIsrPartitions",
        Int,
        Count,
        "partitions with exactly min.insync.replicas in sync, and more replicas than that",
    ),
    measure("reassigningPartitions", Int, Count, "partitions whose replicas are being moved"),
    measure("nonPreferredLeaders", Int, Count, "partitions led by another replica than the first"),
    measure(
        "stalePartitions",
        Int,
        Count,
        "partitions whose leader is silent: their offsets are repeated",
    ),
    measure("retentionMs", Int, Milliseconds, "retention.ms; -1 keeps for ever"),
    state("cleanupPolicy", Str, "cleanup.policy"),
    HEALTH_SCORE,
    HEALTH_STATUS,
    HEALTH_REASONS,
];

const KAFKA_PARTITION_SAMPLE: &[AttributeSchema] = &[
    identity("topic", Str, "topic name"),
    identity("partition", Int, "partition number"),
    state("leader", Str, "node id of the leader, as text; absent when there is none"),
    measure("isrCount", Int, Count, "in-sync replicas"),
    measure("replicaCount", Int, Count, "replicas"),
    state("replicas", Str, "node ids of the replicas, comma-separated, the preferred leader first"),
    state("isr", Str, "node ids of the in-sync replicas, comma-separated"),
    measure("logStartOffset", Int, Offset, "first offset still in the log"),
    measure("logEndOffset", Int, Offset, "offset the next message will get"),
    measure("sizeBytes", Int, Bytes, "size of the leader's log"),
    state("partitionStatus", Str, "`OK`, `UNDER_REPLICATED`, `UNDER_MIN_ISR` or `OFFLINE`"),
];

const KAFKA_CONSUMER_SAMPLE: &[AttributeSchema] = &[
    identity("consumerGroup", Str, "group id"),
    identity("topic", Str, "topic name"),
    identity("partition", Int, "partition number"),
    state("groupType", Str, "`classic`, `consumer`, `share` or `streams`"),
    state("groupState", Str, "as the coordinator names it"),
    measure(
        "consumerOffset",
        Int,
        Offset,
        "committed offset, of a share group the first offset it is not done with; absent when the group never committed here",
    ),
    measure("logEndOffset", Int, Offset, "offset the next message will get"),
    measure("logStartOffset", Int, Offset, "first offset still in the log"),
    measure(
        "consumerLag",
        Int,
        Messages,
        "log end offset less committed offset, never negative; of a share group what its coordinator counts, from Kafka 4.2 on; absent without a commit",
    ),
    measure(
        "consumerLagSeconds",
        Float,
        Seconds,
        "age of the oldest message not yet consumed that the log still holds; 0 when there is none",
    ),
    measure(
        "consumerLagSecondsLow",
        Float,
        Seconds,
        "lower end of the bracket of consumerLagSeconds",
    ),
    measure(
        "consumerLagSecondsHigh",
        Float,
        Seconds,
        "upper end of the bracket of consumerLagSeconds; absent when it may be any age",
    ),
    state("lagSecondsMethod", Str, "`exact`, `interpolated` or `at_least`"),
    state(
        "lagStatus",
        Str,
        "`OK`, `WARN`, `REWIND`, `STALL` or `STOP`, from best to worst; absent before enough was seen, and for share groups, which commit nothing",
    ),
    measure(
        "messagesLost",
        Int,
        Messages,
        "messages between the committed offset and the log start: deleted before they were consumed",
    ),
    measure("secondsToDataLoss", Float, Seconds, "until retention overtakes the committed offset"),
    measure(
        "commitAgeSeconds",
        Float,
        Seconds,
        "since the poll that saw the committed offset move; absent until Weir sees it move",
    ),
    state("memberId", Str, "member the partition is assigned to"),
    state("clientId", Str, "client.id of that member"),
    state("clientHost", Str, "address of that member"),
];

const KAFKA_CONSUMER_MEMBER_SAMPLE: &[AttributeSchema] = &[
    identity("consumerGroup", Str, "group id"),
    identity("memberId", Str, "member id"),
    state("clientId", Str, "client.id"),
    state("clientHost", Str, "address the coordinator sees"),
    measure("assignedPartitions", Int, Count, "partitions assigned to it"),
    state("memberType", Str, "`classic`, `consumer`, `share` or `streams`"),
];

const KAFKA_CONSUMER_GROUP_SAMPLE: &[AttributeSchema] = &[
    identity("consumerGroup", Str, "group id"),
    state("groupType", Str, "`classic`, `consumer`, `share` or `streams`"),
    state("groupState", Str, "as the coordinator names it"),
    state("abandoned", Bool, "no members and a lag that no longer moves"),
    measure("memberCount", Int, Count, "members"),
    measure("topicCount", Int, Count, "topics with a commit or an assignment"),
    measure("partitionCount", Int, Count, "partitions with a commit or an assignment"),
    measure(
        "totalLag",
        Int,
        Messages,
        "lag of all partitions, added; absent when no partition has a commit, and when the lag of one with a commit is not known",
    ),
    measure("maxLag", Int, Messages, "lag of the worst partition; absent when totalLag is"),
    measure("maxLagSeconds", Float, Seconds, "consumerLagSeconds of the worst partition"),
    state(
        "lagSecondsMethod",
        Str,
        "how maxLagSeconds was found; `at_least` when any partition may have an older message",
    ),
    measure(
        "messagesLost",
        Int,
        Messages,
        "messages of all partitions that were deleted before they were consumed",
    ),
    measure(
        "secondsToDataLoss",
        Float,
        Seconds,
        "until retention overtakes the first of its partitions",
    ),
    state("lagStatus", Str, "`OK`, `WARN` or `ERR`"),
    measure("lagVelocity", Float, MessagesPerSecond, "change of the total lag"),
    measure(
        "secondsToCatchUp",
        Float,
        Seconds,
        "until the lag is gone at the present rates; absent when it grows",
    ),
    measure("rebalanceCount", Int, Count, "rebalances seen since Weir started"),
    HEALTH_SCORE,
    HEALTH_STATUS,
    HEALTH_REASONS,
    state("coordinatorId", Str, "node id of the group's coordinator, as text"),
    state("assignor", Str, "partition assignor the group agreed on"),
];

const WEIR_COLLECTION: &[AttributeSchema] = &[
    measure("durationMs", Int, Milliseconds, "from the first request to the last answer"),
    measure("requestCount", Int, Count, "requests sent"),
    measure("eventCount", Int, Count, "events made"),
    measure("errorCount", Int, Count, "requests that failed"),
    state("error", Str, "the first failure, with its next step"),
];

const WEIR_QUERY: &[AttributeSchema] = &[
    state("nrql", Str, "the text, its first 4,096 bytes"),
    state(
        "outcome",
        Str,
        "`OK`, `INVALID`, `LIMIT`, `TIMEOUT`, `BUSY`, `FAILED`, or `CANCELLED` when the reader left",
    ),
    measure("durationMs", Int, Milliseconds, "from arrival to answer, waits included"),
    measure("inspectedCount", Int, Count, "rows looked at; absent without answer"),
    measure("matchedCount", Int, Count, "rows that met WHERE"),
    measure("resultCount", Int, Count, "rows of the answer"),
    state("error", Str, "why there is no answer"),
];

/// Who the event is about.
const fn identity(name: &'static str, value: ValueKind, doc: &'static str) -> AttributeSchema {
    AttributeSchema { name, kind: AttributeKind::Identity, value, unit: Unit::None, doc }
}

/// What it is now.
const fn state(name: &'static str, value: ValueKind, doc: &'static str) -> AttributeSchema {
    AttributeSchema { name, kind: AttributeKind::State, value, unit: Unit::None, doc }
}

/// A number.
const fn measure(
    name: &'static str,
    value: ValueKind,
    unit: Unit,
    doc: &'static str,
) -> AttributeSchema {
    AttributeSchema { name, kind: AttributeKind::Measure, value, unit, doc }
}
