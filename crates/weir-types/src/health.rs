//! The rules of health: what each is called in `healthReasons` and in which words people are told. The
//! source that judges and the server that explains share this one list; the judging is not here.

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

#[cfg(test)]
mod tests {
    use super::*;

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
