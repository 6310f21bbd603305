//! What was heard last of everything, repeated as stale while the broker that knows it is silent.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::{BrokerId, CommittedOffset, GroupType, Topic};
use weir_types::{Event, HealthStatus, Timestamp, Value};

use super::answers::{Answers, GroupAnswer, LogOffsets, LogRange};
use super::fetch::committed::has_commits;
use super::lag::lag_of;

/// Nothing is repeated for longer: who looks later finds the gap.
pub(crate) const REPEAT_FOR: Duration = Duration::from_secs(3_600);

/// The last cycle's answers, stale ones included, and the brokers ever seen lately.
#[derive(Debug, Default)]
pub(crate) struct Known {
    last: Option<LastCycle>,
    pub brokers: BTreeMap<BrokerId, KnownBroker>,
    /// The samples of the cluster and its brokers.
    summary: Vec<Event>,
}

#[derive(Debug)]
struct LastCycle {
    heard_at: Timestamp,
    /// Of every topic the cluster described, those nobody watches included.
    topic_ids: HashMap<Arc<str>, Option<u128>>,
    groups: HashMap<Arc<str>, GroupAnswer>,
    log: Arc<LogOffsets>,
}

/// A broker that answered at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownBroker {
    pub host: Arc<str>,
    pub rack: Option<Arc<str>>,
    pub answered_at: Timestamp,
}

impl Known {
    pub(crate) fn group(&self, name: &str) -> Option<&GroupAnswer> {
        self.last.as_ref()?.groups.get(name)
    }

    /// Whether the cycle before was told of the topic.
    pub(crate) fn describes(&self, topic: &str) -> bool {
        self.last.as_ref().is_some_and(|last| last.topic_ids.contains_key(topic))
    }

    /// Whether a group that was known had anything left to consume, as far as that was known.
    pub(crate) fn lags(&self, group: &GroupAnswer) -> bool {
        let Some(last) = &self.last else { return false };
        group.commits.iter().flatten().any(|topic| {
            let log = last.log.topic(&topic.topic);
            let lags = |one: &CommittedOffset| {
                lag_of(&group.group_type, one, log.get(one.partition)).is_some_and(|lag| lag > 0)
            };
            topic.partitions.iter().any(lags)
        })
    }

    /// Repeats what silent brokers would have told: log ends of partitions without an answer,
    /// groups whose coordinator said nothing, commits that did not come.
    pub(crate) fn fill(&self, answers: &mut Answers) {
        let Some(last) = &self.last else { return };
        let watched = Arc::clone(&answers.watched);
        for topic in &watched.topics {
            if last.topic_ids.get(&topic.name) != Some(&topic.id) {
                continue; // another topic of the same name, or a new one
            }
            last.repeat_log(topic, answers);
        }
        for group in &mut answers.groups {
            last.repeat_commits(group, answers.moment.heard_at);
        }
        let missing = last.groups_of_silent(answers);
        answers.groups.extend(missing);
        answers.groups.sort_unstable_by(|one, other| one.group.cmp(&other.group));
    }

    /// What the next cycle starts from; gives the log back, to be shown meanwhile. `summary` are the
    /// samples of the cluster and its brokers.
    pub(crate) fn next(&mut self, answers: Answers, summary: Vec<Event>) -> Arc<LogOffsets> {
        let heard_at = answers.moment.heard_at;
        for broker in &answers.metadata.brokers {
            if answers.latencies.contains_key(&broker.id) {
                let (host, rack) = (broker.address.host().into(), broker.rack.clone());
                let known = KnownBroker { host, rack, answered_at: heard_at };
                self.brokers.insert(broker.id, known);
            }
        }
        self.brokers.retain(|id, broker| {
            let is_lately = heard_at.since(broker.answered_at) < REPEAT_FOR;
            is_lately && !answers.is_unregistered(*id, broker.answered_at)
        });
        let ids = answers.metadata.topics.iter().map(|topic| (Arc::clone(&topic.name), topic.id));
        let groups = answers.groups.into_iter().map(|group| (Arc::clone(&group.group), group));
        let log = Arc::new(answers.log);
        self.last = Some(LastCycle {
            heard_at,
            topic_ids: ids.collect(),
            groups: groups.collect(),
            log: Arc::clone(&log),
        });
        self.summary = summary;
        log
    }

    /// The samples of the cluster and its brokers once more, when no broker answers at all.
    pub(crate) fn repeat_summary(&self, now: Timestamp) -> Vec<Event> {
        let fresh_enough = |event: &&Event| now.since(event.timestamp) < REPEAT_FOR;
        self.summary.iter().filter(fresh_enough).map(|event| repeated(event, now)).collect()
    }
}

impl LastCycle {
    fn since(&self, stale_since: Option<Timestamp>) -> Timestamp {
        stale_since.unwrap_or(self.heard_at)
    }

