//! kafka-lag-exporter, with what klag-exporter adds to it.

use weir_types::GroupState;

use super::super::family::{Family, Labels, Number, Rows, Series, real, whole};
use super::super::snapshot::{GroupRow, GroupTopicRow, PartitionRow, PositionRow, Snapshot};
use super::Dialect;

const POSITION: &[&str] =
    &["cluster_name", "group", "topic", "partition", "member_host", "consumer_id", "client_id"];
const POSITION_WITH_LOSS: &[&str] = &[
    "cluster_name",
    "group",
    "topic",
    "partition",
    "member_host",
    "consumer_id",
    "client_id",
    "data_loss_detected",
];
/// What stands for a member where nobody holds the partition.
const NO_MEMBER: &str = "unknown";

pub const DIALECT: Dialect = Dialect {
    name: "kafka-lag-exporter",
    doc: "With the additions of klag-exporter. As there, the member labels are `unknown` where nobody \
          holds the partition. `_lag_seconds` is Weir's own estimate: interpolated between polls, a \
          lower bound where the lag began before the first poll. `_sum_lag` and `_max_lag` have no \
          line while a part of them is unknown. Left out: the label `compaction_detected` and its \
          counter, which need messages to be read.",
    families: FAMILIES,
};

const FAMILIES: &[Family] = &[
    of_partition("kafka_partition_latest_offset", "log end offset", |_, partition| {
        whole(partition.end.get())
    }),
    of_partition("kafka_partition_earliest_offset", "log start offset", |_, partition| {
        whole(partition.start.get())
    }),
    of_position("kafka_consumergroup_group_offset", "committed offset", |_, position| {
        whole(position.commit.offset())
    }),
    of_position(
        "kafka_consumergroup_group_lag",
        "messages behind the log end",
        |snapshot, position| whole(snapshot.lag(position)),
    ),
    Family {
        name: "kafka_consumergroup_group_lag_seconds",
        help: "age of the first message not consumed",
        labels: POSITION_WITH_LOSS,
        rows: Rows::Positions(Series {
            labels: |snapshot, position, labels| {
                position_labels(snapshot, position, labels);
                let is_lost = snapshot.retention_margin(position).is_some_and(|it| it < 0);
                labels.word(if is_lost { "true" } else { "false" });
            },
            value: |_, position| real(Some(position.lag_seconds)),
        }),
    },
    of_group("kafka_consumergroup_group_max_lag", "largest lag of a partition", |_, group| {
        whole(group.lag_max)
    }),
    of_group(
        "kafka_consumergroup_group_max_lag_seconds",
        "age of the oldest message not consumed",
        |_, group| real(group.lag_seconds_max),
    ),
    of_group("kafka_consumergroup_group_sum_lag", "lag of all partitions added", |_, group| {
        whole(group.lag_sum)
    }),
    of_group_topic(
        "kafka_consumergroup_group_topic_sum_lag",
        "lag of all partitions of the topic added",
        |_, topic| whole(topic.lag_sum),
    ),
    of_cluster("kafka_consumergroup_poll_time_ms", "length of the last cycle", |_, cluster| {
        whole(Some(cluster.took.as_millis()))
    }),
    of_group(
        "kafka_consumergroup_group_state",
        "0 unknown, 1 preparing rebalance, 2 completing rebalance, 3 stable, 4 dead, 5 empty, \
         6 assigning, 7 reconciling",
        |_, group| Some(Number::Whole(state_number(group.state.as_str()))),
    ),
    of_position(
        "kafka_consumergroup_group_messages_lost",
        "messages deleted before they were consumed",
        |snapshot, position| {
            whole(snapshot.retention_margin(position).map(|margin| (-margin).max(0)))
        },
    ),
    of_position(
        "kafka_consumergroup_group_retention_margin",
        "messages from the log start to the committed offset; negative once some were lost",
        |snapshot, position| whole(snapshot.retention_margin(position)),
    ),
    of_position(
        "kafka_consumergroup_group_lag_retention_ratio",
        "lag in percent of the messages the log still holds",
        |snapshot, position| real(snapshot.lag_retention_percent(position)),
    ),
    of_cluster(
        "kafka_lag_exporter_scrape_duration_seconds",
        "length of the last cycle",
        |_, cluster| real(Some(cluster.took.as_secs_f64())),
    ),
    of_cluster(
        "kafka_lag_exporter_up",
        "1 when all that was asked in the last cycle was answered",
        |_, cluster| Some(cluster.is_whole.into()),
    ),
    of_cluster(
        "kafka_lag_exporter_data_loss_partitions_total",
        "positions that have lost messages now",
        |_, cluster| {
            let lost = |it: &&PositionRow| cluster.retention_margin(it).is_some_and(|it| it < 0);
            whole(Some(cluster.positions.iter().filter(lost).count()))
        },
    ),
];

