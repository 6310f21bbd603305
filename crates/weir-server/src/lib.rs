//! Weir over HTTP: New Relic's public wire in (Event API, NerdGraph), Weir's own REST API for the
//! page and the command line, and the probes and metrics of an ordinary service.
//!
//! A request passes the guard ([`auth`]), reaches one handler, and the handler asks one of the
//! [`service::Services`]; answers are made of `weir-api`'s wire types or New Relic's shapes.
//!
//! Layout:
//! - [`service`]: what the server needs from the rest of Weir, as traits
//! - [`router`], [`listener`]: the routes; binding the port and serving until told to stop
//! - [`auth`], [`error`]: who may ask; how a failure looks on the wire
//! - [`newrelic`]: Event API, NerdGraph and New Relic's paths for lookup tables
//! - [`rest`], [`view`]: `/api/v1`, and how entities are put together from samples
//! - `lookup_upload`: what both paths to lookup tables share
//! - [`probe`], [`metrics`], [`page`]: `/healthz` and `/readyz`, `/metrics`, the web UI
//!
//! Not here: the store, the engine, any collector. Only the binary knows them.

pub mod auth;
pub mod error;
pub mod listener;
mod lookup_upload;
pub mod metrics;
pub mod newrelic;
pub mod page;
pub mod probe;
pub mod rest;
pub mod router;
pub mod service;
pub mod view;

pub use listener::{ListenError, Listener};
pub use rest::openapi;
pub use router::router;
pub use service::{
    Access, Authenticator, Exposition, Identity, LOCAL_USER, LookupError, LookupPlace, LookupStore,
    LookupUpload, SavedQueryError, SavedQueryStore, ServerInfo, Services, SourceFilter,
    SourceReader, SourceTestRefusal, SourceTester, StoreReader,
};
