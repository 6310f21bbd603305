//! The slow cycle: what is costly to ask or changes rarely, every five minutes, each question in a
//! fast cycle of its own; and at once when the metadata shows that its answer may have changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use weir_kafka::{Client, ClusterDescription, ClusterMetadata, Error};
use weir_types::Timestamp;

use super::super::capability::Question;
use super::super::known::{Known, REPEAT_FOR};
use super::super::tally::Tally;
use super::disks::{Disks, DisksReading};
use super::reassigning::{Reassigning, short_of_replicas};

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
#[derive(Debug, Default)]
pub(crate) struct Slow {
    pub disks: Asked<Disks>,
    pub registered: Asked<ClusterDescription>,
    pub reassigning: Asked<Reassigning>,
}

/// One question of the slow cycle. A failure keeps the answer before it for an hour.
#[derive(Debug)]
pub(crate) struct Asked<T> {
    pub answer: Option<Arc<T>>,
    /// When `answer` was asked for.
    pub answered_at: Option<Timestamp>,
    /// What the metadata showed that the answer depends on, when it was last asked.
    depends_on: u64,
    next_at: Option<Timestamp>,
    /// How it went: stays part of every cycle's account until it is asked again.
    tally: Tally,
}

impl Slow {
    /// Asks what is due.
    pub(crate) async fn refreshed(&self, client: &Client, occasion: &Occasion<'_>) -> Slow {
        let metadata = occasion.metadata;
        let (live, short) = (live_brokers(metadata), short_of_replicas(metadata));
        let log_dirs = log_dirs(client, &self.disks, occasion);
        let (disks, registered, reassigning) = tokio::join!(
            self.disks.refreshed(occasion, 0, APART, log_dirs),
            self.registered.refreshed(occasion, live, APART * 2, registered(client)),
            self.reassigning.refreshed(occasion, short, APART * 3, reassignments(client)),
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
        occasion: &Occasion<'_>,
        depends_on: u64,
        first_pause: Duration,
        ask: impl Future<Output = (Option<T>, Tally)>,
    ) -> Asked<T> {
        let now = occasion.now;
        let waits = |at: Timestamp| now < at && at.since(now) <= EVERY; // longer: the clock went back
        if self.next_at.is_some_and(waits) && depends_on == self.depends_on {
            return self.young(now);
        }
        let pause = if self.next_at.is_none() { first_pause } else { EVERY };
        let (answer, tally) = timeout(occasion.patience, ask).await.unwrap_or_else(|_| {
            let mut tally = Tally::default();
            tally.remark("a question of the slow cycle took too long: raise `interval`".to_owned());
            (None, tally)
        });
        let before = self.young(now);
        let answered_at = answer.as_ref().map(|_| now);
        Asked {
            answer: answer.map(Arc::new).or(before.answer),
            answered_at: answered_at.or(before.answered_at),
            depends_on,
            next_at: Some(now.saturating_add(pause)),
            tally,
        }
    }

    /// Without an answer that is too old to be repeated.
    fn young(&self, now: Timestamp) -> Asked<T> {
        let is_young = self.answered_at.is_some_and(|at| now.since(at) < REPEAT_FOR);
        let (answer, answered_at) = (self.answer.clone(), self.answered_at);
        let (answer, answered_at) = if is_young { (answer, answered_at) } else { (None, None) };
        Asked { answer, answered_at, tally: self.tally.clone(), ..*self }
    }
}

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Asked {
            answer: None,
            answered_at: None,
            depends_on: 0,
            next_at: None,
            tally: Tally::default(),
        }
    }
}

/// The same as long as the same brokers are part of the cluster.
fn live_brokers(metadata: &ClusterMetadata) -> u64 {
    let mut hasher = DefaultHasher::new();
    metadata.brokers.iter().for_each(|broker| broker.id.hash(&mut hasher));
    hasher.finish()
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
    (moving.map(Reassigning::read), tally)
}

fn told<T>(question: Question, answer: Result<T, Error>) -> (Option<T>, Tally) {
    let mut tally = Tally::default();
    tally.outcome(question, answer.as_ref().err());
    (answer.ok(), tally)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::super::map::fixture;
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn occasion<'a>(seconds: i64, metadata: &'a ClusterMetadata, known: &'a Known) -> Occasion<'a> {
        Occasion { now: at(seconds), patience: PATIENCE, metadata, known }
    }

    /// Asks a question that depends on `depends_on`; `answer` is what comes of it.
    async fn refreshed(
        asked: &Asked<u32>,
        seconds: i64,
        depends_on: u64,
        ask: impl Future<Output = (Option<u32>, Tally)>,
    ) -> Asked<u32> {
        let (metadata, known) = (fixture::metadata(&[]), Known::default());
        asked.refreshed(&occasion(seconds, &metadata, &known), depends_on, APART, ask).await
    }

    /// At which of the seconds the question was asked.
    async fn asked_at(seconds: impl Iterator<Item = (i64, u64)>) -> Vec<i64> {
        let times = Cell::new(Vec::new());
        let mut asked = Asked::<u32>::default();
        for (second, depends_on) in seconds {
            let ask = async {
                let mut all = times.take();
                all.push(second);
                times.set(all);
                (Some(1), Tally::default())
            };
            asked = refreshed(&asked, second, depends_on, ask).await;
        }
        times.take()
    }

    #[tokio::test]
    async fn asked_at_once_then_in_its_own_cycle_then_every_five_minutes() {
        let seconds = (0..1_000).step_by(30).map(|second| (second, 0));
        assert_eq!(asked_at(seconds).await, [0, 90, 390, 690, 990]);
    }

    #[tokio::test]
    async fn asked_at_once_when_the_metadata_shows_a_change() {
        let changes_at_150 =
            (90..=450).step_by(30).map(|second| (second, u64::from(second >= 150)));
        assert_eq!(asked_at(changes_at_150).await, [90, 150, 450]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_keeps_the_answer_before_for_an_hour_and_says_so() {
        let answer = Some(Arc::new(7));
        let before = Asked { answer, answered_at: Some(at(-60)), ..Asked::default() };
        let after = refreshed(&before, 0, 0, std::future::pending()).await;
        assert_eq!((after.answer.as_deref(), after.answered_at), (Some(&7), Some(at(-60))));
        assert_eq!(after.tally.errors(), 1);
        let again = refreshed(&after, 30, 0, std::future::pending()).await;
        assert_eq!(again.next_at, Some(at(75)));
        let late = refreshed(&again, 3_540, 0, std::future::pending()).await;
        assert_eq!((late.answer, late.answered_at), (None, None));
    }

    #[test]
    fn a_broker_that_goes_is_a_change_of_the_live_ones() {
        let all = fixture::metadata(&[("orders", 1)]);
        let mut fewer = all.clone();
        fewer.brokers.remove(1);
        assert_ne!(live_brokers(&all), live_brokers(&fewer));
        assert_eq!(live_brokers(&all), live_brokers(&fixture::metadata(&[])));
    }
}
