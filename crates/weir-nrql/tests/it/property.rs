//! Random texts: nothing panics, whatever parses comes back the same, bounds hold.

use proptest::prelude::*;
use weir_nrql::{analyze, format, parse};

use crate::tree::shape;

/// Pieces of the language, to be put together at random.
const PIECES: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "FACET",
    "LIMIT",
    "MAX",
    "SINCE",
    "UNTIL",
    "1 hour ago",
    "now",
    "TIMESERIES",
    "AUTO",
    "SLIDE BY",
    "5 minutes",
    "COMPARE WITH",
    "WITH TIMEZONE",
    "'UTC'",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IS",
    "NULL",
    "IN",
    "LIKE",
    "RLIKE",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    "=",
    "!=",
    "<>",
    "==",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "%",
    "count(*)",
    "latest(a.b)",
    "filter(",
    "WHERE x = 1)",
    "CASES(",
    "JOIN (",
    "ON",
    "ORDER BY",
    "DESC",
    "GROUP BY",
    "HAVING",
    "CASE",
    "WHEN",
    "DISTINCT",
    "BETWEEN",
    "UNION",
    "PREDICT",
    "holtwinters(alpha: 0.2)",
    "USING",
    "EXTRAPOLATE",
    "RAW",
    "SHOW EVENT TYPES",
    "'it\\'s'",
    "r'\\d+'",
    "\"%kafka%\"",
    "`a b`",
    "``",
    ".5",
    "1e+6",
    "1e999",
    "-- comment\n",
    "/* block */",
    "// end\n",
    "/*",
    "'",
    "é",
    "🟢",
    "\0",
    "\u{a0}",
    "“x”",
    "$__f",
    "A",
    "B",
    "timestamp",
    "limit",
    "from",
    "true",
    "t:0.5",
    "width: 10",
    "lookup(t)",
    "metric[count]",
    "today AT '12:00'",
    "last week",
    "tomorrow",
    "tuesday",
];

/// A small language of valid queries.
fn query() -> impl Strategy<Value = String> {
    let clause = prop_oneof![
        expr().prop_map(|e| format!("WHERE {e}")),
        (expr(), comment()).prop_map(|(e, c)| format!("{c}\nWHERE a.b = 'x' AND {e} {c}")),
        expr().prop_map(|e| format!("FACET host, {e} AS 'g'")),
        Just("FACET CASES(WHERE a = 1 AS 'one', b LIKE '%x%') OR host ORDER BY max(b)".into()),
        Just("SINCE 1.5 hours ago".into()),
        Just("UNTIL yesterday AT '12:30'".into()),
        Just("LIMIT 20".into()),
        Just("TIMESERIES 300000 SLIDE BY 1 minute".into()),
        Just("COMPARE WITH 1 week".into()),
        Just("WITH TIMEZONE 'Europe/Berlin'".into()),
        expr().prop_map(|e| format!("WITH {e} AS v, aparse(s, '* *') AS (p, `q r`)")),
    ];
    let clauses = prop::collection::hash_map(0..11_usize, clause, 0..5);
    (prop::collection::vec(expr(), 1..4), comment(), clauses, any::<bool>()).prop_map(
        |(items, comment, clauses, from_first)| {
            let select = format!("SELECT {}", items.join(&format!(", {comment}\n")));
            let from = "FROM A, `B c` ";
            let rest: Vec<String> = distinct_heads(clauses.into_values());
            match from_first {
                true => format!("{from}{comment}\n{select}\n{}", rest.join(" ")),
                false => format!("{select} {from}{}", rest.join(&format!(" {comment}\n"))),
            }
        },
    )
}

/// Clauses that may stand once only are kept once.
fn distinct_heads(clauses: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for clause in clauses {
        let head = |c: &str| c.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let first = clause.split(' ').next().unwrap_or_default();
        let again = kept.iter().any(|k| head(k) == head(&clause) || k.starts_with(first));
        if !again || first == "WHERE" {
            kept.push(clause);
        }
    }
    kept
}

fn comment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "-- note\n",
        "/* a */ /* b\n c */",
        "\n// own line\n/* x */",
        "/*y*/",
    ])
}

fn expr() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a.b",
        "`x y`",
        "42",
        ".5",
        "1e+6",
        "'it\\'s'",
        "r'\\d+'",
        "true",
        "NULL",
        "limit",
        "%",
        "count(*)",
        "rate(sum(x), 1 minute)",
        "'back\\\\slash'",
        "kafka.request.time.99p",
        "(SELECT uniques(x) FROM B -- inner\n WHERE y = 1 LIMIT MAX)",
        "''",
        "metric[count]",
        "apdex(d, t:0.5)",
        "cardinality(m, include: {a, 'b'})",
        "jparse(s)[0][userNames]",
    ])
    .prop_map(String::from);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let binary = prop::sample::select(vec![
            "OR", "AND", "=", "!=", "<>", "<", ">=", "+", "-", "*", "/", "LIKE", "NOT LIKE",
            "RLIKE",
        ]);
        prop_oneof![
            (inner.clone(), binary, inner.clone())
                .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} OR {b}")),
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("- -({a})")),
            inner.clone().prop_map(|a| format!("({a}) IS NOT TRUE")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) NOT IN ({b}, 'z')")),
            inner.clone().prop_map(|a| format!("({a}) IN (FROM B SELECT c)")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("filter({a}, WHERE {b} AS 'n')")),
            inner.clone().prop_map(|a| format!("({a})[f]")),
            inner.prop_map(|a| format!("if({a}, 1, precision: {a})")),
        ]
    })
}

