//! What is wrong with a text, and what it would do: no rows are read.

use std::collections::BTreeSet;

use weir_types::diagnostic::Severity;
use weir_types::{AccountId, Diagnostic, TimeRange, Timestamp};

use crate::aggregate::Aggregate;
use crate::bind::{Setting, bind};
use crate::decision::NULL_RULE;
use crate::node::{Node, RowLeaf};
use crate::plan::{
    Body, FacetRule, GroupPlan, Input, Plan, Question, QuestionKind, SubqueryAnswer,
};

/// Every finding about a text, in text order; no error among them means that it can be asked.
pub fn check(nrql: &str, now: Timestamp) -> Vec<Diagnostic> {
    match prepare(nrql, now) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings,
    }
}

/// The steps in which a text would be answered, one a line; inner ones are indented.
pub fn explain(nrql: &str, now: Timestamp) -> Result<Vec<String>, Vec<Diagnostic>> {
    let (question, _) = prepare(nrql, now)?;
    let mut steps = Steps::default();
    steps.question(&question);
    Ok(steps.lines)
}

fn prepare(nrql: &str, now: Timestamp) -> Result<(Question, Vec<Diagnostic>), Vec<Diagnostic>> {
    let parsed = weir_nrql::analyze(nrql);
    let Some(statement) = parsed.statement else { return Err(parsed.diagnostics) };
    let setting = Setting { account: AccountId::DEFAULT, now, null_rule: NULL_RULE };
    match bind(nrql, &statement, setting) {
        Ok(question) => Ok((question, parsed.diagnostics)),
        Err(mut findings) => {
            let warnings = parsed.diagnostics.into_iter();
            findings.extend(warnings.filter(|found| found.severity == Severity::Warning));
            findings.sort_by_key(|found| found.span.offset);
            Err(findings)
        }
    }
}

#[derive(Default)]
struct Steps {
    lines: Vec<String>,
    depth: usize,
}

impl Steps {
    fn question(&mut self, question: &Question) {
        self.say(format!("window {}", range_text(question.window.range)));
        if let Some(compare) = &question.compare {
            self.say(format!("compare with {}", range_text(compare.range)));
        }
        for subquery in &question.subqueries {
            let wants = match subquery.wants {
                SubqueryAnswer::Value => "one value",
                SubqueryAnswer::Members => "the members of IN",
            };
            self.say(format!("first, a subquery for {wants}:"));
            self.inside(|steps| steps.plan(&subquery.plan));
        }
        match &question.kind {
            QuestionKind::ShowEventTypes => self.say("list event types".into()),
            QuestionKind::Query(plan) => self.plan(plan),
        }
        for message in &question.messages {
            self.say(format!("note: {message}"));
        }
    }

    fn plan(&mut self, plan: &Plan) {
        if let Some(range) = plan.range {
            self.say(format!("its own window {}", range_text(range)));
        }
        match &plan.input {
            Input::Nothing => self.say("read one row without attributes".into()),
            Input::EventTypes(types) => self.say(format!("scan {}", types.join(", "))),
            Input::Lookup(name) => self.say(format!("read the lookup table {name}")),
            Input::Nested(inner) => {
                self.say("read the answer of:".into());
                self.inside(|steps| steps.plan(inner));
            }
        }
        for join in &plan.joins {
            let kind = if join.keeps_left { "left join" } else { "join" };
            self.say(format!("{kind} on {}, at most 100 rows a key, with:", join.right));
            self.inside(|steps| steps.plan(&join.plan));
        }
        if let Some(filter) = &plan.filter {
            self.say(format!("keep rows by a condition on {}", attributes_text(filter)));
        }
        match &plan.body {
            Body::Rows(rows) => {
                let order = if rows.order.is_empty() { "newest first" } else { "by ORDER BY" };
                self.say(format!("show {} rows, {order}", rows.limit));
            }
            Body::Groups(groups) => self.groups(groups),
        }
    }

    fn groups(&mut self, groups: &GroupPlan) {
        if let Some(facet) = &groups.facet {
            let items = facet.items.iter().map(|item| match &item.rule {
                FacetRule::Value(_) => item.name.to_string(),
                FacetRule::Cases { cases, .. } => format!("{} cases", cases.len()),
                FacetRule::Members { members, .. } => {
                    format!("{} in {} values", item.name, members.len())
                }
            });
            let items: Vec<String> = items.collect();
            let side = if facet.selection.keeps_smallest { "smallest" } else { "largest" };
            let by: Vec<String> = facet.selection.aggregates.iter().map(aggregate_text).collect();
            self.say(format!(
                "group by {}; keep the {} {side} by {}",
                items.join(", "),
                facet.limit,
                by.join(", ")
            ));
        }
        if let Some(steps) = groups.timeseries {
            let (width, slide) = (length_text(steps.width_millis), length_text(steps.slide_millis));
            let often = if width == slide { String::new() } else { format!(", one every {slide}") };
            self.say(format!("buckets of {width}{often}, back from the end"));
        }
        for column in &groups.columns {
            self.say(format!("compute {}", column.key));
        }
        let bounds: BTreeSet<&str> =
            groups.aggregates.iter().filter_map(|a| a.function.exactness()).collect();
        for bound in bounds {
            self.say(format!("note: {bound}"));
        }
        if let Some(predict) = &groups.predict {
            let (ahead, learnt) = (predict.buckets, predict.training);
            self.say(format!("predict {ahead} buckets from {learnt}"));
        }
    }

