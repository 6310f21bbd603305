//! Files of cases: events, then queries with their expected answers.
//!
//! ```text
//! # what the file shows
//! event KafkaTopicSample -30s {"topic": "orders"}
//! > SELECT count(*) FROM KafkaTopicSample
//! {"count":1}
//! ```
//! `table NAME` and `| ` lines of CSV before the first query make a lookup table. Below a query stand its result rows, one a line, then `total`, `other`, `previous`, `facets`
//! and `note` lines where there are any, or one `error` line.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;
use weir_query::EventSource;
use weir_query::source::{LookupTable, LookupTables, WithLookups};
use weir_types::query::Row;
use weir_types::{AccountId, Event, QueryError, QueryResult};

use super::support::{NOW, event_at, try_ask};

pub struct CaseFile {
    /// Everything before the first query, kept as it is.
    head: String,
    events: Vec<Event>,
    /// Name and CSV.
    tables: Vec<(String, String)>,
    /// Comments, query, expected lines.
    cases: Vec<Case>,
}

struct Case {
    comments: Vec<String>,
    query: String,
    expected: Vec<String>,
}

impl CaseFile {
    pub fn read(text: &str) -> CaseFile {
        let mut file = CaseFile {
            head: String::new(),
            events: Vec::new(),
            tables: Vec::new(),
            cases: Vec::new(),
        };
        let mut comments = Vec::new();
        for line in text.lines() {
            if let Some(query) = line.strip_prefix("> ") {
                let comments = std::mem::take(&mut comments);
                file.cases.push(Case { comments, query: query.into(), expected: Vec::new() });
            } else if let Some(case) = file.cases.last_mut() {
                match line {
                    "" => {}
                    line if line.starts_with('#') => comments.push(line.to_owned()),
                    line => case.expected.push(line.to_owned()),
                }
            } else if line.starts_with("## ") {
                comments.push(line.to_owned());
            } else {
                file.events.extend(line.strip_prefix("event ").map(read_event));
                let table =
                    line.strip_prefix("table ").map(|name| (name.to_owned(), String::new()));
                file.tables.extend(table);
                if let (Some(row), Some((_, csv))) =
                    (line.strip_prefix("| "), file.tables.last_mut())
                {
                    csv.push_str(&format!("{row}\n"));
                }
                file.head.push_str(line);
                file.head.push('\n');
            }
        }
        file
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The source with the file's lookup tables beside it.
    pub fn with_tables(&self, source: Box<dyn EventSource + Send>) -> WithLookups {
        let table = |(name, csv): &(String, String)| {
            (name.clone(), Arc::new(LookupTable::from_csv(csv).expect(name)))
        };
        let tables = Tables(self.tables.iter().map(table).collect());
        WithLookups { source, tables: Arc::new(tables), account: AccountId::DEFAULT }
    }

    /// Queries whose answer from `source` is not the expected one, with both.
    pub fn differences(&self, source: &dyn EventSource) -> Vec<String> {
        let check = |case: &Case| {
            let actual = answer_lines(source, &case.query);
            (actual != case.expected).then(|| {
                let (expected, actual) = (case.expected.join("\n"), actual.join("\n"));
                format!("> {}\nexpected:\n{expected}\nactual:\n{actual}\n", case.query)
            })
        };
        self.cases.iter().filter_map(check).collect()
    }

    /// All of them, a line each.
    pub fn queries(&self) -> String {
        self.cases.iter().map(|case| format!("{}\n", case.query)).collect()
    }

    pub fn count(&self) -> usize {
        self.cases.len()
    }

    /// The file with the answers of today.
    pub fn blessed(&self) -> String {
        let mut text = self.head.trim_end().to_owned() + "\n";
        for case in &self.cases {
            text.push('\n');
            for comment in &case.comments {
                text.push_str(&format!("{comment}\n"));
            }
            text.push_str(&format!("> {}\n", case.query));
            let source = self.with_tables(Box::new(self.events.clone()));
            for line in answer_lines(&source, &case.query) {
                text.push_str(&format!("{line}\n"));
            }
        }
        text
    }
}

struct Tables(BTreeMap<String, Arc<LookupTable>>);

impl LookupTables for Tables {
    fn table(&self, _: AccountId, name: &str) -> Option<Arc<LookupTable>> {
        self.0.get(name).cloned()
    }
}

/// `Type -30s {…}`; `ms` for milliseconds.
fn read_event(line: &str) -> Event {
    let mut parts = line.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default();
    let (event_type, offset, attributes) = (part(), part(), part());
    let attributes = serde_json::from_str(attributes).expect(line);
    let millis = match offset.strip_suffix("ms") {
        Some(millis) => millis.parse::<i64>().expect(line),
        None => offset.strip_suffix('s').expect(line).parse::<i64>().expect(line) * 1_000,
    };
    event_at(event_type, NOW + millis, attributes)
}

fn answer_lines(events: &dyn EventSource, query: &str) -> Vec<String> {
    match try_ask(events, query) {
        Ok(result) => result_lines(&result),
        Err(QueryError::Invalid(findings)) => findings
            .iter()
            .map(|f| format!("error {} {}:{} {}", f.code, f.line, f.column, f.message))
            .collect(),
        Err(other) => vec![format!("error {other}")],
    }
}

fn result_lines(result: &QueryResult) -> Vec<String> {
    let json = |row: Row| Json::Object(row).to_string();
    let mut lines: Vec<String> = result.results.iter().cloned().map(json).collect();
    lines.extend(result.total_result.as_ref().map(|total| format!("total {total}")));
    lines.extend(result.other_result.as_ref().map(|other| format!("other {other}")));
    if let Some(facets) = &result.metadata.facets {
        lines.push(format!("facets {facets:?}"));
    }
    lines.extend(result.metadata.messages.iter().map(|note| format!("note {note}")));
    lines
}
