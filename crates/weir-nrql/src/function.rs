//! The functions of NRQL: names, arguments, one line of documentation each. Findings, completion
//! and hover read this table; what a function computes is the evaluator's business.

mod table;

pub use table::FUNCTIONS;

/// Where a function may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// Many rows to one value.
    Aggregator,
    /// One row, or values of aggregators, to one value.
    Scalar,
    /// A grouping: only as a FACET item.
    Facet,
}

/// One function. Names are compared without case.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    pub name: &'static str,
    /// Other names of the same function.
    pub aliases: &'static [&'static str],
    pub kind: FunctionKind,
    /// As a reader sees it, for example `attribute, [percent, …]`.
    pub parameters: &'static str,
    /// Positional arguments; WHERE conditions count.
    pub min_arguments: usize,
    /// `None` means any number.
    pub max_arguments: Option<usize>,
    /// Arguments that are given as `name: value`.
    pub named_arguments: &'static [&'static str],
    pub doc: &'static str,
}

impl Function {
    pub fn is_aggregator(&self) -> bool {
        self.kind == FunctionKind::Aggregator
    }

    /// `round(number, [multiple])`.
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.parameters)
    }

    pub(crate) fn takes(&self, argument_name: &str) -> bool {
        self.named_arguments.iter().any(|name| name.eq_ignore_ascii_case(argument_name))
    }
}

/// The function of a name or alias, in any case.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|f| {
        f.name.eq_ignore_ascii_case(name)
            || f.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

/// Named arguments of `holtwinters(…)` in PREDICT.
pub(crate) const HOLTWINTERS_ARGUMENTS: &[&str] = &["seasonality", "alpha", "beta", "gamma", "phi"];

/// Whether any function takes an argument of this name.
pub(crate) fn is_argument_name(name: &str) -> bool {
    let of_model = HOLTWINTERS_ARGUMENTS.iter().any(|n| n.eq_ignore_ascii_case(name));
    of_model || FUNCTIONS.iter().any(|f| f.takes(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_ranges_make_sense() {
        let mut seen = HashSet::new();
        for f in FUNCTIONS {
            for name in std::iter::once(&f.name).chain(f.aliases) {
                assert!(seen.insert(name.to_lowercase()), "{name} twice");
            }
            assert!(f.max_arguments.is_none_or(|max| max >= f.min_arguments), "{}", f.name);
            assert!(!f.doc.ends_with('.') && !f.doc.is_empty(), "{}", f.name);
        }
    }

    #[test]
    fn look_up_ignores_case_and_knows_aliases() {
        assert_eq!(function("UNIQUECOUNT").unwrap().name, "uniqueCount");
        assert_eq!(function("histogrampercentile").unwrap().name, "bucketPercentile");
        assert!(function("nope").is_none());
        assert!(is_argument_name("T") && is_argument_name("seasonality") && !is_argument_name("x"));
    }
}
