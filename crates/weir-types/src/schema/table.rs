//! The rows of the schema. This file is a public contract: a change needs a changelog line.

use super::{AttributeKind, AttributeSchema, EventSchema, Unit};
use crate::value::ValueKind;
use AttributeKind::{Identity, Measure, State};
use ValueKind::{Bool, Float, Int, Str};

/// On every event of Weir's own sources.
pub const COMMON: &[AttributeSchema] = &[
    attribute("environment", Identity, Str, Unit::None, "the `environment` of weir.yaml"),
    attribute(
        "kafkaProvider",
        Identity,
        Str,
        Unit::None,
        "`SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`",
    ),
    attribute("clusterName", Identity, Str, Unit::None, "the name the source was given"),
    attribute("clusterId", Identity, Str, Unit::None, "the id the cluster gave itself"),
    attribute("source", Identity, Str, Unit::None, "which configured source observed this"),
    attribute(
        "instrumentation.provider",
        Identity,
        Str,
        Unit::None,
        "always `weir`: keeps our rows apart from another agent's of the same name",
    ),
    attribute(
        "sampleAgeSeconds",
        Measure,
        Float,
        Unit::Seconds,
        "how old the observation was when the event was made",
    ),
    attribute(
        "stale",
        State,
        Bool,
        Unit::None,
        "true when the thing did not answer and older knowledge is repeated",
    ),
    attribute(
        "completeness",
        Measure,
        Float,
        Unit::Ratio,
        "share of what the cycle asked that was answered",
    ),
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
];

const KAFKA_CLUSTER_SAMPLE: &[AttributeSchema] = &[
    attribute("brokerCount", Measure, Int, Unit::Count, "live brokers in the metadata"),
    attribute(
        "activeControllers",
        Measure,
        Int,
        Unit::Count,
        "1 when the quorum has a leader; absent where the source can't know",
    ),
    attribute("offlinePartitions", Measure, Int, Unit::Count, "partitions without a leader"),
    attribute(
        "underReplicatedPartitions",
        Measure,
        Int,
        Unit::Count,
        "partitions with fewer in-sync replicas than replicas",
    ),
    attribute(
        "underMinIsrPartitions",
        Measure,
        Int,
        Unit::Count,
        "partitions with fewer in-sync replicas than min.insync.replicas",
    ),
    attribute(
        "atMinIsrPartitions",
        Measure,
        Int,
        Unit::Count,
        "partitions with exactly min.insync.replicas in sync, and more replicas than that",
    ),
    attribute(
        "partitionCount",
        Measure,
        Int,
        Unit::Count,
        "partitions of all topics the source may see",
    ),
    attribute("topicCount", Measure, Int, Unit::Count, "topics the source may see"),
    attribute(
        "consumerGroupCount",
        Measure,
        Int,
        Unit::Count,
        "groups of every type the source may see",
    ),
    attribute("fencedBrokers", Measure, Int, Unit::Count, "registered brokers that are fenced"),
    attribute("bytesInPerSec", Measure, Float, Unit::BytesPerSecond, "bytes produced"),
    attribute("bytesOutPerSec", Measure, Float, Unit::BytesPerSecond, "bytes consumed"),
    attribute(
        "messagesInPerSec",
        Measure,
        Float,
        Unit::MessagesPerSecond,
        "messages produced, from two polls of the log end offsets",
    ),
    attribute("diskUsedBytes", Measure, Int, Unit::Bytes, "bytes of all log directories"),
    attribute("diskTotalBytes", Measure, Int, Unit::Bytes, "size of the volumes that hold them"),
    attribute(
        "kafkaVersion",
        State,
        Str,
        Unit::None,
        "the newest release whose protocol the brokers speak",
    ),
    attribute("healthScore", Measure, Float, Unit::Score, "0 to 100"),
    attribute(
        "healthStatus",
        State,
        Str,
        Unit::None,
        "`HEALTHY`, `WARNING`, `CRITICAL` or `UNKNOWN`",
    ),
];

