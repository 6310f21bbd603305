//! What the collector foretells, judged by what then happens in the world.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use weir_collect::{KafkaSource, KafkaSourceOptions};
use weir_kafka::ClientOptions;
use weir_sim::plan::{GroupPlan, TopicPlan};
use weir_sim::script::Effect;
use weir_sim::story::GROUP;
use weir_sim::{Plan, Script, Size, Story, World, company};
use weir_types::{Event, Value};

use crate::lag::time_error;
use crate::stage::{Stage, block_on, secs};
use crate::told::{is_fresh_position, number, place, text};

const HOUR: i64 = 3_600;

/// A group that stopped is told how long it has until retention deletes what it has not read, never
/// more than there is; afterwards, what was lost.
pub fn retention_overtakes() -> Result<()> {
    const NAME: &str = "sensor-alarms";
    const INTERVAL: i64 = 120;
    const UNTIL: i64 = 8 * HOUR;
    /// Whole segments are deleted, of 18 minutes here: until then the message is still there.
    const SEGMENT: f64 = 1_080.0;
    block_on(async {
        let stage = Stage::planned(only(&[NAME]), &Story::RetentionOvertakes.script()).await?;
        let mut source = source(&stage)?;
        let lost_at = first_loss(stage.sim.world(), &stage, NAME, UNTIL);
        let (mut foretold, mut lost) = (0, 0);
        for now in (0..=UNTIL).step_by(INTERVAL as usize) {
            stage.turn_to(now);
            let events = source.poll(stage.now()).await.events;
            let truth = stage.sim.world().truth_of(NAME, stage.now());
            for event in events.iter().filter(|event| is_fresh_position(event)) {
                let partition = place(event).2 as usize;
                let truth = &truth[partition];
                let said = number(event, "messagesLost").unwrap_or(0.0);
                ensure!(said == truth.lost_messages as f64, "{now} s: {said} for {truth:?}");
                let left = (lost_at[partition] - now) as f64;
                let foretells = number(event, "secondsToDataLoss");
                if left <= 0.0 {
                    lost += 1;
                    ensure!(foretells == Some(0.0), "{now} s: {event:?}");
                    ensure!(text(event, "lagStatus") == Some("STOP"), "{now} s: {event:?}");
                    let error = time_error(event, truth, now, INTERVAL as f64);
                    ensure!(error.is_none(), "{now} s: {error:?}");
                } else if now > 4 * INTERVAL {
                    foretold += 1;
                    let foretells = foretells.with_context(|| format!("{now} s: {event:?}"))?;
                    let range = left - SEGMENT - INTERVAL as f64..=left + INTERVAL as f64;
                    ensure!(range.contains(&foretells), "{now} s: {foretells} s, not {left} s");
                }
            }
            if truth.iter().all(|partition| partition.lost_messages > 0) {
                let all: i64 = truth.iter().map(|partition| partition.lost_messages).sum();
                let sample = group(&events, NAME)?;
                ensure!(number(sample, "messagesLost") == Some(all as f64), "{all}: {sample:?}");
                ensure!(number(sample, "secondsToDataLoss") == Some(0.0), "{sample:?}");
                ensure!(text(sample, "lagStatus") == Some("ERR"), "{sample:?}");
                ensure!(text(sample, "healthStatus") == Some("CRITICAL"), "{sample:?}");
            }
        }
        ensure!(foretold > 1_000 && lost > 200, "{foretold} foretold, {lost} lost");
        Ok(())
    })
}

/// A group that was behind for twenty minutes and reads six times as fast as messages come.
pub fn catch_up() -> Result<()> {
    const INTERVAL: i64 = 5;
    const BACK: i64 = 1_260;
    block_on(async {
        let stalled = Effect::GroupReads { group: GROUP.into(), partition: None, pace: 0.0 };
        let script = Script::default().with(secs(60), secs(BACK as u64 - 60), stalled);
        let stage = Stage::planned(only(&[GROUP]), &script).await?;
        let mut source = source(&stage)?;
        let done = (BACK..).find(|at| is_caught_up(&stage, *at)).context("endless")?;
        let mut foretold = 0;
        for now in (0..done).step_by(INTERVAL as usize) {
            stage.turn_to(now);
            let events = source.poll(stage.now()).await.events;
            let says = number(group(&events, GROUP)?, "secondsToCatchUp");
            // Ten polls after each turn it knows the pace.
            if (60 + 10 * INTERVAL..BACK).contains(&now) {
                ensure!(says.is_none(), "{now} s: {says:?} of a lag that grows");
            } else if (BACK + 10 * INTERVAL..done - INTERVAL).contains(&now) {
                foretold += 1;
                let left = (done - now) as f64;
                let says = says.with_context(|| format!("{now} s: nothing"))?;
                ensure!(
                    (says - left).abs() <= 10.0 + 0.2 * left,
                    "{now} s: {says} s, not {left} s"
                );
            }
        }
        ensure!(foretold > 20, "only {foretold} foretold");
        Ok(())
    })
}

