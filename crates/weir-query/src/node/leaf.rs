//! What leaves stand for at each level: a row, the aggregates of a group, nothing.

use std::sync::Arc;

use super::{Kind, Leaf, Scope};
use crate::datum::Datum;
use crate::pattern::Pattern;

/// A leaf of a row-level expression.
#[derive(Debug, Clone)]
pub enum RowLeaf {
    Attribute(Arc<str>),
    /// The metric of the row, where its name matches: `kafka.%.latency`.
    Metrics(Pattern),
    EventType,
    /// Observations behind the row: the count of a metric point, else 1.
    Weight,
    /// The attributes that tell series apart, as a map.
    Dimensions(DimensionFilter),
    /// Every attribute, as a map.
    Columns,
    /// Roughly how many bytes the row came in as.
    SizeBytes,
    /// From 0 up to 1, always the same for the same row.
    Random,
}

/// Which dimensions count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DimensionFilter {
    All,
    Only(Vec<String>),
    Without(Vec<String>),
}

impl DimensionFilter {
    pub fn takes(&self, name: &str) -> bool {
        let listed = |names: &[String]| names.iter().any(|listed| listed == name);
        match self {
            DimensionFilter::All => true,
            DimensionFilter::Only(names) => listed(names),
            DimensionFilter::Without(names) => !listed(names),
        }
    }
}

impl Leaf for RowLeaf {
    fn kind(&self) -> Kind {
        match self {
            RowLeaf::Attribute(_) => Kind::Unknown,
            _ => Kind::Value,
        }
    }
}

/// A leaf of an expression over aggregates.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupLeaf {
    /// Index into the aggregates of the plan.
    Aggregate { index: usize, kind: Kind },
    /// Length of the bucket, or of the window without TIMESERIES.
    BucketMillis,
    /// End of the bucket or window, in epoch milliseconds.
    BucketEnd,
}

impl Leaf for GroupLeaf {
    fn kind(&self) -> Kind {
        match self {
            GroupLeaf::Aggregate { kind, .. } => *kind,
            GroupLeaf::BucketMillis | GroupLeaf::BucketEnd => Kind::Value,
        }
    }
}

/// The leaf of a constant: there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum NoLeaf {}

impl Leaf for NoLeaf {
    fn kind(&self) -> Kind {
        match *self {}
    }
}

/// The scope of a constant.
pub struct NoScope;

impl Scope<NoLeaf> for NoScope {
    fn value(&self, leaf: &NoLeaf) -> Datum {
        match *leaf {}
    }
}
