//! Listings, descriptions and commits of consumer groups.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use weir_kafka::{
    Api, Client, Error, GroupAt, GroupDescription, GroupListing, GroupMember, GroupOffsets,
    GroupType,
};
use weir_testkit::{KafkaEnv, eventually_async, unique_name};

use crate::{block_on, client, failure};

const PATIENCE: Duration = Duration::from_secs(60);

/// The group's listing and its coordinator. A broker that is still loading its groups has none yet.
async fn find(client: &Client, group: &str) -> Result<Option<(GroupAt, GroupListing)>> {
    for broker in client.list_groups().await? {
        let listed = match broker.groups {
            Err(error) if !error.is_retryable() => return Err(error.into()),
            groups => groups.unwrap_or_default(),
        };
        let found = listed.into_iter().find(|listed| &*listed.group == group);
        if let Some(listing) = found {
            let coordinator = broker.broker;
            return Ok(Some((GroupAt { group: listing.group.clone(), coordinator }, listing)));
        }
    }
    Ok(None)
}

fn committed(offsets: &GroupOffsets) -> Result<Vec<(String, i32, i64)>> {
    let mut all = Vec::new();
    for topic in offsets.offsets.clone()? {
        for one in topic.partitions {
            all.push((topic.topic.to_string(), one.partition, one.offset?.0));
        }
    }
    Ok(all)
}

pub fn commits(env: &KafkaEnv) -> Result<()> {
    let topic = unique_name("commits");
    env.create_topic(&topic, 4, &[])?;
    let lines: Vec<_> = (0..40).map(|n| format!("{n}:{n}")).collect();
    env.produce(&topic, &lines)?;
    let groups: Vec<_> = (0..5).map(|n| unique_name(&format!("commits-{n}"))).collect();
    for (n, group) in groups.iter().enumerate() {
        let to = n.to_string();
        env.reset_offsets(group, &format!("{topic}:0,2"), &["--to-offset", &to])?;
    }
    let client = client(&env.bootstrap);
    block_on(async {
        let mut places = Vec::new();
        for group in &groups {
            let (at, listing) = find(&client, group).await?.context("a group that committed")?;
            ensure!(listing.state.as_deref() == Some("Empty"), "{listing:?}");
            ensure!(listing.group_type == GroupType::Classic, "{listing:?}");
            places.push(at);
        }
        let coordinators: std::collections::HashSet<_> =
            places.iter().map(|place| place.coordinator).collect();
        let answers = client.fetch_offsets(&places).await;
        for (n, answer) in answers.iter().enumerate() {
            ensure!(answer.group == places[n], "answers keep the order of the question");
            let wanted = [(topic.clone(), 0, n as i64), (topic.clone(), 2, n as i64)];
            ensure!(committed(answer)? == wanted, "{answer:?}");
        }
        let requests = client.stats().of(Api::OffsetFetch).requests;
        ensure!(requests == coordinators.len() as u64, "{requests} for {coordinators:?}");
        Ok(())
    })
}

/// Waits until the group is stable and its members have been assigned all partitions.
async fn settled(
    client: &Client,
    group: &str,
    describe: impl AsyncFn(&[GroupAt]) -> Vec<Result<GroupDescription, Error>>,
) -> Result<(GroupListing, GroupDescription)> {
    eventually_async(PATIENCE, "a group that has settled", async || {
        let (at, listing) = find(client, group).await?.context("not listed")?;
        let described = describe(&[at]).await.remove(0)?;
        ensure!(is_settled(&described), "{described:?}");
        Ok((listing, described))
    })
    .await
}

fn is_settled(group: &GroupDescription) -> bool {
    let assigned = |member: &GroupMember| {
        member.assignment.iter().flatten().map(|topic| topic.partitions.len()).sum::<usize>()
    };
    &*group.state == "Stable" && group.members.iter().map(assigned).sum::<usize>() == 3
}

pub fn classic_members(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("classic"), unique_name("classic-group"));
    env.create_topic(&topic, 3, &[])?;
    let properties =
        [format!("group.id={group}"), "group.protocol=classic".into(), "client.id=reader-a".into()];
    let _consumer = env.start_consumer(&topic, &properties)?;
    let client = client(&env.bootstrap);
    let describe = async |at: &[GroupAt]| client.describe_groups(at).await;
    let (listing, described) = block_on(settled(&client, &group, describe))?;
    ensure!(listing.group_type == GroupType::Classic && &*listing.protocol_type == "consumer");
    ensure!(described.group_type == GroupType::Classic && described.epoch.is_none());
    ensure!(["range", "cooperative-sticky"].contains(&&*described.assignor), "{described:?}");
    check_member(&described, &topic, GroupType::Classic)
}

