//! Random events against tiny computations that share no code with the evaluator.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use weir_types::Event;

use super::support::{NOW, ask, event_at};

/// Milliseconds before now, group, number.
type Row = (i64, Option<u8>, Option<i64>);

const WINDOW_MILLIS: i64 = 600_000;

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (-1_000..WINDOW_MILLIS + 1_000, option::of(0..6_u8), option::of(-50..50_i64));
    vec(row, 0..80)
}

fn events(rows: &[Row]) -> Vec<Event> {
    let event = |(ago, group, number): &Row| {
        let mut attributes = json!({});
        if let Some(group) = group {
            attributes["g"] = json!(format!("g{group}"));
        }
        if let Some(number) = number {
            attributes["v"] = json!(number);
        }
        event_at("T", NOW - ago, attributes)
    };
    rows.iter().map(event).collect()
}

fn inside(rows: &[Row]) -> Vec<Row> {
    rows.iter().copied().filter(|(ago, ..)| (1..=WINDOW_MILLIS).contains(ago)).collect()
}

fn int(json: &Json) -> i64 {
    json.as_i64().unwrap_or_else(|| panic!("{json} is no integer"))
}

fn sum_of(rows: &[weir_types::query::Row], key: &str) -> i64 {
    rows.iter().map(|row| int(&row[key])).sum()
}

