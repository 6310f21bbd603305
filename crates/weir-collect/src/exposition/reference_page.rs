//! The page `docs/reference/metrics.md`, made from the tables of families.

use super::dialect::{ALL, Dialect};

const HEADER: &str = "# /metrics\n\n\
Generated from the tables in `crates/weir-collect/src/exposition/dialect/`; a test fails when this \
page differs.\n\n\
`GET /metrics` gives Weir's own series (`weir_*`) and Kafka's series in the names and labels of \
exporters that boards and alerts already know, so that they go on working. Each is switched in \
`weir.yaml`; all are on unless said otherwise:\n\n\
```yaml\nmetrics:\n  kafka_exporter: true\n  kminion: true\n  kafka_lag_exporter: true\n```\n\n\
A scrape touches neither Kafka nor the store: it writes what the last cycle of each source knew. \
Scrape as often as you like; values change once an interval.\n\n\
- What is not known has no line. Nothing is 0 or repeated for want of an answer: series of a broker, \
partition or group that the last cycle did not hear of end, and `weir_source_silent_brokers`, \
`weir_source_stale_partitions` and `weir_source_stale_groups` say how many. When a whole source is \
silent, all its series end; `weir_source_up`, `weir_source_stale` and \
`weir_source_last_success_timestamp_seconds` stay.\n\
- kafka_exporter and KMinion watch one cluster a process and have no label that names it. With one \
source their labels are as there; with several, Weir adds the constant label `cluster`, whether or \
not all of them answer.\n\
- All of Kafka's series are gauges.\n\
- Reading it takes what reading `/api/v1` takes: nothing on a loopback port, elsewhere a user key, \
as `Api-Key: KEY` or `Authorization: Bearer KEY`.\n";

/// The whole page.
pub fn to_markdown() -> String {
    let mut out = String::from(HEADER);
    for dialect in ALL {
        out.push_str(&section(dialect));
    }
    out
}

fn section(dialect: &Dialect) -> String {
    let mut out = format!("\n## {}\n\n{}\n\n", dialect.name, dialect.doc);
    out.push_str("| series | labels | meaning |\n|---|---|---|\n");
    for family in dialect.families {
        let labels = family.labels.join(", ");
        out.push_str(&format!("| `{}` | {labels} | {} |\n", family.name, family.help));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `WEIR_BLESS=1 cargo test -p weir-collect` rewrites the page.
    #[test]
    fn the_reference_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/metrics.md");
        weir_testkit::golden(path, &to_markdown());
    }
}
