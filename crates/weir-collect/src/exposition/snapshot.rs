//! What is known of one cluster after a cycle, as flat rows that a page is written from. Text is
//! shared with what the collector holds; numbers stand in place.

use std::sync::Arc;
use std::time::Duration;

/// One cluster after one cycle. Rows refer to each other by index.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub source: Label,
    pub cluster: Label,
    pub cluster_id: Option<Label>,
    /// Such as `4.2`.
    pub release: Option<Label>,
    pub controller: Option<i32>,
    /// How long the cycle asked.
    pub took: Duration,
    /// Whether all that was asked was answered.
    pub is_whole: bool,
    /// Live brokers by the metadata, silent ones included.
    pub broker_count: usize,
    /// Those that answered this cycle.
    pub brokers: Vec<BrokerRow>,
    pub topics: Vec<TopicRow>,
    /// By topic, then index.
    pub partitions: Vec<PartitionRow>,
    pub members: Vec<MemberRow>,
    pub groups: Vec<GroupRow>,
    /// By group, then topic.
    pub group_topics: Vec<GroupTopicRow>,
    /// By group, topic and partition.
    pub positions: Vec<PositionRow>,
    pub left_out: LeftOut,
}

/// What would have series if its broker had answered this cycle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub brokers: usize,
    pub partitions: usize,
    pub groups: usize,
}

/// Text as it stands between the quotes of a label: backslash, quote and line feed escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label(Arc<str>);

#[derive(Debug, Clone)]
pub struct BrokerRow {
    pub id: i32,
    pub host: Label,
    pub port: u16,
    pub rack: Label,
    /// Of all its log directories.
    pub log_dir_bytes: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct TopicRow {
    pub name: Label,
    pub partition_count: u32,
    pub replication_factor: u32,
    /// Empty when not known.
    pub cleanup_policy: Label,
    /// All replicas together.
    pub log_dir_bytes: Option<u64>,
    /// Sums over all partitions; unknown when one of them is.
    pub start_sum: Option<i64>,
    pub end_sum: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub struct PartitionRow {
    /// Index in `topics`.
    pub topic: u32,
    pub index: i32,
    pub leader: Option<i32>,
    pub replicas: u16,
    pub in_sync: u16,
    pub is_led_by_preferred: bool,
    pub start: MaybeOffset,
    pub end: MaybeOffset,
}

/// A member of a group that holds partitions.
#[derive(Debug, Clone)]
pub struct MemberRow {
    pub host: Label,
    pub consumer_id: Label,
    pub client_id: Label,
}

#[derive(Debug, Clone)]
pub struct GroupRow {
    pub name: Label,
    /// Empty when the broker did not say.
    pub state: Label,
    /// The assignor.
    pub protocol: Label,
    pub protocol_type: Label,
    pub coordinator: i32,
    pub member_count: Option<u32>,
    /// Members without a partition.
    pub empty_member_count: Option<u32>,
    pub lag_sum: Option<i64>,
    pub lag_max: Option<i64>,
    pub lag_seconds_max: Option<f64>,
}

/// A topic that a group committed to or is assigned.
#[derive(Debug, Clone)]
pub struct GroupTopicRow {
    /// Index in `groups`.
    pub group: u32,
    pub topic: Label,
    /// Members that hold a partition of it, and how many they hold.
    pub member_count: Option<u32>,
    pub assigned_count: Option<u32>,
    /// Partitions with a commit.
    pub commit_count: u32,
    pub offset_sum: Option<i64>,
    pub lag_sum: Option<i64>,
}

/// Where a group stands on one partition.
#[derive(Debug, Clone, Copy)]
pub struct PositionRow {
    /// Index in `group_topics`.
    pub group_topic: u32,
    pub partition: i32,
    /// Index in `partitions`; `None` when the topic is gone.
    pub log: Option<RowIndex>,
    /// Index in `members`.
    pub member: Option<RowIndex>,
    pub commit: Commit,
    /// NaN when not known.
    pub lag_seconds: f64,
}

/// An index that costs no more for not being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowIndex(std::num::NonZeroU32);

/// An offset, or not known; offsets are never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaybeOffset(i64);

/// What a group committed on one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    At(i64),
    /// The coordinator knows of none.
    Never,
    /// It was not told.
    Unknown,
}

impl Snapshot {
    pub(crate) fn topic_of(&self, partition: &PartitionRow) -> &TopicRow {
        &self.topics[partition.topic as usize]
    }

