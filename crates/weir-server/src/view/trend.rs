//! The last hour of one measure, as the small line beside a number.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value as Json;
use weir_types::QueryRequest;

use super::{Result, View};

/// Points of a trend; an hour in steps of two and a half minutes.
pub const POINTS: usize = 24;
const STEP_SECS: u64 = 150;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Oldest first; a step without a sample is a gap.
pub type Trend = Vec<Option<f64>>;

/// One trend a group of facet values.
#[derive(Default)]
pub struct Trends(HashMap<Vec<String>, Trend>);

impl Trends {
    /// Runs `SELECT {select} FROM {from} FACET {facets}` over the last hour.
    pub async fn query(view: &View<'_>, select: &str, from: &str, facets: &[&str]) -> Result<Self> {
        let nrql = format!(
            "SELECT {select} AS value FROM {from} FACET {} SINCE 1 hour ago TIMESERIES {STEP_SECS} seconds LIMIT MAX",
            facets.join(", ")
        );
        let request = QueryRequest {
            account: view.account,
            nrql,
            now: view.services.question_now(),
            timeout: TIMEOUT,
        };
        let answer = view.services.queries.run(request).await?;
        let mut trends = Trends::default();
        for row in &answer.results {
            let value = row.get("value").and_then(Json::as_f64);
            trends.0.entry(facet_values(row.get("facet"))).or_default().push(value);
        }
        Ok(trends)
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
