//! Which questions to a cluster an attribute comes from.

use weir_types::source::Question::{
    self, CommittedOffsets, GroupMembers, ListGroups, LogDirs, LogEndOffsets, LogStartOffsets,
    Metadata, MetadataQuorum, Reassignments, RegisteredBrokers, ShareGroupOffsets, TopicConfigs,
};

/// Where an attribute comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Answers to these, all of them that are asked.
    Questions(&'static [Question]),
    /// What brokers measure of themselves and Kafka's protocol does not carry.
    BrokerMetrics,
}

/// Which attributes need what, of events whose names begin so: the first row that is meant counts.
/// What stands in none comes with the samples of its event.
const NEEDS: &[(&str, &[&str], Need)] = &[
    (
        ANY,
        &[
            "bytesInPerSec",
            "bytesOutPerSec",
            "cpuUserPercent",
            "cpuSystemPercent",
            "requestHandlerIdlePercent",
            "produceTotalTimeMsP99",
            "fetchTotalTimeMsP99",
        ],
        Need::BrokerMetrics,
    ),
    // A broker's own rate would have to be told by the broker.
    ("KafkaBrokerSample", &["messagesInPerSec"], Need::BrokerMetrics),
    (
        ANY,
        &["messagesInPerSec", "logEndOffset", "logEndOffsetSum"],
        Need::Questions(&[LogEndOffsets]),
    ),
    (ANY, &["logStartOffset", "logStartOffsetSum"], Need::Questions(&[LogStartOffsets])),
    (ANY, &["activeControllers", "isController"], Need::Questions(&[MetadataQuorum])),
    (
        ANY,
        &[
            "underMinIsrPartitions",
            "atMinIsrPartitions",
            "minInsyncReplicas",
            "retentionMs",
            "cleanupPolicy",
        ],
        Need::Questions(&[TopicConfigs]),
    ),
    (
        ANY,
        &["diskUsedBytes", "diskTotalBytes", "diskFreeBytes", "offlineLogDirs", "sizeBytes"],
        Need::Questions(&[LogDirs]),
    ),
    (ANY, &["fencedBrokers"], Need::Questions(&[RegisteredBrokers])),
    (ANY, &["reassigningPartitions"], Need::Questions(&[Reassignments])),
    (ANY, &["consumerGroupCount"], Need::Questions(&[ListGroups])),
    (
        "KafkaConsumer",
        &["consumerOffset", "topicCount", "partitionCount"],
        Need::Questions(&[ListGroups, CommittedOffsets, ShareGroupOffsets]),
    ),
    (ANY, &["commitAgeSeconds"], Need::Questions(&[ListGroups, CommittedOffsets])),
    (
        ANY,
        &["consumerLag", "totalLag", "maxLag", "lagVelocity", "secondsToCatchUp"],
        Need::Questions(&[ListGroups, CommittedOffsets, LogEndOffsets, ShareGroupOffsets]),
    ),
    (
        ANY,
        &[
            "consumerLagSeconds",
            "consumerLagSecondsLow",
            "consumerLagSecondsHigh",
            "maxLagSeconds",
            "lagSecondsMethod",
            "lagStatus",
        ],
        Need::Questions(&[ListGroups, CommittedOffsets, LogEndOffsets]),
    ),
    (ANY, &["messagesLost"], Need::Questions(&[ListGroups, CommittedOffsets, LogStartOffsets])),
    (
        ANY,
        &["secondsToDataLoss"],
        Need::Questions(&[ListGroups, CommittedOffsets, LogStartOffsets, TopicConfigs]),
    ),
    (
        ANY,
        &[
            "memberId",
            "clientId",
            "clientHost",
            "memberCount",
            "assignor",
            "abandoned",
            "assignedPartitions",
        ],
        Need::Questions(&[ListGroups, GroupMembers]),
    ),
];

/// With what the name of every event begins.
const ANY: &str = "";

