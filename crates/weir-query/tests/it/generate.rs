//! Random queries over every production of the grammar and every function, with a count of each.

mod term;

use std::collections::BTreeMap;

use super::splitmix::Random;

/// Makes queries and counts what they were made of.
pub struct Generator {
    pub random: Random,
    pub coverage: BTreeMap<String, usize>,
    depth: usize,
}

const ATTRIBUTES: &[&str] =
    &["n", "f", "g", "b", "m", "`odd name`", "a.b.99p", "timestamp", "none"];
const TEXTS: &[&str] = &["'a'", "'B%'", "r'\\d+'", "''", "'it\\'s'", "\"dq\"", "'5'"];
const NUMBERS: &[&str] = &["0", "1", "-3", "2.5", ".5", "1e+2", "400"];
const TIMES: &[&str] = &[
    "NOW",
    "1699999000000",
    "30 minutes AGO",
    "2 hours ago",
    "TODAY",
    "YESTERDAY",
    "MONDAY",
    "this hour",
    "LAST WEEK",
    "this month",
    "last quarter",
    "THIS YEAR",
    "today AT '01:00'",
    "yesterday at '23:30:15'",
    "sunday AT '02:30'",
    "'2023-11-05 01:30'",
    "'2023-11-01T00:00:00Z'",
    "'2023-10-29T02:30 [Europe/Berlin]'",
    "'20231101'",
    "'10:15'",
];

impl Generator {
    pub fn new(seed: u64) -> Self {
        Generator { random: Random(seed), coverage: BTreeMap::new(), depth: 0 }
    }

    fn note(&mut self, production: &str) {
        *self.coverage.entry(production.to_owned()).or_default() += 1;
    }

    pub fn statement(&mut self) -> String {
        if self.random.one_in(25) {
            self.note("show_stmt");
            return format!("SHOW EVENT TYPES {}", self.optional(2, Self::since));
        }
        self.depth = 0;
        self.note("statement");
        let mut clauses = self.body(Place::Outermost);
        if self.random.one_in(2) {
            clauses.push(self.since());
        }
        if self.random.one_in(4) {
            self.note("until");
            let until = if self.random.one_in(3) { self.random.pick(TIMES) } else { "now" };
            clauses.push(format!("UNTIL {until}"));
        }
        if self.random.one_in(5) {
            self.note("tz");
            clauses.push(format!(
                "WITH TIMEZONE '{}'",
                self.random.pick(&["Europe/Berlin", "UTC", "Asia/Kolkata"])
            ));
        }
        self.shuffled(clauses)
    }

    /// Clauses in any order.
    fn shuffled(&mut self, mut clauses: Vec<String>) -> String {
        clauses.retain(|clause| !clause.is_empty());
        for place in (1..clauses.len()).rev() {
            clauses.swap(place, self.random.below(place + 1));
        }
        clauses.join(" ")
    }

    /// In parentheses the first clause tells a query from an expression.
    fn shuffled_inner(&mut self, mut clauses: Vec<String>) -> String {
        let begins = |clause: &String| clause.starts_with("SELECT") || clause.starts_with("FROM");
        let at = clauses.iter().position(begins).unwrap_or_default();
        let first = clauses.remove(at);
        format!("{first} {}", self.shuffled(clauses))
    }

    fn optional(&mut self, one_in: usize, make: fn(&mut Self) -> String) -> String {
        if self.random.one_in(one_in) { make(self) } else { String::new() }
    }

    fn since(&mut self) -> String {
        self.note("since");
        format!("SINCE {}", self.random.pick(TIMES))
    }

    fn body(&mut self, place: Place) -> Vec<String> {
        self.depth += 1;
        let groups = place == Place::Scalar || !self.random.one_in(2);
        let mut clauses = vec![self.select(groups, place), self.from()];
        for _ in 0..[0, 0, 1, 1, 2][self.random.below(5)] {
            self.note("where");
            clauses.push(format!("WHERE {}", self.condition()));
        }
        if groups {
            clauses.extend(self.group_clauses(place));
        } else {
            clauses.push(self.optional(3, Self::order_by));
        }
        if self.random.one_in(3) {
            clauses.push(self.limit(groups));
        }
        for (clause, name) in [("EXTRAPOLATE", "extrapolate"), ("RAW", "raw")] {
            if self.random.one_in(12) {
                self.note(name);
                clauses.push(clause.into());
            }
        }
        if self.random.one_in(8) {
            self.note("with_vars");
            let expr = self.scalar();
            clauses.push(format!("WITH {expr} AS v1, aparse(g, '*-*') AS (v2, v3)"));
        }
        if self.random.one_in(25) {
            self.note("metric_format");
            clauses.push("WITH METRIC_FORMAT 'Custom/{action}/%'".into());
        }
        self.depth -= 1;
        clauses
    }

