//! One Kafka cluster as a source: asks, remembers what spans cycles, reports.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weir_kafka::{Client, Error, GroupType};
use weir_types::source::{SourceState, stale_after};
use weir_types::{BoxFuture, Event, Timestamp};

use super::answers::Answers;
use super::capability::{Capabilities, CapabilityHandle, Question};
use super::fetch::committed::{MANY_GROUPS_A_REQUEST, SINGLE_MAX, has_commits};
use super::fetch::slow::Slow;
use super::fetch::topic_config::TopicConfigs;
use super::fetch::{self, Before, Heard};
use super::history::{History, Past};
use super::known::Known;
use super::map::{self, AbnormalPartitions, CycleFacts, Draft, Picture, Sampler};
use super::options::KafkaSourceOptions;
use super::partition_map::{PartitionMap, PartitionMapHandle};
use super::requests::Requests;
use super::tally::Tally;
use super::throughput::Throughput;
use crate::exposition::ExpositionSlot;
use crate::source::{Cycle, CycleReport, Source, SourceInfo};

/// Share of the interval that the slow cycle's questions may take together.
const SLOW_SHARE: f64 = 0.25;

/// A cluster that is asked over Kafka's own protocol.
#[derive(Debug)]
pub struct KafkaSource {
    options: KafkaSourceOptions,
    /// `None` while a file that the options name can't be used.
    client: Option<Client>,
    memory: Memory,
    shown: CapabilityHandle,
    partitions: PartitionMapHandle,
    /// Where each cycle is published for `/metrics`; `None` until somebody asks for it.
    exposed: Option<ExpositionSlot>,
}

/// What one cycle tells the next.
#[derive(Debug, Default)]
struct Memory {
    cluster_id: Option<Arc<str>>,
    configs: TopicConfigs,
    slow: Slow,
    throughput: Throughput,
    abnormal: AbnormalPartitions,
    history: History,
    known: Known,
    capabilities: Capabilities,
    /// Those that a cycle has accounted for.
    requests: Requests,
}

impl KafkaSource {
    /// Checks the client's options and reads the CA file; opens no connection.
    ///
    /// # Errors
    /// Those of [`Client::new`].
    pub fn new(options: KafkaSourceOptions) -> Result<KafkaSource, Error> {
        let client = Client::new(options.client_within_interval())?;
        Ok(KafkaSource { client: Some(client), ..KafkaSource::patient(options) })
    }

    /// As [`KafkaSource::new`], but what is wrong with the options fails each cycle until it is
    /// right, as a file that comes late may be: other sources need not wait for this one.
    pub fn patient(options: KafkaSourceOptions) -> KafkaSource {
        let (memory, shown) = (Memory::default(), CapabilityHandle::default());
        let partitions = PartitionMapHandle::default();
        KafkaSource { options, client: None, memory, shown, partitions, exposed: None }
    }

    /// Rebuilds what earlier cycles knew of lags and verdicts, so that a restart forgets neither.
    /// Call it before the first poll with what the same source stored of the same cluster.
    pub fn resume(&mut self, past: Past) {
        self.memory.cluster_id.clone_from(&past.cluster_id);
        self.memory.history = History::resume(past);
    }

    /// What the cluster lets this source know, as of the last cycle; stays valid while the source
    /// runs elsewhere.
    pub fn capabilities(&self) -> CapabilityHandle {
        self.shown.clone()
    }

    /// Every partition as of the last cycle that was answered; stays valid while the source runs
    /// elsewhere.
    pub fn partitions(&self) -> PartitionMapHandle {
        self.partitions.clone()
    }

    /// Where the source publishes what each cycle knew; from the first call on, and as long as it
    /// runs.
    pub fn exposition(&mut self) -> ExpositionSlot {
        self.exposed.get_or_insert_default().clone()
    }