/// What attributes wait for, where samples are there without them.
const WAITS: &[(&[&str], &str)] = &[
    (
        &["diskTotalBytes", "diskFreeBytes"],
        "brokers tell the size of their volumes since Kafka 3.3",
    ),
    (
        &["diskUsedBytes", "sizeBytes", "offlineLogDirs"],
        "a broker that holds part of it does not tell of its log directories now",
    ),
    (&["messagesInPerSec", "lagVelocity"], "a rate needs two polls whose offsets are fresh"),
    (&["logEndOffsetSum", "logStartOffsetSum"], "one of its partitions has no leader that tells"),
    (
        &[
            "consumerOffset",
            "consumerLag",
            "totalLag",
            "maxLag",
            "consumerLagSeconds",
            "maxLagSeconds",
        ],
        "without a commit, or without a fresh log end, there is no lag to tell",
    ),
    (&["lagStatus"], "a verdict needs a whole window of polls"),
    (&["leader"], "the partition has no leader"),
];

/// What `event`, or `attribute` of it, needs.
pub fn of(event: &str, attribute: Option<&str>) -> Need {
    let is_meant = |(events, attributes, _): &&(&str, &[&str], Need)| {
        event.starts_with(events) && attribute.is_some_and(|name| attributes.contains(&name))
    };
    let row = NEEDS.iter().find(is_meant);
    row.map_or_else(|| Need::Questions(of_event(event)), |(.., need)| *need)
}

/// What an attribute waits for, where its samples are there without it; `None` leaves the word to
/// the schema.
pub fn waits_for(attribute: &str) -> Option<&'static str> {
    WAITS.iter().find(|(attributes, _)| attributes.contains(&attribute)).map(|(_, why)| *why)
}

/// Which of a source's filters the event type's names pass through.
pub fn filtered_names(event: &str) -> &'static [&'static str] {
    match event {
        "KafkaTopicSample" | "KafkaPartitionSample" => &["topics"],
        "KafkaConsumerSample" => &["groups", "topics"],
        "KafkaConsumerGroupSample" | "KafkaConsumerMemberSample" => &["groups"],
        _ => &[],
    }
}

/// What samples of an event type need to be made at all.
pub fn of_event(event: &str) -> &'static [Question] {
    match event {
        "KafkaConsumerGroupSample" => &[ListGroups],
        "KafkaConsumerMemberSample" => &[ListGroups, GroupMembers],
        "KafkaConsumerSample" => &[ListGroups, CommittedOffsets, ShareGroupOffsets],
        "KafkaLogDirSample" => &[LogDirs],
        "WeirCollection" => &[],
        _ => &[Metadata],
    }
}

#[cfg(test)]
mod tests {
    use weir_types::schema::EVENT_TYPES;

    use super::*;

    #[test]
    fn what_needs_a_right_is_known_to() {
        let disks = of("KafkaClusterSample", Some("diskUsedBytes"));
        assert_eq!(disks, Need::Questions(&[LogDirs]));
        assert_eq!(of("KafkaBrokerSample", Some("cpuUserPercent")), Need::BrokerMetrics);
        assert_eq!(of("KafkaTopicSample", Some("partitionCount")), Need::Questions(&[Metadata]));
        assert_eq!(of("KafkaTopicSample", None), Need::Questions(&[Metadata]));
    }

    /// A question that explains nothing would be asked in vain, or is forgotten above.
    #[test]
    fn every_question_explains_something() {
        let needs = EVENT_TYPES.iter().flat_map(|event| {
            event.all_attributes().map(|attribute| of(event.name, Some(attribute.name)))
        });
        let needs: Vec<Need> = needs.collect();
        for question in Question::ALL {
            let explains =
                |need: &Need| matches!(need, Need::Questions(all) if all.contains(&question));
            assert!(needs.iter().any(explains), "{question}");
        }
    }

    #[test]
    fn the_exception_goes_before_the_rule() {
        assert_eq!(of("KafkaBrokerSample", Some("messagesInPerSec")), Need::BrokerMetrics);
        let rate = of("KafkaTopicSample", Some("messagesInPerSec"));
        assert_eq!(rate, Need::Questions(&[LogEndOffsets]));
    }

    /// A name that is written wrong above would never be met.
    #[test]
    fn every_name_is_of_the_schema() {
        let is_known = |events: &str, name: &str| {
            let mut meant = EVENT_TYPES.iter().filter(|event| event.name.starts_with(events));
            meant.any(|event| event.all_attributes().any(|it| it.name == name))
        };
        for (events, attributes, _) in NEEDS {
            attributes.iter().for_each(|name| assert!(is_known(events, name), "{events} {name}"));
        }
        for name in WAITS.iter().flat_map(|(attributes, _)| *attributes) {
            assert!(is_known(ANY, name), "{name}");
        }
    }
}
