//! Lookup tables: rows that people uploaded, which have no time.

use std::io::{Chain, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use csv::StringRecord;
use serde_json::Value as Json;
use weir_store::{Rollup, Unread};
use weir_types::{AccountId, TimeRange};

use super::{EventRow, EventSource};
use crate::datum::Datum;
use crate::row::TableRow;
use crate::shape::datum_json;

/// Who keeps the tables of each account.
pub trait LookupTables: Send + Sync {
    fn table(&self, account: AccountId, name: &str) -> Option<Arc<LookupTable>>;

    /// Of every table of the account, for completion.
    fn names(&self, _account: AccountId) -> Vec<String> {
        Vec::new()
    }
}

/// One table, whole in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupTable {
    columns: Vec<Arc<str>>,
    rows: Vec<Vec<Datum>>,
}

/// Why a text is no table. Lines and columns count from 1; the header is line 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the table has no header line")]
    NoHeader,
    #[error("column {0} of the header has no name")]
    UnnamedColumn(usize),
    #[error("columns {first} and {second} are both called `{name}`: rename one")]
    RepeatedColumn { name: String, first: usize, second: usize },
    #[error("the header has {found} columns, {COLUMNS_MAX} are the most")]
    TooManyColumns { found: usize },
    #[error("line {line} has {found} fields, the header has {expected}")]
    FieldCount { line: usize, found: usize, expected: usize },
    #[error("the row that begins in line {line} has a quote that is not closed")]
    OpenQuote { line: usize },
    #[error("column {column} of line {line} is not UTF-8 text: save the file as UTF-8")]
    NotText { line: usize, column: usize },
    #[error("line {line} is row {}, {ROWS_MAX} are the most: upload a smaller table", ROWS_MAX + 1)]
    TooManyRows { line: usize },
    #[error("the table has {bytes} bytes, {CSV_BYTES_MAX} are the most")]
    TooLarge { bytes: usize },
}

/// Most bytes of one table's text, as New Relic has it.
pub const CSV_BYTES_MAX: usize = 4 << 20;
/// Most rows of one table: a query shows no more.
pub const ROWS_MAX: usize = 20_000;
/// Most columns of one table: no event has more attributes.
pub const COLUMNS_MAX: usize = 254;

impl LookupTable {
    /// CSV with a header line (RFC 4180). A field that is a number or `true` or `false` is one,
    /// quoted or not; an empty field is absent; a field that begins with `'` is the text behind it.
    pub fn from_csv(csv: impl AsRef<[u8]>) -> Result<LookupTable, TableError> {
        let mut records = Records::new(csv.as_ref())?;
        let header = records.next_record()?.ok_or(TableError::NoHeader)?;
        let columns = columns(header)?;
        let mut rows = Vec::new();
        while let Some(record) = records.next_record()? {
            let (found, expected) = (record.len(), columns.len());
            if found != expected {
                return Err(TableError::FieldCount { line: records.line(), found, expected });
            }
            if rows.len() >= ROWS_MAX {
                return Err(TableError::TooManyRows { line: records.line() });
            }
            rows.push(record.iter().map(value).collect());
        }
        Ok(LookupTable { columns, rows })
    }