    /// One cycle; `now` is the timestamp of its events.
    pub async fn poll(&mut self, now: Timestamp) -> Cycle {
        let started = Instant::now();
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.give_up(&error, now, Duration::ZERO, 0),
        };
        let before = Before {
            topics: &self.options.topics,
            groups: &self.options.groups,
            configs: &self.memory.configs,
            slow: &self.memory.slow,
            known: &self.memory.known,
            slow_patience: self.options.interval.mul_f64(SLOW_SHARE),
        };
        let heard = fetch::ask(&client, &before, now).await;
        let requests = self.memory.requests.count(&client.stats());
        let took = started.elapsed();
        match heard {
            Ok(heard) => self.understand(heard, now, took, requests),
            Err(error) => self.give_up(&error, now, took, requests),
        }
    }

    fn client(&mut self) -> Result<Client, Error> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let client = Client::new(self.options.client_within_interval())?;
        Ok(self.client.insert(client).clone())
    }

    fn understand(&mut self, heard: Heard, now: Timestamp, took: Duration, requests: u64) -> Cycle {
        let Heard { mut answers, configs, slow, mut tally } = heard;
        let memory = &mut self.memory;
        memory.meet(answers.metadata.cluster_id.as_ref());
        let heard_at = answers.moment.heard_at;
        let rates = memory.throughput.observe(&answers.watched, &answers.log, heard_at);
        memory.history.observe_logs(&answers.watched, &answers.log, answers.moment);
        let complete = answers.groups_complete;
        memory.history.observe_groups(&answers.groups, complete, &answers.log, heard_at);
        memory.known.fill(&mut answers);
        let abnormal = AbnormalPartitions::among(&answers);
        memory.note_capabilities(&answers, &mut tally);
        self.shown.set(self.memory.capabilities.clone());

        let facts = CycleFacts {
            source: &self.options.name,
            cluster: &self.options.cluster_name,
            cluster_id: self.memory.cluster_id.as_ref(),
            took,
            is_whole: tally.errors() == 0,
        };
        let mut draft = self.exposed.is_some().then(|| Draft::begin(&facts, &answers));
        let sampler = self.sampler(now, took, &tally);
        let picture = Picture {
            answers: &answers,
            rates: &rates,
            shown: &abnormal.or_before(&self.memory.abnormal),
            history: &self.memory.history,
            known: &self.memory.known,
        };
        let summary = map::summary(&sampler, picture);
        let mut events = summary.clone();
        events.append(&mut map::details(&sampler, picture, draft.as_mut()));
        self.expose(draft, now);
        let memory = &mut self.memory;
        memory.configs = configs;
        memory.slow = slow;
        memory.abnormal = abnormal;
        let partitions = PartitionMap::of(&answers);
        let log = memory.known.next(answers, summary);
        self.partitions.set(partitions.map(|map| map.with_log(log)));
        let state = if tally.errors() == 0 { SourceState::Ok } else { SourceState::Partial };
        finish(&sampler, events, state, &tally, took, requests)
    }

    /// Nobody answers: the cluster and its brokers are repeated as stale, the rest is left out.
    fn give_up(&mut self, error: &Error, now: Timestamp, took: Duration, requests: u64) -> Cycle {
        if let Some(slot) = &self.exposed {
            slot.clear();
        }
        let mut tally = Tally::default();
        tally.failed(Question::Metadata, error);
        self.memory.capabilities.update(tally.came_of());
        self.shown.set(self.memory.capabilities.clone());
        let events = self.memory.known.repeat_summary(now);
        let sampler = self.sampler(now, took, &tally);
        finish(&sampler, events, SourceState::Failing, &tally, took, requests)
    }

    /// A cycle that does not end leaves what the one before it published, until the time at which
    /// it should have been replaced.
    fn expose(&self, draft: Option<Draft<'_>>, now: Timestamp) {
        let Some((slot, draft)) = self.exposed.as_ref().zip(draft) else { return };
        let good_until = now.saturating_add(stale_after(self.options.interval));
        slot.publish(draft.finish(), good_until);
    }

    fn sampler(&self, now: Timestamp, took: Duration, tally: &Tally) -> Sampler {
        Sampler::new(
            &self.options,
            self.memory.cluster_id.as_ref(),
            now,
            took,
            tally.completeness(),
        )
    }
}

impl Memory {
    /// Another cluster behind the same address has nothing of the history of the one before.
    fn meet(&mut self, cluster_id: Option<&Arc<str>>) {
        let Some(id) = cluster_id else { return };
        let before = self.cluster_id.replace(Arc::clone(id));
        if before.is_some_and(|before| before != *id) {
            self.history = History::default();
        }
    }

