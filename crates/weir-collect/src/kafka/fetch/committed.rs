//! Whose offsets to ask for in a cycle, and by which request. From Kafka 3.0 on one request a
//! coordinator tells them all; before it takes one request a group, so that brokers with many groups
//! are asked about some of them each cycle: groups that are live or lag first, and never so many that
//! the others are forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_kafka::{BrokerId, GroupAt, GroupType, KafkaRelease};
use weir_types::{GroupState, Timestamp};

use super::super::answers::GroupAnswer;
use super::super::known::Known;
use super::groups::ask_about;

/// The first release whose OffsetFetch names many groups (KIP-709).
pub(crate) const MANY_GROUPS_A_REQUEST: KafkaRelease = KafkaRelease { major: 3, minor: 0 };
/// Groups a cycle and coordinator where each takes a request: a quarter of a second at 2.5 ms each,
/// of which a client has sixteen under way.
pub(crate) const SINGLE_MAX: usize = 100;
/// Of these, groups that are neither live nor lag when there are more of those than fit.
const RESTING_MAX: usize = SINGLE_MAX / 4;

/// Whom to ask by which request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// By OffsetFetch.
    pub committing: Vec<GroupAt>,
    /// By DescribeShareGroupOffsets.
    pub share: Vec<GroupAt>,
    /// Groups that wait for their turn in a later cycle.
    pub waiting: usize,
}

/// How early a group is asked: never asked before, then live or lagging, then resting; of each those
/// not asked for longest.
type Turn = (u8, Option<Timestamp>);

/// A release nobody knows is taken for an old one: that asks for less.
pub(crate) fn due(
    groups: &BTreeMap<Arc<str>, GroupAnswer>,
    known: &Known,
    release: Option<KafkaRelease>,
) -> Due {
    let share = ask_about(groups.values().filter(|group| group.group_type == GroupType::Share));
    let committing = groups.values().filter(|group| has_commits(&group.group_type));
    if release.is_some_and(|release| release >= MANY_GROUPS_A_REQUEST) {
        return Due { committing: ask_about(committing), share, waiting: 0 };
    }
    let mut coordinators: BTreeMap<BrokerId, Vec<(Turn, &GroupAnswer)>> = BTreeMap::new();
    for group in committing {
        coordinators.entry(group.coordinator).or_default().push((turn(group, known), group));
    }
    let all: usize = coordinators.values().map(Vec::len).sum();
    let chosen: Vec<&GroupAnswer> = coordinators.into_values().flat_map(chosen).collect();
    Due { waiting: all - chosen.len(), committing: ask_about(chosen.into_iter()), share }
}

/// Groups that commit offsets; share groups keep their positions elsewhere (KIP-932).
pub(crate) fn has_commits(group_type: &GroupType) -> bool {
    matches!(group_type, GroupType::Classic | GroupType::Consumer | GroupType::Streams)
}

fn turn(group: &GroupAnswer, known: &Known) -> Turn {
    let before = known.group(&group.group).filter(|before| before.commits.is_some());
    let Some(before) = before else { return (0, None) };
    let is_at_rest = group.state.as_deref().is_some_and(|it| GroupState::read(it).is_at_rest());
    let rests = is_at_rest && !known.lags(before);
    (if rests { 2 } else { 1 }, before.commits_heard_at)
}

/// Of one coordinator. Part of the room is for those not asked for longest, whatever they are: else
/// resting groups would never be asked where the others alone fill it.
fn chosen(mut groups: Vec<(Turn, &GroupAnswer)>) -> Vec<&GroupAnswer> {
    groups.sort_by_key(|(turn, _)| *turn);
    if groups.len() > SINGLE_MAX {
        let urgent = SINGLE_MAX - RESTING_MAX;
        groups[urgent..].sort_by_key(|((_, asked_at), _)| *asked_at);
        groups.truncate(SINGLE_MAX);
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::map::fixture;
    use super::*;

    const OLD: Option<KafkaRelease> = Some(KafkaRelease { major: 2, minor: 8 });

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// Live groups first, then empty ones without a lag, all with one coordinator.
    fn listed(live: usize, resting: usize) -> BTreeMap<Arc<str>, GroupAnswer> {
        let group = |n: usize| {
            let state = if n < live { "Stable" } else { "Empty" };
            let group = GroupAnswer {
                group: format!("group-{n:04}").into(),
                state: Some(state.into()),
                commits: None,
                ..fixture::answers().groups.remove(0)
            };
            (Arc::clone(&group.group), group)
        };
        (0..live + resting).map(group).collect()
    }

    /// Cycles of one client: whom each asked.
    fn asked(live: usize, resting: usize, cycles: i64) -> Vec<BTreeSet<String>> {
        let (mut known, mut all) = (Known::default(), Vec::new());
        for cycle in 0..cycles {
            let mut groups = listed(live, resting);
            let due = due(&groups, &known, OLD);
            assert_eq!(due.committing.len() + due.waiting, live + resting);
            for at_group in &due.committing {
                let group = groups.get_mut(&at_group.group).unwrap();
                (group.commits, group.commits_heard_at) = (Some(Vec::new()), Some(at(cycle)));
            }
            all.push(due.committing.iter().map(|it| it.group.to_string()).collect());
            let mut answers = fixture::answers();
            answers.groups = groups.into_values().collect();
            known.fill(&mut answers);
            known.next(answers, Vec::new());
        }
        all
    }

    #[test]
    fn from_kafka_3_on_all_are_asked_together() {
        let groups = listed(150, 50);
        let asked = |release| due(&groups, &Known::default(), release).committing.len();
        assert_eq!(asked(Some(MANY_GROUPS_A_REQUEST)), 200);
        assert_eq!(asked(None), SINGLE_MAX, "nobody knows what a request would cost");
    }

    #[test]
    fn before_it_a_coordinator_is_asked_about_so_many_and_about_all_in_turn() {
        let cycles = asked(150, 50, 3);
        assert!(cycles.iter().all(|asked| asked.len() == SINGLE_MAX));
        let first: BTreeSet<_> = cycles[..2].iter().flatten().collect();
        assert_eq!(first.len(), 200, "whoever was never asked comes first");
    }

    #[test]
    fn live_groups_come_first_and_resting_ones_are_not_forgotten() {
        let cycles = asked(75, 500, 60);
        let is_live = |name: &&String| name.as_str() < "group-0075";
        // After all have been asked once.
        for cycle in &cycles[10..] {
            assert_eq!(cycle.iter().filter(is_live).count(), 75);
        }
        let resting: BTreeSet<_> =
            cycles[10..].iter().flatten().filter(|it| !is_live(it)).collect();
        assert_eq!(resting.len(), 500);
    }

    #[test]
    fn live_groups_that_fill_the_room_leave_some_to_the_others() {
        let cycles = asked(400, 100, 40);
        let late: BTreeSet<_> = cycles[20..].iter().flatten().collect();
        assert_eq!(late.len(), 500);
    }

    #[test]
    fn share_groups_are_asked_by_a_request_of_their_own() {
        let mut groups = listed(2, 0);
        groups.get_mut("group-0001").unwrap().group_type = GroupType::Share;
        let due = due(&groups, &Known::default(), OLD);
        let names = |of: &[GroupAt]| of.iter().map(|it| it.group.to_string()).collect::<Vec<_>>();
        assert_eq!(
            (names(&due.committing), names(&due.share)),
            (vec!["group-0000".into()], vec!["group-0001".into()])
        );
    }
}
