//! The whole collector through 72 simulated hours in which one broker after another fails in every
//! way there is: whatever was wrong, all is right two cycles after it ended, and nothing piles up.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::net::TcpStream;
use weir_collect::{Cycle, KafkaSource, KafkaSourceOptions};
use weir_kafka::ClientOptions;
use weir_sim::Script;
use weir_sim::script::{Effect, Fault};
use weir_testkit::eventually_async;
use weir_types::{Event, Value};

use crate::stage::{PATIENCE, Stage, block_on};

const HOURS: u64 = 72;
const HOUR: u64 = 3_600;
/// A fault begins half an hour into its hour and lasts ten minutes.
const FROM: u64 = 1_800;
const LASTS: u64 = 600;
const CYCLE: u64 = 60;
const BROKERS: i32 = 6;
/// Growth of the process that would be a leak: three days take a few MB.
const GROWTH_MAX_BYTES: i64 = 32 << 20;
const SEED: u64 = 20_26;

pub fn three_days() -> Result<()> {
    block_on(async {
        let stage = Stage::scripted(&script()).await?;
        let mut source = KafkaSource::new(options(&stage))?;
        let mut at_first = None;
        for hour in 0..HOURS {
            let begin = hour * HOUR + FROM;
            let end = begin + LASTS;
            for secs in [begin + 1, begin + 1 + CYCLE] {
                turn_and_poll(&stage, &mut source, secs).await;
            }
            stage.turn_to(end as i64);
            let all_listen = async || {
                ensure!(all_accept(&stage).await, "one refuses");
                Ok(())
            };
            eventually_async(PATIENCE, "brokers that listen again", all_listen).await?;
            turn_and_poll(&stage, &mut source, end).await;
            let cycle = turn_and_poll(&stage, &mut source, end + CYCLE).await;
            let what = || format!("two cycles after {:?} of hour {hour}", effect(hour));
            is_right(&stage, &cycle).with_context(what)?;
            let size = (lasting_events(&cycle), resident_bytes());
            let (events, bytes) = *at_first.get_or_insert(size);
            ensure!(size.0 == events, "{} events, {events} at first", size.0);
            // The first hours fill what is bounded: windows of commits, runs of log ends.
            if hour == HOURS / 3 {
                at_first = Some(size);
            } else if hour > HOURS / 3 {
                ensure!(size.1 - bytes < GROWTH_MAX_BYTES, "{} bytes more", size.1 - bytes);
            }
        }
        Ok(())
    })
}

async fn turn_and_poll(stage: &Stage, source: &mut KafkaSource, secs: u64) -> Cycle {
    stage.turn_to(secs as i64);
    source.poll(stage.now()).await
}

/// Nothing is stale, every broker is there, every position is that of the world.
fn is_right(stage: &Stage, cycle: &Cycle) -> Result<()> {
    let stale = cycle.events.iter().find(|event| event.get("stale") == Some(&Value::Bool(true)));
    ensure!(stale.is_none(), "stale: {stale:?}");
    let online = of_type(cycle, "KafkaBrokerSample");
    let online = online.filter(|event| text(event, "brokerStatus") == "ONLINE").count();
    ensure!(online == BROKERS as usize, "{online} brokers online: {:?}", cycle.report);
    let ours: HashMap<_, _> = of_type(cycle, "KafkaConsumerSample")
        .filter(|event| text(event, "groupType") != "share") // they keep positions elsewhere
        .map(|event| {
            let place =
                (text(event, "consumerGroup"), text(event, "topic"), int(event, "partition"));
            let ends = [int(event, "consumerOffset"), int(event, "logEndOffset")];
            (place, (ends, int(event, "consumerLag")))
        })
        .collect();
    for truth in stage.sim.world().truth(stage.now()) {
        let place = (&*truth.group, &*truth.topic, Some(i64::from(truth.partition)));
        let Some(found) = ours.get(&place) else { continue };
        let ends = [Some(truth.committed), Some(truth.log_end)];
        ensure!(*found == (ends, Some(truth.lag_messages)), "{found:?} for {truth:?}");
    }
    ensure!(ours.len() > 100, "only {} positions", ours.len());
    Ok(())
}

/// Partitions have samples only while something is wrong with them, and once afterwards.
fn lasting_events(cycle: &Cycle) -> usize {
    cycle.events.len() - of_type(cycle, "KafkaPartitionSample").count()
}

fn script() -> Script {
    (0..HOURS).fold(Script::default(), |script, hour| {
        let from = Duration::from_secs(hour * HOUR + FROM);
        script.with(from, Duration::from_secs(LASTS), effect(hour))
    })
}

/// What is wrong in an hour.
fn effect(hour: u64) -> Effect {
    let broker = 1 + (random(hour) % BROKERS as u64) as i32;
    let babbles = |fault| Effect::BrokerBabbles { broker, fault };
    match random(hour + HOURS) % 20 {
        0..3 => Effect::BrokerDown { broker },
        // These two take real time; the client's own test has more of them.
        3 => Effect::BrokerHangs { broker },
        4 => {
            let delay = Duration::from_millis(random(hour + 2 * HOURS) % 600);
            Effect::BrokerSlow { broker, delay }
        }
        5..7 => babbles(Fault::Truncated),
        7..9 => babbles(Fault::Oversized),
        9..11 => babbles(Fault::Garbage),
        11..13 => babbles(Fault::HungUp),
        13..15 => babbles(Fault::WrongCorrelation),
        15..17 => babbles(Fault::HalfClosed),
        _ => babbles(Fault::WrongVersion),
    }
}

/// SplitMix64 of the seed and a number.
fn random(number: u64) -> u64 {
    let mut mixed = SEED.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Little patience and no pauses: simulated hours pass at once, real seconds do not.
fn options(stage: &Stage) -> KafkaSourceOptions {
    let mut client = ClientOptions::new(stage.addresses());
    client.backoff_initial = Duration::from_millis(1);
    client.backoff_max = Duration::from_millis(1);
    let mut options = KafkaSourceOptions::new("sim", "test", client);
    options.interval = Duration::from_secs(2);
    options
}

async fn all_accept(stage: &Stage) -> bool {
    for address in stage.sim.bootstrap() {
        if TcpStream::connect(address).await.is_err() {
            return false;
        }
    }
    true
}

/// 0 where there is no /proc.
fn resident_bytes() -> i64 {
    const PAGE_BYTES: i64 = 4_096;
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split_whitespace().nth(1).and_then(|word| word.parse::<i64>().ok());
    resident.unwrap_or(0) * PAGE_BYTES
}

fn of_type<'a>(cycle: &'a Cycle, event_type: &'a str) -> impl Iterator<Item = &'a Event> {
    cycle.events.iter().filter(move |event| &*event.event_type == event_type)
}

fn text<'a>(event: &'a Event, name: &str) -> &'a str {
    event.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn int(event: &Event, name: &str) -> Option<i64> {
    match event.get(name) {
        Some(Value::Int(value)) => Some(*value),
        _ => None,
    }
}
