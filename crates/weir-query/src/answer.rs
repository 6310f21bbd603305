//! One question from text to answer.

use std::time::Instant;

use weir_types::diagnostic::Severity;
use weir_types::query::{QueryMetadata, TimeWindow};
use weir_types::{Diagnostic, QueryError, QueryRequest, QueryResult, TimeRange};

use crate::bind::{Setting, bind};
use crate::budget::{Budget, Cancel, Limits};
use crate::decision::NULL_RULE;
use crate::evaluate::{Evaluator, Outcome};
use crate::plan::{Body, Comparison, GroupPlan, Input, Plan, Question, QuestionKind};
use crate::raw;
use crate::shape;
use crate::source::EventSource;

/// Answers one question over one view of the events. Blocks; `started` is when the question
/// arrived, and its timeout counts from there.
pub fn answer(
    source: &dyn EventSource,
    request: &QueryRequest,
    limits: Limits,
    started: Instant,
    cancel: Cancel,
) -> Result<QueryResult, QueryError> {
    let budget = Budget::new(limits, started, request.timeout, cancel);
    answer_within(source, request, budget, started)
}

/// As [`answer`], within what the caller grants.
pub(crate) fn answer_within(
    source: &dyn EventSource,
    request: &QueryRequest,
    mut budget: Budget,
    started: Instant,
) -> Result<QueryResult, QueryError> {
    let question = prepare(request)?;
    budget.check_time()?;
    let mut result = match &question.kind {
        QuestionKind::ShowEventTypes => show_event_types(source, question.window.range),
        QuestionKind::Query(plan) => {
            let mut evaluator = Evaluator::new(source, budget);
            let mut result = run(&mut evaluator, plan, &question)?;
            result.stats = evaluator.stats;
            result.metadata.messages.extend(evaluator.notes);
            result.metadata.messages.extend(evaluator.approximations.messages());
            result
        }
    };
    let messages = question.messages.iter().cloned();
    result.metadata.messages.splice(0..0, messages);
    result.stats.wall_clock_ms = started.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
    Ok(result)
}

/// Parses and binds; warnings become messages of the answer.
fn prepare(request: &QueryRequest) -> Result<Question, QueryError> {
    let parsed = weir_nrql::analyze(&request.nrql);
    let Some(statement) = parsed.statement else {
        return Err(QueryError::Invalid(parsed.diagnostics));
    };
    let setting = Setting { account: request.account, now: request.now, null_rule: NULL_RULE };
    match bind(&request.nrql, &statement, setting) {
        Ok(mut question) => {
            let warnings = parsed.diagnostics.iter().map(message_of);
            question.messages.splice(0..0, warnings);
            Ok(question)
        }
        Err(errors) => {
            let mut all = errors;
            all.extend(parsed.diagnostics.into_iter().filter(|d| d.severity == Severity::Warning));
            all.sort_by_key(|diagnostic| diagnostic.span.offset);
            Err(QueryError::Invalid(all))
        }
    }
}

fn message_of(warning: &Diagnostic) -> String {
    match &warning.help {
        Some(help) => format!("{}: {help}", warning.message),
        None => warning.message.clone(),
    }
}

fn show_event_types(source: &dyn EventSource, range: TimeRange) -> QueryResult {
    let results = shape::event_type_rows(&source.event_types(range));
    QueryResult { results, raw: raw::of_event_types(), ..QueryResult::default() }
}

fn run(
    evaluator: &mut Evaluator<'_>,
    plan: &Plan,
    question: &Question,
) -> Result<QueryResult, QueryError> {
    let range = question.window.range;
    evaluator.answer_subqueries(&question.subqueries, range)?;
    let mut result = QueryResult::default();
    let read = match (evaluator.evaluate(plan, range)?, &plan.body) {
        (Outcome::Groups(groups), Body::Groups(group_plan)) => {
            result.results = shape::group_rows(group_plan, &groups);
            if group_plan.facet.is_some() {
                result.total_result = Some(shape::totals(group_plan, &groups, &groups.total));
                result.other_result = Some(shape::totals(group_plan, &groups, &groups.other));
            }
            if let Some(comparison) = &question.compare {
                let keys = groups.groups.iter().map(|group| group.key.clone()).collect();
                evaluator.answer_subqueries(&question.subqueries, comparison.range)?;
                compare(evaluator, plan, group_plan, comparison, keys, &mut result)?;
            }
            groups.range
        }
        (Outcome::Rows(rows), _) => {
            result.results = shape::event_rows(&rows);
            range
        }
        (Outcome::Groups(groups), Body::Rows(_)) => groups.range,
    };
    result.metadata = metadata(plan, question, read);
    result.raw = raw::of_query(plan, &result.metadata);
    Ok(result)
}

/// Adds the earlier window: both sides in `results`, and each on its own.
fn compare(
    evaluator: &mut Evaluator<'_>,
    plan: &Plan,
    group_plan: &GroupPlan,
    comparison: &Comparison,
    keys: Vec<Vec<crate::datum::Datum>>,
    result: &mut QueryResult,
) -> Result<(), QueryError> {
    let previous = evaluator.evaluate_chosen(plan, group_plan, comparison.range, keys)?;
    let current = shape::label_rows(std::mem::take(&mut result.results), "current");
    let previous = shape::label_rows(shape::group_rows(group_plan, &previous), "previous");
    result.results = current.iter().chain(&previous).cloned().collect();
    result.current_results = Some(current);
    result.previous_results = Some(previous);
    Ok(())
}

fn metadata(plan: &Plan, question: &Question, read: TimeRange) -> QueryMetadata {
    let facets = match &plan.body {
        Body::Groups(groups) => groups
            .facet
            .as_ref()
            .map(|facet| facet.items.iter().map(|item| item.name.to_string()).collect()),
        Body::Rows(_) => None,
    };
    QueryMetadata {
        event_types: event_types(plan),
        facets,
        messages: Vec::new(),
        time_window: TimeWindow {
            begin: read.begin.as_millis(),
            end: read.end.as_millis(),
            since: question.window.since.clone(),
            until: question.window.until.clone(),
            compare_with: question.compare.as_ref().map(|comparison| comparison.text.clone()),
        },
    }
}

fn event_types(plan: &Plan) -> Vec<String> {
    match &plan.input {
        Input::Nothing | Input::Lookup(_) => Vec::new(),
        Input::EventTypes(types) => types.iter().map(|name| name.to_string()).collect(),
        Input::Nested(inner) => event_types(inner),
    }
}
