//! One consumer group: how far it has read, who is in it.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Moment, Timeline, Topic, Windows, World, chance};
use crate::plan::{GroupKind, GroupPlan};
use crate::script::Effect;

/// How many times as fast as messages arrive a group reads when it is behind.
const CATCH_UP_PACE: f64 = 6.0;
/// One in so many of the messages behind the first open one is done with in a share group.
const SHARE_DONE_OF: i64 = 8;

#[derive(Debug)]
pub(crate) struct Group {
    pub plan: GroupPlan,
    /// As the brokers hash the name (Java's `String.hashCode`) to find its coordinator.
    pub hash: i32,
    pub seed: u64,
    /// By index.
    pub topics: Vec<usize>,
    disturbed: Windows<Disturbance>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Disturbance {
    Reads { partition: Option<i32>, pace: f64 },
    Stopped,
    Rebalances,
    Rewinds { by_ms: i64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupState {
    Stable,
    Rebalancing,
    Empty,
}

impl Group {
    pub(super) fn new(
        plan: GroupPlan,
        topics: &HashMap<Arc<str>, usize>,
        seed: u64,
        timeline: &Timeline<'_>,
    ) -> Group {
        let disturbed = timeline.windows(|effect| disturbance(effect, &plan.name));
        Group {
            hash: java_hash(&plan.name),
            seed: chance::hash(&[seed, chance::of_text(&plan.name), 8]),
            topics: plan.topics.iter().filter_map(|name| topics.get(name).copied()).collect(),
            disturbed,
            plan,
        }
    }

    /// The partitions of a topic that a member reads: each member every n-th.
    pub(crate) fn assigned(&self, member: u32, topic: &Topic) -> impl Iterator<Item = i32> + use<> {
        let step = self.plan.members.max(1) as usize;
        (member as i32..topic.plan.partitions).step_by(step)
    }

    /// The arrival time of the newest message the group has read by `at`.
    fn read_until(&self, topic: &Topic, partition: i32, begin: i64, at: i64) -> i64 {
        let delay = millis(self.plan.read_delay);
        if let Some(stopped_for) = self.plan.stopped_for {
            return begin - millis(stopped_for) - delay;
        }
        let mut reader = Reader { topic, delay, at: begin.min(at), read: begin.min(at) - delay };
        for window in self.disturbed.begun(at) {
            let until = window.end.min(at);
            match window.what {
                Disturbance::Reads { partition: Some(only), .. } if only != partition => {}
                Disturbance::Rewinds { by_ms } => {
                    reader.catch_up(window.begin);
                    reader.read -= by_ms;
                }
                Disturbance::Reads { pace, .. } => {
                    reader.catch_up(window.begin);
                    reader.read_at(pace, until);
                }
                Disturbance::Stopped | Disturbance::Rebalances => {
                    reader.catch_up(window.begin);
                    reader.read_at(0.0, until);
                }
            }
        }
        reader.catch_up(at);
        reader.read
    }

    fn state(&self, at: i64) -> GroupState {
        let holds = |what| self.disturbed.open(at).any(|disturbance| disturbance == what);
        if self.plan.stopped_for.is_some() || holds(Disturbance::Stopped) {
            GroupState::Empty
        } else if holds(Disturbance::Rebalances) {
            GroupState::Rebalancing
        } else {
            GroupState::Stable
        }
    }

    /// Grows with each change of membership.
    fn epoch(&self, at: i64) -> i32 {
        let changes = self.disturbed.begun(at).map(|window| match window.what {
            Disturbance::Stopped | Disturbance::Rebalances => 1 + i32::from(window.end <= at),
            _ => 0,
        });
        10 + changes.sum::<i32>()
    }
}

impl World {
    /// What the group had committed by `at`.
    pub(crate) fn committed(&self, group: usize, topic: usize, partition: i32, at: i64) -> i64 {
        let group = &self.groups[group];
        let interval = millis(group.plan.commit_interval).max(1);
        let phase = (chance::unit(&[group.seed, 9]) * interval as f64) as i64;
        let committed_at = at - (at + phase).rem_euclid(interval);
        let read = group.read_until(&self.topics[topic], partition, self.begin, committed_at);
        self.log_end(topic, partition, read)
    }
}

impl World {
    /// Messages the group has yet to consume. Members of a share group take them in any order: of
    /// those behind the first that is open, some are done with.
    pub(crate) fn lag(&self, group: usize, topic: usize, partition: i32, at: i64) -> i64 {
        let behind =
            self.log_end(topic, partition, at) - self.committed(group, topic, partition, at);
        match self.groups[group].plan.kind {
            GroupKind::Share => behind.max(0) - behind.max(0) / SHARE_DONE_OF,
            _ => behind.max(0),
        }
    }
}

impl Moment<'_> {
    pub(crate) fn group_state(&self, group: usize) -> GroupState {
        self.world.groups[group].state(self.at)
    }

    pub(crate) fn group_epoch(&self, group: usize) -> i32 {
        self.world.groups[group].epoch(self.at)
    }
}

/// A group's way through one partition, measured in arrival times.
struct Reader<'a> {
    topic: &'a Topic,
    delay: i64,
    at: i64,
    read: i64,
}

impl Reader<'_> {
    /// Reads on undisturbed. What retention has deleted meanwhile is skipped.
    fn catch_up(&mut self, until: i64) {
        if until > self.at {
            if let Some(since) = self.topic.kept_since(self.at) {
                self.read = self.read.max(since - 1);
            }
            self.read_at(CATCH_UP_PACE, until);
        }
    }

    fn read_at(&mut self, pace: f64, until: i64) {
        if until > self.at {
            let read = (pace.max(0.0) * (until - self.at) as f64) as i64;
            self.read = self.read.saturating_add(read).min((until - self.delay).max(self.read));
            self.at = until;
        }
    }
}

fn disturbance(effect: &Effect, name: &str) -> Option<Disturbance> {
    let (group, disturbance) = match effect {
        Effect::GroupReads { group, partition, pace } => {
            (group, Disturbance::Reads { partition: *partition, pace: *pace })
        }
        Effect::GroupStops { group } => (group, Disturbance::Stopped),
        Effect::GroupRebalances { group } => (group, Disturbance::Rebalances),
        Effect::GroupRewinds { group, by } => (group, Disturbance::Rewinds { by_ms: millis(*by) }),
        _ => return None,
    };
    (**group == *name).then_some(disturbance)
}

fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

fn millis(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