fn position_labels(snapshot: &Snapshot, position: &PositionRow, labels: &mut Labels<'_>) {
    let shared = |labels: &mut Labels<'_>| {
        let topic = snapshot.group_topic_of(position);
        labels.label(&snapshot.cluster).label(&snapshot.group_of(topic).name).label(&topic.topic);
    };
    labels.shared(position.group_topic, shared).number(i64::from(position.partition));
    match snapshot.member_of(position) {
        Some(member) => {
            labels.label(&member.host).label(&member.consumer_id).label(&member.client_id)
        }
        None => labels.word(NO_MEMBER).word(NO_MEMBER).word(NO_MEMBER),
    };
}

/// As klag-exporter numbers the states.
fn state_number(state: &str) -> i64 {
    match GroupState::read(state) {
        GroupState::Other => 0,
        GroupState::PreparingRebalance => 1,
        GroupState::CompletingRebalance => 2,
        GroupState::Stable => 3,
        GroupState::Dead => 4,
        GroupState::Empty => 5,
        GroupState::Assigning => 6,
        GroupState::Reconciling => 7,
    }
}

const fn of_cluster(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &Snapshot) -> Option<Number>,
) -> Family {
    let labels = |_: &Snapshot, cluster: &Snapshot, labels: &mut Labels<'_>| {
        labels.label(&cluster.cluster);
    };
    Family { name, help, labels: &["cluster_name"], rows: Rows::Cluster(Series { labels, value }) }
}

const fn of_partition(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &PartitionRow) -> Option<Number>,
) -> Family {
    let labels = |snapshot: &Snapshot, row: &PartitionRow, labels: &mut Labels<'_>| {
        let shared = |labels: &mut Labels<'_>| {
            labels.label(&snapshot.cluster).label(&snapshot.topic_of(row).name);
        };
        labels.shared(row.topic, shared).number(i64::from(row.index));
    };
    let rows = Rows::Partitions(Series { labels, value });
    Family { name, help, labels: &["cluster_name", "topic", "partition"], rows }
}

const fn of_position(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &PositionRow) -> Option<Number>,
) -> Family {
    let rows = Rows::Positions(Series { labels: position_labels, value });
    Family { name, help, labels: POSITION, rows }
}

const fn of_group(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &GroupRow) -> Option<Number>,
) -> Family {
    let labels = |snapshot: &Snapshot, row: &GroupRow, labels: &mut Labels<'_>| {
        labels.label(&snapshot.cluster).label(&row.name);
    };
    let rows = Rows::Groups(Series { labels, value });
    Family { name, help, labels: &["cluster_name", "group"], rows }
}

const fn of_group_topic(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &GroupTopicRow) -> Option<Number>,
) -> Family {
    let labels = |snapshot: &Snapshot, row: &GroupTopicRow, labels: &mut Labels<'_>| {
        let group = snapshot.group_of(row);
        labels.label(&snapshot.cluster).label(&group.name).label(&row.topic);
    };
    let rows = Rows::GroupTopics(Series { labels, value });
    Family { name, help, labels: &["cluster_name", "group", "topic"], rows }
}
