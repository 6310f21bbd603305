//! The last hour of one measure, as the small line beside a number.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use weir_types::{AccountId, QueryRequest, Timestamp};

use super::{Result, View};

/// Points of a trend; an hour in steps of two and a half minutes.
pub const POINTS: usize = 24;
const STEP_SECS: u64 = 150;
const TIMEOUT: Duration = Duration::from_secs(10);
/// A line of such steps is no worse for being a fifth of a step old.
const KEPT_FOR: Duration = Duration::from_secs(STEP_SECS / 5);

/// Oldest first; a step without a sample is a gap.
pub type Trend = Vec<Option<f64>>;

/// One trend a group of facet values.
#[derive(Default)]
pub struct Trends(HashMap<Vec<String>, Trend>);

impl Trends {
    /// Runs `SELECT {select} FROM {from} FACET {facets}` over the last hour.
    /// The answer may be [`KEPT_FOR`] old.
    pub async fn query(
        view: &View<'_>,
        select: &str,
        from: &str,
        facets: &[&str],
    ) -> Result<Arc<Self>> {
        let nrql = format!(
            "SELECT {select} AS value FROM {from} FACET {} SINCE 1 hour ago TIMESERIES {STEP_SECS} seconds LIMIT MAX",
            facets.join(", ")
        );
        let (account, now) = (view.account, view.services.question_now());
        let request = QueryRequest { account, nrql: nrql.clone(), now, timeout: TIMEOUT };
        let ask = async {
            let answer = view.services.queries.run(request).await?;
            let mut trends = Trends::default();
            for row in &answer.results {
                let value = row.get("value").and_then(Json::as_f64);
                trends.0.entry(facet_values(row.get("facet"))).or_default().push(value);
            }
            Ok(trends)
        };
        view.services.trends.get((account, nrql), view.now, ask).await
    }

    /// The trend of one group; all gaps when it had no sample in the hour.
    pub fn get(&self, facets: &[&str]) -> Trend {
        let key: Vec<String> = facets.iter().map(|f| (*f).to_owned()).collect();
        self.0.get(&key).cloned().unwrap_or_else(|| vec![None; POINTS])
    }

    /// Step by step the sum of all trends whose first facet value is `first`.
    pub fn sum_of(&self, first: &str) -> Trend {
        let mut sum = vec![None; POINTS];
        for (_, trend) in self.0.iter().filter(|(key, _)| key.first().is_some_and(|k| k == first)) {
            for (total, value) in sum.iter_mut().zip(trend) {
                if let Some(value) = value {
                    *total = Some(total.unwrap_or(0.0) + value);
                }
            }
        }
        sum
    }
}

/// The trends of the last moments: every list and page of a large cluster draws from one answer.
#[derive(Default)]
pub struct TrendCache(Mutex<HashMap<Asked, Arc<Slot>>>);

/// Whose trends, and in which words; of the latter there are but a few.
type Asked = (AccountId, String);
/// Held while the question runs: whoever asks the same meanwhile gets the same answer.
type Slot = tokio::sync::Mutex<Option<(Timestamp, Arc<Trends>)>>;

impl TrendCache {
    async fn get(
        &self,
        asked: Asked,
        now: Timestamp,
        ask: impl Future<Output = Result<Trends>>,
    ) -> Result<Arc<Trends>> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(asked).or_default())
        };
        let mut kept = slot.lock().await;
        if let Some((at, trends)) = &*kept
            && now.since(*at) < KEPT_FOR
        {
            return Ok(Arc::clone(trends));
        }
        let trends = Arc::new(ask.await?);
        *kept = Some((now, Arc::clone(&trends)));
        Ok(trends)
    }
}

fn facet_values(facet: Option<&Json>) -> Vec<String> {
    match facet {
        Some(Json::Array(items)) => items.iter().map(plain).collect(),
        Some(item) => vec![plain(item)],
        None => Vec::new(),
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_is_asked_anew_when_its_answer_is_old_or_was_none() {
        let cache = TrendCache::default();
        let at = |secs: u64| Timestamp::from_millis(secs as i64 * 1000);
        let asked = || (AccountId::DEFAULT, "SELECT".to_owned());
        let steps = |n: usize| Trends(HashMap::from([(vec!["a".to_owned()], vec![None; n])]));
        let get = async |now, answer: Result<Trends>| {
            let got = cache.get(asked(), now, async { answer }).await;
            got.map(|trends| trends.get(&["a"]).len())
        };
        let failed = weir_types::QueryError::Store("away".into());
        assert!(get(at(0), Err(failed)).await.is_err());
        assert_eq!(get(at(1), Ok(steps(1))).await.unwrap(), 1);
        assert_eq!(get(at(KEPT_FOR.as_secs()), Ok(steps(2))).await.unwrap(), 1);
        assert_eq!(get(at(KEPT_FOR.as_secs() + 1), Ok(steps(3))).await.unwrap(), 3);
        let other = (AccountId(2), "SELECT".to_owned());
        let got = cache.get(other, at(2), async { Ok(steps(4)) }).await.unwrap();
        assert_eq!(got.get(&["a"]).len(), 4);
    }

    #[test]
    fn a_sum_keeps_gaps_where_nobody_was_seen() {
        let key = |g: &str| vec!["orders".to_owned(), g.to_owned()];
        let trends = Trends(HashMap::from([
            (key("a"), vec![None, Some(1.0), Some(2.0)]),
            (key("b"), vec![None, None, Some(5.0)]),
        ]));
        assert_eq!(trends.sum_of("orders")[..3], [None, Some(1.0), Some(7.0)]);
        assert_eq!(trends.sum_of("other"), vec![None; POINTS]);
    }
}
