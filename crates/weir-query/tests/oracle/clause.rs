//! Questions about one clause each: how groups are made and chosen, rows ordered, windows compared.

use crate::aggregate::Stretch;
use crate::rows::NOW;
use crate::shape::{HOUR, Question, aggregates, base};
use crate::term::Terms;

pub fn question(terms: &mut Terms) -> Question {
    match terms.random.below(7) {
        0 => chosen_groups(terms),
        1 => listed_groups(terms),
        2 => ranges(terms),
        3 => first_of_several(terms),
        4 => ordered_rows(terms),
        5 => two_windows(terms),
        _ => variable(terms),
    }
}

/// LIMIT keeps the groups that the first aggregate says; of equal ones the smaller keys.
fn chosen_groups(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let (first, sql, order) = terms.random.pick(&[
        ("count(*)", "count(*)", "count(*) DESC"),
        ("sum(n)", "coalesce(sum(n), 0)", "coalesce(sum(n), 0) DESC"),
        ("max(f)", "max(f)", "max(f) DESC NULLS LAST"),
        ("min(n)", "min(n)", "min(n) ASC NULLS LAST"),
        ("latest(n)", "arg_max(n, ts * 10000 + seq) FILTER (WHERE n IS NOT NULL)", "count(n) DESC"),
        ("uniqueCount(n)", "count(DISTINCT n)", "count(n) DESC"),
    ]);
    Question {
        shape: "FACET LIMIT",
        nrql: format!("SELECT {first} AS c0, count(*) AS c1 FROM T {} FACET s LIMIT 3", base.tail),
        sql: format!(
            "{} SELECT s, {sql}, count(*) FROM r WHERE s IS NOT NULL GROUP BY s \
             ORDER BY {order}, s COLLATE \"C\" LIMIT 3",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec!["facet"],
        columns: 2,
    }
}

fn listed_groups(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    Question {
        shape: "FACET IN",
        nrql: format!(
            "SELECT count(*) AS c0, sum(n) AS c1, max(n) AS c2 FROM T {} \
             FACET g IN ('a', 'zz', 'B', '') LIMIT MAX",
            base.tail
        ),
        sql: format!(
            "{} SELECT k, count(ts), coalesce(sum(n), 0), max(n) \
             FROM (VALUES ('a'), ('zz'), ('B'), ('')) AS listed(k) LEFT JOIN r ON g = k GROUP BY k",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec!["facet"],
        columns: 3,
    }
}

fn ranges(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: HOUR, zone: base.zone });
    Question {
        shape: "FACET buckets",
        nrql: format!("SELECT {nrql} FROM T {} FACET buckets(n, 40, 4) LIMIT MAX", base.tail),
        sql: format!(
            "{}, k AS (SELECT *, CASE WHEN n < 10 THEN '0-10' WHEN n < 20 THEN '10-20' \
             WHEN n < 30 THEN '20-30' WHEN n >= 30 THEN '>=30' END AS kind FROM r) \
             SELECT kind, {sql} FROM k WHERE kind IS NOT NULL GROUP BY kind",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec!["facet"],
        columns,
    }
}

fn first_of_several(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let (nrql, sql, columns) = aggregates(terms, Stretch { millis: HOUR, zone: base.zone });
    Question {
        shape: "FACET a OR b",
        nrql: format!("SELECT {nrql} FROM T {} FACET g OR s AS name LIMIT MAX", base.tail),
        sql: format!(
            "{}, k AS (SELECT *, coalesce(g, s) AS kind FROM r) \
             SELECT kind, {sql} FROM k WHERE kind IS NOT NULL GROUP BY kind",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec!["facet"],
        columns,
    }
}

/// Of rows with equal values any may come first, so only the values are compared.
fn ordered_rows(terms: &mut Terms) -> Question {
    let base = base(terms, "0", "0", 0);
    let direction = terms.random.pick(&["ASC", "DESC"]);
    let (limit, offset) = (1 + terms.random.below(9), terms.random.below(9));
    Question {
        shape: "ORDER BY OFFSET",
        nrql: format!(
            "SELECT n AS c0, f AS c1 FROM T {} ORDER BY n {direction}, f LIMIT {limit} OFFSET {offset}",
            base.tail
        ),
        sql: format!(
            "{} SELECT n, f FROM r ORDER BY n {direction} NULLS LAST, f ASC NULLS LAST \
             LIMIT {limit} OFFSET {offset}",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec![],
        columns: 2,
    }
}

/// Half an hour, and the half hour before it. A subquery of the condition would see each half
/// alone, so there is none.
fn two_windows(terms: &mut Terms) -> Question {
    let mut base = base(terms, "0", &NOW.to_string(), 0);
    while base.tail.contains("(SELECT") {
        base = crate::shape::base(terms, "0", &NOW.to_string(), 0);
    }
    let middle = NOW - HOUR / 2;
    let half = |name: &str, side: &str| {
        format!(
            "SELECT '{name}', count(*), coalesce(sum(n), 0), avg(f) FROM r WHERE ts {side} {middle}"
        )
    };
    Question {
        shape: "COMPARE WITH",
        nrql: format!(
            "SELECT count(*) AS c0, sum(n) AS c1, average(f) AS c2 FROM T {} \
             COMPARE WITH 30 minutes ago",
            base.tail.replace("SINCE 1 hour ago", "SINCE 30 minutes ago")
        ),
        sql: format!("{} {} UNION ALL {}", base.sql, half("current", ">="), half("previous", "<")),
        sql_of_nothing: None,
        keys: vec!["comparison"],
        columns: 3,
    }
}

fn variable(terms: &mut Terms) -> Question {
    let base = base(terms, "0", &NOW.to_string(), 0);
    let value = terms.number(base.zone);
    let v = format!("CAST({} AS DOUBLE)", value.sql);
    Question {
        shape: "WITH",
        nrql: format!(
            "WITH {} AS v, v + 1 AS more SELECT sum(more) AS c0, count(v) AS c1 FROM T {}",
            value.nrql, base.tail
        ),
        sql: format!(
            "{}, k AS (SELECT {v} AS v FROM r) SELECT coalesce(sum(v + 1), 0), count(v) FROM k",
            base.sql
        ),
        sql_of_nothing: None,
        keys: vec![],
        columns: 2,
    }
}
