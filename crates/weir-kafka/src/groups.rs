//! Consumer groups: which there are, who coordinates them, who is in them.

mod assignment;
mod describe;
mod list;
mod streams;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{Api, BrokerId, Client, Error, fan_out};

/// What one broker said about the groups it coordinates.
#[derive(Debug, Clone)]
pub struct BrokerGroups {
    pub broker: BrokerId,
    /// From our request to its answer, connection included if one had to be opened.
    pub latency: Duration,
    /// Groups we may not describe are left out by the broker.
    pub groups: Result<Vec<GroupListing>, Error>,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupListing {
    pub group: Arc<str>,
    /// `consumer`, `connect`, `sr`, `share`, …; empty for a group that only commits offsets.
    pub protocol_type: Arc<str>,
    /// `Stable`, `Empty`, `Dead`, …, as the broker spells it; absent before Kafka 2.6 (KIP-518).
    pub state: Option<Arc<str>>,
    pub group_type: GroupType,
}

/// Which protocol a group runs. Brokers say it from Kafka 3.8 on (KIP-848); older ones only know
/// classic groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GroupType {
    Classic,
    /// KIP-848.
    Consumer,
    /// KIP-932.
    Share,
    /// KIP-1071.
    Streams,
    /// A type newer than this client, as the broker spells it.
    Other(Arc<str>),
}

/// A group and the broker to ask about it: whichever listed it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupAt {
    pub group: Arc<str>,
    pub coordinator: BrokerId,
}

/// One group in detail, of any type.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupDescription {
    pub group: Arc<str>,
    pub group_type: GroupType,
    /// As the broker spells it. A group unknown to the broker is `Dead`.
    pub state: Arc<str>,
    /// The assignor: `range`, `cooperative-sticky`, `uniform`, …; empty without members.
    pub assignor: Arc<str>,
    /// Grows with each change of membership or subscription; not in classic groups.
    pub epoch: Option<i32>,
    /// The epoch of the assignment members move to; not in classic groups.
    pub assignment_epoch: Option<i32>,
    pub members: Vec<GroupMember>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct GroupMember {
    pub member_id: Arc<str>,
    /// Set by static members (KIP-345).
    pub instance_id: Option<Arc<str>>,
    pub client_id: Arc<str>,
    /// As the coordinator saw it: `/10.0.0.7`.
    pub client_host: Arc<str>,
    /// `None` when the bytes a classic member's assignor left there are no consumer assignment.
    pub assignment: Option<Vec<TopicPartitions>>,
    /// `Classic` for members that have not moved to KIP-848 yet, also inside such a group.
    pub member_type: GroupType,
}

/// Some partitions of one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPartitions {
    pub topic: Arc<str>,
    pub partitions: Vec<i32>,
}

impl GroupType {
    /// As a broker spells it (`classic`, `Consumer`, …); older brokers say nothing.
    pub(crate) fn from_answer(text: &str) -> Self {
        let known = |name: &str| text.eq_ignore_ascii_case(name);
        match () {
            () if text.is_empty() || known("classic") => GroupType::Classic,
            () if known("consumer") => GroupType::Consumer,
            () if known("share") => GroupType::Share,
            () if known("streams") => GroupType::Streams,
            () => GroupType::Other(Arc::from(text)),
        }
    }
}

/// As found in a member of a classic group; see [`assignment::parse`].
pub(crate) fn read_assignment(bytes: &[u8]) -> Option<Vec<TopicPartitions>> {
    assignment::parse(bytes)
}

impl Client {
    /// Asks each coordinator about its groups, coordinators in parallel, each in pieces; the
    /// answers in the order of `groups`.
    pub(crate) async fn by_coordinator<A, F>(
        &self,
        api: Api,
        groups: &[GroupAt],
        ask: impl Fn(Client, BrokerId, Vec<Arc<str>>) -> F + Copy + Send + Sync + 'static,
    ) -> Vec<Result<A, Error>>
    where
        A: Send + 'static,
        F: Future<Output = Result<Vec<Result<A, Error>>, Error>> + Send + 'static,
    {
        let mut places: BTreeMap<BrokerId, Vec<usize>> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            places.entry(group.coordinator).or_default().push(at);
        }
        let questions = places.iter().map(|(&coordinator, places)| {
            let names: Vec<_> = places.iter().map(|&at| Arc::clone(&groups[at].group)).collect();
            let client = self.clone();
            async move {
                let ask = |piece| ask(client.clone(), coordinator, piece);
                client.in_pieces((api, Some(coordinator)), &names, ask).await
            }
        });
        let answers = fan_out::all(questions).await;
        let mut placed: Vec<_> =
            places.into_values().flatten().zip(answers.into_iter().flatten()).collect();
        placed.sort_unstable_by_key(|(at, _)| *at);
        placed.into_iter().map(|(_, answer)| answer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_types_are_read_in_any_case() {
        assert_eq!(GroupType::from_answer(""), GroupType::Classic);
        assert_eq!(GroupType::from_answer("Consumer"), GroupType::Consumer);
        assert_eq!(GroupType::from_answer("streams"), GroupType::Streams);
        assert_eq!(GroupType::from_answer("queue"), GroupType::Other("queue".into()));
    }
}
