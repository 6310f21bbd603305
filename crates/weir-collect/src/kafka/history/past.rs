//! What an earlier process stored of the lag of groups, packed as it comes: only what [`History`] is
//! rebuilt from.
//!
//! [`History`]: super::History

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use weir_types::{Event, LagVerdict, Timestamp, Value};

/// The last samples of one source: some ten cycles give every verdict its whole window, the newest
/// alone gives ages and verdicts. Takes some hundred bytes a sample, so that cycles bound it.
#[derive(Debug, Default)]
pub struct Past {
    /// Of which cluster: another one behind the same address has another past.
    pub(crate) cluster_id: Option<Arc<str>>,
    pub(super) positions: HashMap<Place, PastPosition>,
    pub(super) groups: Vec<PastGroup>,
}

/// Where a group stood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub topic: Arc<str>,
    pub partition: i32,
    pub group: Arc<str>,
}

/// What the fresh samples of one place told.
#[derive(Debug)]
pub(super) struct PastPosition {
    /// In the order they came.
    pub polls: Vec<PastPoll>,
    pub oldest: PastAge,
    pub newest: PastState,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PastPoll {
    pub at: Timestamp,
    /// How long the cycle took: the log end was read within.
    took_ms: u32,
    pub is_held: bool,
    pub committed: i64,
    pub log_end: Option<i64>,
    pub lag: Option<i64>,
}

/// How old the first unread message was.
#[derive(Debug, Clone, Copy)]
pub(super) struct PastAge {
    pub at: Timestamp,
    pub low: Option<Duration>,
    pub high: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PastState {
    pub at: Timestamp,
    pub commit_age: Option<Duration>,
    pub verdict: Option<LagVerdict>,
}

/// What one sample of a whole group told.
#[derive(Debug)]
pub(super) struct PastGroup {
    pub group: Arc<str>,
    pub at: Timestamp,
    /// `None` where it was not known, or repeated.
    pub total_lag: Option<i64>,
    pub is_abandoned: bool,
}

impl Past {
    /// The samples it is made of.
    pub const EVENT_TYPES: [&'static str; 2] = [POSITION, GROUP];
    /// What it reads of them; events need no other attributes.
    pub const ATTRIBUTES: &'static [&'static str] = &[
        "clusterId",
        "stale",
        "sampleAgeSeconds",
        "consumerGroup",
        "topic",
        "partition",
        "memberId",
        "consumerOffset",
        "logEndOffset",
        "consumerLag",
        "consumerLagSecondsLow",
        "consumerLagSecondsHigh",
        "commitAgeSeconds",
        "lagStatus",
        "totalLag",
        "abandoned",
    ];

    /// Adds one sample, in any order. Events of other types, and what is not as this source makes it,
    /// tell nothing.
    pub fn add(&mut self, event: &Event) {
        match &*event.event_type {
            POSITION => drop(self.add_position(event)),
            GROUP => self.groups.extend(PastGroup::read(event)),
            _ => {}
        }
    }

    /// Samples it holds.
    pub fn sample_count(&self) -> usize {
        let polls = self.positions.values().map(|position| position.polls.len());
        polls.sum::<usize>() + self.groups.len()
    }

    /// `None` without a commit, and of what is marked stale: there is nothing to remember.
    fn add_position(&mut self, event: &Event) -> Option<()> {
        let poll = PastPoll::read(event).filter(|_| !is_true(event, "stale"))?;
        let place = Place {
            topic: text(event, "topic")?,
            partition: i32::try_from(int(event, "partition")?).ok()?,
            group: text(event, "consumerGroup")?,
        };
        let position = self.positions.entry(place).or_insert_with(|| PastPosition {
            polls: Vec::new(),
            oldest: PastAge::read(event),
            newest: PastState::read(event),
        });
        if event.timestamp < position.oldest.at {
            position.oldest = PastAge::read(event);
        }
        if event.timestamp > position.newest.at {
            position.newest = PastState::read(event);
        }
        position.polls.push(poll);
        self.cluster_id = text(event, "clusterId");
        Some(())
    }
}

impl<'a> FromIterator<&'a Event> for Past {
    fn from_iter<I: IntoIterator<Item = &'a Event>>(events: I) -> Past {
        let mut past = Past::default();
        events.into_iter().for_each(|event| past.add(event));
        past
    }
}

impl PastPoll {
    pub(super) fn heard_at(&self) -> Timestamp {
        self.at.saturating_add(Duration::from_millis(self.took_ms.into()))
    }

    fn read(event: &Event) -> Option<PastPoll> {
        let took = seconds(event, "sampleAgeSeconds").unwrap_or_default();
        Some(PastPoll {
            at: event.timestamp,
            took_ms: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
            is_held: event.get("memberId").is_some(),
            committed: int(event, "consumerOffset")?,
            log_end: int(event, "logEndOffset"),
            lag: int(event, "consumerLag"),
        })
    }
}

impl PastAge {
    fn read(event: &Event) -> PastAge {
        PastAge {
            at: event.timestamp,
            low: seconds(event, "consumerLagSecondsLow"),
            high: seconds(event, "consumerLagSecondsHigh"),
        }
    }
}

impl PastState {
    fn read(event: &Event) -> PastState {
        PastState {
            at: event.timestamp,
            commit_age: seconds(event, "commitAgeSeconds"),
            verdict: event.get("lagStatus").and_then(Value::as_str).and_then(LagVerdict::parse),
        }
    }
}

impl PastGroup {
    /// Abandoned is what history said, be the answers repeated or not; a total is not.
    fn read(event: &Event) -> Option<PastGroup> {
        Some(PastGroup {
            group: text(event, "consumerGroup")?,
            at: event.timestamp,
            total_lag: int(event, "totalLag").filter(|_| !is_true(event, "stale")),
            is_abandoned: is_true(event, "abandoned"),
        })
    }
}

const POSITION: &str = "KafkaConsumerSample";
const GROUP: &str = "KafkaConsumerGroupSample";

fn text(event: &Event, name: &str) -> Option<Arc<str>> {
    match event.get(name)? {
        Value::Str(text) => Some(Arc::clone(text)),
        _ => None,
    }
}

fn int(event: &Event, name: &str) -> Option<i64> {
    match event.get(name)? {
        Value::Int(value) => Some(*value),
        _ => None,
    }
}

/// Whatever an event holds, never a panic.
fn seconds(event: &Event, name: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(event.get(name)?.as_f64()?).ok()
}

fn is_true(event: &Event, name: &str) -> bool {
    event.get(name) == Some(&Value::Bool(true))
}
