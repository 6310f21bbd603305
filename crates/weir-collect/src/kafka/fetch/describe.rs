//! Which groups to describe in a cycle. A listing shows a group's state but neither its epoch nor
//! its members, so groups whose state changed or is in motion come first, then those not asked
//! about for longest, as many as one cycle may take: ordinary clusters are described whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::{GroupAt, GroupType};
use weir_types::{GroupState, Timestamp};

use super::super::answers::GroupAnswer;
use super::super::known::Known;
use super::groups::ask_about;

/// Descriptions of unchanged groups a cycle, over all brokers.
const UNCHANGED_MAX: usize = 500;
/// Share and streams groups are described this often when their state stays: theirs are requests of
/// their own.
const RARELY: Duration = Duration::from_secs(300);

/// Types of groups a cycle describes, one request a coordinator each, unless their states change.
/// The offsets of share groups are such a request as well.
const TYPES_A_CYCLE: usize = 2;

/// Whom to ask by which request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    pub classic: Vec<GroupAt>,
    pub consumer: Vec<GroupAt>,
    pub share: Vec<GroupAt>,
    pub streams: Vec<GroupAt>,
}

/// Chooses, and gives every other group the description it had.
pub(crate) fn due(
    groups: &mut BTreeMap<Arc<str>, GroupAnswer>,
    known: &Known,
    now: Timestamp,
) -> Due {
    let mut unchanged: Vec<(Timestamp, Arc<str>)> = Vec::new();
    for group in groups.values_mut().filter(|group| group.description.is_none()) {
        let before = known.group(&group.group).filter(|before| before.description.is_some());
        let Some((before, at)) = before.and_then(|it| Some((it, it.described_at?))) else {
            continue;
        };
        if before.state != group.state || is_in_motion(group.state.as_deref()) {
            continue;
        }
        let is_rare = matches!(group.group_type, GroupType::Share | GroupType::Streams);
        if is_rare && now.since(at) < RARELY {
            keep(group, before);
            continue;
        }
        unchanged.push((at, Arc::clone(&group.group)));
    }
    unchanged.sort_unstable();
    let turns = turns(groups, &unchanged);
    let mut asked = 0;
    for (_, name) in unchanged {
        let (Some(group), Some(before)) = (groups.get_mut(&name), known.group(&name)) else {
            continue;
        };
        if asked == UNCHANGED_MAX || !turns.contains(&group.group_type) {
            keep(group, before);
        } else {
            asked += 1;
        }
    }
    let open = |of: GroupType| {
        let is_open = move |g: &&GroupAnswer| g.description.is_none() && g.group_type == of;
        ask_about(groups.values().filter(is_open))
    };
    Due {
        classic: open(GroupType::Classic),
        consumer: open(GroupType::Consumer),
        share: open(GroupType::Share),
        streams: open(GroupType::Streams),
    }
}

/// The types whose unchanged groups are described in this cycle: those not asked about for longest,
/// as many as there is room for.
fn turns(
    groups: &BTreeMap<Arc<str>, GroupAnswer>,
    unchanged: &[(Timestamp, Arc<str>)],
) -> Vec<GroupType> {
    let has_share = groups.values().any(|group| group.group_type == GroupType::Share);
    let room = if has_share { TYPES_A_CYCLE - 1 } else { TYPES_A_CYCLE };
    let mut turns = Vec::with_capacity(room);
    for (_, name) in unchanged {
        let Some(group) = groups.get(name) else { continue };
        if turns.len() < room && !turns.contains(&group.group_type) {
            turns.push(group.group_type.clone());
        }
    }
    turns
}

fn keep(group: &mut GroupAnswer, before: &GroupAnswer) {
    group.description.clone_from(&before.description);
    group.described_at = before.described_at;
}

/// A rebalance may end and leave the state it began with.
fn is_in_motion(state: Option<&str>) -> bool {
    state.is_none_or(|state| GroupState::read(state).is_moving())
}

#[cfg(test)]
mod tests {
    use super::super::super::map::fixture;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// As listed: named, stable, not described.
    fn listed(names: impl IntoIterator<Item = String>) -> BTreeMap<Arc<str>, GroupAnswer> {
        let group = |name: String| GroupAnswer {
            group: name.into(),
            description: None,
            commits: None,
            ..fixture::answers().groups.remove(0)
        };
        names.into_iter().map(group).map(|group| (Arc::clone(&group.group), group)).collect()
    }

