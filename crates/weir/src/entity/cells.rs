//! Cells that tables and pages of several entities share.

use weir_api::group::GroupPartition;
use weir_api::{Freshness, Health, Status};
use weir_types::LagVerdict;

use crate::context::Context;
use crate::output::{Cell, Tone, number};

/// Steps of the trend column.
const TREND_STEPS: usize = 8;

/// The word of an entity's status with its tone; a stale one says so.
pub fn status_cell(status: Status) -> Cell {
    let (tone, word) = match status {
        Status::Critical => (Tone::Critical, "CRITICAL"),
        Status::Warning => (Tone::Warning, "WARNING"),
        Status::Stale => (Tone::Unknown, "STALE"),
        Status::Unknown => (Tone::Unknown, "UNKNOWN"),
        Status::Ok => (Tone::Good, "OK"),
    };
    Cell::status(tone, word)
}

/// The age of what is shown; of what is only repeated from before it says so.
pub fn age_cell(freshness: &Freshness) -> Cell {
    let age = Cell::duration_secs(Some(freshness.age_secs));
    if !freshness.stale {
        return age;
    }
    let shown = format!("{} stale", number::duration(freshness.age_secs));
    Cell { plain: shown.clone(), shown, tone: Some(Tone::Unknown), ..age }
}

pub fn score_cell(health: &Health) -> Cell {
    Cell::score(health.health_score)
}

pub fn partition_verdict_cell(p: &GroupPartition) -> Cell {
    match p.lag_status.as_deref() {
        _ if p.freshness.stale => Cell::status(Tone::Unknown, "STALE"),
        None => Cell::missing(),
        Some(word) => Cell::status(verdict_tone(word), word),
    }
}

/// Of one of Burrow's words on a partition.
pub fn verdict_tone(word: &str) -> Tone {
    match LagVerdict::parse(word) {
        Some(LagVerdict::Ok) => Tone::Good,
        Some(LagVerdict::Warn) => Tone::Warning,
        _ => Tone::Critical,
    }
}

pub fn trend_cell(trend: &[Option<f64>], context: &Context) -> Cell {
    let line = number::sparkline(trend, TREND_STEPS, context.output.terminal.unicode);
    if line.trim().is_empty() { Cell::missing() } else { Cell::text(line) }
}

pub fn latency_cell(millis: Option<f64>) -> Cell {
    match millis {
        Some(ms) => Cell { raw: ms.to_string(), ..Cell::text(format!("{ms:.1}ms")) },
        None => Cell::missing(),
    }
}

/// Kafka writes -1 for "for ever".
pub fn retention_cell(retention_ms: Option<i64>) -> Cell {
    match retention_ms {
        Some(-1) => Cell { raw: "-1".into(), ..Cell::text("forever") },
        Some(ms) => Cell { raw: ms.to_string(), ..Cell::duration_secs(Some(ms as f64 / 1000.0)) },
        None => Cell::missing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_is_in_milliseconds() {
        let slow = latency_cell(Some(1500.25));
        assert_eq!((slow.shown.as_str(), slow.raw.as_str()), ("1500.2ms", "1500.25"));
        assert_eq!(latency_cell(None).shown, "-");
    }

    #[test]
    fn retention_reads_as_time_and_stays_milliseconds_in_csv() {
        let week = retention_cell(Some(604_800_000));
        assert_eq!((week.shown.as_str(), week.raw.as_str()), ("7d00h", "604800000"));
        assert_eq!(retention_cell(Some(-1)).shown, "forever");
        assert_eq!(retention_cell(None).shown, "-");
    }
}
