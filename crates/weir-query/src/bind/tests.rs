//! What binding decides, seen through what the bound query answers.

use std::time::{Duration, Instant};

use weir_types::{Event, Value};

use super::*;
use crate::budget::{Budget, Cancel, Limits};
use crate::evaluate::{Evaluator, Outcome};

fn setting(null_rule: NullRule) -> Setting {
    Setting { account: AccountId::DEFAULT, now: Timestamp::from_millis(10_000), null_rule }
}

fn question(nrql: &str, null_rule: NullRule) -> Question {
    let parsed = weir_nrql::parse(nrql);
    let statement = parsed.statement.unwrap_or_else(|| panic!("{nrql}: {:?}", parsed.diagnostics));
    bind(nrql, &statement, setting(null_rule)).unwrap()
}

/// Three events: `a`, `b`, and absent.
fn names_where(condition: &str, null_rule: NullRule) -> Vec<String> {
    let event = |name: &str| Event::new("T", Timestamp::from_millis(1)).with("name", name);
    let events = vec![
        event("has a").with("x", "a"),
        event("has b").with("x", "b"),
        event("has none"),
        event("has 1").with("n", Value::Int(1)),
    ];
    let question = question(&format!("SELECT name FROM T WHERE {condition}"), null_rule);
    let QuestionKind::Query(plan) = &question.kind else { panic!("no query") };
    let timeout = Duration::from_secs(60);
    let budget = Budget::new(Limits::default(), Instant::now(), timeout, Cancel::default());
    let outcome = Evaluator::new(&events, budget).evaluate(plan, question.window.range).unwrap();
    let Outcome::Rows(rows) = outcome else { panic!("no rows") };
    let mut names: Vec<String> =
        rows.iter().filter_map(|row| row.columns[0].1.as_str().map(str::to_owned)).collect();
    names.sort();
    names
}

#[test]
fn both_rules_agree_on_what_a_missing_value_meets() {
    for rule in [NullRule::NegationHolds, NullRule::Unknown] {
        assert_eq!(names_where("x = 'a'", rule), ["has a"]);
        assert_eq!(names_where("x LIKE 'A'", rule), ["has a"]);
        assert_eq!(names_where("x IN ('a', 'b')", rule), ["has a", "has b"]);
        assert_eq!(names_where("n < 5", rule), ["has 1"]);
        assert_eq!(names_where("x = 'a' OR n = 1", rule), ["has 1", "has a"]);
        assert_eq!(names_where("x IS NULL", rule), ["has 1", "has none"]);
        assert_eq!(names_where("x IS NOT TRUE", rule).len(), 4);
    }
}

#[test]
fn negations_keep_missing_values_by_default() {
    let kept = ["has 1", "has b", "has none"];
    for condition in
        ["x != 'a'", "NOT x = 'a'", "x NOT LIKE 'a%'", "x NOT IN ('a')", "NOT x LIKE 'a'"]
    {
        assert_eq!(names_where(condition, NullRule::NegationHolds), kept, "{condition}");
    }
    assert_eq!(names_where("NOT (x = 'a' AND n = 1)", NullRule::NegationHolds).len(), 4);
}

#[test]
fn negations_drop_missing_values_as_in_sql() {
    for condition in
        ["x != 'a'", "NOT x = 'a'", "x NOT LIKE 'a%'", "x NOT IN ('a')", "NOT x LIKE 'a'"]
    {
        assert_eq!(names_where(condition, NullRule::Unknown), ["has b"], "{condition}");
    }
    assert_eq!(names_where("NOT (x = 'a' AND n = 1)", NullRule::Unknown), ["has b"]);
}

#[test]
fn windows_are_echoed_with_keywords_in_upper_case() {
    let nrql = "SELECT count(*) FROM T SINCE 2 days  ago UNTIL yesterday COMPARE WITH 1 week ago";
    let question = question(nrql, NullRule::NegationHolds);
    assert_eq!(question.window.since, "2 days AGO");
    assert_eq!(question.window.until, "YESTERDAY");
    assert_eq!(question.compare.unwrap().text, "1 week AGO");
}

#[test]
fn several_findings_are_told_at_once() {
    let nrql = "SELECT latestRate(a), percentile(b, 200) FROM T WHERE x RLIKE '(' LIMIT 5";
    let parsed = weir_nrql::parse(nrql);
    let setting = setting(NullRule::NegationHolds);
    let errors = bind(nrql, &parsed.statement.unwrap(), setting).unwrap_err();
    let mut codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["NRQL-E0202", "NRQL-E0305", "NRQL-E0308"]);
}