    /// Also says which lists may be shorter than they look, and the right that completes them.
    fn note_capabilities(&mut self, answers: &Answers, tally: &mut Tally) {
        self.capabilities.update(tally.came_of());
        if self.capabilities.refuses_describe_cluster() {
            self.capabilities.may_be_partial(Question::ListGroups, "DESCRIBE on CLUSTER");
        }
        for (question, extra) in self.requests.in_pieces() {
            self.capabilities.costly(question, in_pieces(extra));
        }
        let is_old = answers.release.is_some_and(|release| release < MANY_GROUPS_A_REQUEST);
        if is_old || answers.groups_waiting > 0 {
            self.capabilities.costly(Question::CommittedOffsets, one_by_one(answers));
        }
        if tells_no_share_lag(answers) {
            let reason = "brokers tell where share groups are and not how much is left: those of Kafka 4.2 and newer do (KIP-1226)";
            self.capabilities.left_out(Question::ShareGroupOffsets, reason);
        }
        let hidden = answers.hidden_topics;
        if hidden > 0 {
            let right = "DESCRIBE on TOPIC *";
            self.capabilities.may_be_partial(Question::Metadata, right);
            tally.remark(format!(
                "topics may be partial: {hidden} on the brokers' disks are not described to us: grant {right}"
            ));
        }
        self.capabilities.doubt_topics();
    }
}

impl Source for KafkaSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            name: self.options.name.clone(),
            kind: "kafka",
            target: self.options.target(),
            cluster: self.options.cluster_name.clone(),
            interval: self.options.interval,
        }
    }

    fn poll(&mut self, now: Timestamp) -> BoxFuture<'_, Cycle> {
        Box::pin(KafkaSource::poll(self, now))
    }
}

/// What it means that OffsetFetch takes one request a group.
fn one_by_one(answers: &Answers) -> String {
    let committing = answers.groups.iter().filter(|it| has_commits(&it.group_type)).count();
    let turns = match answers.groups_waiting {
        0 => format!("all {committing} are asked each cycle"),
        waiting => format!(
            "{} of {committing} were asked this cycle, live and lagging ones first; the others show what they last told, with its age",
            committing.saturating_sub(waiting)
        ),
    };
    format!(
        "before Kafka 3.0 committed offsets take one request a group, at most {SINGLE_MAX} a broker and cycle: {turns}; leave groups out with `groups.exclude`"
    )
}

fn in_pieces(extra: u64) -> String {
    format!("too large for one answer: asked in pieces, which took {extra} requests more")
}

/// There are offsets of share groups, and no lag with any of them.
fn tells_no_share_lag(answers: &Answers) -> bool {
    let share = answers.groups.iter().filter(|group| group.group_type == GroupType::Share);
    let topics = share.flat_map(|group| group.commits.iter().flatten());
    let mut told =
        topics.flat_map(|topic| &topic.partitions).filter(|one| one.offset.is_ok()).peekable();
    told.peek().is_some() && told.all(|one| one.lag_messages.is_none())
}

/// Closes a cycle with the event about itself.
fn finish(
    sampler: &Sampler,
    mut events: Vec<Event>,
    state: SourceState,
    tally: &Tally,
    duration: Duration,
    requests: u64,
) -> Cycle {
    let report = CycleReport {
        state,
        duration,
        requests,
        completeness: tally.completeness(),
        error: tally.error_text(),
    };
    events.push(map::collection(sampler, &report, tally.errors(), events.len()));
    Cycle { events, report }
}

#[cfg(test)]
mod tests {
    use weir_kafka::ClientOptions;
    use weir_types::{Event, Value};

    use super::super::map::fixture;
    use super::*;

    /// The commit age of the first cycle after a stop in which `cluster_id` was watched.
    fn commit_age_after(cluster_id: &str) -> Option<Value> {
        let options = KafkaSourceOptions::new("orders", "test", ClientOptions::new(Vec::new()));
        let mut source = KafkaSource::patient(options);
        let stored = Event::new("KafkaConsumerSample", Timestamp::from_millis(0))
            .with("clusterId", cluster_id)
            .with("consumerGroup", "enricher")
            .with("topic", "orders")
            .with("partition", 0)
            .with("consumerOffset", 120)
            .with("commitAgeSeconds", Value::Float(60.0));
        source.resume([&stored].into_iter().collect());
        let heard = Heard {
            answers: fixture::answers(),
            configs: TopicConfigs::default(),
            slow: Slow::default(),
            tally: Tally::default(),
        };
        let cycle = source.understand(heard, Timestamp::from_millis(1_000), Duration::ZERO, 1);
        let is_it = |event: &&Event| {
            &*event.event_type == "KafkaConsumerSample"
                && event.get("topic") == Some(&Value::from("orders"))
        };
        cycle.events.iter().find(is_it)?.get("commitAgeSeconds").cloned()
    }

    #[test]
    fn a_source_goes_on_where_the_same_cluster_was_left() {
        assert_eq!(commit_age_after("cluster-1"), Some(Value::Float(61.2)));
        assert_eq!(commit_age_after("another"), None);
    }
}
