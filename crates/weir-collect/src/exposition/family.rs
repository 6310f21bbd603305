//! One family of series: what it is called, and which rows of a snapshot it is read from.

use super::snapshot::{
    BrokerRow, GroupRow, GroupTopicRow, PartitionRow, PositionRow, Snapshot, TopicRow,
};

pub use super::text::{Labels, Number};

/// All series of one name.
#[derive(Debug)]
pub struct Family {
    pub name: &'static str,
    pub help: &'static str,
    /// In the order they are written in.
    pub labels: &'static [&'static str],
    pub rows: Rows,
}

/// Which rows make the samples of a family.
#[derive(Debug)]
pub enum Rows {
    Cluster(Series<Snapshot>),
    Brokers(Series<BrokerRow>),
    Topics(Series<TopicRow>),
    Partitions(Series<PartitionRow>),
    Groups(Series<GroupRow>),
    GroupTopics(Series<GroupTopicRow>),
    Positions(Series<PositionRow>),
}

/// How a row becomes a sample.
#[derive(Debug)]
pub struct Series<Row: 'static> {
    pub labels: fn(&Snapshot, &Row, &mut Labels<'_>),
    /// `None`: not known, so no line.
    pub value: fn(&Snapshot, &Row) -> Option<Number>,
}

/// A whole number that may be unknown.
pub(super) fn whole(value: Option<impl TryInto<i64>>) -> Option<Number> {
    value.and_then(|value| value.try_into().ok()).map(Number::Whole)
}

/// A real number that may be unknown, or not a number.
pub(super) fn real(value: Option<f64>) -> Option<Number> {
    value.filter(|value| value.is_finite()).map(Number::Real)
}
