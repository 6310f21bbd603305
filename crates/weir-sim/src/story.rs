//! What happens to the company's cluster: one story a sickness, and the demo, which shows most.

use std::sync::Arc;
use std::time::Duration;

use crate::script::{Effect, Right, Script};

/// The group that every story of a single group is about; it reads the topic `orders`.
pub const GROUP: &str = "orders-enricher";
/// The broker that fails.
pub const BROKER: i32 = 5;

/// A named script. All but [`Story::Demo`] begin after [`Story::FIRST_EVENT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Story {
    /// Most of the others within ten minutes, then again: the group stalls at 0:45, the broker
    /// fails at 2:00 and is back at 5:00, both recover.
    #[default]
    Demo,
    /// Traffic by the time of day, and nothing else.
    Healthy,
    /// The broker dies, and returns after three minutes.
    BrokerDies,
    /// One broker's replicas of `audit.events` and `orders` fall behind for three minutes.
    ShrinkingIsr,
    /// Two brokers die: topics with one replica lose partitions, and so does one with two.
    OfflinePartitions,
    /// The group has members and reads nothing for three minutes.
    StalledGroup,
    /// One partition is stuck on a message that can not be read, for ever.
    StuckPartition,
    /// The group's offsets are set back by twenty minutes.
    Rewind,
    /// Eight times the traffic on `orders`, and a group that keeps up with a quarter of it.
    Burst,
    /// The group reading `iot.warehouse-sensors` stops and retention overtakes it six hours later.
    RetentionOvertakes,
    /// A broker answers half a second late for three minutes.
    SlowBroker,
    /// A broker accepts connections and answers nothing for three minutes.
    HangingBroker,
    /// Groups may not be described.
    GroupsDenied,
    /// Topics that begin with `payments` may not be described.
    TopicsDenied,
    /// The cluster may not be described.
    ClusterDenied,
    /// Every broker in turn is away for 40 seconds.
    RollingRestart,
}

impl Story {
    /// When the first thing happens.
    pub const FIRST_EVENT: Duration = secs(60);
    pub const ALL: [Story; 16] = [
        Story::Demo,
        Story::Healthy,
        Story::BrokerDies,
        Story::ShrinkingIsr,
        Story::OfflinePartitions,
        Story::StalledGroup,
        Story::StuckPartition,
        Story::Rewind,
        Story::Burst,
        Story::RetentionOvertakes,
        Story::SlowBroker,
        Story::HangingBroker,
        Story::GroupsDenied,
        Story::TopicsDenied,
        Story::ClusterDenied,
        Story::RollingRestart,
    ];

    pub fn script(self) -> Script {
        let script = Script::default();
        let (first, three_minutes) = (Story::FIRST_EVENT, secs(180));
        let lasting = |effect| Script::default().with_lasting(first, effect);
        match self {
            Story::Demo => demo(),
            Story::Healthy => script,
            Story::BrokerDies => script.with(first, three_minutes, down(BROKER)),
            Story::ShrinkingIsr => script.with(first, three_minutes, lags("audit.events", 2)).with(
                first,
                three_minutes,
                lags("orders", 2),
            ),
            Story::OfflinePartitions => script.with(first, three_minutes, down(BROKER)).with(
                first,
                three_minutes,
                down(BROKER + 1),
            ),
            Story::StalledGroup => script.with(first, three_minutes, reads(GROUP, None, 0.0)),
            Story::StuckPartition => lasting(reads(GROUP, Some(3), 0.0)),
            Story::Rewind => script.with(first, secs(1), rewinds(GROUP, secs(1_200))),
            Story::Burst => script.with(first, three_minutes, traffic("orders", 8.0)).with(
                first,
                three_minutes,
                reads(GROUP, None, 0.25),
            ),
            Story::RetentionOvertakes => {
                lasting(Effect::GroupStops { group: Arc::from("sensor-alarms") })
            }
            Story::SlowBroker => script.with(first, three_minutes, slow(3, 500)),
            Story::HangingBroker => {
                script.with(first, three_minutes, Effect::BrokerHangs { broker: 3 })
            }
            Story::GroupsDenied => lasting(denied(Right::DescribeGroup, "")),
            Story::TopicsDenied => lasting(denied(Right::DescribeTopic, "payments")),
            Story::ClusterDenied => lasting(denied(Right::DescribeCluster, "")),
            Story::RollingRestart => (1..=6).fold(script, |script, broker| {
                script.with(first + secs(90) * (broker as u32 - 1), secs(40), down(broker))
            }),
        }
    }
}

fn demo() -> Script {
    let script = Script { repeat_every: Some(secs(600)), ..Script::default() };
    script
        .with(secs(45), secs(255), reads(GROUP, None, 0.0))
        .with(secs(75), secs(90), traffic("clickstream.web", 6.0))
        .with(secs(75), secs(150), reads("clickstream-sessionizer", None, 0.3))
        .with(secs(120), secs(180), down(BROKER))
        .with(secs(130), secs(8), rebalances("fraud-detection"))
        .with(secs(300), secs(8), rebalances(GROUP))
        .with(secs(330), secs(120), lags("audit.events", 2))
        .with(secs(360), secs(1), rewinds("payments-settlement", secs(1_800)))
        .with(secs(420), secs(60), slow(3, 250))
        .with(secs(430), secs(100), Effect::GroupStops { group: Arc::from("tracking-notifier") })
        .with(secs(450), secs(90), Effect::Reassigned { topic: Arc::from("shipments") })
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn down(broker: i32) -> Effect {
    Effect::BrokerDown { broker }
}

fn slow(broker: i32, millis: u64) -> Effect {
    Effect::BrokerSlow { broker, delay: Duration::from_millis(millis) }
}

fn lags(topic: &str, broker: i32) -> Effect {
    Effect::ReplicaLags { topic: Arc::from(topic), broker }
}

fn traffic(topic: &str, factor: f64) -> Effect {
    Effect::Traffic { topic: Arc::from(topic), factor }
}

fn reads(group: &str, partition: Option<i32>, pace: f64) -> Effect {
    Effect::GroupReads { group: Arc::from(group), partition, pace }
}

fn rebalances(group: &str) -> Effect {
    Effect::GroupRebalances { group: Arc::from(group) }
}

fn rewinds(group: &str, by: Duration) -> Effect {
    Effect::GroupRewinds { group: Arc::from(group), by }
}

fn denied(right: Right, prefix: &str) -> Effect {
    Effect::Denied { right, prefix: Arc::from(prefix) }
}
