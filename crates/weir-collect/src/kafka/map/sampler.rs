//! What all events of one cycle have in common.

use std::sync::Arc;
use std::time::Duration;

use weir_types::event::STRING_BYTES_MAX;
use weir_types::{Event, Timestamp, Value};

use super::super::health::Health;
use super::super::options::KafkaSourceOptions;

/// Attributes of the fullest of the many events, a consumer sample: their list grows only once.
const ATTRIBUTES_LIKELY: usize = 28;

/// Starts every event of a cycle with the common attributes.
#[derive(Debug)]
pub(crate) struct Sampler {
    /// Its event type is a placeholder; age and staleness are added one by one.
    common: Event,
    /// When the last answer had come.
    heard_by: Timestamp,
    took: Duration,
}

impl Sampler {
    /// `took` is how long the cycle asked: no fresh answer is older.
    pub(crate) fn new(
        options: &KafkaSourceOptions,
        cluster_id: Option<&Arc<str>>,
        now: Timestamp,
        took: Duration,
        completeness: f64,
    ) -> Sampler {
        let common = Event::new("", now)
            .with("environment", options.environment.as_str())
            .with("kafkaProvider", "SELF_MANAGED")
            .with("clusterName", options.cluster_name.as_str())
            .with_known("clusterId", cluster_id.cloned())
            .with("source", options.name.as_str())
            .with("instrumentation.provider", "weir")
            .with_known("completeness", Value::float(completeness));
        Sampler { common, heard_by: now.saturating_add(took), took }
    }

    /// An event of this cycle's answers; clone it for each sample of a kind.
    pub(crate) fn event(&self, event_type: &str) -> Event {
        self.event_since(event_type, None)
    }

    /// An event of answers as old as `stale_since`; `None` for fresh ones.
    pub(crate) fn event_since(
        &self,
        event_type: impl Into<Arc<str>>,
        stale_since: Option<Timestamp>,
    ) -> Event {
        let age = stale_since.map_or(self.took, |since| self.heard_by.since(since));
        self.aged(event_type, age, stale_since.is_some())
    }

    /// An event of an answer that holds until it is asked for again, long after `answered_at`.
    pub(crate) fn event_as_of(
        &self,
        event_type: impl Into<Arc<str>>,
        answered_at: Timestamp,
        is_stale: bool,
    ) -> Event {
        self.aged(event_type, self.heard_by.since(answered_at), is_stale)
    }

    fn aged(&self, event_type: impl Into<Arc<str>>, age: Duration, is_stale: bool) -> Event {
        let mut event = Event::new(event_type, self.common.timestamp);
        event.attributes.reserve_exact(ATTRIBUTES_LIKELY);
        event.attributes.extend_from_slice(&self.common.attributes);
        event.with_known("sampleAgeSeconds", seconds(age.as_secs_f64())).with("stale", is_stale)
    }
}

/// The score, its status and its reasons.
pub(super) fn with_health(event: Event, health: &Health) -> Event {
    event
        .with_known("healthScore", health.score().and_then(Value::float))
        .with("healthStatus", health.status().as_str())
        .with_known("healthReasons", health.reasons())
}

/// To the millisecond, as offsets are dated: the digits beyond would only fill the store.
pub(super) fn seconds(seconds: f64) -> Option<Value> {
    Value::float((seconds * 1e3).round() / 1e3)
}

/// Text that clients choose freely, where it is short enough to be stored.
pub(super) fn storable(text: &Arc<str>) -> Option<Arc<str>> {
    (text.len() <= STRING_BYTES_MAX).then(|| Arc::clone(text))
}
