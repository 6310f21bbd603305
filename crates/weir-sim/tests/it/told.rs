//! What the collector's events say.

use weir_sim::PartitionTruth;
use weir_types::{Event, Value};

/// Group, topic, partition.
pub type Place = (String, String, i64);

/// What is marked stale speaks of an earlier moment.
pub fn is_fresh_position(event: &Event) -> bool {
    is_position(event) && !is_stale(event)
}

pub fn is_position(event: &Event) -> bool {
    &*event.event_type == "KafkaConsumerSample"
}

pub fn is_stale(event: &Event) -> bool {
    event.get("stale") == Some(&Value::Bool(true))
}

pub fn place_of(truth: &PartitionTruth) -> Place {
    (truth.group.to_string(), truth.topic.to_string(), i64::from(truth.partition))
}

pub fn place(event: &Event) -> Place {
    let text = |name| text(event, name).unwrap_or_default().to_owned();
    let partition = number(event, "partition").unwrap_or(-1.0) as i64;
    (text("consumerGroup"), text("topic"), partition)
}

pub fn number(event: &Event, name: &str) -> Option<f64> {
    event.get(name).and_then(Value::as_f64)
}

pub fn text<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    event.get(name).and_then(Value::as_str)
}
