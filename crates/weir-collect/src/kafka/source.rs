//! One Kafka cluster as a source: asks, remembers what spans cycles, reports.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weir_kafka::{Client, Error};
use weir_types::source::SourceState;
use weir_types::{BoxFuture, Timestamp};

use super::fetch::{self, Heard};
use super::map::{self, AbnormalPartitions, Sampler};
use super::options::KafkaSourceOptions;
use super::tally::{Tally, missing_right};
use super::throughput::Throughput;
use super::topic_config::TopicConfigs;
use crate::source::{Cycle, CycleReport, Source, SourceInfo};

/// A cluster that is asked over Kafka's own protocol.
#[derive(Debug)]
pub struct KafkaSource {
    options: KafkaSourceOptions,
    client: Client,
    memory: Memory,
}

/// What one cycle tells the next.
#[derive(Debug, Default)]
struct Memory {
    cluster_id: Option<Arc<str>>,
    configs: TopicConfigs,
    throughput: Throughput,
    abnormal: AbnormalPartitions,
    /// Requests that a cycle has accounted for.
    requests_counted: u64,
}

impl KafkaSource {
    /// Checks the client's options and reads the CA file; opens no connection.
    ///
    /// # Errors
    /// Those of [`Client::new`].
    pub fn new(options: KafkaSourceOptions) -> Result<KafkaSource, Error> {
        let client = Client::new(options.client_within_interval())?;
        Ok(KafkaSource { options, client, memory: Memory::default() })
    }

    /// One cycle; `now` is the timestamp of its events.
    pub async fn poll(&mut self, now: Timestamp) -> Cycle {
        let started = Instant::now();
        let heard = fetch::ask(&self.client, &self.memory.configs, now).await;
        let requests_total = self.client.stats().requests();
        let requests = requests_total.saturating_sub(self.memory.requests_counted);
        self.memory.requests_counted = requests_total;
        let took = started.elapsed();
        match heard {
            Ok(heard) => self.understand(heard, now, took, requests),
            Err(error) => self.give_up(&error, now, took, requests),
        }
    }

    fn understand(&mut self, heard: Heard, now: Timestamp, took: Duration, requests: u64) -> Cycle {
        let Heard { answers, configs, tally } = heard;
        if answers.metadata.cluster_id.is_some() {
            self.memory.cluster_id.clone_from(&answers.metadata.cluster_id);
        }
        let (rates, throughput) =
            self.memory.throughput.next(&answers.metadata, &answers.log, answers.log_at);
        let abnormal = AbnormalPartitions::among(&answers);
        let sampler = self.sampler(now, took, &tally);
        let events =
            map::events(&sampler, &answers, &rates, &abnormal.or_before(&self.memory.abnormal));
        self.memory.configs = configs;
        self.memory.throughput = throughput;
        self.memory.abnormal = abnormal;
        let state = if tally.errors() == 0 { SourceState::Ok } else { SourceState::Partial };
        finish(&sampler, events, state, &tally, took, requests)
    }

    fn give_up(&self, error: &Error, now: Timestamp, took: Duration, requests: u64) -> Cycle {
        let mut tally = Tally::default();
        let right = missing_right(error).map(|right| format!(": grant {right}"));
        tally.remark(format!("{error}{}", right.unwrap_or_default()));
        let sampler = self.sampler(now, took, &tally);
        finish(&sampler, Vec::new(), SourceState::Failing, &tally, took, requests)
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

/// Closes a cycle with the event about itself.
fn finish(
    sampler: &Sampler,
    mut events: Vec<weir_types::Event>,
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
