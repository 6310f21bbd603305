//! The few topic settings that samples need, asked for rarely and remembered.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::{Client, ConfigEntry, Error, Topic};
use weir_types::Timestamp;

use super::super::capability::Question;
use super::super::known::REPEAT_FOR;
use super::super::tally::Tally;

/// How old remembered settings may become.
const REFRESH_AFTER: Duration = Duration::from_secs(300);
const KEYS: [&str; 3] = ["min.insync.replicas", "retention.ms", "cleanup.policy"];

/// What is set on a topic, inherited values included; `None` where the broker did not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TopicConfig {
    pub min_insync_replicas: Option<usize>,
    /// -1 keeps for ever.
    pub retention_ms: Option<i64>,
    pub cleanup_policy: Option<Arc<str>>,
}

/// The settings of all topics as last heard.
#[derive(Debug, Clone, Default)]
pub(crate) struct TopicConfigs {
    known: HashMap<Arc<str>, TopicConfig>,
    /// Topics whose last question failed; what was known of them stays for a while.
    failed: BTreeMap<Arc<str>, Failure>,
    refreshed_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct Failure {
    error: Error,
    /// When it was asked for the first time that failed.
    since: Timestamp,
    /// Pauses are as long as it has failed: what takes too long must not cost every cycle.
    again_at: Timestamp,
}

impl TopicConfigs {
    /// Asks for all topics when the answers are old, else only for those not heard of yet: new
    /// ones, and ones whose question failed and may go well now.
    pub(crate) async fn refreshed(
        &self,
        client: &Client,
        topics: &[Topic],
        now: Timestamp,
    ) -> TopicConfigs {
        let due = self.refreshed_at.is_none_or(|at| now.since(at) >= REFRESH_AFTER);
        let mut next = self.kept(topics, now);
        if due {
            next.refreshed_at = Some(now);
        }
        let is_asked = |topic: &&Topic| due || self.is_open(&topic.name, now);
        let asked: Vec<Arc<str>> =
            topics.iter().filter(is_asked).map(|topic| Arc::clone(&topic.name)).collect();
        if !asked.is_empty() {
            for answer in client.describe_configs(&asked, &KEYS).await {
                next.learn(answer, now);
            }
        }
        next
    }

    pub(crate) fn known(&self) -> &HashMap<Arc<str>, TopicConfig> {
        &self.known
    }

    /// How it stands with the settings of all topics: part of every cycle's account, whether or not
    /// it asked.
    pub(crate) fn tally(&self) -> Tally {
        let well = self.known.keys().filter(|topic| !self.failed.contains_key(*topic));
        let failed = self.failed.values().map(|failure| Some(&failure.error));
        let mut tally = Tally::default();
        tally.items(Question::TopicConfigs, failed.chain(well.map(|_| None)));
        tally
    }

    fn is_open(&self, topic: &str, now: Timestamp) -> bool {
        match self.failed.get(topic) {
            Some(failure) => failure.error.is_retryable() && now >= failure.again_at,
            None => !self.known.contains_key(topic),
        }
    }

    /// What stays for the next cycle: of topics that still exist, and of those that did not tell
    /// for long nothing.
    fn kept(&self, topics: &[Topic], now: Timestamp) -> TopicConfigs {
        let mut next = TopicConfigs { refreshed_at: self.refreshed_at, ..TopicConfigs::default() };
        for topic in topics {
            let failure = self.failed.get_key_value(&topic.name);
            next.failed.extend(failure.map(|(name, it)| (Arc::clone(name), it.clone())));
            let known = self.known.get_key_value(&topic.name).filter(|_| {
                failure.is_none_or(|(_, failure)| now.since(failure.since) < REPEAT_FOR)
            });
            next.known.extend(known.map(|(name, config)| (Arc::clone(name), config.clone())));
        }
        next
    }

