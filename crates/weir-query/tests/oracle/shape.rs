//! Whole queries around random terms, and how the answers of both sides become comparable rows.

use serde_json::Value as Json;
use weir_types::query::Row;

use crate::aggregate::Stretch;
use crate::clause;
use crate::rows::{NOW, ZONES};
use crate::term::{Term, Terms};

pub const HOUR: i64 = 3_600_000;

/// One question in both languages.
pub struct Question {
    pub shape: &'static str,
    pub nrql: String,
    pub sql: String,
    /// What one group without rows has; only where empty buckets are shown.
    pub sql_of_nothing: Option<String>,
    /// Fields of a row of the answer that SQL gives first.
    pub keys: Vec<&'static str>,
    pub columns: usize,
}

pub fn question(terms: &mut Terms) -> Question {
    match terms.random.below(17) {
        10.. => clause::question(terms),
        0 | 1 => plain(terms),
        2 | 3 => faceted(terms),
        4 => cases(terms),
        5 => series(terms),
        6 => sliding(terms),
        7 => rows(terms),
        8 => nested(terms),
        _ => joined(terms),
    }
}

/// The window as `w`, and the rows that meet the condition as `r`.
pub struct Base {
    pub sql: String,
    pub tail: String,
    pub zone: usize,
}

pub fn base(terms: &mut Terms, bucket: &str, bucket_end: &str, from: i64) -> Base {
    let zone = terms.random.below(ZONES.len());
    let condition = terms.condition(zone);
    let (begin, end) = (NOW - HOUR, NOW);
    let sql = format!(
        "WITH w AS (SELECT *, {bucket} AS bucket, {bucket_end} AS bucket_end FROM t \
         WHERE ts >= {begin} AND ts < {end}), \
         r AS (SELECT * FROM w WHERE ts >= {from} AND {})",
        condition.sql
    );
    let tail = format!("WHERE {} SINCE 1 hour ago WITH TIMEZONE '{}'", condition.nrql, ZONES[zone]);
    Base { sql, tail, zone }
}

pub fn aggregates(terms: &mut Terms, stretch: Stretch) -> (String, String, usize) {
    let count = 1 + terms.random.below(3);
    let made: Vec<Term> = (0..count).map(|_| terms.aggregate(stretch)).collect();
    let named = made.iter().enumerate().map(|(at, term)| format!("{} AS c{at}", term.nrql));
    let nrql: Vec<String> = named.collect();
    let sql: Vec<&str> = made.iter().map(|term| term.sql.as_str()).collect();
    (nrql.join(", "), sql.join(", "), count)
}

fn plain(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: HOUR, zone: base.zone });
    Question {
        shape: "one row",
        nrql: format!("SELECT {nrql} FROM T {}", base.tail),
        sql: format!("{} SELECT {sql} FROM r", base.sql),
        sql_of_nothing: None,
        keys: vec![],
        columns,
    }
}

fn faceted(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: HOUR, zone: base.zone });
    let (facet, several) = terms.random.pick(&[("g", false), ("g, b", true), ("b", false)]);
    let present: Vec<String> =
        facet.split(", ").map(|name| format!("{name} IS NOT NULL")).collect();
    let key = if several { "[g, CAST(b AS VARCHAR)]" } else { facet };
    Question {
        shape: "FACET",
        nrql: format!("SELECT {nrql} FROM T {} FACET {facet} LIMIT MAX", base.tail),
        sql: format!(
            "{} SELECT {key}, {sql} FROM r WHERE {} GROUP BY {facet}",
            base.sql,
            present.join(" AND ")
        ),
        sql_of_nothing: None,
        keys: vec!["facet"],
        columns,
    }
}

fn cases(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let (first, second) = (terms.condition(base.zone), terms.condition(base.zone));
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: HOUR, zone: base.zone });
    Question {
        shape: "FACET CASES",
        nrql: format!(
            "SELECT {nrql} FROM T {} FACET CASES(WHERE {} AS 'one', WHERE {} AS 'two') LIMIT MAX",
            base.tail, first.nrql, second.nrql
        ),
        sql: format!(
            "{}, k AS (SELECT *, CASE WHEN {} THEN 'one' WHEN {} THEN 'two' END AS kind FROM r) \
             SELECT kind, {sql} FROM k WHERE kind IS NOT NULL GROUP BY kind",
            base.sql, first.sql, second.sql
        ),
        sql_of_nothing: None,
        keys: vec!["facet"],
        columns,
    }
}

/// The begin moves forward until every bucket is whole.
fn series(terms: &mut Terms) -> Question {
    let minutes = terms.random.pick(&[5_i64, 7, 10, 25, 60]);
    let step = minutes * 60_000;
    let begin = NOW - HOUR / step * step;
    let bucket = format!("CAST(floor((ts - {begin}) / {step}) AS BIGINT)");
    let bucket_end = format!("({begin} + (floor((ts - {begin}) / {step}) + 1) * {step})");
    let base = base(terms, &bucket, &bucket_end, begin);
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: step, zone: base.zone });
    Question {
        shape: "TIMESERIES",
        nrql: format!("SELECT {nrql} FROM T {} TIMESERIES {minutes} minutes", base.tail),
        sql: format!(
            "{} SELECT ({begin} + bucket * {step}) // 1000, {sql} FROM r GROUP BY bucket",
            base.sql
        ),
        sql_of_nothing: Some(format!("{} SELECT {sql} FROM r WHERE false", base.sql)),
        keys: vec!["beginTimeSeconds"],
        columns,
    }
}

