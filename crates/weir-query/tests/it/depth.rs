//! The deepest texts that parse are answered on the stack of a worker thread.

use serde_json::json;
use weir_types::QueryError;

use super::support::{event, try_ask};

/// What tokio gives the threads that queries run on.
const STACK_BYTES: usize = 2 << 20;

/// `open` and `close` around `core`, so many times.
fn nested(count: usize, open: &str, core: &str, close: &str) -> String {
    format!("{}{core}{}", open.repeat(count), close.repeat(count))
}

/// `, v0 + 1 AS v1, v1 + 1 AS v2` and so on.
fn variables(count: usize, form: &str) -> String {
    let variable = |at: usize| format!(", {} AS v{}", form.replace("{}", &at.to_string()), at + 1);
    (0..count).map(variable).collect()
}

fn texts(count: usize) -> Vec<String> {
    let select = |expr: String| format!("SELECT {expr} AS x FROM T WHERE a = 1");
    let chain = |op: &str| vec!["a"; count].join(op);
    vec![
        select(nested(count, "(", "1", ")")),
        select(nested(count, "-", "a", "")),
        select(nested(count, "if(a, ", "1", ", 2)")),
        select(nested(count, "round(max(a) + ", "1", ")")),
        select(nested(count, "filter(", "count(*)", ", WHERE a = 1)")),
        select(chain(" + ")),
        select(chain(" OR ")),
        format!("SELECT a FROM T WHERE {}", nested(count, "NOT (", "a = 1", ")")),
        format!("SELECT a FROM T WHERE {}", vec!["a = 1"; count].join(" AND ")),
        format!(
            "SELECT a FROM T WHERE {}",
            nested(count, "a IN (SELECT a FROM T WHERE ", "b", ")")
        ),
        nested(count, "SELECT count(*) FROM (", "SELECT count(*) FROM T", ")"),
        nested(count, "SELECT a FROM T JOIN (", "SELECT a FROM T", ") ON a"),
        format!("SELECT a FROM T {}", "WHERE a = 1 ".repeat(count)),
        format!("SELECT {} FROM Metric FACET a", vec!["max(a) AS x"; count].join(", ")),
        format!("WITH a AS v0 {} FROM T SELECT v{count}", variables(count, "v{} + 1")),
        format!("WITH a AS v0 {} FROM T SELECT v{count}", variables(count, "v{} + v{}")),
        select(nested(count, "percentage(", "count(*)", ", WHERE a = 1)")),
        format!("FROM T {} SELECT a", "JOIN (FROM T SELECT a) ON a ".repeat(count)),
        format!("WITH aparse(a, '*-*') AS ({}) FROM T SELECT a", vec!["x"; count].join(", ")),
        // Both at once: deep queries around a tall expression.
        nested(
            count.min(60),
            "SELECT count(*) FROM (",
            &format!("SELECT max({}) FROM T", chain(" + ")),
            ")",
        ),
        format!(
            "SELECT a FROM T WHERE {}",
            nested(count.min(55), "NOT (", &format!("a = {}", chain(" * ")), ")")
        ),
    ]
}

#[test]
fn the_deepest_texts_fit_a_worker() {
    let events = vec![event("T", 5, json!({"a": 1}))];
    let ask = move || {
        let (mut answered, mut refused) = (0, 0);
        for count in [4, 16, 40, 60, 64, 100, 120, 127, 250, 1_000, 5_000] {
            for text in texts(count) {
                match try_ask(&events, &text) {
                    Ok(_) => answered += 1,
                    Err(QueryError::Invalid(findings)) => {
                        assert!(!findings.is_empty());
                        refused += 1;
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        }
        (answered, refused)
    };
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(ask).unwrap();
    let (answered, refused) = worker.join().unwrap();
    assert!(answered > 20 && refused > 20, "{answered} answered, {refused} refused");
}
