//! What polls told over time: when offsets were produced, what groups committed, where lags and
//! log starts went. Bounded by what the cluster has now; read by `map`, rebuilt after a restart by
//! `resume`.

mod commits;
mod data_loss;
mod lag_time;
mod partition;
mod past;
mod produced;
mod rebalances;
mod resume;
mod trend;
mod verdict;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use weir_kafka::offsets::TopicCommits;
use weir_kafka::{ClusterMetadata, GroupType, Topic};
use weir_types::{LagVerdict, Timestamp};

use super::answers::{GroupAnswer, LogOffsets, LogRange, TopicLog};
use super::by_partition::ByPartition;
use super::fetch::topic_config::TopicConfig;
use super::lag::lag_of;
use commits::Commits;
use data_loss::{Race, seconds_to_data_loss};
use lag_time::lag_time;
use partition::{PartitionHistory, RunsMax};
use produced::{ProducedAt, RUNS_MAX};
use rebalances::Rebalances;
use trend::{LagTrend, TotalLag};
use verdict::Commit;

pub(crate) use lag_time::{LagTime, Method};
pub use past::Past;
pub(crate) use produced::Moment;

/// Runs kept for all partitions together, 24 bytes each: about 15 MB, and more only where
/// [`RUNS_MIN`] asks for it.
const RUNS_TOTAL: usize = 600_000;
/// Fewer would tell no age worth telling.
const RUNS_MIN: usize = 8;
/// Where no group commits, of a cluster too large for more: an age for the group that comes.
const RUNS_MIN_UNREAD: usize = 2;
/// A group that no broker lists is forgotten after this.
const FORGET_AFTER: Duration = Duration::from_secs(3_600);

/// The memory of one cluster.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    topics: HashMap<Arc<str>, TopicHistory>,
    groups: HashMap<Arc<str>, GroupHistory>,
}

#[derive(Debug, Clone, Default)]
struct TopicHistory {
    /// Another id under the same name is another log. `None` also for what was recalled.
    id: Option<u128>,
    partitions: ByPartition<PartitionHistory>,
}

#[derive(Debug, Clone)]
struct GroupHistory {
    commits: HashMap<Arc<str>, ByPartition<Commits>>,
    lag: LagTrend,
    rebalances: Rebalances,
    seen_at: Timestamp,
}

/// Where a group stands on one partition, with what time adds to the offsets.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    pub lag_time: Option<LagTime>,
    pub verdict: Option<LagVerdict>,
    /// `None` as well until the offset is seen to move.
    pub commit_age_seconds: Option<f64>,
    pub seconds_to_data_loss: Option<f64>,
}

/// How a group does as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct GroupStanding {
    /// Messages a second.
    pub lag_velocity: Option<f64>,
    pub seconds_to_catch_up: Option<f64>,
    pub rebalances: Option<u64>,
    /// Its lag has stood still for long; abandoned if it has no members either.
    pub stands_still: bool,
}

/// A partition that a group committed to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub partition: i32,
    pub committed: i64,
    pub lag: Option<i64>,
    pub log: LogRange,
}

/// One group on one topic: whoever asks about many partitions finds both once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupOnTopic<'a> {
    topic: Option<&'a TopicHistory>,
    commits: Option<&'a ByPartition<Commits>>,
    /// Unknown settings may be anything.
    may_be_compacted: bool,
    /// `None` where nothing is deleted by age, or the settings are not known.
    retention: Option<Duration>,
    /// Burrow's rules are about commits, which a share group has none of.
    is_judged: bool,
    /// When the group told its commits: later than that nothing is known of them.
    told_at: Timestamp,
    now: Timestamp,
}

impl History {
    /// Adds the log ends and starts heard in one cycle, and forgets topics that are gone.
    pub(crate) fn observe_logs(
        &mut self,
        metadata: &ClusterMetadata,
        log: &LogOffsets,
        moment: Moment,
    ) {
        let partitions: usize = metadata.topics.iter().map(|topic| topic.partitions.len()).sum();
        let share = RUNS_TOTAL / partitions.max(1);
        let runs = RunsMax {
            read: share.clamp(RUNS_MIN, RUNS_MAX),
            unread: share.clamp(RUNS_MIN_UNREAD, RUNS_MAX),
        };
        let mut before = std::mem::take(&mut self.topics);
        for topic in &metadata.topics {
            let mut history = before.remove(&topic.name).unwrap_or_default();
            history.observe(topic, log.topic(&topic.name), moment, runs);
            self.topics.insert(Arc::clone(&topic.name), history);
        }
    }

