//! The simulated cluster as a function of plan, script, seed and time. Nothing is stepped and
//! nothing is remembered: whatever is asked is computed for the moment it is asked about, so a
//! million partitions cost nothing until somebody asks for them.

mod broker;
mod chance;
mod durability;
mod group;
mod log;
mod moment;
mod partition;
mod rhythm;
mod topic;
mod truth;
mod windows;

use std::collections::HashMap;
use std::sync::Arc;

use weir_types::Timestamp;

pub(crate) use broker::{Broker, Reach};
pub use durability::Durability;
pub(crate) use group::{Group, GroupState};
pub(crate) use moment::Moment;
pub(crate) use partition::PartitionNow;
pub(crate) use topic::Topic;
pub use truth::PartitionTruth;

use crate::plan::Plan;
use crate::script::{Effect, Right, Script};
use windows::{Window, Windows};

/// The brokers keep committed offsets there, and a group's coordinator leads its partition.
const OFFSETS_TOPIC: &str = "__consumer_offsets";
/// As many brokers are controllers as well.
const VOTERS: usize = 3;

/// A cluster and all that happens to it.
#[derive(Debug)]
pub struct World {
    /// When the script begins, in milliseconds since the epoch.
    pub(crate) begin: i64,
    pub(crate) cluster_id: Arc<str>,
    pub(crate) brokers: Vec<Broker>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) groups: Vec<Group>,
    topic_by_name: HashMap<Arc<str>, usize>,
    group_by_name: HashMap<Arc<str>, usize>,
    offsets_topic: Option<usize>,
    /// Indexes into `rights`.
    denied: Windows<usize>,
    rights: Vec<(Right, Arc<str>)>,
}

impl World {
    /// The same arguments make the same world, to the last offset.
    pub fn new(plan: Plan, script: &Script, seed: u64, begin: Timestamp) -> World {
        let begin = begin.as_millis();
        let timeline = Timeline { script, begin };
        let rights: Vec<(Right, Arc<str>)> = script.events.iter().filter_map(denied).collect();
        let nth_right = |effect: &Effect| {
            rights.iter().position(|(right, prefix)| {
                *effect == Effect::Denied { right: *right, prefix: Arc::clone(prefix) }
            })
        };
        let denied = timeline.windows(nth_right);
        let ids: Vec<i32> = plan.brokers.iter().map(|broker| broker.id).collect();
        let brokers = plan.brokers.into_iter().map(|plan| Broker::new(plan, &timeline)).collect();
        let topics: Vec<Topic> =
            plan.topics.into_iter().map(|plan| Topic::new(plan, &ids, seed, &timeline)).collect();
        let topic_by_name: HashMap<_, _> = index(topics.iter().map(|topic| &topic.plan.name));
        let groups: Vec<Group> = plan
            .groups
            .into_iter()
            .map(|plan| Group::new(plan, &topic_by_name, seed, &timeline))
            .collect();
        World {
            begin,
            cluster_id: cluster_id(seed),
            brokers,
            offsets_topic: topic_by_name.get(OFFSETS_TOPIC).copied(),
            group_by_name: index(groups.iter().map(|group| &group.plan.name)),
            topics,
            topic_by_name,
            groups,
            denied,
            rights,
        }
    }

    pub fn partition_count(&self) -> usize {
        self.topics.iter().map(|topic| topic.plan.partitions.max(0) as usize).sum()
    }

    pub fn broker_ids(&self) -> Vec<i32> {
        self.brokers.iter().map(|broker| broker.plan.id).collect()
    }

    pub(crate) fn at(&self, at: Timestamp) -> Moment<'_> {
        Moment::new(self, at.as_millis())
    }

    pub(crate) fn topic_index(&self, name: &str) -> Option<usize> {
        self.topic_by_name.get(name).copied()
    }

    pub(crate) fn group_index(&self, name: &str) -> Option<usize> {
        self.group_by_name.get(name).copied()
    }

    /// The brokers that are controllers as well, by index.
    pub(crate) fn voters(&self) -> std::ops::Range<usize> {
        0..self.brokers.len().min(VOTERS)
    }
}

/// The script on the clock of the world.
struct Timeline<'a> {
    script: &'a Script,
    begin: i64,
}

impl Timeline<'_> {
    /// When what `pick` chooses holds.
    fn windows<T: Copy>(&self, pick: impl Fn(&Effect) -> Option<T>) -> Windows<T> {
        let window = |event: &crate::script::Event| {
            let after = |time: std::time::Duration| {
                let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
                self.begin.saturating_add(millis)
            };
            let end = event.until.map_or(i64::MAX, after);
            Some(Window { begin: after(event.from), end, what: pick(&event.effect)? })
        };
        let repeat_ms = self.script.repeat_every.map(|every| every.as_millis() as i64);
        Windows::new(self.script.events.iter().filter_map(window).collect(), repeat_ms)
    }
}

fn denied(event: &crate::script::Event) -> Option<(Right, Arc<str>)> {
    match &event.effect {
        Effect::Denied { right, prefix } => Some((*right, Arc::clone(prefix))),
        _ => None,
    }
}

fn index<'a>(names: impl Iterator<Item = &'a Arc<str>>) -> HashMap<Arc<str>, usize> {
    names.enumerate().map(|(at, name)| (Arc::clone(name), at)).collect()
}

/// 22 characters, as Kafka writes the 16 bytes of a cluster's id.
fn cluster_id(seed: u64) -> Arc<str> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let character = |at: u64| char::from(ALPHABET[(chance::hash(&[seed, at]) % 64) as usize]);
    let text: String = (0..22).map(character).collect();
    Arc::from(text)
}

#[cfg(test)]
mod fixture {
    use super::*;
    use crate::{Size, Story, company};

    pub(super) const BEGIN: i64 = 1_767_600_000_000;

    pub(super) fn world(story: Story) -> World {
        World::new(company::plan(Size::Small), &story.script(), 7, Timestamp::from_millis(BEGIN))
    }

    /// Seconds after the beginning.
    pub(super) fn at(secs: i64) -> Timestamp {
        Timestamp::from_millis(BEGIN + secs * 1_000)
    }
}
