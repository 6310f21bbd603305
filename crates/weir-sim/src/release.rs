//! Which requests, in which versions, each release of Apache Kafka speaks.

use kafka_protocol::messages::ApiKey;
use weir_kafka::version::KafkaRelease;

use crate::answer::{Key, OwnKey};

/// The newest release that can be simulated.
pub const NEWEST: KafkaRelease = release(4, 2);
/// The oldest one.
pub const OLDEST: KafkaRelease = release(2, 8);

/// The versions of a request that the release announces; `None` if it has none. The highest may be
/// one that nothing here can read ([`Key::versions`]): clients tell releases apart by them.
pub(crate) fn range(at: KafkaRelease, key: impl Into<Key>) -> Option<(i16, i16)> {
    let key = key.into();
    let row = TABLE.iter().find(|row| row.key == key)?;
    let max = row.raised.iter().take_while(|(since, _)| *since <= at).last()?.1;
    let min = if at >= release(4, 0) { row.min_since_4_0 } else { 0 };
    // Below those that 4.0 still has there is nothing to read them with; nobody needs them.
    Some((min.max(key.versions().min), max))
}

/// Every request the release speaks, by key.
pub(crate) fn ranges(at: KafkaRelease) -> Vec<(Key, (i16, i16))> {
    TABLE.iter().filter_map(|row| Some((row.key, range(at, row.key)?))).collect()
}

/// Whether the cluster has a KRaft quorum to describe; older ones run on ZooKeeper here.
pub(crate) fn has_quorum(at: KafkaRelease) -> bool {
    at >= release(3, 3)
}

/// Whether groups of KIP-848 are told apart from classic ones.
pub(crate) fn has_consumer_groups(at: KafkaRelease) -> bool {
    at >= release(4, 0)
}

/// Whether share and streams groups are there at all (KIP-932, KIP-1071).
pub(crate) fn has_new_groups(at: KafkaRelease) -> bool {
    at >= release(4, 1)
}

struct Row {
    key: Key,
    /// KIP-896 removed what is lower.
    min_since_4_0: i16,
    /// The highest version since each release, from the message definitions of the releases.
    raised: &'static [(KafkaRelease, i16)],
}

const fn release(major: u8, minor: u8) -> KafkaRelease {
    KafkaRelease { major, minor }
}

const fn row(key: ApiKey, min_since_4_0: i16, raised: &'static [(KafkaRelease, i16)]) -> Row {
    Row { key: Key::Codec(key), min_since_4_0, raised }
}

const fn own_row(key: OwnKey, raised: &'static [(KafkaRelease, i16)]) -> Row {
    Row { key: Key::Own(key), min_since_4_0: 0, raised }
}

