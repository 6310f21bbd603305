//! A believable company's cluster, in several sizes.

use std::sync::Arc;
use std::time::Duration;

use crate::plan::{BrokerPlan, COMPACTED_SHARE, Cleanup, GroupKind, GroupPlan, Plan, TopicPlan};

const GIB: u64 = 1 << 30;
/// Some brokers hold more than their share, and days have their swing.
const DISK_FULL: f64 = 0.65;
/// How long ago topics were made, on average.
const LIFE: Duration = Duration::from_secs(40 * 86_400);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const DOMAINS: [&str; 12] = [
    "orders",
    "payments",
    "shipping",
    "catalog",
    "pricing",
    "search",
    "loyalty",
    "returns",
    "billing",
    "fraud",
    "support",
    "marketing",
];
const NOUNS: [&str; 10] = [
    "created",
    "updated",
    "cancelled",
    "snapshot",
    "commands",
    "audit",
    "retry",
    "dead-letter",
    "enriched",
    "changelog",
];

/// How much there is to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 6 brokers, 24 topics, 19 groups.
    #[default]
    Small,
    /// 12 brokers, 1,490 topics with 11,997 partitions, 2,000 groups.
    Large,
    /// 24 brokers, 10,000 topics, 1,000 groups.
    TenThousandTopics,
    /// 60 brokers, 2,018 topics with 99,969 partitions, 2,000 groups.
    HundredThousandPartitions,
    /// 200 brokers, 20,018 topics with 999,969 partitions, 2,000 groups.
    MillionPartitions,
}

/// The small company, with as much more of the same as the size asks for.
pub fn plan(size: Size) -> Plan {
    let mut plan = Plan { brokers: Vec::new(), topics: topics(), groups: groups() };
    match size {
        Size::Small => plan.brokers = brokers(6),
        Size::Large => {
            plan.brokers = brokers(12);
            more(&mut plan, 1_466, 8, 1_981);
        }
        Size::TenThousandTopics => {
            plan.brokers = brokers(24);
            more(&mut plan, 9_976, 6, 981);
        }
        Size::HundredThousandPartitions => {
            plan.brokers = brokers(60);
            more(&mut plan, 1_994, 50, 1_981);
        }
        Size::MillionPartitions => {
            plan.brokers = brokers(200);
            more(&mut plan, 19_994, 50, 1_981);
        }
    }
    let disk_bytes = disk_for(&plan);
    plan.brokers.iter_mut().for_each(|broker| broker.disk_bytes = disk_bytes);
    plan
}

/// The smallest disk one can buy that is at most [`DISK_FULL`] full of a broker's share of all logs.
fn disk_for(plan: &Plan) -> u64 {
    let logs: f64 = plan.topics.iter().map(log_bytes).sum();
    let needed = logs / plan.brokers.len().max(1) as f64 / DISK_FULL;
    let mut sizes = std::iter::successors(Some(500 * GIB), |size| size.checked_mul(2));
    sizes.find(|size| *size as f64 >= needed).unwrap_or(u64::MAX)
}

/// What a topic has on the disks of all brokers together, on average.
fn log_bytes(topic: &TopicPlan) -> f64 {
    let kept_secs = match topic.cleanup {
        Cleanup::Delete(retention) => retention.min(LIFE).as_secs_f64(),
        Cleanup::Compact => LIFE.as_secs_f64() * COMPACTED_SHARE,
    };
    let bytes_per_sec = topic.messages_per_sec * f64::from(topic.message_bytes);
    bytes_per_sec * kept_secs * topic.replicas as f64
}

fn brokers(count: i32) -> Vec<BrokerPlan> {
    let racks = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
    let rack = |id: i32| Arc::from(racks[(id as usize - 1) % racks.len()]);
    (1..=count).map(|id| BrokerPlan { id, rack: rack(id), disk_bytes: 0 }).collect()
}