pub fn consumer_members(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("kip848"), unique_name("kip848-group"));
    env.create_topic(&topic, 3, &[])?;
    let properties = [
        format!("group.id={group}"),
        "group.protocol=consumer".into(),
        "client.id=reader-a".into(),
    ];
    let _consumer = env.start_consumer(&topic, &properties)?;
    let client = client(&env.bootstrap);
    let describe = async |at: &[GroupAt]| client.describe_consumer_groups(at).await;
    let (listing, described) = block_on(settled(&client, &group, describe))?;
    ensure!(listing.group_type == GroupType::Consumer, "{listing:?}");
    ensure!(described.group_type == GroupType::Consumer && described.epoch > Some(0));
    ensure!(described.assignment_epoch == described.epoch, "{described:?}");
    check_member(&described, &topic, GroupType::Consumer)
}

fn check_member(group: &GroupDescription, topic: &str, kind: GroupType) -> Result<()> {
    ensure!(group.members.len() == 1, "{group:?}");
    let member = &group.members[0];
    ensure!(&*member.client_id == "reader-a" && &*member.client_host == "/127.0.0.1");
    ensure!(!member.member_id.is_empty() && member.member_type == kind, "{member:?}");
    let assignment = member.assignment.as_ref().context("a readable assignment")?;
    let mut partitions = assignment[0].partitions.clone();
    partitions.sort_unstable();
    ensure!(&*assignment[0].topic == topic && partitions == [0, 1, 2], "{assignment:?}");
    Ok(())
}

pub fn gone(env: &KafkaEnv) -> Result<()> {
    let client = client(&env.bootstrap);
    block_on(async {
        let metadata = client.metadata().await?;
        let topic = unique_name("gone");
        env.create_topic(&topic, 1, &[])?;
        let group = unique_name("gone-group");
        env.reset_offsets(&group, &topic, &["--to-earliest"])?;
        let (at, _) = find(&client, &group).await?.context("the group")?;

        let as_consumer =
            client.describe_consumer_groups(std::slice::from_ref(&at)).await.remove(0)?;
        ensure!(&*as_consumer.state == "Dead", "{as_consumer:?}");
        // Whoever does not coordinate the group says so, and says it may be asked elsewhere.
        let elsewhere = metadata.brokers.iter().find(|broker| broker.id != at.coordinator);
        let elsewhere = elsewhere.context("another broker")?.id;
        let wrong = GroupAt { group: at.group.clone(), coordinator: elsewhere };
        let mut answers = client.fetch_offsets(&[wrong, at]).await;
        ensure!(answers.pop().context("two answers")?.offsets.is_ok());
        let error = failure(answers.pop().context("two answers")?.offsets)?;
        ensure!(error.to_string().contains("NOT_COORDINATOR (16)"), "{error}");
        ensure!(error.is_retryable(), "{error}");
        Ok(())
    })
}

pub fn share_members(env: &KafkaEnv) -> Result<()> {
    let (topic, group) = (unique_name("share"), unique_name("share-group"));
    env.create_topic(&topic, 3, &[])?;
    std::thread::scope(|scope| {
        let consumer = scope.spawn(|| {
            let args = [
                "--topic",
                &topic,
                "--group",
                &group,
                "--max-messages",
                "1",
                "--timeout-ms",
                "90000",
            ];
            let client_id = ["--command-property", "client.id=reader-a"];
            let class = "org.apache.kafka.tools.consumer.ConsoleShareConsumer";
            env.run(class, &[&args[..], &client_id].concat(), "")
        });
        let client = client(&env.bootstrap);
        let describe = async |at: &[GroupAt]| client.describe_share_groups(at).await;
        let (listing, described) = block_on(settled(&client, &group, describe))?;
        ensure!(listing.group_type == GroupType::Share, "{listing:?}");
        ensure!(listing.state.as_deref() == Some("Stable"), "{listing:?}");
        ensure!(described.group_type == GroupType::Share && described.epoch > Some(0));
        check_member(&described, &topic, GroupType::Share)?;
        // Its one message lets the consumer end.
        env.produce(&topic, &["a:1".into()])?;
        consumer.join().map_err(|_| anyhow::anyhow!("the consumer's thread"))??;
        Ok(())
    })
}
