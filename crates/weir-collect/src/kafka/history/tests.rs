//! Whole cycles: a scripted group on one partition, polled every thirty seconds.

use weir_kafka::offsets::{CommittedOffset, TopicCommits};
use weir_kafka::{ClusterMetadata, GroupMember, Offset};
use weir_types::{Event, Value};

use super::super::lag::consumer_lag;
use super::super::map::fixture;
use super::*;

/// One group on partition 0 of `orders`.
struct Scene {
    history: History,
    metadata: ClusterMetadata,
    config: TopicConfig,
    log_start: i64,
    with_member: bool,
}

impl Scene {
    fn new() -> Scene {
        Scene {
            history: History::default(),
            metadata: fixture::metadata(&[("orders", 1)]),
            config: TopicConfig {
                min_insync_replicas: Some(1),
                retention_ms: Some(3_600_000),
                cleanup_policy: Some("delete".into()),
            },
            log_start: 0,
            with_member: true,
        }
    }

    fn poll(&mut self, second: i64, committed: i64, end: i64) -> Standing {
        let mut log = LogOffsets::default();
        let range = LogRange { start: Some(self.log_start), end: Some(end), stale_since: None };
        log.set(&"orders".into(), 0, range);
        let moment = Moment { asked_at: at(second), heard_at: at(second) };
        self.history.observe_logs(&self.metadata, &log, moment);
        self.history.observe_groups(&[self.group(committed)], true, &log, at(second));
        self.standing(second, committed, log.topic("orders").get(0))
    }

    fn standing(&self, second: i64, committed: i64, log: LogRange) -> Standing {
        let config = Some(&self.config);
        let group = self.group(committed);
        let here = self.history.on_topic(&group, "orders", config, at(second));
        let lag = consumer_lag(Some(committed), log);
        here.standing(Place { partition: 0, committed, lag, log })
    }

    fn group(&self, committed: i64) -> GroupAnswer {
        let mut group = fixture::answers().groups.remove(0);
        let commit = CommittedOffset {
            partition: 0,
            offset: Ok(Offset(committed)),
            leader_epoch: None,
            lag_messages: None,
        };
        group.commits =
            Some(vec![TopicCommits { topic: "orders".into(), partitions: vec![commit] }]);
        let members: &mut Vec<GroupMember> = &mut group.description.as_mut().unwrap().members;
        if !self.with_member {
            members.clear();
        }
        group
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1_000)
}

#[test]
fn a_stalled_member_shows_within_ten_polls() {
    let mut scene = Scene::new();
    let verdicts: Vec<Option<LagVerdict>> =
        (0..10).map(|poll| scene.poll(poll * 30, 50, 100 + poll * 300).verdict).collect();
    assert_eq!(verdicts[8], None);
    assert_eq!(verdicts[9], Some(LagVerdict::Stall));
    let group = scene.history.group("enricher", at(270));
    assert_eq!(group.lag_velocity, Some(10.0));
    assert_eq!(group.seconds_to_catch_up, None);
}

#[test]
fn a_group_nobody_runs_stops_at_the_second_poll() {
    let mut scene = Scene::new();
    scene.with_member = false;
    assert_eq!(scene.poll(0, 50, 100).verdict, None);
    assert_eq!(scene.poll(30, 50, 100).verdict, Some(LagVerdict::Stop));
    assert_eq!(scene.poll(60, 50, 100).commit_age_seconds, None, "it may stand there for years");
    assert_eq!(scene.poll(90, 51, 100).commit_age_seconds, Some(0.0));
    assert_eq!(scene.poll(120, 51, 100).commit_age_seconds, Some(30.0));
}

#[test]
fn a_rewind_is_seen_and_forgiven_once_caught_up() {
    let mut scene = Scene::new();
    for poll in 0..10 {
        scene.poll(poll * 30, poll * 100, 5_000);
    }
    assert_eq!(scene.poll(300, 200, 5_000).verdict, Some(LagVerdict::Rewind));
    assert_eq!(scene.poll(330, 1_000, 5_000).verdict, Some(LagVerdict::Ok));
}

