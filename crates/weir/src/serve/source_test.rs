//! Trying out a configured source of the running server: the steps of `weir sources test`.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use weir_api::source::SourceTestStep;
use weir_collect::{KafkaSourceOptions, Step};
use weir_config::{Config, Source as Configured};
use weir_server::{SourceTestRefusal, SourceTester};
use weir_types::BoxFuture;

use super::sources;

/// A page waits for the answer; a cluster of many unreachable brokers would take longer.
const WITHIN: Duration = Duration::from_secs(60);

/// One test of each source at a time: whoever presses a button often asks a cluster no more.
pub struct SourceTests {
    sources: Vec<Configured>,
    environment: String,
    running: Mutex<BTreeSet<String>>,
}

impl SourceTests {
    pub fn new(config: &Config) -> Self {
        SourceTests {
            sources: config.sources.clone(),
            environment: config.environment.clone(),
            running: Mutex::default(),
        }
    }

    /// Made anew for each test: files that were put right meanwhile are read again.
    fn options(&self, name: &str) -> Option<KafkaSourceOptions> {
        let all = self.sources.iter().map(|Configured::Kafka(kafka)| kafka);
        let wanted = all.into_iter().find(|kafka| kafka.name == name)?;
        Some(sources::kafka_options(wanted, &self.environment))
    }

    async fn run(&self, name: String) -> Result<Vec<SourceTestStep>, SourceTestRefusal> {
        let options = self.options(&name);
        let options = options.ok_or_else(|| SourceTestRefusal::NoSuchSource(name.clone()))?;
        let turn = Turn::take(&self.running, &name);
        let _turn = turn.ok_or_else(|| SourceTestRefusal::Running(name.clone()))?;
        let steps = tokio::time::timeout(WITHIN, weir_collect::test_source(&options)).await;
        let steps = steps
            .map_err(|_| SourceTestRefusal::TookTooLong { source_name: name, within: WITHIN })?;
        Ok(steps.into_iter().map(to_wire).collect())
    }
}

impl SourceTester for SourceTests {
    fn test(&self, source: &str) -> BoxFuture<'_, Result<Vec<SourceTestStep>, SourceTestRefusal>> {
        Box::pin(self.run(source.to_owned()))
    }
}

/// The right to test one source, given back when the test ends or nobody waits for it any more.
struct Turn<'a> {
    running: &'a Mutex<BTreeSet<String>>,
    name: String,
}

impl<'a> Turn<'a> {
    fn take(running: &'a Mutex<BTreeSet<String>>, name: &str) -> Option<Turn<'a>> {
        let is_free =
            running.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        is_free.then(|| Turn { running, name: name.to_owned() })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

fn to_wire(step: Step) -> SourceTestStep {
    let Step { name, ok, detail, next_step, took_ms } = step;
    SourceTestStep { name: name.into(), ok, detail, next_step, took_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_tested_once_at_a_time_and_again_after_an_end_of_any_kind() {
        let running = Mutex::default();
        let first = Turn::take(&running, "orders");
        assert!(first.is_some() && Turn::take(&running, "orders").is_none());
        assert!(Turn::take(&running, "payments").is_some());
        drop(first);
        assert!(Turn::take(&running, "orders").is_some());
    }
}
