//! The few topic settings that samples need, asked for rarely and remembered.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::{Client, ConfigEntry, Topic};
use weir_types::Timestamp;

use super::capability::Question;
use super::tally::Tally;

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
    refreshed_at: Option<Timestamp>,
    /// How the last full question went: it stays part of every cycle's account until the next.
    tally: Tally,
}

impl TopicConfigs {
    /// Asks for all topics when the answers are old, else only for topics not asked about yet.
    pub(crate) async fn refreshed(
        &self,
        client: &Client,
        topics: &[Topic],
        now: Timestamp,
    ) -> TopicConfigs {
        let due = self.refreshed_at.is_none_or(|at| now.since(at) >= REFRESH_AFTER);
        let is_asked = |topic: &&Topic| due || !self.known.contains_key(&topic.name);
        let asked: Vec<Arc<str>> =
            topics.iter().filter(is_asked).map(|topic| Arc::clone(&topic.name)).collect();
        let mut next = self.kept(topics, due);
        if due {
            next.refreshed_at = Some(now);
        }
        if !asked.is_empty() {
            let answers = client.describe_configs(&asked, &KEYS).await;
            let outcomes = answers.iter().map(|answer| answer.entries.as_ref().err());
            next.tally.items(Question::TopicConfigs, outcomes);
            for answer in answers {
                let config = answer.entries.map(|entries| TopicConfig::read(&entries));
                next.known.insert(answer.topic, config.unwrap_or_default());
            }
        }
        next
    }

    pub(crate) fn known(&self) -> &HashMap<Arc<str>, TopicConfig> {
        &self.known
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What stays for the next cycle: topics that still exist, nothing when all are asked again.
    fn kept(&self, topics: &[Topic], due: bool) -> TopicConfigs {
        if due {
            return TopicConfigs::default();
        }
        let entry = |topic: &Topic| self.known.get_key_value(&topic.name);
        let known = topics.iter().filter_map(entry).map(|(k, v)| (Arc::clone(k), v.clone()));
        TopicConfigs {
            known: known.collect(),
            refreshed_at: self.refreshed_at,
            tally: self.tally.clone(),
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
    use super::*;

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
