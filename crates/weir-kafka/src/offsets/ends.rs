//! The ListOffsets request: one offset of each of many partitions, asked of their leaders.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use super::{
    Offset, OffsetSpec, PartitionOffset, TopicOffsets,
    ends_wire::{End, EndsAnswer, ListOffsets},
};
use crate::{
    Api, BrokerAddress, BrokerId, Client, ClusterMetadata, Error, KafkaCode, Topic,
    TopicPartitions, fan_out,
};

/// Where version 0 could name many offsets, later ones name one.
const FLOOR: i16 = 1;
/// The first version that knows the latest timestamp (KIP-734).
const MAX_TIMESTAMP: i16 = 7;

type Answer = Result<Found, Arc<Error>>;

#[derive(Debug, Clone, Copy)]
struct Found {
    offset: Offset,
    timestamp_ms: Option<i64>,
}

/// Answers in the order of the questions: topic by topic, partition by partition. `None` is a
/// partition not asked about yet.
struct Answers(Vec<Vec<Option<Answer>>>);

/// A partition by its place in what was asked, and by its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    topic: u32,
    nth: u32,
    pub(super) partition: i32,
}

/// What one leader is asked: places in `asked`, topic by topic.
pub(super) struct Question {
    asked: Arc<[TopicPartitions]>,
    places: Vec<Place>,
}

impl Client {
    /// One offset of each partition named, in the order given: one request a leader, in parallel.
    /// Leaders come from the last [`Client::metadata`]; when one of them has moved, metadata is
    /// refreshed and the partitions concerned are asked once more. Name each topic once.
    pub async fn list_offsets(
        &self,
        spec: OffsetSpec,
        partitions: &[TopicPartitions],
    ) -> Vec<TopicOffsets> {
        let mut answers = Answers::none_yet(partitions);
        match self.known_metadata().await {
            Err(error) => answers.refuse(all_places(partitions), &Arc::new(error)),
            Ok(metadata) => {
                let (asked, all) = (Arc::from(partitions), all_places(partitions));
                self.ask_leaders(spec, &asked, all, &metadata, &mut answers).await;
                self.ask_moved(spec, &asked, &metadata, &mut answers).await;
            }
        }
        answers.of_topics(partitions)
    }

    async fn ask_leaders(
        &self,
        spec: OffsetSpec,
        asked: &Arc<[TopicPartitions]>,
        places: impl Iterator<Item = Place>,
        metadata: &ClusterMetadata,
        answers: &mut Answers,
    ) {
        let by_leader = by_leader(asked, places, metadata, answers);
        let questions = by_leader.into_iter().map(|(leader, places)| {
            let client = self.clone();
            let question = Arc::new(Question { asked: Arc::clone(asked), places });
            async move {
                let answered = client.ends_of(leader, spec, &question).await;
                (question, answered)
            }
        });
        for (question, answered) in fan_out::all(questions).await {
            answers.fill(&question.places, answered);
        }
    }

    /// Asks again for what has another leader by now than the one that failed.
    async fn ask_moved(
        &self,
        spec: OffsetSpec,
        asked: &Arc<[TopicPartitions]>,
        before: &ClusterMetadata,
        answers: &mut Answers,
    ) {
        let failed: Vec<(Place, bool)> = answers.that_may_have_moved(asked).collect();
        if failed.is_empty() {
            return;
        }
        let Ok(now) = self.metadata().await else { return };
        let moved = failed.into_iter().filter(|&(place, asked_wrongly)| {
            let name = &asked[place.topic as usize].topic;
            let leader = |seen: &ClusterMetadata| leader_at(seen.topic(name), asked, place).ok();
            leader(&now).is_some() && (asked_wrongly || leader(&now) != leader(before))
        });
        let moved: Vec<Place> = moved.map(|(place, _)| place).collect();
        self.ask_leaders(spec, asked, moved.into_iter(), &now, answers).await;
    }

    /// One answer a place; the error of the whole request once.
    async fn ends_of(
        &self,
        leader: BrokerId,
        spec: OffsetSpec,
        question: &Arc<Question>,
    ) -> Result<Vec<Answer>, Error> {
        let timeout = self.options().request_timeout.as_millis();
        let request = |_| ListOffsets {
            question: Arc::clone(question),
            timestamp: timestamp(spec),
            timeout_ms: i32::try_from(timeout).unwrap_or(i32::MAX),
        };
        let (address, answer) = self.call_broker(leader, floor(spec), request).await?;
        Ok(question.read(&address, &answer))
    }
}

