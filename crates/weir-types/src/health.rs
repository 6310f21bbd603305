//! Health as samples carry it: the words of `healthStatus`, the form of `healthReasons`, and the rules
//! with their names and sentences. The source that judges and the server that explains share them; the
//! judging is not here.

use std::borrow::Cow;
use std::fmt;

/// How an entity is, as `healthStatus` spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthStatus {
    Healthy,
    Warning,
    Critical,
    /// Too little is known for any score.
    Unknown,
}

/// Why a score is not 100. Prints as `healthReasons` spells it and parses back:
/// `offlinePartitions 2: -60; not checked: activeControllers, disk used %`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HealthReasons {
    pub deductions: Vec<Deduction>,
    /// Names of rules that took nothing because the source can't know their value.
    pub not_checked: Vec<Cow<'static, str>>,
}

/// One rule that took points.
#[derive(Debug, Clone, PartialEq)]
pub struct Deduction {
    /// The name of a [`HealthRule`]; what other versions of Weir wrote may have other names.
    pub rule: Cow<'static, str>,
    /// The value that broke the rule, without `;`.
    pub value: String,
    /// Printed without decimals.
    pub points: f64,
}

/// What takes points from a health score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HealthRule {
    OfflinePartitions,
    ActiveControllers,
    UnderMinIsrPartitions,
    AtMinIsrPartitions,
    UnderReplicatedPartitions,
    OfflineLogDirs,
    BrokersDown,
    /// There by the metadata, yet silent to us.
    BrokersSilent,
    /// Of the fullest volume.
    DiskUsed,
    BrokerStatus,
    /// A broker that does not answer us.
    OurRequests,
    NonPreferredLeaders,
    LagStatus,
    MessagesLost,
    SecondsToDataLoss,
    GroupState,
}

/// A rule's name, and its sentence for the value 1 and for every other; `{}` is the value.
struct Words {
    name: &'static str,
    one: &'static str,
    many: &'static str,
}

impl HealthStatus {
    pub const ALL: [HealthStatus; 4] = [
        HealthStatus::Healthy,
        HealthStatus::Warning,
        HealthStatus::Critical,
        HealthStatus::Unknown,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            HealthStatus::Healthy => "HEALTHY",
            HealthStatus::Warning => "WARNING",
            HealthStatus::Critical => "CRITICAL",
            HealthStatus::Unknown => "UNKNOWN",
        }
    }

    pub fn parse(word: &str) -> Option<HealthStatus> {
        HealthStatus::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl HealthReasons {
    /// Nothing is lost: a reason of another form is a deduction without points.
    pub fn parse(text: &str) -> HealthReasons {
        let mut all = HealthReasons::default();
        for reason in text.split("; ").filter(|reason| !reason.is_empty()) {
            match reason.strip_prefix(NOT_CHECKED) {
                Some(names) => {
                    all.not_checked.extend(names.split(", ").map(|name| name.to_owned().into()));
                }
                None => all.deductions.push(Deduction::parse(reason)),
            }
        }
        all
    }

    pub fn is_empty(&self) -> bool {
        self.deductions.is_empty() && self.not_checked.is_empty()
    }
}

impl fmt::Display for HealthReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for Deduction { rule, value, points } in &self.deductions {
            write!(f, "{separator}{rule} {value}: -{points:.0}")?;
            separator = "; ";
        }
        if !self.not_checked.is_empty() {
            write!(f, "{separator}{NOT_CHECKED}{}", self.not_checked.join(", "))?;
        }
        Ok(())
    }
}

impl Deduction {
    fn parse(reason: &str) -> Deduction {
        let (left, points) = reason.rsplit_once(": -").unwrap_or((reason, "0"));
        let known = HealthRule::ALL.into_iter().find_map(|rule| {
            let value = left.strip_prefix(rule.name())?.strip_prefix(' ')?;
            Some((Cow::Borrowed(rule.name()), value))
        });
        let (rule, value) = known.unwrap_or_else(|| {
            let (rule, value) = left.split_once(' ').unwrap_or((left, ""));
            (rule.to_owned().into(), value)
        });
        Deduction { rule, value: value.to_owned(), points: points.parse().unwrap_or(0.0) }
    }
}

impl HealthRule {
    pub const ALL: [HealthRule; 16] = [
        HealthRule::OfflinePartitions,
        HealthRule::ActiveControllers,
        HealthRule::UnderMinIsrPartitions,
        HealthRule::AtMinIsrPartitions,
        HealthRule::UnderReplicatedPartitions,
        HealthRule::OfflineLogDirs,
        HealthRule::BrokersDown,
        HealthRule::BrokersSilent,
        HealthRule::DiskUsed,
        HealthRule::BrokerStatus,
        HealthRule::OurRequests,
        HealthRule::NonPreferredLeaders,
        HealthRule::LagStatus,
        HealthRule::MessagesLost,
        HealthRule::SecondsToDataLoss,
        HealthRule::GroupState,
    ];

