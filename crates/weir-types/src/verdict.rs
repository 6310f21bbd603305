//! Burrow's verdicts on how a group does on a partition: their spelling, their one order and their
//! words for people. The judging is the source's and not here.

/// How a group does on one partition; the order is that of severity, [`LagVerdict::Ok`] the least.
///
/// Burrow calls a whole group `ERR` for any of the last three, so that their order among themselves
/// is ours: nobody commits, somebody does and gets nowhere, somebody reads again what was read
/// before. Health takes no fewer points for a worse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LagVerdict {
    Ok,
    /// The lag never shrinks although the group commits.
    Warn,
    /// The committed offset went back and has not caught up with itself.
    Rewind,
    /// The group commits the same offset again and again.
    Stall,
    /// The group no longer commits.
    Stop,
}

impl LagVerdict {
    /// From the best to the worst.
    pub const ALL: [LagVerdict; 5] =
        [LagVerdict::Ok, LagVerdict::Warn, LagVerdict::Rewind, LagVerdict::Stall, LagVerdict::Stop];

    /// As `KafkaConsumerSample.lagStatus` spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            LagVerdict::Ok => "OK",
            LagVerdict::Warn => "WARN",
            LagVerdict::Rewind => "REWIND",
            LagVerdict::Stall => "STALL",
            LagVerdict::Stop => "STOP",
        }
    }

    /// The verdict of this spelling; `None` for any other text, `ERR` of a whole group among them.
    pub fn parse(text: &str) -> Option<LagVerdict> {
        LagVerdict::ALL.into_iter().find(|verdict| verdict.as_str() == text)
    }

    /// As `KafkaConsumerGroupSample.lagStatus` spells it, of the group's worst partition.
    pub fn of_group(self) -> &'static str {
        match self {
            LagVerdict::Ok => "OK",
            LagVerdict::Warn => "WARN",
            LagVerdict::Rewind | LagVerdict::Stall | LagVerdict::Stop => "ERR",
        }
    }

    /// What it says to people.
    pub fn sentence(self) -> &'static str {
        match self {
            LagVerdict::Ok => "keeps up",
            LagVerdict::Warn => "moving, but falling behind",
            LagVerdict::Rewind => "rewound: an older offset was committed",
            LagVerdict::Stall => "stalled: commits come, and their offset does not move",
            LagVerdict::Stop => "stopped: messages wait and nothing is committed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_in_order_and_read_back() {
        assert!(LagVerdict::ALL.is_sorted());
        for verdict in LagVerdict::ALL {
            assert_eq!(LagVerdict::parse(verdict.as_str()), Some(verdict));
        }
        assert_eq!(LagVerdict::parse("ERR"), None);
    }

    #[test]
    fn a_group_is_as_bad_as_its_worst_partition() {
        let worst = [LagVerdict::Ok, LagVerdict::Stall, LagVerdict::Warn].into_iter().max();
        assert_eq!(worst.map(LagVerdict::of_group), Some("ERR"));
        assert_eq!(LagVerdict::Warn.of_group(), "WARN");
    }

    #[test]
    fn who_commits_nothing_is_worse_off_than_who_reads_again() {
        assert_eq!(
            [LagVerdict::Rewind, LagVerdict::Stop].into_iter().max(),
            Some(LagVerdict::Stop)
        );
    }
}
