//! Reads events from a file of Weir or of another program, some rows at a time.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use weir_types::{AccountId, Event, Timestamp, Value};

use super::conversion::Conversion;
use super::{ACCOUNT, COLUMNS_KEY, EVENT_TYPE, TIMESTAMP};
use crate::ArchiveError;

/// Rows that are events at a time.
const ROWS: usize = 1_024;
const MILLIS_A_DAY: i64 = 86_400_000;

/// An iterator over the events of a file, in its order, until one is wrong. A file of another
/// program needs a column `timestamp`; one without `account` is of the default account.
pub struct EventReader {
    file: SerializedFileReader<File>,
    sources: Vec<Source>,
    event_type: Option<Arc<str>>,
    /// Of the group of rows at hand, one a source.
    columns: Vec<ColumnReader>,
    next_group: usize,
    rows_left: usize,
    rows_done: u64,
    ready: VecDeque<Result<(AccountId, Event), ArchiveError>>,
}

/// A column of the file and what it is to an event.
struct Source {
    column: String,
    role: Role,
    conversion: Conversion,
    max_def_level: i16,
}

#[derive(Clone, PartialEq, Eq)]
enum Role {
    EventType,
    Timestamp,
    Account,
    Attribute(Arc<str>),
}

impl EventReader {
    /// Opens a file; `event_type` is that of its events where it has no column that says so.
    pub fn open(file: File, event_type: Option<&str>) -> Result<Self, ArchiveError> {
        let file = whole(|| Ok(SerializedFileReader::new(file)?))?;
        let sources = sources(file.metadata())?;
        let has = |role: &Role| sources.iter().any(|source| source.role == *role);
        if !has(&Role::Timestamp) {
            return Err(missing(TIMESTAMP, "is missing: name the column of the events' time so"));
        }
        if !has(&Role::EventType) && event_type.is_none() {
            return Err(missing(EVENT_TYPE, "is missing: say which type its events are of"));
        }
        Ok(EventReader {
            file,
            sources,
            event_type: event_type.map(Arc::from),
            columns: Vec::new(),
            next_group: 0,
            rows_left: 0,
            rows_done: 0,
            ready: VecDeque::new(),
        })
    }

    /// Events in the file.
    pub fn rows(&self) -> u64 {
        self.file.metadata().file_metadata().num_rows().cast_unsigned()
    }

    /// Makes some more rows ready; `false` at the end.
    fn read(&mut self) -> Result<bool, ArchiveError> {
        while self.rows_left == 0 {
            if self.next_group == self.file.num_row_groups() {
                return Ok(false);
            }
            let group = self.file.get_row_group(self.next_group)?;
            let rows = group.metadata().num_rows();
            self.rows_left = usize::try_from(rows)
                .map_err(|_| ArchiveError::Format(format!("a group says it has {rows} rows")))?;
            let columns = (0..self.sources.len()).map(|at| group.get_column_reader(at));
            self.columns = columns.collect::<Result<_, _>>()?;
            self.next_group += 1;
        }
        let rows = self.rows_left.min(ROWS);
        let mut events = vec![Raw::default(); rows];
        for (source, column) in self.sources.iter().zip(&mut self.columns) {
            let values = source.values(column, rows)?;
            for (event, value) in events.iter_mut().zip(values) {
                event.take(source, value);
            }
        }
        for event in events {
            self.rows_done += 1;
            let row = self.rows_done;
            let event = event.finish(self.event_type.as_ref());
            self.ready.push_back(event.map_err(|reason| ArchiveError::Row { row, reason }));
        }
        self.rows_left -= rows;
        Ok(true)
    }
}

impl Iterator for EventReader {
    type Item = Result<(AccountId, Event), ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            match whole(|| self.read()) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front()
    }
}

/// A row on its way to an event.
#[derive(Clone, Default)]
struct Raw {
    event_type: Option<Arc<str>>,
    timestamp: Option<i64>,
    account: Option<u64>,
    attributes: Vec<(String, Value)>,
    wrong: Option<String>,
}

impl Raw {
    fn take(&mut self, source: &Source, value: Result<Option<Value>, String>) {
        let value = match value {
            Ok(Some(value)) => value,
            Ok(None) => return,
            Err(reason) => {
                self.wrong.get_or_insert(format!("column `{}` {reason}", source.column));
                return;
            }
        };
        match (&source.role, value) {
            (Role::EventType, Value::Str(text)) => self.event_type = Some(text),
            (Role::Timestamp, Value::Int(millis)) => self.timestamp = Some(millis),
            (Role::Account, Value::Int(account)) => self.account = Some(account.cast_unsigned()),
            (Role::Attribute(name), value) => self.attributes.push((name.to_string(), value)),
            _ => {}
        }
    }

    fn finish(self, event_type: Option<&Arc<str>>) -> Result<(AccountId, Event), String> {
        self.wrong.map_or(Ok(()), Err)?;
        let event_type = self.event_type.or(event_type.cloned());
        let event_type = event_type.ok_or("column `eventType` is null")?;
        let timestamp = self.timestamp.ok_or("column `timestamp` is null")?;
        let mut event = Event::new(event_type, Timestamp::from_millis(timestamp));
        self.attributes.into_iter().for_each(|(name, value)| event.push(name, value));
        event.validate().map_err(|error| error.to_string())?;
        Ok((self.account.map_or(AccountId::DEFAULT, AccountId), event))
    }
}

