//! A server whose samples, sources and rights a test writes down.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value as Json, json};
use tower::ServiceExt;
use weir_api::lookup::LookupTable;
use weir_api::saved_query::{SavedQuery, SavedQueryBody};
use weir_api::server::StoreStatus;
use weir_api::source::SourceTestStep;
use weir_server::service::Exposition;
use weir_server::{
    Access, Authenticator, Identity, LookupError, LookupStore, LookupUpload, SavedQueryError,
    SavedQueryStore, ServerInfo, Services, SourceFilter, SourceReader, SourceTestRefusal,
    SourceTester, StoreReader, router,
};
use weir_types::query::Analysis;
use weir_types::schema::is_identity;
use weir_types::source::{CapabilityState, Question, SourceState};
use weir_types::{
    AccountId, Batch, BoxFuture, Clock, Event, LatestQuery, LatestSamples, PartitionStates,
    PartitionsOf, QueryAnalyzer, QueryError, QueryRequest, QueryResult, QueryRunner, Sink,
    SinkError, SourceCapability, SourceStatus, Timestamp, Value,
};

/// What every stage takes for the present, in milliseconds.
pub const NOW: i64 = 1_800_000_000_000;
pub const INTERVAL_SECS: u64 = 30;
/// Opens NerdGraph.
pub const USER_KEY: &str = "user";

/// What is there to be asked about.
#[derive(Clone, Default)]
pub struct Stage {
    pub samples: Vec<Event>,
    pub statuses: Vec<SourceStatus>,
    pub capabilities: Vec<SourceCapability>,
    pub filters: Vec<SourceFilter>,
    /// Every partition, where a source keeps them.
    pub partitions: Option<PartitionStates>,
    /// What trying a source out comes to.
    pub tests: HashMap<&'static str, Result<Vec<SourceTestStep>, SourceTestRefusal>>,
    /// The rows that any query gets whose text contains the key; one about `Endless` gets none ever.
    pub rows: HashMap<&'static str, Json>,
}

/// A sample of the source and cluster `orders`, this many seconds old.
pub fn sample(event_type: &str, age_secs: i64) -> Event {
    Event::new(event_type, Timestamp::from_millis(NOW - age_secs * 1_000))
        .with("clusterName", "orders")
        .with("clusterId", "id-of-orders")
        .with("source", "orders")
        .with("stale", false)
        .with("completeness", Value::Float(1.0))
}

pub fn status(state: SourceState) -> SourceStatus {
    SourceStatus {
        name: "orders".into(),
        kind: "kafka".into(),
        target: "b:9092".into(),
        cluster: "orders".into(),
        interval_secs: INTERVAL_SECS,
        state,
        last_cycle_at: None,
        last_success_at: None,
        last_cycle_ms: None,
        last_events_count: 0,
        last_error: None,
        completeness: None,
        cycles_total: 0,
        failed_cycles_total: 0,
        requests_total: 0,
    }
}

pub fn capability(question: Question, state: CapabilityState, detail: &str) -> SourceCapability {
    SourceCapability {
        source: "orders".into(),
        cluster: "orders".into(),
        question,
        state,
        detail: Some(detail.into()),
    }
}

impl Stage {
    /// The source `orders` runs well and its cluster was seen ten seconds ago.
    pub fn running() -> Stage {
        Stage::default()
            .with_source(status(SourceState::Ok))
            .with(sample("KafkaClusterSample", 10).with("healthStatus", "HEALTHY"))
    }

    pub fn with(mut self, sample: Event) -> Stage {
        self.samples.push(sample);
        self
    }

    pub fn with_source(mut self, status: SourceStatus) -> Stage {
        self.statuses.push(status);
        self
    }

    pub fn with_capability(mut self, capability: SourceCapability) -> Stage {
        self.capabilities.push(capability);
        self
    }

    pub fn with_rows(mut self, part_of_query: &'static str, rows: Json) -> Stage {
        self.rows.insert(part_of_query, rows);
        self
    }

