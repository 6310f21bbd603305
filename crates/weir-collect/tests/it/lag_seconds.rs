//! Lag in seconds of real messages, of those that were deleted, and over a restart.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_testkit::{KafkaEnv, eventually, kafka_trial, unique_name};
use weir_types::{Clock, Event, SystemClock, Timestamp, Value};

use crate::support::{Poller, find, number};

pub fn trials() -> Vec<Trial> {
    vec![
        kafka_trial("lag_seconds::the_truth_is_in_the_bracket", the_truth_is_in_the_bracket),
        kafka_trial("lag_seconds::batches_of_a_burst_and_a_trimmed_log", burst_and_trimmed_log),
        kafka_trial("lag_seconds::a_compacted_log", compacted_log),
    ]
}

/// Messages are made between two polls at noted times; a group stands at the first of them. A
/// source that is started anew knows the same from the samples of the one before.
fn the_truth_is_in_the_bracket(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("timed"), unique_name("reader"));
    env.create_topic(&topic, 1, &[])?;
    let mut poller = Poller::new(env)?;
    poller.poll();
    let begun = SystemClock.now();
    env.produce(&topic, &["1:a".to_owned(), "2:b".to_owned()])?;
    let done = SystemClock.now();
    poller.poll();
    env.reset_offsets(&group, &topic, &["--to-offset", "0"])?;
    let events = poller.poll().events;
    let sample = check(&events, &group, begun, done)?;
    let method = sample.get("lagSecondsMethod").and_then(Value::as_str);
    ensure!(method == Some("interpolated"), "{sample:?}");

    let mut restarted = Poller::new(env)?;
    restarted.source().resume(events.iter().collect());
    check(&restarted.poll().events, &group, begun, done)?;
    let unaware = Poller::new(env)?.poll().events;
    let sample = find(&unaware, "KafkaConsumerSample", "consumerGroup", &group);
    let method = sample.and_then(|sample| sample.get("lagSecondsMethod")?.as_str());
    ensure!(method == Some("at_least"), "already behind at the first sight: {sample:?}");
    Ok(())
}

/// Few messages, eighty times as many, few again, with polls between. A group stands in the midst
/// of the first ones, which are then deleted before it has read them, and of the last ones.
fn burst_and_trimmed_log(env: &KafkaEnv) -> Result<()> {
    const BATCHES: [i64; 3] = [5, 400, 40];
    let (topic, group) = (unique_name("bursts"), unique_name("reader"));
    env.create_topic(&topic, 1, &[])?;
    let mut poller = Poller::new(env)?;
    poller.poll();
    let mut made = Vec::new();
    for (nth, size) in BATCHES.into_iter().enumerate() {
        let lines: Vec<String> = (0..size).map(|message| format!("{nth}:{message}")).collect();
        let begun = SystemClock.now();
        env.produce(&topic, &lines)?;
        made.push((begun, SystemClock.now()));
        poller.poll();
    }
    let stand_at =
        |offset: i64| env.reset_offsets(&group, &topic, &["--to-offset", &offset.to_string()]);
    stand_at(2)?;
    check(&poller.poll().events, &group, made[0].0, made[0].1)?;

    env.delete_records(&topic, 0, 200)?;
    let events = poller.poll().events;
    let sample = check(&events, &group, made[1].0, made[1].1)?;
    ensure!(number(sample, "messagesLost") == Some(198.0), "{sample:?}");
    ensure!(number(sample, "secondsToDataLoss") == Some(0.0), "{sample:?}");

    stand_at(5 + 400 + 20)?;
    let events = poller.poll().events;
    let sample = check(&events, &group, made[2].0, made[2].1)?;
    ensure!(number(sample, "messagesLost").is_none_or(|lost| lost == 0.0), "{sample:?}");
    Ok(())
}

/// Two messages that compaction removes for one with the same key that comes polls later: that one
/// is the oldest left, and the group stands before it.
fn compacted_log(env: &KafkaEnv) -> Result<()> {
    const OFFSETS: &str = "org.apache.kafka.tools.GetOffsetShell";
    let (topic, group) = (unique_name("states"), unique_name("reader"));
    let configs = ["cleanup.policy=compact", "segment.ms=100", "min.cleanable.dirty.ratio=0.01"];
    env.create_topic(&topic, 1, &configs)?;
    let mut poller = Poller::new(env)?;
    poller.poll();
    let first = SystemClock.now();
    env.produce(&topic, &["door:open".to_owned(), "door:shut".to_owned()])?;
    poller.poll();
    let begun = SystemClock.now();
    env.produce(&topic, &["door:locked".to_owned()])?;
    let done = SystemClock.now();
    poller.poll();
    // Whatever comes next begins a segment, which alone is never compacted.
    env.produce(&topic, &["window:open".to_owned()])?;
    env.reset_offsets(&group, &topic, &["--to-offset", "0"])?;
    let asked = ["--topic", &topic, "--time", &first.as_millis().to_string()];
    eventually(Duration::from_secs(60), "a compacted log", || {
        let first_left = env.run(OFFSETS, &asked, "")?;
        ensure!(first_left.trim().ends_with(":0:2"), "{first_left}");
        Ok(())
    })?;
    let events = poller.poll().events;
    let sample = check(&events, &group, begun, done)?;
    ensure!(number(sample, "consumerLag") == Some(4.0), "offsets keep their places: {sample:?}");
    ensure!(number(sample, "messagesLost").is_none_or(|lost| lost == 0.0), "{sample:?}");
    Ok(())
}

/// The oldest message was made between `begun` and `done`.
fn check<'a>(
    events: &'a [Event],
    group: &str,
    begun: Timestamp,
    done: Timestamp,
) -> Result<&'a Event> {
    let sample = find(events, "KafkaConsumerSample", "consumerGroup", group);
    let sample = sample.context("no sample of the group")?;
    let known = |name| number(sample, name).with_context(|| format!("no {name}: {sample:?}"));
    let (low, high) = (known("consumerLagSecondsLow")?, known("consumerLagSecondsHigh")?);
    let seconds = known("consumerLagSeconds")?;
    // Ages are those of the moment the log end was heard, within the cycle.
    let heard_by = sample.timestamp.as_millis() as f64 / 1e3 + known("sampleAgeSeconds")?;
    let youngest = sample.timestamp.since(done).as_secs_f64();
    let oldest = heard_by - begun.as_millis() as f64 / 1e3;
    ensure!(
        low <= oldest && youngest <= high,
        "{youngest} to {oldest} s is not in {low} to {high}"
    );
    ensure!(low <= seconds && seconds <= high, "{seconds} is not in {low} to {high}");
    Ok(sample)
}
