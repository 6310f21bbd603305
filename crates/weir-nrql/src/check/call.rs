//! Calls: known functions, arguments in number and name, aggregators where they may stand.

use weir_types::suggest::closest;

use super::{Checker, Place};
use crate::ast::{Argument, Call, NamedValue, Query};
use crate::code::Code;
use crate::findings::Help;
use crate::function::{FUNCTIONS, Function, FunctionKind, HOLTWINTERS_ARGUMENTS, function};
use crate::lexer::excerpt;

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call, place: Place) {
        let Some(known) = function(&call.name.text) else {
            self.unknown_function(call);
            return self.arguments(call, |_| place);
        };
        self.place_of(call, known, place);
        self.argument_count(call, known);
        self.argument_names(call, known.named_arguments);
        // filter, percentage and rate work on another aggregate; all others read rows.
        let wraps = ["filter", "percentage", "rate"].contains(&known.name);
        self.arguments(call, |index| match known.kind {
            FunctionKind::Aggregator if wraps && index == 0 => Place::Groups,
            FunctionKind::Aggregator => Place::Aggregator(known.name),
            _ => place,
        });
    }

    /// The model of PREDICT.
    pub(super) fn model(&mut self, query: &Query) {
        let Some(model) = query.predict.as_ref().and_then(|predict| predict.model.as_ref()) else {
            return;
        };
        if model.name.text.eq_ignore_ascii_case("holtwinters") {
            return self.argument_names(model, HOLTWINTERS_ARGUMENTS);
        }
        let message = format!("unknown model {}()", model.name.text);
        let help = "the model is holtwinters(…)";
        self.findings.error(Code::UnknownFunction, message, model.name.span, help.into());
    }

    fn arguments(&mut self, call: &Call, place: impl Fn(usize) -> Place) {
        for (index, argument) in call.arguments.iter().enumerate() {
            match argument {
                Argument::Expr(expr) => self.expr(expr, place(index)),
                Argument::Where(case) => self.expr(&case.condition, Place::Rows("a condition")),
                Argument::Named { value: NamedValue::Expr(expr), .. } => {
                    self.expr(expr, place(index));
                }
                Argument::Named { value: NamedValue::Set(members), .. } => {
                    members.iter().for_each(|member| self.expr(member, place(index)));
                }
            }
        }
    }

    fn unknown_function(&mut self, call: &Call) {
        let name = &call.name;
        let help = match (foreign_function(&name.text), self.coalesced(call)) {
            (_, Some(written)) => written.into(),
            (Some(help), None) => Help::from(help),
            (None, None) => closest(&name.text, FUNCTIONS.iter().map(|f| f.name))
                .map_or(Help::NONE, |meant| format!("did you mean {meant}()?").into()),
        };
        let message = format!("unknown function {}()", name.text);
        self.findings.error(Code::UnknownFunction, message, name.span, help);
    }

    /// SQL's functions for the first value that is not null, in NRQL with their own arguments.
    fn coalesced(&self, call: &Call) -> Option<String> {
        let is_coalesce = ["coalesce", "ifnull", "nvl"]
            .iter()
            .any(|name| call.name.text.eq_ignore_ascii_case(name));
        let values = call.arguments.iter().map(|argument| match argument {
            Argument::Expr(expr) => Some(excerpt(&self.text[expr.span.offset..expr.span.end()])),
            Argument::Where(_) | Argument::Named { .. } => None,
        });
        let values = values.collect::<Option<Vec<_>>>().filter(|values| values.len() > 1)?;
        is_coalesce.then(|| format!("write {}", values.join(" OR ")))
    }

    fn place_of(&mut self, call: &Call, known: &Function, place: Place) {
        let name = known.name;
        if known.kind == FunctionKind::Facet && place != Place::Facet {
            let message = format!("{name}() stands in FACET only");
            let help = format!("write FACET {}", known.signature());
            self.findings.error(Code::FacetOnlyFunction, message, call.span, help.into());
        }
        let (whole, help) = match place {
            _ if !known.is_aggregator() => return,
            Place::Groups => return,
            Place::Aggregator(outer) => (
                format!("aggregator {name}() stands inside {outer}()"),
                format!(
                    "nest the query: SELECT {outer}(x) FROM (SELECT {name}(…) AS x FROM … {})",
                    if needs_time(outer) { "TIMESERIES" } else { "FACET …" }
                ),
            ),
            Place::Facet => (
                format!("aggregator {name}() stands in FACET"),
                "FACET groups by attributes and functions of one row".into(),
            ),
            Place::Rows(clause) => (
                format!("aggregator {name}() stands in {clause}, which looks at single rows"),
                format!("nest the query: SELECT … FROM (SELECT {name}(…) AS x FROM …) WHERE x > 0"),
            ),
        };
        self.findings.error(Code::AggregatorMisplaced, whole, call.span, help.into());
    }

    fn argument_count(&mut self, call: &Call, known: &Function) {
        let positional = |a: &&Argument| !matches!(a, Argument::Named { .. });
        let given = call.arguments.iter().filter(positional).count();
        let (min, max) = (known.min_arguments, known.max_arguments);
        if given >= min && max.is_none_or(|max| given <= max) {
            return;
        }
        let takes = match max {
            Some(0) => "no arguments".to_string(),
            Some(1) if min == 1 => "1 argument".to_string(),
            Some(max) if max == min => format!("{min} arguments"),
            Some(max) => format!("{min} to {max} arguments"),
            None => format!("at least {min} argument{}", if min == 1 { "" } else { "s" }),
        };
        let message = format!("{}() takes {takes}, not {given}", known.name);
        let help = format!("the form is {}", known.signature());
        self.findings.error(Code::ArgumentCount, message, call.span, help.into());
    }

    fn argument_names(&mut self, call: &Call, known: &[&str]) {
        for argument in &call.arguments {
            let Argument::Named { name, span, .. } = argument else { continue };
            if known.iter().any(|k| k.eq_ignore_ascii_case(&name.text)) {
                continue;
            }
            let message = format!("{}() has no argument named '{}'", call.name.text, name.text);
            let help = match known {
                [] => "it takes no named arguments".to_string(),
                known => format!("it takes {}", known.join(", ")),
            };
            self.findings.error(Code::UnknownNamedArgument, message, *span, help.into());
        }
    }
}

