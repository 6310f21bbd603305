//! The engine: views by account, limits, time, turns.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use weir_query::{
    Engine, EngineOptions, EventRow, EventSource, EventSources, Limits, LookupTable, LookupTables,
    QueryLog, decision,
};
use weir_types::{
    AccountId, Batch, BoxFuture, Event, QueryAnalyzer, QueryError, QueryRequest, QueryResult,
    QueryRunner, Sink, SinkError, TimeRange, Timestamp,
};

use super::support::{event, request};

/// The same events for account 1, none for others.
struct OneAccount(Vec<Event>);

impl EventSources for OneAccount {
    fn view(&self, account: AccountId) -> Box<dyn EventSource + Send> {
        let events = if account == AccountId::DEFAULT { self.0.clone() } else { Vec::new() };
        Box::new(events)
    }
}

/// Keeps what it is given.
#[derive(Default)]
struct Kept(Mutex<Vec<Batch>>);

impl Sink for Kept {
    fn append(&self, batch: Batch) -> BoxFuture<'_, Result<(), SinkError>> {
        self.0.lock().expect("no test panics in it").push(batch);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// One event, again and again until the query has enough.
#[derive(Clone, Default)]
struct Endless {
    running: Arc<AtomicUsize>,
}

impl EventSources for Endless {
    fn view(&self, _: AccountId) -> Box<dyn EventSource + Send> {
        Box::new(self.clone())
    }
}

impl EventSource for Endless {
    fn event_types(&self, _: TimeRange) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    ) {
        let events = vec![event("T", 5, json!({}))];
        self.running.fetch_add(1, Ordering::SeqCst);
        let mut goes_on = true;
        while goes_on {
            events.scan(event_type, range, &mut |row| {
                let flow = visit(row);
                goes_on = flow.is_continue();
                flow
            });
        }
        self.running.fetch_sub(1, Ordering::SeqCst);
    }
}

fn engine(count: usize, options: EngineOptions) -> Engine {
    let events = (0..count).map(|i| event("T", 5, json!({"i": i, "name": format!("n{i}")})));
    Engine::new(Arc::new(OneAccount(events.collect())), options)
}

fn limited(limits: Limits) -> EngineOptions {
    EngineOptions { limits, ..EngineOptions::default() }
}

async fn run(engine: &Engine, nrql: &str) -> Result<QueryResult, QueryError> {
    engine.run(request(nrql)).await
}

#[tokio::test]
async fn it_answers_each_account_from_its_own_events() {
    let engine = engine(3, EngineOptions::default());
    let mine = run(&engine, "SELECT count(*) FROM T").await.unwrap();
    assert_eq!(json!(mine.results), json!([{"count": 3}]));
    assert_eq!((mine.stats.inspected_count, mine.stats.matched_count), (3, 3));
    assert_eq!(mine.metadata.event_types, ["T"]);
    let other = QueryRequest { account: AccountId(2), ..request("SELECT count(*) FROM T") };
    assert_eq!(json!(engine.run(other).await.unwrap().results), json!([{"count": 0}]));
}

#[tokio::test]
async fn what_is_wrong_with_a_text_is_told_with_its_place() {
    let engine = engine(0, EngineOptions::default());
    let error = run(&engine, "SELECT count(*) FROM T\nLIMIT x.").await.unwrap_err();
    assert_eq!(error.diagnostics()[0].line, 2, "{error:?}");
    assert!(
        error.to_string().starts_with("NRQL Syntax Error: Error at line 2 position"),
        "{error}"
    );
}

#[tokio::test]
async fn limits_are_named() {
    let limit = |limits: Limits, nrql: &'static str| async move {
        run(&engine(20_000, limited(limits)), nrql).await.unwrap_err().to_string()
    };
    let default = Limits::default();
    let rows = Limits { rows_inspected_max: 9_999, ..default };
    let text = limit(rows, "SELECT count(*) FROM T").await;
    assert!(text.contains("more than 9999 rows: narrow SINCE"), "{text}");
    let groups = Limits { groups_max: 100, ..default };
    let text = limit(groups, "SELECT count(*) FROM T FACET name").await;
    assert!(text.contains("more than 100 groups: add WHERE"), "{text}");
    let memory = Limits { memory_bytes_max: 1 << 20, ..default };
    for nrql in [
        "SELECT uniqueCount(name) FROM T",
        "SELECT uniques(name, 10000), uniques(i, 10000) FROM T",
        "SELECT funnel(name, WHERE i >= 0, WHERE i > 5) FROM T",
        "SELECT count(*) FROM T FACET name",
        "SELECT percentile(i, 95), median(i), percentile(i, 9), percentile(i), median(i), \
         percentile(i, 99), median(i) AS m FROM T",
        "SELECT name, i FROM T LIMIT MAX",
        "SELECT count(*) FROM T FACET i TIMESERIES LIMIT MAX",
    ] {
        let text = limit(memory, nrql).await;
        assert!(text.contains("more than 1 MiB: narrow SINCE"), "{nrql}: {text}");
    }
}

