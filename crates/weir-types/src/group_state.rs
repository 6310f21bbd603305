//! What the states of a consumer group mean. Samples and answers keep the word of the coordinator;
//! whoever decides by it reads it here.

/// The state of a group of any type, as ListGroups and the Describe requests tell it. Rebalances of
/// classic groups have two names; groups of KIP-848 and of KIP-1071 have two others for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupState {
    PreparingRebalance,
    CompletingRebalance,
    Assigning,
    Reconciling,
    Stable,
    Empty,
    Dead,
    /// A word that only a newer Kafka, or one type of group, has.
    Other,
}

impl GroupState {
    /// Any word is a state.
    pub fn read(word: &str) -> GroupState {
        match word {
            "PreparingRebalance" => GroupState::PreparingRebalance,
            "CompletingRebalance" => GroupState::CompletingRebalance,
            "Assigning" => GroupState::Assigning,
            "Reconciling" => GroupState::Reconciling,
            "Stable" => GroupState::Stable,
            "Empty" => GroupState::Empty,
            "Dead" => GroupState::Dead,
            _ => GroupState::Other,
        }
    }

    /// Known to have no members.
    pub fn is_at_rest(self) -> bool {
        matches!(self, GroupState::Empty | GroupState::Dead)
    }

    /// Partitions are being handed to other members.
    pub fn is_moving(self) -> bool {
        match self {
            GroupState::PreparingRebalance
            | GroupState::CompletingRebalance
            | GroupState::Assigning
            | GroupState::Reconciling => true,
            GroupState::Stable | GroupState::Empty | GroupState::Dead | GroupState::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_every_protocol_move_and_rest() {
        let moving = ["PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling"];
        assert!(moving.into_iter().all(|word| GroupState::read(word).is_moving()));
        let resting = ["Empty", "Dead"];
        assert!(resting.into_iter().all(|word| GroupState::read(word).is_at_rest()));
        for word in ["Stable", "NotReady", "Unknown", ""] {
            let state = GroupState::read(word);
            assert!(!state.is_moving() && !state.is_at_rest(), "{word}");
        }
    }
}
