//! How many messages a topic has received by a moment, in closed form: no ticks, no state.

use std::f64::consts::TAU;

use super::chance;

/// Swings around the mean rate.
const DAY: Swing = Swing { share: 0.45, period_ms: 86_400_000 };
const MINUTES: Swing = Swing { share: 0.15, period_ms: 420_000 };
const SECONDS: Swing = Swing { share: 0.10, period_ms: 43_000 };
/// The day's traffic is highest at 14:00 UTC.
const DAY_PHASE: f64 = TAU * (0.25 - 14.0 / 24.0);

/// Traffic by the time of day, with a faster pulse that each topic has to itself. The rate is
/// always above zero, so the count only grows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rhythm {
    per_ms: f64,
    begin: i64,
    phases: [f64; 2],
    /// What the swings stand at in the beginning.
    offset: f64,
}

#[derive(Debug, Clone, Copy)]
struct Swing {
    share: f64,
    period_ms: i64,
}

impl Rhythm {
    /// A topic that gets `per_sec` messages on average from `begin` on.
    pub(crate) fn new(per_sec: f64, begin: i64, seed: u64) -> Rhythm {
        let phase = |salt| TAU * chance::unit(&[seed, salt]);
        let phases = [phase(1), phase(2)];
        let offset = swung(&phases, begin);
        Rhythm { per_ms: per_sec / 1000.0, begin, phases, offset }
    }

    /// Messages since the beginning; zero before it.
    pub(crate) fn count(&self, at: i64) -> f64 {
        if at <= self.begin {
            return 0.0;
        }
        let swung = swung(&self.phases, at) - self.offset;
        self.per_ms * ((at - self.begin) as f64 + swung)
    }
}

impl Swing {
    /// The area under the swing up to a moment, as milliseconds of mean traffic; only the
    /// difference of two of them means something.
    fn area(self, phase: f64, at: i64) -> f64 {
        let angular = TAU / self.period_ms as f64;
        // Whole periods add nothing; without them the cosine keeps all its digits.
        let within = at.rem_euclid(self.period_ms) as f64;
        -self.share / angular * (angular * within + phase).cos()
    }
}

fn swung(phases: &[f64; 2], at: i64) -> f64 {
    DAY.area(DAY_PHASE, at) + MINUTES.area(phases[0], at) + SECONDS.area(phases[1], at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn the_mean_holds_over_days_and_the_afternoon_is_busiest() {
        let rhythm = Rhythm::new(50.0, 0, 7);
        let days = rhythm.count(40 * DAY_MS) / 40.0;
        assert!((days - 50.0 * 86_400.0).abs() < 500.0, "{days}");
        let hour =
            |hour: i64| rhythm.count((hour + 1) * 3_600_000) - rhythm.count(hour * 3_600_000);
        assert!(hour(14) > hour(8) && hour(14) > hour(20) && hour(14) > 2.0 * hour(2));
    }

    #[test]
    fn the_count_grows_with_every_millisecond() {
        let rhythm = Rhythm::new(3.0, 500, 1);
        assert_eq!(rhythm.count(500), 0.0);
        let mut before = 0.0;
        for at in 501..20_000 {
            let now = rhythm.count(at);
            assert!(now > before);
            before = now;
        }
    }
}