    fn repeat_log(&self, topic: &Topic, answers: &mut Answers) {
        let (heard, before) = (answers.log.topic(&topic.name), self.log.topic(&topic.name));
        let repeated = topic.partitions.iter().filter_map(|partition| {
            let (heard, before) = (heard.get(partition.index), before.get(partition.index));
            let since = self.since(before.stale_since);
            let is_missing = (heard.end.is_none() && before.end.is_some())
                || (heard.start.is_none() && before.start.is_some());
            let is_young = answers.moment.heard_at.since(since) < REPEAT_FOR;
            let range = LogRange {
                start: heard.start.or(before.start),
                end: heard.end.or(before.end),
                stale_since: Some(since),
            };
            (is_missing && is_young).then_some((partition.index, range))
        });
        let repeated: Vec<(i32, LogRange)> = repeated.collect();
        for (partition, range) in repeated {
            answers.log.set(&topic.name, partition, range);
        }
    }

    fn repeat_commits(&self, group: &mut GroupAnswer, now: Timestamp) {
        let Some(before) = self.groups.get(&group.group) else { return };
        let heard_at = before.commits_heard_at.unwrap_or(self.heard_at);
        if group.commits.is_none()
            && has_offsets(&group.group_type)
            && before.commits.is_some()
            && now.since(heard_at) < REPEAT_FOR
        {
            group.commits.clone_from(&before.commits);
            group.commits_heard_at = Some(heard_at);
            group.stale_since = Some(heard_at);
        }
        if group.description.is_none() && before.description.is_some() {
            group.description.clone_from(&before.description);
            group.described_at = before.described_at;
            group.stale_since = group.stale_since.or(Some(self.since(before.stale_since)));
        }
    }

    fn groups_of_silent(&self, answers: &Answers) -> Vec<GroupAnswer> {
        let is_listed = |group: &GroupAnswer| {
            answers.groups.binary_search_by(|one| one.group.cmp(&group.group)).is_ok()
        };
        let is_silent = |group: &GroupAnswer| {
            !answers.listing_brokers.contains(&group.coordinator)
                && answers.moment.heard_at.since(self.since(group.stale_since)) < REPEAT_FOR
        };
        let missing = self.groups.values().filter(|group| is_silent(group) && !is_listed(group));
        let stale = |group: &GroupAnswer| GroupAnswer {
            stale_since: Some(self.since(group.stale_since)),
            ..group.clone()
        };
        missing.map(stale).collect()
    }
}

/// Of other types than these nobody tells where they are.
fn has_offsets(group_type: &GroupType) -> bool {
    has_commits(group_type) || *group_type == GroupType::Share
}

/// What was counted stays as it was last known. What happened a second is over: a rate or a round
/// trip that is repeated would draw life where there is none. Of health only what was bad is
/// worth knowing still.
fn repeated(event: &Event, now: Timestamp) -> Event {
    let age = now.since(event.timestamp).as_secs_f64();
    let was_bad = event.get("healthStatus").and_then(Value::as_str).is_some_and(is_bad);
    let mut repeated = Event::new(Arc::clone(&event.event_type), now);
    for (name, value) in &event.attributes {
        let value = match name.as_ref() {
            "stale" => Value::Bool(true),
            "sampleAgeSeconds" => Value::Float(value.as_f64().unwrap_or_default() + age),
            "healthScore" | "requestLatencyMs" => continue,
            "healthReasons" | "healthStatus" if was_bad => value.clone(),
            "healthReasons" => continue,
            "healthStatus" => Value::from(HealthStatus::Unknown.as_str()),
            name if name.ends_with("PerSec") => continue,
            _ => value.clone(),
        };
        repeated.push(name.clone(), value);
    }
    repeated
}

fn is_bad(health_status: &str) -> bool {
    matches!(health_status, "CRITICAL" | "WARNING")
}

#[cfg(test)]
mod tests {
    use super::super::history::Moment;
    use super::super::map::fixture;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn heard_at(seconds: i64) -> Answers {
        let mut answers = fixture::answers();
        answers.moment = Moment { asked_at: at(seconds), heard_at: at(seconds) };
        answers
    }

    /// A cycle at which broker 1, coordinator and leader of everything, said nothing.
    fn silent_at(seconds: i64) -> Answers {
        let mut answers = heard_at(seconds);
        answers.groups.clear();
        answers.groups_complete = false;
        answers.listing_brokers.remove(&BrokerId(1));
        answers.log = LogOffsets::default();
        answers
    }

    fn filled(known: &Known, mut answers: Answers) -> Answers {
        known.fill(&mut answers);
        answers
    }