    /// Adds what groups committed; only answers of this cycle, none that are repeated. Groups
    /// that are no longer listed go at once when every broker has listed its own.
    pub(crate) fn observe_groups(
        &mut self,
        groups: &[GroupAnswer],
        all_listed: bool,
        log: &LogOffsets,
        at: Timestamp,
    ) {
        for group in groups {
            let history = self.groups.entry(Arc::clone(&group.group));
            let history = history.or_insert_with(|| GroupHistory::new(at));
            history.observe(group, &self.topics, log, at);
            group.commits.iter().flatten().for_each(|commits| self.note_readers(commits, log));
        }
        let is_kept = |history: &GroupHistory| match all_listed {
            true => history.seen_at == at,
            false => at.since(history.seen_at) < FORGET_AFTER,
        };
        self.groups.retain(|_, history| is_kept(history));
    }

    pub(crate) fn on_topic(
        &self,
        group: &GroupAnswer,
        topic: &str,
        config: Option<&TopicConfig>,
        now: Timestamp,
    ) -> GroupOnTopic<'_> {
        let policy = config.and_then(|config| config.cleanup_policy.as_deref());
        let history = self.groups.get(&group.group);
        GroupOnTopic {
            topic: self.topics.get(topic),
            commits: history.and_then(|history| history.commits.get(topic)),
            may_be_compacted: policy.is_none_or(|policy| policy.contains("compact")),
            retention: config.and_then(retention),
            is_judged: group.group_type != GroupType::Share,
            told_at: group.stale_since.map_or(now, |since| since.min(now)),
            now,
        }
    }

    pub(crate) fn group(&self, group: &str, now: Timestamp) -> GroupStanding {
        let Some(history) = self.groups.get(group) else { return GroupStanding::default() };
        GroupStanding {
            lag_velocity: history.lag.velocity(),
            seconds_to_catch_up: history.lag.seconds_to_catch_up(),
            rebalances: history.rebalances.count(),
            stands_still: history.lag.stands_still(now),
        }
    }

    fn note_readers(&mut self, commits: &TopicCommits, log: &LogOffsets) {
        let Some(topic) = self.topics.get_mut(&commits.topic) else { return };
        let log = log.topic(&commits.topic);
        for committed in &commits.partitions {
            if let Some(history) = topic.partitions.get_mut(committed.partition) {
                history.is_read_from(|| log.get(committed.partition));
            }
        }
    }
}

impl GroupOnTopic<'_> {
    pub(crate) fn standing(&self, place: Place) -> Standing {
        let partition = self.topic.and_then(|topic| topic.partitions.get(place.partition));
        let commits = self.commits.and_then(|commits| commits.get(place.partition));
        let log_ends = partition.map(|history| history.log_ends()).unwrap_or_default();
        let lag_time = partition.and_then(|history| self.lag_time(history, &place));
        let judged = commits.filter(|_| self.is_judged);
        let age = |commits: &Commits| Some(self.told_at.since(commits.moved_at()?).as_secs_f64());
        Standing {
            lag_time,
            verdict: judged.and_then(|commits| commits.verdict(log_ends, self.told_at)),
            commit_age_seconds: judged.and_then(age),
            seconds_to_data_loss: partition.zip(commits).and_then(|(history, commits)| {
                seconds_to_data_loss(&self.race(history, commits, &place, lag_time)?)
            }),
        }
    }

    /// From the first message the log still holds: what was deleted can't be consumed any more.
    /// Without a known lag there is no message whose age could be told.
    fn lag_time(&self, history: &PartitionHistory, place: &Place) -> Option<LagTime> {
        if place.lag? == 0 {
            return Some(LagTime::NONE_LEFT);
        }
        let first_unread = place.committed.max(place.log.start.unwrap_or(place.committed));
        lag_time(history.produced(), first_unread, self.may_be_compacted, self.now)
    }

    /// `None` for a position that does not lag.
    fn race(
        &self,
        history: &PartitionHistory,
        commits: &Commits,
        place: &Place,
        lag_time: Option<LagTime>,
    ) -> Option<Race> {
        let start = place.log.start?;
        place.lag.filter(|&lag| lag > 0)?;
        Some(Race {
            retention: self.retention,
            age_seconds: lag_time.and_then(|lag| lag.high),
            age_growth: age_growth(history, commits, place.committed, self.now),
            margin_messages: place.committed.saturating_sub(start),
            start_velocity: history.start_velocity(self.now),
            commit_velocity: commits.velocity(self.now),
        })
    }
}

