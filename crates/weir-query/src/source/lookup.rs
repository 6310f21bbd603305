//! Lookup tables: rows that people uploaded, which have no time.

use std::ops::ControlFlow;
use std::sync::Arc;

use weir_types::{AccountId, TimeRange};

use super::{EventRow, EventSource};
use crate::datum::Datum;
use crate::row::TableRow;

/// Who keeps the tables of each account.
pub trait LookupTables: Send + Sync {
    fn table(&self, account: AccountId, name: &str) -> Option<Arc<LookupTable>>;
}

/// One table, whole in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupTable {
    columns: Vec<Arc<str>>,
    rows: Vec<Vec<Datum>>,
}

/// Why a text is no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the table has no header line")]
    NoHeader,
    #[error("two columns are called `{0}`: rename one")]
    RepeatedColumn(String),
    #[error("line {line} has {found} fields, the header has {expected}")]
    FieldCount { line: usize, found: usize, expected: usize },
    #[error("line {0} has a quote that is not closed")]
    OpenQuote(usize),
    #[error("the table has more than {0} rows: upload a smaller one")]
    TooManyRows(usize),
}

/// Most rows of one table.
const ROWS_MAX: usize = 20_000;

impl LookupTable {
    /// CSV with a header line (RFC 4180). A field that is a number or `true` or `false` is one, an
    /// empty field is absent, a quoted field is always a string.
    pub fn from_csv(text: &str) -> Result<LookupTable, TableError> {
        let mut records = Records { rest: text.trim_start_matches('\u{feff}'), line: 0 };
        let header = records.next_record()?.ok_or(TableError::NoHeader)?;
        let columns: Vec<Arc<str>> = header.iter().map(|field| field.text.trim().into()).collect();
        for (place, name) in columns.iter().enumerate() {
            if columns[..place].contains(name) {
                return Err(TableError::RepeatedColumn(name.to_string()));
            }
        }
        let mut rows = Vec::new();
        while let Some(record) = records.next_record()? {
            if record.len() != columns.len() {
                let (line, found) = (records.line, record.len());
                return Err(TableError::FieldCount { line, found, expected: columns.len() });
            }
            if rows.len() >= ROWS_MAX {
                return Err(TableError::TooManyRows(ROWS_MAX));
            }
            rows.push(record.into_iter().map(Field::value).collect());
        }
        Ok(LookupTable { columns, rows })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn row(&self, place: usize) -> TableRow {
        let values = self.rows.get(place).map_or(&[][..], Vec::as_slice);
        let columns = self.columns.iter().cloned().zip(values.iter().cloned());
        TableRow { timestamp: None, sequence: place as u64, columns: columns.collect() }
    }
}

struct Field {
    text: String,
    is_quoted: bool,
}

impl Field {
    fn value(self) -> Datum {
        match self.text.trim() {
            _ if self.is_quoted => Datum::text(self.text),
            "" => Datum::Null,
            "true" | "TRUE" | "True" => Datum::Bool(true),
            "false" | "FALSE" | "False" => Datum::Bool(false),
            text => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(integer), _) => Datum::Int(integer),
                (_, Ok(float)) if float.is_finite() => Datum::Float(float),
                _ => Datum::text(text),
            },
        }
    }
}

struct Records<'t> {
    rest: &'t str,
    /// Of the record read last, from 1.
    line: usize,
}

impl Records<'_> {
    /// Empty lines are passed over.
    fn next_record(&mut self) -> Result<Option<Vec<Field>>, TableError> {
        while let Some(rest) = self.rest.strip_prefix("\r\n").or(self.rest.strip_prefix('\n')) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.line += 1;
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            let ended = self.rest.strip_prefix("\r\n").or(self.rest.strip_prefix('\n'));
            self.rest = ended.unwrap_or(self.rest);
            return Ok(Some(fields));
        }
    }

    fn field(&mut self) -> Result<Field, TableError> {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at(end);
            let text = text.strip_suffix('\r').filter(|_| rest.starts_with('\n')).unwrap_or(text);
            self.rest = rest;
            return Ok(Field { text: text.into(), is_quoted: false });
        };
        let (mut text, mut rest) = (String::new(), quoted);
        loop {
            let Some((before, after)) = rest.split_once('"') else {
                return Err(TableError::OpenQuote(self.line));
            };
            text.push_str(before);
            match after.strip_prefix('"') {
                Some(more) => {
                    text.push('"');
                    rest = more;
                }
                None => {
                    let end = after.find([',', '\n']).unwrap_or(after.len());
                    self.rest = &after[end..];
                    return Ok(Field { text, is_quoted: true });
                }
            }
        }
    }
}

/// A source with the tables of its account beside it.
pub struct WithLookups {
    pub source: Box<dyn EventSource + Send>,
    pub tables: Arc<dyn LookupTables>,
    pub account: AccountId,
}

impl EventSource for WithLookups {
    fn event_types(&self, range: TimeRange) -> Vec<Arc<str>> {
        self.source.event_types(range)
    }

    fn scan(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&dyn EventRow) -> ControlFlow<()>,
    ) {
        self.source.scan(event_type, range, visit);
    }

    fn lookup_table(&self, name: &str) -> Option<Arc<LookupTable>> {
        self.tables.table(self.account, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    #[test]
    fn fields_have_types_and_quotes_make_strings() {
        let text = "id,name,on\r\n1,\"a, \"\"b\"\"\",true\r\n\r\n2.5,,\"7\"\n";
        let table = LookupTable::from_csv(text).unwrap();
        assert_eq!(table.len(), 2);
        let (first, second) = (table.row(0), table.row(1));
        assert_eq!(first.get("id"), Datum::Int(1));
        assert_eq!(first.get("name"), Datum::text("a, \"b\""));
        assert_eq!(first.get("on"), Datum::Bool(true));
        assert_eq!(second.get("id"), Datum::Float(2.5));
        assert!(second.get("name").is_null());
        assert_eq!(second.get("on"), Datum::text("7"));
    }

    #[test]
    fn what_is_no_table_says_where() {
        let error = |text: &str| LookupTable::from_csv(text).unwrap_err();
        assert_eq!(error(""), TableError::NoHeader);
        assert_eq!(error("a,a\n"), TableError::RepeatedColumn("a".into()));
        let short = TableError::FieldCount { line: 3, found: 1, expected: 2 };
        assert_eq!(error("a,b\n1,2\n3\n"), short);
        assert_eq!(error("a\n\"x\n"), TableError::OpenQuote(2));
        assert!(LookupTable::from_csv("a\n").unwrap().is_empty());
    }
}
