//! Lag per partition equals what `kafka-consumer-groups.sh --describe` shows, row for row.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_testkit::{GroupRow, KafkaEnv, eventually, kafka_trial, unique_name};

use crate::support::{Poller, find, int, rows, same};

pub fn trials() -> Vec<Trial> {
    vec![
        kafka_trial("lag::live_traffic_paused", live_traffic_paused),
        kafka_trial("lag::classic_member_that_never_committed_everywhere", |env| {
            member_that_never_committed_everywhere(env, "classic")
        }),
        kafka_trial("lag::kip_848_member_that_never_committed_everywhere", |env| {
            member_that_never_committed_everywhere(env, "consumer")
        }),
        kafka_trial("lag::consumed_in_part_then_left", consumed_in_part_then_left),
        kafka_trial("lag::trimmed_by_delete_records", trimmed_by_delete_records),
        kafka_trial("lag::trimmed_by_retention", trimmed_by_retention),
        kafka_trial("lag::deleted_topic", deleted_topic),
    ]
}

/// Producers and consumers of both protocols run, then all freeze at once: every row of every
/// group must agree, and some of them must lag.
fn live_traffic_paused(env: &KafkaEnv) -> Result<()> {
    const LIVE: [&str; 3] = ["fraud-scoring", "orders-enricher", "payments-ledger"];
    let traffic = env.start_traffic()?;
    let mut poller = Poller::new(env)?;
    let seen = poller.poll_until("live groups with members, commits and lag", |events| {
        let is_live = |group: &&str| {
            let rows = rows(events, group).unwrap_or_default();
            let known = |row: &GroupRow| row.consumer_id.is_some() && row.lag.is_some();
            !rows.is_empty() && rows.iter().all(known)
        };
        let behind = rows(events, "payments-ledger").unwrap_or_default();
        LIVE.iter().all(is_live) && behind.iter().all(|row| row.lag > Some(0))
    });
    seen.with_context(|| {
        let kafka = env.describe_all_groups();
        format!("Kafka's tables: {kafka:#?}\nthe traffic says:\n{}", traffic.log())
    })?;
    traffic.pause()?;
    let expected = settled(env)?;
    let events = poller.poll().events;
    for group in LIVE.iter().copied().chain(["nightly-report"]) {
        let of_group: Vec<GroupRow> =
            expected.iter().filter(|row| row.group == group).cloned().collect();
        ensure!(!of_group.is_empty(), "{group} has no rows");
        same(&of_group, &rows(&events, group)?)?;
    }
    let lagging = expected.iter().filter(|row| row.lag > Some(0)).count();
    ensure!(lagging > 0, "nothing lags: the test shows nothing");
    let with_member = expected.iter().filter(|row| row.consumer_id.is_some()).count();
    ensure!(with_member == 18, "only {with_member} rows have a member");
    Ok(())
}

/// A member holds four partitions; three of them are empty and have no commit.
fn member_that_never_committed_everywhere(env: &KafkaEnv, protocol: &str) -> Result<()> {
    let (topic, group) = (unique_name("orders"), unique_name(protocol));
    env.create_topic(&topic, 1, &[])?;
    env.produce(&topic, &messages(20))?;
    env.reset_offsets(&group, &topic, &["--to-offset", "7"])?;
    env.grow_topic(&topic, 4)?;
    let properties = [
        format!("group.id={group}"),
        format!("group.protocol={protocol}"),
        "client.id=idler".to_owned(),
        "enable.auto.commit=false".to_owned(),
    ];
    let _member = env.start_consumer(&topic, &properties)?;
    let assigned = described_until(env, &group, |rows| {
        rows.len() == 4 && rows.iter().all(|row| row.consumer_id.is_some())
    })?;
    let dashes = assigned.iter().filter(|row| row.lag.is_none()).count();
    ensure!(dashes == 3, "Kafka shows {dashes} partitions without a lag, not 3");
    let lags: Vec<Option<i64>> = assigned.iter().map(|row| row.lag).collect();
    ensure!(lags.contains(&Some(13)), "Kafka shows lags {lags:?}, none of 13");

    let events = Poller::new(env)?.poll().events;
    same(&assigned, &rows(&events, &group)?)?;
    let sample = find(&events, "KafkaConsumerGroupSample", "consumerGroup", &group);
    let sample = sample.context("no group sample")?;
    ensure!(int(sample, "totalLag") == Some(13), "totalLag: {sample:?}");
    ensure!(int(sample, "memberCount") == Some(1), "memberCount: {sample:?}");
    let group_type = sample.get("groupType").and_then(|value| value.as_str());
    ensure!(group_type == Some(protocol), "groupType {group_type:?} is not {protocol}");
    Ok(())
}