impl TopicHistory {
    fn observe(&mut self, topic: &Topic, log: &TopicLog, moment: Moment, runs: RunsMax) {
        if self.id.is_some() && self.id != topic.id {
            self.partitions = ByPartition::default();
        }
        self.id = topic.id;
        self.partitions.retain(|index| topic.partition(index).is_some());
        self.partitions.reserve_exact(topic.partitions.len());
        for partition in &topic.partitions {
            let range = log.get(partition.index);
            let history = self.partitions.entry(partition.index, PartitionHistory::default);
            history.observe(range, moment, runs);
        }
    }
}

impl GroupHistory {
    fn new(at: Timestamp) -> GroupHistory {
        GroupHistory {
            commits: HashMap::new(),
            lag: LagTrend::default(),
            rebalances: Rebalances::default(),
            seen_at: at,
        }
    }

    /// `there` are the topics that are watched: only on those a commit has a lag.
    fn observe(
        &mut self,
        group: &GroupAnswer,
        there: &HashMap<Arc<str>, TopicHistory>,
        log: &LogOffsets,
        at: Timestamp,
    ) {
        self.seen_at = at;
        self.rebalances.observe(group);
        let Some(topics) = &group.commits else { return };
        let held = held_partitions(group);
        self.forget_all_but(topics);
        let mut total = TotalLag::default();
        for topic in topics {
            let history = self.commits.entry(Arc::clone(&topic.topic)).or_default();
            let log = log.topic(&topic.topic);
            let there = there.get(&topic.topic);
            let held = held.get(&*topic.topic).map(Vec::as_slice).unwrap_or_default();
            for committed in &topic.partitions {
                let partition = committed.partition;
                let lag = lag_of(&group.group_type, committed, log.get(partition));
                if there.is_some_and(|there| there.partitions.get(partition).is_some()) {
                    total.add(&topic.topic, partition, lag);
                }
                let Ok(offset) = &committed.offset else { continue };
                let commit = Commit { offset: offset.0, at, lag };
                let is_held = held.binary_search(&partition).is_ok();
                let commits = history.entry(partition, || Commits::first(commit));
                commits.observe(commit, is_held);
            }
        }
        self.lag.observe(&total, at);
    }

    /// `committed` comes by topic, then partition.
    fn forget_all_but(&mut self, committed: &[TopicCommits]) {
        self.commits.retain(|topic, history| {
            let Ok(at) = committed.binary_search_by(|one| one.topic.cmp(topic)) else {
                return false;
            };
            let partitions = &committed[at].partitions;
            history.retain(|it| partitions.binary_search_by_key(&it, |p| p.partition).is_ok());
            true
        });
    }
}

/// What live members have, by topic, in order.
fn held_partitions(group: &GroupAnswer) -> BTreeMap<&str, Vec<i32>> {
    let mut held: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    let members = group.description.iter().flat_map(|description| &description.members);
    for assigned in members.flat_map(|member| member.assignment.iter().flatten()) {
        held.entry(&*assigned.topic).or_default().extend(&assigned.partitions);
    }
    held.values_mut().for_each(|partitions| partitions.sort_unstable());
    held
}

fn retention(config: &TopicConfig) -> Option<Duration> {
    let deletes = config.cleanup_policy.as_deref().is_some_and(|it| it.contains("delete"));
    let millis = u64::try_from(config.retention_ms?).ok()?;
    deletes.then(|| Duration::from_millis(millis))
}

/// By how many seconds a second the first unread message ages: 1 less the pace at which the group
/// reads through what was produced.
fn age_growth(
    history: &PartitionHistory,
    commits: &Commits,
    committed: i64,
    now: Timestamp,
) -> Option<f64> {
    let oldest = commits.oldest()?;
    let over = now.since(oldest.at).as_secs_f64();
    if over <= 0.0 {
        return None;
    }
    // A silent group adds nothing to its window: the longer it is, the less its last steps say.
    let moved_at = commits.moved_at().unwrap_or(oldest.at);
    if now.since(moved_at) > moved_at.since(oldest.at) {
        return Some(1.0);
    }
    let at = |offset| match history.produced().when(offset) {
        ProducedAt::Between { at, .. } => Some(at.as_millis() as f64 / 1e3),
        ProducedAt::Before(_) | ProducedAt::NotYet => None,
    };
    Some(1.0 - (at(committed)? - at(oldest.offset)?) / over)
}

#[cfg(test)]
mod tests;