#[test]
fn retention_overtakes_a_group_that_stands_still() {
    let mut scene = Scene::new();
    scene.poll(0, 100, 100);
    for second in (30..=1_830).step_by(30) {
        scene.poll(second, 100, 100 + second);
    }
    let left = scene.poll(1_860, 100, 1_960).seconds_to_data_loss.unwrap();
    assert!((left - (3_600.0 - 1_860.0)).abs() <= 1.0, "{left}");
    scene.log_start = 150;
    assert_eq!(scene.poll(1_890, 100, 1_990).seconds_to_data_loss, Some(0.0));
}

#[test]
fn a_log_start_that_gains_on_a_group_overtakes_it_whatever_the_age() {
    let mut scene = Scene::new();
    scene.config.retention_ms = Some(-1);
    let mut left = None;
    for second in (0..=300).step_by(30) {
        scene.log_start = second * 10;
        left = scene.poll(second, 6_000, 20_000).seconds_to_data_loss;
    }
    assert_eq!(left, Some(300.0), "3000 messages at 10 a second");
}

#[test]
fn a_group_that_keeps_its_distance_is_not_overtaken() {
    let mut scene = Scene::new();
    let mut last = Standing::default();
    for second in (0..=1_800).step_by(30) {
        last = scene.poll(second, (second - 120).max(0) * 10, second * 10);
    }
    assert!((last.lag_time.unwrap().seconds - 120.0).abs() <= 1.0);
    assert_eq!(last.seconds_to_data_loss, None);
}

#[test]
fn a_compacted_topic_never_expires_by_age() {
    let mut scene = Scene::new();
    scene.config.cleanup_policy = Some("compact".into());
    for second in (0..=300).step_by(30) {
        assert_eq!(scene.poll(second, 0, second).seconds_to_data_loss, None);
    }
}

#[test]
fn a_trimmed_log_with_nothing_left_has_no_age() {
    let mut scene = Scene::new();
    scene.poll(0, 5, 30);
    scene.log_start = 30;
    let standing = scene.poll(30, 5, 30);
    assert_eq!(standing.lag_time.map(|time| (time.seconds, time.high)), Some((0.0, Some(0.0))));
}

#[test]
fn another_topic_of_the_same_name_starts_anew() {
    let mut scene = Scene::new();
    scene.metadata.topics[0].id = Some(1);
    scene.poll(0, 0, 10);
    scene.poll(30, 0, 20);
    scene.metadata.topics[0].id = Some(2);
    let method = scene.poll(60, 0, 20).lag_time.map(|time| time.method.as_str());
    assert_eq!(method, Some("at_least"));
}

#[test]
fn what_is_gone_is_forgotten() {
    let mut scene = Scene::new();
    scene.poll(0, 0, 10);
    let log = LogOffsets::default();
    scene.history.observe_groups(&[], false, &log, at(30));
    assert_eq!(scene.history.groups.len(), 1, "a broker may just not have answered");
    scene.history.observe_groups(&[], false, &log, at(3_600));
    assert!(scene.history.groups.is_empty());
    scene.poll(3_630, 0, 10);
    scene.history.observe_groups(&[], true, &log, at(3_660));
    assert!(scene.history.groups.is_empty());
    let moment = Moment { asked_at: at(3_660), heard_at: at(3_660) };
    scene.history.observe_logs(&fixture::metadata(&[]), &log, moment);
    assert!(scene.history.topics.is_empty());
}

