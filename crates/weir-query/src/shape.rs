//! Outcomes as JSON, in New Relic's shapes.

use serde_json::{Map, Number, Value as Json};
use weir_types::TimeRange;
use weir_types::query::Row;

use crate::bucket::Steps;
use crate::datum::{Datum, SCORE};
use crate::evaluate::{Group, Groups};
use crate::plan::{FacetPlan, GroupPlan};
use crate::rolled;
use crate::row::{TIMESTAMP, TableRow};

/// Rows of a query without aggregators; `timestamp` stands first.
pub fn event_rows(rows: &[TableRow]) -> Vec<Row> {
    rows.iter().map(event_row).collect()
}

/// One row a group, or one a group and bucket.
pub fn group_rows(plan: &GroupPlan, groups: &Groups) -> Vec<Row> {
    let rows = groups.groups.iter().flat_map(|group| {
        let head = plan.facet.as_ref().map_or_else(Row::new, |facet| facet_head(facet, group));
        value_rows(plan, groups, group, &head)
    });
    rows.collect()
}

/// `totalResult` and `otherResult`: an object, or one object a bucket with TIMESERIES.
pub fn totals(plan: &GroupPlan, groups: &Groups, group: &Group) -> Json {
    let mut rows = value_rows(plan, groups, group, &Row::new()).into_iter().map(Json::Object);
    match plan.timeseries {
        Some(_) => rows.collect(),
        None => rows.next().unwrap_or(Json::Null),
    }
}

/// The rows of one side of COMPARE WITH.
pub fn label_rows(rows: Vec<Row>, side: &str) -> Vec<Row> {
    let label = |row: Row| {
        let mut labelled = Row::new();
        labelled.insert("comparison".into(), side.into());
        labelled.extend(row);
        labelled
    };
    rows.into_iter().map(label).collect()
}

pub fn event_type_rows<S: AsRef<str>>(names: &[S]) -> Vec<Row> {
    let row = |name: &S| Row::from_iter([("eventType".to_owned(), name.as_ref().into())]);
    names.iter().map(row).collect()
}

fn event_row(row: &TableRow) -> Row {
    let mut json = Row::new();
    if let Some(millis) = row.timestamp {
        json.insert(TIMESTAMP.into(), millis.into());
    }
    for (name, value) in &row.columns {
        json.insert(name.to_string(), datum_json(value));
    }
    json
}

/// One item: a scalar under `facet` and under its name. Several: an array, and no names.
fn facet_head(facet: &FacetPlan, group: &Group) -> Row {
    let mut head = Row::new();
    match (facet.items.as_slice(), group.key.as_slice()) {
        ([item], [value]) => {
            head.insert("facet".into(), key_json(value));
            head.insert(item.name.to_string(), key_json(value));
        }
        (_, key) => {
            head.insert("facet".into(), key.iter().map(key_json).collect());
        }
    }
    head
}

fn value_rows(plan: &GroupPlan, groups: &Groups, group: &Group, head: &Row) -> Vec<Row> {
    let filled = |mut row: Row, values: &[Datum]| {
        for (column, value) in plan.columns.iter().zip(values) {
            row.insert(column.key.to_string(), datum_json(value));
        }
        spread_apdex(&mut row, values);
        row
    };
    let Some(steps) = plan.timeseries else {
        return vec![filled(head.clone(), &group.overall)];
    };
    let buckets = group.buckets.iter().zip(&groups.buckets);
    let observed = buckets.map(|(values, bucket)| filled(with_times(head, steps, *bucket), values));
    let predicted = group.predicted.iter().zip(&groups.predicted).map(|(values, bucket)| {
        let mut row = with_times(head, steps, *bucket);
        row.insert("prediction".into(), true.into());
        filled(row, values)
    });
    observed.chain(predicted).collect()
}

/// The members of the only Apdex stand in the row too.
fn spread_apdex(row: &mut Row, values: &[Datum]) {
    let is_apdex = |value: &&Datum| match value {
        Datum::Map(pairs) => pairs.first().is_some_and(|(name, _)| &**name == SCORE),
        _ => false,
    };
    let mut found = values.iter().filter(is_apdex);
    if let (Some(Datum::Map(pairs)), None) = (found.next(), found.next()) {
        for (name, value) in pairs.iter() {
            row.entry(name.to_string()).or_insert_with(|| datum_json(value));
        }
    }
}

/// A group of `dimensions()` is named by its dimensions.
fn key_json(value: &Datum) -> Json {
    match value {
        Datum::Map(pairs) => {
            let part = |(name, value): &(std::sync::Arc<str>, Datum)| {
                format!("{name}={}", datum_text(value))
            };
            pairs.iter().map(part).collect::<Vec<_>>().join(", ").into()
        }
        other => datum_json(other),
    }
}

/// A string as it is, anything else as JSON.
fn datum_text(value: &Datum) -> String {
    value.as_str().map_or_else(|| datum_json(value).to_string(), str::to_owned)
}

fn with_times(head: &Row, steps: Steps, bucket: TimeRange) -> Row {
    let has_whole_seconds = steps.width_millis % 1_000 == 0 && steps.slide_millis % 1_000 == 0;
    let seconds = |millis: i64| -> Json {
        if has_whole_seconds {
            return millis.div_euclid(1_000).into();
        }
        (millis as f64 / 1_000.0).into()
    };
    let mut row = head.clone();
    row.insert("beginTimeSeconds".into(), seconds(bucket.begin.as_millis()));
    row.insert("endTimeSeconds".into(), seconds(bucket.end.as_millis()));
    row
}

pub(crate) fn datum_json(value: &Datum) -> Json {
    match value {
        Datum::Null => Json::Null,
        Datum::Bool(b) => Json::Bool(*b),
        Datum::Int(i) => Json::Number((*i).into()),
        Datum::Float(f) => Number::from_f64(*f).map_or(Json::Null, Json::Number),
        Datum::Str(s) => Json::String(s.to_string()),
        Datum::List(items) => items.iter().map(datum_json).collect(),
        Datum::Map(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| (name.to_string(), datum_json(value)));
            Json::Object(Map::from_iter(pairs))
        }
        Datum::Metric(point) => datum_json(&point.fields()),
        Datum::Rolled(numbers) => datum_json(&rolled::mean(numbers)),
        Datum::Percentiles(values) => {
            let pairs = values.iter().map(|(threshold, value)| {
                // Whole thresholds print without a fraction: `95`, `99.9`.
                (threshold.to_string(), datum_json(&Datum::float(*value)))
            });
            Json::Object(Map::from_iter(pairs))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_types() {
        let percentiles = Datum::Percentiles([(95.0, 2.0), (99.9, 3.5)].into());
        assert_eq!(datum_json(&percentiles).to_string(), r#"{"95":2.0,"99.9":3.5}"#);
        let list = Datum::List([Datum::text("a"), Datum::Int(1), Datum::Null].into());
        assert_eq!(datum_json(&list).to_string(), r#"["a",1,null]"#);
        assert_eq!(datum_json(&Datum::Int(i64::MAX)).to_string(), i64::MAX.to_string());
        assert_eq!(datum_json(&Datum::Float(3.0)).to_string(), "3.0");
    }
}
