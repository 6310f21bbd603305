//! The HTTP client of the REST API, as the command line uses it.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use weir_types::ErrorCode;

use crate::broker::{Broker, BrokerDetail};
use crate::capability::Capability;
use crate::cluster::{Cluster, ClusterDetail};
use crate::error::{ApiError, ErrorBody};
use crate::group::{Group, GroupDetail};
use crate::list::{List, ListQuery};
use crate::lookup::{LookupTable, LookupUploadQuery};
use crate::query::{QueryAnswer, QueryBody};
use crate::server::ServerStatus;
use crate::source::Source;
use crate::topic::{Topic, TopicDetail};
use crate::why::{Why, WhyQuery};

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 256 << 20;

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("no Weir answers at {url}: {reason}")]
    Unreachable { url: String, reason: String },
    #[error("{url} did not answer within {} s", .timeout.as_secs())]
    Timeout { url: String, timeout: Duration },
    #[error("{url} did not answer as a Weir server does: {reason}")]
    Foreign { url: String, reason: String },
    #[error("{}", .0.message)]
    Api(ApiError),
}

impl ClientError {
    pub fn code(&self) -> ErrorCode {
        match self {
            ClientError::Unreachable { .. } => ErrorCode::Unavailable,
            ClientError::Timeout { .. } => ErrorCode::Timeout,
            ClientError::Foreign { .. } => ErrorCode::Internal,
            ClientError::Api(error) => error.code,
        }
    }
}

/// Talks to one server with one key.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
    timeout: Duration,
}

impl Client {
    /// `base` is the URL of the server without a path; the key goes into no log and no error.
    pub fn new(base: &str, key: Option<String>, timeout: Duration) -> Result<Self, ClientError> {
        let base = base.trim_end_matches('/').to_owned();
        // A proxy of the environment must not see the key on its way to this machine.
        let local =
            ["//127.0.0.1", "//localhost", "//[::1]"].iter().any(|host| base.contains(host));
        let builder = reqwest::Client::builder().timeout(timeout);
        let builder = if local { builder.no_proxy() } else { builder };
        let http = builder
            .build()
            .map_err(|e| ClientError::Unreachable { url: base.clone(), reason: e.to_string() })?;
        Ok(Client { http, base, key, timeout })
    }

    pub async fn status(&self) -> Result<ServerStatus, ClientError> {
        self.get("/api/v1/status").await
    }

    pub async fn sources(&self) -> Result<List<Source>, ClientError> {
        self.get("/api/v1/sources").await
    }

    pub async fn clusters(&self, query: &ListQuery) -> Result<List<Cluster>, ClientError> {
        self.get_with("/api/v1/clusters", query).await
    }

    pub async fn cluster(&self, cluster: &str) -> Result<ClusterDetail, ClientError> {
        self.get(&format!("/api/v1/clusters/{}", encode(cluster))).await
    }

    pub async fn capabilities(&self, cluster: &str) -> Result<List<Capability>, ClientError> {
        self.get(&format!("/api/v1/clusters/{}/capabilities", encode(cluster))).await
    }

    pub async fn brokers(&self, query: &ListQuery) -> Result<List<Broker>, ClientError> {
        self.get_with("/api/v1/brokers", query).await
    }

    pub async fn broker(&self, cluster: &str, broker: &str) -> Result<BrokerDetail, ClientError> {
        self.get(&format!("/api/v1/clusters/{}/brokers/{}", encode(cluster), encode(broker))).await
    }

    pub async fn topics(&self, query: &ListQuery) -> Result<List<Topic>, ClientError> {
        self.get_with("/api/v1/topics", query).await
    }

    pub async fn topic(&self, cluster: &str, topic: &str) -> Result<TopicDetail, ClientError> {
        self.get(&format!("/api/v1/clusters/{}/topics/{}", encode(cluster), encode(topic))).await
    }

    pub async fn groups(&self, query: &ListQuery) -> Result<List<Group>, ClientError> {
        self.get_with("/api/v1/groups", query).await
    }

    pub async fn group(&self, cluster: &str, group: &str) -> Result<GroupDetail, ClientError> {
        self.get(&format!("/api/v1/clusters/{}/groups/{}", encode(cluster), encode(group))).await
    }

    pub async fn why(&self, query: &WhyQuery) -> Result<Why, ClientError> {
        self.get_with("/api/v1/why", query).await
    }

    pub async fn query(&self, body: &QueryBody) -> Result<QueryAnswer, ClientError> {
        self.send(self.http.post(self.url("/api/v1/query")).json(body)).await
    }

    pub async fn lookup_tables(&self) -> Result<List<LookupTable>, ClientError> {
        self.get("/api/v1/lookup-tables").await
    }

    /// The table as the CSV that was uploaded.
    pub async fn lookup_table_csv(&self, name: &str) -> Result<String, ClientError> {
        let bytes = self.send_raw(self.http.get(self.url(&lookup_path(name)))).await?;
        String::from_utf8(bytes).map_err(|e| self.foreign(e.to_string()))
    }

    pub async fn put_lookup_table(
        &self,
        name: &str,
        query: &LookupUploadQuery,
        csv: Vec<u8>,
    ) -> Result<LookupTable, ClientError> {
        let request = self.http.put(self.url(&lookup_path(name))).query(query);
        self.send(request.header("Content-Type", "text/csv").body(csv)).await
    }

    pub async fn delete_lookup_table(&self, name: &str) -> Result<LookupTable, ClientError> {
        self.send(self.http.delete(self.url(&lookup_path(name)))).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send(self.http.get(self.url(path))).await
    }

    async fn get_with<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.send(self.http.get(self.url(path)).query(query)).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, ClientError> {
        let bytes = self.send_raw(request).await?;
        serde_json::from_slice(&bytes).map_err(|e| self.foreign(e.to_string()))
    }

    async fn send_raw(&self, mut request: reqwest::RequestBuilder) -> Result<Vec<u8>, ClientError> {
        if let Some(key) = &self.key {
            request = request.header("Api-Key", key);
        }
        let response = request.send().await.map_err(|e| self.transport_error(&e))?;
        let status = response.status();
        let bytes = self.read(response).await?;
        if status.is_success() {
            return Ok(bytes);
        }
        match serde_json::from_slice::<ErrorBody>(&bytes) {
            Ok(body) => Err(ClientError::Api(body.error)),
            Err(_) => Err(self.foreign(format!("status {status}"))),
        }
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, ClientError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| self.transport_error(&e))? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(self.foreign(format!("answer is over {ANSWER_BYTES_MAX} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn foreign(&self, reason: String) -> ClientError {
        ClientError::Foreign { url: self.base.clone(), reason }
    }

    fn transport_error(&self, error: &reqwest::Error) -> ClientError {
        let url = self.base.clone();
        if error.is_timeout() {
            return ClientError::Timeout { url, timeout: self.timeout };
        }
        ClientError::Unreachable { url, reason: innermost(error) }
    }
}

fn lookup_path(name: &str) -> String {
    format!("/api/v1/lookup-tables/{}", encode(name))
}

/// The last cause says what happened ("connection refused"); the ones above it only say where.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Percent-encodes one path segment.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_url() {
        assert_eq!(encode("a/b c?ü"), "a%2Fb%20c%3F%C3%BC");
    }
}
