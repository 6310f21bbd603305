use weir_types::Timestamp;

use super::super::consumer::positions;
use super::super::fixture;
use super::*;
use crate::exposition::{Dialects, Exposition, ExpositionSlot};

fn facts() -> CycleFacts<'static> {
    CycleFacts {
        source: "orders",
        cluster: "orders",
        cluster_id: None,
        took: Duration::from_millis(250),
        is_whole: true,
    }
}

fn taken(answers: &Answers) -> Snapshot {
    let (facts, history) = (facts(), fixture::history());
    let mut draft = Draft::begin(&facts, answers);
    answers.groups.iter().for_each(|group| draft.add(group, &positions(group, answers, &history)));
    draft.finish()
}

fn topic_of<'a>(snapshot: &'a Snapshot, name: &str) -> &'a GroupTopicRow {
    snapshot.group_topics.iter().find(|row| row.topic == Label::from(name)).unwrap()
}

#[test]
fn partitions_have_what_was_heard_of_them() {
    let snapshot = taken(&fixture::answers());
    let ends: Vec<_> = snapshot.partitions.iter().map(|row| row.end.get()).collect();
    assert_eq!(ends, [Some(48), Some(150), Some(70), None]);
    let preferred: Vec<_> = snapshot.partitions.iter().map(|row| row.is_led_by_preferred).collect();
    assert_eq!(preferred, [true, true, false, false]);
    let sums: Vec<_> = snapshot.topics.iter().map(|row| row.end_sum).collect();
    assert_eq!(sums, [Some(48), None], "a sum with an unknown part is unknown");
}

#[test]
fn a_silent_broker_and_its_stale_offsets_are_left_out_and_counted() {
    let mut answers = fixture::answers();
    let mut log = answers.log.topic("orders").get(0);
    log.stale_since = Some(Timestamp::from_millis(1));
    answers.log.set(&"orders".into(), 0, log);
    let snapshot = taken(&answers);
    // The fixture's second broker told no latency, and a partition has no leader.
    assert_eq!(snapshot.left_out, LeftOut { brokers: 1, partitions: 2, groups: 0 });
    assert_eq!(snapshot.partitions[1].end.get(), None);
    let orders = topic_of(&snapshot, "orders");
    assert_eq!((orders.offset_sum, orders.lag_sum), (Some(120), None));
    assert_eq!(snapshot.groups[0].lag_sum, None);

    answers.groups[0].stale_since = Some(Timestamp::from_millis(1));
    let snapshot = taken(&answers);
    assert_eq!((snapshot.groups.len(), snapshot.left_out.groups), (0, 1));
}

#[test]
fn positions_know_a_commit_from_none() {
    let snapshot = taken(&fixture::answers());
    let orders = topic_of(&snapshot, "orders");
    assert_eq!((orders.commit_count, orders.lag_sum), (1, Some(30)));
    assert_eq!((orders.member_count, orders.assigned_count), (Some(1), Some(2)));
    let commits: Vec<_> = snapshot
        .positions
        .iter()
        .filter(|row| snapshot.group_topic_of(row).topic == Label::from("orders"))
        .map(|row| (row.partition, row.commit))
        .collect();
    assert_eq!(commits, [(0, Commit::At(120)), (1, Commit::Never), (2, Commit::Never)]);
    let gone = topic_of(&snapshot, "deleted");
    assert_eq!((gone.offset_sum, gone.lag_sum), (Some(9), None));
}

#[test]
fn a_commit_to_a_topic_that_is_gone_does_not_hide_the_sum() {
    let snapshot = taken(&fixture::answers());
    let group = &snapshot.groups[0];
    assert_eq!((group.lag_sum, group.lag_max), (Some(75), Some(45)));
    assert_eq!((group.member_count, group.empty_member_count), (Some(1), Some(0)));
    assert!(group.lag_seconds_max.is_some_and(|age| age > 0.0));
}

#[test]
fn a_coordinator_that_said_nothing_of_commits_leaves_them_unknown() {
    let mut answers = fixture::answers();
    answers.groups[0].commits = None;
    let snapshot = taken(&answers);
    assert!(snapshot.positions.iter().all(|row| row.commit == Commit::Unknown));
    assert_eq!(topic_of(&snapshot, "orders").offset_sum, None);
}

/// `WEIR_BLESS=1 cargo test -p weir-collect` rewrites the page.
#[test]
fn the_page_of_a_small_cluster_is_the_golden_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kafka/map/snapshot/golden.prom");
    let mut answers = fixture::answers();
    answers.latencies.insert(BrokerId(2), Duration::from_micros(900));
    answers.disks = Some(Arc::new(fixture::disks()));
    answers.groups[0].group = "billing \"eu\"".into();
    let slot = ExpositionSlot::default();
    slot.publish(taken(&answers), Timestamp::from_millis(60_000));
    let exposition = Exposition::new(Dialects::default(), vec![slot]);
    let page: Vec<u8> = exposition.page(Timestamp::from_millis(1_200)).flatten().collect();
    let page = String::from_utf8(page).unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    weir_testkit::golden(path, &page);
}
