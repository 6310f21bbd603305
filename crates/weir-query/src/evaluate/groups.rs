//! Queries with aggregators, in two passes: choose which groups stay, then compute them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use weir_types::{QueryError, TimeRange};

use super::feed::{Feed, Pass};
use super::tally::{GroupScope, Inputs, Tally, accumulators, estimates};
use super::{Evaluator, Group, Groups};
use crate::aggregate::AggregateFunction;
use crate::approximate::Watch;
use crate::bucket::Buckets;
use crate::datum::Datum;
use crate::plan::{FacetPlan, FacetRule, GroupPlan, Plan};
use crate::row::{Row, RowScope};

type Key = Vec<Datum>;

/// What one group takes beside its key and its accumulators: its place in the tree, two lists.
const GROUP_BYTES: usize = 96;
/// What one value of an answer takes, roughly.
const VALUE_BYTES: usize = 48;

impl Evaluator<'_> {
    pub(super) fn evaluate_groups(
        &mut self,
        plan: &Plan,
        groups: &GroupPlan,
        range: TimeRange,
        chosen: Option<Vec<Key>>,
    ) -> Result<Groups, QueryError> {
        let feed = self.feed(plan, range)?;
        let buckets = groups.timeseries.map(|steps| Buckets::lay(range, steps));
        let range = buckets.as_ref().map_or(range, |buckets| buckets.window(range));
        let (keys, pass) = match (chosen, &groups.facet) {
            (Some(keys), _) => (keys, Pass::First),
            (None, None) => (vec![Key::new()], Pass::First),
            (None, Some(facet)) => (self.choose(plan, facet, &feed, range)?, Pass::Again),
        };
        let scan = Scan { plan, groups, feed: &feed, range, buckets: buckets.as_ref() };
        let mut computed = self.compute(&scan, keys, pass)?;
        if groups.facet.is_some() {
            computed.groups.sort_by(|a, b| by_first_column(a, b).then_with(|| a.key.cmp(&b.key)));
        }
        self.note_cut_lists(groups, &computed);
        if let (Some(predict), Some(steps)) = (groups.predict, groups.timeseries) {
            self.predict(plan, groups, predict, steps, &mut computed)?;
        }
        Ok(computed)
    }

    /// The keys of the groups that stay.
    fn choose(
        &mut self,
        plan: &Plan,
        facet: &FacetPlan,
        feed: &Feed<'_>,
        range: TimeRange,
    ) -> Result<Vec<Key>, QueryError> {
        let aggregates = &facet.selection.aggregates;
        let mut found: BTreeMap<Key, _> = BTreeMap::new();
        for key in listed_keys(facet) {
            found.insert(key, accumulators(aggregates, &mut self.budget)?);
        }
        let watch = Watch::of_groups(plan, aggregates, Some(facet), range, None);
        self.scan(feed, plan.filter.as_ref(), watch, range, Pass::First, &mut |row, budget| {
            let Some(key) = key_of(facet, row) else { return Ok(()) };
            let inputs = Inputs::of(aggregates, row);
            if let Some(known) = found.get_mut(&key) {
                return inputs.add_to(known, budget);
            }
            budget.check_groups(found.len() + 1)?;
            budget.hold(GROUP_BYTES + key.iter().map(Datum::size_bytes).sum::<usize>())?;
            let mut fresh = accumulators(aggregates, budget)?;
            inputs.add_to(&mut fresh, budget)?;
            found.insert(key, fresh);
            Ok(())
        })?;
        let inexact = found.values().flat_map(estimates).map(str::to_owned);
        self.notes.extend(inexact);
        let ranked = found.into_iter().map(|(key, accumulators)| {
            let scope = GroupScope::new(&accumulators, range);
            (facet.selection.node.evaluate(&scope), key)
        });
        let mut ranked: Vec<(Datum, Key)> = ranked.collect();
        let smallest_first = facet.selection.keeps_smallest;
        // Stable: groups of equal value stay in the order of their keys.
        ranked.sort_by(|(a, _), (b, _)| nulls_last(a, b, smallest_first));
        ranked.truncate(facet.limit);
        Ok(ranked.into_iter().map(|(_, key)| key).collect())
    }

    fn compute(
        &mut self,
        scan: &Scan<'_>,
        keys: Vec<Key>,
        pass: Pass,
    ) -> Result<Groups, QueryError> {
        let Scan { plan, groups, feed, range, buckets } = *scan;
        let (aggregates, facet) = (&groups.aggregates, groups.facet.as_ref());
        let places: BTreeMap<Key, usize> = keys.iter().cloned().zip(0..).collect();
        let fresh = |evaluator: &mut Self| Tally::new(aggregates, buckets, &mut evaluator.budget);
        let (mut total, mut other) = (fresh(self)?, fresh(self)?);
        let tallies: Result<Vec<Tally>, _> = keys.iter().map(|_| fresh(self)).collect();
        let mut tallies = tallies?;
        let watch = Watch::of_groups(plan, aggregates, facet, range, buckets);
        self.scan(feed, plan.filter.as_ref(), watch, range, pass, &mut |row, budget| {
            let inputs = Inputs::of(aggregates, row);
            let key = match facet {
                Some(facet) => key_of(facet, row),
                None => Some(Key::new()),
            };
            if facet.is_some() {
                total.add(aggregates, buckets, &inputs, budget)?;
            }
            match key.map(|key| places.get(&key)) {
                Some(Some(place)) => tallies[*place].add(aggregates, buckets, &inputs, budget),
                Some(None) => other.add(aggregates, buckets, &inputs, budget),
                None => Ok(()),
            }
        })?;
        let bucket_count = buckets.map_or(0, |buckets| buckets.ranges().len());
        let value_count = (keys.len() + 2) * (bucket_count + 1) * groups.columns.len();
        self.budget.hold(value_count * VALUE_BYTES)?;
        let inexact = tallies.iter().chain([&total, &other]).flat_map(Tally::estimates);
        self.notes.extend(inexact.map(str::to_owned));
        let finish = |tally: &Tally, key: Key| {
            tally.finish(aggregates, &groups.columns, range, buckets, key)
        };
        let mut finished = Vec::with_capacity(tallies.len());
        for (tally, key) in tallies.iter().zip(keys) {
            // A percentile of many buckets takes a while, and no row is looked at.
            self.budget.check_time()?;
            finished.push(finish(tally, key));
        }
        Ok(Groups {
            range,
            buckets: buckets.map_or_else(Vec::new, |buckets| buckets.ranges().to_vec()),
            groups: finished,
            total: finish(&total, Key::new()),
            other: finish(&other, Key::new()),
            predicted: Vec::new(),
        })
    }

    /// `uniques` may know more than it lists.
    fn note_cut_lists(&mut self, plan: &GroupPlan, computed: &Groups) {
        let limits = plan.aggregates.iter().filter_map(|aggregate| match aggregate.function {
            AggregateFunction::Uniques { limit } => Some(limit),
            _ => None,
        });
        let lists = computed.groups.iter().flat_map(|group| &group.overall);
        let longest = lists.filter_map(|value| match value {
            Datum::List(items) => Some(items.len()),
            _ => None,
        });
        let longest = longest.max().unwrap_or(0);
        for limit in limits.filter(|limit| longest >= *limit) {
            self.notes.insert(format!("uniques lists {limit} values at most: there may be more"));
        }
    }
}

