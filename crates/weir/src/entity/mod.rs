//! What Weir watches as a terminal shows it: of each kind of thing the row of its table and its page.
//!
//! - [`broker`], [`cluster`], [`group`], [`topic`]: one kind each
//! - [`cells`], [`sections`]: what their rows and their pages share
//!
//! Not here: arguments, and asking for what is shown; that is in [`crate::command`].

pub mod broker;
pub mod cells;
pub mod cluster;
pub mod group;
mod sections;
pub mod topic;

use serde::Serialize;
use weir_api::capability::Capability;
use weir_api::list::ListQuery;
use weir_api::{Client, ClientError, List};

use crate::context::Context;
use crate::output::{Page, Table};

/// The server gives no more than this at once.
pub const ROWS_MAX: usize = 50_000;

/// A kind of thing that can be listed and described.
pub trait Noun: Serialize + Sized {
    const ONE: &'static str;
    const MANY: &'static str;
    /// The event type that tells of it.
    const EVENT: &'static str;
    /// The thing with what belongs to it.
    type Detail: Serialize;

    async fn list(client: &Client, query: &ListQuery) -> Result<List<Self>, ClientError>;
    async fn detail(
        client: &Client,
        cluster: &str,
        name: &str,
    ) -> Result<Self::Detail, ClientError>;
    fn name(&self) -> &str;
    fn cluster(&self) -> &str;

    /// What a list is asked for to find the one that is called so.
    fn search(name: &str, cluster: Option<&str>) -> ListQuery {
        let (q, cluster) = (Some(name.to_owned()), cluster.map(str::to_owned));
        ListQuery { q, cluster, limit: Some(ROWS_MAX), ..ListQuery::default() }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name() == name
    }

    fn table(rows: &[Self]) -> Table;
    /// `unanswered` are the questions its cluster does not answer.
    fn page(detail: &Self::Detail, unanswered: &[Capability], context: &Context) -> Page;
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serde_json::{Value as Json, json};
    use weir_api::broker::Broker;
    use weir_api::cluster::Cluster;
    use weir_api::group::Group;
    use weir_api::topic::Topic;

    use super::*;
    use crate::output::{Rendered, Terminal};

    /// A row of a large cluster, where numbers are long.
    fn rendered<N: Noun + DeserializeOwned>(own: &Json, width: usize) -> Rendered {
        let mut row = json!({
            "cluster": "orders-eu-central", "status": "critical", "health_score": 40,
            "reasons": ["12 partitions have no leader and can't be read or written"],
            "topic_count": 12_000, "partition_count": 120_000, "group_count": 2_000,
            "offline_partitions": 12, "under_replicated_partitions": 1_200,
            "messages_in_per_sec": 123_456.0, "total_lag_messages": 12_345_678,
            "max_lag_secs": 7_500.0, "lag_secs_method": "at_least", "lag_status": "STALL",
            "size_bytes": 1_i64 << 40, "retention_ms": 604_800_000, "messages_in_trend": [],
            "lag_trend": [], "sampled_at_ms": 1, "age_secs": 41.0, "stale": true
        });
        row.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let terminal =
            Terminal { width: Some(width), color: false, color_errors: false, unicode: true };
        N::table(&[serde_json::from_value(row).unwrap()]).render(&terminal)
    }

    fn topic() -> Json {
        json!({
            "topic": "payments.authorizations.by-region", "worst_groups": [{
                "group": "fraud-scoring-of-the-north", "partition_count": 6, "stale": false,
                "max_lag_secs": 118.0, "lag_secs_method": "interpolated"
            }]
        })
    }

    #[test]
    fn lists_fit_into_the_terminal() {
        let broker = json!({
            "broker_id": "101", "host": "kafka-101.prod.eu-central.example.com",
            "broker_status": "ONLINE", "leader_count": 10_000, "disk_used_bytes": 1_i64 << 40
        });
        let group = json!({ "group": "fraud-scoring-of-the-north", "state": "Stable" });
        for width in [60, 80, 140] {
            let lists = [
                rendered::<Cluster>(&json!({ "kafka_version": "4.2", "broker_count": 12 }), width),
                rendered::<Broker>(&broker, width),
                rendered::<Topic>(&topic(), width),
                rendered::<Group>(&group, width),
            ];
            for Rendered { text, hidden_columns } in lists {
                assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
                assert!(width > 80 || hidden_columns > 0, "{width}:\n{text}");
            }
        }
    }

    #[test]
    fn what_a_list_is_for_stays_where_it_is_narrow() {
        let topics = rendered::<Topic>(&topic(), 140).text;
        for needed in ["WORST GROUP", "fraud-scor", "LAG TIME", "≈1m58s"] {
            assert!(topics.contains(needed), "{topics}");
        }
        let clusters = rendered::<Cluster>(&json!({}), 100).text;
        assert!(clusters.contains("12,345,678"), "{clusters}");
        assert!(clusters.contains("have no leader and can't be read or written"), "{clusters}");
    }
}
