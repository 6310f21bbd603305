//! What Weir's own client reads is what the world says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use weir_kafka::version::KafkaRelease;
use weir_kafka::{Api, Client, GroupAt, GroupType, OffsetSpec, TopicPartitions};
use weir_sim::{NEWEST, RequestCounts, Size, Story};

use crate::stage::{Stage, block_on};

const SHARE_GROUP: &str = "email-sender";

type Places = BTreeMap<(String, i32), i64>;

pub fn offsets() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Demo).await?;
        stage.turn_to(170);
        let client = stage.client()?;
        let groups = groups(&client).await?;
        let ends = offsets_of(&client, OffsetSpec::Latest).await?;
        let starts = offsets_of(&client, OffsetSpec::Earliest).await?;
        let mut compared = 0;
        for answer in client.fetch_offsets(&groups).await {
            let truth = stage.sim.world().truth_of(&answer.group.group, stage.now());
            let mut commits = Places::new();
            for topic in answer.offsets? {
                for one in topic.partitions {
                    commits.insert((topic.topic.to_string(), one.partition), one.offset?.0);
                }
            }
            for partition in truth {
                let place = (partition.topic.to_string(), partition.partition);
                let Some(end) = ends.get(&place) else { continue }; // offline
                if *partition.group == *SHARE_GROUP {
                    ensure!(commits.is_empty(), "share groups keep their positions elsewhere");
                    continue;
                }
                ensure!(commits[&place] == partition.committed, "{partition:?}");
                ensure!((starts[&place], *end) == (partition.log_start, partition.log_end));
                compared += 1;
            }
        }
        ensure!(compared > 200, "{compared}");
        Ok(())
    })
}

pub fn releases() -> Result<()> {
    block_on(async {
        for (major, minor) in [(2, 8), (3, 0), (3, 3), (3, 7), (3, 9), (4, 0), (4, 1), (4, 2)] {
            let release = KafkaRelease { major, minor };
            let stage = Stage::with(Story::Healthy, Size::Small, release).await?;
            let client = stage.client()?;
            let metadata = client.metadata().await?;
            let versions = client.api_versions(metadata.brokers[0].id).await?;
            let guessed = versions.release_at_least();
            ensure!(guessed == Some(release), "{guessed:?} for {release}");
            ensure!(client.describe_quorum().await.is_ok() == ((major, minor) >= (3, 3)));
            let listed = client.list_groups().await?;
            let of_type = |wanted: GroupType| {
                let groups = listed.iter().flat_map(|broker| broker.groups.iter().flatten());
                groups.filter(|group| group.group_type == wanted).count()
            };
            ensure!((of_type(GroupType::Consumer) == 4) == (major == 4), "{release}");
            ensure!((of_type(GroupType::Share) == 1) == ((major, minor) >= (4, 1)), "{release}");
            let commits = client.fetch_offsets(&groups(&client).await?).await;
            ensure!(commits.iter().all(|group| group.offsets.is_ok()), "{release}: {commits:?}");
        }
        Ok(())
    })
}

pub fn members() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Healthy).await?;
        let client = stage.client()?;
        let groups = groups(&client).await?;
        let named = |name: &str| groups.iter().find(|at| &*at.group == name).cloned();
        let classic = named("orders-enricher").context("not listed")?;
        let consumer = named("orders-fulfilment").context("not listed")?;
        let stopped = named("search-indexer-v1").context("not listed")?;
        let mut described = client.describe_groups(&[classic, stopped]).await;
        let stopped = described.pop().context("no answer")??;
        ensure!((&*stopped.state, stopped.members.len()) == ("Empty", 0));
        described.extend(client.describe_consumer_groups(&[consumer]).await);
        for group in described {
            let group = group?;
            ensure!((&*group.state, group.members.len()) == ("Stable", 4), "{group:?}");
            let assigned =
                group.members.iter().flat_map(|member| member.assignment.iter().flatten());
            let mut all: Vec<i32> = assigned.flat_map(|topic| topic.partitions.clone()).collect();
            all.sort_unstable();
            ensure!(all == (0..12).collect::<Vec<_>>(), "{all:?}");
        }
        Ok(())
    })
}