impl Answers {
    fn none_yet(asked: &[TopicPartitions]) -> Self {
        Self(asked.iter().map(|topic| vec![None; topic.partitions.len()]).collect())
    }

    fn set(&mut self, place: Place, answer: Answer) {
        let topic = self.0.get_mut(place.topic as usize);
        if let Some(slot) = topic.and_then(|topic| topic.get_mut(place.nth as usize)) {
            *slot = Some(answer);
        }
    }

    fn refuse(&mut self, places: impl Iterator<Item = Place>, error: &Arc<Error>) {
        places.for_each(|place| self.set(place, Err(Arc::clone(error))));
    }

    fn fill(&mut self, places: &[Place], answered: Result<Vec<Answer>, Error>) {
        match answered {
            Err(error) => self.refuse(places.iter().copied(), &Arc::new(error)),
            Ok(answered) => {
                places.iter().zip(answered).for_each(|(&place, answer)| self.set(place, answer));
            }
        }
    }

    /// With whether a broker itself said that it is the wrong one.
    fn that_may_have_moved(
        &self,
        asked: &[TopicPartitions],
    ) -> impl Iterator<Item = (Place, bool)> {
        self.0.iter().zip(0u32..).flat_map(|(topic, at)| {
            let failed = topic.iter().zip(0u32..).filter_map(|(answer, nth)| match answer {
                Some(Err(error)) if may_have_moved(error) => Some((nth, error)),
                _ => None,
            });
            let partitions = &asked[at as usize].partitions;
            failed.map(move |(nth, error)| {
                let place = Place { topic: at, nth, partition: partitions[nth as usize] };
                (place, matches!(**error, Error::Broker { .. }))
            })
        })
    }

    fn of_topics(self, asked: &[TopicPartitions]) -> Vec<TopicOffsets> {
        let topics = asked.iter().zip(self.0);
        topics.map(|(asked, answers)| of_topic(asked, answers)).collect()
    }
}

fn of_topic(asked: &TopicPartitions, answers: Vec<Option<Answer>>) -> TopicOffsets {
    let answered = asked.partitions.iter().zip(answers);
    let partition = |(&partition, answer): (&i32, Option<Answer>)| {
        let unknown = || {
            let topic = Arc::clone(&asked.topic);
            Err(Arc::new(Error::UnknownPartition { topic, partition }))
        };
        let found = answer.unwrap_or_else(unknown);
        let timestamp_ms = found.as_ref().ok().and_then(|found| found.timestamp_ms);
        PartitionOffset { partition, offset: found.map(|found| found.offset), timestamp_ms }
    };
    TopicOffsets { topic: Arc::clone(&asked.topic), partitions: answered.map(partition).collect() }
}

fn floor(spec: OffsetSpec) -> i16 {
    match spec {
        OffsetSpec::Latest | OffsetSpec::Earliest => FLOOR,
        OffsetSpec::MaxTimestamp => MAX_TIMESTAMP,
    }
}

fn all_places(asked: &[TopicPartitions]) -> impl Iterator<Item = Place> {
    asked.iter().zip(0..).flat_map(|(topic, at)| {
        let partitions = topic.partitions.iter().zip(0..);
        partitions.map(move |(&partition, nth)| Place { topic: at, nth, partition })
    })
}

/// Sorts partitions by whom to ask; what has nobody to ask is answered at once.
fn by_leader(
    asked: &[TopicPartitions],
    places: impl Iterator<Item = Place>,
    metadata: &ClusterMetadata,
    answers: &mut Answers,
) -> BTreeMap<BrokerId, Vec<Place>> {
    let mut by_leader: BTreeMap<BrokerId, Vec<Place>> = BTreeMap::new();
    let (mut topic, mut known) = (None, None);
    for place in places {
        if topic.replace(place.topic) != Some(place.topic) {
            known = metadata.topic(&asked[place.topic as usize].topic);
        }
        match leader_at(known, asked, place) {
            Ok(leader) => by_leader.entry(leader).or_default().push(place),
            Err(error) => answers.set(place, Err(Arc::new(error))),
        }
    }
    by_leader
}

