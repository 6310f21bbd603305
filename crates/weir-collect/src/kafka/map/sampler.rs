//! What all events of one cycle have in common.

use std::sync::Arc;
use std::time::Duration;

use weir_types::event::STRING_BYTES_MAX;
use weir_types::{Event, Timestamp, Value};

use super::super::options::KafkaSourceOptions;

/// Starts every event of a cycle with the common attributes.
#[derive(Debug)]
pub(crate) struct Sampler {
    /// Its event type is a placeholder.
    common: Event,
}

impl Sampler {
    /// `took` is how long the cycle asked: no answer is older.
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
            .with_known("sampleAgeSeconds", Value::float(took.as_secs_f64()))
            .with("stale", false)
            .with_known("completeness", Value::float(completeness));
        Sampler { common }
    }

    /// An event with the common attributes; clone it for each sample of a kind.
    pub(crate) fn event(&self, event_type: &str) -> Event {
        let mut event = self.common.clone();
        event.event_type = event_type.into();
        event
    }
}

/// Text that clients choose freely, where it is short enough to be stored.
pub(super) fn storable(text: &Arc<str>) -> Option<Arc<str>> {
    (text.len() <= STRING_BYTES_MAX).then(|| Arc::clone(text))
}