    /// Status and body of a GET.
    pub async fn get(&self, path: &str) -> (u16, Json) {
        self.send(Request::get(path).header("Host", "127.0.0.1").body(Body::empty()).unwrap()).await
    }

    /// Status and body of a POST without a body.
    pub async fn post(&self, path: &str) -> (u16, Json) {
        self.send(Request::post(path).header("Host", "127.0.0.1").body(Body::empty()).unwrap())
            .await
    }

    pub async fn send(&self, request: Request<Body>) -> (u16, Json) {
        let response = router(self.services()).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Json::Null))
    }

    /// The body of a GET that must go well.
    pub async fn ok(&self, path: &str) -> Json {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub fn services(&self) -> Services {
        let stage = Arc::new(self.clone());
        let info = ServerInfo {
            version: "0",
            environment: "test".into(),
            account: AccountId::DEFAULT,
            started_at: Timestamp::from_millis(NOW),
            loopback_only: true,
            retention: Duration::from_secs(7 * 86_400),
            with_ui: false,
        };
        Services {
            info: Arc::new(info),
            clock: Arc::clone(&stage) as _,
            sink: Arc::clone(&stage) as _,
            queries: Arc::clone(&stage) as _,
            analyzer: Arc::clone(&stage) as _,
            latest: Arc::clone(&stage) as _,
            sources: Arc::clone(&stage) as _,
            source_tester: Arc::clone(&stage) as _,
            lookups: Arc::clone(&stage) as _,
            saved_queries: Arc::clone(&stage) as _,
            store: Arc::clone(&stage) as _,
            authenticator: Arc::clone(&stage) as _,
            exposition: stage,
            counters: Arc::default(),
            trends: Arc::default(),
        }
    }
}

impl Clock for Stage {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }
}

impl LatestSamples for Stage {
    fn latest(&self, _account: AccountId, query: LatestQuery<'_>) -> Vec<Event> {
        let mut newest: HashMap<String, Event> = HashMap::new();
        for event in self.samples.iter().filter(|event| *event.event_type == *query.event_type) {
            let is_wanted = |(name, text): &(&str, &str)| {
                event.get(name).and_then(Value::as_str) == Some(*text)
            };
            if event.timestamp < query.since || !query.identity.iter().all(is_wanted) {
                continue;
            }
            let known = newest.entry(key(event)).or_insert_with(|| event.clone());
            if known.timestamp < event.timestamp {
                *known = event.clone();
            }
        }
        newest.into_values().collect()
    }

    /// Without what was not asked for, so that a view which reads more than it says is found out.
    fn latest_attributes(
        &self,
        account: AccountId,
        query: LatestQuery<'_>,
        attributes: &[&'static str],
    ) -> Vec<Event> {
        let mut events = self.latest(account, query);
        for event in &mut events {
            event.attributes.retain(|(name, _)| attributes.contains(&&**name));
        }
        events
    }
}

fn key(event: &Event) -> String {
    let identity = event.attributes.iter().filter(|(name, _)| is_identity(&event.event_type, name));
    let mut parts: Vec<_> = identity.map(|(name, value)| format!("{name}={value:?}")).collect();
    parts.sort();
    parts.join(";")
}

impl QueryRunner for Stage {
    fn run(&self, request: QueryRequest) -> BoxFuture<'_, Result<QueryResult, QueryError>> {
        let found = self.rows.iter().find(|(part, _)| request.nrql.contains(**part));
        let rows = found.map_or(json!([]), |(_, rows)| rows.clone());
        let results = serde_json::from_value(rows).unwrap();
        let is_endless = request.nrql.contains("Endless");
        Box::pin(async move {
            if is_endless {
                std::future::pending::<()>().await;
            }
            Ok(QueryResult { results, ..QueryResult::default() })
        })
    }
}

impl QueryAnalyzer for Stage {
    fn analyze(&self, _: AccountId, _nrql: &str, _cursor: usize, _now: Timestamp) -> Analysis {
        unreachable!("no test asks for an analysis here")
    }
}

impl SourceReader for Stage {
    fn statuses(&self) -> Vec<SourceStatus> {
        self.statuses.clone()
    }

