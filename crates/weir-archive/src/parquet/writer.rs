//! Writes events of one type, a group of rows at a time.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use weir_types::value::ValueKind;
use weir_types::{AccountId, Timestamp, Value};

use super::columns::{Column, renamed};
use super::{ACCOUNT, COLUMNS_KEY, Columns, EVENT_TYPE, TIMESTAMP};
use crate::ArchiveError;

/// A group of rows is held in memory until it is written: it ends with whichever comes first.
const ROWS_MAX: usize = 1 << 16;
const VALUES_MAX: usize = 2 << 20;
const STRING_BYTES_MAX: usize = 32 << 20;

pub struct EventWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    event_type: ByteArray,
    timestamps: Vec<i64>,
    accounts: Vec<i64>,
    columns: Vec<Values>,
    /// Places in `columns` of an attribute, by the kind of the value.
    places: HashMap<String, [Option<usize>; 4]>,
    values: usize,
    string_bytes: usize,
}

/// The values of a column in the group of rows at hand, and which rows they are of.
struct Values {
    rows: Vec<usize>,
    data: Data,
}

enum Data {
    Int(Vec<i64>),
    Float(Vec<f64>),
    Str(Vec<ByteArray>),
    Bool(Vec<bool>),
}

impl<W: Write + Send> EventWriter<W> {
    /// Begins a file of `event_type`; `columns` has every attribute that comes.
    pub fn new(out: W, event_type: &str, columns: &Columns) -> Result<Self, ArchiveError> {
        let named = columns.named();
        let metadata =
            renamed(&named).map(|renamed| vec![KeyValue::new(COLUMNS_KEY.into(), renamed)]);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(Default::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(format!("weir {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(metadata);
        let file = SerializedFileWriter::new(out, schema(&named)?, Arc::new(properties.build()))?;
        let mut places: HashMap<String, [Option<usize>; 4]> = HashMap::new();
        for (at, column) in named.iter().enumerate() {
            places.entry(column.attribute.clone()).or_default()[place(column.kind)] = Some(at);
        }
        Ok(EventWriter {
            file,
            event_type: event_type.into(),
            timestamps: Vec::new(),
            accounts: Vec::new(),
            columns: named.iter().map(|column| Values::new(column.kind)).collect(),
            places,
            values: 0,
            string_bytes: 0,
        })
    }

    /// Adds an event; `attributes` hands each to what it is given. One that `columns` did not have
    /// is an error.
    pub fn push(
        &mut self,
        account: AccountId,
        timestamp: Timestamp,
        attributes: impl FnOnce(&mut dyn FnMut(&str, Value)),
    ) -> Result<(), ArchiveError> {
        let row = self.timestamps.len();
        self.timestamps.push(timestamp.as_millis());
        self.accounts.push(account.0.cast_signed());
        let mut unknown = None;
        attributes(&mut |name, value| {
            let place = self.places.get(name).and_then(|places| places[place(value.kind())]);
            let Some(at) = place else {
                unknown = Some(name.to_owned());
                return;
            };
            self.values += 1;
            self.string_bytes += value.as_str().map_or(0, str::len);
            self.columns[at].push(row, &value);
        });
        if let Some(column) = unknown {
            let reason = "was not announced".into();
            return Err(ArchiveError::Column { column, reason });
        }
        let is_full = row + 1 == ROWS_MAX
            || self.values >= VALUES_MAX
            || self.string_bytes >= STRING_BYTES_MAX;
        if is_full { self.write_group() } else { Ok(()) }
    }

    /// Writes what is left and the file's end; gives what it was written to.
    pub fn finish(mut self) -> Result<W, ArchiveError> {
        if !self.timestamps.is_empty() {
            self.write_group()?;
        }
        Ok(self.file.into_inner()?)
    }

    fn write_group(&mut self) -> Result<(), ArchiveError> {
        let rows = self.timestamps.len();
        let mut group = self.file.next_row_group()?;
        if let Some(mut column) = group.next_column()? {
            let event_types = vec![self.event_type.clone(); rows];
            column.typed::<ByteArrayType>().write_batch(&event_types, None, None)?;
            column.close()?;
        }
        for fixed in [&self.timestamps, &self.accounts] {
            if let Some(mut column) = group.next_column()? {
                column.typed::<Int64Type>().write_batch(fixed, None, None)?;
                column.close()?;
            }
        }
        let mut presence = Vec::new();
        for values in &mut self.columns {
            if let Some(mut column) = group.next_column()? {
                presence.clear();
                presence.resize(rows, 0);
                values.rows.iter().for_each(|row| presence[*row] = 1);
                values.write(&mut column, &presence)?;
                column.close()?;
            }
            values.clear();
        }
        group.close()?;
        self.timestamps.clear();
        self.accounts.clear();
        (self.values, self.string_bytes) = (0, 0);
        Ok(())
    }
}

impl Values {
    fn new(kind: ValueKind) -> Self {
        let data = match kind {
            ValueKind::Int => Data::Int(Vec::new()),
            ValueKind::Float => Data::Float(Vec::new()),
            ValueKind::Str => Data::Str(Vec::new()),
            ValueKind::Bool => Data::Bool(Vec::new()),
        };
        Values { rows: Vec::new(), data }
    }

    /// A value of the column's kind.
    fn push(&mut self, row: usize, value: &Value) {
        match (&mut self.data, value) {
            (Data::Int(ints), Value::Int(int)) => ints.push(*int),
            (Data::Float(floats), Value::Float(float)) => floats.push(*float),
            (Data::Str(strings), Value::Str(string)) => strings.push((&**string).into()),
            (Data::Bool(bools), Value::Bool(bool)) => bools.push(*bool),
            _ => return,
        }
        self.rows.push(row);
    }

    fn write(
        &self,
        column: &mut SerializedColumnWriter<'_>,
        presence: &[i16],
    ) -> Result<(), ArchiveError> {
        let presence = Some(presence);
        match &self.data {
            Data::Int(ints) => column.typed::<Int64Type>().write_batch(ints, presence, None)?,
            Data::Float(floats) => {
                column.typed::<DoubleType>().write_batch(floats, presence, None)?
            }
            Data::Str(strings) => {
                column.typed::<ByteArrayType>().write_batch(strings, presence, None)?
            }
            Data::Bool(bools) => column.typed::<BoolType>().write_batch(bools, presence, None)?,
        };
        Ok(())
    }

    fn clear(&mut self) {
        self.rows.clear();
        match &mut self.data {
            Data::Int(ints) => ints.clear(),
            Data::Float(floats) => floats.clear(),
            Data::Str(strings) => strings.clear(),
            Data::Bool(bools) => bools.clear(),
        }
    }
}

fn place(kind: ValueKind) -> usize {
    match kind {
        ValueKind::Int => 0,
        ValueKind::Float => 1,
        ValueKind::Str => 2,
        ValueKind::Bool => 3,
    }
}

fn schema(columns: &[Column]) -> Result<TypePtr, ArchiveError> {
    let millis = LogicalType::timestamp(true, TimeUnit::MILLIS);
    let mut fields = vec![
        field(EVENT_TYPE, Physical::BYTE_ARRAY, Repetition::REQUIRED, Some(LogicalType::String))?,
        field(TIMESTAMP, Physical::INT64, Repetition::REQUIRED, Some(millis))?,
        field(
            ACCOUNT,
            Physical::INT64,
            Repetition::REQUIRED,
            Some(LogicalType::integer(64, false)),
        )?,
    ];
    for column in columns {
        let (physical, logical) = match column.kind {
            ValueKind::Int => (Physical::INT64, None),
            ValueKind::Float => (Physical::DOUBLE, None),
            ValueKind::Str => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            ValueKind::Bool => (Physical::BOOLEAN, None),
        };
        fields.push(field(&column.name, physical, Repetition::OPTIONAL, logical)?);
    }
    Ok(Arc::new(Type::group_type_builder("event").with_fields(fields).build()?))
}

fn field(
    name: &str,
    physical: Physical,
    repetition: Repetition,
    logical: Option<LogicalType>,
) -> Result<TypePtr, ArchiveError> {
    let field = Type::primitive_type_builder(name, physical);
    Ok(Arc::new(field.with_repetition(repetition).with_logical_type(logical).build()?))
}
