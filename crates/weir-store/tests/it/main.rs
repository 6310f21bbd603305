//! The store from the outside: what was acknowledged is there, whole, whatever happens.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod atomicity;
mod backup;
mod columns;
mod containment;
mod crash;
mod damage;
mod drift;
mod faulty_disk;
mod golden;
mod golden_rollups;
mod hooked_disk;
mod kill;
mod live;
mod many_series;
mod model;
mod operation;
mod rollup;
mod support;
mod totals;