    /// In the order of the header.
    pub fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    /// Every row's values in the order of the columns, as queries show them.
    pub fn json_rows(&self) -> Vec<Vec<Json>> {
        self.rows.iter().map(|row| row.iter().map(datum_json).collect()).collect()
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

fn columns(header: &StringRecord) -> Result<Vec<Arc<str>>, TableError> {
    if header.len() > COLUMNS_MAX {
        return Err(TableError::TooManyColumns { found: header.len() });
    }
    let mut columns: Vec<Arc<str>> = Vec::with_capacity(header.len());
    for (place, name) in header.iter().map(str::trim).enumerate() {
        if name.is_empty() {
            return Err(TableError::UnnamedColumn(place + 1));
        }
        if let Some(first) = columns.iter().position(|known| **known == *name) {
            let (first, second) = (first + 1, place + 1);
            return Err(TableError::RepeatedColumn { name: name.to_owned(), first, second });
        }
        columns.push(name.into());
    }
    Ok(columns)
}

fn value(field: &str) -> Datum {
    if let Some(text) = field.strip_prefix('\'') {
        return Datum::text(text);
    }
    match field.trim() {
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

/// Put behind every text: a quote that is still open swallows it.
const END: &str = "\n\u{1}\n";

struct Records<'t> {
    text: &'t [u8],
    reader: csv::Reader<Chain<&'t [u8], &'t [u8]>>,
    record: StringRecord,
}

impl<'t> Records<'t> {
    fn new(text: &'t [u8]) -> Result<Records<'t>, TableError> {
        if text.len() > CSV_BYTES_MAX {
            return Err(TableError::TooLarge { bytes: text.len() });
        }
        let mut builder = csv::ReaderBuilder::new();
        let reader =
            builder.has_headers(false).flexible(true).from_reader(text.chain(END.as_bytes()));
        Ok(Records { text, reader, record: StringRecord::new() })
    }

    /// Empty lines are passed over.
    fn next_record(&mut self) -> Result<Option<&StringRecord>, TableError> {
        if let Err(error) = self.reader.read_record(&mut self.record) {
            let column = match error.kind() {
                csv::ErrorKind::Utf8 { err, .. } => err.field() + 1,
                // Nothing else can go wrong with a text in memory whose rows may have any length.
                _ => 1,
            };
            let from = error.position().map_or(0, csv::Position::byte);
            return Err(TableError::NotText { line: self.line_at(from), column });
        }
        if self.record.iter().eq([END.trim()]) {
            return Ok(None);
        }
        if self.record.iter().next_back().is_some_and(|last| last.ends_with(END)) {
            return Err(TableError::OpenQuote { line: self.line() });
        }
        Ok(Some(&self.record))
    }

    /// Of the record read last.
    fn line(&self) -> usize {
        self.line_at(self.record.position().map_or(0, csv::Position::byte))
    }

    /// The line that a record begins in. The reader counts the ends of lines before it to the record.
    fn line_at(&self, byte: u64) -> usize {
        let before = usize::try_from(byte).map_or(self.text.len(), |at| at.min(self.text.len()));
        let ends = self.text[before..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let begin = before + ends.count();
        1 + self.text[..begin].iter().filter(|byte| **byte == b'\n').count()
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

    fn scan_rollups(
        &self,
        event_type: &str,
        range: TimeRange,
        visit: &mut dyn FnMut(&Rollup) -> ControlFlow<()>,
    ) {
        self.source.scan_rollups(event_type, range, visit);
    }

    fn unread(&self, event_type: &str, range: TimeRange) -> Vec<Unread> {
        self.source.unread(event_type, range)
    }

    fn lookup_table(&self, name: &str) -> Option<Arc<LookupTable>> {
        self.tables.table(self.account, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Row;

    fn error(text: &str) -> TableError {
        LookupTable::from_csv(text).unwrap_err()
    }

    #[test]
    fn fields_have_types_and_an_apostrophe_makes_text() {
        let text = "\u{feff}id, name ,on\r\n1,\"a, \"\"b\"\"\",true\r\n\r\n2.5,,'7\r\n\"3\",'', x ";
        let table = LookupTable::from_csv(text).unwrap();
        assert_eq!((table.len(), table.columns().len()), (3, 3));
        let rows: Vec<_> = (0..3).map(|place| table.row(place)).collect();
        assert_eq!(rows[0].get("id"), Datum::Int(1));
        assert_eq!(rows[0].get("name"), Datum::text("a, \"b\""));
        assert_eq!(rows[0].get("on"), Datum::Bool(true));
        assert_eq!(rows[1].get("id"), Datum::Float(2.5));
        assert!(rows[1].get("name").is_null());
        assert_eq!(rows[1].get("on"), Datum::text("7"));
        assert_eq!(rows[2].get("id"), Datum::Int(3));
        assert_eq!(rows[2].get("name"), Datum::text("'"));
        assert_eq!(rows[2].get("on"), Datum::text("x"));
    }

    #[test]
    fn what_is_no_table_says_where() {
        assert_eq!(error(""), TableError::NoHeader);
        assert_eq!(error("\n\r\n"), TableError::NoHeader);
        assert_eq!(error("a,,b\n"), TableError::UnnamedColumn(2));
        let repeated = TableError::RepeatedColumn { name: "a".into(), first: 1, second: 3 };
        assert_eq!(error("a,b, a\n"), repeated);
        let short = TableError::FieldCount { line: 5, found: 1, expected: 2 };
        assert_eq!(error("a,b\n1,\"2\n2\"\n\n3\n4,5\n"), short);
        let long = TableError::FieldCount { line: 4, found: 3, expected: 2 };
        assert_eq!(error("a,b\r\n1,2\r\n\r\n3,4,5\r\n"), long);
        assert_eq!(error("a,b\n\n1,\"x\n2,3\n"), TableError::OpenQuote { line: 3 });
        assert_eq!(error("a,b\n1,2\n\"x"), TableError::OpenQuote { line: 3 });
        let latin = LookupTable::from_csv(b"a,b\r\n1,2\r\n3,\xe9\r\n").unwrap_err();
        assert_eq!(latin, TableError::NotText { line: 3, column: 2 });
        assert!(LookupTable::from_csv("a\n").unwrap().is_empty());
        assert!(LookupTable::from_csv("a").unwrap().is_empty());
    }

    #[test]
    fn what_is_too_large_says_by_how_much() {
        let rows = |count: usize| format!("a\n{}", "1\n".repeat(count));
        assert_eq!(LookupTable::from_csv(rows(ROWS_MAX)).unwrap().len(), ROWS_MAX);
        let line = ROWS_MAX + 2;
        assert_eq!(error(&rows(ROWS_MAX + 1)), TableError::TooManyRows { line });
        let bytes = CSV_BYTES_MAX + 1;
        assert_eq!(error(&"a".repeat(bytes)), TableError::TooLarge { bytes });
        let header: Vec<_> = (0..=COLUMNS_MAX).map(|n| n.to_string()).collect();
        let found = COLUMNS_MAX + 1;
        assert_eq!(error(&header.join(",")), TableError::TooManyColumns { found });
    }
}
