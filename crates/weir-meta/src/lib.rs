//! What Weir must remember beside events, in one SQLite file: keys now; dashboards, conditions,
//! incidents, schedules and the audit log later, one repository a noun.
//!
//! [`Meta::open`] brings the file to the present schema and hands out repositories. Several
//! processes may use the file at once (the server, and `weir keys` beside it).
//!
//! Layout:
//! - [`database`]: opening, migrations, the shared connection
//! - [`key`]: user keys and ingest keys, hashed at rest
//!
//! Not here: events, and any rule about what a stored thing means.

pub mod database;
pub mod key;

pub use database::{Meta, MetaError};
pub use key::{Key, KeyId, KeyKind, Keys, NewKey};
