//! One step of trying a source out.

use std::time::Duration;

use serde::Serialize;

/// What one step of `weir sources test` found. Steps after a failed one that needs it are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub name: &'static str,
    pub ok: bool,
    /// What was found, or exactly what is wrong.
    pub detail: String,
    /// What to do about it, where the detail does not say it already.
    pub next_step: Option<String>,
    pub took_ms: u64,
}

impl Step {
    pub(crate) fn ok(name: &'static str, took: Duration, detail: impl Into<String>) -> Step {
        Step { name, ok: true, detail: detail.into(), next_step: None, took_ms: millis(took) }
    }

    pub(crate) fn failed(name: &'static str, took: Duration, detail: impl Into<String>) -> Step {
        Step { name, ok: false, detail: detail.into(), next_step: None, took_ms: millis(took) }
    }

    pub(crate) fn with_next_step(mut self, next_step: Option<impl Into<String>>) -> Step {
        self.next_step = next_step.map(Into::into);
        self
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