/// Two groups stand still on a topic that falls silent: the one without members is abandoned once
/// its lag has not moved for ten minutes, the other is stuck.
pub fn abandoned() -> Result<()> {
    const INTERVAL: i64 = 30;
    const SILENT: i64 = 120;
    block_on(async {
        let mut plan = only(&[]);
        plan.topics.push(TopicPlan::new("quiet", 3, 20.0));
        plan.groups.push(GroupPlan::new("left", &["quiet"], 2));
        plan.groups.push(GroupPlan::new("stuck", &["quiet"], 2));
        let stuck = Effect::GroupReads { group: "stuck".into(), partition: None, pace: 0.0 };
        let silence = Effect::Traffic { topic: "quiet".into(), factor: 0.0 };
        let script = Script::default()
            .with_lasting(secs(60), Effect::GroupStops { group: "left".into() })
            .with_lasting(secs(60), stuck)
            .with_lasting(secs(SILENT as u64), silence);
        let stage = Stage::planned(plan, &script).await?;
        let mut source = source(&stage)?;
        for now in (0..=1_200).step_by(INTERVAL as usize) {
            stage.turn_to(now);
            let events = source.poll(stage.now()).await.events;
            let (left, stuck) = (group(&events, "left")?, group(&events, "stuck")?);
            ensure!(!is_abandoned(stuck), "{now} s: {stuck:?}");
            let expected = now >= SILENT + 600;
            ensure!(is_abandoned(left) == expected, "{now} s: {left:?}");
            if expected {
                ensure!(number(left, "totalLag") > Some(0.0), "{left:?}");
                ensure!(text(left, "healthStatus") == Some("UNKNOWN"), "{left:?}");
                ensure!(text(stuck, "healthStatus") != Some("UNKNOWN"), "{stuck:?}");
            }
        }
        Ok(())
    })
}

/// The company's brokers, and of the rest these groups and what they read.
fn only(groups: &[&str]) -> Plan {
    let mut plan = company::plan(Size::Small);
    plan.groups.retain(|group| groups.contains(&&*group.name));
    let read: Vec<_> = plan.groups.iter().flat_map(|group| group.topics.clone()).collect();
    plan.topics.retain(|topic| topic.is_internal || read.contains(&topic.name));
    plan
}

fn source(stage: &Stage) -> Result<KafkaSource> {
    let client = ClientOptions::new(stage.addresses());
    Ok(KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?)
}

/// The sample of a whole group.
fn group<'a>(events: &'a [Event], name: &str) -> Result<&'a Event> {
    let is_it = |event: &&Event| {
        &*event.event_type == "KafkaConsumerGroupSample"
            && text(event, "consumerGroup") == Some(name)
    };
    events.iter().find(is_it).with_context(|| format!("no sample of {name}"))
}

/// The second in which each partition loses its first message.
fn first_loss(world: &World, stage: &Stage, name: &str, until: i64) -> Vec<i64> {
    let losses = |at: i64| {
        let truth = world.truth_of(name, stage.at(at));
        truth.into_iter().map(|partition| partition.lost_messages > 0).collect::<Vec<_>>()
    };
    let step = 30;
    let mut first = vec![i64::MAX; losses(0).len()];
    for at in (0..=until).step_by(step) {
        for (first, is_lost) in first.iter_mut().zip(losses(at)) {
            if is_lost {
                *first = at.min(*first);
            }
        }
    }
    first
}

/// Nothing is older than what a group that is well may leave.
fn is_caught_up(stage: &Stage, at: i64) -> bool {
    let truth = stage.sim.world().truth_of(GROUP, stage.at(at));
    truth.iter().all(|partition| partition.lag_time < Duration::from_secs(6))
}

fn is_abandoned(sample: &Event) -> bool {
    sample.get("abandoned") == Some(&Value::Bool(true))
}