    /// A cycle in which every group named was described.
    fn known(names: impl IntoIterator<Item = (String, Timestamp)>) -> Known {
        let mut answers = fixture::answers();
        let described = answers.groups.remove(0);
        answers.groups = names
            .into_iter()
            .map(|(name, at)| GroupAnswer {
                group: name.into(),
                described_at: Some(at),
                ..described.clone()
            })
            .collect();
        let mut known = Known::default();
        known.next(answers, Vec::new());
        known
    }

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("group-{n:04}")).collect()
    }

    #[test]
    fn a_new_group_is_described() {
        let mut groups = listed(names(1));
        assert_eq!(due(&mut groups, &Known::default(), at(0)).classic.len(), 1);
    }

    #[test]
    fn unchanged_groups_take_turns_longest_unasked_first() {
        let names = names(UNCHANGED_MAX + 20);
        let known = known(
            names
                .iter()
                .enumerate()
                .map(|(n, name)| (name.clone(), if n < 20 { at(900) } else { at(n as i64) })),
        );
        let mut groups = listed(names);
        let due = due(&mut groups, &known, at(1_000));
        assert_eq!(due.classic.len(), UNCHANGED_MAX);
        assert!(due.classic.iter().all(|group| *group.group >= *"group-0020"));
        assert_eq!(groups["group-0000"].described_at, Some(at(900)));
    }

    #[test]
    fn a_changed_state_goes_before_all_turns() {
        let names = names(UNCHANGED_MAX + 20);
        let known = known(names.iter().map(|name| (name.clone(), at(900))));
        let mut groups = listed(names);
        let last = groups.get_mut("group-0519").unwrap();
        last.state = Some("PreparingRebalance".into());
        let due = due(&mut groups, &known, at(1_000));
        assert_eq!(due.classic.len(), UNCHANGED_MAX + 1);
        assert!(due.classic.iter().any(|group| &*group.group == "group-0519"));
    }

    #[test]
    fn share_and_streams_groups_wait_for_five_minutes_unless_their_state_changes() {
        let known = known([("carts".to_owned(), at(900))]);
        for group_type in [GroupType::Share, GroupType::Streams] {
            let asked = |state: &str, now| {
                let mut groups = listed(["carts".to_owned()]);
                let group = groups.get_mut("carts").unwrap();
                group.group_type = group_type.clone();
                group.state = Some(state.into());
                let due = due(&mut groups, &known, now);
                due.share.len() + due.streams.len()
            };
            assert_eq!([asked("Stable", at(1_000)), asked("Stable", at(1_200))], [0, 1]);
            assert_eq!(asked("Empty", at(1_000)), 1);
        }
    }

    /// How many of the types' groups are asked about at 1000 s, each last described when it says.
    fn asked(described: [(GroupType, i64); 3]) -> [usize; 4] {
        let names = || ["a", "b", "c"].map(str::to_owned);
        let times = described.iter().map(|(_, seconds)| at(*seconds));
        let known = known(names().into_iter().zip(times));
        let mut groups = listed(names());
        for (group, (group_type, _)) in groups.values_mut().zip(described) {
            group.group_type = group_type;
        }
        let due = due(&mut groups, &known, at(1_000));
        [due.classic.len(), due.consumer.len(), due.share.len(), due.streams.len()]
    }

    #[test]
    fn where_share_groups_are_the_other_types_take_turns() {
        use GroupType::{Classic, Consumer, Share};
        assert_eq!(asked([(Classic, 940), (Consumer, 970), (Share, 900)]), [1, 0, 0, 0]);
        assert_eq!(asked([(Classic, 970), (Consumer, 940), (Share, 900)]), [0, 1, 0, 0]);
        assert_eq!(asked([(Classic, 970), (Consumer, 940), (Share, 700)]), [0, 0, 1, 0]);
    }

    #[test]
    fn two_types_are_described_in_a_cycle_those_that_waited_longest() {
        use GroupType::{Classic, Consumer, Streams};
        assert_eq!(asked([(Classic, 970), (Consumer, 970), (Streams, 900)]), [1, 1, 0, 0]);
        assert_eq!(asked([(Classic, 970), (Consumer, 940), (Streams, 700)]), [0, 1, 0, 1]);
    }
}