    fn group_clauses(&mut self, place: Place) -> Vec<String> {
        let mut clauses = Vec::new();
        if self.random.one_in(2) && place != Place::Scalar {
            clauses.push(self.facet());
        }
        let has_series = self.random.one_in(3) && matches!(place, Place::Outermost | Place::Inner);
        if has_series {
            let series = self.timeseries();
            clauses.push(series);
        }
        if place == Place::Outermost && self.random.one_in(3) {
            if has_series {
                self.note("predict");
                let model = [
                    "",
                    "holtwinters(seasonality: NONE, alpha: 0.5) ",
                    "holtwinters(seasonality: 10 minutes, gamma: .2) ",
                ];
                clauses
                    .push(format!("PREDICT {}BY 5 minutes USING 1 hour", self.random.pick(&model)));
            } else {
                self.note("compare");
                clauses.push(format!(
                    "COMPARE WITH {}",
                    self.random.pick(&["1 hour AGO", "1 day ago", "1 week"])
                ));
            }
        }
        clauses
    }

    fn select(&mut self, groups: bool, place: Place) -> String {
        self.note("select");
        let count = if place == Place::Scalar { 1 } else { 1 + self.random.below(4) };
        let items: Vec<String> = (0..count)
            .map(|at| {
                let item = match groups {
                    true => self.aggregate_expr(),
                    false if place == Place::Outermost && self.random.one_in(8) => "*".into(),
                    false => self.scalar(),
                };
                if item == "*" { item } else { self.aliased(item, at) }
            })
            .collect();
        format!("SELECT {}", items.join(", "))
    }

    fn aliased(&mut self, item: String, at: usize) -> String {
        self.note("alias");
        match self.random.below(3) {
            0 => format!("{item} AS 'name {at}'"),
            1 => format!("{item} AS `col {at}`"),
            _ => format!("{item} AS c{at}"),
        }
    }

    fn from(&mut self) -> String {
        self.note("from");
        let source = match self.random.below(if self.depth > 2 { 4 } else { 8 }) {
            0 | 1 => "T".to_owned(),
            2 => "T, `U`, Missing".into(),
            3 | 4 => "Metric".into(),
            5 => {
                self.note("source lookup");
                "lookup(names)".into()
            }
            6 => {
                self.note("source query");
                let inner = self.body(Place::Inner);
                format!("({})", self.shuffled_inner(inner))
            }
            _ => {
                self.note("join");
                let kind = self.random.pick(&["", "INNER ", "LEFT "]);
                let key = self.random.pick(&["g", "lower(g) = g"]);
                format!(
                    "T {kind}JOIN (FROM U SELECT count(*) AS partners FACET g LIMIT 50) ON {key}"
                )
            }
        };
        format!("FROM {source}")
    }

    fn facet(&mut self) -> String {
        self.note("facet");
        let items: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.facet_item()).collect();
        let order = if self.random.one_in(4) {
            self.note("facet order by");
            format!(" ORDER BY max(n) {}", self.random.pick(&["", "ASC", "DESC"]))
        } else {
            String::new()
        };
        format!("FACET {}{order}", items.join(", "))
    }

    fn facet_item(&mut self) -> String {
        match self.random.below(7) {
            0 => {
                self.note("cases");
                let (first, second) = (self.condition(), self.condition());
                format!("CASES(WHERE {first} AS 'first', {second})")
            }
            1 => {
                self.note("cases or");
                format!("CASES(WHERE {} AS 'first') OR g AS 'kind'", self.condition())
            }
            2 => {
                self.note("facet in");
                "g IN ('a', 'b', 'nobody')".into()
            }
            3 => {
                self.note("buckets");
                format!("buckets(n, {}, 5)", 10 + self.random.below(90))
            }
            4 => {
                self.note("dimensions");
                self.random
                    .pick(&[
                        "dimensions()",
                        "dimensions(exclude: {g})",
                        "dimensions(include: {'b', g})",
                    ])
                    .into()
            }
            5 => {
                self.note("facet coalesce");
                "none OR g AS grp".into()
            }
            _ => self.attribute(),
        }
    }

    fn timeseries(&mut self) -> String {
        self.note("timeseries");
        match self.random.below(6) {
            0 => "TIMESERIES".into(),
            1 => "TIMESERIES AUTO".into(),
            2 => "TIMESERIES MAX".into(),
            3 => "TIMESERIES 600000".into(),
            4 => "TIMESERIES 10 minutes".into(),
            _ => {
                self.note("slide by");
                format!(
                    "TIMESERIES 10 minutes SLIDE BY {}",
                    self.random.pick(&["5 minutes", "AUTO", "MAX"])
                )
            }
        }
    }

    fn order_by(&mut self) -> String {
        self.note("order_by");
        format!(
            "ORDER BY {} {}, timestamp DESC",
            self.attribute(),
            self.random.pick(&["", "ASC", "DESC"])
        )
    }

    fn limit(&mut self, groups: bool) -> String {
        self.note("limit");
        if !groups && self.random.one_in(2) {
            self.note("offset");
            return format!("LIMIT 5 OFFSET {}", self.random.below(5));
        }
        self.random.pick(&["LIMIT MAX", "LIMIT 1", "LIMIT 3"]).into()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outermost,
    Inner,
    /// A subquery that gives one value.
    Scalar,
}
