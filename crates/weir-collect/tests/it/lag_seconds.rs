//! Lag in seconds of real messages, and over a restart.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_testkit::{KafkaEnv, kafka_trial, unique_name};
use weir_types::{Clock, Event, SystemClock, Timestamp, Value};

use crate::support::{Poller, find, number};

pub fn trials() -> Vec<Trial> {
    vec![kafka_trial("lag_seconds::the_truth_is_in_the_bracket", the_truth_is_in_the_bracket)]
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
