//! Which groups to describe in a cycle. A listing shows a group's state but neither its epoch nor
//! its members, so groups whose state changed or is in motion come first, then those not asked
//! about for longest, as many as one cycle may take: ordinary clusters are described whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::{GroupAt, GroupType};
use weir_types::Timestamp;

use super::answers::GroupAnswer;
use super::fetch::ask_about;
use super::known::Known;

/// Descriptions of unchanged groups a cycle, over all brokers.
const UNCHANGED_MAX: usize = 500;
/// Share and streams groups are described this often when their state stays: theirs are requests of
/// their own.
const RARELY: Duration = Duration::from_secs(300);

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
    let turn = turn(groups, &unchanged);
    let mut asked = 0;
    for (_, name) in unchanged {
        let (Some(group), Some(before)) = (groups.get_mut(&name), known.group(&name)) else {
            continue;
        };
        let waits = turn.as_ref().is_some_and(|turn| *turn != group.group_type);
        if waits || asked == UNCHANGED_MAX {
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

/// The offsets of share groups take a request a coordinator each cycle: where there are any, the
/// unchanged groups of one type at a time are described, so that a cycle has no more requests than
/// elsewhere. The type whose turn it is was not asked about for longest; `None` for all types.
fn turn(
    groups: &BTreeMap<Arc<str>, GroupAnswer>,
    unchanged: &[(Timestamp, Arc<str>)],
) -> Option<GroupType> {
    let is_share = |group: &GroupAnswer| group.group_type == GroupType::Share;
    let (_, oldest) = unchanged.first().filter(|_| groups.values().any(is_share))?;
    groups.get(oldest).map(|group| group.group_type.clone())
}

fn keep(group: &mut GroupAnswer, before: &GroupAnswer) {
    group.description.clone_from(&before.description);
    group.described_at = before.described_at;
}

/// A rebalance may end and leave the state it began with.
fn is_in_motion(state: Option<&str>) -> bool {
    const MOVING: [&str; 4] =
        ["PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling"];
    state.is_none_or(|state| MOVING.contains(&state))
}

#[cfg(test)]
mod tests {
    use super::super::map::fixture;
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

    #[test]
    fn where_share_groups_are_the_other_types_take_turns() {
        let names = || ["classic", "consumer", "share"].map(str::to_owned);
        let asked = |classic_at, consumer_at| {
            let times = [at(classic_at), at(consumer_at), at(900)];
            let known = known(names().into_iter().zip(times));
            let mut groups = listed(names());
            groups.get_mut("consumer").unwrap().group_type = GroupType::Consumer;
            groups.get_mut("share").unwrap().group_type = GroupType::Share;
            let due = due(&mut groups, &known, at(1_000));
            (due.classic.len(), due.consumer.len(), due.share.len())
        };
        assert_eq!(asked(940, 970), (1, 0, 0));
        assert_eq!(asked(970, 940), (0, 1, 0));
    }
}