    #[test]
    fn a_silent_broker_has_its_groups_and_log_ends_repeated_as_stale() {
        let mut known = Known::default();
        known.next(heard_at(100), Vec::new());
        let answers = filled(&known, silent_at(130));
        assert_eq!(answers.groups[0].stale_since, Some(at(100)));
        let log = answers.log.topic("orders").get(0);
        assert_eq!((log.end, log.stale_since), (Some(150), Some(at(100))));

        known.next(answers, Vec::new());
        let again = filled(&known, silent_at(160));
        assert_eq!(again.groups[0].stale_since, Some(at(100)), "the age grows from the first");
        assert_eq!(again.log.topic("orders").get(0).stale_since, Some(at(100)));
    }

    #[test]
    fn what_is_answered_again_is_fresh() {
        let mut known = Known::default();
        known.next(heard_at(100), Vec::new());
        let stale = filled(&known, silent_at(130));
        known.next(stale, Vec::new());
        let answers = filled(&known, heard_at(160));
        assert_eq!((answers.groups.len(), answers.groups[0].stale_since), (1, None));
        assert_eq!(answers.log.topic("orders").get(0).stale_since, None);
    }

    #[test]
    fn nothing_is_repeated_for_ever() {
        let mut known = Known::default();
        known.next(heard_at(100), Vec::new());
        let answers = filled(&known, silent_at(3_700));
        assert!(answers.groups.is_empty());
        assert_eq!(answers.log.topic("orders").get(0).end, None);
    }

    #[test]
    fn a_group_that_a_listing_no_longer_names_is_gone() {
        let mut known = Known::default();
        known.next(heard_at(100), Vec::new());
        let mut answers = heard_at(130);
        answers.groups.clear();
        assert!(filled(&known, answers).groups.is_empty());
    }

    #[test]
    fn commits_that_did_not_come_are_repeated() {
        let mut known = Known::default();
        known.next(heard_at(100), Vec::new());
        let mut answers = heard_at(130);
        answers.groups[0].commits = None;
        let answers = filled(&known, answers);
        assert!(answers.groups[0].commits.is_some());
        assert_eq!(answers.groups[0].stale_since, Some(at(100)));
        let mut unknown = heard_at(130);
        unknown.groups[0].commits = None;
        unknown.groups[0].group_type = GroupType::Other("queue".into());
        assert_eq!(filled(&known, unknown).groups[0].stale_since, None);
        let mut late = heard_at(3_701);
        late.groups[0].commits = None;
        assert!(filled(&known, late).groups[0].commits.is_none(), "not for ever");
    }

    #[test]
    fn a_topic_made_anew_repeats_nothing_of_the_old_one() {
        let mut known = Known::default();
        known.next(heard_at(100), Vec::new());
        let mut answers = silent_at(130);
        let mut metadata = fixture::metadata(&[("orders", 1)]);
        metadata.topics[0].id = Some(7);
        answers.watched = Arc::new(metadata);
        assert_eq!(filled(&known, answers).log.topic("orders").get(0).end, None);
    }

    #[test]
    fn a_summary_is_repeated_as_stale_without_a_score() {
        let mut known = Known::default();
        let event = fixture::sampler()
            .event("KafkaClusterSample")
            .with("healthScore", Value::Float(100.0))
            .with("healthStatus", "HEALTHY")
            .with("messagesInPerSec", Value::Float(5.0))
            .with("requestLatencyMs", Value::Float(2.0))
            .with("brokerCount", 2);
        known.next(heard_at(1), vec![event]);
        let repeated = &known.repeat_summary(at(31))[0];
        assert_eq!(repeated.get("stale"), Some(&Value::Bool(true)));
        assert_eq!(repeated.get("sampleAgeSeconds"), Some(&Value::Float(30.25)));
        assert_eq!(repeated.get("healthScore"), None);
        assert_eq!(repeated.get("healthStatus"), Some(&Value::from("UNKNOWN")));
        assert_eq!(repeated.get("brokerCount"), Some(&Value::Int(2)));
        assert_eq!(repeated.get("messagesInPerSec"), None, "nothing flows that anyone could see");
        assert_eq!(repeated.get("requestLatencyMs"), None);
        assert!(known.repeat_summary(at(4_000)).is_empty());
    }

    #[test]
    fn what_was_bad_before_all_went_silent_is_still_told() {
        let event = fixture::sampler()
            .event("KafkaClusterSample")
            .with("healthScore", Value::Float(40.0))
            .with("healthStatus", "CRITICAL")
            .with("healthReasons", "offlinePartitions 2: -60");
        let repeated = repeated(&event, at(31));
        assert_eq!(repeated.get("healthStatus"), Some(&Value::from("CRITICAL")));
        assert_eq!(repeated.get("healthReasons"), Some(&Value::from("offlinePartitions 2: -60")));
        assert_eq!(repeated.get("healthScore"), None, "a score is of now");
    }
}
