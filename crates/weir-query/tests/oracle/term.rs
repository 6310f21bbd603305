//! Random terms, each in NRQL and in SQL that says the same.

use std::collections::BTreeMap;

use crate::splitmix::Random;

/// The same in both languages.
#[derive(Debug, Clone)]
pub struct Term {
    pub nrql: String,
    pub sql: String,
}

pub fn term(nrql: impl Into<String>, sql: impl Into<String>) -> Term {
    Term { nrql: nrql.into(), sql: sql.into() }
}

/// Makes terms and counts what they were made of.
pub struct Terms {
    pub random: Random,
    pub coverage: BTreeMap<&'static str, usize>,
    depth: usize,
}

/// Calendar functions and the columns that Python's own zone database fills.
const CALENDAR: [(&str, &str); 4] =
    [("hourOf", "hour"), ("weekdayOf", "weekday"), ("dayOfMonthOf", "day"), ("monthOf", "month")];

impl Terms {
    pub fn new(seed: u64) -> Self {
        Terms { random: Random(seed), coverage: BTreeMap::new(), depth: 0 }
    }

    pub fn note(&mut self, name: &'static str) {
        *self.coverage.entry(name).or_default() += 1;
    }

    /// A number or null. `zone` is the place of the query's zone.
    pub fn number(&mut self, zone: usize) -> Term {
        self.depth += 1;
        let made = if self.depth > 3 { self.plain_number() } else { self.deep_number(zone) };
        self.depth -= 1;
        made
    }

    fn plain_number(&mut self) -> Term {
        match self.random.below(5) {
            0 => term("n", "n"),
            1 => term("f", "f"),
            // A text or boolean is no number: 0 keeps what is none apart from what is missing.
            2 => term("(m + 0)", "m_number"),
            3 => {
                let literal = self.random.pick(&["0", "1", "7", "2.5", "0.25", "100"]);
                term(literal, literal)
            }
            _ => term("numeric(digits)", "try_cast(digits AS DOUBLE)"),
        }
    }

    fn deep_number(&mut self, zone: usize) -> Term {
        match self.random.below(14) {
            0..=2 => self.plain_number(),
            3 => {
                let (a, b) = (self.number(zone), self.number(zone));
                let op = self.random.pick(&["+", "-", "*"]);
                self.note("arithmetic");
                term(
                    format!("({} {op} {})", a.nrql, b.nrql),
                    format!("(CAST({} AS DOUBLE) {op} CAST({} AS DOUBLE))", a.sql, b.sql),
                )
            }
            4 => {
                let (a, b) = (self.number(zone), self.number(zone));
                self.note("division");
                term(
                    format!("({} / {})", a.nrql, b.nrql),
                    format!("(CAST({} AS DOUBLE) / nullif(CAST({} AS DOUBLE), 0))", a.sql, b.sql),
                )
            }
            5 => self.rounding(zone),
            6 => self.logarithm(zone),
            7 => {
                self.note("mod");
                let a = self.plain_number();
                let by = self.random.pick(&["3", "-4", "2.5"]);
                let x = format!("CAST({} AS DOUBLE)", a.sql);
                term(format!("mod({}, {by})", a.nrql), format!("({x} - {by} * floor({x} / {by}))"))
            }
            8 => {
                self.note("clamp");
                let a = self.number(zone);
                let (name, sql) =
                    self.random.pick(&[("clamp_max", "least"), ("clamp_min", "greatest")]);
                term(
                    format!("{name}({}, 5)", a.nrql),
                    format!(
                        "CASE WHEN ({0}) IS NOT NULL THEN {sql}(CAST({0} AS DOUBLE), 5) END",
                        a.sql
                    ),
                )
            }
            9 => {
                self.note("if");
                let (c, a, b) = (self.condition(zone), self.number(zone), self.number(zone));
                term(
                    format!("if({}, {}, {})", c.nrql, a.nrql, b.nrql),
                    format!("CASE WHEN {} THEN {} ELSE {} END", c.sql, a.sql, b.sql),
                )
            }
            10 => {
                self.note("coalesce");
                let (a, b) = (self.plain_number(), self.plain_number());
                term(
                    format!("({} OR {} OR 3)", a.nrql, b.nrql),
                    format!("coalesce({}, {}, 3)", a.sql, b.sql),
                )
            }
            11 => {
                self.note("length");
                let s = self.text();
                term(format!("length({})", s.nrql), format!("length({})", s.sql))
            }
            12 => {
                self.note("position");
                term("position(s, 'a')", "nullif(instr(s, 'a') - 1, -1)")
            }
            _ => {
                self.note("calendar");
                let (function, column) = self.random.pick(&CALENDAR);
                term(format!("{function}(timestamp, numeric)"), format!("{column}_{zone}"))
            }
        }
    }

    fn rounding(&mut self, zone: usize) -> Term {
        self.note("rounding");
        let a = self.number(zone);
        let x = format!("CAST({} AS DOUBLE)", a.sql);
        match self.random.below(4) {
            0 => term(format!("abs({})", a.nrql), format!("abs({x})")),
            1 => term(format!("ceil({})", a.nrql), format!("ceil({x})")),
            2 => term(format!("floor({})", a.nrql), format!("floor({x})")),
            _ => term(format!("round({}, 10)", a.nrql), format!("(round({x} / 10) * 10)")),
        }
    }

