//! What happens to a cluster, and when.

use std::sync::Arc;
use std::time::Duration;

/// Timed effects, counted from the beginning of the world.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub events: Vec<Event>,
    /// Everything happens again after this long; every event begins within it.
    pub repeat_every: Option<Duration>,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub from: Duration,
    /// `None` lasts for ever.
    pub until: Option<Duration>,
    pub effect: Effect,
}

/// What holds while an event lasts. What names an unknown broker, topic or group does nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// The broker's process is gone: its port refuses, its connections are cut.
    BrokerDown { broker: i32 },
    /// The port accepts, and nothing is ever answered.
    BrokerHangs { broker: i32 },
    /// Every answer comes this much later.
    BrokerSlow { broker: i32, delay: Duration },
    /// Every answer but to ApiVersions is broken in this way.
    BrokerBabbles { broker: i32, fault: Fault },
    /// The broker's replicas of the topic fall behind and leave the ISR.
    ReplicaLags { topic: Arc<str>, broker: i32 },
    /// The topic's replicas move on by one broker.
    Reassigned { topic: Arc<str> },
    /// Producers write this many times as much; 0 is silence.
    Traffic { topic: Arc<str>, factor: f64 },
    /// Members are there and read this many times as fast as messages arrive; 0 is a stall. Only
    /// in one partition where one is named. Afterwards they catch up.
    GroupReads { group: Arc<str>, partition: Option<i32>, pace: f64 },
    /// All members have left.
    GroupStops { group: Arc<str> },
    /// Members find a new assignment and read nothing meanwhile.
    GroupRebalances { group: Arc<str> },
    /// The committed offsets go back by this much time, at the beginning of the event.
    GroupRewinds { group: Arc<str>, by: Duration },
    /// The client may not see what begins with the prefix.
    Denied { right: Right, prefix: Arc<str> },
}

/// A right whose lack the cluster shows as Kafka does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    DescribeTopic,
    DescribeGroup,
    /// The prefix means nothing here.
    DescribeCluster,
    /// DescribeConfigs on topics.
    DescribeTopicConfigs,
}

/// How an answer on the wire can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Half of it, then the end of the stream.
    Truncated,
    /// A length of 2 GiB.
    Oversized,
    /// Bytes that are no message.
    Garbage,
    /// The end of the stream instead of an answer.
    HungUp,
    /// The answer to another request.
    WrongCorrelation,
    /// The end of the stream for answers, while requests are still taken.
    HalfClosed,
    /// UNSUPPORTED_VERSION to versions that ApiVersions offers.
    WrongVersion,
}

impl Script {
    /// Adds what holds from `from` on for `lasts`.
    pub fn with(mut self, from: Duration, lasts: Duration, effect: Effect) -> Script {
        self.events.push(Event { from, until: Some(from + lasts), effect });
        self
    }

    /// Adds what holds from `from` on for ever.
    pub fn with_lasting(mut self, from: Duration, effect: Effect) -> Script {
        self.events.push(Event { from, until: None, effect });
        self
    }
}
