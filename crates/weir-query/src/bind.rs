//! From the tree of a text to a checked [`Question`]: every semantic error is found here, with
//! its place, before a row is read.

mod aggregator;
mod constant;
mod expression;
mod facet;
mod level;
mod query;
mod select;
mod timeseries;

use jiff::tz::TimeZone;
use weir_nrql::ast::{Query, Statement, StatementKind};
use weir_types::{Diagnostic, TimeRange, Timestamp};

use crate::datum::Datum;
use crate::decision::NullRule;
use crate::plan::{Comparison, Question, QuestionKind};
use crate::problem::Reporter;
use crate::window::{Anchor, Window};

/// Binds a parsed text. All findings are errors; there is at least one in the error case.
pub fn bind(
    text: &str,
    statement: &Statement,
    now: Timestamp,
    null_rule: NullRule,
) -> Result<Question, Vec<Diagnostic>> {
    let reporter = Reporter { text };
    match &statement.kind {
        StatementKind::Query(query) => bind_query(reporter, query, now, null_rule),
        StatementKind::ShowEventTypes { since, until, timezone } => {
            let window = Anchor::new(now, timezone.as_ref(), reporter)
                .and_then(|anchor| Window::resolve(&anchor, since.as_ref(), until.as_ref()))
                .map_err(|error| vec![error])?;
            let kind = QuestionKind::ShowEventTypes;
            Ok(Question { kind, window, compare: None, messages: Vec::new() })
        }
    }
}

/// What every part of the binder needs to know.
struct Context<'a> {
    reporter: Reporter<'a>,
    zone: TimeZone,
    null_rule: NullRule,
    range: TimeRange,
}

impl Context<'_> {
    /// What a predicate answers about a missing value.
    fn on_null(&self, negated: bool) -> Datum {
        match self.null_rule {
            NullRule::NegationHolds => Datum::Bool(negated),
            NullRule::Unknown => Datum::Null,
        }
    }
}

fn bind_query(
    reporter: Reporter<'_>,
    query: &Query,
    now: Timestamp,
    null_rule: NullRule,
) -> Result<Question, Vec<Diagnostic>> {
    let anchor =
        Anchor::new(now, query.timezone.as_ref(), reporter).map_err(|error| vec![error])?;
    let window = Window::resolve(&anchor, query.since.as_ref(), query.until.as_ref())
        .map_err(|error| vec![error])?;
    let compare = bind_comparison(&anchor, query, window.range).map_err(|error| vec![error])?;
    let zone = anchor.zone.clone();
    let context = Context { reporter, zone, null_rule, range: window.range };
    let (plan, messages) = query::bind_outermost(&context, query)?;
    Ok(Question { kind: QuestionKind::Query(Box::new(plan)), window, compare, messages })
}

fn bind_comparison(
    anchor: &Anchor<'_>,
    query: &Query,
    range: TimeRange,
) -> Result<Option<Comparison>, Diagnostic> {
    let Some(point) = &query.compare_with else { return Ok(None) };
    let shift = anchor.shift_millis(point)?;
    let earlier = |at: Timestamp| Timestamp::from_millis(at.as_millis().saturating_sub(shift));
    let range = TimeRange { begin: earlier(range.begin), end: earlier(range.end) };
    Ok(Some(Comparison { range, text: anchor.text_of(point) }))
}

#[cfg(test)]
mod tests;
