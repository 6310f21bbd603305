//! The slow cycle: what is costly to ask or changes rarely, every five minutes, each question in a
//! fast cycle of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use weir_kafka::{Client, ClusterDescription, ClusterMetadata, Error, Reassignment};
use weir_types::Timestamp;

use super::capability::Question;
use super::disks::{Disks, DisksReading};
use super::known::Known;
use super::tally::Tally;

pub(crate) const EVERY: Duration = Duration::from_secs(300);
/// After the first cycle, which asks everything, the questions come apart by this.
const APART: Duration = Duration::from_secs(75);

/// The cycle in which to ask what is due.
pub(crate) struct Occasion<'a> {
    pub now: Timestamp,
    /// For all questions together: what takes longer has failed, and is due again only after a
    /// whole round, so that it never costs more than one cycle in ten.
    pub patience: Duration,
    pub metadata: &'a ClusterMetadata,
    pub known: &'a Known,
}

/// The last answer to each question, and when to ask again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slow {
    pub disks: Asked<Disks>,
    pub registered: Asked<ClusterDescription>,
    pub reassigning: Asked<Reassigning>,
}

/// One question of the slow cycle. A failure keeps the answer before it.
#[derive(Debug)]
pub(crate) struct Asked<T> {
    pub answer: Option<Arc<T>>,
    next_at: Option<Timestamp>,
    /// How it went: stays part of every cycle's account until it is asked again.
    tally: Tally,
}

/// Partitions whose replicas are being moved, by topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reassigning {
    topics: HashMap<Arc<str>, HashSet<i32>>,
}

impl Slow {
    /// Asks what is due.
    pub(crate) async fn refreshed(&self, client: &Client, occasion: &Occasion<'_>) -> Slow {
        let &Occasion { now, patience, .. } = occasion;
        let (disks, registered, reassigning) = tokio::join!(
            self.disks.refreshed(now, APART, patience, log_dirs(client, &self.disks, occasion)),
            self.registered.refreshed(now, APART * 2, patience, registered(client)),
            self.reassigning.refreshed(now, APART * 3, patience, reassignments(client)),
        );
        Slow { disks, registered, reassigning }
    }

    /// See [`Disks::hidden_topics`].
    pub(crate) fn hidden_topics(&self, before: &Slow, metadata: &ClusterMetadata) -> usize {
        let disks = self.disks.answer.as_ref().zip(before.disks.answer.as_ref());
        disks.map_or(0, |(disks, before)| disks.hidden_topics(before, metadata))
    }

    pub(crate) fn tally(&self) -> Tally {
        let mut tally = self.disks.tally.clone();
        tally.merge(&self.registered.tally);
        tally.merge(&self.reassigning.tally);
        tally
    }
}

impl<T> Asked<T> {
    async fn refreshed(
        &self,
        now: Timestamp,
        first_pause: Duration,
        patience: Duration,
        ask: impl Future<Output = (Option<T>, Tally)>,
    ) -> Asked<T> {
        let waits = |at: Timestamp| now < at && at.since(now) <= EVERY; // longer: the clock went back
        if self.next_at.is_some_and(waits) {
            return self.clone();
        }
        let pause = if self.next_at.is_none() { first_pause } else { EVERY };
        let (answer, tally) = timeout(patience, ask).await.unwrap_or_else(|_| {
            let mut tally = Tally::default();
            tally.remark("a question of the slow cycle took too long: raise `interval`".to_owned());
            (None, tally)
        });
        Asked {
            answer: answer.map(Arc::new).or_else(|| self.answer.clone()),
            next_at: Some(now.saturating_add(pause)),
            tally,
        }
    }
}

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Asked { answer: None, next_at: None, tally: Tally::default() }
    }
}

impl<T> Clone for Asked<T> {
    fn clone(&self) -> Self {
        let Asked { answer, next_at, tally } = self;
        Asked { answer: answer.clone(), next_at: *next_at, tally: tally.clone() }
    }
}