/// A real consumer reads and commits, leaves, and more arrives.
fn consumed_in_part_then_left(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("orders"), unique_name("reader"));
    env.create_topic(&topic, 2, &[])?;
    env.produce(&topic, &messages(40))?;
    env.consume(&group, &topic, 40, &[])?;
    env.produce(&topic, &messages(25))?;
    let expected = env.describe_group(&group)?;
    let total: i64 = expected.iter().filter_map(|row| row.lag).sum();
    ensure!(total == 25, "Kafka shows a total lag of {total}, not 25");

    let events = Poller::new(env)?.poll().events;
    same(&expected, &rows(&events, &group)?)?;
    let sample = find(&events, "KafkaConsumerGroupSample", "consumerGroup", &group);
    let sample = sample.context("no group sample")?;
    ensure!(int(sample, "totalLag") == Some(25), "totalLag: {sample:?}");
    ensure!(int(sample, "memberCount") == Some(0), "memberCount: {sample:?}");
    Ok(())
}

/// The log starts behind the commit: what was deleted counts as lag, as Kafka counts, and as lost.
fn trimmed_by_delete_records(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("orders"), unique_name("reader"));
    env.create_topic(&topic, 1, &[])?;
    env.produce(&topic, &messages(30))?;
    env.reset_offsets(&group, &topic, &["--to-offset", "5"])?;
    env.delete_records(&topic, 0, 12)?;
    let expected = env.describe_group(&group)?;
    ensure!(expected.iter().map(|row| row.lag).eq([Some(25)]), "Kafka shows {expected:?}");
    compare_trimmed(env, &group, &expected, 7)
}

fn trimmed_by_retention(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("orders"), unique_name("reader"));
    env.create_topic(&topic, 1, &[])?;
    env.produce(&topic, &messages(30))?;
    env.reset_offsets(&group, &topic, &["--to-offset", "5"])?;
    env.configure_topic(&topic, &["retention.ms=1"])?;
    Poller::new(env)?.poll_until("a log trimmed by retention", |events| {
        let sample = find(events, "KafkaTopicSample", "topic", &topic);
        sample.is_some_and(|sample| int(sample, "logStartOffsetSum") == Some(30))
    })?;
    let expected = env.describe_group(&group)?;
    compare_trimmed(env, &group, &expected, 25)
}

fn compare_trimmed(env: &KafkaEnv, group: &str, expected: &[GroupRow], lost: i64) -> Result<()> {
    let events = Poller::new(env)?.poll().events;
    same(expected, &rows(&events, group)?)?;
    let sample = find(&events, "KafkaConsumerSample", "consumerGroup", group);
    let sample = sample.context("no consumer sample")?;
    ensure!(int(sample, "messagesLost") == Some(lost), "messagesLost is not {lost}: {sample:?}");
    Ok(())
}

/// Kafka forgets commits of a deleted topic a little later; both must agree once it has.
fn deleted_topic(env: &KafkaEnv) -> Result<()> {
    let (topic, kept, group) = (unique_name("gone"), unique_name("kept"), unique_name("reader"));
    for name in [&topic, &kept] {
        env.create_topic(name, 1, &[])?;
        env.produce(name, &messages(10))?;
        env.reset_offsets(&group, name, &["--to-offset", "4"])?;
    }
    env.delete_topic(&topic)?;
    let expected = described_until(env, &group, |rows| rows.len() == 1)?;
    let mut poller = Poller::new(env)?;
    let cycle = poller.poll_until("a group on one topic", |events| {
        rows(events, &group).is_ok_and(|rows| rows.len() == 1)
    })?;
    same(&expected, &rows(&cycle.events, &group)?)
}

fn messages(count: u32) -> Vec<String> {
    (0..count).map(|number| format!("key-{number}:value-{number}")).collect()
}

/// Kafka's own table of a group, once it satisfies a condition.
fn described_until(
    env: &KafkaEnv,
    group: &str,
    holds: impl Fn(&[GroupRow]) -> bool,
) -> Result<Vec<GroupRow>> {
    eventually(Duration::from_secs(60), "a group as the test wants it", || {
        // The tool fails while a group changes its type between two of its requests.
        let rows = env.describe_group(group)?;
        ensure!(holds(&rows), "{rows:#?}");
        Ok(rows)
    })
}

/// Kafka's own table of the traffic's groups once nothing moves: requests that were under way when
/// the clients froze have been answered.
fn settled(env: &KafkaEnv) -> Result<Vec<GroupRow>> {
    let of_traffic = |rows: Vec<GroupRow>| -> Vec<GroupRow> {
        let topics = ["audit.log", "orders.created", "payments.authorized"];
        rows.into_iter().filter(|row| topics.contains(&row.topic.as_str())).collect()
    };
    let mut before = of_traffic(env.describe_all_groups()?);
    eventually(Duration::from_secs(30), "offsets that rest while the clients are frozen", || {
        let now = of_traffic(env.describe_all_groups()?);
        let moved = std::mem::replace(&mut before, now.clone()) != now;
        ensure!(!moved, "{now:#?}");
        Ok(now)
    })
}