fn topics() -> Vec<TopicPlan> {
    let offsets = TopicPlan { is_internal: true, ..TopicPlan::new("__consumer_offsets", 50, 40.0) };
    vec![
        TopicPlan { message_bytes: 120, ..offsets.compacted() },
        TopicPlan::new("orders", 12, 180.0),
        TopicPlan::new("orders.enriched", 12, 175.0),
        TopicPlan::new("orders.dead-letter", 3, 0.05).kept_for(14 * DAY),
        TopicPlan::new("payments.authorized", 12, 95.0),
        TopicPlan::new("payments.settled", 12, 88.0).kept_for(30 * DAY),
        TopicPlan::new("payments.fraud-scores", 6, 90.0),
        TopicPlan::new("shipments", 6, 60.0),
        TopicPlan::new("shipments.tracking", 12, 240.0).kept_for(3 * DAY),
        TopicPlan::new("inventory.changes", 12, 310.0),
        TopicPlan::new("inventory.snapshot", 6, 4.0).compacted(),
        TopicPlan::new("catalog.products", 6, 2.0).compacted(),
        TopicPlan::new("pricing.updates", 6, 35.0),
        TopicPlan::new("customers.profiles", 6, 12.0).compacted(),
        TopicPlan::new("customers.consents", 3, 1.5).compacted(),
        TopicPlan {
            message_bytes: 350,
            ..TopicPlan::new("clickstream.web", 24, 1_400.0).kept_for(DAY)
        },
        TopicPlan {
            message_bytes: 320,
            ..TopicPlan::new("clickstream.app", 24, 900.0).kept_for(DAY)
        },
        TopicPlan::new("sessions", 12, 110.0).kept_for(2 * DAY),
        TopicPlan::new("search.queries", 12, 420.0).kept_for(2 * DAY),
        TopicPlan::new("emails.outbound", 6, 22.0),
        TopicPlan::new("audit.events", 6, 48.0).kept_for(90 * DAY),
        TopicPlan {
            message_bytes: 180,
            ..TopicPlan::new("iot.warehouse-sensors", 12, 650.0).kept_for(6 * HOUR)
        },
        // Nobody has got round to replicating these two.
        TopicPlan::new("legacy.erp-export", 6, 3.0).replicated(1, 1),
        TopicPlan::new("tmp.backfill-2023", 3, 0.2).replicated(2, 2),
    ]
}

fn groups() -> Vec<GroupPlan> {
    vec![
        GroupPlan::new("orders-enricher", &["orders"], 4),
        GroupPlan::new("orders-fulfilment", &["orders.enriched"], 4).of_kind(GroupKind::Consumer),
        GroupPlan::new("orders-dlq-watcher", &["orders.dead-letter"], 1),
        GroupPlan::new("payments-settlement", &["payments.authorized"], 3),
        GroupPlan::new("payments-ledger", &["payments.settled", "payments.authorized"], 6)
            .of_kind(GroupKind::Consumer),
        GroupPlan::new("fraud-detection", &["payments.authorized", "payments.fraud-scores"], 6),
        GroupPlan::new("shipping-planner", &["orders.enriched", "shipments"], 3),
        GroupPlan::new("tracking-notifier", &["shipments.tracking"], 4),
        GroupPlan::new("inventory-projector", &["inventory.changes"], 6)
            .of_kind(GroupKind::Consumer),
        GroupPlan::new("pricing-engine", &["pricing.updates", "inventory.changes"], 3)
            .of_kind(GroupKind::Streams),
        GroupPlan::new("search-indexer", &["catalog.products", "pricing.updates"], 2),
        GroupPlan::new("clickstream-sessionizer", &["clickstream.web", "clickstream.app"], 8),
        slow(GroupPlan::new(
            "warehouse-lake-sink",
            &["clickstream.web", "orders", "audit.events"],
            5,
        )),
        GroupPlan::new("recommendations", &["sessions", "search.queries"], 4)
            .of_kind(GroupKind::Consumer),
        GroupPlan::new("email-sender", &["emails.outbound"], 2).of_kind(GroupKind::Share),
        GroupPlan::new("audit-archiver", &["audit.events"], 1),
        GroupPlan::new("sensor-alarms", &["iot.warehouse-sensors"], 3),
        GroupPlan::new("search-indexer-v1", &["catalog.products", "pricing.updates"], 0)
            .stopped(11 * DAY),
        GroupPlan::new("console-consumer-48213", &["orders"], 0).stopped(3 * HOUR),
    ]
}

