//! Random points of every type of metric, by group and bucket, against sums written out here.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use weir_query::EventSource;
use weir_testkit::say;
use weir_types::Event;

use super::splitmix::Random;
use super::support::{NOW, ask, event_at};

const HOSTS: [&str; 3] = ["a", "b", "c"];
const BUCKET_MILLIS: i64 = 600_000;
const BUCKETS: i64 = 3;
/// Upper bounds of a Prometheus histogram; nothing was above the last finite one.
const BOUNDS: [f64; 3] = [1.0, 5.0, 20.0];

/// A point as the test knows it.
struct Point {
    host: &'static str,
    ago_millis: i64,
    kind: Kind,
}

enum Kind {
    Gauge(f64),
    Count(u64),
    Summary {
        count: u64,
        total: f64,
        min: f64,
        max: f64,
    },
    /// Values and how often.
    Distribution(Vec<(i64, u64)>),
    Unique(Vec<u64>),
    /// How many in each bucket, the last without a bound.
    Buckets([u64; 3]),
}

fn points(random: &mut Random) -> Vec<Point> {
    let quarter = |random: &mut Random| random.below(400) as f64 / 4.0;
    let point = |random: &mut Random| {
        let count = 1 + random.below(9) as u64;
        let kind = match random.below(6) {
            0 => Kind::Gauge(quarter(random) - 20.0),
            1 => Kind::Count(count),
            2 => {
                let (min, more) = (quarter(random), quarter(random));
                Kind::Summary { count, total: min * count as f64 + more, min, max: min + more }
            }
            3 => Kind::Distribution(
                (0..4).map(|_| (random.below(30) as i64, 1 + random.below(5) as u64)).collect(),
            ),
            4 => Kind::Unique((0..5).map(|_| random.below(40) as u64).collect()),
            _ => Kind::Buckets([0; 3].map(|_| random.below(10) as u64)),
        };
        let ago_millis = 1 + random.below((BUCKET_MILLIS * BUCKETS) as usize - 1) as i64;
        Point { host: HOSTS[random.below(3)], ago_millis, kind }
    };
    (0..600).map(|_| point(random)).collect()
}

impl Point {
    fn events(&self) -> Vec<Event> {
        let attributes = |name: &str, kind: &str, fields: Json| {
            let mut all = json!({"metricName": name, "metric.type": kind, "host": self.host});
            all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            event_at("Metric", NOW - self.ago_millis, all)
        };
        match &self.kind {
            Kind::Gauge(value) => {
                vec![attributes("gauge", "gauge", json!({"metric.latest": value}))]
            }
            Kind::Count(count) => {
                vec![attributes("hits", "count", json!({"metric.count": count}))]
            }
            Kind::Summary { count, total, min, max } => {
                let fields = json!({"metric.count": count, "metric.total": total,
                    "metric.min": min, "metric.max": max});
                vec![attributes("wait", "summary", fields)]
            }
            Kind::Distribution(values) => {
                let count: u64 = values.iter().map(|(_, count)| count).sum();
                let total: i64 = values.iter().map(|(value, count)| value * *count as i64).sum();
                let fields = json!({"metric.count": count, "metric.total": total,
                    "metric.distribution": json!(values).to_string()});
                vec![attributes("size", "distribution", fields)]
            }
            Kind::Unique(members) => {
                let fields = json!({"metric.uniques": json!(members).to_string()});
                vec![attributes("users", "uniqueCount", fields)]
            }
            Kind::Buckets(counts) => {
                let bounds = BOUNDS.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
                let mut below = 0;
                let up_to = counts.iter().chain(&[0]).map(|count| {
                    below += count;
                    below
                });
                bounds
                    .zip(up_to.collect::<Vec<_>>())
                    .map(|(le, count)| {
                        attributes("t_bucket", "count", json!({"metric.count": count, "le": le}))
                    })
                    .collect()
            }
        }
    }
}

const SELECT: &str = "SELECT latest(gauge) AS latest, average(gauge) AS g_average, min(gauge) AS g_min, \
     stddev(gauge) AS g_stddev, count(gauge) AS g_count, sum(hits) AS hits, \
     rate(sum(hits), 1 second) AS rate, average(wait) AS w_average, sum(wait) AS w_sum, \
     count(wait) AS w_count, min(wait) AS w_min, max(wait) AS w_max, average(size) AS s_average, \
     percentile(size, 50) AS s_median, histogram(size, 30, 3) AS s_histogram, \
     cdfPercentage(size, 10) AS s_below, uniqueCount(users) AS users, \
     histogram(t_bucket, 20, 4) AS t_histogram, bucketPercentile(t_bucket, 100) AS t_max, \
     datapointCount() AS points FROM Metric";

