//! What the store has of what is asked about.

use serde_json::Value as Json;
use weir_types::{Event, QueryRequest, Timestamp};

use super::super::sample::Sample;
use super::super::{Result, View};
use super::asked::{Asked, QUERY_TIMEOUT};

/// The newest samples of an event type, and how many have the attribute.
#[derive(Debug, Default)]
pub struct Data {
    /// Series of the event type, with the attribute or without.
    pub series_count: usize,
    /// Series whose newest sample has the attribute.
    pub with_count: usize,
    /// Of those, the ones that are not stale.
    pub fresh_count: usize,
    /// When the newest sample that has it was true.
    pub newest_at: Option<Timestamp>,
    /// Something with the attribute lies in the window.
    pub is_in_window: bool,
}

impl Data {
    pub async fn find(view: &View<'_>, asked: &Asked) -> Result<Data> {
        let samples =
            view.latest(asked.event, asked.cluster.as_deref(), view.services.info.retention);
        let mut data = Data { series_count: samples.len(), ..Data::default() };
        for event in &samples {
            data.add(view, asked, event);
        }
        data.is_in_window = if asked.is_until_now {
            data.newest_at.is_some_and(|at| at >= asked.from)
        } else {
            is_in_window(view, asked).await?
        };
        // A window of the past asks for what was, not for what is fresh.
        if !asked.is_until_now && data.is_in_window {
            data.fresh_count = data.with_count;
        }
        Ok(data)
    }

    fn add(&mut self, view: &View<'_>, asked: &Asked, event: &Event) {
        let is_there = |name: &str| name == "timestamp" || event.get(name).is_some();
        if asked.attribute.as_deref().is_none_or(is_there) {
            self.with_count += 1;
            self.newest_at = self.newest_at.max(Some(Sample(event).known_at()));
            self.fresh_count += usize::from(!Sample(event).freshness(view).stale);
        }
    }
}

async fn is_in_window(view: &View<'_>, asked: &Asked) -> Result<bool> {
    let attribute = asked.attribute.as_deref().unwrap_or("timestamp");
    let cluster = asked.cluster.as_deref().map(in_cluster).unwrap_or_default();
    let nrql = format!(
        "SELECT count(*) AS n FROM {} WHERE `{attribute}` IS NOT NULL{cluster} SINCE {} UNTIL {}",
        asked.event, asked.from, asked.to
    );
    let request = QueryRequest {
        account: view.account,
        nrql,
        now: view.services.question_now(),
        timeout: QUERY_TIMEOUT,
    };
    let answer = view.services.queries.run(request).await?;
    let count = answer.results.first().and_then(|row| row.get("n")).and_then(Json::as_f64);
    Ok(count.is_some_and(|count| count > 0.0))
}

fn in_cluster(name: &str) -> String {
    let quoted = name.replace('\\', "\\\\").replace('\'', "\\'");
    format!(" AND clusterName = '{quoted}'")
}
