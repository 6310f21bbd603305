//! Share groups (KIP-932) and streams groups (KIP-1071) on a real Kafka.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_testkit::{GroupRow, KafkaEnv, kafka_trial, unique_name};
use weir_types::Value;

use crate::support::{Poller, find, int, rows};

pub fn trials() -> Vec<Trial> {
    vec![
        kafka_trial("new_groups::lag_of_a_share_group", lag_of_a_share_group),
        kafka_trial("new_groups::members_of_a_streams_group", members_of_a_streams_group),
    ]
}

/// A share consumer takes two messages and leaves; five more come.
fn lag_of_a_share_group(env: &KafkaEnv) -> Result<()> {
    const CONSUMER: &str = "org.apache.kafka.tools.consumer.ConsoleShareConsumer";
    const CONFIGS: &str = "kafka.admin.ConfigCommand";
    let (topic, group) = (unique_name("mails"), unique_name("senders"));
    env.create_topic(&topic, 1, &[])?;
    // By default it would begin wherever the log ends when it first fetches.
    let of_group = ["--entity-type", "groups", "--entity-name", &group];
    let earliest = ["--alter", "--add-config", "share.auto.offset.reset=earliest"];
    env.run(CONFIGS, &[of_group.as_slice(), &earliest].concat(), "")?;
    env.produce(&topic, &["a:1".to_owned(), "b:2".to_owned()])?;
    let args = ["--topic", &topic, "--group", &group];
    let bound = ["--max-messages", "2", "--timeout-ms", "90000"];
    env.run(CONSUMER, &[args.as_slice(), &bound].concat(), "")?;
    let five: Vec<String> = (3..8).map(|n| format!("c:{n}")).collect();
    env.produce(&topic, &five)?;
    let cycle = Poller::new(env)?.poll_until("a lag of five", |events| {
        rows(events, &group).is_ok_and(|rows| rows.iter().any(|row| row.lag == Some(5)))
    })?;
    let row = rows(&cycle.events, &group)?.pop().context("its partition")?;
    // The broker writes down where the group is only now and then, and counts what is done with behind
    // it: end less offset would be seven here.
    ensure!(row.log_end_offset == Some(7) && row.current_offset <= Some(2), "{row:?}");
    let sample = find(&cycle.events, "KafkaConsumerGroupSample", "consumerGroup", &group);
    let sample = sample.context("no group sample")?;
    ensure!(int(sample, "totalLag") == Some(5), "{sample:?}");
    ensure!(sample.get("groupType") == Some(&Value::from("share")), "{sample:?}");
    Ok(())
}

fn members_of_a_streams_group(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("clicks"), unique_name("sessions"));
    env.create_topic(&topic, 3, &[])?;
    let _member = env.start_streams_member(&group, &topic)?;
    let is_held = |rows: &[GroupRow]| {
        rows.len() == 3 && rows.iter().all(|row| row.client_id.as_deref() == Some("streams-member"))
    };
    let cycle = Poller::new(env)?.poll_until("a member with three partitions", |events| {
        rows(events, &group).is_ok_and(|rows| is_held(&rows))
    })?;
    let member = find(&cycle.events, "KafkaConsumerMemberSample", "consumerGroup", &group);
    let member = member.context("no member sample")?;
    ensure!(int(member, "assignedPartitions") == Some(3), "{member:?}");
    ensure!(member.get("memberType") == Some(&Value::from("streams")), "{member:?}");
    ensure!(member.get("clientHost") == Some(&Value::from("127.0.0.1")), "{member:?}");
    Ok(())
}