    fn learn(&mut self, answer: weir_kafka::TopicConfigs, now: Timestamp) {
        match answer.entries {
            Ok(entries) => {
                self.failed.remove(&answer.topic);
                self.known.insert(answer.topic, TopicConfig::read(&entries));
            }
            Err(error) => {
                let since = self.failed.get(&answer.topic).map_or(now, |failure| failure.since);
                let again_at = now.saturating_add(now.since(since));
                self.failed.insert(answer.topic, Failure { error, since, again_at });
            }
        }
    }
}

impl TopicConfig {
    fn read(entries: &[ConfigEntry]) -> TopicConfig {
        let value = |name: &str| {
            let entry = entries.iter().find(|entry| &*entry.name == name);
            entry.and_then(|entry| entry.value.clone())
        };
        TopicConfig {
            min_insync_replicas: value(KEYS[0]).and_then(|text| text.parse().ok()),
            retention_ms: value(KEYS[1]).and_then(|text| text.parse().ok()),
            cleanup_policy: value(KEYS[2]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::map::fixture;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn answer(entries: Result<&str, Error>) -> weir_kafka::TopicConfigs {
        let entry = |value: &str| ConfigEntry {
            name: KEYS[0].into(),
            value: Some(value.into()),
            is_override: false,
        };
        let entries = entries.map(|value| vec![entry(value)]);
        weir_kafka::TopicConfigs { topic: "orders".into(), entries }
    }

    fn lost() -> Error {
        Error::Disconnected { address: "b:9092".parse().unwrap(), reason: "gone".into() }
    }

    fn min_isr(configs: &TopicConfigs) -> Option<usize> {
        configs.known().get("orders").and_then(|config| config.min_insync_replicas)
    }

    #[test]
    fn a_question_that_fails_leaves_what_was_known_and_is_asked_again() {
        let topics = fixture::metadata(&[("orders", 1)]).topics;
        let mut configs = TopicConfigs::default();
        configs.learn(answer(Ok("2")), at(0));
        assert!(!configs.is_open("orders", at(30)));
        configs.learn(answer(Err(lost())), at(300));
        let kept = configs.kept(&topics, at(330));
        assert_eq!((min_isr(&kept), kept.tally().errors()), (Some(2), 1));
        assert!(kept.is_open("orders", at(330)), "the next cycle asks again");
        let mut again = kept.clone();
        again.learn(answer(Err(lost())), at(330));
        let is_asked = [at(350), at(360)].map(|now| again.is_open("orders", now));
        assert_eq!(is_asked, [false, true], "then ever more rarely");

        let mut well = kept.clone();
        well.learn(answer(Ok("1")), at(330));
        assert_eq!((min_isr(&well), well.tally().errors()), (Some(1), 0));
        let late = kept.kept(&topics, at(3_900));
        assert_eq!((min_isr(&late), late.tally().errors()), (None, 1), "not for ever");
    }

    #[test]
    fn a_refusal_waits_for_its_turn_and_a_topic_that_is_gone_is_forgotten() {
        let denied = Error::Broker {
            address: "b:9092".parse().unwrap(),
            api: weir_kafka::Api::DescribeConfigs,
            code: weir_kafka::KafkaCode::TOPIC_AUTHORIZATION_FAILED,
            message: None,
        };
        let mut configs = TopicConfigs::default();
        configs.learn(answer(Err(denied)), at(0));
        assert_eq!((configs.is_open("orders", at(30)), configs.tally().errors()), (false, 1));
        assert_eq!(configs.kept(&[], at(30)).tally().errors(), 0);
    }

    #[test]
    fn settings_are_read_by_name() {
        let entry = |name: &str, value: Option<&str>| ConfigEntry {
            name: name.into(),
            value: value.map(Into::into),
            is_override: false,
        };
        let config = TopicConfig::read(&[
            entry("cleanup.policy", Some("compact")),
            entry("retention.ms", Some("-1")),
            entry("min.insync.replicas", None),
        ]);
        assert_eq!(config.cleanup_policy.as_deref(), Some("compact"));
        assert_eq!((config.retention_ms, config.min_insync_replicas), (Some(-1), None));
    }
}
