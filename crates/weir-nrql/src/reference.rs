//! The language reference: a page of Markdown, with the tables of functions and findings behind it.

use crate::code::Code;
use crate::function::{FUNCTIONS, Function, FunctionKind};

/// Everything before the tables.
const LANGUAGE: &str = include_str!("../reference/language.md");

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

    #[test]
    fn the_tables_stand_behind_the_page() {
        let page = markdown();
        assert!(page.starts_with("# NRQL\n"));
        assert!(page.contains("- `average(number)` (also `avg`)"));
        assert!(page.contains("- `NRQL-E0102`: HAVING"));
    }
}
