//! Random queries over the whole language: each is answered or refused for a reason, never with an
//! internal error; laid out anew, or asked of a store, it has the same answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use weir_nrql::function::{FUNCTIONS, FunctionKind};
use weir_query::EventSource;
use weir_query::source::{LookupTable, LookupTables, WithLookups};
use weir_store::{Options, Store};
use weir_testkit::say;
use weir_types::query::Row;
use weir_types::{AccountId, Batch, Clock, Event, QueryError, QueryResult, Sink, Timestamp};

use super::generate::Generator;
use super::splitmix::Random;
use super::support::{NOW, event_at, try_ask};

/// `WEIR_SEED` in the environment repeats a run.
fn seed() -> u64 {
    let given = std::env::var("WEIR_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or(20_231_114)
}

/// Nulls, mixed types, gaps, rows that come late, and times around a change of the clock.
pub fn generated_events(seed: u64) -> Vec<Event> {
    let mut random = Random(seed);
    let mut events = Vec::new();
    for place in 0..60 {
        // Two gaps, and every seventh row late or outside.
        let ago = match random.below(7) {
            0 => random.below(864_000_000) as i64,
            _ => [0, 1_200_000, 3_000_000][random.below(3)] + random.below(400_000) as i64,
        };
        let mut attributes = serde_json::Map::new();
        let mut put =
            |name: &str, value: serde_json::Value| drop(attributes.insert(name.into(), value));
        let number = random.below(100) as i64 - 20;
        if !random.one_in(4) {
            put("n", json!(number));
        }
        if !random.one_in(4) {
            put("f", json!(number as f64 / 4.0));
        }
        if !random.one_in(5) {
            put("g", json!(random.pick(&["a", "b", "c-d", "B5", ""])));
        }
        if random.one_in(2) {
            put("b", json!(random.one_in(2)));
        }
        let mixed = [json!(number), json!(number as f64 / 8.0), json!("text"), json!(true)];
        put("m", mixed[random.below(4)].clone());
        put("odd name", json!(random.pick(&["x", "y"])));
        put("a.b.99p", json!(number));
        put("j", json!(random.pick(&["{\"a\":[1,2],\"k\":{\"z\":null}}", "[1,\"x\"]", "{oops"])));
        let kind = match place % 4 {
            0 => "U",
            1 => {
                put("metricName", json!(random.pick(&["cpu", "requests", "n"])));
                let kinds =
                    ["gauge", "count", "summary", "distribution", "uniqueCount", "timeslice"];
                put("metric.type", json!(random.pick(&kinds)));
                put("metric.distribution", json!("[[null,5,3],[5,20,4],[7,2],[20,null,1]]"));
                put("metric.uniques", json!(random.pick(&["[\"a\",\"b\"]", "[\"b\",5]", "[]"])));
                put("interval.ms", json!(60_000));
                put("metric.count", json!(1 + random.below(5)));
                put("metric.total", json!(number));
                put("metric.latest", json!(number));
                put("le", json!(random.pick(&["1", "5", "+Inf"])));
                put("metricTimesliceName", json!("Custom/go/1"));
                "Metric"
            }
            _ => "T",
        };
        events.push(event_at(kind, NOW - ago, serde_json::Value::Object(attributes)));
    }
    // A store counts the rows of a batch type by type, and `random()` tells rows apart by that.
    events.sort_by(|one, other| one.event_type.cmp(&other.event_type));
    events
}

struct Names;

impl LookupTables for Names {
    fn table(&self, _: AccountId, _: &str) -> Option<Arc<LookupTable>> {
        let table = LookupTable::from_csv("g,n,f\na,1,0.5\nb,2,\nc-d,x,true\n");
        table.ok().map(Arc::new)
    }
}

fn with_names(source: Box<dyn EventSource + Send>) -> WithLookups {
    WithLookups { source, tables: Arc::new(Names), account: AccountId::DEFAULT }
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }
}

fn store_of(events: &[Event], folder: &std::path::Path) -> Store {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = Store::open(Options::new(folder.to_owned()), Arc::new(FixedClock)).unwrap();
    for batch in events.chunks(40) {
        let batch = Batch { account: AccountId::DEFAULT, events: batch.to_vec() };
        runtime.block_on(store.append(batch)).unwrap();
    }
    store
}

/// The values of an answer, row by row, without the names of columns, which are the text of the
/// query; or the codes of its errors. Which of two equal rows came first is nobody's business.
fn comparable(result: Result<QueryResult, QueryError>) -> Result<Vec<String>, Vec<String>> {
    match result {
        Ok(result) => {
            let values = |row: Row| row.into_values().map(rounded).collect::<Vec<_>>().join(" ");
            let mut lines: Vec<String> = result.results.into_iter().map(values).collect();
            lines.sort();
            Ok(lines)
        }
        Err(QueryError::Invalid(findings)) => {
            let codes = findings.into_iter().map(|finding| finding.code);
            Err(codes.filter(|code| code.starts_with("NRQL-E")).collect())
        }
        Err(other) => panic!("internal error: {other}"),
    }
}

