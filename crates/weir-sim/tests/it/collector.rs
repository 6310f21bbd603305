//! Weir's own collector: what it asks of each release and each type of group, and what it tells.

use std::collections::HashSet;

use anyhow::{Result, bail, ensure};
use weir_collect::{Capability, KafkaSource, KafkaSourceOptions, Question};
use weir_kafka::version::KafkaRelease;
use weir_kafka::{Api, ClientOptions};
use weir_sim::plan::{GroupKind, GroupPlan};
use weir_sim::{NEWEST, Size, Story, company};
use weir_types::{Event, Value};

use crate::stage::{Stage, block_on};
use crate::told::{is_fresh_position, is_position, is_stale, number, place, text};

const INTERVAL_SECS: i64 = 5;

/// Where each group takes an OffsetFetch of its own, a cycle sends a bounded number of them, and
/// comes to every group in turn. A group that waits shows what it last told, marked as stale.
pub fn before_kafka_3() -> Result<()> {
    const MOST_A_BROKER: u64 = 100;
    block_on(async {
        let release = KafkaRelease { major: 2, minor: 8 };
        let stage = Stage::with(Story::Healthy, Size::Large, release).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        let shown = source.capabilities();
        let (mut told, mut waited) = (HashSet::new(), 0);
        for cycle in 0..4 {
            stage.turn_to(cycle * INTERVAL_SECS);
            let before = stage.sim.requests();
            let events = source.poll(stage.now()).await.events;
            let asked = stage.sim.requests().since(&before);
            let most = asked.0.values().filter_map(|of| of.get(&Api::OffsetFetch.key())).max();
            ensure!(most.is_some_and(|most| *most <= MOST_A_BROKER), "cycle {cycle}: {most:?}");
            let fresh = events.iter().filter(|event| is_fresh_position(event));
            told.extend(fresh.map(|event| place(event).0));
            waited = events.iter().filter(|event| is_position(event) && is_stale(event)).count();
            let aged = |event: &&Event| number(event, "sampleAgeSeconds") >= Some(3.0);
            let stale = events.iter().filter(|event| is_position(event) && is_stale(event));
            ensure!(stale.clone().count() == stale.filter(aged).count(), "cycle {cycle}");
        }
        ensure!(told.len() > 1_900, "only {} groups told where they are", told.len());
        ensure!(waited > 0, "more groups than a cycle takes");
        let came = shown.get().questions[&Question::CommittedOffsets].clone();
        let said = matches!(&came, Capability::Costly { reason } if reason.contains("were asked"));
        ensure!(said, "{came:?}");
        Ok(())
    })
}

/// Brokers before 4.2 tell where a share group is and not how much is left: that is unknown then.
pub fn share_groups() -> Result<()> {
    block_on(async {
        for (minor, is_told) in [(1, false), (2, true)] {
            let release = KafkaRelease { major: 4, minor };
            let stage = Stage::with(Story::Healthy, Size::Small, release).await?;
            let client = ClientOptions::new(stage.addresses());
            let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
            let shown = source.capabilities();
            stage.turn_to(60);
            let events = source.poll(stage.now()).await.events;
            let mail = |event: &&Event| is_position(event) && place(event).0 == "email-sender";
            let positions: Vec<_> = events.iter().filter(mail).collect();
            ensure!(positions.len() == 6, "{positions:?}");
            for position in positions {
                ensure!(number(position, "consumerOffset").is_some(), "{position:?}");
                ensure!(number(position, "consumerLag").is_some() == is_told, "{position:?}");
                ensure!(position.get("lagStatus").is_none(), "nothing is committed: {position:?}");
            }
            let came = shown.get().questions[&Question::ShareGroupOffsets].clone();
            match came {
                Capability::Ok => ensure!(is_told),
                Capability::NotSupported { reason } => ensure!(!is_told && reason.contains("4.2")),
                other => bail!("{other:?}"),
            }
        }
        Ok(())
    })
}

/// Before Kafka 3.2 a broker has no code that refuses its log directories: it tells of none.
pub fn denied_before_kafka_3_2() -> Result<()> {
    block_on(async {
        let release = KafkaRelease { major: 2, minor: 8 };
        let stage = Stage::with(Story::ClusterDenied, Size::Small, release).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        let shown = source.capabilities();
        stage.turn_to(120);
        source.poll(stage.now()).await;
        let came = shown.get().questions[&Question::LogDirs].clone();
        ensure!(came == Capability::Denied { right: "DESCRIBE on CLUSTER".into() }, "{came:?}");
        for question in [Question::Metadata, Question::CommittedOffsets] {
            let came = shown.get().questions[&question].clone();
            let is_doubted = matches!(&came, Capability::MayBePartial { right }
                if right.starts_with("DESCRIBE on TOPIC * (which cannot be checked"));
            ensure!(is_doubted, "{question}: {came:?}");
        }
        Ok(())
    })
}

/// Groups of every type with every broker: their requests fit a cycle as those of fewer types do.
pub fn budget_of_all_group_types() -> Result<()> {
    use GroupKind::{Classic, Consumer, Share, Streams};
    budget_of(&[Classic, Consumer, Share, Streams])
}