/// The sample an earlier process stored of a standing.
fn stored(second: i64, committed: i64, end: i64, standing: &Standing) -> Event {
    let time = standing.lag_time.unwrap();
    Event::new("KafkaConsumerSample", at(second))
        .with("sampleAgeSeconds", Value::Float(0.0))
        .with("stale", false)
        .with("consumerGroup", "enricher")
        .with("topic", "orders")
        .with("partition", 0)
        .with("memberId", "enricher-1-uuid")
        .with("consumerOffset", committed)
        .with("logEndOffset", end)
        .with("consumerLag", end - committed)
        .with("consumerLagSecondsLow", Value::Float(time.low))
        .with_known("consumerLagSecondsHigh", time.high.map(Value::Float))
        .with_known("commitAgeSeconds", standing.commit_age_seconds.map(Value::Float))
        .with_known("lagStatus", standing.verdict.map(|verdict| verdict.as_str()))
}

/// The group sample of the same cycle.
fn stored_total(second: i64, lag: i64) -> Event {
    Event::new("KafkaConsumerGroupSample", at(second))
        .with("stale", false)
        .with("consumerGroup", "enricher")
        .with("totalLag", lag)
}

#[test]
fn the_newest_sample_alone_brings_age_and_verdict_over_a_restart() {
    let mut scene = Scene::new();
    let mut standing = Standing::default();
    scene.poll(-30, 49, 0);
    for poll in 0..=40 {
        standing = scene.poll(poll * 30, 50, poll * 10);
    }
    assert_eq!(standing.verdict, Some(LagVerdict::Stall));
    let before = standing.lag_time.unwrap();
    let event = stored(1_200, 50, 400, &standing);

    let mut restarted =
        Scene { history: History::resume([&event].into_iter().collect()), ..Scene::new() };
    let after = restarted.poll(1_320, 50, 440);
    let time = after.lag_time.unwrap();
    assert_eq!((time.low, time.high), (before.low + 120.0, before.high.map(|high| high + 120.0)));
    assert_eq!(after.verdict, Some(LagVerdict::Stall));
    assert_eq!(after.commit_age_seconds, Some(1_320.0));
    let moved = restarted.poll(1_350, 420, 450).lag_time.unwrap();
    assert!(
        moved.low <= 30.0 && moved.high == Some(150.0),
        "produced while Weir was down: {moved:?}"
    );
}

#[test]
fn samples_of_many_cycles_bring_the_whole_window() {
    let mut scene = Scene::new();
    let mut events = Vec::new();
    for poll in 0..12 {
        let (second, committed, end) = (poll * 30, poll * 5, poll * 10 + 50);
        let standing = scene.poll(second, committed, end);
        events.push(stored(second, committed, end, &standing));
        events.push(stored_total(second, end - committed));
    }
    events.reverse();
    let mut restarted = Scene { history: History::resume(events.iter().collect()), ..Scene::new() };
    assert_eq!(restarted.poll(360, 60, 170).verdict, Some(LagVerdict::Warn));
    let group = restarted.history.group("enricher", at(360));
    assert!((group.lag_velocity.unwrap() - 5.0 / 30.0).abs() < 1e-9);
}

#[test]
fn a_caught_up_group_that_nobody_runs_is_judged_after_a_restart() {
    let mut scene = Scene { with_member: false, ..Scene::new() };
    let mut events = Vec::new();
    for poll in 0..12 {
        let standing = scene.poll(poll * 30, 100, 100);
        let mut event = stored(poll * 30, 100, 100, &standing);
        event.attributes.retain(|(name, _)| name != "memberId");
        events.push(event);
    }
    let history = History::resume(events.iter().collect());
    let mut restarted = Scene { history, with_member: false, ..Scene::new() };
    let verdicts: Vec<_> =
        (12..24).map(|poll| restarted.poll(poll * 30, 100, 200 + poll).verdict).collect();
    assert_eq!(verdicts[8], Some(LagVerdict::Ok), "it had caught up within ten polls");
    assert_eq!(verdicts[9..], [Some(LagVerdict::Stop); 3]);
}