#[tokio::test]
async fn what_is_no_longer_exact_is_marked() {
    const COUNT: usize = 101_000;
    let engine = engine(COUNT, EngineOptions::default());
    let nrql = "SELECT uniqueCount(i) AS u, percentile(i, 50)['50'] AS p FROM T";
    let exact = run(&engine, &format!("{nrql} WHERE i < 30000")).await.unwrap();
    assert_eq!(json!(exact.results), json!([{"u": 30_000, "p": 14_999.0}]));
    assert!(exact.metadata.messages.is_empty(), "{:?}", exact.metadata.messages);
    let estimated = run(&engine, nrql).await.unwrap();
    let off = |column: &str, exact: f64| {
        (estimated.results[0][column].as_f64().unwrap() / exact - 1.0).abs()
    };
    let count = COUNT as f64;
    assert!(off("u", count) < 0.025 && off("p", count / 2.0) <= 0.010_1, "{:?}", estimated.results);
    // These need no more room for more rows, and stay exact.
    let nrql = "SELECT histogram(i, 101000, 4) AS h, percentage(count(*), WHERE i < 25250) AS share, \
                average(i) AS a, stdvar(i) AS v, cdfPercentage(i, 50499) AS c FROM T";
    let exact = run(&engine, nrql).await.unwrap();
    let row = &exact.results[0];
    assert_eq!(row["h"], json!([25_250, 25_250, 25_250, 25_250]));
    assert_eq!((&row["share"], &row["a"]), (&json!(25.0), &json!((count - 1.0) / 2.0)));
    assert_eq!(row["c"], json!({"50499": 50.0}));
    // Of the numbers below n the variance is (n² - 1) / 12.
    let variance = (count * count - 1.0) / 12.0;
    assert!((row["v"].as_f64().unwrap() / variance - 1.0).abs() < 1e-9, "{row:?}");
    assert!(exact.metadata.messages.is_empty(), "{:?}", exact.metadata.messages);
    let messages = &estimated.metadata.messages;
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("up to 100,000") && messages[0].contains("0.8 %"), "{messages:?}");
    assert!(messages[1].contains("65,536 values") && messages[1].contains("1 %"), "{messages:?}");
}

#[test]
fn the_language_reference_tells_the_limits_and_the_bounds() {
    let page = weir_nrql::reference::markdown();
    let with_commas = |number: u64| {
        let digits = number.to_string();
        let parts = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
        parts.collect::<Vec<_>>().join(",")
    };
    let options = EngineOptions::default();
    let limits = options.limits;
    let facts = [
        with_commas(limits.rows_inspected_max),
        with_commas(limits.groups_max as u64),
        format!("{} MiB; all running", limits.memory_bytes_max >> 20),
        format!("together {} MiB", options.memory_bytes_max >> 20),
        with_commas(weir_nrql::MAX_TEXT_BYTES as u64),
        format!("up to {} values", with_commas(decision::PERCENTILE_EXACT_VALUES as u64)),
        format!("within {} %", decision::PERCENTILE_RELATIVE_ERROR * 100.0),
        format!("up to {} members", with_commas(decision::UNIQUE_COUNT_EXACT_MEMBERS as u64)),
    ];
    for fact in facts {
        assert!(page.contains(&fact), "the page does not say {fact}");
    }
}

#[tokio::test]
async fn there_may_be_a_group_for_each_partition_of_a_large_fleet() {
    const COUNT: usize = 101_000;
    let engine = engine(COUNT, EngineOptions::default());
    let largest = run(&engine, "SELECT max(i) FROM T FACET name LIMIT 1").await.unwrap();
    assert_eq!(largest.results[0]["max.i"], COUNT - 1);
    let all = Limits::default();
    // So many groups of two names fit into the memory of one query.
    assert!(all.groups_max >= 1_000_000 && all.memory_bytes_max / 1_000_000 >= 500);
}

