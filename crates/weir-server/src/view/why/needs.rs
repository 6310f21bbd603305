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

/// What `event`, or `attribute` of it, needs.
pub fn of(event: &str, attribute: Option<&str>) -> Need {
    attribute.and_then(|name| of_attribute(event, name)).unwrap_or(Need::Questions(of_event(event)))
}

/// What an attribute waits for, where its samples are there without it; `None` leaves the word to
/// the schema.
pub fn waits_for(attribute: &str) -> Option<&'static str> {
    Some(match attribute {
        "diskTotalBytes" | "diskFreeBytes" => {
            "brokers tell the size of their volumes since Kafka 3.3"
        }
        "diskUsedBytes" | "sizeBytes" | "offlineLogDirs" => {
            "a broker that holds part of it does not tell of its log directories now"
        }
        "messagesInPerSec" | "lagVelocity" => "a rate needs two polls whose offsets are fresh",
        "logEndOffsetSum" | "logStartOffsetSum" => "one of its partitions has no leader that tells",
        "consumerOffset" | "consumerLag" | "totalLag" | "maxLag" | "consumerLagSeconds"
        | "maxLagSeconds" => {
            "without a commit, or without a fresh log end, there is no lag to tell"
        }
        "lagStatus" => "a verdict needs a whole window of polls",
        "leader" => "the partition has no leader",
        _ => return None,
    })
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

fn of_attribute(event: &str, attribute: &str) -> Option<Need> {
    let questions: &[Question] = match attribute {
        "bytesInPerSec"
        | "bytesOutPerSec"
        | "cpuUserPercent"
        | "cpuSystemPercent"
        | "requestHandlerIdlePercent"
        | "produceTotalTimeMsP99"
        | "fetchTotalTimeMsP99" => {
            return Some(Need::BrokerMetrics);
        }
        // A broker's own rate would have to be told by the broker.
        "messagesInPerSec" if event == "KafkaBrokerSample" => return Some(Need::BrokerMetrics),
        "messagesInPerSec" | "logEndOffset" | "logEndOffsetSum" => &[LogEndOffsets],
        "logStartOffset" | "logStartOffsetSum" => &[LogStartOffsets],
        "activeControllers" | "isController" => &[MetadataQuorum],
        "underMinIsrPartitions"
        | "atMinIsrPartitions"
        | "minInsyncReplicas"
        | "retentionMs"
        | "cleanupPolicy" => &[TopicConfigs],
        "diskUsedBytes" | "diskTotalBytes" | "diskFreeBytes" | "offlineLogDirs" | "sizeBytes" => {
            &[LogDirs]
        }
        "fencedBrokers" => &[RegisteredBrokers],
        "reassigningPartitions" => &[Reassignments],
        "consumerGroupCount" => &[ListGroups],
        "consumerOffset" | "topicCount" | "partitionCount"
            if event.starts_with("KafkaConsumer") =>
        {
            &[ListGroups, CommittedOffsets, ShareGroupOffsets]
        }
        "commitAgeSeconds" => &[ListGroups, CommittedOffsets],
        "consumerLag" | "totalLag" | "maxLag" | "lagVelocity" | "secondsToCatchUp" => {
            &[ListGroups, CommittedOffsets, LogEndOffsets, ShareGroupOffsets]
        }
        "consumerLagSeconds"
        | "consumerLagSecondsLow"
        | "consumerLagSecondsHigh"
        | "maxLagSeconds"
        | "lagSecondsMethod"
        | "lagStatus" => &[ListGroups, CommittedOffsets, LogEndOffsets],
        "messagesLost" => &[ListGroups, CommittedOffsets, LogStartOffsets],
        "secondsToDataLoss" => &[ListGroups, CommittedOffsets, LogStartOffsets, TopicConfigs],
        "memberId" | "clientId" | "clientHost" | "memberCount" | "assignor" | "abandoned"
        | "assignedPartitions" => &[ListGroups, GroupMembers],
        _ => return None,
    };
    Some(Need::Questions(questions))
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

    /// A name that is written wrong above would never be met.
    #[test]
    fn every_name_is_of_the_schema() {
        let source = include_str!("needs.rs");
        let table = source.split("fn of_attribute").nth(1).unwrap();
        let table = table.split("_ => return None").next().unwrap();
        let is_known = |name: &str| {
            EVENT_TYPES.iter().any(|event| {
                event.name.starts_with(name) || event.all_attributes().any(|a| a.name == name)
            })
        };
        let names: Vec<_> = table.split('"').skip(1).step_by(2).collect();
        assert!(names.len() > 30);
        assert!(names.iter().all(|name| is_known(name)), "{names:?}");
    }
}
