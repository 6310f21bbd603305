//! How a column of any Parquet file becomes values of events, or why it can't.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::ColumnDescriptor;

/// What a column's stored values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    Bool,
    Int,
    /// Stored in the bits of a signed integer.
    Unsigned,
    Float,
    Text,
    /// Integers that count this many to a millisecond.
    Time {
        a_milli: i64,
    },
    /// Days since 1970.
    Date,
    /// The older form of a timestamp, in 96 bits.
    Int96,
}

impl Conversion {
    /// The conversion of a column, or what is wrong with it.
    pub fn of(column: &ColumnDescriptor) -> Result<Self, String> {
        if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
            return Err(refused("is nested", "take its parts as columns of their own"));
        }
        let told = column
            .logical_type_ref()
            .map_or_else(|| from_converted(column.converted_type()), from_logical)?;
        match (column.physical_type(), told) {
            (_, Some(told)) => Ok(told),
            (Physical::BOOLEAN, None) => Ok(Conversion::Bool),
            (Physical::INT32 | Physical::INT64, None) => Ok(Conversion::Int),
            (Physical::FLOAT | Physical::DOUBLE, None) => Ok(Conversion::Float),
            (Physical::INT96, None) => Ok(Conversion::Int96),
            (Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, None) => {
                Err(refused("holds bytes", "cast it to a string"))
            }
        }
    }

    /// Whether the values are points in time.
    pub fn is_time(self) -> bool {
        matches!(self, Conversion::Time { .. } | Conversion::Date | Conversion::Int96)
    }
}

fn from_logical(logical: &LogicalType) -> Result<Option<Conversion>, String> {
    Ok(Some(match logical {
        LogicalType::String | LogicalType::Enum | LogicalType::Json => Conversion::Text,
        LogicalType::Integer(int) if int.is_signed => Conversion::Int,
        LogicalType::Integer(_) => Conversion::Unsigned,
        LogicalType::Date => Conversion::Date,
        LogicalType::Timestamp(timestamp) => Conversion::Time {
            a_milli: match timestamp.unit {
                TimeUnit::MILLIS => 1,
                TimeUnit::MICROS => 1_000,
                TimeUnit::NANOS => 1_000_000,
            },
        },
        LogicalType::Unknown => return Ok(None),
        LogicalType::Decimal(_) => return Err(refused("holds decimals", "cast it to a double")),
        LogicalType::Time(_) => {
            return Err(refused("holds times of day", "cast it to a string or an integer"));
        }
        other => {
            return Err(refused(&format!("is of type {other:?}"), "cast it to a string"));
        }
    }))
}

/// What files of older writers say instead.
fn from_converted(converted: ConvertedType) -> Result<Option<Conversion>, String> {
    Ok(Some(match converted {
        ConvertedType::NONE => return Ok(None),
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Conversion::Text,
        ConvertedType::DATE => Conversion::Date,
        ConvertedType::TIMESTAMP_MILLIS => Conversion::Time { a_milli: 1 },
        ConvertedType::TIMESTAMP_MICROS => Conversion::Time { a_milli: 1_000 },
        ConvertedType::INT_8
        | ConvertedType::INT_16
        | ConvertedType::INT_32
        | ConvertedType::INT_64 => Conversion::Int,
        ConvertedType::UINT_8
        | ConvertedType::UINT_16
        | ConvertedType::UINT_32
        | ConvertedType::UINT_64 => Conversion::Unsigned,
        other => {
            return Err(refused(&format!("is of type {other}"), "cast it to a string or a double"));
        }
    }))
}

fn refused(what: &str, next: &str) -> String {
    format!("{what}, which no attribute can: {next}, or leave it out")
}