/// What [`SELECT`] must answer about these points.
fn expected(points: &[&Point], millis: i64) -> Json {
    let numbers = |of: fn(&Kind) -> Option<f64>| -> Vec<f64> {
        points.iter().filter_map(|point| of(&point.kind)).collect()
    };
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    let ratio =
        |top: f64, bottom: f64| if bottom == 0.0 { Json::Null } else { json!(top / bottom) };
    let least = |values: &[f64]| values.iter().copied().reduce(f64::min);
    let gauges = numbers(|k| if let Kind::Gauge(value) = k { Some(*value) } else { None });
    let newest = points.iter().filter(|p| matches!(p.kind, Kind::Gauge(_)));
    let newest = newest.min_by_key(|point| point.ago_millis);
    let latest =
        newest.and_then(|p| if let Kind::Gauge(value) = p.kind { Some(value) } else { None });
    let mean = sum(&gauges) / gauges.len() as f64;
    let squares: Vec<f64> = gauges.iter().map(|value| (value - mean).powi(2)).collect();
    let hits = sum(&numbers(|k| if let Kind::Count(n) = k { Some(*n as f64) } else { None }));
    let waits: Vec<(f64, f64, f64, f64)> = points
        .iter()
        .filter_map(|point| match point.kind {
            Kind::Summary { count, total, min, max } => Some((count as f64, total, min, max)),
            _ => None,
        })
        .collect();
    let waited = |of: fn(&(f64, f64, f64, f64)) -> f64| waits.iter().map(of).collect::<Vec<_>>();
    let (w_count, w_sum) = (sum(&waited(|w| w.0)), sum(&waited(|w| w.1)));
    let mut sizes: Vec<i64> = Vec::new();
    let mut users: BTreeSet<&u64> = BTreeSet::new();
    let mut in_buckets = [0; 3];
    let mut lines = 0;
    for point in points {
        lines += point.events().len();
        match &point.kind {
            Kind::Distribution(values) => {
                sizes.extend(values.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n as usize)));
            }
            Kind::Unique(members) => users.extend(members),
            Kind::Buckets(counts) => {
                in_buckets.iter_mut().zip(counts).for_each(|(all, count)| *all += *count);
            }
            _ => {}
        }
    }
    sizes.sort_unstable();
    let range = |low: i64, high: i64| sizes.iter().filter(|v| (low..high).contains(v)).count();
    let [one, five, twenty] = in_buckets.map(|count| count as f64);
    // From 5 to 20 a third lies in each range of five.
    let spread = json!([one + five, twenty / 3.0, twenty / 3.0, twenty / 3.0]);
    let last = in_buckets.iter().rposition(|count| *count > 0).map(|place| BOUNDS[place]);
    let median = sizes.get((sizes.len().div_ceil(2)).saturating_sub(1)).copied().unwrap_or(0);
    let below = sizes.iter().filter(|value| **value <= 10).count() as f64;
    json!({
        "latest": latest, "g_average": ratio(sum(&gauges), gauges.len() as f64),
        "g_min": least(&gauges), "g_count": gauges.len(),
        "g_stddev": (sum(&squares) / gauges.len().max(1) as f64).sqrt(),
        "hits": hits, "rate": hits * 1_000.0 / millis as f64,
        "w_average": ratio(w_sum, w_count), "w_sum": w_sum, "w_count": w_count,
        "w_min": least(&waited(|w| w.2)), "w_max": waited(|w| w.3).into_iter().reduce(f64::max),
        "s_average": ratio(sizes.iter().sum::<i64>() as f64, sizes.len() as f64),
        "s_median": {"50": median},
        "s_histogram": [range(0, 10), range(10, 20), range(20, 31)],
        "s_below": {"10": if sizes.is_empty() { 0.0 } else { below * 100.0 / sizes.len() as f64 }},
        "users": users.len(), "t_histogram": spread,
        "t_max": last.map(|bound| json!({"100": bound})), "points": lines,
    })
}

#[test]
fn random_metrics_add_up_by_group_and_bucket() {
    let given = std::env::var("WEIR_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or(20_260_104);
    say(&format!("seed {seed}"));
    let mut random = Random(seed);
    for _ in 0..5 {
        let points = points(&mut random);
        let events: Vec<Event> = points.iter().flat_map(Point::events).collect();
        let all: Vec<&Point> = points.iter().collect();
        let window = BUCKET_MILLIS * BUCKETS;
        compare(&events, "SINCE 30 minutes ago", |_| (all.clone(), window));
        compare(&events, "FACET host SINCE 30 minutes ago", |row| {
            (all.iter().copied().filter(|p| row["host"] == p.host).collect(), window)
        });
        compare(&events, "FACET host SINCE 30 minutes ago TIMESERIES 10 minutes", |row| {
            let begin_ago = NOW - row["beginTimeSeconds"].as_i64().unwrap() * 1_000;
            let in_bucket = begin_ago - BUCKET_MILLIS + 1..=begin_ago;
            let here = |p: &&Point| row["host"] == p.host && in_bucket.contains(&p.ago_millis);
            (all.iter().copied().filter(here).collect(), BUCKET_MILLIS)
        });
    }
}

fn compare<'p>(
    events: &dyn EventSource,
    rest: &str,
    of_row: impl Fn(&serde_json::Map<String, Json>) -> (Vec<&'p Point>, i64),
) {
    let rows = ask(events, &format!("{SELECT} {rest}")).results;
    assert!(!rows.is_empty(), "{rest}");
    for row in rows {
        let (points, millis) = of_row(&row);
        let wanted = expected(&points, millis);
        for (name, value) in wanted.as_object().unwrap() {
            assert!(close(value, &row[name]), "{rest}: {name} is {} and not {value}", row[name]);
        }
    }
}

fn close(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b))
        }
        (Json::Object(a), Json::Object(b)) => a.iter().all(|(k, v)| close(v, &b[k])),
        _ => match (left.as_f64(), right.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
            _ => left == right,
        },
    }
}
