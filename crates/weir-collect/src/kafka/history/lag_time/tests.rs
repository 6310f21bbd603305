//! Known truth: a scripted producer notes when it made each message, polls look every ten
//! seconds, and a scripted consumer's age of the oldest unread message is computed from both.

use super::super::partition::PartitionHistory;
use super::super::produced::{Moment, RUNS_MAX};
use super::super::{GroupOnTopic, LogRange, Place, TopicHistory};
use super::*;

const POLL_EVERY: i64 = 10;

/// Messages by the second they are made at, offsets in that order.
struct Producer {
    made_at: Vec<i64>,
}

impl Producer {
    /// `rate(second)` messages in each second.
    fn new(seconds: i64, rate: impl Fn(i64) -> i64) -> Producer {
        let made_at = (0..seconds).flat_map(|second| {
            let messages = rate(second);
            (0..messages).map(move |message| second * 1_000 + message * 1_000 / messages)
        });
        Producer { made_at: made_at.collect() }
    }

    fn end(&self, second: i64) -> i64 {
        self.made_at.partition_point(|&at| at <= second * 1_000) as i64
    }

    fn truth(&self, offset: i64, now: i64) -> f64 {
        match self.made_at.get(offset as usize) {
            Some(&at) if at <= now * 1_000 => (now * 1_000 - at) as f64 / 1e3,
            _ => 0.0,
        }
    }

    fn polled(&self, from: i64, to: i64) -> Produced {
        let mut produced = Produced::default();
        for second in (from..=to).step_by(POLL_EVERY as usize) {
            let at = at(second);
            let moment = Moment { asked_at: at, heard_at: at };
            produced.observe(self.end(second), moment, RUNS_MAX);
        }
        produced
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1_000)
}

/// Compares at every poll for a consumer that follows `behind` seconds late; returns the largest
/// error of the point estimate.
fn check(producer: &Producer, until: i64, behind: i64) -> f64 {
    let mut worst: f64 = 0.0;
    for now in (behind + POLL_EVERY..until).step_by(POLL_EVERY as usize) {
        let now = now - now % POLL_EVERY;
        let produced = producer.polled(0, now);
        let offset = producer.end(now - behind);
        let lag = lag_time(&produced, offset, false, at(now)).unwrap();
        let truth = producer.truth(offset, now);
        assert!(lag.low <= truth, "{lag:?} at {now}: truth {truth}");
        assert!(lag.high.is_none_or(|high| truth <= high), "{lag:?} at {now}: truth {truth}");
        if lag.method != Method::AtLeast {
            worst = worst.max((lag.seconds - truth).abs());
        }
    }
    worst
}

#[test]
fn a_steady_producer_is_within_a_second() {
    let producer = Producer::new(1_200, |_| 20);
    for behind in [3, 45, 300, 900] {
        let worst = check(&producer, 1_200, behind);
        assert!(worst <= 1.0, "{worst} s wrong, {behind} s behind");
    }
}

#[test]
fn an_idle_producer_lets_the_age_grow_and_stays_inside_the_bracket() {
    let producer = Producer::new(900, |second| if second < 100 { 5 } else { 0 });
    check(&producer, 900, 30);
    let produced = producer.polled(0, 890);
    let behind = lag_time(&produced, producer.end(60), false, at(890)).unwrap();
    assert!((behind.seconds - 830.0).abs() <= 1.0, "{behind:?}");
    let caught_up = lag_time(&produced, producer.end(890), false, at(890)).unwrap();
    assert_eq!((caught_up.seconds, caught_up.method), (0.0, Method::Exact));
}

#[test]
fn a_producer_that_wakes_up_counts_from_there() {
    let producer = Producer::new(900, |second| i64::from(second == 805) * 3);
    let produced = producer.polled(0, 890);
    let lag = lag_time(&produced, 0, false, at(890)).unwrap();
    assert_eq!((lag.low, lag.high), (80.0, Some(90.0)));
    assert!((80.0..=90.0).contains(&producer.truth(0, 890)));
}

#[test]
fn a_burst_stays_inside_the_bracket() {
    let producer = Producer::new(600, |second| if second == 303 { 10_000 } else { 1 });
    for behind in [5, 60, 250] {
        check(&producer, 600, behind);
    }
}

#[test]
fn a_rate_change_is_within_a_second_away_from_its_poll() {
    let producer = Producer::new(900, |second| if second < 300 { 2 } else { 200 });
    for behind in [5, 60, 250] {
        let worst = check(&producer, 900, behind);
        assert!(worst <= 1.0, "{worst} s wrong, {behind} s behind");
    }
}

#[test]
fn already_behind_at_the_first_sight_is_at_least() {
    let producer = Producer::new(900, |_| 4);
    let produced = producer.polled(500, 600);
    let lag = lag_time(&produced, producer.end(200), false, at(600)).unwrap();
    assert_eq!((lag.method, lag.seconds, lag.high), (Method::AtLeast, 100.0, None));
    assert!(producer.truth(producer.end(200), 600) >= lag.seconds);
}

#[test]
fn a_compacted_log_keeps_the_truth_in_its_bracket() {
    let producer = Producer::new(600, |_| 4);
    let produced = producer.polled(0, 590);
    let committed = producer.end(100);
    let lag = lag_time(&produced, committed, true, at(590)).unwrap();
    for survivor in (committed..producer.end(590)).step_by(7) {
        let truth = producer.truth(survivor, 590);
        assert!(lag.low <= truth && Some(truth) <= lag.high, "{truth} of {lag:?}");
    }
}

#[test]
fn a_trimmed_log_is_aged_from_what_it_still_holds() {
    let producer = Producer::new(600, |_| 4);
    let (committed, start, end) = (producer.end(100), producer.end(400), producer.end(590));
    let mut topic = TopicHistory::default();
    let history = topic.partitions.entry(0, PartitionHistory::default);
    *history.produced_mut() = producer.polled(0, 590);
    let group = GroupOnTopic {
        topic: Some(&topic),
        commits: None,
        may_be_compacted: false,
        retention: None,
        is_judged: true,
        told_at: at(590),
        now: at(590),
    };
    let log = LogRange { start: Some(start), end: Some(end), stale_since: None };
    let place = Place { partition: 0, committed, lag: Some(end - committed), log };
    let lag = group.standing(place).lag_time.unwrap();
    assert!((lag.seconds - producer.truth(start, 590)).abs() <= 1.0, "{lag:?}");
    assert!(lag.seconds < producer.truth(committed, 590) - 250.0, "{lag:?}");
}

#[test]
fn a_log_never_seen_has_no_age() {
    assert_eq!(lag_time(&Produced::default(), 5, false, at(0)), None);
}

#[test]
fn at_least_nothing_is_not_known() {
    let behind = |low: f64| LagTime { seconds: low, low, high: None, method: Method::AtLeast };
    assert_eq!(behind(0.0).known_seconds(), None);
    assert_eq!(behind(4.0).known_seconds(), Some(4.0));
    assert_eq!(LagTime::NONE_LEFT.known_seconds(), Some(0.0), "caught up is known");
}
