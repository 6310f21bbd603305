//! One broker: when it is there, when it answers, and how badly.

use std::time::Duration;

use super::{Timeline, Windows};
use crate::plan::BrokerPlan;
use crate::script::{Effect, Fault};

/// How long the controller takes to notice that a broker is gone (`broker.session.timeout.ms` is
/// 9 s by default; the sockets of a process that was killed tell sooner).
const NOTICED_AFTER_MS: i64 = 3_000;

#[derive(Debug)]
pub(crate) struct Broker {
    pub plan: BrokerPlan,
    pub down: Windows<()>,
    hangs: Windows<()>,
    /// By milliseconds.
    slow: Windows<u64>,
    babbles: Windows<Fault>,
}

/// How a broker treats those who connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Refuses,
    Hangs,
    Answers { after: Duration, fault: Option<Fault> },
}

/// A broker as the controller sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BrokerNow {
    /// Part of the cluster; else fenced.
    pub is_registered: bool,
    /// When it came back, if it was away before.
    pub returned_at: Option<i64>,
    /// How often it has gone and come.
    pub changes: i64,
}

impl Broker {
    pub(super) fn new(plan: BrokerPlan, timeline: &Timeline<'_>) -> Broker {
        let id = plan.id;
        Broker {
            plan,
            down: timeline
                .windows(|effect| (*effect == Effect::BrokerDown { broker: id }).then_some(())),
            hangs: timeline
                .windows(|effect| (*effect == Effect::BrokerHangs { broker: id }).then_some(())),
            slow: timeline.windows(|effect| match effect {
                Effect::BrokerSlow { broker, delay } if *broker == id => {
                    Some(delay.as_millis() as u64)
                }
                _ => None,
            }),
            babbles: timeline.windows(|effect| match effect {
                Effect::BrokerBabbles { broker, fault } if *broker == id => Some(*fault),
                _ => None,
            }),
        }
    }

    pub(crate) fn reach(&self, at: i64) -> Reach {
        if self.down.open(at).next().is_some() {
            return Reach::Refuses;
        }
        if self.hangs.open(at).next().is_some() {
            return Reach::Hangs;
        }
        let after = Duration::from_millis(self.slow.open(at).sum());
        Reach::Answers { after, fault: self.babbles.open(at).next() }
    }

    pub(super) fn now(&self, at: i64) -> BrokerNow {
        let Some(last) = self.down.latest(at) else {
            return BrokerNow { is_registered: true, returned_at: None, changes: 0 };
        };
        let (gone, returned) = self.down.counts(at);
        let is_back = last.end <= at;
        BrokerNow {
            is_registered: is_back || at < last.begin + NOTICED_AFTER_MS,
            returned_at: is_back.then_some(last.end),
            changes: gone + returned,
        }
    }
}