const KAFKA_BROKER_SAMPLE: &[AttributeSchema] = &[
    attribute("brokerId", Identity, Str, Unit::None, "node id, as text"),
    attribute("host", State, Str, Unit::None, "advertised host"),
    attribute("rack", State, Str, Unit::None, "broker.rack"),
    attribute("brokerStatus", State, Str, Unit::None, "`ONLINE`, `FENCED` or `OFFLINE`"),
    attribute("isController", State, Bool, Unit::None, "whether it leads the metadata quorum"),
    attribute("leaderCount", Measure, Int, Unit::Count, "partitions it leads"),
    attribute("partitionCount", Measure, Int, Unit::Count, "replicas it holds"),
    attribute(
        "underReplicatedPartitions",
        Measure,
        Int,
        Unit::Count,
        "partitions it leads that are under-replicated",
    ),
    attribute("diskUsedBytes", Measure, Int, Unit::Bytes, "bytes of its log directories"),
    attribute("diskTotalBytes", Measure, Int, Unit::Bytes, "size of the volumes that hold them"),
    attribute("bytesInPerSec", Measure, Float, Unit::BytesPerSecond, "bytes produced to it"),
    attribute("bytesOutPerSec", Measure, Float, Unit::BytesPerSecond, "bytes consumed from it"),
    attribute(
        "messagesInPerSec",
        Measure,
        Float,
        Unit::MessagesPerSecond,
        "messages produced to it",
    ),
    attribute("cpuUserPercent", Measure, Float, Unit::Percent, "user CPU time"),
    attribute("cpuSystemPercent", Measure, Float, Unit::Percent, "system CPU time"),
    attribute(
        "requestHandlerIdlePercent",
        Measure,
        Float,
        Unit::Percent,
        "idle share of the request handler threads",
    ),
    attribute(
        "produceTotalTimeMsP99",
        Measure,
        Float,
        Unit::Milliseconds,
        "99th percentile of a produce request",
    ),
    attribute(
        "fetchTotalTimeMsP99",
        Measure,
        Float,
        Unit::Milliseconds,
        "99th percentile of a consumer's fetch request",
    ),
    attribute(
        "requestLatencyMs",
        Measure,
        Float,
        Unit::Milliseconds,
        "round trip of our own request, measured by Weir",
    ),
];

const KAFKA_TOPIC_SAMPLE: &[AttributeSchema] = &[
    attribute("topic", Identity, Str, Unit::None, "topic name"),
    attribute("partitionCount", Measure, Int, Unit::Count, "partitions"),
    attribute(
        "replicationFactor",
        Measure,
        Int,
        Unit::Count,
        "replicas of a partition; the smallest where partitions differ",
    ),
    attribute("minInsyncReplicas", Measure, Int, Unit::Count, "min.insync.replicas"),
    attribute(
        "messagesInPerSec",
        Measure,
        Float,
        Unit::MessagesPerSecond,
        "messages produced, from two polls of the log end offsets",
    ),
    attribute("bytesInPerSec", Measure, Float, Unit::BytesPerSecond, "bytes produced"),
    attribute("bytesOutPerSec", Measure, Float, Unit::BytesPerSecond, "bytes consumed"),
    attribute("sizeBytes", Measure, Int, Unit::Bytes, "size of all replicas on disk"),
    attribute(
        "logStartOffsetSum",
        Measure,
        Int,
        Unit::Offset,
        "log start offsets of all partitions, added",
    ),
    attribute(
        "logEndOffsetSum",
        Measure,
        Int,
        Unit::Offset,
        "log end offsets of all partitions, added",
    ),
    attribute(
        "underReplicatedPartitions",
        Measure,
        Int,
        Unit::Count,
        "partitions with fewer in-sync replicas than replicas",
    ),
    attribute("offlinePartitions", Measure, Int, Unit::Count, "partitions without a leader"),
    attribute(
        "nonPreferredLeaders",
        Measure,
        Int,
        Unit::Count,
        "partitions led by another replica than the first",
    ),
    attribute("retentionMs", Measure, Int, Unit::Milliseconds, "retention.ms; -1 keeps for ever"),
    attribute("cleanupPolicy", State, Str, Unit::None, "cleanup.policy"),
];

const KAFKA_PARTITION_SAMPLE: &[AttributeSchema] = &[
    attribute("topic", Identity, Str, Unit::None, "topic name"),
    attribute("partition", Identity, Int, Unit::None, "partition number"),
    attribute(
        "leader",
        State,
        Str,
        Unit::None,
        "node id of the leader, as text; absent when there is none",
    ),
    attribute("isrCount", Measure, Int, Unit::Count, "in-sync replicas"),
    attribute("replicaCount", Measure, Int, Unit::Count, "replicas"),
    attribute("logStartOffset", Measure, Int, Unit::Offset, "first offset still in the log"),
    attribute("logEndOffset", Measure, Int, Unit::Offset, "offset the next message will get"),
    attribute("sizeBytes", Measure, Int, Unit::Bytes, "size of the leader's log"),
    attribute(
        "partitionStatus",
        State,
        Str,
        Unit::None,
        "`OK`, `UNDER_REPLICATED`, `UNDER_MIN_ISR` or `OFFLINE`",
    ),
];

