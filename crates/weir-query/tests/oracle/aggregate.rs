//! Random aggregates in both languages. SQL sees the rows of the window as `w`, whose `bucket`
//! and `bucket_end` say when; `FILTER` goes in by name.

use crate::term::{Term, Terms, term};

/// Times are counted from here in SQL, which keeps the digits of epoch milliseconds.
const BEGIN: i64 = crate::rows::NOW - 3_600_000;

/// Of the window or bucket, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    pub millis: i64,
    pub zone: usize,
}

impl Terms {
    /// An aggregate, sometimes inside `filter`, `percentage` or arithmetic.
    pub fn aggregate(&mut self, stretch: Stretch) -> Term {
        match self.random.below(12) {
            0 => {
                self.note("filter");
                let (inner, c) = (self.inner(stretch, "true"), self.condition(stretch.zone));
                let filtered = inner
                    .sql
                    .replace("FILTER (WHERE (true)", &format!("FILTER (WHERE ({})", c.sql));
                term(format!("filter({}, WHERE {})", inner.nrql, c.nrql), filtered)
            }
            1 => {
                self.note("percentage");
                let c = self.condition(stretch.zone);
                term(
                    format!("percentage(count(*), WHERE {})", c.nrql),
                    format!("(100.0 * count(*) FILTER (WHERE {}) / nullif(count(*), 0))", c.sql),
                )
            }
            2 => {
                self.note("arithmetic over aggregates");
                let (a, b) = (self.inner(stretch, "true"), self.inner(stretch, "true"));
                term(
                    format!("{} / {}", a.nrql, b.nrql),
                    format!("(CAST({} AS DOUBLE) / nullif(CAST({} AS DOUBLE), 0))", a.sql, b.sql),
                )
            }
            3 | 4 => self.spread(stretch),
            5 | 6 => self.of_lists(),
            _ => self.inner(stretch, "true"),
        }
    }

    /// One number of many rows.
    fn inner(&mut self, stretch: Stretch, rows: &str) -> Term {
        let x = self.number(stretch.zone);
        let n = &x.nrql;
        let v = format!("CAST({} AS DOUBLE)", x.sql);
        let only = format!("FILTER (WHERE ({rows}) AND {v} IS NOT NULL)");
        let all = format!("FILTER (WHERE ({rows}))");
        let made = match self.random.below(20) {
            0 => ("count(*)", term("count(*)", format!("count(*) {all}"))),
            1 => ("count(x)", term(format!("count({n})"), format!("count({v}) {only}"))),
            2 => ("sum", term(format!("sum({n})"), format!("coalesce(sum({v}) {only}, 0)"))),
            3 => ("average", term(format!("average({n})"), format!("avg({v}) {only}"))),
            4 => ("min", term(format!("min({n})"), format!("min({v}) {only}"))),
            5 => ("max", term(format!("max({n})"), format!("max({v}) {only}"))),
            6 => (
                "stddev",
                term(format!("stddev({n})"), format!("coalesce(stddev_pop({v}) {only}, 0)")),
            ),
            7 => (
                "stdvar",
                term(format!("stdvar({n})"), format!("coalesce(var_pop({v}) {only}, 0)")),
            ),
            8 => (
                "uniqueCount",
                term(format!("uniqueCount({n})"), format!("count(DISTINCT {v}) {only}")),
            ),
            9 => {
                let percent = self.random.pick(&[0, 25, 50, 90, 95, 100]);
                let sorted = format!("list_sort(list({v}) {only})");
                let rank = format!(
                    "greatest(1, CAST(ceil({percent} * count({v}) {only} / 100.0) AS INT))"
                );
                (
                    "percentile",
                    term(
                        format!("percentile({n}, {percent})"),
                        format!("coalesce({sorted}[{rank}], 0.0)"),
                    ),
                )
            }
            10 => (
                "latest",
                term(format!("latest({n})"), format!("arg_max({v}, ts * 10000 + seq) {only}")),
            ),
            11 => (
                "earliest",
                term(format!("earliest({n})"), format!("arg_min({v}, ts * 10000 + seq) {only}")),
            ),
            12 => (
                "rate",
                term(
                    "rate(count(*), 1 minute)",
                    format!("(60000.0 * count(*) {all} / {})", stretch.millis),
                ),
            ),
            13 => {
                let slope = format!(
                    "(regr_slope(n, ts - {BEGIN}) FILTER (WHERE ({rows}) AND n IS NOT NULL) * 60000)"
                );
                ("derivative", term("derivative(n, 1 minute)", finite(&slope)))
            }
            14 => {
                let only = format!("FILTER (WHERE ({rows}) AND n IS NOT NULL)");
                let line = format!(
                    "(regr_intercept(n, ts - {BEGIN}) {only} + regr_slope(n, ts - {BEGIN}) {only} \
                     * (any_value(bucket_end) + 60000 - {BEGIN}))"
                );
                ("predictLinear", term("predictLinear(n, 1 minute)", finite(&line)))
            }
            15 => ("median", {
                let sorted = format!("list_sort(list({v}) {only})");
                let rank = format!("greatest(1, CAST(ceil(count({v}) {only} / 2.0) AS INT))");
                term(format!("median({n})"), format!("coalesce({sorted}[{rank}], 0.0)"))
            }),
            16 => ("datapointCount", term("datapointCount()", format!("count(*) {all}"))),
            17 => ("latestRate", {
                let only = format!("FILTER (WHERE ({rows}) AND n IS NOT NULL)");
                let newest = |what: &str| format!("arg_max({what}, ts * 10000 + seq, 2) {only}");
                let (v, t) = (newest("n"), newest("ts"));
                let rate = format!("({v}[1] - {v}[2]) * 60000.0 / nullif({t}[1] - {t}[2], 0)");
                term("latestRate(n, 1 minute)", format!("({rate})"))
            }),
            18 => ("rate of a sum", {
                let sum = format!("coalesce(sum({v}) {only}, 0)");
                term(
                    format!("rate(sum({n}), 1 minute)"),
                    format!("(60000.0 * {sum} / {})", stretch.millis),
                )
            }),
            _ => (
                "uniqueCount of several",
                term(
                    "uniqueCount(g, b)",
                    format!(
                        "count(DISTINCT (g, b)) FILTER (WHERE ({rows}) AND g IS NOT NULL AND b IS NOT NULL)"
                    ),
                ),
            ),
        };
        self.note(made.0);
        made.1
    }

