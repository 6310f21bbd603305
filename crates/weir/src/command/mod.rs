//! One file a command: its arguments, whose doc comments are the help, and what it does.

pub mod brokers;
pub mod clusters;
pub mod completion;
pub mod config;
pub mod demo;
pub mod groups;
pub mod help;
pub mod keys;
pub mod lag;
pub mod query;
pub mod serve;
pub mod sources;
pub mod topics;
pub mod version;

use weir_api::{Freshness, List, Status};

use crate::context::Context;
use crate::output::{Cell, Tone};

/// The word of an entity's status with its tone; a stale one says so.
fn status_cell(status: Status) -> Cell {
    let (tone, word) = match status {
        Status::Critical => (Tone::Critical, "CRITICAL"),
        Status::Warning => (Tone::Warning, "WARNING"),
        Status::Stale => (Tone::Unknown, "STALE"),
        Status::Unknown => (Tone::Unknown, "UNKNOWN"),
        Status::Ok => (Tone::Good, "OK"),
    };
    Cell::status(tone, word)
}

fn age_cell(freshness: &Freshness) -> Cell {
    Cell::duration_secs(Some(freshness.age_secs))
}

/// What is shown may not be all there is, and nothing may be an answer too: both are said.
fn tell_about<T>(list: &List<T>, noun: &str, context: &Context) {
    if list.truncated {
        context.output.warn(&format!("only {} {noun} are shown; there are more", list.items.len()));
    }
    if list.items.is_empty() {
        context.output.note(&format!("no {noun} yet: `weir sources list` shows what is watched"));
    }
}