    pub(crate) fn group_of(&self, topic: &GroupTopicRow) -> &GroupRow {
        &self.groups[topic.group as usize]
    }

    pub(crate) fn group_topic_of(&self, position: &PositionRow) -> &GroupTopicRow {
        &self.group_topics[position.group_topic as usize]
    }

    pub(crate) fn member_of(&self, position: &PositionRow) -> Option<&MemberRow> {
        position.member.and_then(|index| self.members.get(index.get()))
    }

    pub(crate) fn log_of(&self, position: &PositionRow) -> Option<&PartitionRow> {
        position.log.and_then(|index| self.partitions.get(index.get()))
    }

    /// As `consumerLag` of the same cycle's samples; of fresh log ends only.
    pub(crate) fn lag(&self, position: &PositionRow) -> Option<i64> {
        let end = self.log_of(position)?.end.get()?;
        Some(end.saturating_sub(position.commit.offset()?).max(0))
    }

    /// From the first message still kept to the commit; negative once messages were lost.
    pub(crate) fn retention_margin(&self, position: &PositionRow) -> Option<i64> {
        let start = self.log_of(position)?.start.get()?;
        Some(position.commit.offset()?.saturating_sub(start))
    }

    /// Lag in percent of what the log still holds; unknown for an empty log.
    pub(crate) fn lag_retention_percent(&self, position: &PositionRow) -> Option<f64> {
        let log = self.log_of(position)?;
        let held = log.end.get()?.saturating_sub(log.start.get()?);
        (held > 0).then_some(self.lag(position)? as f64 / held as f64 * 100.0)
    }
}

impl Label {
    /// Shares the text where nothing in it needs escaping.
    pub fn of(text: &Arc<str>) -> Label {
        if text.bytes().any(|byte| matches!(byte, b'\\' | b'"' | b'\n')) {
            return Label::from(&**text);
        }
        Label(Arc::clone(text))
    }

    /// Escaped.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Label {
        Label(text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").into())
    }
}

impl MaybeOffset {
    pub fn get(self) -> Option<i64> {
        (self.0 >= 0).then_some(self.0)
    }
}

impl From<Option<i64>> for MaybeOffset {
    fn from(offset: Option<i64>) -> MaybeOffset {
        MaybeOffset(offset.unwrap_or(-1))
    }
}

impl Commit {
    pub fn offset(self) -> Option<i64> {
        match self {
            Commit::At(offset) => Some(offset),
            Commit::Never | Commit::Unknown => None,
        }
    }
}

impl RowIndex {
    /// `None` for an index no table can have.
    pub fn new(index: usize) -> Option<RowIndex> {
        let next = u32::try_from(index).ok()?.checked_add(1)?;
        std::num::NonZeroU32::new(next).map(RowIndex)
    }

    pub fn get(self) -> usize {
        self.0.get() as usize - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_shared_unless_they_need_escaping() {
        let plain: Arc<str> = "orders".into();
        assert!(Arc::ptr_eq(&plain, &Label::of(&plain).0));
        let odd: Arc<str> = "say \"hi\"\\\nthen".into();
        assert_eq!(Label::of(&odd).as_str(), "say \\\"hi\\\"\\\\\\nthen");
    }

    #[test]
    fn rows_stay_small() {
        assert!(size_of::<PartitionRow>() <= 40, "{}", size_of::<PartitionRow>());
        assert!(size_of::<PositionRow>() <= 40, "{}", size_of::<PositionRow>());
        assert_eq!(RowIndex::new(0).map(RowIndex::get), Some(0));
        assert_eq!(RowIndex::new(u32::MAX as usize), None);
    }
}
