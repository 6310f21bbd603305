//! kafka_exporter (danielqsj), with two series of Grafana's fork that its mixin reads.

use super::super::family::{Family, Labels, Number, Rows, Series, real, whole};
use super::super::snapshot::{
    BrokerRow, Commit, GroupTopicRow, PartitionRow, PositionRow, Snapshot, TopicRow,
};
use super::Dialect;

/// What kafka_exporter writes for the offset and lag of a partition without a commit, in a topic
/// where the group has one elsewhere.
const NEVER_COMMITTED: i64 = -1;

const PARTITION: &[&str] = &["topic", "partition"];
const POSITION: &[&str] = &["consumergroup", "topic", "partition"];

pub const DIALECT: Dialect = Dialect {
    name: "kafka_exporter",
    doc: "As there, a partition without a commit has offset and lag -1 where the group committed on \
          another partition of the topic. Better than there: sums leave these out instead of adding \
          -1, and a lag sum with an unknown part has no line. Left out: the ZooKeeper series and \
          `kafka_exporter_build_info`. `kafka_consumergroup_uncommitted_offsets`, its `_sum` and \
          `kafka_consumer_lag_millis` are those of Grafana's fork.",
    families: FAMILIES,
};

const FAMILIES: &[Family] = &[
    Family {
        name: "kafka_brokers",
        help: "live brokers of the cluster",
        labels: &[],
        rows: Rows::Cluster(Series {
            labels: |_, _, _| {},
            value: |_, cluster| whole(Some(cluster.broker_count)),
        }),
    },
    Family {
        name: "kafka_broker_info",
        help: "1 for a broker that answers",
        labels: &["id", "address"],
        rows: Rows::Brokers(Series {
            labels: |_, broker: &BrokerRow, labels| {
                labels.number(i64::from(broker.id)).address(&broker.host, broker.port);
            },
            value: |_, _| Some(Number::Whole(1)),
        }),
    },
    Family {
        name: "kafka_topic_partitions",
        help: "partitions of the topic",
        labels: &["topic"],
        rows: Rows::Topics(Series {
            labels: |_, topic: &TopicRow, labels| {
                labels.label(&topic.name);
            },
            value: |_, topic| whole(Some(topic.partition_count)),
        }),
    },
    of_partition("kafka_topic_partition_current_offset", "log end offset", |_, partition| {
        whole(partition.end.get())
    }),
    of_partition("kafka_topic_partition_oldest_offset", "log start offset", |_, partition| {
        whole(partition.start.get())
    }),
    of_partition("kafka_topic_partition_leader", "id of the leader", |_, partition| {
        whole(partition.leader)
    }),
    of_partition("kafka_topic_partition_replicas", "replicas", |_, partition| {
        whole(Some(partition.replicas))
    }),
    of_partition("kafka_topic_partition_in_sync_replica", "replicas in sync", |_, partition| {
        whole(Some(partition.in_sync))
    }),
    of_partition(
        "kafka_topic_partition_leader_is_preferred",
        "1 where the first replica leads",
        |_, partition| Some(partition.is_led_by_preferred.into()),
    ),
    of_partition(
        "kafka_topic_partition_under_replicated_partition",
        "1 where fewer replicas are in sync than there are",
        |_, partition| Some((partition.in_sync < partition.replicas).into()),
    ),
    of_position(
        "kafka_consumergroup_current_offset",
        "committed offset; -1 where the group committed only on other partitions of the topic",
        |snapshot, position| match position.commit {
            Commit::At(offset) => Some(Number::Whole(offset)),
            _ => never_committed(snapshot, position),
        },
    ),
    of_group_topic(
        "kafka_consumergroup_current_offset_sum",
        "committed offsets of all partitions added",
        |_, topic| whole(topic.offset_sum),
    ),
    of_position(
        "kafka_consumergroup_lag",
        "messages behind the log end; -1 where the group committed only on other partitions",
        |snapshot, position| match position.commit {
            Commit::At(_) => whole(snapshot.lag(position)),
            _ => never_committed(snapshot, position),
        },
    ),
    of_group_topic("kafka_consumergroup_lag_sum", "lag of all partitions added", |_, topic| {
        whole(topic.lag_sum)
    }),
    Family {
        name: "kafka_consumergroup_members",
        help: "members of the group",
        labels: &["consumergroup"],
        rows: Rows::Groups(Series {
            labels: |_, group, labels| {
                labels.label(&group.name);
            },
            value: |_, group| whole(group.member_count),
        }),
    },
    of_position(
        "kafka_consumergroup_uncommitted_offsets",
        "messages behind the log end (Grafana's fork)",
        |snapshot, position| whole(snapshot.lag(position)),
    ),
    of_group_topic(
        "kafka_consumergroup_uncommitted_offsets_sum",
        "lag of all partitions added (Grafana's fork)",
        |_, topic| whole(topic.lag_sum),
    ),
    of_position(
        "kafka_consumer_lag_millis",
        "age of the first message not consumed, in milliseconds (Grafana's fork)",
        |_, position| real(Some(position.lag_seconds * 1e3)),
    ),
];

const fn of_partition(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &PartitionRow) -> Option<Number>,
) -> Family {
    let labels = |snapshot: &Snapshot, row: &PartitionRow, labels: &mut Labels<'_>| {
        let shared = |labels: &mut Labels<'_>| {
            labels.label(&snapshot.topic_of(row).name);
        };
        labels.shared(row.topic, shared).number(i64::from(row.index));
    };
    Family { name, help, labels: PARTITION, rows: Rows::Partitions(Series { labels, value }) }
}

const fn of_position(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &PositionRow) -> Option<Number>,
) -> Family {
    let labels = |snapshot: &Snapshot, row: &PositionRow, labels: &mut Labels<'_>| {
        let shared = |labels: &mut Labels<'_>| {
            let topic = snapshot.group_topic_of(row);
            labels.label(&snapshot.group_of(topic).name).label(&topic.topic);
        };
        labels.shared(row.group_topic, shared).number(i64::from(row.partition));
    };
    Family { name, help, labels: POSITION, rows: Rows::Positions(Series { labels, value }) }
}

const fn of_group_topic(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &GroupTopicRow) -> Option<Number>,
) -> Family {
    let labels = |snapshot: &Snapshot, row: &GroupTopicRow, labels: &mut Labels<'_>| {
        labels.label(&snapshot.group_of(row).name).label(&row.topic);
    };
    let rows = Rows::GroupTopics(Series { labels, value });
    Family { name, help, labels: &["consumergroup", "topic"], rows }
}

/// Not where the coordinator failed to tell, and not for a topic that is gone.
fn never_committed(snapshot: &Snapshot, position: &PositionRow) -> Option<Number> {
    let elsewhere = snapshot.group_topic_of(position).commit_count > 0;
    let is_never = position.commit == Commit::Never && position.log.is_some();
    (elsewhere && is_never).then_some(Number::Whole(NEVER_COMMITTED))
}