    fn say(&mut self, line: String) {
        self.lines.push(format!("{}{line}", "  ".repeat(self.depth)));
    }

    fn inside(&mut self, tell: impl FnOnce(&mut Self)) {
        self.depth += 1;
        tell(self);
        self.depth -= 1;
    }
}

pub fn range_text(range: TimeRange) -> String {
    let text = |at: Timestamp| {
        let instant = jiff::Timestamp::from_millisecond(at.as_millis());
        instant.map_or_else(|_| at.as_millis().to_string(), |instant| instant.to_string())
    };
    format!("{} to {}", text(range.begin), text(range.end))
}

/// In the largest unit that divides it: `5 minutes`.
fn length_text(millis: i64) -> String {
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second")];
    let whole = units.into_iter().find(|(unit, _)| millis % unit == 0);
    let (unit, name) = whole.unwrap_or((1, "millisecond"));
    let count = millis / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// As a query writes it: `max(consumerLag)`.
pub fn aggregate_text(aggregate: &Aggregate) -> String {
    let name = aggregate.function.name();
    let of = match aggregate.arguments.as_slice() {
        [] => format!("{name}(*)"),
        [Node::Leaf(RowLeaf::Attribute(attribute)), ..] => format!("{name}({attribute})"),
        [Node::Leaf(RowLeaf::Weight)] => "count(*)".into(),
        [first, ..] => format!("{name} of an expression on {}", attributes_text(first)),
    };
    match &aggregate.condition {
        Some(condition) => {
            format!("{of} where a condition on {} holds", attributes_text(condition))
        }
        None => of,
    }
}

fn attributes_text(filter: &Node<RowLeaf>) -> String {
    let mut names: Vec<String> = Vec::new();
    filter.for_each_leaf(&mut |leaf| {
        let name = match leaf {
            RowLeaf::Attribute(name) => name.to_string(),
            RowLeaf::EventType => "eventType()".into(),
            _ => "the row".into(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    });
    if names.is_empty() { "constants".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    #[test]
    fn the_steps_are_told_in_order() {
        let nrql = "SELECT max(c) FROM (SELECT count(*) AS c FROM T WHERE a = 1 FACET h) \
                    WHERE c > (SELECT min(n) FROM U SINCE 2 hours ago)";
        let steps = explain(nrql, NOW).unwrap();
        let expected = [
            "window 2023-11-14T21:13:20Z to 2023-11-14T22:13:20Z",
            "first, a subquery for one value:",
            "  its own window 2023-11-14T20:13:20Z to 2023-11-14T22:13:20Z",
            "  scan U",
            "  compute min.n",
            "read the answer of:",
            "  scan T",
            "  keep rows by a condition on a",
            "  group by h; keep the 10 largest by count(*)",
            "  compute c",
            "keep rows by a condition on c",
            "compute max.c",
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn what_decides_and_what_is_inexact_is_told_in_words_of_the_language() {
        let told = |nrql: &str| explain(nrql, NOW).unwrap().split_off(2).join("; ");
        let largest = told("SELECT max(lag) FROM T FACET h LIMIT 3");
        assert_eq!(largest, "group by h; keep the 3 largest by max(lag); compute max.lag");
        assert!(told("SELECT max(lag / 2) FROM T FACET h").contains("max of an expression on lag"));
        let filtered = told("SELECT filter(count(*), WHERE a = 1) FROM T FACET h");
        assert!(filtered.contains("by count(*) where a condition on a holds"), "{filtered}");
        let ordered = told("SELECT count(*) FROM T FACET h ORDER BY uniqueCount(x) ASC");
        assert!(ordered.contains("smallest by uniqueCount(x)"), "{ordered}");
        let series = told("SELECT count(*) FROM T TIMESERIES 5 minutes");
        assert_eq!(series, "buckets of 5 minutes, back from the end; compute count");
        let sliding = told("SELECT count(*) FROM T TIMESERIES 90 seconds SLIDE BY 1 minute");
        assert!(
            sliding.starts_with("buckets of 90 seconds, one every 1 minute, back"),
            "{sliding}"
        );
        let bounds = told("SELECT median(a), percentile(b, 9), cardinality() FROM T");
        assert!(
            bounds.ends_with("65,536 values in a group or bucket, else within 1 %"),
            "{bounds}"
        );
        assert_eq!(bounds.matches("note:").count(), 2, "{bounds}");
    }

    #[test]
    fn findings_of_both_kinds_come_in_text_order() {
        let nrql = "SELECT latestRate(a) FROM T WHERE b = \"x\" AND c RLIKE '('";
        let found = check(nrql, NOW);
        let codes: Vec<&str> = found.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["NRQL-E0202", "NRQL-W0001", "NRQL-E0305"]);
        assert!(check("SELECT count(*) FROM T", NOW).is_empty());
    }
}
