//! Random calls of scalar functions, each in NRQL and in SQL that says the same.

use crate::term::{Term, Terms, term};

/// Functions of numbers; the calendar's read columns that Python's own zone database fills.
pub const NUMERIC: &[&str] = &[
    "abs",
    "ceil",
    "floor",
    "round",
    "ln",
    "log2",
    "log10",
    "log",
    "exp",
    "sqrt",
    "pow",
    "mod",
    "clamp_max",
    "clamp_min",
    "numeric",
    "convert",
    "length",
    "position",
    "jparse",
    "getField",
    "getCdfCount",
    "toTimestamp",
    "yearOf",
    "quarterOf",
    "monthOf",
    "weekOf",
    "weekdayOf",
    "dayOfMonthOf",
    "daysInMonthOf",
    "hourOf",
    "minuteOf",
    "accountId",
];
pub const TEXTUAL: &[&str] = &[
    "lower",
    "upper",
    "concat",
    "substring",
    "string",
    "capture",
    "aparse",
    "encode",
    "decode",
    "toDatetime",
    "eventType",
];

impl Terms {
    /// One of several, those that were rarer before all others.
    pub fn rarer(&mut self, names: &[&'static str]) -> &'static str {
        let pair = [self.random.pick(names), self.random.pick(names)];
        let seen = |name: &str| self.coverage.get(name).copied().unwrap_or(0);
        let name = if seen(pair[0]) <= seen(pair[1]) { pair[0] } else { pair[1] };
        self.note(name);
        name
    }

    pub fn numeric_call(&mut self, zone: usize) -> Term {
        let name = self.rarer(NUMERIC);
        match name {
            "abs" | "ceil" | "floor" | "round" => self.rounding(name, zone),
            "ln" | "log2" | "log10" | "log" | "exp" | "sqrt" | "pow" => self.logarithm(name, zone),
            "mod" => {
                let a = self.plain_number();
                let by = self.random.pick(&["3", "-4", "2.5"]);
                let x = format!("CAST({} AS DOUBLE)", a.sql);
                term(format!("mod({}, {by})", a.nrql), format!("({x} - {by} * floor({x} / {by}))"))
            }
            "clamp_max" | "clamp_min" => {
                let a = self.number(zone);
                let sql = if name == "clamp_max" { "least" } else { "greatest" };
                let clamped = format!(
                    "CASE WHEN ({0}) IS NOT NULL THEN {sql}(CAST({0} AS DOUBLE), 5) END",
                    a.sql
                );
                term(format!("{name}({}, 5)", a.nrql), clamped)
            }
            "numeric" => term("numeric(digits)", "try_cast(digits AS DOUBLE)"),
            "convert" => {
                let a = self.number(zone);
                let sql = format!("(CAST({} AS DOUBLE) / 60)", a.sql);
                term(format!("convert({}, 's', 'min')", a.nrql), sql)
            }
            "length" => {
                let s = self.text();
                term(format!("length({})", s.nrql), format!("length({})", s.sql))
            }
            "position" => term("position(s, 'a')", "nullif(instr(s, 'a') - 1, -1)"),
            // Without `n` what stands in the brackets is no JSON, and that is null.
            "jparse" => term("jparse(concat('[1, ', n, ']'), '[1]')", "n"),
            "getField" => term("getField(jparse(concat('{\"k\": ', n, '}')), k)", "n"),
            "getCdfCount" => {
                let a = self.number(zone);
                let x = format!("CAST({} AS DOUBLE)", a.sql);
                let below = format!("CASE WHEN {x} <= 5 THEN 1 WHEN {x} IS NOT NULL THEN 0 END");
                term(format!("getCdfCount({}, 5)", a.nrql), below)
            }
            "toTimestamp" => {
                let written = "toDatetime(timestamp, 'yyyy-MM-dd HH:mm:ss', timezone: 'UTC')";
                let read =
                    format!("toTimestamp({written}, 'yyyy-MM-dd HH:mm:ss', timezone: 'UTC')");
                term(read, "(ts // 1000 * 1000)")
            }
            "accountId" => term("accountId()", "1"),
            _ => term(format!("{name}(timestamp, numeric)"), format!("{name}_{zone}")),
        }
    }

    fn rounding(&mut self, name: &str, zone: usize) -> Term {
        let a = self.number(zone);
        let x = format!("CAST({} AS DOUBLE)", a.sql);
        match name {
            "round" => term(format!("round({}, 10)", a.nrql), format!("(round({x} / 10) * 10)")),
            name => term(format!("{name}({})", a.nrql), format!("{name}({x})")),
        }
    }

    fn logarithm(&mut self, name: &str, zone: usize) -> Term {
        let a = self.number(zone);
        let x = format!("CAST({} AS DOUBLE)", a.sql);
        let guarded = |sql: &str, bound: &str| format!("CASE WHEN {x} {bound} THEN {sql} END");
        match name {
            "sqrt" => term(format!("sqrt({})", a.nrql), guarded(&format!("sqrt({x})"), ">= 0")),
            "log" => {
                term(format!("log({}, 3)", a.nrql), guarded(&format!("ln({x}) / ln(3)"), "> 0"))
            }
            "exp" => term(
                format!("exp(clamp_max({}, 5))", a.nrql),
                guarded(&format!("exp(least({x}, 5))"), "IS NOT NULL"),
            ),
            "pow" => term(
                format!("pow(clamp_max(abs({}), 20), 2)", a.nrql),
                guarded(&format!("pow(least(abs({x}), 20), 2)"), "IS NOT NULL"),
            ),
            name => term(format!("{name}({})", a.nrql), guarded(&format!("{name}({x})"), "> 0")),
        }
    }

    pub fn textual_call(&mut self) -> Term {
        let name = self.rarer(TEXTUAL);
        match name {
            "lower" | "upper" => {
                let s = self.text();
                term(format!("{name}({})", s.nrql), format!("{name}({})", s.sql))
            }
            "concat" => {
                let (a, b) = (self.text(), self.text());
                term(
                    format!("concat({}, '-', {})", a.nrql, b.nrql),
                    format!("concat({}, '-', {})", a.sql, b.sql),
                )
            }
            "substring" => term("substring(s, 1, 2)", "substring(s, 2, 2)"),
            "string" => term("string(n)", "CAST(n AS VARCHAR)"),
            "capture" => term(
                r"capture(s, r'(?P<first>[a-z]+).*')",
                r"nullif(regexp_extract(s, '^([a-z]+)(.|\n)*$', 1), '')",
            ),
            "aparse" => term("aparse(s, 'A*')", "CASE WHEN s ILIKE 'a%' THEN substring(s, 2) END"),
            "encode" => {
                let s = self.text();
                let sql = format!("to_base64(encode({}))", s.sql);
                term(format!("encode({}, 'base64')", s.nrql), sql)
            }
            "decode" => {
                let s = self.text();
                term(format!("decode(encode({}, 'base64'), 'base64')", s.nrql), s.sql)
            }
            "toDatetime" => term(
                "toDatetime(timestamp, 'yyyy/MM/dd HH:mm', timezone: 'UTC')",
                "strftime(make_timestamp(ts * 1000), '%Y/%m/%d %H:%M')",
            ),
            _ => term("eventType()", "'T'"),
        }
    }
}
