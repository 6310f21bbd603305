//! `metrics`: whose names Kafka's series have on `/metrics`.

use crate::key::Key;
use crate::reader::Reader;
use crate::section::one_of;

/// Each exporter's names, switched alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metrics {
    pub kafka_exporter: bool,
    pub kminion: bool,
    /// With the additions of klag-exporter.
    pub kafka_lag_exporter: bool,
}

const SWITCH: &[(&str, bool)] = &[("true", true), ("false", false)];

pub(crate) const KAFKA_EXPORTER: Key = Key::new(
    "metrics.kafka_exporter",
    "true or false",
    "Kafka's series on `/metrics` as kafka_exporter names them; see [metrics.md](metrics.md).",
)
.default("true");

pub(crate) const KMINION: Key =
    Key::new("metrics.kminion", "true or false", "The same as KMinion names them.").default("true");

pub(crate) const KAFKA_LAG_EXPORTER: Key = Key::new(
    "metrics.kafka_lag_exporter",
    "true or false",
    "The same as kafka-lag-exporter and klag-exporter name them.",
)
.default("true");

pub(crate) fn read(reader: &mut Reader<'_>) -> Metrics {
    let mut switch = |key| reader.value_or_default(key, |text| one_of(text, SWITCH));
    Metrics {
        kafka_exporter: switch(&KAFKA_EXPORTER),
        kminion: switch(&KMINION),
        kafka_lag_exporter: switch(&KAFKA_LAG_EXPORTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{config, problem};

    #[test]
    fn each_is_on_until_it_is_switched_off() {
        let all = Metrics { kafka_exporter: true, kminion: true, kafka_lag_exporter: true };
        assert_eq!(config("").metrics, all);
        let less = config("metrics: {kminion: false}").metrics;
        assert_eq!(less, Metrics { kminion: false, ..all });
        let wrong = problem("metrics: {kminion: maybe}");
        assert_eq!(wrong.message, "`maybe` is not one of the values");
        assert_eq!(problem("metrics: {burrow: true}").message, "unknown key `burrow`");
    }
}
