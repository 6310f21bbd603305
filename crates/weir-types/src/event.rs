//! One observation, and the batch in which observations travel and are acknowledged.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{AccountId, Timestamp, Value};

/// Names from the schema are static; names from the wire are owned.
pub type AttributeName = Cow<'static, str>;

/// Longest event type and attribute name, in bytes (New Relic's Event API has the same bound).
pub const NAME_BYTES_MAX: usize = 255;
/// Longest string value, in bytes (New Relic's Event API has the same bound).
pub const STRING_BYTES_MAX: usize = 4_096;
/// Most attributes of one event (New Relic's Event API has the same bound).
pub const ATTRIBUTES_MAX: usize = 255;

/// What was seen of one thing at one moment. `timestamp` is when the source observed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub event_type: Arc<str>,
    pub timestamp: Timestamp,
    /// Unique names; `timestamp` and `eventType` are never among them.
    pub attributes: Vec<(AttributeName, Value)>,
}

impl Event {
    pub fn new(event_type: impl Into<Arc<str>>, timestamp: Timestamp) -> Self {
        Event { event_type: event_type.into(), timestamp, attributes: Vec::new() }
    }

    /// Adds an attribute; the caller adds each name once.
    pub fn with(mut self, name: impl Into<AttributeName>, value: impl Into<Value>) -> Self {
        self.push(name, value);
        self
    }

    /// Adds an attribute when it is known: what a source can't know is absent, never 0.
    pub fn with_known<V: Into<Value>>(
        mut self,
        name: impl Into<AttributeName>,
        value: Option<V>,
    ) -> Self {
        if let Some(value) = value {
            self.push(name, value);
        }
        self
    }

    pub fn push(&mut self, name: impl Into<AttributeName>, value: impl Into<Value>) {
        self.attributes.push((name.into(), value.into()));
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Checks the bounds above, that numbers are finite and that no name stands twice.
    pub fn validate(&self) -> Result<(), EventError> {
        check_event_type(&self.event_type)?;
        if self.attributes.len() > ATTRIBUTES_MAX {
            return Err(EventError::TooManyAttributes(self.attributes.len()));
        }
        for (i, (name, value)) in self.attributes.iter().enumerate() {
            check_attribute(name, value)?;
            if self.attributes[..i].iter().any(|(n, _)| n == name) {
                return Err(EventError::RepeatedAttribute(name.to_string()));
            }
        }
        Ok(())
    }
}

/// Events of one account that are acknowledged together: a reader sees all of them or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub account: AccountId,
    pub events: Vec<Event>,
}

/// Why an event can't be taken. Nothing of its batch is stored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EventError {
    #[error(
        "event type `{0}` is not valid: use a letter first, then letters, digits, `_` or `:`, at most {NAME_BYTES_MAX} bytes"
    )]
    EventType(String),
    #[error("attribute name of {0} bytes is not valid: use 1 to {NAME_BYTES_MAX} bytes")]
    AttributeName(usize),
    #[error("attribute `{0}` stands twice in one event")]
    RepeatedAttribute(String),
    #[error("attribute `{name}` holds {bytes} bytes, the limit is {STRING_BYTES_MAX}")]
    StringTooLong { name: String, bytes: usize },
    #[error("attribute `{0}` is not a finite number")]
    NotFinite(String),
    #[error("event has {0} attributes, the limit is {ATTRIBUTES_MAX}")]
    TooManyAttributes(usize),
}

pub(crate) fn check_event_type(name: &str) -> Result<(), EventError> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest_is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
    if starts_well && rest_is_plain && name.len() <= NAME_BYTES_MAX {
        return Ok(());
    }
    Err(EventError::EventType(name.chars().take(64).collect()))
}

fn check_attribute(name: &str, value: &Value) -> Result<(), EventError> {
    check_attribute_name(name)?;
    match value {
        Value::Str(text) => check_text(name, text),
        Value::Float(f) if !f.is_finite() => Err(EventError::NotFinite(name.into())),
        _ => Ok(()),
    }
}

pub(crate) fn check_attribute_name(name: &str) -> Result<(), EventError> {
    match name.len() {
        1..=NAME_BYTES_MAX => Ok(()),
        bytes => Err(EventError::AttributeName(bytes)),
    }
}

pub(crate) fn check_text(name: &str, text: &str) -> Result<(), EventError> {
    match text.len() {
        0..=STRING_BYTES_MAX => Ok(()),
        bytes => Err(EventError::StringTooLong { name: name.into(), bytes }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event::new("KafkaTopicSample", Timestamp::from_millis(1))
    }

    #[test]
    fn unknown_is_absent() {
        let event =
            event().with_known("sizeBytes", None::<i64>).with_known("partitionCount", Some(3));
        assert_eq!(event.get("sizeBytes"), None);
        assert_eq!(event.get("partitionCount"), Some(&Value::Int(3)));
    }

    #[test]
    fn bounds_are_named() {
        let long = event().with("note", "x".repeat(STRING_BYTES_MAX + 1));
        assert!(matches!(long.validate(), Err(EventError::StringTooLong { bytes: 4097, .. })));
        let twice = event().with("a", 1).with("a", 2);
        assert_eq!(twice.validate(), Err(EventError::RepeatedAttribute("a".into())));
        let nan = event().with("a", Value::Float(f64::NAN));
        assert_eq!(nan.validate(), Err(EventError::NotFinite("a".into())));
        let odd = Event::new("9lives", Timestamp::from_millis(1));
        assert!(matches!(odd.validate(), Err(EventError::EventType(_))));
    }
}
