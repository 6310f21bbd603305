//! Expressions: conditions, values of rows, aggregates.

use weir_nrql::function::{FUNCTIONS, Function, FunctionKind};

use super::{ATTRIBUTES, Generator, NUMBERS, Place, TEXTS};

impl Generator {
    pub(super) fn attribute(&mut self) -> String {
        self.note("identifier");
        let name = self.random.pick(ATTRIBUTES);
        if name.starts_with('`') {
            self.note("backtick_ident");
        }
        name.into()
    }

    pub(super) fn condition(&mut self) -> String {
        self.depth += 1;
        let made = if self.depth > 5 {
            self.predicate()
        } else {
            match self.random.below(8) {
                0 => {
                    self.note("or_expr");
                    format!("({} OR {})", self.condition(), self.condition())
                }
                1 => {
                    self.note("and_expr");
                    format!("{} AND {}", self.condition(), self.condition())
                }
                2 => {
                    self.note("not_expr");
                    format!("NOT ({})", self.condition())
                }
                _ => self.predicate(),
            }
        };
        self.depth -= 1;
        made
    }

    pub(super) fn predicate(&mut self) -> String {
        let not = if self.random.one_in(2) { "NOT " } else { "" };
        match self.random.below(8) {
            0 | 1 => {
                self.note("cmp_op");
                let op = self.random.pick(&["=", "!=", "<", "<=", ">", ">=", "<>"]);
                let (left, right) = (self.scalar(), self.scalar());
                // Nothing equals null, and saying so is refused.
                let right = if right == "null" { "0".into() } else { right };
                format!("{left} {op} {right}")
            }
            2 => {
                self.note("is");
                format!(
                    "{} IS {not}{}",
                    self.attribute(),
                    self.random.pick(&["NULL", "TRUE", "FALSE"])
                )
            }
            3 => {
                self.note("in list");
                format!(
                    "{} {not}IN ({}, {}, null)",
                    self.attribute(),
                    self.random.pick(NUMBERS),
                    self.random.pick(TEXTS)
                )
            }
            4 if self.depth < 4 => {
                self.note("in subquery");
                format!("g {not}IN (SELECT uniques(g) FROM U)")
            }
            5 => {
                self.note("like");
                format!("{} {not}LIKE {}", self.attribute(), self.random.pick(TEXTS))
            }
            6 => {
                self.note("rlike");
                format!("{} {not}RLIKE r'(?i)[a-c].*'", self.attribute())
            }
            _ => {
                self.note("bare condition");
                self.random.pick(&["b", "n", "true"]).into()
            }
        }
    }

    /// A row-level value.
    pub(super) fn scalar(&mut self) -> String {
        self.depth += 1;
        let made = if self.depth > 5 {
            self.leaf()
        } else {
            match self.random.below(12) {
                0 => {
                    self.note("additive");
                    format!(
                        "({} {} {})",
                        self.scalar(),
                        self.random.pick(&["+", "-"]),
                        self.scalar()
                    )
                }
                2 => {
                    self.note("multiplicative");
                    format!("{} {} {}", self.leaf(), self.random.pick(&["*", "/"]), self.leaf())
                }
                3 => {
                    self.note("coalesce");
                    format!("({} OR {})", self.attribute(), self.random.pick(NUMBERS))
                }
                4..=9 => self.scalar_call(),
                10 if self.depth < 3 => {
                    self.note("subquery");
                    let inner = self.body(Place::Scalar);
                    let inner = inner.into_iter().filter(|c| !c.starts_with("FACET")).collect();
                    format!("({})", self.shuffled_inner(inner))
                }
                _ => self.leaf(),
            }
        };
        self.depth -= 1;
        made
    }

    pub(super) fn leaf(&mut self) -> String {
        match self.random.below(6) {
            0 | 1 => self.attribute(),
            2 => {
                self.note("number");
                self.random.pick(NUMBERS).into()
            }
            3 => {
                self.note("string");
                self.random.pick(TEXTS).into()
            }
            4 => {
                self.note("postfix");
                self.random.pick(&["jparse(j)[a]", "jparse(j)[0]", "jparse(j)['k']"]).into()
            }
            _ => {
                let made = self.random.pick(&["true", "FALSE", "null", "-n", "+1"]);
                self.note(if made.starts_with(['-', '+']) { "unary" } else { "literal" });
                made.into()
            }
        }
    }

    pub(super) fn scalar_call(&mut self) -> String {
        let scalars: Vec<&Function> =
            FUNCTIONS.iter().filter(|f| f.kind == FunctionKind::Scalar).collect();
        // The rarer of two keeps all of them about as frequent.
        let pair = [0, 1].map(|_| scalars[self.random.below(scalars.len())]);
        let seen = |f: &Function| self.coverage.get(&format!("{}()", f.name)).copied();
        let function = if seen(pair[0]) <= seen(pair[1]) { pair[0] } else { pair[1] };
        let of_row = |generator: &mut Self| generator.leaf();
        self.call(function, of_row)
    }

