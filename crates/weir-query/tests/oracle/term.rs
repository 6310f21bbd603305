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

    pub fn plain_number(&mut self) -> Term {
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
        match self.random.below(10) {
            0 | 1 => self.plain_number(),
            2 => {
                let (a, b) = (self.number(zone), self.number(zone));
                let op = self.random.pick(&["+", "-", "*"]);
                self.note("arithmetic");
                term(
                    format!("({} {op} {})", a.nrql, b.nrql),
                    format!("(CAST({} AS DOUBLE) {op} CAST({} AS DOUBLE))", a.sql, b.sql),
                )
            }
            3 => {
                let (a, b) = (self.number(zone), self.number(zone));
                self.note("division");
                term(
                    format!("({} / {})", a.nrql, b.nrql),
                    format!("(CAST({} AS DOUBLE) / nullif(CAST({} AS DOUBLE), 0))", a.sql, b.sql),
                )
            }
            4 => {
                self.note("if");
                let (c, a, b) = (self.condition(zone), self.number(zone), self.number(zone));
                term(
                    format!("if({}, {}, {})", c.nrql, a.nrql, b.nrql),
                    format!("CASE WHEN {} THEN {} ELSE {} END", c.sql, a.sql, b.sql),
                )
            }
            5 => {
                self.note("coalesce");
                let (a, b) = (self.plain_number(), self.plain_number());
                term(
                    format!("({} OR {} OR 3)", a.nrql, b.nrql),
                    format!("coalesce({}, {}, 3)", a.sql, b.sql),
                )
            }
            _ => self.numeric_call(zone),
        }
    }

    /// A text or null.
    pub fn text(&mut self) -> Term {
        self.depth += 1;
        let made = match self.random.below(if self.depth > 3 { 2 } else { 12 }) {
            0 => term("s", "s"),
            1 => term("g", "g"),
            _ => self.textual_call(),
        };
        self.depth -= 1;
        made
    }

    /// True or false, never null: NRQL's rule about missing values is written out in the SQL.
    pub fn condition(&mut self, zone: usize) -> Term {
        self.depth += 1;
        let made = match self.random.below(if self.depth > 3 { 6 } else { 12 }) {
            0 | 1 => self.comparison(zone),
            10 => {
                self.note("rlike");
                let not = self.random.pick(&["", "NOT "]);
                let (sql, missing) = match not {
                    "" => ("regexp_full_match(s, '[a-c]+')", "false"),
                    _ => ("NOT regexp_full_match(s, '[a-c]+')", "true"),
                };
                term(format!("s {not}RLIKE r'[a-c]+'"), format!("coalesce({sql}, {missing})"))
            }
            11 => {
                self.note("in subquery");
                term(
                    "g IN (SELECT uniques(g) FROM T WHERE n > 20)",
                    "coalesce(g IN (SELECT g FROM w WHERE n > 20 AND g IS NOT NULL), false)",
                )
            }
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
