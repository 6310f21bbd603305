//! Which versions of which requests a broker speaks, and the release that points to.

use std::{collections::BTreeMap, fmt};

use kafka_protocol::{messages::ApiVersionsResponse, protocol::Message};

use crate::{Api, BrokerAddress, Error, api::Request};

/// What a broker answered to ApiVersions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiVersions {
    by_key: BTreeMap<i16, (i16, i16)>,
}

/// A release of Apache Kafka, such as 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KafkaRelease {
    pub major: u8,
    pub minor: u8,
}

impl ApiVersions {
    /// Lowest and highest version of a request the broker speaks; `None` if it does not know it.
    pub fn range(&self, api: Api) -> Option<(i16, i16)> {
        self.by_key.get(&api.key()).copied()
    }

    /// The newest release whose requests the broker all speaks: say "at least", because a release
    /// may change none of the requests looked at, and vendors' builds may speak more or less than
    /// the release they are named after. `None` below 2.4.
    pub fn release_at_least(&self) -> Option<KafkaRelease> {
        RELEASE_MARKS
            .iter()
            .take_while(|(_, marks)| marks.iter().all(|&(key, max)| self.highest(key) >= max))
            .last()
            .map(|(release, _)| *release)
    }

    pub(crate) fn from_answer(answer: &ApiVersionsResponse) -> Self {
        let range = |api: &kafka_protocol::messages::api_versions_response::ApiVersion| {
            (api.api_key, (api.min_version, api.max_version))
        };
        Self { by_key: answer.api_keys.iter().map(range).collect() }
    }

    /// The highest version of `R` both sides speak, not below `floor`.
    pub(crate) fn choose<R: Request>(
        &self,
        address: &BrokerAddress,
        floor: i16,
    ) -> Result<i16, Error> {
        let api = R::API;
        let unsupported = || Error::UnsupportedApi { address: address.clone(), api };
        let (broker_min, broker_max) = self.range(api).ok_or_else(unsupported)?;
        let ours = R::VERSIONS.intersect(&R::Response::VERSIONS);
        let (our_min, our_max) = (ours.min.max(floor), ours.max);
        let highest = broker_max.min(our_max);
        if highest < our_min || highest < broker_min {
            let address = address.clone();
            return Err(Error::UnsupportedVersion {
                address,
                api,
                broker_min,
                broker_max,
                our_min,
                our_max,
            });
        }
        Ok(highest)
    }

    fn highest(&self, key: i16) -> i16 {
        self.by_key.get(&key).map_or(-1, |&(_, max)| max)
    }
}

impl fmt::Display for KafkaRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

const FETCH: i16 = 1;
const LIST_OFFSETS: i16 = 2;
const METADATA: i16 = 3;
const OFFSET_FETCH: i16 = 9;
const JOIN_GROUP: i16 = 11;
const LIST_GROUPS: i16 = 16;
const ADD_PARTITIONS_TO_TXN: i16 = 24;
const DESCRIBE_LOG_DIRS: i16 = 35;

/// What each release of Apache Kafka raised, in requests that every broker answers whatever its
/// configuration; from the message definitions of the releases. 3.4 raised none of them.
const RELEASE_MARKS: &[(KafkaRelease, &[(i16, i16)])] = &[
    (release(2, 4), &[(METADATA, 9)]),
    (release(2, 5), &[(OFFSET_FETCH, 7)]),
    (release(2, 6), &[(LIST_GROUPS, 4)]),
    (release(2, 7), &[(FETCH, 12)]),
    (release(2, 8), &[(METADATA, 11), (LIST_OFFSETS, 6)]),
    (release(3, 0), &[(LIST_OFFSETS, 7), (OFFSET_FETCH, 8)]),
    (release(3, 1), &[(METADATA, 12), (FETCH, 13)]),
    (release(3, 2), &[(JOIN_GROUP, 9)]),
    (release(3, 3), &[(DESCRIBE_LOG_DIRS, 4)]),
    (release(3, 5), &[(LIST_OFFSETS, 8), (FETCH, 15)]),
    (release(3, 6), &[(ADD_PARTITIONS_TO_TXN, 4)]),
    (release(3, 7), &[(OFFSET_FETCH, 9), (FETCH, 16)]),
    (release(3, 8), &[(LIST_GROUPS, 5)]),
    (release(3, 9), &[(LIST_OFFSETS, 9), (FETCH, 17)]),
    (release(4, 0), &[(METADATA, 13), (LIST_OFFSETS, 10)]),
    (release(4, 1), &[(FETCH, 18)]),
    (release(4, 2), &[(LIST_OFFSETS, 11), (OFFSET_FETCH, 10)]),
    (release(4, 3), &[(DESCRIBE_LOG_DIRS, 5)]),
];

const fn release(major: u8, minor: u8) -> KafkaRelease {
    KafkaRelease { major, minor }
}

#[cfg(test)]
mod tests {
    use kafka_protocol::messages::OffsetFetchRequest;

    use super::*;
    use crate::offsets::ListOffsets;

    fn versions(ranges: &[(i16, i16, i16)]) -> ApiVersions {
        ApiVersions { by_key: ranges.iter().map(|&(key, min, max)| (key, (min, max))).collect() }
    }

    fn address() -> BrokerAddress {
        BrokerAddress::new("b", 9092)
    }

    #[test]
    fn chooses_the_highest_version_both_speak() {
        let broker = versions(&[(9, 1, 10), (2, 1, 3)]);
        let choose = |floor| broker.choose::<OffsetFetchRequest>(&address(), floor);
        assert_eq!(choose(2).unwrap(), 9);
        let low = broker.choose::<ListOffsets>(&address(), 1);
        assert_eq!(low.unwrap(), 3);
    }

    #[test]
    fn names_both_ranges_when_nothing_is_shared() {
        let broker = versions(&[(9, 0, 1), (2, 12, 14)]);
        let old = broker.choose::<OffsetFetchRequest>(&address(), 2);
        assert_eq!(
            old.unwrap_err().to_string(),
            "b:9092: speaks OffsetFetch only in versions 0 to 1, we need 2 to 9"
        );
        let new = broker.choose::<ListOffsets>(&address(), 1);
        assert!(matches!(new, Err(Error::UnsupportedVersion { broker_min: 12, .. })));
        let none = versions(&[]).choose::<ListOffsets>(&address(), 1);
        assert!(matches!(none, Err(Error::UnsupportedApi { .. })));
    }

    #[test]
    fn guesses_the_release_only_as_far_as_every_mark_holds() {
        let kafka_3_0 = [(1, 0, 12), (2, 0, 7), (3, 0, 11), (9, 0, 8), (11, 0, 7), (16, 0, 4)];
        assert_eq!(versions(&kafka_3_0).release_at_least(), Some(release(3, 0)));
        let mut gap = kafka_3_0;
        gap[0].2 = 10;
        assert_eq!(versions(&gap).release_at_least(), Some(release(2, 6)));
        assert_eq!(versions(&[(3, 0, 8)]).release_at_least(), None);
    }
}
