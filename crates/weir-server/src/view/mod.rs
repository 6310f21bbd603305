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

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use weir_types::{AccountId, Event, LatestQuery, QueryError, Timestamp};

use crate::service::Services;
use sample::Sample;

/// A cluster that no source watches and that was silent for longer leaves the list.
const CLUSTER_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Anything inside a cluster that was not seen for longer leaves the lists: it was deleted. Of a
/// watched cluster that is silent the hour ends when it was heard last.
const ENTITY_WINDOW: Duration = Duration::from_secs(3600);
/// When what no source of ours makes counts as silent.
const FOREIGN_STALE_AFTER: Duration = Duration::from_secs(300);

/// What every view needs: whose data, as of when, and when each source and cluster last answered.
pub struct View<'a> {
    pub services: &'a Services,
    pub account: AccountId,
    pub now: Timestamp,
    /// The newest sample of each cluster.
    pub clusters: Vec<Event>,
    /// The clusters that sources are configured for.
    watched: BTreeSet<String>,
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
            watched: statuses.into_iter().map(|status| status.cluster).collect(),
            stale_after,
            answered: HashMap::new(),
        };
        view.clusters = view.newest_clusters();
        view.answered = view.clusters.iter().filter_map(|event| answered(Sample(event))).collect();
        view
    }

    /// Of those seen within a day, and of those that are watched whenever it was.
    fn newest_clusters(&self) -> Vec<Event> {
        let mut samples = self.latest("KafkaClusterSample", None, CLUSTER_WINDOW);
        let is_seen = |name: &str| {
            let mut seen = samples.iter().map(Sample);
            seen.any(|sample| sample.str("clusterName") == Some(name))
        };
        let unseen: Vec<_> = self.watched.iter().filter(|name| !is_seen(name)).collect();
        for name in unseen {
            let ever = self.services.info.retention;
            samples.extend(self.latest("KafkaClusterSample", Some(name), ever));
        }
        clusters::newest_by_name(samples)
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
        let seen = self.clusters.iter().filter_map(|event| Sample(event).text("clusterName"));
        let names: BTreeSet<_> = self.watched.iter().cloned().chain(seen).collect();
        names.into_iter().collect()
    }

    /// The newest sample of each series of `event_type`, of one cluster or of all.
    fn latest(&self, event_type: &str, cluster: Option<&str>, window: Duration) -> Vec<Event> {
        let identity: Vec<_> = cluster.map(|c| ("clusterName", c)).into_iter().collect();
        let since = self.now.saturating_sub(window);
        let query = LatestQuery { event_type, since, identity: &identity };
        self.services.latest.latest(self.account, query)
    }

    /// The newest sample of each thing with this identity inside a cluster, or inside all.
    fn latest_of(&self, event_type: &str, identity: &[(&str, &str)]) -> Vec<Event> {
        self.inside(event_type, identity, &|query| self.services.latest.latest(self.account, query))
    }

    /// The same, without what its cluster no longer has.
    fn present_of(&self, event_type: &str, identity: &[(&str, &str)]) -> Vec<Event> {
        let mut samples = self.latest_of(event_type, identity);
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
        let mut samples = self.inside(event_type, identity, &|query| {
            self.services.latest.latest_attributes(self.account, query, attributes)
        });
        samples.retain(|event| !self.is_gone(Sample(event)));
        samples
    }

    /// What `read` gives for each cluster over its own hour.
    fn inside(
        &self,
        event_type: &str,
        identity: &[(&str, &str)],
        read: &dyn Fn(LatestQuery<'_>) -> Vec<Event>,
    ) -> Vec<Event> {
        let cluster = identity.iter().find(|(name, _)| *name == "clusterName");
        let until = cluster.map_or(self.now, |(_, cluster)| self.last_answer(cluster));
        let since = until.saturating_sub(ENTITY_WINDOW);
        let mut samples = read(LatestQuery { event_type, since, identity });
        if cluster.is_some() {
            return samples;
        }
        for cluster in self.watched.iter().filter(|cluster| self.is_silent(cluster)) {
            samples.retain(|event| Sample(event).str("clusterName") != Some(cluster));
            let since = self.last_answer(cluster).saturating_sub(ENTITY_WINDOW);
            let identity = &[identity, &[("clusterName", cluster.as_str())]].concat();
            samples.extend(read(LatestQuery { event_type, since, identity }));
        }
        samples
    }

    /// When a watched cluster last told of itself; now for one that nobody watches.
    fn last_answer(&self, cluster: &str) -> Timestamp {
        let told = self.answered.get(cluster).filter(|_| self.watched.contains(cluster));
        told.map_or(self.now, |(_, at)| *at)
    }

    fn is_silent(&self, cluster: &str) -> bool {
        self.now.since(self.last_answer(cluster)) > ENTITY_WINDOW / 2
    }

    fn present(&self, event_type: &str, cluster: Option<&str>) -> Vec<Event> {
        let identity: Vec<_> = cluster.map(|c| ("clusterName", c)).into_iter().collect();
        self.present_of(event_type, &identity)
    }

    /// Of the source that made the sample.
    fn stale_after(&self, source: Option<&str>) -> Duration {
        source.and_then(|name| self.stale_after.get(name)).copied().unwrap_or(FOREIGN_STALE_AFTER)
    }

    /// Two intervals of the source that last told of the cluster.
    fn stale_after_of(&self, cluster: &str) -> Duration {
        self.stale_after(self.answered.get(cluster).map(|(source, _)| source.as_str()))
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
