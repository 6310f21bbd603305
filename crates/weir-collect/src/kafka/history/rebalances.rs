//! Rebalances of one group, counted from what polls happen to see.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use weir_kafka::{GroupDescription, GroupType};
use weir_types::GroupState;

use super::super::answers::GroupAnswer;

/// A classic group shows no generation, so a rebalance is a state seen in passing, or members that
/// hold other partitions than before; what begins and ends between two polls counts once. Other
/// groups count by their epoch.
#[derive(Debug, Clone, Default)]
pub(super) struct Rebalances {
    count: u64,
    before: Option<Seen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Epoch(i32),
    /// Stable, with members and assignments of this fingerprint.
    Assigned(u64),
    Rebalancing,
}

impl Rebalances {
    pub(super) fn observe(&mut self, group: &GroupAnswer) {
        let Some(now) = seen(group) else { return };
        self.count += match (self.before, now) {
            (Some(Seen::Epoch(before)), Seen::Epoch(epoch)) => {
                u64::try_from(epoch.saturating_sub(before)).unwrap_or(0)
            }
            (Some(Seen::Assigned(_)), Seen::Rebalancing) => 1,
            (Some(Seen::Assigned(before)), Seen::Assigned(after)) => u64::from(before != after),
            _ => 0,
        };
        self.before = Some(now);
    }

    /// `None` before the group was seen with its members.
    pub(super) fn count(&self) -> Option<u64> {
        self.before.map(|_| self.count)
    }
}

fn seen(group: &GroupAnswer) -> Option<Seen> {
    let is_classic = group.group_type == GroupType::Classic;
    let is_moving = group.state.as_deref().is_some_and(|it| GroupState::read(it).is_moving());
    if is_classic && is_moving {
        return Some(Seen::Rebalancing);
    }
    let description = group.description.as_ref()?;
    match description.epoch {
        Some(epoch) => Some(Seen::Epoch(epoch)),
        None => is_classic.then(|| Seen::Assigned(fingerprint(description))),
    }
}

fn fingerprint(description: &GroupDescription) -> u64 {
    let mut members: Vec<_> = description.members.iter().collect();
    members.sort_unstable_by(|one, other| one.member_id.cmp(&other.member_id));
    let mut hasher = DefaultHasher::new();
    for member in members {
        member.member_id.hash(&mut hasher);
        for topic in member.assignment.iter().flatten() {
            (&topic.topic, &topic.partitions).hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::super::map::fixture;
    use super::*;

    fn counted(seen: impl IntoIterator<Item = GroupAnswer>) -> Option<u64> {
        let mut rebalances = Rebalances::default();
        seen.into_iter().for_each(|group| rebalances.observe(&group));
        rebalances.count()
    }

    fn stable() -> GroupAnswer {
        fixture::answers().groups.remove(0)
    }

    fn in_state(state: &str) -> GroupAnswer {
        GroupAnswer { state: Some(state.into()), ..stable() }
    }

    fn moved() -> GroupAnswer {
        let mut group = stable();
        let member = &mut group.description.as_mut().unwrap().members[0];
        member.assignment.as_mut().unwrap()[0].partitions = vec![0];
        group
    }

    fn at_epoch(epoch: i32) -> GroupAnswer {
        let mut group = GroupAnswer { group_type: GroupType::Consumer, ..stable() };
        group.description.as_mut().unwrap().epoch = Some(epoch);
        group
    }

    #[test]
    fn a_rebalance_seen_in_passing_counts_once() {
        let passing = ["Stable", "PreparingRebalance", "CompletingRebalance"].map(in_state);
        assert_eq!(counted(passing.into_iter().chain([moved()])), Some(1));
    }

    #[test]
    fn one_between_two_polls_shows_in_the_assignment() {
        assert_eq!(counted([stable(), stable()]), Some(0));
        assert_eq!(counted([stable(), moved(), stable()]), Some(2));
    }

    #[test]
    fn epochs_count_by_themselves() {
        assert_eq!(counted([at_epoch(4), at_epoch(7)]), Some(3));
        let moving = GroupAnswer { state: Some("Reconciling".into()), ..at_epoch(5) };
        assert_eq!(counted([at_epoch(4), moving, at_epoch(5)]), Some(1), "one epoch is one");
    }

    #[test]
    fn a_group_never_seen_in_detail_has_no_count() {
        let unknown = GroupAnswer { description: None, ..stable() };
        assert_eq!(counted([unknown]), None);
    }
}
