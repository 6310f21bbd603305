//! The memtable: the rows of one generation by account, event type and series, packed as they
//! come.
//!
//! One thread writes: it alone turns names, strings and keys into numbers ([`table_writer`]), brings
//! rows together by series ([`runs`], [`incoming`]) and appends to the tables ([`table`]). Readers walk the same tables without stopping it: lists only grow
//! ([`append_list`]), chunks never change, and the short tail of a series is copied under that
//! series' lock. A row whose sequence is not below the reader's watermark is skipped, and the
//! watermark moves only when a whole commit is in, so no reader sees half a batch.

mod append_list;
mod attribute;
mod chunk;
mod generation;
mod incoming;
mod runs;
mod series;
mod table;
mod table_writer;
mod tail;

pub use generation::{Generation, GenerationWriter};
pub use series::Series;
pub use table::Table;