    fn logarithm(&mut self, zone: usize) -> Term {
        self.note("logarithm");
        let a = self.number(zone);
        let x = format!("CAST({} AS DOUBLE)", a.sql);
        let guarded = |sql: &str, bound: &str| format!("CASE WHEN {x} {bound} THEN {sql}({x}) END");
        match self.random.below(5) {
            0 => term(format!("ln({})", a.nrql), guarded("ln", "> 0")),
            1 => term(format!("log2({})", a.nrql), guarded("log2", "> 0")),
            2 => term(format!("log10({})", a.nrql), guarded("log10", "> 0")),
            3 => term(format!("sqrt({})", a.nrql), guarded("sqrt", ">= 0")),
            _ => term(
                format!("pow(clamp_max(abs({}), 20), 2)", a.nrql),
                format!("CASE WHEN {x} IS NOT NULL THEN pow(least(abs({x}), 20), 2) END"),
            ),
        }
    }

    /// A text or null.
    pub fn text(&mut self) -> Term {
        self.depth += 1;
        let made = match self.random.below(if self.depth > 3 { 2 } else { 7 }) {
            0 => term("s", "s"),
            1 => term("g", "g"),
            2 => {
                self.note("case");
                let (s, name) = (self.text(), self.random.pick(&["lower", "upper"]));
                term(format!("{name}({})", s.nrql), format!("{name}({})", s.sql))
            }
            3 => {
                self.note("concat");
                let (a, b) = (self.text(), self.text());
                term(
                    format!("concat({}, '-', {})", a.nrql, b.nrql),
                    format!("concat({}, '-', {})", a.sql, b.sql),
                )
            }
            4 => {
                self.note("substring");
                term("substring(s, 1, 2)", "substring(s, 2, 2)")
            }
            5 => {
                self.note("string");
                term("string(n)", "CAST(n AS VARCHAR)")
            }
            _ => {
                self.note("capture");
                term(
                    r"capture(s, r'(?P<first>[a-z]+).*')",
                    r"nullif(regexp_extract(s, '^([a-z]+)(.|\n)*$', 1), '')",
                )
            }
        };
        self.depth -= 1;
        made
    }

    /// True or false, never null: NRQL's rule about missing values is written out in the SQL.
    pub fn condition(&mut self, zone: usize) -> Term {
        self.depth += 1;
        let made = match self.random.below(if self.depth > 3 { 6 } else { 10 }) {
            0 | 1 => self.comparison(zone),
            2 => {
                self.note("like");
                let pattern = self.random.pick(&["a%", "%B%", "a_c", "%"]);
                let not = self.random.pick(&["", "NOT "]);
                let sql_pattern = pattern.replace('_', "\\_");
                let missing = if not.is_empty() { "false" } else { "true" };
                term(
                    format!("s {not}LIKE '{pattern}'"),
                    format!("coalesce(s {not}ILIKE '{sql_pattern}' ESCAPE '\\', {missing})"),
                )
            }
            3 => {
                self.note("in");
                let not = self.random.pick(&["", "NOT "]);
                let missing = if not.is_empty() { "false" } else { "true" };
                term(
                    format!("g {not}IN ('a', 'B', 'zz')"),
                    format!("coalesce(g {not}IN ('a', 'B', 'zz'), {missing})"),
                )
            }
            4 => {
                self.note("is null");
                let column = self.random.pick(&["n", "g", "b", "s"]);
                let not = self.random.pick(&["", "NOT "]);
                term(format!("{column} IS {not}NULL"), format!("{column} IS {not}NULL"))
            }
            5 => {
                self.note("boolean");
                let form = self.random.pick(&["b IS TRUE", "b IS NOT FALSE", "b IS NOT TRUE"]);
                term(form, form)
            }
            6 => self.joined("AND", zone),
            7 => self.joined("OR", zone),
            8 => {
                self.note("not");
                let c = self.condition(zone);
                term(format!("NOT ({})", c.nrql), format!("NOT ({})", c.sql))
            }
            _ => {
                self.note("subquery");
                term(
                    "n > (SELECT average(n) FROM T)",
                    "coalesce(n > (SELECT avg(n) FROM w), false)",
                )
            }
        };
        self.depth -= 1;
        made
    }

    fn comparison(&mut self, zone: usize) -> Term {
        self.note("comparison");
        let op = self.random.pick(&["=", "!=", "<", "<=", ">", ">="]);
        let (a, b) = match self.random.below(3) {
            0 => (self.text(), self.text()),
            _ => (self.number(zone), self.number(zone)),
        };
        let missing = op == "!=";
        term(
            format!("{} {op} {}", a.nrql, b.nrql),
            format!("coalesce(({}) {op} ({}), {missing})", a.sql, b.sql),
        )
    }

    fn joined(&mut self, word: &'static str, zone: usize) -> Term {
        self.note("and or");
        let (a, b) = (self.condition(zone), self.condition(zone));
        term(format!("({} {word} {})", a.nrql, b.nrql), format!("({} {word} {})", a.sql, b.sql))
    }
}
