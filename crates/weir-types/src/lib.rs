//! What every other crate speaks about: events and their schema, values, time, query results,
//! error codes, and the role traits (`Sink`, `QueryRunner`, `Clock`) through which crates meet
//! without knowing each other.
//!
//! Data flows one way: a source builds [`Event`]s and hands a [`Batch`] to a [`Sink`]; whoever
//! wants an answer hands a [`QueryRequest`] to a [`QueryRunner`] and gets a [`QueryResult`].
//!
//! Layout:
//! - [`event`], [`value`]: one observation and the values it carries; [`columns`]: many side by side
//! - [`health`]: status, reasons and rules of health, their names and their sentences
//! - [`verdict`]: Burrow's verdicts on lag, their spelling and their order; [`group_state`]: what the
//!   states of a group mean
//! - [`metric`]: how a data point of a dimensional metric lies in an event
//! - [`secret`]: a text that never prints itself
//! - [`schema`]: the public table of event types, attributes, kinds and units
//! - [`time`], [`id`], [`address`]: timestamps, ranges, the clock; account and cluster ids; `host:port`
//! - [`query`], [`diagnostic`], [`suggest`]: questions, answers, what is wrong with a question, and
//!   which word was meant
//! - [`source`]: the state of one source, as pages and commands show it
//! - [`role`], [`error`]: the traits between crates; one code for every failure
//!
//! Not here: anything that does I/O, locks or spawns.

pub mod address;
pub mod columns;
pub mod diagnostic;
pub mod error;
pub mod event;
pub mod group_state;
pub mod health;
pub mod id;
pub mod metric;
pub mod query;
pub mod role;
pub mod schema;
pub mod secret;
pub mod source;
pub mod suggest;
pub mod time;
pub mod value;
pub mod verdict;

pub use address::{AddressError, BrokerAddress};
pub use columns::{Column, ColumnValues, Columns, ColumnsError, Presence};
pub use diagnostic::{Diagnostic, Span};
pub use error::ErrorCode;
pub use event::{AttributeName, Batch, Event, EventError};
pub use group_state::GroupState;
pub use health::{HealthReasons, HealthRule, HealthStatus};
pub use id::AccountId;
pub use query::{QueryError, QueryRequest, QueryResult};
pub use role::{
    BoxFuture, Clock, LatestQuery, LatestSamples, QueryAnalyzer, QueryRunner, Sink, SinkError,
    SystemClock,
};
pub use secret::Secret;
pub use source::{PartitionState, PartitionStates, PartitionsOf, SourceCapability, SourceStatus};
pub use time::{TimeRange, Timestamp};
pub use value::Value;
pub use verdict::LagVerdict;