/// `known` is the topic as the cluster has it.
fn leader_at(
    known: Option<&Topic>,
    asked: &[TopicPartitions],
    place: Place,
) -> Result<BrokerId, Error> {
    let (name, partition) = (&asked[place.topic as usize].topic, place.partition);
    let known = known.and_then(|known| known.partition(partition));
    let unknown = || Error::UnknownPartition { topic: Arc::clone(name), partition };
    let no_leader = || Error::NoLeader { topic: Arc::clone(name), partition };
    known.ok_or_else(unknown)?.leader.ok_or_else(no_leader)
}

impl Question {
    #[cfg(test)]
    pub(super) fn about_all(asked: Arc<[TopicPartitions]>) -> Self {
        let places = all_places(&asked).collect();
        Self { asked, places }
    }

    /// Brokers answer in an order of their own, though often in ours; what they leave out is
    /// missing.
    fn read(&self, address: &BrokerAddress, answer: &EndsAnswer) -> Vec<Answer> {
        let mut answers = vec![None; self.places.len()];
        let mut in_order = self.runs();
        let mut by_name = None;
        for (name, ends) in answer.topics() {
            let next = in_order
                .next()
                .filter(|run| self.topic(&self.places[run.clone()]).as_bytes() == name);
            let by_name = || by_name.get_or_insert_with(|| self.runs_by_name()).get(name).cloned();
            let Some(run) = next.or_else(by_name) else { continue };
            for (nth, end) in ends.iter().enumerate() {
                if let Some(at) = self.position(&run, nth, end.partition) {
                    answers[at] = Some(found(address, end));
                }
            }
        }
        let missing = Error::Missing { address: address.clone(), api: Api::ListOffsets };
        let missing = Arc::new(missing);
        let answers = answers.into_iter();
        answers.map(|answer| answer.unwrap_or_else(|| Err(Arc::clone(&missing)))).collect()
    }

    fn runs_by_name(&self) -> HashMap<&[u8], Range<usize>> {
        self.runs().map(|run| (self.topic(&self.places[run.clone()]).as_bytes(), run)).collect()
    }

    /// Of a partition among those of its topic: where it was asked about if the answer keeps that
    /// order, else most callers ask in ascending order.
    fn position(&self, run: &Range<usize>, nth: usize, partition: i32) -> Option<usize> {
        let places = &self.places[run.clone()];
        let is_it = |place: &Place| place.partition == partition;
        if places.get(nth).is_some_and(is_it) {
            return Some(run.start + nth);
        }
        let ascending = places.binary_search_by_key(&partition, |place| place.partition).ok();
        Some(run.start + ascending.or_else(|| places.iter().position(is_it))?)
    }

    /// The places, in runs of one topic.
    pub(super) fn by_topic(&self) -> impl Iterator<Item = &[Place]> {
        self.places.chunk_by(|one, other| one.topic == other.topic)
    }

    /// As [`Question::by_topic`].
    fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        self.by_topic().scan(0, |begin, run| {
            let at = *begin;
            *begin += run.len();
            Some(at..*begin)
        })
    }

    pub(super) fn topic(&self, run: &[Place]) -> &str {
        &self.asked[run[0].topic as usize].topic
    }
}

fn timestamp(spec: OffsetSpec) -> i64 {
    match spec {
        OffsetSpec::Latest => -1,
        OffsetSpec::Earliest => -2,
        OffsetSpec::MaxTimestamp => -3,
    }
}

fn found(address: &BrokerAddress, end: &End) -> Answer {
    match KafkaCode::from_answer(end.error_code) {
        None => Ok(Found {
            offset: Offset(end.offset),
            timestamp_ms: Some(end.timestamp_ms).filter(|timestamp| *timestamp >= 0),
        }),
        Some(code) => Err(Arc::new(Error::broker(address, Api::ListOffsets, code, None))),
    }
}

/// A broker no longer leads the partition, or can no longer be asked.
fn may_have_moved(error: &Error) -> bool {
    error.code().map_or_else(
        || error.is_retryable(),
        |code| {
            matches!(
                code,
                KafkaCode::UNKNOWN_TOPIC_OR_PARTITION
                    | KafkaCode::LEADER_NOT_AVAILABLE
                    | KafkaCode::NOT_LEADER_OR_FOLLOWER
                    | KafkaCode::KAFKA_STORAGE_ERROR
                    | KafkaCode::FENCED_LEADER_EPOCH
                    | KafkaCode::UNKNOWN_LEADER_EPOCH
            )
        },
    )
}