proptest! {
    #[test]
    fn aggregates_are_what_a_loop_computes(rows in rows()) {
        let nrql = "SELECT count(*), count(v), sum(v), average(v), min(v), max(v), uniqueCount(v) \
                    FROM T SINCE 10 minutes ago";
        let result = ask(&events(&rows), nrql);
        let row = &result.results[0];
        let rows = inside(&rows);
        let numbers: Vec<i64> = rows.iter().filter_map(|row| row.2).collect();
        prop_assert_eq!(int(&row["count"]), rows.len() as i64);
        prop_assert_eq!(int(&row["count.v"]), numbers.len() as i64);
        prop_assert_eq!(int(&row["sum.v"]), numbers.iter().sum::<i64>());
        prop_assert_eq!(&row["min.v"], &json!(numbers.iter().min()));
        prop_assert_eq!(&row["max.v"], &json!(numbers.iter().max()));
        let distinct = numbers.iter().collect::<BTreeSet<_>>().len();
        prop_assert_eq!(int(&row["uniqueCount.v"]), distinct as i64);
        match row["average.v"].as_f64() {
            None => prop_assert!(numbers.is_empty()),
            Some(average) => {
                let expected = numbers.iter().sum::<i64>() as f64 / numbers.len() as f64;
                prop_assert!((average - expected).abs() < 1e-9);
            }
        }
        prop_assert_eq!(result.stats.inspected_count, rows.len() as u64);
    }

    #[test]
    fn a_percentile_splits_the_values_where_it_says(rows in rows(), threshold in 0..=100_u32) {
        let nrql = format!("SELECT percentile(v, {threshold}) AS p FROM T SINCE 10 minutes ago");
        let found = ask(&events(&rows), &nrql).results[0]["p"][threshold.to_string()].as_f64();
        let numbers: Vec<f64> = inside(&rows).iter().filter_map(|row| row.2).map(|v| v as f64).collect();
        let found = found.unwrap();
        if numbers.is_empty() {
            prop_assert_eq!(found, 0.0);
            return Ok(());
        }
        prop_assert!(numbers.contains(&found));
        let share = f64::from(threshold) / 100.0 * numbers.len() as f64;
        let at_most = numbers.iter().filter(|v| **v <= found).count() as f64;
        let below = numbers.iter().filter(|v| **v < found).count() as f64;
        prop_assert!(at_most + 1e-9 >= share, "{at_most} values up to {found}, not {share}");
        prop_assert!(below <= share.max(1.0), "{below} values below {found}, over {share}");
    }

    #[test]
    fn buckets_add_up_to_the_total(rows in rows(), step in 1..=10_i64) {
        let nrql = format!(
            "SELECT count(*), sum(v) FROM T SINCE 10 minutes ago TIMESERIES {step} minutes"
        );
        let result = ask(&events(&rows), &nrql);
        let count = 10 / step;
        prop_assert_eq!(result.results.len() as i64, count);
        let covered: Vec<Row> =
            inside(&rows).into_iter().filter(|(ago, ..)| *ago <= count * step * 60_000).collect();
        prop_assert_eq!(sum_of(&result.results, "count"), covered.len() as i64);
        prop_assert_eq!(sum_of(&result.results, "sum.v"), covered.iter().filter_map(|r| r.2).sum::<i64>());
        for pair in result.results.windows(2) {
            prop_assert_eq!(&pair[0]["endTimeSeconds"], &pair[1]["beginTimeSeconds"]);
        }
        let end = &result.results[result.results.len() - 1]["endTimeSeconds"];
        prop_assert_eq!(int(end), NOW / 1_000);
    }

    #[test]
    fn groups_and_other_and_unknown_add_up_to_the_total(rows in rows(), limit in 0..8_usize) {
        let nrql = format!(
            "SELECT count(*), sum(v) FROM T SINCE 10 minutes ago FACET g LIMIT {limit}"
        );
        let result = ask(&events(&rows), &nrql);
        let rows = inside(&rows);
        let mut groups: BTreeMap<u8, i64> = BTreeMap::new();
        for (_, group, _) in &rows {
            if let Some(group) = group {
                *groups.entry(*group).or_default() += 1;
            }
        }
        let unknown = rows.iter().filter(|row| row.1.is_none()).count() as i64;
        let total = int(&result.total_result.as_ref().unwrap()["count"]);
        let other = int(&result.other_result.as_ref().unwrap()["count"]);
        prop_assert_eq!(total, rows.len() as i64);
        prop_assert_eq!(sum_of(&result.results, "count") + other + unknown, total);
        prop_assert_eq!(result.results.len(), groups.len().min(limit));
        for row in &result.results {
            let group: u8 = row["facet"].as_str().unwrap()[1..].parse().unwrap();
            prop_assert_eq!(int(&row["count"]), groups[&group]);
        }
        let shown: Vec<i64> = result.results.iter().map(|row| int(&row["count"])).collect();
        let mut largest: Vec<i64> = groups.into_values().collect();
        largest.sort_unstable_by(|a, b| b.cmp(a));
        largest.truncate(limit);
        prop_assert_eq!(shown, largest);
    }

    #[test]
    fn groups_by_bucket_are_the_cells_of_a_table(rows in rows()) {
        let nrql = "SELECT count(*) FROM T SINCE 10 minutes ago FACET g TIMESERIES 2 minutes";
        let result = ask(&events(&rows), nrql);
        let mut cells: BTreeMap<(String, i64), i64> = BTreeMap::new();
        for (ago, group, _) in inside(&rows) {
            if let Some(group) = group {
                *cells.entry((format!("g{group}"), (WINDOW_MILLIS - ago) / 120_000)).or_default() += 1;
            }
        }
        for row in &result.results {
            let begin = int(&row["beginTimeSeconds"]) * 1_000 - (NOW - WINDOW_MILLIS);
            let cell = (row["facet"].as_str().unwrap().to_owned(), begin / 120_000);
            prop_assert_eq!(int(&row["count"]), cells.remove(&cell).unwrap_or(0));
        }
        prop_assert!(cells.is_empty(), "cells without a row: {:?}", cells);
    }

    #[test]
    fn rows_come_newest_first_and_limit_cuts_the_end(rows in rows(), limit in 0..100_usize) {
        let nrql = format!("SELECT v FROM T SINCE 10 minutes ago LIMIT {limit}");
        let found: Vec<i64> =
            ask(&events(&rows), &nrql).results.iter().map(|row| int(&row["timestamp"])).collect();
        let mut expected: Vec<i64> = inside(&rows).iter().map(|row| NOW - row.0).collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        expected.truncate(limit);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_order_of_arrival_of_other_times_does_not_show(rows in rows()) {
        let nrql = "SELECT count(*), sum(v), average(v), percentile(v, 90), stddev(v), uniques(v) \
                    FROM T SINCE 10 minutes ago FACET g LIMIT MAX";
        let forth = ask(&events(&rows), nrql).results;
        let reversed: Vec<Row> = rows.iter().rev().copied().collect();
        let back = ask(&events(&reversed), nrql).results;
        for (a, b) in forth.iter().zip(&back) {
            let deviations = (a["stddev.v"].as_f64().unwrap(), b["stddev.v"].as_f64().unwrap());
            prop_assert!((deviations.0 - deviations.1).abs() < 1e-9);
            for key in ["facet", "count", "sum.v", "average.v", "percentile.v", "uniques.v"] {
                prop_assert_eq!(&a[key], &b[key]);
            }
        }
        prop_assert_eq!(forth.len(), back.len());
    }

    #[test]
    fn no_text_makes_it_panic(nrql in "(SELECT|FROM|WHERE|FACET|T|a|[0-9]{1,3}|'x'|[(),.*/+=<>-]|count|latest|rate|LIMIT|TIMESERIES|SINCE|ago|minutes|AS|OR|NOT| ){1,40}") {
        let _ = super::support::try_ask(&events(&[(5, Some(1), Some(2))]), &nrql);
    }
}