    fn capabilities(&self) -> Vec<SourceCapability> {
        self.capabilities.clone()
    }

    fn partitions(&self, _: &str, of: PartitionsOf<'_>, limit: usize) -> Option<PartitionStates> {
        let mut states = self.partitions.clone()?;
        states.items.retain(|one| match of {
            PartitionsOf::Topic(name) => &*one.topic == name,
            PartitionsOf::Broker(id) => one.replicas.contains(&id),
        });
        states.left_out = states.items.len().saturating_sub(limit);
        states.items.truncate(limit);
        Some(states)
    }

    fn filters(&self) -> Vec<SourceFilter> {
        self.filters.clone()
    }
}

impl SourceTester for Stage {
    fn test(&self, source: &str) -> BoxFuture<'_, Result<Vec<SourceTestStep>, SourceTestRefusal>> {
        let outcome = match self.tests.get(source) {
            Some(outcome) => outcome.clone(),
            None => Err(SourceTestRefusal::NoSuchSource(source.to_owned())),
        };
        Box::pin(async move { outcome })
    }
}

/// The tests of the whole binary upload some; here is none.
impl LookupStore for Stage {
    fn list(&self, _: AccountId) -> Result<Vec<LookupTable>, LookupError> {
        Ok(Vec::new())
    }

    fn find(&self, _: AccountId, name: &str) -> Result<LookupTable, LookupError> {
        Err(LookupError::NotFound(name.to_owned()))
    }

    fn csv(&self, _: AccountId, name: &str) -> Result<String, LookupError> {
        Err(LookupError::NotFound(name.to_owned()))
    }

    fn rows(&self, _: AccountId, name: &str) -> Result<Vec<Vec<Json>>, LookupError> {
        Err(LookupError::NotFound(name.to_owned()))
    }

    fn put(&self, _: AccountId, upload: LookupUpload) -> Result<LookupTable, LookupError> {
        Err(LookupError::BadName(upload.name))
    }

    fn delete(&self, _: AccountId, name: &str) -> Result<LookupTable, LookupError> {
        Err(LookupError::NotFound(name.to_owned()))
    }
}

/// Likewise.
impl SavedQueryStore for Stage {
    fn list(&self, _: AccountId, _: &str) -> Result<Vec<SavedQuery>, SavedQueryError> {
        Ok(Vec::new())
    }

    fn create(
        &self,
        _: AccountId,
        _: &str,
        body: SavedQueryBody,
    ) -> Result<SavedQuery, SavedQueryError> {
        Err(SavedQueryError::NameTaken(body.name))
    }

    fn update(
        &self,
        _: AccountId,
        _: &str,
        id: &str,
        _: SavedQueryBody,
    ) -> Result<SavedQuery, SavedQueryError> {
        Err(SavedQueryError::NotFound(id.to_owned()))
    }

    fn delete(&self, _: AccountId, _: &str, id: &str) -> Result<SavedQuery, SavedQueryError> {
        Err(SavedQueryError::NotFound(id.to_owned()))
    }
}

impl Sink for Stage {
    fn append(&self, _batch: Batch) -> BoxFuture<'_, Result<(), SinkError>> {
        Box::pin(async { Ok(()) })
    }
}

impl StoreReader for Stage {
    fn status(&self) -> StoreStatus {
        StoreStatus {
            state: "ok".into(),
            writable: true,
            row_count: 0,
            series_count: 0,
            memory_bytes: 0,
            wal_bytes: 0,
            segment_bytes: 0,
            oldest_at_ms: None,
            rows_dropped_early: 0,
            maintenance_problem: None,
        }
    }
}

impl Authenticator for Stage {
    fn authenticate(&self, key: &str) -> Result<Option<Identity>, String> {
        let user = "somebody".into();
        let identity = Identity { account: AccountId::DEFAULT, access: Access::User, user };
        Ok((key == USER_KEY).then_some(identity))
    }
}

impl Exposition for Stage {
    fn chunks(&self, _now: Timestamp) -> Box<dyn Iterator<Item = Vec<u8>> + Send> {
        Box::new(std::iter::empty())
    }
}
