//! What Weir must remember beside events, in one SQLite file: keys, lookup tables and saved
//! queries, one repository a noun.
//!
//! [`Meta::open`] brings the file to the present schema and hands out repositories. Several
//! processes may use the file at once (the server, and `weir keys` beside it).
//!
//! Layout:
//! - [`database`]: opening, migrations, the shared connection
//! - [`key`]: user keys and ingest keys, hashed at rest
//! - [`lookup_table`]: tables that people uploaded as CSV
//! - [`saved_query`]: queries with names, private or shared
//!
//! Not here: events, and any rule about what a stored thing means.

pub mod database;
pub mod key;
pub mod lookup_table;
pub mod saved_query;

pub use database::{Meta, MetaError};
pub use key::{Key, KeyId, KeyKind, Keys, NewKey};
pub use lookup_table::{LookupTable, LookupTables, NewLookupTable};
pub use saved_query::{SavedQueries, SavedQuery, SavedQueryDraft};

use rand::RngExt;

/// Random hexadecimal digits, for ids.
fn random_hex(length: usize) -> String {
    random_of(b"0123456789abcdef", length)
}

fn random_of(alphabet: &[u8], length: usize) -> String {
    let mut rng = rand::rng();
    (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
}