impl Reassigning {
    pub(crate) fn read(moving: &[Reassignment]) -> Reassigning {
        let mut reassigning = Reassigning::default();
        for one in moving {
            let topic = reassigning.topics.entry(Arc::clone(&one.topic)).or_default();
            topic.insert(one.partition);
        }
        reassigning
    }

    pub(crate) fn of_topic(&self, topic: &str) -> usize {
        self.topics.get(topic).map_or(0, HashSet::len)
    }

    pub(crate) fn count(&self) -> usize {
        self.topics.values().map(HashSet::len).sum()
    }
}

async fn log_dirs(
    client: &Client,
    before: &Asked<Disks>,
    occasion: &Occasion<'_>,
) -> (Option<Disks>, Tally) {
    let mut tally = Tally::default();
    let mut arriving = match client.log_dirs_arriving().await {
        Ok(arriving) => arriving,
        Err(error) => {
            tally.failed(Question::LogDirs, &error);
            return (None, tally);
        }
    };
    let is_described =
        |topic: &str| occasion.metadata.topic(topic).is_some() || occasion.known.describes(topic);
    let mut reading = DisksReading::new(occasion.now, before.answer.as_deref(), &is_described);
    let mut outcomes = Vec::new();
    while let Some(answer) = arriving.next().await {
        reading.add(&answer);
        outcomes.push((answer.broker, answer.dirs.err()));
    }
    let outcomes = outcomes.iter().map(|(broker, error)| (*broker, error.as_ref()));
    tally.items_by_broker(Question::LogDirs, outcomes);
    (Some(reading.finish()), tally)
}

async fn registered(client: &Client) -> (Option<ClusterDescription>, Tally) {
    told(Question::RegisteredBrokers, client.describe_cluster().await)
}

async fn reassignments(client: &Client) -> (Option<Reassigning>, Tally) {
    let (moving, tally) = told(Question::Reassignments, client.list_reassignments().await);
    (moving.as_deref().map(Reassigning::read), tally)
}

fn told<T>(question: Question, answer: Result<T, Error>) -> (Option<T>, Tally) {
    let mut tally = Tally::default();
    tally.outcome(question, answer.as_ref().err());
    (answer.ok(), tally)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// At which of the seconds the question was asked.
    async fn asked_at(seconds: impl Iterator<Item = i64>) -> Vec<i64> {
        let times = Cell::new(Vec::new());
        let mut asked = Asked::<u32>::default();
        for second in seconds {
            let ask = async {
                let mut all = times.take();
                all.push(second);
                times.set(all);
                (Some(1), Tally::default())
            };
            asked = asked.refreshed(at(second), APART, PATIENCE, ask).await;
        }
        times.take()
    }

    #[tokio::test]
    async fn asked_at_once_then_in_its_own_cycle_then_every_five_minutes() {
        assert_eq!(asked_at((0..1_000).step_by(30)).await, [0, 90, 390, 690, 990]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_keeps_the_answer_before_and_says_so() {
        let before = Asked { answer: Some(Arc::new(7)), ..Asked::default() };
        let never = std::future::pending::<(Option<u32>, Tally)>();
        let after = before.refreshed(at(0), APART, PATIENCE, never).await;
        assert_eq!(after.answer.as_deref(), Some(&7));
        assert_eq!(after.tally.errors(), 1);
        let again = after.refreshed(at(30), APART, PATIENCE, std::future::pending()).await;
        assert_eq!(again.next_at, Some(at(75)));
    }

    #[test]
    fn reassignments_are_counted_by_topic() {
        let moving = |topic: &str, partition| Reassignment {
            topic: topic.into(),
            partition,
            replicas: Vec::new(),
            adding: Vec::new(),
            removing: Vec::new(),
        };
        let all = Reassigning::read(&[moving("a", 0), moving("a", 1), moving("b", 0)]);
        assert_eq!((all.count(), all.of_topic("a"), all.of_topic("c")), (3, 2, 0));
    }
}