/// Without share groups, whose offsets take a turn of their own.
pub fn budget_with_streams_groups() -> Result<()> {
    budget_of(&[GroupKind::Classic, GroupKind::Consumer, GroupKind::Streams])
}

/// Ten cycles, after a few, in which every question of the fast and the slow cycle falls due.
fn budget_of(kinds: &[GroupKind]) -> Result<()> {
    const BROKERS: u64 = 6;
    const FAST_MAX: u64 = 2 + 6 * BROKERS;
    const SLOW_MAX: u64 = 2 + 4 * BROKERS;
    const CYCLES: u64 = 10;
    const BEFORE: u64 = 4;
    const SLOW: [Api; 4] = [
        Api::DescribeLogDirs,
        Api::DescribeConfigs,
        Api::DescribeCluster,
        Api::ListPartitionReassignments,
    ];
    block_on(async {
        let mut plan = company::plan(Size::Small);
        let types: &[GroupKind] = &[GroupKind::Share, GroupKind::Streams];
        plan.groups.retain(|group| kinds.contains(&group.kind) || !types.contains(&group.kind));
        let groups = (0..240).zip(kinds.iter().cycle());
        plan.groups.extend(groups.map(|(nth, kind)| {
            GroupPlan::new(&format!("many-{nth}"), &["orders"], 1).of_kind(*kind)
        }));
        let stage = Stage::planned(plan, &Story::Healthy.script()).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        let mut counts = Vec::new();
        for cycle in 0..BEFORE + CYCLES {
            stage.turn_to(cycle as i64 * 30);
            source.poll(stage.now()).await;
            counts.push(stage.sim.requests());
        }
        let asked = counts[counts.len() - 1].since(&counts[BEFORE as usize - 1]);
        let of = |api: Api| asked.of(api.key());
        let has_share = kinds.contains(&GroupKind::Share);
        let shares = of(Api::DescribeShareGroupOffsets);
        ensure!(shares == if has_share { CYCLES * BROKERS } else { 0 }, "{shares} of share groups");
        let described =
            [Api::DescribeGroups, Api::ConsumerGroupDescribe, Api::StreamsGroupDescribe].map(of);
        ensure!(described.iter().all(|count| *count > 0), "all types have turns: {described:?}");
        let slow: u64 = SLOW.into_iter().map(of).sum();
        ensure!(
            SLOW.into_iter().all(|api| of(api) > 0) && slow <= SLOW_MAX,
            "{slow} slow requests: {asked:?}"
        );
        let fast = asked.total() - slow;
        ensure!(fast <= CYCLES * FAST_MAX, "{fast} requests: {asked:?}");
        Ok(())
    })
}

/// At ten thousand topics the demo is as the small one: what its story hits is sick, the rest well.
pub fn ten_thousand_topics() -> Result<()> {
    block_on(async {
        let stage = Stage::with(Story::Demo, Size::TenThousandTopics, NEWEST).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        stage.turn_to(20);
        let before = source.poll(stage.now()).await.events;
        for event_type in ["KafkaClusterSample", "KafkaBrokerSample", "KafkaTopicSample"] {
            let [healthy, warning, critical] = by_health(&before, event_type);
            ensure!(healthy > 0 && warning + critical == 0, "{event_type} before it begins");
        }
        stage.turn_to(170);
        let during = source.poll(stage.now()).await.events;
        let [healthy, warning, critical] = by_health(&during, "KafkaBrokerSample");
        ensure!(healthy >= 18 && critical == 1, "{healthy}, {warning}, {critical} of 24 brokers");
        let [healthy, _, critical] = by_health(&during, "KafkaConsumerGroupSample");
        ensure!(healthy > 800 && critical > 0, "{healthy} well, {critical} critical of 1,000");
        Ok(())
    })
}

/// How many samples of a type are healthy, warned of, critical.
fn by_health(events: &[Event], event_type: &str) -> [usize; 3] {
    ["HEALTHY", "WARNING", "CRITICAL"].map(|status| {
        let is_it = |event: &&Event| {
            &*event.event_type == event_type && text(event, "healthStatus") == Some(status)
        };
        events.iter().filter(is_it).count()
    })
}

/// Three members of a streams group hold what their tasks read.
pub fn streams_members() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Healthy).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        let events = source.poll(stage.now()).await.events;
        let members = events.iter().filter(|event| {
            &*event.event_type == "KafkaConsumerMemberSample"
                && event.get("consumerGroup") == Some(&Value::from("pricing-engine"))
        });
        let assigned: Vec<_> = members.map(|member| number(member, "assignedPartitions")).collect();
        // Twelve partitions of inventory.changes and six of pricing.updates, among three.
        ensure!(assigned == [Some(6.0); 3], "{assigned:?}");
        let held = events.iter().filter(|event| {
            is_position(event)
                && place(event).0 == "pricing-engine"
                && event.get("memberId").is_some()
        });
        ensure!(held.count() == 18);
        Ok(())
    })
}