/// What both passes read.
struct Scan<'s> {
    plan: &'s Plan,
    groups: &'s GroupPlan,
    feed: &'s Feed<'s>,
    range: TimeRange,
    buckets: Option<&'s Buckets>,
}

/// The group of a row; `None` when an item has no value for it.
fn key_of(facet: &FacetPlan, row: &dyn Row) -> Option<Key> {
    let scope = RowScope(row);
    let mut key = Key::with_capacity(facet.items.len());
    for item in &facet.items {
        let value = match &item.rule {
            FacetRule::Value(node) => node.evaluate(&scope),
            FacetRule::Cases { cases, fallback } => {
                let met = cases.iter().find(|(condition, _)| condition.holds(&scope));
                match (met, fallback) {
                    (Some((_, label)), _) => label.clone(),
                    (None, Some(fallback)) => fallback.evaluate(&scope),
                    (None, None) => return None,
                }
            }
            FacetRule::Members { node, members } => {
                let value = node.evaluate(&scope);
                members.iter().find(|member| **member == value).cloned().unwrap_or(Datum::Null)
            }
        };
        if value.is_null() {
            return None;
        }
        key.push(value.plain());
    }
    Some(key)
}

/// The groups of `FACET x IN (…)`, which exist without rows too.
fn listed_keys(facet: &FacetPlan) -> Vec<Key> {
    match facet.items.as_slice() {
        [item] => match &item.rule {
            FacetRule::Members { members, .. } => {
                members.iter().filter(|m| !m.is_null()).map(|m| vec![m.clone()]).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Largest first, by the first item of SELECT.
fn by_first_column(left: &Group, right: &Group) -> Ordering {
    match (left.overall.first(), right.overall.first()) {
        (Some(left), Some(right)) => nulls_last(left, right, false),
        _ => Ordering::Equal,
    }
}

fn nulls_last(left: &Datum, right: &Datum, smallest_first: bool) -> Ordering {
    let order = if smallest_first { left.cmp(right) } else { right.cmp(left) };
    left.is_null().cmp(&right.is_null()).then(order)
}
