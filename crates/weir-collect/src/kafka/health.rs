//! Health from 0 to 100: pure rules, each point explained by its rule and value. A rule whose value
//! this source can't know takes nothing and is named as not checked.

use std::fmt::Display;

use weir_types::LagVerdict;
use weir_types::health::{Deduction, HealthReasons, HealthRule, HealthStatus};

/// Below this something wants attention.
const WARNING_BELOW: f64 = 90.0;
/// Below this something is broken or about to be.
const CRITICAL_BELOW: f64 = 60.0;
const HOUR_SECONDS: f64 = 3_600.0;
const DAY_SECONDS: f64 = 86_400.0;

/// A score that started at 100, and what took points from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Health {
    reasons: HealthReasons,
    is_unknown: bool,
}

/// What the rules for a cluster look at; `None` is not known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClusterFacts {
    pub offline_partitions: usize,
    pub under_replicated: usize,
    pub partitions: usize,
    pub under_min_isr: Option<i64>,
    pub at_min_isr: Option<i64>,
    pub has_controller: Option<bool>,
    /// Registered, named by replicas or seen lately, and not there now.
    pub brokers_down: usize,
    /// There by the metadata, yet not answering us.
    pub brokers_silent: usize,
    pub worst_disk_share: Option<f64>,
    pub offline_log_dirs: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct BrokerFacts {
    pub is_online: bool,
    pub answers: bool,
    pub under_replicated: usize,
    pub disk_share: Option<f64>,
    pub offline_log_dirs: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TopicFacts {
    pub offline_partitions: usize,
    pub under_replicated: usize,
    pub under_min_isr: Option<i64>,
    pub at_min_isr: Option<i64>,
    pub non_preferred_leaders: usize,
    pub partitions: usize,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct GroupFacts {
    /// The worst of its partitions.
    pub verdict: Option<LagVerdict>,
    pub messages_lost: Option<i64>,
    /// Of the partition that loses data first; `None` when none does.
    pub seconds_to_data_loss: Option<f64>,
    pub commits_known: bool,
    /// Of every partition; what is broken of those that are known is broken all the same.
    pub lag_known: bool,
    pub is_abandoned: bool,
    pub is_rebalancing: bool,
}

impl Health {
    pub(crate) fn of_cluster(facts: &ClusterFacts) -> Health {
        let mut health = Health::default();
        let share = facts.under_replicated as f64 / facts.partitions.max(1) as f64;
        health.some(HealthRule::OfflinePartitions, Some(facts.offline_partitions), 60.0);
        health.none_left(HealthRule::ActiveControllers, facts.has_controller, 60.0);
        let under_min_isr = beyond_offline(facts.under_min_isr, facts.offline_partitions);
        health.some(HealthRule::UnderMinIsrPartitions, under_min_isr, 40.0);
        health.some(HealthRule::OfflineLogDirs, facts.offline_log_dirs, 30.0);
        health.some(HealthRule::BrokersDown, Some(facts.brokers_down), 20.0);
        health.some(HealthRule::BrokersSilent, Some(facts.brokers_silent), 20.0);
        health.some(
            HealthRule::UnderReplicatedPartitions,
            Some(facts.under_replicated),
            11.0 + 19.0 * share,
        );
        health.some(HealthRule::AtMinIsrPartitions, facts.at_min_isr, 5.0);
        health.disk(facts.worst_disk_share);
        health
    }

    pub(crate) fn of_broker(facts: &BrokerFacts) -> Health {
        let mut health = Health::default();
        if !facts.is_online {
            health.take(HealthRule::BrokerStatus, "not ONLINE", 100.0);
            return health;
        }
        if !facts.answers {
            health.take(HealthRule::OurRequests, "not answered", 50.0);
        }
        health.some(HealthRule::UnderReplicatedPartitions, Some(facts.under_replicated), 11.0);
        health.some(HealthRule::OfflineLogDirs, facts.offline_log_dirs, 50.0);
        health.disk(facts.disk_share);
        health
    }

    pub(crate) fn of_topic(facts: &TopicFacts) -> Health {
        let mut health = Health::default();
        health.some(HealthRule::OfflinePartitions, Some(facts.offline_partitions), 60.0);
        let under_min_isr = beyond_offline(facts.under_min_isr, facts.offline_partitions);
        health.some(HealthRule::UnderMinIsrPartitions, under_min_isr, 45.0);
        health.some(HealthRule::UnderReplicatedPartitions, Some(facts.under_replicated), 15.0);
        health.some(HealthRule::AtMinIsrPartitions, facts.at_min_isr, 5.0);
        if facts.non_preferred_leaders * 2 > facts.partitions {
            health.take(HealthRule::NonPreferredLeaders, facts.non_preferred_leaders, 5.0);
        }
        health
    }

    /// An abandoned group is neither well nor ill: nobody waits for it.
    pub(crate) fn of_group(facts: &GroupFacts) -> Health {
        let mut health = Health { is_unknown: !facts.commits_known, ..Health::default() };
        if facts.is_abandoned {
            health.is_unknown = true;
            return health;
        }
        match facts.verdict {
            Some(verdict @ (LagVerdict::Stop | LagVerdict::Stall)) => {
                health.take(HealthRule::LagStatus, verdict.as_str(), 50.0);
            }
            Some(verdict @ LagVerdict::Rewind) => {
                health.take(HealthRule::LagStatus, verdict.as_str(), 40.0)
            }
            Some(verdict @ LagVerdict::Warn) => {
                health.take(HealthRule::LagStatus, verdict.as_str(), 20.0)
            }
            Some(LagVerdict::Ok) => {}
            None => health.not_checked(HealthRule::LagStatus),
        }
        health.some(HealthRule::MessagesLost, facts.messages_lost, 30.0);
        match facts.seconds_to_data_loss {
            Some(left) if left < HOUR_SECONDS => {
                health.take(HealthRule::SecondsToDataLoss, left.round(), 41.0);
            }
            Some(left) if left < DAY_SECONDS => {
                health.take(HealthRule::SecondsToDataLoss, left.round(), 20.0);
            }
            _ => {}
        }
        if facts.is_rebalancing {
            health.take(HealthRule::GroupState, "rebalancing", 5.0);
        }
        health.is_unknown |= !facts.lag_known && health.status() == HealthStatus::Healthy;
        health
    }

    /// `None` when too little is known for any score.
    pub(crate) fn score(&self) -> Option<f64> {
        let taken: f64 = self.reasons.deductions.iter().map(|deduction| deduction.points).sum();
        (!self.is_unknown).then(|| (100.0 - taken).clamp(0.0, 100.0).round())
    }

    pub(crate) fn status(&self) -> HealthStatus {
        match self.score() {
            None => HealthStatus::Unknown,
            Some(score) if score < CRITICAL_BELOW => HealthStatus::Critical,
            Some(score) if score < WARNING_BELOW => HealthStatus::Warning,
            Some(_) => HealthStatus::Healthy,
        }
    }

    /// As `healthReasons` spells it; `None` with nothing to say.
    pub(crate) fn reasons(&self) -> Option<String> {
        (!self.reasons.is_empty()).then(|| self.reasons.to_string())
    }

    fn not_checked(&mut self, rule: HealthRule) {
        self.reasons.not_checked.push(rule.name().into());
    }

    fn take(&mut self, rule: HealthRule, value: impl Display, points: f64) {
        let (rule, value) = (rule.name().into(), value.to_string());
        self.reasons.deductions.push(Deduction { rule, value, points });
    }

    /// Takes the points when there are any of what should not be.
    fn some<N: Display + Default + PartialOrd>(
        &mut self,
        rule: HealthRule,
        count: Option<N>,
        points: f64,
    ) {
        match count {
            Some(count) if count > N::default() => self.take(rule, count, points),
            Some(_) => {}
            None => self.not_checked(rule),
        }
    }

    fn none_left(&mut self, rule: HealthRule, is_there: Option<bool>, points: f64) {
        match is_there {
            Some(false) => self.take(rule, 0, points),
            Some(true) => {}
            None => self.not_checked(rule),
        }
    }

    /// A full disk stops a broker; at 85 % there is time to act.
    fn disk(&mut self, used_share: Option<f64>) {
        let percent = used_share.map(|share| (share * 100.0).floor());
        match percent {
            Some(percent) if percent >= 95.0 => self.take(HealthRule::DiskUsed, percent, 41.0),
            Some(percent) if percent >= 85.0 => self.take(HealthRule::DiskUsed, percent, 15.0),
            Some(_) => {}
            None => self.not_checked(HealthRule::DiskUsed),
        }
    }
}

/// Kafka counts a partition without a leader as one under its min.insync.replicas too: one fault
/// costs once.
fn beyond_offline(under_min_isr: Option<i64>, offline_partitions: usize) -> Option<i64> {
    let are_offline = |under| usize::try_from(under).is_ok_and(|n| n <= offline_partitions);
    under_min_isr.map(|under| if are_offline(under) { 0 } else { under })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn well() -> ClusterFacts {
        ClusterFacts {
            partitions: 100,
            under_min_isr: Some(0),
            at_min_isr: Some(0),
            has_controller: Some(true),
            worst_disk_share: Some(0.4),
            offline_log_dirs: Some(0),
            ..ClusterFacts::default()
        }
    }

    #[test]
    fn a_cluster_without_faults_is_100_and_says_nothing() {
        let health = Health::of_cluster(&well());
        assert_eq!(
            (health.score(), health.status(), health.reasons()),
            (Some(100.0), HealthStatus::Healthy, None)
        );
    }

    #[test]
    fn every_point_is_explained_by_rule_and_value() {
        let facts = ClusterFacts {
            offline_partitions: 2,
            under_replicated: 100,
            worst_disk_share: Some(0.871),
            ..well()
        };
        let health = Health::of_cluster(&facts);
        assert_eq!((health.score(), health.status()), (Some(0.0), HealthStatus::Critical));
        let reasons =
            "offlinePartitions 2: -60; underReplicatedPartitions 100: -30; disk used % 87: -15";
        assert_eq!(health.reasons().as_deref(), Some(reasons));
    }

    #[test]
    fn what_the_source_cannot_know_costs_nothing_and_is_named() {
        let facts = ClusterFacts { has_controller: None, worst_disk_share: None, ..well() };
        let health = Health::of_cluster(&facts);
        assert_eq!(health.score(), Some(100.0));
        assert_eq!(
            health.reasons().as_deref(),
            Some("not checked: activeControllers, disk used %")
        );
    }

    #[test]
    fn a_single_under_replicated_partition_is_a_warning() {
        let facts = ClusterFacts { under_replicated: 1, ..well() };
        assert_eq!(Health::of_cluster(&facts).status(), HealthStatus::Warning);
        let down = ClusterFacts { brokers_down: 1, under_replicated: 60, ..well() };
        assert_eq!(Health::of_cluster(&down).score(), Some(58.0));
        assert_eq!(Health::of_cluster(&down).status(), HealthStatus::Critical);
    }

    #[test]
    fn a_broker_that_is_gone_has_nothing_left() {
        let facts = BrokerFacts {
            is_online: false,
            answers: false,
            under_replicated: 0,
            disk_share: None,
            offline_log_dirs: None,
        };
        assert_eq!(Health::of_broker(&facts).score(), Some(0.0));
        let silent = BrokerFacts { is_online: true, ..facts };
        assert_eq!(Health::of_broker(&silent).status(), HealthStatus::Critical);
    }

    #[test]
    fn a_topic_at_its_min_isr_is_healthy_but_not_perfect() {
        let facts = TopicFacts {
            partitions: 3,
            under_min_isr: Some(0),
            at_min_isr: Some(1),
            ..TopicFacts::default()
        };
        let health = Health::of_topic(&facts);
        assert_eq!((health.score(), health.status()), (Some(95.0), HealthStatus::Healthy));
    }

    #[test]
    fn a_partition_without_a_leader_costs_once() {
        let facts = TopicFacts {
            partitions: 3,
            offline_partitions: 1,
            under_min_isr: Some(1),
            ..TopicFacts::default()
        };
        assert_eq!(Health::of_topic(&facts).score(), Some(40.0));
        let more = TopicFacts { under_min_isr: Some(2), ..facts };
        assert_eq!(Health::of_topic(&more).score(), Some(0.0));
    }

    #[test]
    fn a_group_is_as_ill_as_its_verdict() {
        let facts = GroupFacts {
            commits_known: true,
            lag_known: true,
            messages_lost: Some(0),
            verdict: Some(LagVerdict::Stall),
            ..GroupFacts::default()
        };
        let of_verdict =
            |verdict| Health::of_group(&GroupFacts { verdict: Some(verdict), ..facts });
        let health = Health::of_group(&facts);
        assert_eq!((health.score(), health.status()), (Some(50.0), HealthStatus::Critical));
        assert_eq!(health.reasons().as_deref(), Some("lagStatus STALL: -50"));
        let points = |verdict| 100.0 - of_verdict(verdict).score().unwrap();
        assert!(LagVerdict::ALL.map(points).is_sorted(), "a worse verdict never takes less");
        let warned = GroupFacts { verdict: Some(LagVerdict::Warn), ..facts };
        assert_eq!(Health::of_group(&warned).status(), HealthStatus::Warning);
        let loses = GroupFacts {
            verdict: Some(LagVerdict::Ok),
            seconds_to_data_loss: Some(1_200.4),
            ..facts
        };
        let reasons = Health::of_group(&loses).reasons();
        assert_eq!(reasons.as_deref(), Some("secondsToDataLoss 1200: -41"));
    }

    #[test]
    fn a_lag_known_in_part_proves_a_fault_and_no_health() {
        let facts = GroupFacts { commits_known: true, ..GroupFacts::default() };
        assert_eq!(Health::of_group(&facts).status(), HealthStatus::Unknown);
        let moving = GroupFacts { is_rebalancing: true, ..facts };
        assert_eq!(Health::of_group(&moving).status(), HealthStatus::Unknown);
        let stopped = GroupFacts { verdict: Some(LagVerdict::Stop), ..facts };
        assert_eq!(Health::of_group(&stopped).status(), HealthStatus::Critical);
    }

    #[test]
    fn abandoned_and_unanswered_groups_have_no_score() {
        let abandoned =
            GroupFacts { commits_known: true, is_abandoned: true, ..GroupFacts::default() };
        assert_eq!(Health::of_group(&abandoned).status(), HealthStatus::Unknown);
        assert_eq!(Health::of_group(&GroupFacts::default()).score(), None);
    }
}
