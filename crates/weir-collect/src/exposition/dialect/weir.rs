//! Weir's own: what the other dialects leave out of the last cycle, and so why a series ended.

use super::super::family::{Family, Labels, Number, Rows, Series, whole};
use super::super::snapshot::Snapshot;
use super::Dialect;

pub const DIALECT: Dialect = Dialect {
    name: "Weir",
    doc: "Written with any of the exporters' names, for a source that answered within its last two \
          intervals. They count what has no line because its broker did not answer the last cycle.",
    families: FAMILIES,
};

const FAMILIES: &[Family] = &[
    of_cluster(
        "weir_source_silent_brokers",
        "live brokers that did not answer the last cycle",
        |_, cluster| whole(Some(cluster.left_out.brokers)),
    ),
    of_cluster(
        "weir_source_stale_partitions",
        "partitions whose offsets were not told in the last cycle",
        |_, cluster| whole(Some(cluster.left_out.partitions)),
    ),
    of_cluster(
        "weir_source_stale_groups",
        "groups that were not told in the last cycle",
        |_, cluster| whole(Some(cluster.left_out.groups)),
    ),
];

const fn of_cluster(
    name: &'static str,
    help: &'static str,
    value: fn(&Snapshot, &Snapshot) -> Option<Number>,
) -> Family {
    let labels = |_: &Snapshot, cluster: &Snapshot, labels: &mut Labels<'_>| {
        labels.label(&cluster.source).label(&cluster.cluster);
    };
    let rows = Rows::Cluster(Series { labels, value });
    Family { name, help, labels: &["source", "cluster"], rows }
}