impl Source {
    /// The next `rows` values of the column.
    fn values(
        &self,
        column: &mut ColumnReader,
        rows: usize,
    ) -> Result<Vec<Result<Option<Value>, String>>, ArchiveError> {
        match column {
            ColumnReader::BoolColumnReader(c) => self.read(c, rows, |bool| Ok(Value::Bool(*bool))),
            ColumnReader::Int32ColumnReader(c) => self.read(c, rows, |int| self.int32(*int)),
            ColumnReader::Int64ColumnReader(c) => self.read(c, rows, |int| self.int64(*int)),
            ColumnReader::Int96ColumnReader(c) => {
                self.read(c, rows, |int| Ok(Value::Int(int.to_millis())))
            }
            ColumnReader::FloatColumnReader(c) => self.read(c, rows, |f| finite(f64::from(*f))),
            ColumnReader::DoubleColumnReader(c) => self.read(c, rows, |float| finite(*float)),
            ColumnReader::ByteArrayColumnReader(c) => self.read(c, rows, text),
            ColumnReader::FixedLenByteArrayColumnReader(c) => self.read(c, rows, |b| text(b)),
        }
    }

    fn read<T: DataType>(
        &self,
        column: &mut ColumnReaderImpl<T>,
        rows: usize,
        convert: impl Fn(&T::T) -> Result<Value, String>,
    ) -> Result<Vec<Result<Option<Value>, String>>, ArchiveError> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let (read, ..) = column.read_records(rows, Some(&mut levels), None, &mut values)?;
        if read != rows {
            let reason =
                format!("has {read} values where {rows} are expected: the file is damaged");
            return Err(ArchiveError::Column { column: self.column.clone(), reason });
        }
        if self.max_def_level == 0 {
            return Ok(values.iter().map(|value| convert(value).map(Some)).collect());
        }
        let mut values = values.iter();
        let value = |level: &i16| match *level == self.max_def_level {
            true => values.next().map(&convert).transpose(),
            false => Ok(None),
        };
        Ok(levels.iter().map(value).collect())
    }

    fn int32(&self, stored: i32) -> Result<Value, String> {
        match self.conversion {
            Conversion::Unsigned => Ok(Value::Int(stored.cast_unsigned().into())),
            Conversion::Date => Ok(Value::Int(i64::from(stored) * MILLIS_A_DAY)),
            _ => Ok(Value::Int(stored.into())),
        }
    }

    fn int64(&self, stored: i64) -> Result<Value, String> {
        match self.conversion {
            Conversion::Time { a_milli } => Ok(Value::Int(stored.div_euclid(a_milli))),
            Conversion::Unsigned if stored < 0 && self.role != Role::Account => {
                let value = stored.cast_unsigned();
                Err(format!("holds {value}, more than a 64-bit integer can"))
            }
            _ => Ok(Value::Int(stored)),
        }
    }
}

/// The decoders of the `parquet` crate panic on some damaged pages; to us that is one more damage.
fn whole<T>(read: impl FnOnce() -> Result<T, ArchiveError>) -> Result<T, ArchiveError> {
    let damaged = |_| ArchiveError::Format("a page can't be decoded: the file is damaged".into());
    catch_unwind(AssertUnwindSafe(read)).map_err(damaged)?
}

fn finite(float: f64) -> Result<Value, String> {
    Value::float(float).ok_or_else(|| format!("holds {float}, which is no finite number"))
}

fn text(bytes: &ByteArray) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes.data()).map_err(|_| "is no valid UTF-8".to_owned())?;
    Ok(Value::from(text))
}

fn sources(metadata: &ParquetMetaData) -> Result<Vec<Source>, ArchiveError> {
    let file = metadata.file_metadata();
    let renamed = file.key_value_metadata().and_then(|pairs| {
        pairs.iter().find(|pair| pair.key == COLUMNS_KEY).and_then(|pair| pair.value.as_deref())
    });
    let renamed: HashMap<String, String> = match renamed {
        Some(text) => serde_json::from_str(text)
            .map_err(|error| ArchiveError::Format(format!("its key {COLUMNS_KEY}: {error}")))?,
        None => HashMap::new(),
    };
    let columns = file.schema_descr().columns().iter();
    let source = |column: &parquet::schema::types::ColumnDescPtr| {
        let name = column.path().parts().first().cloned().unwrap_or_default();
        let wrong = |reason| ArchiveError::Column { column: name.clone(), reason };
        let conversion = Conversion::of(column).map_err(wrong)?;
        let role = match (&*name, renamed.get(&name)) {
            (_, Some(attribute)) => Role::Attribute(attribute.as_str().into()),
            (EVENT_TYPE, None) => Role::EventType,
            (TIMESTAMP, None) => Role::Timestamp,
            (ACCOUNT, None) => Role::Account,
            (name, None) => Role::Attribute(name.into()),
        };
        check(&role, conversion).map_err(wrong)?;
        Ok(Source { column: name, role, conversion, max_def_level: column.max_def_level() })
    };
    columns.map(source).collect()
}

/// The first columns must be what they are taken for.
fn check(role: &Role, conversion: Conversion) -> Result<(), String> {
    let is_int = matches!(conversion, Conversion::Int | Conversion::Unsigned);
    let fits = match role {
        Role::EventType => conversion == Conversion::Text,
        Role::Timestamp => is_int || conversion.is_time(),
        Role::Account => is_int,
        Role::Attribute(_) => true,
    };
    let expected = match role {
        Role::EventType => "a string",
        Role::Timestamp => "a timestamp, or an integer of epoch milliseconds",
        _ => "an integer",
    };
    if fits { Ok(()) } else { Err(format!("is not {expected}")) }
}

fn missing(column: &str, reason: &str) -> ArchiveError {
    ArchiveError::Column { column: column.into(), reason: reason.into() }
}