/// The first nine of group membership and messages are announced, as clients tell releases apart
/// by them, and never answered: nobody can consume from a simulation.
const TABLE: &[Row] = &[
    row(
        ApiKey::Produce,
        3,
        &[
            (release(2, 8), 9),
            (release(3, 7), 10),
            (release(3, 8), 11),
            (release(4, 0), 12),
            (release(4, 1), 13),
        ],
    ),
    row(
        ApiKey::Fetch,
        4,
        &[
            (release(2, 8), 12),
            (release(3, 1), 13),
            (release(3, 5), 15),
            (release(3, 7), 16),
            (release(3, 9), 17),
            (release(4, 1), 18),
        ],
    ),
    row(ApiKey::OffsetCommit, 2, &[(release(2, 8), 8), (release(3, 7), 9), (release(4, 2), 10)]),
    row(ApiKey::JoinGroup, 2, &[(release(2, 8), 7), (release(3, 2), 9)]),
    row(ApiKey::Heartbeat, 0, &[(release(2, 8), 4)]),
    row(ApiKey::LeaveGroup, 0, &[(release(2, 8), 4), (release(3, 2), 5)]),
    row(ApiKey::SyncGroup, 0, &[(release(2, 8), 5)]),
    row(
        ApiKey::AddPartitionsToTxn,
        0,
        &[(release(2, 8), 3), (release(3, 6), 4), (release(4, 0), 5)],
    ),
    row(ApiKey::ConsumerGroupHeartbeat, 0, &[(release(4, 0), 1)]),
    row(ApiKey::SaslHandshake, 0, &[(release(2, 8), 1)]),
    row(ApiKey::SaslAuthenticate, 0, &[(release(2, 8), 2)]),
    row(ApiKey::ApiVersions, 0, &[(release(2, 8), 3), (release(3, 9), 4)]),
    row(ApiKey::Metadata, 0, &[(release(2, 8), 11), (release(3, 1), 12), (release(4, 0), 13)]),
    row(
        ApiKey::ListOffsets,
        1,
        &[
            (release(2, 8), 6),
            (release(3, 0), 7),
            (release(3, 5), 8),
            (release(3, 9), 9),
            (release(4, 0), 10),
            (release(4, 2), 11),
        ],
    ),
    row(
        ApiKey::OffsetFetch,
        1,
        &[(release(2, 8), 7), (release(3, 0), 8), (release(3, 7), 9), (release(4, 2), 10)],
    ),
    row(
        ApiKey::FindCoordinator,
        0,
        &[(release(2, 8), 3), (release(3, 0), 4), (release(3, 8), 5), (release(3, 9), 6)],
    ),
    row(ApiKey::DescribeGroups, 0, &[(release(2, 8), 5), (release(4, 0), 6)]),
    row(ApiKey::ListGroups, 0, &[(release(2, 8), 4), (release(3, 8), 5)]),
    row(ApiKey::DescribeConfigs, 1, &[(release(2, 8), 4)]),
    row(ApiKey::DescribeLogDirs, 1, &[(release(2, 8), 2), (release(3, 2), 3), (release(3, 3), 4)]),
    row(ApiKey::ListPartitionReassignments, 0, &[(release(2, 8), 0)]),
    row(ApiKey::DescribeQuorum, 0, &[(release(3, 3), 1), (release(3, 9), 2)]),
    row(ApiKey::DescribeCluster, 0, &[(release(2, 8), 0), (release(3, 7), 1), (release(4, 0), 2)]),
    row(ApiKey::ConsumerGroupDescribe, 0, &[(release(4, 0), 1)]),
    row(ApiKey::ShareGroupDescribe, 1, &[(release(4, 1), 1)]),
    own_row(OwnKey::StreamsGroupDescribe, &[(release(4, 1), 0)]),
    own_row(OwnKey::DescribeShareGroupOffsets, &[(release(4, 1), 0), (release(4, 2), 1)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_only_raise_versions() {
        for row in TABLE {
            assert!(
                row.raised.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1)
            );
        }
    }

    #[test]
    fn a_release_speaks_what_it_spoke() {
        assert_eq!(range(release(2, 8), ApiKey::Metadata), Some((0, 11)));
        assert_eq!(range(release(3, 0), ApiKey::OffsetFetch), Some((1, 8)));
        assert_eq!(range(release(2, 8), ApiKey::DescribeQuorum), None);
        assert_eq!(range(release(3, 9), ApiKey::ConsumerGroupDescribe), None);
        assert_eq!(range(release(4, 2), ApiKey::DescribeGroups), Some((0, 6)));
    }

    /// The highest versions in Apache Kafka's own jars of 2.8.2, 3.3.2, 3.7.2 and 4.2.1
    /// (`ApiKeys.latestVersion`); -1 for none.
    const IN_THE_JARS: &[(i16, [i16; 4])] = &[
        (0, [9, 9, 10, 13]),
        (1, [12, 13, 16, 18]),
        (2, [6, 7, 8, 11]),
        (3, [11, 12, 12, 13]),
        (8, [8, 8, 9, 10]),
        (9, [7, 8, 9, 10]),
        (10, [3, 4, 4, 6]),
        (11, [7, 9, 9, 9]),
        (12, [4, 4, 4, 4]),
        (13, [4, 5, 5, 5]),
        (14, [5, 5, 5, 5]),
        (15, [5, 5, 5, 6]),
        (16, [4, 4, 4, 5]),
        (17, [1, 1, 1, 1]),
        (18, [3, 3, 3, 4]),
        (24, [3, 3, 4, 5]),
        (32, [4, 4, 4, 4]),
        (35, [2, 4, 4, 4]),
        (36, [2, 2, 2, 2]),
        (46, [0, 0, 0, 0]),
        // 2.8 has version 0 in its preview of KRaft; it runs on ZooKeeper here.
        (55, [-1, 1, 1, 2]),
        (60, [0, 0, 1, 2]),
        // 3.7 has it where the new protocol, a preview then, is switched on.
        (68, [-1, -1, -1, 1]),
        (69, [-1, -1, -1, 1]),
        (77, [-1, -1, -1, 1]),
        (89, [-1, -1, -1, 0]),
        (90, [-1, -1, -1, 1]),
    ];

    #[test]
    fn versions_are_those_of_the_jars() {
        let releases = [release(2, 8), release(3, 3), release(3, 7), release(4, 2)];
        assert_eq!(IN_THE_JARS.len(), TABLE.len());
        for (number, highest) in IN_THE_JARS {
            let key = Key::of(*number).unwrap();
            let ours = releases.map(|at| range(at, key).map_or(-1, |(_, max)| max));
            assert_eq!(ours, *highest, "{key:?}");
        }
    }
}
