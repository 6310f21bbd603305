//! The wire of Weir's own REST API: what `/api/v1` takes and returns, the error body, and the HTTP
//! client that commands use.
//!
//! Wire types are twins of inner types, converted by hand where the two meet (`weir-server`), so
//! that an inner change can't change the wire by accident. JSON is snake_case with units in the
//! names; what is unknown is `null`, never 0. The committed `docs/reference/openapi.json` is made
//! from these types.
//!
//! Layout:
//! - [`cluster`], [`broker`], [`topic`], [`partition`], [`group`]: entities as lists and pages show them
//! - [`capability`]: what a cluster lets a source know; [`why`]: why there is no data
//! - [`list`]: the envelope of every list; [`freshness`], [`health`]: age, completeness
//!   and health of every entity
//! - [`query`], [`saved_query`], [`schema`], [`lookup`]: the console, what it keeps, its names, and
//!   uploaded tables
//! - [`server`], [`source`]: Weir itself
//! - [`error`], [`client`]: failures, and the client
//!
//! Not here: New Relic's wire (Event API, NerdGraph), and anything that serves.

pub mod broker;
pub mod capability;
pub mod client;
pub mod cluster;
pub mod error;
pub mod freshness;
pub mod group;
pub mod health;
pub mod list;
pub mod lookup;
pub mod partition;
pub mod query;
pub mod saved_query;
pub mod schema;
pub mod server;
pub mod source;
pub mod topic;
pub mod why;

pub use client::{Client, ClientError};
pub use error::{ApiError, ErrorBody};
pub use freshness::{Freshness, Status};
pub use health::Health;
pub use list::List;