    /// As `healthReasons` spells it. No name is the beginning of another.
    pub fn name(self) -> &'static str {
        self.words().name
    }

    pub fn named(name: &str) -> Option<HealthRule> {
        HealthRule::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// What it says to people, of a value that is put into words already.
    pub fn sentence(self, value: &str) -> String {
        let words = self.words();
        let form = if value == "1" { words.one } else { words.many };
        form.replace("{}", value)
    }

    fn words(self) -> Words {
        match self {
            HealthRule::OfflinePartitions => Words::of(
                "offlinePartitions",
                "1 partition has no leader and can't be read or written",
                "{} partitions have no leader and can't be read or written",
            ),
            HealthRule::ActiveControllers => {
                Words::always("activeControllers", "the cluster has no active controller")
            }
            HealthRule::UnderMinIsrPartitions => Words::of(
                "underMinIsrPartitions",
                "1 partition is under its min.insync.replicas and refuses acks=all writes",
                "{} partitions are under their min.insync.replicas and refuse acks=all writes",
            ),
            HealthRule::AtMinIsrPartitions => Words::of(
                "atMinIsrPartitions",
                "1 partition is at its min.insync.replicas: one more loss stops acks=all writes",
                "{} partitions are at their min.insync.replicas: one more loss stops acks=all writes",
            ),
            HealthRule::UnderReplicatedPartitions => Words::of(
                "underReplicatedPartitions",
                "1 partition is under-replicated",
                "{} partitions are under-replicated",
            ),
            HealthRule::OfflineLogDirs => Words::of(
                "offlineLogDirs",
                "1 log directory can no longer be used",
                "{} log directories can no longer be used",
            ),
            HealthRule::BrokersDown => {
                Words::of("brokers down", "1 broker is down", "{} brokers are down")
            }
            HealthRule::BrokersSilent => Words::of(
                "brokers not answering",
                "1 broker does not answer us",
                "{} brokers do not answer us",
            ),
            HealthRule::DiskUsed => Words::always("disk used %", "the fullest disk is {} % full"),
            HealthRule::BrokerStatus => Words::always("brokerStatus", "not among the live brokers"),
            HealthRule::OurRequests => Words::always("our requests", "does not answer us"),
            HealthRule::NonPreferredLeaders => Words::of(
                "nonPreferredLeaders",
                "1 partition is led by another replica than the preferred one",
                "{} partitions are led by another replica than the preferred one",
            ),
            HealthRule::LagStatus => Words::always("lagStatus", "{}"),
            HealthRule::MessagesLost => Words::of(
                "messagesLost",
                "1 message was deleted before it was consumed",
                "{} messages were deleted before they were consumed",
            ),
            HealthRule::SecondsToDataLoss => {
                Words::always("secondsToDataLoss", "retention overtakes it in {}")
            }
            HealthRule::GroupState => Words::always("groupState", "{}"),
        }
    }
}

impl Words {
    const fn of(name: &'static str, one: &'static str, many: &'static str) -> Words {
        Words { name, one, many }
    }

    /// The same words whatever the value.
    const fn always(name: &'static str, words: &'static str) -> Words {
        Words::of(name, words, words)
    }
}

const NOT_CHECKED: &str = "not checked: ";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule_name() -> impl Strategy<Value = Cow<'static, str>> {
        prop::sample::select(&HealthRule::ALL[..]).prop_map(|rule| rule.name().into())
    }

    prop_compose! {
        fn deduction()(rule in rule_name(), value in "[ -:<-~]{0,20}", points in 0u8..=100) -> Deduction {
            Deduction { rule, value, points: f64::from(points) }
        }
    }

    proptest! {
        #[test]
        fn reasons_parse_as_they_print(
            deductions in prop::collection::vec(deduction(), 0..4),
            not_checked in prop::collection::vec(rule_name(), 0..4),
        ) {
            let reasons = HealthReasons { deductions, not_checked };
            prop_assert_eq!(HealthReasons::parse(&reasons.to_string()), reasons);
        }

        #[test]
        fn no_text_is_too_odd(text in "[ -~]{0,60}") {
            HealthReasons::parse(&text);
        }
    }

    #[test]
    fn reasons_of_other_versions_are_kept() {
        let reasons = HealthReasons::parse("newRule a b: -7; odd");
        let [new, odd] = reasons.deductions.as_slice() else { panic!("{reasons:?}") };
        assert_eq!((new.rule.as_ref(), new.value.as_str(), new.points), ("newRule", "a b", 7.0));
        assert_eq!((odd.rule.as_ref(), odd.value.as_str(), odd.points), ("odd", "", 0.0));
        assert!(HealthReasons::parse("").is_empty());
    }

    #[test]
    fn a_status_is_its_word() {
        for status in HealthStatus::ALL {
            assert_eq!(HealthStatus::parse(status.as_str()), Some(status));
        }
        assert_eq!(HealthStatus::parse("healthy"), None);
    }

    #[test]
    fn no_rule_hides_another() {
        for rule in HealthRule::ALL {
            let others = HealthRule::ALL.into_iter();
            let others = others.filter(|other| other.name().starts_with(rule.name())).count();
            assert_eq!(others, 1, "{}", rule.name());
        }
    }

    #[test]
    fn one_and_many_have_sentences_of_their_own() {
        assert_eq!(HealthRule::BrokersDown.sentence("1"), "1 broker is down");
        assert_eq!(HealthRule::BrokersDown.sentence("3"), "3 brokers are down");
        assert_eq!(HealthRule::DiskUsed.sentence("97"), "the fullest disk is 97 % full");
    }
}