pub fn settings() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Demo).await?;
        stage.turn_to(480);
        let client = stage.client()?;
        client.metadata().await?;
        let topics: Vec<Arc<str>> = vec!["iot.warehouse-sensors".into(), "catalog.products".into()];
        let configs = client.describe_configs(&topics, &["retention.ms", "cleanup.policy"]).await;
        let value = |nth: usize, name: &str| -> Option<String> {
            let entries = configs[nth].entries.as_ref().ok()?;
            entries.iter().find(|entry| &*entry.name == name)?.value.as_deref().map(str::to_owned)
        };
        ensure!(value(0, "retention.ms").as_deref() == Some("21600000"));
        ensure!(value(1, "cleanup.policy").as_deref() == Some("compact"));
        let quorum = client.describe_quorum().await?;
        ensure!(quorum.leader.is_some() && quorum.voters.len() == 3 && quorum.observers.len() == 3);
        let moving = client.list_reassignments().await?;
        ensure!(moving.len() == 6 && moving.iter().all(|one| &*one.topic == "shipments"));
        let dirs = client.describe_log_dirs().await?;
        ensure!(dirs.len() == 6);
        for broker in dirs {
            let dirs = broker.dirs?;
            ensure!(dirs[0].usable_bytes < dirs[0].total_bytes && !dirs[0].topics.is_empty());
        }
        Ok(())
    })
}

/// One cycle of questions, counted at the brokers of a small and of a large cluster.
pub fn budget() -> Result<()> {
    block_on(async {
        let small = cycle(&Stage::with(Story::Healthy, Size::Small, NEWEST).await?).await?;
        let large = cycle(&Stage::with(Story::Healthy, Size::Large, NEWEST).await?).await?;
        let per_broker =
            |counts: &RequestCounts, api: Api| counts.of(api.key()) as usize / counts.0.len();
        for api in [Api::ListGroups, Api::OffsetFetch, Api::ListOffsets] {
            ensure!(
                per_broker(&small, api) == per_broker(&large, api),
                "{api}: {small:?} {large:?}"
            );
        }
        ensure!(small.of(Api::Metadata.key()) == 1 && large.of(Api::Metadata.key()) == 1);
        Ok(())
    })
}

async fn cycle(stage: &Stage) -> Result<RequestCounts> {
    let client = stage.client()?;
    let groups = groups(&client).await?;
    for answer in client.fetch_offsets(&groups).await {
        answer.offsets?;
    }
    let metadata = client.metadata().await?;
    let earlier = stage.sim.requests();
    let groups = self::groups(&client).await?;
    client.fetch_offsets(&groups).await;
    offsets_in(&client, &metadata, OffsetSpec::Latest).await?;
    client.metadata().await?;
    Ok(stage.sim.requests().since(&earlier))
}

/// All groups, each with the broker that listed it.
pub async fn groups(client: &Client) -> Result<Vec<GroupAt>> {
    let mut groups = Vec::new();
    for broker in client.list_groups().await? {
        for group in broker.groups? {
            groups.push(GroupAt { group: group.group, coordinator: broker.broker });
        }
    }
    Ok(groups)
}

/// Of every partition that has a leader.
async fn offsets_of(client: &Client, spec: OffsetSpec) -> Result<Places> {
    let metadata = client.metadata().await?;
    offsets_in(client, &metadata, spec).await
}

async fn offsets_in(
    client: &Client,
    metadata: &weir_kafka::ClusterMetadata,
    spec: OffsetSpec,
) -> Result<Places> {
    let led = |topic: &weir_kafka::Topic| TopicPartitions {
        topic: Arc::clone(&topic.name),
        partitions: topic
            .partitions
            .iter()
            .filter(|p| p.leader.is_some())
            .map(|p| p.index)
            .collect(),
    };
    let asked: Vec<_> = metadata.topics.iter().map(led).collect();
    let mut places = Places::new();
    for topic in client.list_offsets(spec, &asked).await {
        for one in topic.partitions {
            places.insert((topic.topic.to_string(), one.partition), one.offset?.0);
        }
    }
    Ok(places)
}