    fn spread(&mut self, stretch: Stretch) -> Term {
        let x = self.number(stretch.zone);
        let v = format!("CAST({} AS DOUBLE)", x.sql);
        let only = format!("FILTER (WHERE {v} IS NOT NULL)");
        match self.random.below(3) {
            0 => {
                self.note("histogram");
                let count = |place: usize| {
                    let place_of = format!("greatest(0, least(3, floor(({v} + 10) / 15)))");
                    format!("count(*) FILTER (WHERE {v} IS NOT NULL AND {place_of} = {place})")
                };
                let counts: Vec<String> = (0..4).map(count).collect();
                term(
                    format!("histogram({}, 60, 4, -10)", x.nrql),
                    format!("[{}]", counts.join(", ")),
                )
            }
            1 => {
                self.note("apdex");
                let s = format!("count(*) FILTER (WHERE {v} <= 5)");
                let t = format!("count(*) FILTER (WHERE {v} > 5 AND {v} <= 20)");
                term(
                    format!("apdex({}, t: 5)[score]", x.nrql),
                    format!("(({s} + {t} / 2.0) / nullif(count({v}), 0))"),
                )
            }
            _ => {
                self.note("cdfPercentage");
                term(
                    format!("cdfPercentage({}, 5)", x.nrql),
                    format!(
                        "coalesce(100.0 * count(*) FILTER (WHERE {v} <= 5) / nullif(count({v}) {only}, 0), 0.0)"
                    ),
                )
            }
        }
    }

    fn of_lists(&mut self) -> Term {
        match self.random.below(3) {
            0 => {
                self.note("uniques");
                term(
                    "uniques(g)",
                    "coalesce(list_sort(list(DISTINCT g) FILTER (WHERE g IS NOT NULL)), [])",
                )
            }
            1 => {
                self.note("latest of text");
                term("latest(s)", "arg_max(s, ts * 10000 + seq) FILTER (WHERE s IS NOT NULL)")
            }
            _ => {
                self.note("funnel");
                let first = "list(DISTINCT g) FILTER (WHERE g IS NOT NULL AND n > 20)";
                let second = "list(DISTINCT g) FILTER (WHERE g IS NOT NULL AND b IS TRUE)";
                term(
                    "funnel(g, WHERE n > 20 AS 'one', WHERE b IS TRUE AS 'two')['two']",
                    format!(
                        "coalesce(len(list_intersect(coalesce({first}, []), coalesce({second}, []))), 0)"
                    ),
                )
            }
        }
    }
}

/// DuckDB's NaN is a number, ours is null.
fn finite(sql: &str) -> String {
    format!("CASE WHEN isfinite({sql}) THEN {sql} END")
}
