//! The language reference: a page of Markdown, with the tables of functions and findings behind it.

use crate::code::Code;
use crate::function::{FUNCTIONS, Function, FunctionKind};

/// Everything before the tables.
const LANGUAGE: &str = include_str!("../reference/language.md");

/// What only planning finds; who plans tests that none is missing here.
const PLANNING: &[(&str, &str)] = &[
    ("NRQL-E0302", "what looks at single rows, beside aggregators"),
    (
        "NRQL-E0303",
        "a time or zone that can't be understood, or a window that ends before it starts",
    ),
    ("NRQL-E0304", "a TIMESERIES step that does not fit the window"),
    ("NRQL-E0305", "a pattern, path or format that can't be used"),
    ("NRQL-E0306", "a clause that can't stand at this place"),
    ("NRQL-E0307", "two columns of an inner query with one name"),
    ("NRQL-E0308", "a setting that must be a constant of a certain kind"),
    ("NRQL-E0309", "a subquery that gives more than its place takes"),
    ("NRQL-E0310", "a JOIN whose sides do not fit"),
    ("NRQL-E0311", "a PREDICT that does not fit its query"),
    ("NRQL-E0312", "a query that stands for more than can be computed"),
];

/// The whole reference as Markdown.
pub fn markdown() -> String {
    let mut page = LANGUAGE.to_owned();
    push_functions(&mut page, "Aggregators", FunctionKind::Aggregator);
    push_functions(&mut page, "Functions of one row, or of aggregates", FunctionKind::Scalar);
    push_functions(&mut page, "Groupings of FACET", FunctionKind::Facet);
    page.push_str("\n## Findings\n\n");
    for code in Code::ALL {
        page.push_str(&format!("- `{}`: {}\n", code.id(), code.meaning()));
    }
    for (code, meaning) in PLANNING {
        page.push_str(&format!("- `{code}`: {meaning}\n"));
    }
    page
}

/// Every example of the reference, one query each.
pub fn examples() -> impl Iterator<Item = &'static str> {
    let blocks = LANGUAGE.split("```nrql\n").skip(1);
    blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines())
}

fn push_functions(page: &mut String, title: &str, kind: FunctionKind) {
    page.push_str(&format!("\n## {title}\n\n"));
    for function in FUNCTIONS.iter().filter(|function| function.kind == kind) {
        page.push_str(&format!(
            "- `{}`{}: {}\n",
            function.signature(),
            also(function),
            function.doc
        ));
    }
}

fn also(function: &Function) -> String {
    match function.aliases {
        [] => String::new(),
        names => format!(" (also `{}`)", names.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analyze, format};

    #[test]
    fn every_example_is_right_and_comes_back() {
        let mut count = 0;
        for example in examples() {
            let parsed = analyze(example);
            assert!(parsed.diagnostics.is_empty(), "{example}\n{:?}", parsed.diagnostics);
            let text = format(&parsed.statement.unwrap());
            assert!(!analyze(&text).has_errors(), "{example}\nbecame\n{text}");
            count += 1;
        }
        assert!(count > 50, "only {count} examples");
    }

    #[test]
    fn every_function_has_an_example() {
        let text: String = examples().collect::<Vec<_>>().join("\n").to_lowercase();
        for function in FUNCTIONS {
            let name = function.name.to_lowercase();
            assert!(text.contains(&format!("{name}(")), "{} has no example", function.name);
        }
    }

    /// `WEIR_BLESS=1 cargo test -p weir-nrql` rewrites the page.
    #[test]
    fn the_committed_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/nrql.md");
        weir_testkit::golden(path, &markdown());
    }

    #[test]
    fn the_tables_stand_behind_the_page() {
        let page = markdown();
        assert!(page.starts_with("# NRQL\n"));
        assert!(page.contains("- `average(number)` (also `avg`)"));
        assert!(page.contains("- `NRQL-E0102`: HAVING"));
    }
}
