//! KMinion, with its default prefix.

use weir_types::GroupState;

use super::super::family::{Family, Labels, Number, Rows, Series, whole};
use super::super::snapshot::{
    BrokerRow, GroupRow, GroupTopicRow, Label, PartitionRow, Snapshot, TopicRow,
};
use super::Dialect;

const BROKER: &[&str] = &["broker_id", "address", "port", "rack_id"];
const GROUP_TOPIC: &[&str] = &["group_id", "topic_name"];

pub const DIALECT: Dialect = Dialect {
    name: "KMinion",
    doc: "With the default prefix `kminion`. `kminion_kafka_topic_info` has the configuration key of \
          KMinion's default, `cleanup.policy`. As there, a sum with an unknown part has no line, and \
          only partitions with a commit count. Left out: the series of its end-to-end probe \
          (`kminion_end_to_end_*`), and those of reading the offsets topic \
          (`kminion_kafka_consumer_group_offset_commits_total`, \
          `kminion_exporter_offset_consumer_records_consumed_total`): Weir neither produces nor \
          consumes.",
    families: FAMILIES,
};

const FAMILIES: &[Family] = &[
    Family {
        name: "kminion_exporter_up",
        help: "1 when all that was asked in the last cycle was answered",
        labels: &["version"],
        rows: Rows::Cluster(Series {
            labels: |_, _, labels| {
                labels.word(env!("CARGO_PKG_VERSION"));
            },
            value: |_, cluster| Some(cluster.is_whole.into()),
        }),
    },
    Family {
        name: "kminion_kafka_cluster_info",
        help: "1; what the cluster is",
        labels: &["cluster_version", "broker_count", "controller_id", "cluster_id"],
        rows: Rows::Cluster(Series {
            labels: |_, cluster: &Snapshot, labels| {
                labels.label(cluster.release.as_ref().unwrap_or(&Label::default()));
                labels.number(i64::try_from(cluster.broker_count).unwrap_or(i64::MAX));
                match cluster.controller {
                    Some(id) => labels.number(i64::from(id)),
                    None => labels.word(""),
                };
                labels.label(cluster.cluster_id.as_ref().unwrap_or(&Label::default()));
            },
            value: |_, _| Some(Number::Whole(1)),
        }),
    },
    Family {
        name: "kminion_kafka_broker_info",
        help: "1 for a broker that answers",
        labels: &["broker_id", "address", "port", "rack_id", "is_controller"],
        rows: Rows::Brokers(Series {
            labels: |cluster, broker, labels| {
                broker_labels(cluster, broker, labels);
                let is_controller = cluster.controller == Some(broker.id);
                labels.word(if is_controller { "true" } else { "false" });
            },
            value: |_, _| Some(Number::Whole(1)),
        }),
    },
    Family {
        name: "kminion_kafka_broker_log_dir_size_total_bytes",
        help: "bytes in all log directories of the broker",
        labels: BROKER,
        rows: Rows::Brokers(Series {
            labels: broker_labels,
            value: |_, broker| whole(broker.log_dir_bytes),
        }),
    },
    of_topic(
        "kminion_kafka_topic_log_dir_size_total_bytes",
        "bytes of all replicas of the topic",
        |_, topic| whole(topic.log_dir_bytes),
    ),
    Family {
        name: "kminion_kafka_topic_info",
        help: "1; what the topic is",
        labels: &["topic_name", "partition_count", "replication_factor", "cleanup_policy"],
        rows: Rows::Topics(Series {
            labels: |_, topic: &TopicRow, labels| {
                labels.label(&topic.name).number(i64::from(topic.partition_count));
                labels.number(i64::from(topic.replication_factor)).label(&topic.cleanup_policy);
            },
            value: |_, _| Some(Number::Whole(1)),
        }),
    },
    of_partition(
        "kminion_kafka_topic_partition_low_water_mark",
        "log start offset",
        |_, partition| whole(partition.start.get()),
    ),
    of_partition(
        "kminion_kafka_topic_partition_high_water_mark",
        "log end offset",
        |_, partition| whole(partition.end.get()),
    ),
    of_topic(
        "kminion_kafka_topic_low_water_mark_sum",
        "log start offsets of all partitions added",
        |_, topic| whole(topic.start_sum),
    ),
    of_topic(
        "kminion_kafka_topic_high_water_mark_sum",
        "log end offsets of all partitions added",
        |_, topic| whole(topic.end_sum),
    ),
    Family {
        name: "kminion_kafka_consumer_group_info",
        help: "1 while the group is stable, else 0",
        labels: &["group_id", "protocol", "protocol_type", "state", "coordinator_id"],
        rows: Rows::Groups(Series {
            labels: |_, group: &GroupRow, labels| {
                labels.label(&group.name).label(&group.protocol).label(&group.protocol_type);
                labels.label(&group.state).number(i64::from(group.coordinator));
            },
            value: |_, group| {
                Some((GroupState::read(group.state.as_str()) == GroupState::Stable).into())
            },
        }),
    },
    of_group("kminion_kafka_consumer_group_members", "members of the group", |_, group| {
        whole(group.member_count)
    }),
    of_group(
        "kminion_kafka_consumer_group_empty_members",
        "members without a partition",
        |_, group| whole(group.empty_member_count),
    ),
    of_group_topic(
        "kminion_kafka_consumer_group_topic_members",
        "members that hold partitions of the topic",
        |_, topic| whole(topic.member_count),
    ),
    of_group_topic(
        "kminion_kafka_consumer_group_topic_assigned_partitions",
        "partitions of the topic that members hold",
        |_, topic| whole(topic.assigned_count),
    ),
    of_group_topic(
        "kminion_kafka_consumer_group_topic_offset_sum",
        "committed offsets of all partitions added",
        |_, topic| whole(topic.offset_sum),
    ),
    of_group_topic(
        "kminion_kafka_consumer_group_topic_lag",
        "lag of all partitions added",
        |_, topic| whole(topic.lag_sum),
    ),
    Family {
        name: "kminion_kafka_consumer_group_topic_partition_lag",
        help: "messages behind the log end",
        labels: &["group_id", "topic_name", "partition_id"],
        rows: Rows::Positions(Series {
            labels: |snapshot, position, labels| {
                let shared = |labels: &mut Labels<'_>| {
                    let topic = snapshot.group_topic_of(position);
                    labels.label(&snapshot.group_of(topic).name).label(&topic.topic);
                };
                labels.shared(position.group_topic, shared).number(i64::from(position.partition));
            },
            value: |snapshot, position| whole(snapshot.lag(position)),
        }),
    },
];

fn broker_labels(_: &Snapshot, broker: &BrokerRow, labels: &mut Labels<'_>) {
    labels.number(i64::from(broker.id)).label(&broker.host);
    labels.number(i64::from(broker.port)).label(&broker.rack);
}

const fn of_topic(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &TopicRow) -> Option<Number>,
) -> Family {
    let labels = |_: &Snapshot, row: &TopicRow, labels: &mut Labels<'_>| {
        labels.label(&row.name);
    };
    Family { name, help, labels: &["topic_name"], rows: Rows::Topics(Series { labels, value }) }
}

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
    let rows = Rows::Partitions(Series { labels, value });
    Family { name, help, labels: &["topic_name", "partition_id"], rows }
}

const fn of_group(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &GroupRow) -> Option<Number>,
) -> Family {
    let labels = |_: &Snapshot, row: &GroupRow, labels: &mut Labels<'_>| {
        labels.label(&row.name);
    };
    Family { name, help, labels: &["group_id"], rows: Rows::Groups(Series { labels, value }) }
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
    Family { name, help, labels: GROUP_TOPIC, rows }
}