/// Whether the function reads when a row was.
fn needs_time(name: &str) -> bool {
    ["derivative", "predictLinear", "latestRate"].contains(&name)
}

/// Functions of SQL, PromQL and other dashboards, and what NRQL has for them.
fn foreign_function(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "coalesce" | "ifnull" | "nvl" | "isnull" => "write a OR b: it gives b where a is null",
        "count_distinct" | "countdistinct" | "approx_count_distinct" | "distinct" => {
            "write uniqueCount(attribute)"
        }
        "ifthen" | "iff" | "iif" | "case" => "write if(condition, value, otherwise)",
        "deriv" => "write derivative(attribute, 1 minute)",
        "irate" => "write rate(aggregate, 1 minute) or latestRate(attribute, 1 minute)",
        "dayofweek" => "write weekdayOf(timestamp)",
        "slice" | "substr" => "write substring(string, start, length)",
        "len" => "write length(string)",
        "cast" | "to_number" => "write numeric(value), string(value) or boolean(value)",
        "ceiling" => "write ceil(number)",
        "power" => "write pow(number, exponent)",
        "mean" => "write average(number)",
        "last" => "write latest(attribute)",
        "first" => "write earliest(attribute)",
        "stdev" | "std" => "write stddev(number)",
        "variance" => "write stdvar(number)",
        "p50" | "p90" | "p95" | "p99" => "write percentile(number, 99)",
        "now" => "the window says when: SINCE 1 hour AGO UNTIL NOW",
        "date_trunc" | "time_bucket" | "bin" => "write TIMESERIES 5 minutes",
        "case_insensitive" | "regexp_match" => "write attribute RLIKE r'…'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::analyze;

    fn first(text: &str) -> (String, Option<String>) {
        let found = analyze(text).diagnostics.remove(0);
        (found.message, found.help)
    }

    #[test]
    fn unknown_functions_are_named_with_what_was_meant() {
        let (message, help) = first("SELECT uniquecuont(x) FROM T");
        assert_eq!(message, "unknown function uniquecuont()");
        assert_eq!(help.unwrap(), "did you mean uniqueCount()?");
        let (_, help) = first("SELECT COALESCE(latest(x), 0) FROM T");
        assert_eq!(help.unwrap(), "write latest(x) OR 0");
        let (_, help) = first("SELECT ISNULL(x) FROM T");
        assert_eq!(help.unwrap(), "write a OR b: it gives b where a is null");
        let (_, help) = first("SELECT derivative(sum(x), 1 minute) FROM T");
        assert!(help.unwrap().ends_with("(SELECT sum(…) AS x FROM … TIMESERIES)"));
        assert_eq!(first("SELECT baseline(x) FROM T").1, None);
    }

    #[test]
    fn arguments_are_counted_without_the_named_ones() {
        assert_eq!(first("SELECT sum() FROM T").0, "sum() takes 1 argument, not 0");
        assert_eq!(first("SELECT filter(count(*)) FROM T").0, "filter() takes 2 arguments, not 1");
        assert_eq!(
            first("SELECT percentile() FROM T").0,
            "percentile() takes at least 1 argument, not 0"
        );
        assert!(
            analyze("SELECT apdex(d, t: 0.5), uniqueCount(a, b, precision: 300) FROM T")
                .diagnostics
                .is_empty()
        );
    }

    #[test]
    fn named_arguments_belong_to_their_function() {
        let (message, help) = first("SELECT histogram(x, widht: 10) FROM T");
        assert_eq!(message, "histogram() has no argument named 'widht'");
        assert_eq!(help.unwrap(), "it takes width, buckets, start");
    }
}
