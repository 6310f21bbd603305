//! Which questions to a cluster an attribute comes from. The words are those of the capability map.

/// Where an attribute comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Answers to these, all of them.
    Questions(&'static [&'static str]),
    /// What brokers measure of themselves and Kafka's protocol does not carry.
    BrokerMetrics,
}

const METADATA: &str = "metadata";
const GROUPS: &str = "groups";
const MEMBERS: &str = "group members";
const COMMITS: &str = "committed offsets";
const LOG_ENDS: &str = "log end offsets";
const LOG_STARTS: &str = "log start offsets";
const QUORUM: &str = "metadata quorum";
const CONFIGS: &str = "topic configurations";
const DISKS: &str = "log directories";
const REGISTERED: &str = "registered brokers";
const REASSIGNMENTS: &str = "reassignments";

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
pub fn of_event(event: &str) -> &'static [&'static str] {
    match event {
        "KafkaConsumerGroupSample" => &[GROUPS],
        "KafkaConsumerMemberSample" => &[GROUPS, MEMBERS],
        "KafkaConsumerSample" => &[GROUPS, COMMITS],
        "KafkaLogDirSample" => &[DISKS],
        "WeirCollection" => &[],
        _ => &[METADATA],
    }
}

fn of_attribute(event: &str, attribute: &str) -> Option<Need> {
    let questions: &[&str] = match attribute {
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
        "messagesInPerSec" | "logEndOffset" | "logEndOffsetSum" => &[LOG_ENDS],
        "logStartOffset" | "logStartOffsetSum" => &[LOG_STARTS],
        "activeControllers" | "isController" => &[QUORUM],
        "underMinIsrPartitions"
        | "atMinIsrPartitions"
        | "minInsyncReplicas"
        | "retentionMs"
        | "cleanupPolicy" => &[CONFIGS],
        "diskUsedBytes" | "diskTotalBytes" | "diskFreeBytes" | "offlineLogDirs" | "sizeBytes" => {
            &[DISKS]
        }
        "fencedBrokers" => &[REGISTERED],
        "reassigningPartitions" => &[REASSIGNMENTS],
        "consumerGroupCount" => &[GROUPS],
        "consumerOffset" | "commitAgeSeconds" | "topicCount" | "partitionCount"
            if event.starts_with("KafkaConsumer") =>
        {
            &[GROUPS, COMMITS]
        }
        "consumerLag"
        | "totalLag"
        | "maxLag"
        | "lagVelocity"
        | "secondsToCatchUp"
        | "consumerLagSeconds"
        | "consumerLagSecondsLow"
        | "consumerLagSecondsHigh"
        | "maxLagSeconds"
        | "lagSecondsMethod"
        | "lagStatus" => &[GROUPS, COMMITS, LOG_ENDS],
        "messagesLost" => &[GROUPS, COMMITS, LOG_STARTS],
        "secondsToDataLoss" => &[GROUPS, COMMITS, LOG_STARTS, CONFIGS],
        "memberId" | "clientId" | "clientHost" | "memberCount" | "assignor" | "abandoned"
        | "assignedPartitions" => &[GROUPS, MEMBERS],
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
        assert_eq!(disks, Need::Questions(&[DISKS]));
        assert_eq!(of("KafkaBrokerSample", Some("cpuUserPercent")), Need::BrokerMetrics);
        assert_eq!(of("KafkaTopicSample", Some("partitionCount")), Need::Questions(&[METADATA]));
        assert_eq!(of("KafkaTopicSample", None), Need::Questions(&[METADATA]));
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