#[test]
fn stale_and_malformed_samples_are_not_remembered() {
    let mut scene = Scene::new();
    let standing = scene.poll(0, 0, 10);
    let mut stale = stored(0, 0, 10, &standing);
    stale.attributes.retain(|(name, _)| name != "stale");
    let stale = stale.with("stale", true);
    let odd = Event::new("KafkaConsumerSample", at(0))
        .with("consumerGroup", 7)
        .with("partition", i64::MAX)
        .with("commitAgeSeconds", Value::Float(-1.0));
    let history = History::resume([&stale, &odd].into_iter().collect());
    assert!(history.groups.is_empty() && history.topics.is_empty());
}

#[test]
fn an_abandoned_group_stays_abandoned() {
    let mut scene = Scene::new();
    let standing = scene.poll(0, 50, 100);
    let sample = stored(0, 50, 100, &standing);
    let group = stored_total(0, 50).with("abandoned", true);
    let mut restarted =
        Scene { history: History::resume([&sample, &group].into_iter().collect()), ..Scene::new() };
    restarted.poll(30, 50, 100);
    assert!(restarted.history.group("enricher", at(30)).stands_still);
}

#[test]
fn the_lag_of_a_group_goes_on_over_a_restart() {
    let mut scene = Scene::new();
    let sample = stored(0, 50, 350, &scene.poll(0, 50, 350));
    let mut stale = stored_total(-15, 7);
    stale.attributes[0].1 = Value::Bool(true);
    let groups = [stored_total(0, 300), stored_total(-30, 600), stale];
    let events = groups.iter().chain([&sample]);
    let mut restarted = Scene { history: History::resume(events.collect()), ..Scene::new() };
    restarted.poll(30, 50, 50);
    assert_eq!(restarted.history.group("enricher", at(30)).lag_velocity, Some(-10.0));
}

#[test]
fn a_leader_that_is_silent_for_a_poll_does_not_bring_an_abandoned_group_back() {
    let mut history = History::default();
    let metadata = fixture::metadata(&[("orders", 2)]);
    let mut group = Scene { with_member: false, ..Scene::new() }.group(50);
    let commits = &mut group.commits.as_mut().unwrap()[0].partitions;
    commits.push(CommittedOffset { partition: 1, ..commits[0].clone() });
    let mut poll = |second: i64, heard: &[i32]| {
        let mut log = LogOffsets::default();
        let range = LogRange { start: Some(0), end: Some(100), stale_since: None };
        heard.iter().for_each(|&partition| log.set(&"orders".into(), partition, range));
        let moment = Moment { asked_at: at(second), heard_at: at(second) };
        history.observe_logs(&metadata, &log, moment);
        history.observe_groups(std::slice::from_ref(&group), true, &log, at(second));
        history.group("enricher", at(second))
    };
    poll(0, &[0, 1]);
    assert!(poll(600, &[0, 1]).stands_still);
    let silent = poll(630, &[0]);
    assert!(silent.stands_still && silent.lag_velocity == Some(0.0), "{silent:?}");
    assert!(poll(660, &[0, 1]).stands_still);
}

#[test]
fn who_was_not_asked_is_not_silent_and_a_share_group_not_judged() {
    let mut scene = Scene::new();
    for poll in 0..10 {
        scene.poll(poll * 30, poll * 100, 5_000);
    }
    let log = LogRange { start: Some(0), end: Some(5_000), stale_since: None };
    let place = Place { partition: 0, committed: 900, lag: Some(4_100), log };
    let standing = |group: &GroupAnswer| {
        scene.history.on_topic(group, "orders", Some(&scene.config), at(900)).standing(place)
    };
    let asked = scene.group(900);
    assert_eq!(standing(&asked).verdict, Some(LagVerdict::Stop), "ten minutes without a commit");
    let waits = GroupAnswer { stale_since: Some(at(270)), ..asked.clone() };
    assert_eq!(standing(&waits).verdict, Some(LagVerdict::Ok));
    assert_eq!(standing(&waits).commit_age_seconds, Some(0.0));
    let share = GroupAnswer { group_type: GroupType::Share, ..asked };
    assert_eq!((standing(&share).verdict, standing(&share).commit_age_seconds), (None, None));
    assert!(standing(&share).lag_time.is_some());
}
