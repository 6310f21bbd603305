//! What the collector asks of a cluster, and when, by the brokers' own counts.

use anyhow::{Context, Result, ensure};
use weir_collect::{KafkaSource, KafkaSourceOptions, NameFilter};
use weir_kafka::{Api, ClientOptions};
use weir_sim::plan::{GroupKind, GroupPlan, TopicPlan};
use weir_sim::{RequestCounts, Size, Story, company};
use weir_types::{Event, Value};

use crate::stage::{Stage, block_on};

const INTERVAL_SECS: i64 = 30;

/// Cycles of one collector.
struct Watch {
    stage: Stage,
    source: KafkaSource,
}

impl Watch {
    fn on(stage: Stage) -> Result<Watch> {
        let client = ClientOptions::new(stage.addresses());
        let source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        Ok(Watch { stage, source })
    }

    /// A cycle so far into the story, and what the brokers were asked in it.
    async fn cycle(&mut self, secs: i64) -> (Vec<Event>, RequestCounts) {
        self.stage.turn_to(secs);
        let before = self.stage.sim.requests();
        let events = self.source.poll(self.stage.now()).await.events;
        (events, self.stage.sim.requests().since(&before))
    }
}

/// Replicas on their way to another broker are not in sync until they are there: Kafka's own tools
/// do not call that under-replicated, and neither do we, from the first cycle on.
pub fn reassignment() -> Result<()> {
    block_on(async {
        let mut watch = Watch::on(Stage::of(Story::Demo).await?)?;
        let mut moved = false;
        for secs in (330..=570).step_by(INTERVAL_SECS as usize) {
            let (events, asked) = watch.cycle(secs).await;
            let topic = find(&events, "KafkaTopicSample", "topic", "shipments")?;
            moved |= int(topic, "reassigningPartitions") > Some(0);
            let is_moving = (450..540).contains(&secs);
            ensure!(
                (int(topic, "reassigningPartitions") > Some(0)) == is_moving,
                "{secs}: {topic:?}"
            );
            ensure!(int(topic, "underReplicatedPartitions") == Some(0), "{secs}: {topic:?}");
            ensure!(int(topic, "replicationFactor") == Some(3), "{secs}: {topic:?}");
            ensure!(asked.of(Api::ListPartitionReassignments.key()) <= 1, "{secs}: {asked:?}");
        }
        ensure!(moved);
        Ok(())
    })
}

/// What becomes of a broker is asked about in the cycle that misses it.
pub fn fenced_broker() -> Result<()> {
    block_on(async {
        let mut watch = Watch::on(Stage::of(Story::BrokerDies).await?)?;
        for secs in [0, 30, 90, 120, 240, 270] {
            let (events, asked) = watch.cycle(secs).await;
            let is_away = (60..240).contains(&secs);
            let broker = find(&events, "KafkaBrokerSample", "brokerId", "5")?;
            let expected = if is_away { "FENCED" } else { "ONLINE" };
            let status = broker.get("brokerStatus");
            ensure!(status == Some(&Value::from(expected)), "{secs}: {broker:?}");
            let cluster = events.iter().find(|event| &*event.event_type == "KafkaClusterSample");
            let fenced = int(cluster.context("no cluster")?, "fencedBrokers");
            ensure!(fenced == Some(i64::from(is_away)), "{secs}: {fenced:?}");
            let is_due = [0, 90, 240].contains(&secs);
            let times = asked.of(Api::DescribeCluster.key());
            ensure!(times == u64::from(is_due), "{secs}: asked {times} times");
        }
        Ok(())
    })
}

/// Ten cycles of a cluster and of one ten times as large, with more than a thousand topics, and
/// groups with each coordinator: as many requests of each kind, and as many at once when all is due.
pub fn ten_times_the_cluster() -> Result<()> {
    block_on(async {
        let (small, large) = (counted(120, 240).await?, counted(1_200, 2_400).await?);
        ensure!(small == large, "{small:?} then {large:?}");
        ensure!(small.iter().all(|(_, asked)| *asked > 0), "{small:?}");
        Ok(())
    })
}

/// Of the kinds of requests that name topics or groups, from the first cycle on.
async fn counted(topics: usize, groups: usize) -> Result<Vec<(Api, u64)>> {
    const CYCLES: i64 = 11;
    let mut plan = company::plan(Size::Small);
    plan.brokers.truncate(2);
    plan.topics.retain(|topic| topic.is_internal);
    plan.topics.extend((0..topics).map(|nth| TopicPlan::new(&format!("topic-{nth}"), 1, 1.0)));
    let kinds = [GroupKind::Classic, GroupKind::Consumer];
    let group =
        |(nth, kind)| GroupPlan::new(&format!("group-{nth}"), &["topic-1"], 1).of_kind(kind);
    plan.groups = (0..groups).zip(kinds.into_iter().cycle()).map(group).collect();
    let mut watch = Watch::on(Stage::planned(plan, &Story::Healthy.script()).await?)?;
    let begin = watch.stage.sim.requests();
    for cycle in 0..CYCLES {
        watch.cycle(cycle * INTERVAL_SECS).await;
    }
    let asked = watch.stage.sim.requests().since(&begin);
    let naming = [
        Api::OffsetFetch,
        Api::ListOffsets,
        Api::DescribeGroups,
        Api::ConsumerGroupDescribe,
        Api::DescribeConfigs,
        Api::DescribeLogDirs,
    ];
    Ok(naming.into_iter().map(|api| (api, asked.of(api.key()))).collect())
}

/// A source that watches one topic and one group never names another to the brokers: not when all
/// is new, not when every question of the slow cycle is due.
pub fn only_what_is_watched() -> Result<()> {
    const TOPIC: &str = "orders";
    const GROUP: &str = "orders-enricher";
    block_on(async {
        let stage = Stage::of(Story::Demo).await?;
        let mut options =
            KafkaSourceOptions::new("sim", "test", ClientOptions::new(stage.addresses()));
        options.topics = NameFilter::new(vec![TOPIC.to_owned()], Vec::new());
        options.groups = NameFilter::new(vec![GROUP.to_owned()], Vec::new());
        let mut watch = Watch { source: KafkaSource::new(options)?, stage };
        watch.stage.sim.record();
        for cycle in 0..13 {
            watch.cycle(cycle * INTERVAL_SECS).await;
        }
        let requests = watch.stage.sim.recorded();
        let is_named = |name: &str| {
            let mut windows = requests.iter().flat_map(|frame| frame.windows(name.len()));
            windows.any(|bytes| bytes == name.as_bytes())
        };
        ensure!(is_named(TOPIC) && is_named(GROUP), "of {} requests", requests.len());
        let plan = company::plan(Size::Small);
        let names = plan.topics.iter().map(|topic| &topic.name);
        let names = names.chain(plan.groups.iter().map(|group| &group.name));
        let mut others = names.filter(|name| !GROUP.contains(&***name)).peekable();
        ensure!(others.peek().is_some());
        for other in others {
            ensure!(!is_named(other), "{other} is asked about");
        }
        Ok(())
    })
}

fn find<'a>(events: &'a [Event], event_type: &str, name: &str, is: &str) -> Result<&'a Event> {
    let is_it = |event: &&Event| {
        &*event.event_type == event_type && event.get(name) == Some(&Value::from(is))
    };
    events.iter().find(is_it).with_context(|| format!("no {event_type} of {is}"))
}

fn int(event: &Event, name: &str) -> Option<i64> {
    match event.get(name) {
        Some(Value::Int(value)) => Some(*value),
        _ => None,
    }
}
