//! Entities put together from samples: the newest whole sample of each thing, the last hour of one
//! measure as a trend, one status with its reasons; and why there is no sample. No HTTP here, no
//! store.

pub mod brokers;
pub mod clusters;
pub mod groups;
pub mod health;
pub mod list;
pub mod oldest;
pub mod partitions;
pub mod sample;
pub mod topic_groups;
pub mod topics;
pub mod trend;
pub mod why;

use std::collections::HashMap;
use std::time::Duration;

use weir_types::{AccountId, Event, LatestQuery, QueryError, Timestamp};

use crate::service::Services;
use sample::Sample;

/// A cluster that was silent for longer leaves the list.
pub const CLUSTER_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Anything inside a cluster that was not seen for longer leaves the lists: it was deleted.
pub const ENTITY_WINDOW: Duration = Duration::from_secs(3600);
/// When what no source of ours makes counts as silent.
const FOREIGN_STALE_AFTER: Duration = Duration::from_secs(300);

/// What every view needs: whose data, as of when, and when each source and cluster last answered.
pub struct View<'a> {
    pub services: &'a Services,
    pub account: AccountId,
    pub now: Timestamp,
    /// The newest sample of each cluster.
    pub clusters: Vec<Event>,
    /// By source: the age beyond which what it told is stale.
    stale_after: HashMap<String, Duration>,
    /// By cluster: which source it was that last told of it, and when.
    answered: HashMap<String, (String, Timestamp)>,
}

impl<'a> View<'a> {
    pub fn new(services: &'a Services, account: AccountId) -> Self {
        let statuses = services.sources.statuses();
        let stale_after = statuses.iter().map(|s| (s.name.clone(), s.stale_after())).collect();
        let mut view = View {
            services,
            account,
            now: services.clock.now(),
            clusters: Vec::new(),
            stale_after,
            answered: HashMap::new(),
        };
        view.clusters =
            clusters::newest_by_name(view.latest("KafkaClusterSample", None, CLUSTER_WINDOW));
        view.answered = view.clusters.iter().filter_map(|event| answered(Sample(event))).collect();
        view
    }

    /// The name of the cluster that is called so, or that gave itself this id; `None` when nothing
    /// watches one and none was seen within a day.
    pub fn cluster_name(&self, wanted: &str) -> Option<String> {
        let seen = self.clusters.iter().map(Sample);
        let by_id = seen.clone().find(|s| s.str("clusterId") == Some(wanted));
        let names = self.cluster_names();
        names
            .into_iter()
            .find(|name| name == wanted)
            .or_else(|| by_id.and_then(|s| s.text("clusterName")))
    }

    /// Of every cluster that is watched or was seen within a day, ascending.
    pub fn cluster_names(&self) -> Vec<String> {
        let watched = self.services.sources.statuses().into_iter().map(|status| status.cluster);
        let seen = self.clusters.iter().filter_map(|event| Sample(event).text("clusterName"));
        let mut names: Vec<_> = watched.chain(seen).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The newest sample of each series of `event_type`, of one cluster or of all.
    fn latest(&self, event_type: &str, cluster: Option<&str>, window: Duration) -> Vec<Event> {
        let identity: Vec<_> = cluster.map(|c| ("clusterName", c)).into_iter().collect();
        self.latest_of(event_type, &identity, window)
    }

    fn latest_of(
        &self,
        event_type: &str,
        identity: &[(&str, &str)],
        window: Duration,
    ) -> Vec<Event> {
        let since = self.now.saturating_sub(window);
        self.services.latest.latest(self.account, LatestQuery { event_type, since, identity })
    }

    /// The same, without what its cluster no longer has.
    fn present_of(&self, event_type: &str, identity: &[(&str, &str)]) -> Vec<Event> {
        let mut samples = self.latest_of(event_type, identity, ENTITY_WINDOW);
        samples.retain(|event| !self.is_gone(Sample(event)));
        samples
    }

    /// The same with these attributes alone, for what there are tens of thousands of.
    fn present_attributes(
        &self,
        event_type: &str,
        identity: &[(&str, &str)],
        attributes: &[&'static str],
    ) -> Vec<Event> {
        let since = self.now.saturating_sub(ENTITY_WINDOW);
        let query = LatestQuery { event_type, since, identity };
        let mut samples = self.services.latest.latest_attributes(self.account, query, attributes);
        samples.retain(|event| !self.is_gone(Sample(event)));
        samples
    }

    fn present(&self, event_type: &str, cluster: Option<&str>) -> Vec<Event> {
        let identity: Vec<_> = cluster.map(|c| ("clusterName", c)).into_iter().collect();
        self.present_of(event_type, &identity)
    }

    /// Of the source that made the sample.
    fn stale_after(&self, source: Option<&str>) -> Duration {
        source.and_then(|name| self.stale_after.get(name)).copied().unwrap_or(FOREIGN_STALE_AFTER)
    }

    /// Whether the sample's cluster has told of itself since, and no longer of this.
    fn is_gone(&self, sample: Sample<'_>) -> bool {
        let answered = sample.str("clusterName").and_then(|name| self.answered.get(name));
        let source = sample.str("source");
        let after = self.stale_after(source);
        answered.is_some_and(|(by, at)| {
            source.unwrap_or_default() == by && sample.0.timestamp.saturating_add(after) < *at
        })
    }
}

/// What a view can fail with: a trend is a query.
pub type Result<T> = std::result::Result<T, QueryError>;

/// A cluster that does not answer is repeated: it told of itself when that was first known.
fn answered(sample: Sample<'_>) -> Option<(String, (String, Timestamp))> {
    let source = sample.text("source").unwrap_or_default();
    Some((sample.text("clusterName")?, (source, sample.known_at())))
}
