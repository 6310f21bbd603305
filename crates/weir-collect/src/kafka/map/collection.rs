//! `WeirCollection`: the cycle about itself.

use weir_types::Event;
use weir_types::event::STRING_BYTES_MAX;

use super::{Sampler, count};
use crate::source::CycleReport;

/// `events` are those made so far; this one is not among them.
pub(crate) fn collection(
    sampler: &Sampler,
    report: &CycleReport,
    errors: u64,
    events: usize,
) -> Event {
    let duration = i64::try_from(report.duration.as_millis()).unwrap_or(i64::MAX);
    sampler
        .event("WeirCollection")
        .with("durationMs", duration)
        .with("requestCount", i64::try_from(report.requests).unwrap_or(i64::MAX))
        .with("eventCount", count(events))
        .with("errorCount", i64::try_from(errors).unwrap_or(i64::MAX))
        .with_known("error", report.error.as_deref().map(shortened))
}

/// An error that names many addresses may be longer than a value can be; the cut shows.
fn shortened(error: &str) -> String {
    if error.len() <= STRING_BYTES_MAX {
        return error.to_owned();
    }
    let mut end = STRING_BYTES_MAX - '…'.len_utf8();
    while !error.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &error[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_error_is_cut_where_it_shows() {
        let cut = shortened(&"ä".repeat(4_000));
        assert!(cut.len() <= STRING_BYTES_MAX && cut.ends_with("ä…"));
        assert_eq!(shortened("short"), "short");
    }
}
