//! Parquet: a file holds events of one type, a typed column an attribute.
//!
//! | column | Parquet type |
//! |---|---|
//! | `eventType` | string |
//! | `timestamp` | timestamp in milliseconds, UTC |
//! | `account` | unsigned 64-bit integer |
//! | an attribute | 64-bit integer, double, string or boolean; null where an event does not have it |
//!
//! An attribute whose values have several types has a column for each, named `name:integer`,
//! `name:number`, `name:string`, `name:boolean`; so has one that is named like one of the first three
//! columns. The key `weir.columns` in the file's metadata says which attribute such a column is
//! of. Without that key a column's name is the attribute's.

mod columns;
mod conversion;
mod reader;
mod writer;

pub use columns::Columns;
pub use reader::EventReader;
pub use writer::EventWriter;

use crate::ArchiveError;

/// Ends the name of a Parquet file.
pub const EXTENSION: &str = "parquet";

const EVENT_TYPE: &str = "eventType";
const TIMESTAMP: &str = "timestamp";
const ACCOUNT: &str = "account";
/// A JSON object: column to attribute, of the columns that are not named as their attribute.
const COLUMNS_KEY: &str = "weir.columns";

/// The name of the file for events of one type: a colon is no part of a file's name everywhere.
pub fn file_name(event_type: &str) -> String {
    format!("{}.{EXTENSION}", event_type.replace(':', "%3A"))
}

impl From<::parquet::errors::ParquetError> for ArchiveError {
    fn from(error: ::parquet::errors::ParquetError) -> Self {
        ArchiveError::Format(error.to_string())
    }
}