/// Floats to nine digits: the order in which rows are added up shows behind them.
fn rounded(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::Number(number) if number.is_f64() => {
            format!("{:.8e}", number.as_f64().unwrap_or_default() + 0.0)
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.into_iter().map(rounded).collect::<Vec<_>>().join(","))
        }
        serde_json::Value::Object(pairs) => {
            let pairs = pairs.into_iter().map(|(name, value)| format!("{name}:{}", rounded(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[test]
fn random_queries_mean_the_same_everywhere() {
    const QUERIES: usize = 3_600;
    let seed = seed();
    say(&format!("seed {seed}"));
    let events = generated_events(seed);
    let folder = tempfile::tempdir().unwrap();
    let store = store_of(&events, folder.path());
    let memory = with_names(Box::new(events));
    let stored = with_names(Box::new(store.snapshot(AccountId::DEFAULT)));
    let mut generator = Generator::new(seed);
    let (mut answered, mut rows) = (0, 0);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..QUERIES {
        let query = generator.statement();
        let parsed = weir_nrql::parse(&query);
        let statement =
            parsed.statement.unwrap_or_else(|| panic!("{query}\n{:?}", parsed.diagnostics));
        let first = comparable(try_ask(&memory, &query));
        let again = comparable(try_ask(&memory, &weir_nrql::format(&statement)));
        match shows_its_text(&query) {
            true => assert_eq!(sizes(&first), sizes(&again), "{query}"),
            false => assert_eq!(first, again, "{query}"),
        }
        if number % 3 == 0 {
            assert_eq!(first, comparable(try_ask(&stored, &query)), "of a store: {query}");
        }
        match first {
            Ok(lines) => {
                answered += 1;
                rows += lines.len();
            }
            Err(codes) => {
                for code in codes {
                    *refused.entry(code).or_default() += 1;
                }
            }
        }
    }
    say(&format!("{answered} of {QUERIES} random queries are answered, with {rows} rows"));
    for (code, count) in &refused {
        say(&format!("  {count:5} refused: {code}"));
    }
    say(&format!("coverage {:?}", generator.coverage));
    assert!(answered * 2 > QUERIES, "only {answered} are answered");
    assert!(rows > QUERIES, "only {rows} rows");
    assert_covered(&generator.coverage);
}

/// Whether values can be parts of the text: cases and steps without a name.
fn shows_its_text(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    ["cases(", "funnel("].iter().any(|word| query.contains(word))
}

fn sizes(answer: &Result<Vec<String>, Vec<String>>) -> Result<usize, Vec<String>> {
    answer.as_ref().map(Vec::len).map_err(Vec::clone)
}

/// The productions of the grammar, as the generator calls them.
const PRODUCTIONS: &[&str] = &[
    "statement",
    "show_stmt",
    "with_vars",
    "select",
    "alias",
    "from",
    "source lookup",
    "source query",
    "join",
    "where",
    "facet",
    "cases",
    "cases or",
    "facet in",
    "facet coalesce",
    "facet order by",
    "buckets",
    "dimensions",
    "limit",
    "offset",
    "order_by",
    "since",
    "until",
    "compare",
    "timeseries",
    "slide by",
    "predict",
    "extrapolate",
    "raw",
    "tz",
    "metric_format",
    "or_expr",
    "and_expr",
    "not_expr",
    "bare condition",
    "cmp_op",
    "is",
    "in list",
    "in subquery",
    "like",
    "rlike",
    "additive",
    "multiplicative",
    "coalesce",
    "unary",
    "postfix",
    "literal",
    "number",
    "string",
    "identifier",
    "backtick_ident",
    "wildcard",
    "subquery",
    "named_arg",
    "set",
    "where argument",
    "duration",
];

/// Every function and production at least so often.
fn assert_covered(coverage: &BTreeMap<String, usize>) {
    const LEAST: usize = 100;
    let called = FUNCTIONS.iter().filter(|f| f.kind != FunctionKind::Facet);
    let rare: Vec<String> = called
        .map(|function| format!("{}()", function.name))
        .chain(PRODUCTIONS.iter().map(|name| (*name).to_owned()))
        .chain(coverage.keys().cloned())
        .filter(|name| coverage.get(name).copied().unwrap_or(0) < LEAST)
        .collect();
    assert!(rare.is_empty(), "fewer than {LEAST} times: {rare:?}");
}
