//! Weir's own series: counters, the store, the sources.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use weir_types::source::SourceState;
use weir_types::{SourceStatus, Timestamp};

use super::Counters;
use crate::service::Services;

pub(super) fn render(services: &Services, now: Timestamp) -> String {
    let mut page = Page::default();
    page.head("weir_build_info", "gauge", "always 1; the version is a label");
    page.line("weir_build_info", &[("version", services.info.version)], 1.0);
    render_counters(&mut page, &services.counters);
    render_store(&mut page, services);
    render_sources(&mut page, &services.sources.statuses(), now);
    page.text
}

fn render_counters(page: &mut Page, counters: &Counters) {
    let mut counter = |name, help, value: &AtomicU64| {
        page.head(name, "counter", help);
        page.line(name, &[], value.load(Ordering::Relaxed) as f64);
    };
    counter("weir_events_ingested_total", "events taken over HTTP", &counters.events_ingested);
    counter("weir_events_refused_total", "events refused over HTTP", &counters.events_refused);
    counter("weir_queries_total", "NRQL queries over HTTP", &counters.queries);
    counter("weir_queries_failed_total", "NRQL queries that failed", &counters.queries_failed);
}

fn render_store(page: &mut Page, services: &Services) {
    let store = services.store.status();
    let mut gauge = |name, help, value: f64| {
        page.head(name, "gauge", help);
        page.line(name, &[], value);
    };
    gauge("weir_store_writable", "1 while events are taken", f64::from(store.writable));
    gauge("weir_store_rows", "events held", store.row_count as f64);
    gauge("weir_store_series", "series held", store.series_count as f64);
    gauge("weir_store_memory_bytes", "memory of the held events", store.memory_bytes as f64);
    gauge("weir_store_wal_bytes", "size of the write-ahead log", store.wal_bytes as f64);
    gauge("weir_store_segment_bytes", "size of the sealed segments", store.segment_bytes as f64);
    let is_behind = f64::from(store.maintenance_problem.is_some());
    gauge("weir_store_maintenance_failing", "1 while sealing or merging fails", is_behind);
}

fn render_sources(page: &mut Page, sources: &[SourceStatus], now: Timestamp) {
    type Read = fn(&SourceStatus, Timestamp) -> Option<f64>;
    let families: [(&str, &str, &str, Read); 8] = [
        ("weir_source_up", "gauge", "1 when the last cycle got an answer", |s, _| up(s)),
        (
            "weir_source_stale",
            "gauge",
            "1 when nothing was heard within two intervals: its other series end",
            stale,
        ),
        ("weir_source_interval_seconds", "gauge", "from one cycle to the next", |s, _| {
            Some(s.interval_secs as f64)
        }),
        ("weir_source_completeness", "gauge", "share of the last cycle answered", |s, _| {
            s.completeness
        }),
        (
            "weir_source_last_success_timestamp_seconds",
            "gauge",
            "end of the last good cycle",
            |s, _| s.last_success_at.map(|at| at.as_millis() as f64 / 1_000.0),
        ),
        ("weir_source_cycle_seconds", "gauge", "length of the last cycle", |s, _| {
            s.last_cycle_ms.map(|ms| ms as f64 / 1_000.0)
        }),
        ("weir_source_cycles_total", "counter", "cycles run", |s, _| Some(s.cycles_total as f64)),
        ("weir_source_requests_total", "counter", "requests sent", |s, _| {
            Some(s.requests_total as f64)
        }),
    ];
    for (name, kind, help, read) in families {
        page.head(name, kind, help);
        for source in sources {
            // A source that has not run yet has no value: absent is not 0.
            if let Some(value) = read(source, now) {
                page.line(name, &[("source", &source.name), ("cluster", &source.cluster)], value);
            }
        }
    }
}

fn up(source: &SourceStatus) -> Option<f64> {
    match source.state {
        SourceState::Starting => None,
        SourceState::Ok | SourceState::Partial => Some(1.0),
        SourceState::Failing => Some(0.0),
    }
}

/// A source that has not run yet is not stale; one that fails has nothing fresh to tell.
fn stale(source: &SourceStatus, now: Timestamp) -> Option<f64> {
    match (source.state, source.last_success_at) {
        (SourceState::Starting, _) => None,
        (SourceState::Failing, _) | (_, None) => Some(1.0),
        (_, Some(at)) => Some(f64::from(now.since(at) > source.stale_after())),
    }
}

/// Text in the exposition format.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.text.push_str(name);
        for (i, (label, text)) in labels.iter().enumerate() {
            let open = if i == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{open}{label}=\"{}\"", escape(text));
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }
}

fn escape(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_stale_when_it_fails_or_is_late() {
        let at = Timestamp::from_millis;
        let mut source = SourceStatus {
            name: "orders".into(),
            kind: "kafka".into(),
            target: "broker:9092".into(),
            cluster: "orders".into(),
            interval_secs: 30,
            state: SourceState::Starting,
            last_cycle_at: None,
            last_success_at: None,
            last_cycle_ms: None,
            last_events_count: 0,
            last_error: None,
            completeness: None,
            cycles_total: 0,
            failed_cycles_total: 0,
            requests_total: 0,
        };
        assert_eq!(stale(&source, at(0)), None);
        source.state = SourceState::Failing;
        assert_eq!(stale(&source, at(0)), Some(1.0));
        source.state = SourceState::Partial;
        source.last_success_at = Some(at(1_000));
        assert_eq!(stale(&source, at(62_000)), Some(0.0));
        assert_eq!(stale(&source, at(62_001)), Some(1.0));
    }

    #[test]
    fn labels_are_escaped() {
        let mut page = Page::default();
        page.line("x", &[("a", "say \"hi\"\\"), ("b", "two")], 1.5);
        assert_eq!(page.text, "x{a=\"say \\\"hi\\\"\\\\\",b=\"two\"} 1.5\n");
    }
}
