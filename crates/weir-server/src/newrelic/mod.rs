//! New Relic's public wire, as its own clients speak it.

pub mod event_api;
pub mod event_json;
pub mod lookup_json;
pub mod lookups;
pub mod nerdgraph;
