//! Health as the sample carries it, its rules put into sentences. No rule is judged here a second
//! time: a sample that carries no health has none.

use std::borrow::Cow;

use weir_api::freshness::{Freshness, Status};
use weir_api::health::{Finding, Health};
use weir_types::LagVerdict;
use weir_types::health::{Deduction, HealthReasons, HealthRule, HealthStatus};

use super::sample::{Sample, spoken_age};

/// What an entity's status, reasons and health are.
pub struct Judgement {
    pub status: Status,
    /// Worst first, each a sentence.
    pub reasons: Vec<String>,
    pub health: Health,
}

/// The worse of what the sample says of its health and of its age.
pub fn judge(sample: Sample<'_>, freshness: &Freshness) -> Judgement {
    let health = health(sample);
    let by_health = match sample.str("healthStatus").and_then(HealthStatus::parse) {
        Some(HealthStatus::Critical) => Status::Critical,
        Some(HealthStatus::Warning) => Status::Warning,
        Some(HealthStatus::Healthy) => Status::Ok,
        Some(HealthStatus::Unknown) | None => Status::Unknown,
    };
    let mut reasons: Vec<String> = health.health_findings.iter().map(|f| f.text.clone()).collect();
    if !freshness.stale {
        return Judgement { status: by_health, reasons, health };
    }
    let age = spoken_age(freshness.age_secs);
    reasons.push(format!("no answer for {age}: what is shown is from then"));
    Judgement { status: by_health.min(Status::Stale), reasons, health }
}

fn health(sample: Sample<'_>) -> Health {
    let reasons = HealthReasons::parse(sample.str("healthReasons").unwrap_or_default());
    let mut findings: Vec<Finding> = reasons.deductions.into_iter().map(finding).collect();
    findings.sort_by(|a, b| b.points.total_cmp(&a.points));
    Health {
        health_score: sample.float("healthScore"),
        health_findings: findings,
        health_not_checked: reasons.not_checked.into_iter().map(Cow::into_owned).collect(),
    }
}

/// A rule of another version of Weir has no sentence: its name and value stand for it.
fn finding(Deduction { rule, value, points }: Deduction) -> Finding {
    let text = match HealthRule::named(&rule) {
        Some(rule) => sentence(rule, &value),
        None => format!("{rule} {value}").trim_end().to_owned(),
    };
    Finding { rule: rule.into_owned(), value, points, text }
}

/// The sentence of a rule, its value in plain words.
fn sentence(rule: HealthRule, value: &str) -> String {
    match (rule, value.parse()) {
        (HealthRule::SecondsToDataLoss, Ok(secs)) => rule.sentence(&spoken_age(secs)),
        (HealthRule::LagStatus, _) => {
            let verdict = LagVerdict::parse(value);
            rule.sentence(verdict.map_or(value, |verdict| verdict.sentence()))
        }
        _ => rule.sentence(&grouped(value)),
    }
}

/// A count with its thousands apart: `11,670,226`; anything else as it is.
fn grouped(value: &str) -> String {
    if !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.to_owned();
    }
    let mut grouped = String::with_capacity(value.len() * 4 / 3);
    for (at, digit) in value.chars().enumerate() {
        if at > 0 && (value.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use weir_types::{Event, Timestamp};

    use super::*;

    fn judged(status: &str, reasons: &str, stale: bool) -> Judgement {
        let event = Event::new("KafkaClusterSample", Timestamp::from_millis(0))
            .with("healthScore", weir_types::Value::Float(25.0))
            .with("healthStatus", status)
            .with("healthReasons", reasons);
        let freshness = Freshness { stale, age_secs: 600.0, ..Freshness::default() };
        judge(Sample(&event), &freshness)
    }

    #[test]
    fn every_point_keeps_its_rule_and_value_and_becomes_a_sentence() {
        let reasons = "disk used % 87: -15; offlinePartitions 2: -60; not checked: \
                       activeControllers, offlineLogDirs";
        let it = judged("CRITICAL", reasons, false);
        assert_eq!(it.status, Status::Critical);
        assert_eq!(
            it.reasons,
            [
                "2 partitions have no leader and can't be read or written",
                "the fullest disk is 87 % full"
            ]
        );
        let first = &it.health.health_findings[0];
        let told = (first.rule.as_str(), first.value.as_str(), first.points);
        assert_eq!(told, ("offlinePartitions", "2", 60.0));
        assert_eq!(it.health.health_not_checked, ["activeControllers", "offlineLogDirs"]);
        assert_eq!(it.health.health_score, Some(25.0));
    }

    #[test]
    fn values_of_several_words_and_verdicts_are_read() {
        let it = judged("CRITICAL", "brokerStatus not ONLINE: -100", false);
        assert_eq!(it.health.health_findings[0].value, "not ONLINE");
        let it = judged("CRITICAL", "lagStatus STOP: -50; secondsToDataLoss 600: -41", false);
        assert_eq!(it.reasons[0], "stopped: messages wait and nothing is committed");
        assert_eq!(it.reasons[1], "retention overtakes it in 10 min");
        let unknown = judged("WARNING", "newRule 5: -7", false);
        assert_eq!(unknown.reasons, ["newRule 5"]);
        assert_eq!(unknown.health.health_findings[0].points, 7.0);
    }

    #[test]
    fn counts_have_their_thousands_apart() {
        assert_eq!(
            ["0", "999", "11670226", "not ONLINE"].map(grouped),
            ["0", "999", "11,670,226", "not ONLINE"]
        );
    }

    #[test]
    fn what_is_silent_is_not_ok_and_what_was_critical_stays_so() {
        let silent = judged("HEALTHY", "", true);
        assert_eq!(silent.status, Status::Stale);
        assert_eq!(
            silent.reasons.last().unwrap(),
            "no answer for 10 min: what is shown is from then"
        );
        assert_eq!(judged("CRITICAL", "offlinePartitions 1: -60", true).status, Status::Critical);
        assert_eq!(judged("UNKNOWN", "", false).status, Status::Unknown);
    }
}