#[tokio::test]
async fn rows_that_are_cut_give_their_memory_back() {
    let limits = Limits { memory_bytes_max: 1 << 20, ..Limits::default() };
    let result = run(&engine(50_000, limited(limits)), "SELECT name FROM T LIMIT 10").await;
    assert_eq!(result.unwrap().results.len(), 10);
}

#[tokio::test]
async fn a_spent_timeout_is_an_error_and_not_a_partial_answer() {
    let engine = engine(10, EngineOptions::default());
    let late = QueryRequest { timeout: Duration::ZERO, ..request("SELECT count(*) FROM T") };
    assert_eq!(engine.run(late).await, Err(QueryError::Timeout(Duration::ZERO)));
}

#[tokio::test]
async fn a_scan_without_end_stops_at_its_deadline() {
    let engine = Engine::new(Arc::new(Endless::default()), EngineOptions::default());
    let timeout = Duration::from_millis(50);
    let short = QueryRequest { timeout, ..request("SELECT count(*) FROM T") };
    assert_eq!(engine.run(short).await, Err(QueryError::Timeout(timeout)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reader_that_leaves_frees_the_thread() {
    let source = Endless::default();
    let engine = Engine::new(Arc::new(source.clone()), EngineOptions::default());
    let question = engine.run(request("SELECT count(*) FROM T"));
    assert!(tokio::time::timeout(Duration::from_millis(50), question).await.is_err());
    let deadline = Instant::now() + Duration::from_secs(30);
    while source.running.load(Ordering::SeqCst) > 0 {
        assert!(Instant::now() < deadline, "the scan still runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn nobody_waits_without_bound() {
    let none = EngineOptions {
        running_max: 0,
        long_running_max: 0,
        waiting_max: 0,
        ..EngineOptions::default()
    };
    let error = run(&engine(1, none), "SELECT count(*) FROM T").await.unwrap_err();
    assert!(matches!(&error, QueryError::Busy(text) if text.contains("try again")), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_all_get_their_turn() {
    let options = EngineOptions { running_max: 2, waiting_max: 64, ..EngineOptions::default() };
    let engine = Arc::new(engine(500, options));
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { run(&engine, "SELECT count(*) FROM T").await })
        })
        .collect();
    for task in tasks {
        assert_eq!(json!(task.await.unwrap().unwrap().results), json!([{"count": 500}]));
    }
}

/// Endless for type `Heavy`, one event for any other.
#[derive(Clone, Default)]
struct HeavyAndLight(Endless);

impl EventSources for HeavyAndLight {
    fn view(&self, _: AccountId) -> Box<dyn EventSource + Send> {
        Box::new(self.clone())
    }
}

impl EventSource for HeavyAndLight {
    fn event_types(&self, _: TimeRange) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    ) {
        match event_type {
            "Heavy" => self.0.scan("T", range, visit),
            _ => vec![event("T", 5, json!({}))].scan(event_type, range, visit),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dashboard_passes_heavy_queries() {
    let options = EngineOptions {
        running_max: 1,
        long_running_max: 1,
        long_after: Duration::from_millis(20),
        long_rows: 1_000,
        ..EngineOptions::default()
    };
    let source = HeavyAndLight::default();
    let engine = Arc::new(Engine::new(Arc::new(source.clone()), options));
    let heavy: Vec<_> = (0..3)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { run(&engine, "SELECT count(*) FROM Heavy").await })
        })
        .collect();
    for _ in 0..20 {
        let quick =
            QueryRequest { timeout: Duration::from_secs(20), ..request("SELECT count(*) FROM T") };
        assert_eq!(json!(engine.run(quick).await.unwrap().results), json!([{"count": 1}]));
    }
    assert!(heavy.iter().all(|task| !task.is_finished()));
    heavy.iter().for_each(|task| task.abort());
    let deadline = Instant::now() + Duration::from_secs(30);
    while source.0.running.load(Ordering::SeqCst) > 0 {
        assert!(Instant::now() < deadline, "a heavy scan still runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn all_queries_together_have_a_limit() {
    let small = EngineOptions { memory_bytes_max: 1 << 20, ..EngineOptions::default() };
    let engine = engine(50_000, small);
    let error = run(&engine, "SELECT uniqueCount(name) FROM T").await.unwrap_err();
    assert!(matches!(&error, QueryError::Busy(text) if text.contains("try again")), "{error:?}");
    // A small question is answered meanwhile, and what was held is free again.
    let none = EngineOptions { memory_bytes_max: 0, ..EngineOptions::default() };
    let full = self::engine(5_000, none);
    let small =
        run(&full, "SELECT uniqueCount(name), percentile(i, 50) FROM T FACET i LIMIT 5").await;
    assert_eq!(small.unwrap().results.len(), 5);
    assert!(run(&engine, "SELECT count(*) FROM T").await.is_ok());
}

#[tokio::test]
async fn every_query_leaves_an_event() {
    let sink = Arc::new(Kept::default());
    let (log, write) = QueryLog::new(sink.clone());
    let engine = engine(3, EngineOptions::default()).with_log(log);
    let answered = run(&engine, "SELECT i FROM T WHERE i > 0").await.unwrap();
    assert_eq!(answered.results.len(), 2);
    assert!(run(&engine, "SELECT").await.is_err());
    let long = format!("SELECT count(*) FROM T -- {}", "é".repeat(3_000));
    assert!(run(&engine, &long).await.is_ok());
    drop(engine);
    write.await;
    let kept = sink.0.lock().unwrap();
    let events: Vec<&Event> = kept.iter().flat_map(|batch| &batch.events).collect();
    let words: Vec<_> =
        events.iter().map(|e| e.get("outcome").unwrap().as_str().unwrap()).collect();
    assert_eq!(words, ["OK", "INVALID", "OK"]);
    assert_eq!(events[0].get("inspectedCount"), Some(&3.into()));
    assert_eq!(events[0].get("matchedCount"), Some(&2.into()));
    assert!(events[1].get("error").is_some() && events[1].get("matchedCount").is_none());
    assert!(events.iter().all(|event| event.validate().is_ok()));
}

#[tokio::test]
async fn a_reader_that_leaves_is_noted() {
    let sink = Arc::new(Kept::default());
    let (log, write) = QueryLog::new(sink.clone());
    let engine = Engine::new(Arc::new(Endless::default()), EngineOptions::default()).with_log(log);
    let question = engine.run(request("SELECT count(*) FROM T"));
    assert!(tokio::time::timeout(Duration::from_millis(20), question).await.is_err());
    drop(engine);
    write.await;
    let kept = sink.0.lock().unwrap();
    assert_eq!(kept[0].events[0].get("outcome").unwrap().as_str(), Some("CANCELLED"));
}

/// The table `names` of account 1.
struct OneTable;

impl LookupTables for OneTable {
    fn table(&self, account: AccountId, name: &str) -> Option<Arc<LookupTable>> {
        let is_there = account == AccountId::DEFAULT && name == "names";
        is_there.then(|| Arc::new(LookupTable::from_csv("n,name\n1,one\n").expect("a table")))
    }
}

#[tokio::test]
async fn lookup_tables_belong_to_an_account() {
    let engine = engine(0, EngineOptions::default()).with_lookup_tables(Arc::new(OneTable));
    let mine = run(&engine, "FROM lookup(names) SELECT name").await.unwrap();
    assert_eq!(json!(mine.results), json!([{"name": "one"}]));
    let nrql = "FROM lookup(names) SELECT name";
    let other = engine.run(QueryRequest { account: AccountId(2), ..request(nrql) }).await.unwrap();
    assert!(other.results.is_empty());
    assert!(other.metadata.messages[0].contains("no lookup table names"));
}

#[test]
fn editors_get_findings_completions_and_hover() {
    let engine = engine(0, EngineOptions::default());
    let now = Timestamp::from_millis(0);
    let analysis = engine.analyze(AccountId::DEFAULT, "SELECT latestRate(a), uniq FROM T", 26, now);
    assert_eq!(analysis.diagnostics[0].code, "NRQL-E0202");
    assert_eq!(analysis.completions.items[0].label, "uniqueCount");
    assert_eq!(
        engine.analyze(AccountId::DEFAULT, "SELECT count(*) FROM T", 8, now).hover.unwrap().title,
        "count(*|attribute)"
    );
}
