//! The collector's lag, cycle by cycle through a story, judged by the world's truth.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use weir_collect::{KafkaSource, KafkaSourceOptions};
use weir_kafka::ClientOptions;
use weir_sim::script::Effect;
use weir_sim::{PartitionTruth, Script, Story};
use weir_types::Event;

use crate::stage::{Stage, block_on, secs};
use crate::told::{is_fresh_position, number, place, place_of, text};

const INTERVAL_SECS: i64 = 5;
/// Until then the collector has not seen enough to interpolate.
const WARM_UP_SECS: i64 = 30;
/// What an estimate without a bracket may be wrong by.
const TOLERANCE_SECS: f64 = 1.0;
/// Topics of the simulated company whose logs are compacted.
const COMPACTED: &[&str] =
    &["inventory.snapshot", "catalog.products", "customers.profiles", "customers.consents"];

pub fn healthy() -> Result<()> {
    judge(&Story::Healthy.script(), 300).map(drop)
}

pub fn stalled_group() -> Result<()> {
    judge(&Story::StalledGroup.script(), 400).map(drop)
}

pub fn stuck_partition() -> Result<()> {
    judge(&Story::StuckPartition.script(), 300).map(drop)
}

pub fn rewind() -> Result<()> {
    judge(&Story::Rewind.script(), 500).map(drop)
}

pub fn burst() -> Result<()> {
    judge(&Story::Burst.script(), 400).map(drop)
}

pub fn demo() -> Result<()> {
    judge(&Story::Demo.script(), 600).map(drop)
}

/// Producers fall silent, then write ten times as much.
pub fn rate_changes() -> Result<()> {
    let traffic = |factor| Effect::Traffic { topic: "orders".into(), factor };
    let stalled =
        Effect::GroupReads { group: "orders-enricher".into(), partition: None, pace: 0.0 };
    let script = Script::default()
        .with(secs(60), secs(100), traffic(0.0))
        .with(secs(200), secs(60), traffic(10.0))
        .with(secs(100), secs(200), stalled);
    judge(&script, 400).map(drop)
}

/// A group stands still on logs that are compacted meanwhile: the message it comes to next is gone,
/// and a newer one is the oldest left. Some must be so much newer that only the bracket holds.
pub fn compacted_log() -> Result<()> {
    let group = "search-indexer";
    let stalled = Effect::GroupReads { group: group.into(), partition: None, pace: 0.0 };
    let judged = judge(&Script::default().with_lasting(secs(60), stalled), 600)?;
    let in_holes = judged.iter().filter(|(event, truth)| {
        let estimate = number(event, "consumerLagSeconds").unwrap_or(0.0);
        place(event).1 == "catalog.products" && estimate > truth.lag_time.as_secs_f64() + 5.0
    });
    let in_holes = in_holes.count();
    ensure!(in_holes > 100, "only {in_holes} samples stand before a hole");
    Ok(())
}

/// Every sample's lag is exact in messages, and in time right or inside its own bracket; only on a
/// compacted log may it be without its time.
fn judge(script: &Script, until_secs: i64) -> Result<Vec<(Event, PartitionTruth)>> {
    block_on(async {
        let stage = Stage::scripted(script).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        let (mut judged, mut wrong) = (Vec::new(), Vec::new());
        for secs in (0..=until_secs).step_by(INTERVAL_SECS as usize) {
            stage.turn_to(secs);
            let cycle = source.poll(stage.now()).await;
            // The collector dates offsets by the time its cycle takes; the turned clock stands still.
            let tolerance = TOLERANCE_SECS + cycle.report.duration.as_secs_f64();
            let truth = stage.sim.world().truth(stage.now());
            let truth: HashMap<_, _> = truth.iter().map(|one| (place_of(one), one)).collect();
            for event in cycle.events.into_iter().filter(is_fresh_position) {
                let Some(truth) = truth.get(&place(&event)) else { continue };
                let Some(lag) = number(&event, "consumerLag") else { continue };
                ensure!(lag == truth.lag_messages as f64, "{secs} s: {lag} for {truth:?}");
                if secs >= WARM_UP_SECS {
                    let error = time_error(&event, truth, secs, tolerance);
                    wrong.extend(error.map(|error| format!("{secs} s: {error}")));
                    judged.push((event, (*truth).clone()));
                }
            }
        }
        ensure!(judged.len() > 1_000, "only {} samples", judged.len());
        let shown: Vec<_> = wrong.iter().take(8).collect();
        ensure!(wrong.is_empty(), "{} of {} are wrong, as {shown:#?}", wrong.len(), judged.len());
        Ok(judged)
    })
}

/// `None` where the estimate holds.
pub fn time_error(
    event: &Event,
    truth: &PartitionTruth,
    watched_secs: i64,
    tolerance: f64,
) -> Option<String> {
    let exact = truth.lag_time.as_secs_f64();
    let method = text(event, "lagSecondsMethod");
    let Some(estimate) = number(event, "consumerLagSeconds") else {
        // "At least 0" says nothing, and nothing more is known of what was there before the first
        // poll where compaction may have taken it since.
        let may_be_unknown = method == Some("at_least")
            && COMPACTED.contains(&&*truth.topic)
            && exact + tolerance >= watched_secs as f64;
        return (!may_be_unknown).then(|| format!("no lag in time for {truth:?}"));
    };
    let low = number(event, "consumerLagSecondsLow").unwrap_or(estimate);
    let high = number(event, "consumerLagSecondsHigh");
    let holds = match method {
        // Only what was there before the first poll may be left so vague.
        Some("at_least") => exact + tolerance >= low.max(watched_secs as f64),
        _ => (low - tolerance..=high.unwrap_or(estimate) + tolerance).contains(&exact),
    };
    (!holds).then(|| format!("{estimate:.1} s in {low:.1}..{high:?} for {truth:?}"))
}
