//! Which parts of an answer are approximate because roll-ups stand for the events: found row by
//! row, since a roll-up whose events agree on what is asked is as good as they are.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use weir_store::{NumberSummary, Resolution, Rollup};
use weir_types::{TimeRange, Timestamp};

use crate::aggregate::{Aggregate, AggregateFunction};
use crate::bucket::Buckets;
use crate::datum::Datum;
use crate::explain::{aggregate_text, range_text};
use crate::node::{Node, Presence, RowLeaf};
use crate::plan::{FacetPlan, FacetRule, Plan, RowPlan};
use crate::rolled::stretches;
use crate::row::{Row, TIMESTAMP};

/// What one scan does with its rows, and what of that was approximate so far.
pub struct Watch<'w> {
    joins: Option<Part>,
    filter: Option<Part>,
    /// Done with the rows that meet the filter.
    parts: Vec<Part>,
    range: TimeRange,
    buckets: Option<&'w Buckets>,
    found: RefCell<Approximations>,
}

/// By resolution and by what it is that is approximate.
#[derive(Debug, Default)]
pub struct Approximations(BTreeMap<(Resolution, String), Extent>);

/// From the first event to the last, epoch milliseconds, and by how much a value may be off.
#[derive(Debug, Clone, Copy)]
struct Extent {
    begin: i64,
    end: i64,
    off_by: f64,
}

/// One thing that is computed of a row.
struct Part {
    label: String,
    /// The attribute that an aggregator takes as it is.
    whole: Option<(AggregateFunction, Arc<str>)>,
    /// Attributes of which one value is needed.
    single: Vec<Arc<str>>,
    /// Attributes of which it matters whether they are there.
    present: Vec<Arc<str>>,
    reads_metrics: bool,
    is_never_exact: bool,
}

impl<'w> Watch<'w> {
    pub fn of_rows(plan: &Plan, rows: &RowPlan, range: TimeRange) -> Watch<'w> {
        let mut listed = Part::new("rows");
        // A row of a roll-up is no event.
        listed.is_never_exact = rows.limit > 0;
        Watch::of(plan, vec![listed], range, None)
    }

    pub fn of_groups(
        plan: &Plan,
        aggregates: &[Aggregate],
        facet: Option<&FacetPlan>,
        range: TimeRange,
        buckets: Option<&'w Buckets>,
    ) -> Watch<'w> {
        let facets = facet.map(Part::of_facet);
        let parts = aggregates.iter().map(Part::of_aggregate).chain(facets).collect();
        Watch::of(plan, parts, range, buckets)
    }

    fn of(
        plan: &Plan,
        parts: Vec<Part>,
        range: TimeRange,
        buckets: Option<&'w Buckets>,
    ) -> Watch<'w> {
        let mut joins = Part::new("JOIN");
        plan.joins.iter().for_each(|join| joins.read(&join.left));
        let filter = plan.filter.as_ref().map(|filter| {
            let mut part = Part::new("WHERE");
            part.read(filter);
            part
        });
        let joins = (!plan.joins.is_empty()).then_some(joins);
        Watch { joins, filter, parts, range, buckets, found: RefCell::default() }
    }

    /// Looks at a row before it is joined.
    pub fn look_before_join(&self, row: &dyn Row) {
        self.look(row, self.joins.iter());
    }

    /// Looks at a row before the filter.
    pub fn look_before_filter(&self, row: &dyn Row) {
        self.look(row, self.filter.iter());
    }

    /// Looks at a row that met the filter.
    pub fn look_at(&self, row: &dyn Row) {
        self.look(row, self.parts.iter());
        let Some(rollup) = row.rollup() else { return };
        let (first, last) = (rollup.first.timestamp, rollup.last.timestamp);
        let holding = |at: Timestamp| self.buckets.map(|b| b.holding(at.as_millis()));
        let is_inside = self.range.contains(first) && self.range.contains(last);
        if !is_inside || holding(first) != holding(last) {
            let label =
                "edges of the window or of a bucket, where an event counts with the last one";
            self.found.borrow_mut().add(rollup, label, 0.0);
        }
    }

    pub fn found(self) -> Approximations {
        self.found.into_inner()
    }

    fn look<'p>(&self, row: &dyn Row, parts: impl Iterator<Item = &'p Part>) {
        let Some(rollup) = row.rollup().filter(|rollup| rollup.events > 1) else { return };
        for part in parts.filter(|part| part.is_touched(row)) {
            self.found.borrow_mut().add(rollup, &part.label, part.off_by(row));
        }
    }
}

impl Approximations {
    pub fn join(&mut self, other: Approximations) {
        for (key, extent) in other.0 {
            self.0.entry(key).and_modify(|known| known.join(extent)).or_insert(extent);
        }
    }

    /// For the reader, one each.
    pub fn messages(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|((resolution, label), extent)| {
            let begin = Timestamp::from_millis(extent.begin);
            let range = TimeRange { begin, end: Timestamp::from_millis(extent.end) };
            let range = range_text(range);
            let off = match extent.off_by {
                0.0 => String::new(),
                off => format!(", off by at most {off}"),
            };
            format!("approximate here: {label} over {resolution} roll-ups from {range}{off}")
        })
    }

    fn add(&mut self, rollup: &Rollup, label: &str, off_by: f64) {
        let (begin, end) = (rollup.first.timestamp.as_millis(), rollup.last.timestamp.as_millis());
        let extent = Extent { begin, end, off_by };
        // Mostly it is known already: no need for a text of its own.
        match self.0.iter_mut().find(|((of, l), _)| *of == rollup.resolution && l == label) {
            Some((_, known)) => known.join(extent),
            None => drop(self.0.insert((rollup.resolution, label.to_owned()), extent)),
        }
    }
}