fn assert_comes_back(text: &str) {
    let Some(first) = parse(text).statement else { return };
    let formatted = format(&first);
    let again = parse(&formatted);
    let Some(second) = again.statement else {
        panic!("{text:?} became {formatted:?}, which is refused: {:?}", again.diagnostics);
    };
    assert_eq!(shape(&first), shape(&second), "{text:?} became {formatted:?}");
    assert_eq!(format(&second), formatted, "{text:?} formats differently twice");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn valid_queries_parse_and_come_back(text in query()) {
        let parsed = parse(&text);
        // `= NULL` is the one refusal that this small language can run into.
        let refused = parsed.diagnostics.iter().any(|d| d.code == "NRQL-E0107");
        prop_assert!(parsed.statement.is_some() || refused, "{text}\n{:?}", parsed.diagnostics);
        assert_comes_back(&text);
    }

    #[test]
    fn any_text_gets_an_answer(text in any::<String>()) {
        let analyzed = analyze(&text);
        prop_assert_eq!(analyzed.statement.is_none(), analyzed.has_errors());
        for diagnostic in &analyzed.diagnostics {
            diagnostic.render(&text);
        }
    }

    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        analyze(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn pieces_in_any_order_get_an_answer(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..30),
        gap in prop::sample::select(vec!["", " ", "\n"]),
    ) {
        let text = pieces.join(gap);
        let analyzed = analyze(&text);
        for diagnostic in &analyzed.diagnostics {
            diagnostic.render(&text);
            prop_assert!(text.is_char_boundary(diagnostic.span.offset), "{diagnostic:?}");
            prop_assert!(text.is_char_boundary(diagnostic.span.end()), "{diagnostic:?}");
        }
        assert_comes_back(&text);
    }

    #[test]
    fn damaged_queries_get_an_answer(
        text in query(),
        at in any::<prop::sample::Index>(),
        length in 0..12_usize,
        piece in prop::sample::select(PIECES.to_vec()),
    ) {
        let chars: Vec<char> = text.chars().collect();
        let start = at.index(chars.len());
        let end = (start + length).min(chars.len());
        let damaged: String =
            chars[..start].iter().copied().chain(piece.chars()).chain(chars[end..].iter().copied()).collect();
        analyze(&damaged);
        assert_comes_back(&damaged);
    }
}

/// Each nests or chains up to the length limit; the thread has the stack of a runtime's worker.
#[test]
fn depth_is_bounded_on_a_small_stack() {
    let deep: [(&str, &str, &str, &str); 15] = [
        ("SELECT ", "(", "1", ")"),
        ("SELECT ", "f(", "1", ")"),
        ("SELECT ", "- ", "1", ""),
        ("SELECT a FROM T WHERE ", "a OR a AND a = a + a * (", "1", ")"),
        ("SELECT ", "+", "1", ""),
        ("SELECT a FROM T WHERE ", "NOT ", "1", ""),
        ("SELECT a FROM T WHERE a", " OR a", "", ""),
        ("SELECT a FROM T WHERE a", " AND (a", "", ")"),
        ("SELECT a", " + a", "", ""),
        ("SELECT a", "[0]", "", ""),
        ("SELECT a FROM T WHERE a", " = a", "", ""),
        ("SELECT a FROM ", "(SELECT a FROM ", "T", ")"),
        ("SELECT a FROM T WHERE a ", "IN (SELECT a FROM T WHERE a ", "", ")"),
        ("SELECT a FROM T FACET ", "CASES(WHERE a OR ", "b", ")"),
        ("", "FROM FROM ", "", ""),
    ];
    let run = move || {
        for (head, open, middle, close) in deep {
            for times in [10, 63, 64, 65, 255, 256, 257, 1000, 60_000 / (open.len() + close.len())]
            {
                let text = format!("{head}{}{middle}{}", open.repeat(times), close.repeat(times));
                let analyzed = analyze(&text);
                assert!(analyzed.diagnostics.len() <= 50, "{head}{open} {times}");
                assert_comes_back(&text);
                let bound = ["nested deeper", "levels of operators"];
                if times > 1000 && analyzed.has_errors() && head.starts_with("SELECT") {
                    let told = analyzed
                        .diagnostics
                        .iter()
                        .any(|d| bound.iter().any(|b| d.message.contains(b)));
                    assert!(
                        told || open.contains(" = a") || open.contains("CASES"),
                        "{head}{open}: {:?}",
                        analyzed.diagnostics
                    );
                }
            }
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn the_length_limit_is_told() {
    let text = format!("SELECT '{}'", "x".repeat(weir_nrql::MAX_TEXT_BYTES));
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert!(parsed.diagnostics[0].message.contains("more than 65536"), "{:?}", parsed.diagnostics);
}