const KAFKA_CONSUMER_SAMPLE: &[AttributeSchema] = &[
    attribute("consumerGroup", Identity, Str, Unit::None, "group id"),
    attribute("topic", Identity, Str, Unit::None, "topic name"),
    attribute("partition", Identity, Int, Unit::None, "partition number"),
    attribute("groupType", State, Str, Unit::None, "`classic`, `consumer`, `share` or `streams`"),
    attribute("groupState", State, Str, Unit::None, "as the coordinator names it"),
    attribute(
        "consumerOffset",
        Measure,
        Int,
        Unit::Offset,
        "committed offset; absent when the group never committed here",
    ),
    attribute("logEndOffset", Measure, Int, Unit::Offset, "offset the next message will get"),
    attribute("logStartOffset", Measure, Int, Unit::Offset, "first offset still in the log"),
    attribute(
        "consumerLag",
        Measure,
        Int,
        Unit::Messages,
        "log end offset less committed offset, never negative; absent without a commit",
    ),
    attribute(
        "consumerLagSeconds",
        Measure,
        Float,
        Unit::Seconds,
        "age of the oldest message not yet consumed",
    ),
    attribute(
        "consumerLagSecondsLow",
        Measure,
        Float,
        Unit::Seconds,
        "lower end of the bracket of consumerLagSeconds",
    ),
    attribute(
        "consumerLagSecondsHigh",
        Measure,
        Float,
        Unit::Seconds,
        "upper end of the bracket of consumerLagSeconds",
    ),
    attribute(
        "lagSecondsMethod",
        State,
        Str,
        Unit::None,
        "`exact`, `bisected`, `interpolated` or `at_least`",
    ),
    attribute("lagStatus", State, Str, Unit::None, "`OK`, `WARN`, `STOP`, `STALL` or `REWIND`"),
    attribute(
        "messagesLost",
        Measure,
        Int,
        Unit::Messages,
        "messages between the committed offset and the log start: deleted before they were consumed",
    ),
    attribute(
        "secondsToDataLoss",
        Measure,
        Float,
        Unit::Seconds,
        "until retention overtakes the committed offset",
    ),
    attribute(
        "commitAgeSeconds",
        Measure,
        Float,
        Unit::Seconds,
        "since the committed offset last moved",
    ),
    attribute("memberId", State, Str, Unit::None, "member the partition is assigned to"),
    attribute("clientId", State, Str, Unit::None, "client.id of that member"),
    attribute("clientHost", State, Str, Unit::None, "address of that member"),
];

const KAFKA_CONSUMER_MEMBER_SAMPLE: &[AttributeSchema] = &[
    attribute("consumerGroup", Identity, Str, Unit::None, "group id"),
    attribute("memberId", Identity, Str, Unit::None, "member id"),
    attribute("clientId", State, Str, Unit::None, "client.id"),
    attribute("clientHost", State, Str, Unit::None, "address the coordinator sees"),
    attribute("assignedPartitions", Measure, Int, Unit::Count, "partitions assigned to it"),
    attribute("memberType", State, Str, Unit::None, "`classic` or `consumer`"),
];

const KAFKA_CONSUMER_GROUP_SAMPLE: &[AttributeSchema] = &[
    attribute("consumerGroup", Identity, Str, Unit::None, "group id"),
    attribute("groupType", State, Str, Unit::None, "`classic`, `consumer`, `share` or `streams`"),
    attribute("groupState", State, Str, Unit::None, "as the coordinator names it"),
    attribute("abandoned", State, Bool, Unit::None, "no members and a lag that no longer moves"),
    attribute("memberCount", Measure, Int, Unit::Count, "members"),
    attribute("topicCount", Measure, Int, Unit::Count, "topics with a commit or an assignment"),
    attribute(
        "partitionCount",
        Measure,
        Int,
        Unit::Count,
        "partitions with a commit or an assignment",
    ),
    attribute(
        "totalLag",
        Measure,
        Int,
        Unit::Messages,
        "lag of all partitions, added; absent when no partition has a commit",
    ),
    attribute("maxLag", Measure, Int, Unit::Messages, "lag of the worst partition"),
    attribute(
        "maxLagSeconds",
        Measure,
        Float,
        Unit::Seconds,
        "consumerLagSeconds of the worst partition",
    ),
    attribute("lagStatus", State, Str, Unit::None, "`OK`, `WARN` or `ERR`"),
    attribute("lagVelocity", Measure, Float, Unit::MessagesPerSecond, "change of the total lag"),
    attribute(
        "secondsToCatchUp",
        Measure,
        Float,
        Unit::Seconds,
        "until the lag is gone at the present rates; absent when it grows",
    ),
    attribute("rebalanceCount", Measure, Int, Unit::Count, "rebalances seen since Weir started"),
    attribute("healthScore", Measure, Float, Unit::Score, "0 to 100"),
    attribute(
        "coordinatorId",
        State,
        Str,
        Unit::None,
        "node id of the group's coordinator, as text",
    ),
    attribute("assignor", State, Str, Unit::None, "partition assignor the group agreed on"),
];

const WEIR_COLLECTION: &[AttributeSchema] = &[
    attribute(
        "durationMs",
        Measure,
        Int,
        Unit::Milliseconds,
        "from the first request to the last answer",
    ),
    attribute("requestCount", Measure, Int, Unit::Count, "requests sent"),
    attribute("eventCount", Measure, Int, Unit::Count, "events made"),
    attribute("errorCount", Measure, Int, Unit::Count, "requests that failed"),
    attribute("error", State, Str, Unit::None, "the first failure, with its next step"),
];

const fn attribute(
    name: &'static str,
    kind: AttributeKind,
    value: ValueKind,
    unit: Unit,
    doc: &'static str,
) -> AttributeSchema {
    AttributeSchema { name, kind, value, unit, doc }
}
