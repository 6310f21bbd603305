//! What is kept of the numbers of one attribute.

use super::{FloatSum, Moment};

/// A number that can be summed without rounding.
pub trait Number: Copy + PartialEq {
    type Sum: Clone + Default + PartialEq;

    fn add_times(self, times: u64, sum: &mut Self::Sum);

    fn add_sum(sum: &mut Self::Sum, other: &Self::Sum);

    /// A total order; zeros of different sign differ.
    fn is_less(self, other: Self) -> bool;
}

/// Numbers of one type, at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary<N: Number> {
    pub count: u64,
    pub sum: N::Sum,
    pub min: N,
    pub max: N,
    pub earliest: (Moment, N),
    pub latest: (Moment, N),
}

/// The numbers of one attribute: at least one, of one type or of both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NumberSummary {
    pub integers: Option<Summary<i64>>,
    pub floats: Option<Summary<f64>>,
}

impl<N: Number> Summary<N> {
    /// The same number from `first` to `last`, `count` times.
    pub(crate) fn same(number: N, count: u64, first: Moment, last: Moment) -> Self {
        let mut sum = N::Sum::default();
        number.add_times(count, &mut sum);
        let (earliest, latest) = ((first, number), (last, number));
        Summary { count, sum, min: number, max: number, earliest, latest }
    }

    pub(crate) fn add(&mut self, number: N, at: Moment) {
        self.count += 1;
        number.add_times(1, &mut self.sum);
        self.widen(number, number);
        self.reach((at, number), (at, number));
    }

    pub(crate) fn absorb(&mut self, other: &Summary<N>) {
        self.count += other.count;
        N::add_sum(&mut self.sum, &other.sum);
        self.widen(other.min, other.max);
        self.reach(other.earliest, other.latest);
    }

    fn widen(&mut self, min: N, max: N) {
        if min.is_less(self.min) {
            self.min = min;
        }
        if self.max.is_less(max) {
            self.max = max;
        }
    }

    fn reach(&mut self, earliest: (Moment, N), latest: (Moment, N)) {
        if earliest.0 < self.earliest.0 {
            self.earliest = earliest;
        }
        if latest.0 > self.latest.0 {
            self.latest = latest;
        }
    }
}

impl NumberSummary {
    /// How many events have a number.
    pub fn count(&self) -> u64 {
        self.integers.as_ref().map_or(0, |s| s.count) + self.floats.as_ref().map_or(0, |s| s.count)
    }

    /// Rounded once.
    pub fn sum_f64(&self) -> f64 {
        let integers = self.integers.as_ref().map_or(0.0, |s| s.sum as f64);
        integers + self.floats.as_ref().map_or(0.0, |s| s.sum.value())
    }
}

impl Number for i64 {
    type Sum = i128;

    fn add_times(self, times: u64, sum: &mut i128) {
        *sum += i128::from(self) * i128::from(times);
    }

    fn add_sum(sum: &mut i128, other: &i128) {
        *sum += other;
    }

    fn is_less(self, other: Self) -> bool {
        self < other
    }
}

impl Number for f64 {
    type Sum = FloatSum;

    fn add_times(self, times: u64, sum: &mut FloatSum) {
        sum.add_times(self, times);
    }

    fn add_sum(sum: &mut FloatSum, other: &FloatSum) {
        sum.add_sum(other);
    }

    fn is_less(self, other: Self) -> bool {
        self.total_cmp(&other).is_lt()
    }
}
