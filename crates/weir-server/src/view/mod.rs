//! Entities put together from samples: the newest whole sample of each thing, the last hour of one
//! measure as a trend, and one status with its reasons. No HTTP here, and no store.

pub mod brokers;
pub mod clusters;
pub mod groups;
pub mod sample;
pub mod topics;
pub mod trend;

use std::time::Duration;

use weir_types::{AccountId, Event, LatestQuery, QueryError, Timestamp};

use crate::service::Services;

/// A cluster that was silent for longer leaves the list.
pub const CLUSTER_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Anything inside a cluster that was not seen for longer leaves the lists: it was deleted.
pub const ENTITY_WINDOW: Duration = Duration::from_secs(3600);
/// When what no source of ours makes counts as silent.
const FOREIGN_STALE_AFTER: Duration = Duration::from_secs(300);

/// What every view needs: whose data, as of when.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub services: &'a Services,
    pub account: AccountId,
    pub now: Timestamp,
}

impl<'a> View<'a> {
    pub fn new(services: &'a Services, account: AccountId) -> Self {
        View { services, account, now: services.clock.now() }
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

    /// Two intervals of the source that made the sample.
    fn stale_after(&self, source: Option<&str>) -> Duration {
        let statuses = self.services.sources.statuses();
        let interval = statuses.iter().find(|s| Some(s.name.as_str()) == source);
        interval.map_or(FOREIGN_STALE_AFTER, |s| Duration::from_secs(2 * s.interval_secs + 1))
    }
}

/// What a view can fail with: a trend is a query.
pub type Result<T> = std::result::Result<T, QueryError>;
