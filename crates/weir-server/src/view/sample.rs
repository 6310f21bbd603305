//! One sample read by attribute name. What the sample does not hold is unknown.

use std::time::Duration;

use weir_api::freshness::Freshness;
use weir_types::{Event, Timestamp, Value};

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

    pub fn freshness(&self, view: &View<'_>) -> Freshness {
        let is_silent = view.now.since(self.0.timestamp) > view.stale_after(self.str("source"));
        Freshness {
            sampled_at_ms: self.0.timestamp.as_millis(),
            known_at_ms: self.known_at().as_millis(),
            age_secs: view.now.since(self.known_at()).as_secs_f64(),
            stale: is_silent || self.bool("stale") == Some(true),
            completeness: self.float("completeness"),
            gone: view.is_gone(*self),
        }
    }

    /// When what it tells was true: a stale sample repeats older knowledge.
    pub fn known_at(&self) -> Timestamp {
        self.0.timestamp.saturating_sub(self.repeated_age())
    }

    /// How old the knowledge was that a stale sample repeats; zero for a fresh one.
    fn repeated_age(&self) -> Duration {
        let age = (self.bool("stale") == Some(true)).then(|| self.float("sampleAgeSeconds"));
        Duration::try_from_secs_f64(age.flatten().unwrap_or(0.0)).unwrap_or_default()
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

    #[test]
    fn what_a_stale_sample_repeats_was_known_before_it() {
        let at = |stale: bool| {
            let event = Event::new("T", Timestamp::from_millis(90_000))
                .with("sampleAgeSeconds", Value::Float(63.0))
                .with("stale", stale);
            Sample(&event).known_at().as_millis()
        };
        assert_eq!((at(true), at(false)), (27_000, 90_000));
    }

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
}
