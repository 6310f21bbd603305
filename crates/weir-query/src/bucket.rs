//! Buckets of TIMESERIES: laid backwards from the end of the window, so that every one is whole.

use weir_types::{TimeRange, Timestamp};

use crate::decision::BUCKETS_MAX;

/// How long a bucket is and how far apart buckets begin, in milliseconds, both above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    pub width_millis: i64,
    /// The width again, unless SLIDE BY says otherwise.
    pub slide_millis: i64,
}

impl Steps {
    /// How many whole buckets fit into a window of that length.
    pub fn count_in(self, window_millis: i64) -> i64 {
        if window_millis < self.width_millis {
            return 0;
        }
        (window_millis - self.width_millis) / self.slide_millis + 1
    }
}

/// The step of TIMESERIES AUTO: 60 buckets at most for windows up to an hour, 48 beyond.
pub fn auto_step_millis(window_millis: i64) -> i64 {
    const SECOND: i64 = 1_000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    const STEPS: [i64; 15] = [
        SECOND,
        5 * SECOND,
        15 * SECOND,
        30 * SECOND,
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
        HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        7 * DAY,
        30 * DAY,
    ];
    let most = if window_millis <= HOUR { 60 } else { 48 };
    smallest_step(window_millis, most, &STEPS)
}

/// The step of TIMESERIES MAX and SLIDE BY MAX: the smallest round one within the bucket limit.
pub fn max_step_millis(window_millis: i64) -> i64 {
    const ROUND_SECONDS: [i64; 37] = [
        1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 300, 360, 600, 720, 900, 1_200,
        1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400, 172_800, 259_200,
        345_600, 604_800, 1_209_600, 2_592_000, 7_862_400,
    ];
    smallest_step(window_millis, BUCKETS_MAX, &ROUND_SECONDS.map(|seconds| seconds * 1_000))
}

/// A window shorter than the smallest step is one bucket; past the largest step, even parts.
fn smallest_step(window_millis: i64, most: i64, steps: &[i64]) -> i64 {
    let fits = steps.iter().find(|step| window_millis <= **step * most);
    let step = fits.copied().unwrap_or((window_millis + most - 1) / most);
    step.min(window_millis)
}

/// The buckets of one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets {
    steps: Steps,
    ranges: Vec<TimeRange>,
}

impl Buckets {
    pub fn lay(window: TimeRange, steps: Steps) -> Buckets {
        let end = window.end.as_millis();
        let count = steps.count_in(end - window.begin.as_millis());
        let ranges = (0..count).rev().map(|steps_back| {
            let end = end - steps_back * steps.slide_millis;
            let begin = Timestamp::from_millis(end - steps.width_millis);
            TimeRange { begin, end: Timestamp::from_millis(end) }
        });
        Buckets { steps, ranges: ranges.collect() }
    }

    pub fn ranges(&self) -> &[TimeRange] {
        &self.ranges
    }

    /// From the first begin to the end; empty at `window`'s end when there is no bucket.
    pub fn window(&self, window: TimeRange) -> TimeRange {
        TimeRange { begin: self.ranges.first().map_or(window.end, |r| r.begin), end: window.end }
    }

    /// The buckets that hold the instant: one without SLIDE BY, several or none with it.
    pub fn holding(&self, millis: i64) -> std::ops::Range<usize> {
        let Some(first) = self.ranges.first() else { return 0..0 };
        let since_first = millis - first.begin.as_millis();
        if since_first < 0 {
            return 0..0;
        }
        let Steps { width_millis, slide_millis } = self.steps;
        // Bucket i holds it when i·slide <= since_first < i·slide + width.
        let past_last = (since_first / slide_millis + 1).min(self.ranges.len() as i64);
        let from = if since_first < width_millis {
            0
        } else {
            (since_first - width_millis) / slide_millis + 1
        };
        from.min(past_last) as usize..past_last as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;

    fn range(begin: i64, end: i64) -> TimeRange {
        TimeRange { begin: Timestamp::from_millis(begin), end: Timestamp::from_millis(end) }
    }

    #[test]
    fn auto_meets_the_documented_points() {
        assert_eq!(auto_step_millis(HOUR), MINUTE);
        assert_eq!(auto_step_millis(6 * HOUR), 15 * MINUTE);
        assert_eq!(auto_step_millis(DAY), 30 * MINUTE);
        assert_eq!(auto_step_millis(7 * DAY), 6 * HOUR);
        assert_eq!(max_step_millis(DAY), 4 * MINUTE);
    }

    #[test]
    fn automatic_steps_fit_every_window() {
        for window in [1, 999, 1_000, 61_000, HOUR + 1, 90 * DAY, 5_000 * DAY, 1 << 50] {
            for step in [auto_step_millis(window), max_step_millis(window)] {
                let steps = Steps { width_millis: step, slide_millis: step };
                let count = steps.count_in(window);
                assert!((1..=BUCKETS_MAX).contains(&count), "{window} ms gives {count} buckets");
            }
        }
    }

    #[test]
    fn buckets_hang_from_the_end_and_the_begin_moves() {
        let steps = Steps { width_millis: 5 * MINUTE, slide_millis: 5 * MINUTE };
        let window = range(4 * MINUTE + 59_000, 20 * MINUTE);
        let buckets = Buckets::lay(window, steps);
        assert_eq!(buckets.ranges().len(), 3);
        assert_eq!(buckets.window(window), range(5 * MINUTE, 20 * MINUTE));
        assert_eq!(buckets.holding(5 * MINUTE - 1), 0..0);
        assert_eq!(buckets.holding(5 * MINUTE), 0..1);
        assert_eq!(buckets.holding(20 * MINUTE - 1), 2..3);
    }

    #[test]
    fn the_place_of_an_instant_is_where_its_ranges_say() {
        for (width, slide) in [(5, 5), (5, 1), (5, 2), (2, 5), (7, 3)] {
            let steps = Steps { width_millis: width, slide_millis: slide };
            let buckets = Buckets::lay(range(3, 40), steps);
            for millis in 0..45 {
                let at = Timestamp::from_millis(millis);
                let found: Vec<usize> = buckets.holding(millis).collect();
                let ranges = buckets.ranges().iter().enumerate();
                let expected: Vec<usize> =
                    ranges.filter(|(_, r)| r.contains(at)).map(|(i, _)| i).collect();
                assert_eq!(found, expected, "{millis} in width {width}, slide {slide}");
            }
        }
    }
}
