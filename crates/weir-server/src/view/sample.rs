//! One sample read by attribute name. What the sample does not hold is unknown.

use weir_api::freshness::{Freshness, Status};
use weir_types::{Event, Value};

use super::View;

/// A borrowed sample with typed reads.
#[derive(Clone, Copy)]
pub struct Sample<'a>(pub &'a Event);

impl<'a> Sample<'a> {
    pub fn text(&self, name: &str) -> Option<String> {
        self.str(name).map(str::to_owned)
    }

    pub fn str(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::Int(i) => Some(*i),
            // Other agents send every number as a double.
            Value::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => Some(*f as i64),
            _ => None,
        }
    }

    pub fn float(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.0.get(name)? {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    pub fn freshness(&self, view: View<'_>) -> Freshness {
        let age = view.now.since(self.0.timestamp);
        let silent = age > view.stale_after(self.str("source"));
        Freshness {
            sampled_at_ms: self.0.timestamp.as_millis(),
            age_secs: age.as_secs_f64(),
            stale: silent || self.bool("stale") == Some(true),
            completeness: self.float("completeness"),
        }
    }
}

/// Findings about one entity; the worst decides its status.
#[derive(Default)]
pub struct Findings(Vec<(Status, String)>);

impl Findings {
    pub fn add(&mut self, status: Status, reason: impl Into<String>) {
        self.0.push((status, reason.into()));
    }

    /// Adds a finding when the number is known and above zero.
    pub fn add_count(&mut self, status: Status, count: Option<i64>, one: &str, many: &str) {
        match count {
            Some(1) => self.add(status, format!("1 {one}")),
            Some(n) if n > 1 => self.add(status, format!("{n} {many}")),
            _ => {}
        }
    }

    /// The worst status, or `otherwise` without findings; reasons worst first.
    pub fn conclude(mut self, otherwise: Status) -> (Status, Vec<String>) {
        self.0.sort_by_key(|(status, _)| *status);
        let status = self.0.first().map_or(otherwise, |(status, _)| *status);
        (status, self.0.into_iter().map(|(_, reason)| reason).collect())
    }
}

/// An age as people say it: `45 s`, `12 min`, `3 h`.
pub fn spoken_age(secs: f64) -> String {
    match secs {
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7_200.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.0} h", s / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_types::Timestamp;

    #[test]
    fn a_double_that_is_whole_is_a_count_and_text_is_not() {
        let event = Event::new("T", Timestamp::from_millis(0))
            .with("a", Value::Float(3.0))
            .with("b", Value::Float(3.5))
            .with("c", "3");
        let sample = Sample(&event);
        assert_eq!((sample.int("a"), sample.int("b"), sample.int("c")), (Some(3), None, None));
        assert_eq!(sample.int("absent"), None);
    }

    #[test]
    fn the_worst_finding_wins_and_unknown_counts_are_silent() {
        let mut findings = Findings::default();
        findings.add_count(Status::Warning, Some(2), "partition", "partitions");
        findings.add_count(Status::Critical, Some(1), "partition is offline", "are offline");
        findings.add_count(Status::Critical, None, "x", "x");
        let (status, reasons) = findings.conclude(Status::Ok);
        assert_eq!(status, Status::Critical);
        assert_eq!(reasons, ["1 partition is offline", "2 partitions"]);
    }
}