    /// A call with arguments that fit; `value` makes those that may be anything.
    pub(super) fn call(&mut self, function: &Function, value: fn(&mut Self) -> String) -> String {
        self.note(&format!("{}()", function.name));
        let name = match self.random.below(3) {
            0 => function.name.to_uppercase(),
            _ => function.aliases.first().copied().unwrap_or(function.name).to_owned(),
        };
        let first = value(self);
        let date_form = self.random.pick(&["", ", numeric", ", 'string'"]);
        let arguments = match function.name {
            "random" | "eventType" | "accountId" | "keyset" | "byteCountEstimate"
            | "aggregationEndTime" | "datapointCount" => String::new(),
            "capture" => format!("{first}, r'(?P<x>\\w+).*'"),
            "aparse" => format!("{first}, '*-%'"),
            "jparse" => format!("j, '{}'", self.random.pick(&["a", "a[0]", "k[*]", "[1:]"])),
            "mapKeys" | "mapValues" => "jparse(j)".into(),
            "decode" | "encode" => {
                format!("{first}, '{}'", self.random.pick(&["base64", "base64url", "base64mime"]))
            }
            "cidrAddress" => format!("{first}, 24, cidrFormat: true"),
            "convert" => format!("{first}, 'ms', '{}'", self.random.pick(&["s", "min", "By"])),
            "toDatetime" | "toTimestamp" => {
                format!("{first}, 'yyyy-MM-dd', timezone: 'Europe/Berlin'")
            }
            "getField" => format!("{first}, 'k'"),
            "if" => format!("{}, {first}, {}", self.condition_for(value), value(self)),
            "concat" => format!("{first}, {}, precision: 2", value(self)),
            "string" => format!("{first}, precision: 1"),
            "round" => format!("{first}, {}", self.random.pick(&["1", ".01", "10"])),
            "substring" => format!("{first}, {}, 2", self.random.pick(&["0", "1", "-2"])),
            "position" => format!("{first}, 'a', {}", self.random.pick(&["0", "-1"])),
            "contains" => format!("tuple(g, n), {first}"),
            "pow" | "mod" | "log" | "clamp_max" | "clamp_min" | "getCdfCount" | "tuple" => {
                format!("{first}, {}", self.random.pick(NUMBERS))
            }
            name if name.ends_with("Of") => format!("{first}{date_form}"),
            _ => first,
        };
        if arguments.contains(": ") {
            self.note("named_arg");
        }
        format!("{name}({arguments})")
    }

    /// The condition of `if`, at the level of its other arguments.
    pub(super) fn condition_for(&mut self, value: fn(&mut Self) -> String) -> String {
        format!("{} > {}", value(self), self.random.pick(NUMBERS))
    }

    pub(super) fn aggregate_expr(&mut self) -> String {
        match self.random.below(8) {
            0 => {
                self.note("arithmetic over aggregates");
                format!(
                    "{} {} {}",
                    self.aggregate(),
                    self.random.pick(&["+", "-", "*", "/"]),
                    self.aggregate()
                )
            }
            1 => {
                self.note("coalesce over aggregates");
                format!("{} OR 0", self.aggregate())
            }
            2 => {
                let names = ["round", "abs", "clamp_max", "if", "concat"];
                let wanted = self.random.pick(&names);
                let function = FUNCTIONS.iter().find(|f| f.name == wanted).unwrap();
                self.call(function, Self::aggregate)
            }
            _ => self.aggregate(),
        }
    }

    pub(super) fn aggregate(&mut self) -> String {
        let aggregators: Vec<&Function> = FUNCTIONS.iter().filter(|f| f.is_aggregator()).collect();
        let function = aggregators[self.random.below(aggregators.len())];
        self.note(&format!("{}()", function.name));
        let mut attribute = self.random.pick(&["n", "f", "m", "g", "cpu", "requests", "'n'"]);
        // Refused where no metrics are read, so not often.
        if self.random.one_in(30) {
            self.note("wildcard");
            attribute = self.random.pick(&["c%", "%quest%", "%"]);
        }
        let number = match self.random.below(6) {
            0 => format!("{attribute} * 2"),
            1 => self.scalar_call(),
            _ => attribute.into(),
        };
        let arguments = match function.name {
            "count" => self.random.pick(&["*", "n", "g", "1"]).into(),
            "percentile" => format!("{number}, 50, 99.9"),
            "uniqueCount" => format!("{attribute}, g, precision: 512"),
            "uniques" => self.random.pick(&["g", "n, 3", "tuple(g, b)"]).into(),
            "latestRate" | "derivative" | "predictLinear" => {
                self.note("duration");
                format!("{number}, 1 minute")
            }
            "rate" => format!(
                "{}, 30 seconds",
                self.random.pick(&["count(*)", "sum(n)", "filter(count(*), WHERE b)"])
            ),
            "histogram" => format!(
                "{number}, {}",
                self.random.pick(&["100, 5, -10", "width: 10, buckets: 4, start: 5"])
            ),
            "bucketPercentile" => format!("{attribute}, 50, 95"),
            "cdfPercentage" => format!("{number}, 1, (10 * 5)"),
            "percentage" | "filter" => {
                self.note("where argument");
                format!(
                    "{}, WHERE {}",
                    self.random.pick(&[
                        "count(*)",
                        "sum(n) / count(*)",
                        "max(f)",
                        "percentile(n, 50)"
                    ]),
                    self.condition()
                )
            }
            "apdex" => format!("{number}, t:0.5"),
            "funnel" => {
                format!("g, WHERE {} AS 'one', WHERE {}", self.condition(), self.condition())
            }
            "cardinality" => {
                self.note("set");
                self.random.pick(&["", "n", "cpu, include: {g, 'b'}", "exclude: {g}"]).into()
            }
            "keyset" | "byteCountEstimate" | "aggregationEndTime" | "datapointCount" => {
                String::new()
            }
            _ => number,
        };
        format!("{}({arguments})", function.name)
    }
}