/// A sink that writes in batches.
fn slow(group: GroupPlan) -> GroupPlan {
    GroupPlan {
        read_delay: Duration::from_secs(25),
        commit_interval: Duration::from_secs(30),
        ..group
    }
}

/// As many more topics of about so many partitions, and as many groups that read some of them.
fn more(plan: &mut Plan, topics: usize, partitions: i32, groups: usize) {
    let first = plan.topics.len();
    plan.topics.extend((0..topics).map(|nth| more_topic(nth, partitions)));
    for nth in 0..groups {
        let topic = |further: usize| {
            let at = first + (nth * 7 + further * 13) % topics.max(1);
            Arc::clone(&plan.topics[at].name)
        };
        let read = (0..1 + nth % 2).map(topic).collect();
        let name =
            format!("{}-{}-{nth:04}", DOMAINS[nth % DOMAINS.len()], ROLES[nth % ROLES.len()]);
        let group = GroupPlan { topics: read, ..GroupPlan::new(&name, &[], 1 + nth as u32 % 5) };
        plan.groups.push(match nth % 10 {
            0..4 => group.of_kind(GroupKind::Consumer),
            9 => group.stopped(DAY * (1 + nth as u32 % 6)),
            _ => group,
        });
    }
}

const ROLES: [&str; 7] = ["projector", "notifier", "sink", "enricher", "audit", "export", "cache"];

fn more_topic(nth: usize, partitions: i32) -> TopicPlan {
    let (domain, noun) = (DOMAINS[nth % DOMAINS.len()], NOUNS[nth / DOMAINS.len() % NOUNS.len()]);
    let name = format!("{domain}.{noun}.{:03}", nth / (DOMAINS.len() * NOUNS.len()));
    let per_sec = [0.02, 0.5, 4.0, 30.0, 150.0][nth * 31 % 5];
    let cleanup = match nth % 8 {
        7 => Cleanup::Compact,
        _ => Cleanup::Delete(DAY * (1 + nth as u32 % 7)),
    };
    TopicPlan { cleanup, ..TopicPlan::new(&name, partitions, per_sec) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn counts(size: Size) -> (usize, usize, i32, usize) {
        let plan = plan(size);
        let partitions = plan.topics.iter().map(|topic| topic.partitions).sum();
        (plan.brokers.len(), plan.topics.len(), partitions, plan.groups.len())
    }

    #[test]
    fn sizes_are_what_they_say() {
        assert_eq!(counts(Size::Small), (6, 24, 269, 19));
        assert_eq!(counts(Size::Large), (12, 1_490, 11_997, 2_000));
        assert_eq!(counts(Size::TenThousandTopics), (24, 10_000, 60_125, 1_000));
        assert_eq!(counts(Size::HundredThousandPartitions), (60, 2_018, 99_969, 2_000));
        assert_eq!(counts(Size::MillionPartitions), (200, 20_018, 999_969, 2_000));
    }

    /// Neither full nor idle, whatever the size: a demo's troubles are those of its story.
    #[test]
    fn disks_are_believable() {
        use Size::{HundredThousandPartitions, Large, MillionPartitions, Small, TenThousandTopics};
        for size in [Small, Large, TenThousandTopics, HundredThousandPartitions, MillionPartitions]
        {
            let plan = plan(size);
            let logs: f64 = plan.topics.iter().map(log_bytes).sum();
            let full = logs / plan.brokers.len() as f64 / plan.brokers[0].disk_bytes as f64;
            assert!((0.1..=DISK_FULL).contains(&full), "{size:?}: {full}");
        }
    }

    #[test]
    fn names_are_unique_and_groups_read_what_there_is() {
        let plan = plan(Size::TenThousandTopics);
        let topics: HashSet<_> = plan.topics.iter().map(|topic| &topic.name).collect();
        let groups: HashSet<_> = plan.groups.iter().map(|group| &group.name).collect();
        assert_eq!((topics.len(), groups.len()), (plan.topics.len(), plan.groups.len()));
        assert!(
            plan.groups.iter().flat_map(|group| &group.topics).all(|topic| topics.contains(topic))
        );
    }
}