/// Buckets that overlap, or leave gaps.
fn sliding(terms: &mut Terms) -> Question {
    let (width, slide) = terms.random.pick(&[(10_i64, 5_i64), (20, 7), (5, 12)]);
    let (width, slide) = (width * 60_000, slide * 60_000);
    let count = (HOUR - width) / slide + 1;
    let begin = NOW - width - (count - 1) * slide;
    let base = base(terms, "0", "0", begin);
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: width, zone: base.zone });
    let sliding = format!(
        "{}, x AS (SELECT r.* REPLACE (i AS bucket, {begin} + i * {slide} + {width} AS bucket_end) \
         FROM range({count}) AS steps(i), r \
         WHERE ts >= {begin} + i * {slide} AND ts < {begin} + i * {slide} + {width})",
        base.sql
    );
    Question {
        shape: "SLIDE BY",
        nrql: format!("SELECT {nrql} FROM T {} TIMESERIES {width} SLIDE BY {slide}", base.tail),
        sql: format!(
            "{sliding} SELECT ({begin} + bucket * {slide}) // 1000, {sql} FROM x GROUP BY bucket"
        ),
        sql_of_nothing: Some(format!("{sliding} SELECT {sql} FROM x WHERE false")),
        keys: vec!["beginTimeSeconds"],
        columns,
    }
}

fn rows(terms: &mut Terms) -> Question {
    let base = base(terms, "0", "0", 0);
    let made: Vec<Term> = (0..3)
        .map(|_| match terms.random.below(3) {
            0 => terms.text(),
            1 => terms.condition(base.zone),
            _ => terms.number(base.zone),
        })
        .collect();
    let nrql: Vec<String> =
        made.iter().enumerate().map(|(at, term)| format!("{} AS c{at}", term.nrql)).collect();
    let sql: Vec<&str> = made.iter().map(|term| term.sql.as_str()).collect();
    Question {
        shape: "rows",
        nrql: format!("SELECT {} FROM T {} LIMIT MAX", nrql.join(", "), base.tail),
        sql: format!("{} SELECT ts, {} FROM r", base.sql, sql.join(", ")),
        sql_of_nothing: None,
        keys: vec!["timestamp"],
        columns: made.len(),
    }
}

fn nested(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let inner = terms.aggregate(Stretch { millis: HOUR, zone: base.zone });
    let (outer, outer_sql) = terms.random.pick(&[
        ("count(*)", "count(*)"),
        ("count(x)", "count(x)"),
        ("uniqueCount(g)", "count(DISTINCT g)"),
    ]);
    Question {
        shape: "nested",
        nrql: format!(
            "SELECT {outer} AS c0 FROM (SELECT {} AS x FROM T {} FACET g LIMIT MAX) \
             SINCE 1 hour ago WITH TIMEZONE '{}'",
            inner.nrql,
            base.tail.split(" SINCE ").next().unwrap_or_default(),
            ZONES[base.zone]
        ),
        sql: format!(
            "{} SELECT {outer_sql} FROM (SELECT g, {} AS x FROM r WHERE g IS NOT NULL GROUP BY g)",
            base.sql, inner.sql
        ),
        sql_of_nothing: None,
        keys: vec![],
        columns: 1,
    }
}

fn joined(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let left = terms.random.one_in(2);
    let (word, sql_word) = if left { ("LEFT JOIN", "LEFT JOIN") } else { ("JOIN", "JOIN") };
    Question {
        shape: "JOIN",
        nrql: format!(
            "FROM T {word} (FROM T SELECT count(*) AS k WHERE n > 10 FACET g LIMIT MAX) ON g \
             SELECT count(*) AS c0, sum(k) AS c1, count(k) AS c2 {}",
            base.tail
        ),
        sql: format!(
            "{}, p AS (SELECT g AS key, count(*) AS k FROM w WHERE n > 10 AND g IS NOT NULL \
             GROUP BY g) SELECT count(*), coalesce(sum(k), 0), count(k) FROM r {sql_word} p ON g = key",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec![],
        columns: 3,
    }
}

/// The row's keys and columns, as SQL gives them.
pub fn line_of(question: &Question, row: &Row) -> Vec<Json> {
    let keys = question.keys.iter().map(|key| match row.get(*key) {
        // DuckDB's lists have one type.
        Some(Json::Array(parts)) => parts.iter().map(as_text).collect(),
        other => other.cloned().unwrap_or(Json::Null),
    });
    let columns = (0..question.columns).map(|at| match row.get(&format!("c{at}")) {
        Some(Json::Object(map)) if map.len() == 1 => map.values().next().cloned(),
        other => other.cloned(),
    });
    keys.chain(columns.map(Option::unwrap_or_default)).collect()
}

fn as_text(value: &Json) -> Json {
    match value {
        Json::Bool(b) => b.to_string().into(),
        other => other.clone(),
    }
}