impl Extent {
    fn join(&mut self, other: Extent) {
        self.begin = self.begin.min(other.begin);
        self.end = self.end.max(other.end);
        self.off_by = self.off_by.max(other.off_by);
    }
}

impl Part {
    fn new(label: &str) -> Part {
        Part {
            label: label.to_owned(),
            whole: None,
            single: Vec::new(),
            present: Vec::new(),
            reads_metrics: false,
            is_never_exact: false,
        }
    }

    fn of_aggregate(aggregate: &Aggregate) -> Part {
        let mut part = Part::new(&aggregate_text(aggregate));
        part.is_never_exact = is_over_time(&aggregate.function);
        aggregate.condition.iter().for_each(|condition| part.read(condition));
        for (place, argument) in aggregate.arguments.iter().enumerate() {
            match argument {
                Node::Leaf(RowLeaf::Attribute(name)) if place == 0 => {
                    part.whole = Some((aggregate.function.clone(), name.clone()));
                }
                counted if counts_observations(counted) => {}
                other => part.read(other),
            }
        }
        part
    }

    fn of_facet(facet: &FacetPlan) -> Part {
        let mut part = Part::new("FACET");
        for item in &facet.items {
            match &item.rule {
                FacetRule::Value(node) | FacetRule::Members { node, .. } => part.read(node),
                FacetRule::Cases { cases, fallback } => {
                    cases.iter().for_each(|(condition, _)| part.read(condition));
                    fallback.iter().for_each(|node| part.read(node));
                }
            }
        }
        part
    }

    /// Notes what an expression needs to know.
    fn read(&mut self, node: &Node<RowLeaf>) {
        match node {
            Node::Is { subject, what: Presence::Null, .. } => match &**subject {
                Node::Leaf(RowLeaf::Attribute(name)) => self.present.push(name.clone()),
                Node::Leaf(RowLeaf::Metrics(_)) => {}
                other => self.read(other),
            },
            Node::Leaf(RowLeaf::Attribute(name)) => self.single.push(name.clone()),
            Node::Leaf(RowLeaf::Metrics(_)) => self.reads_metrics = true,
            Node::Leaf(RowLeaf::SizeBytes | RowLeaf::Random) => self.is_never_exact = true,
            other => other.for_each_child(&mut |child| self.read(child)),
        }
    }

    /// Whether what it computes of this roll-up may differ from what it computes of its events.
    fn is_touched(&self, row: &dyn Row) -> bool {
        let is_summary = |name: &Arc<str>| {
            &**name == TIMESTAMP || matches!(row.get(name), Datum::Rolled(_) | Datum::Metric(_))
        };
        let events = row.rollup().map_or(1, |rollup| rollup.events);
        let is_partly_there = |name: &Arc<str>| match row.get(name) {
            Datum::Rolled(numbers) => numbers.count() != events,
            _ => false,
        };
        self.is_never_exact
            || self.reads_metrics && row.metric_name().is_some()
            || self.single.iter().any(is_summary)
            || self.present.iter().any(is_partly_there)
            || self.whole.as_ref().is_some_and(|(function, name)| !is_exact(function, name, row))
    }

    /// A percentile lies where the numbers of a roll-up do: whichever is taken for another, it is
    /// not farther away than they are from one another.
    fn off_by(&self, row: &dyn Row) -> f64 {
        match &self.whole {
            Some((AggregateFunction::Percentile { .. }, name)) => match row.get(name) {
                Datum::Rolled(numbers) => width(&numbers),
                _ => 0.0,
            },
            _ => 0.0,
        }
    }
}

fn is_over_time(function: &AggregateFunction) -> bool {
    use AggregateFunction::{Derivative, LatestRate, PredictLinear};
    matches!(function, LatestRate { .. } | Derivative { .. } | PredictLinear { .. })
}

/// `count(*)` of metrics: the number of observations is in every point.
fn counts_observations(node: &Node<RowLeaf>) -> bool {
    let mut counts = false;
    node.for_each_leaf(&mut |leaf| counts |= matches!(leaf, RowLeaf::Weight));
    counts
}

/// From the least to the greatest; 0 where all are the same.
fn width(numbers: &NumberSummary) -> f64 {
    let stretches = stretches(numbers);
    let low = stretches.first().map_or(0.0, |stretch| stretch.low);
    stretches.last().map_or(0.0, |stretch| stretch.high - low)
}

/// Whether the aggregator takes this attribute of the roll-up as it takes those of its events.
fn is_exact(function: &AggregateFunction, name: &str, row: &dyn Row) -> bool {
    use AggregateFunction::{Average, Count, Earliest, Latest, Max, Min, Sum, UniqueCount};
    match (row.get(name), function) {
        _ if name == TIMESTAMP => matches!(function, Max | Latest | Count),
        (Datum::Rolled(_), Count | Sum | Average | Min | Max | Latest | Earliest) => true,
        (Datum::Rolled(numbers), _) => width(&numbers) == 0.0,
        (Datum::Metric(_), Sum | Average | Min | Max) => true,
        (Datum::Metric(point), Latest) => point.has_latest(),
        (Datum::Metric(point), UniqueCount) => point.members().is_some(),
        (Datum::Metric(_), _) => false,
        _ => true,
    }
}
