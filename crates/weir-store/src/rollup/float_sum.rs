//! Sums of doubles without rounding, so that neither the order of the values nor a roll-up in
//! between shows in the result.

/// Doubles that do not overlap, by ascending magnitude, whose sum is the exact one (Shewchuk,
/// "Adaptive Precision Floating-Point Arithmetic", 1997). A sum whose magnitude was out of range
/// once stays infinite.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FloatSum {
    parts: Vec<f64>,
}

/// Most parts that a sum is written as: doubles span 2,098 bits, a part 53; and a decimal in front.
pub const PARTS_MAX: usize = 41;

impl FloatSum {
    /// Adds a finite value.
    pub fn add(&mut self, value: f64) {
        if self.is_infinite() {
            return;
        }
        let (mut rest, mut kept) = (value, 0);
        for at in 0..self.parts.len() {
            let part = self.parts[at];
            let (large, small) = if rest.abs() < part.abs() { (part, rest) } else { (rest, part) };
            rest = large + small;
            let lost = small - (rest - large);
            if lost != 0.0 {
                self.parts[kept] = lost;
                kept += 1;
            }
        }
        self.parts.truncate(kept);
        if !rest.is_finite() {
            self.parts = vec![f64::INFINITY];
        } else if rest != 0.0 {
            self.parts.push(rest);
        }
    }

    /// Adds the value that many times.
    pub fn add_times(&mut self, value: f64, times: u64) {
        // Doubling is exact, multiplying is not.
        let (mut doubled, mut rest) = (value, times);
        while rest > 0 {
            if rest & 1 == 1 {
                self.add(doubled);
            }
            doubled *= 2.0;
            rest >>= 1;
        }
    }

    pub fn add_sum(&mut self, other: &FloatSum) {
        other.parts.iter().for_each(|part| self.add(*part));
    }

    /// The double nearest to the sum; infinite where the sum was out of range.
    pub fn value(&self) -> f64 {
        let mut parts = self.parts.iter().rev();
        let Some(mut high) = parts.next().copied() else { return 0.0 };
        let mut lost = 0.0;
        for part in parts.by_ref() {
            let sum = high + part;
            lost = part - (sum - high);
            high = sum;
            if lost != 0.0 {
                break;
            }
        }
        // Half-way to the next double, what follows decides.
        let follows = parts.next().copied().unwrap_or(0.0);
        if (lost < 0.0 && follows < 0.0) || (lost > 0.0 && follows > 0.0) {
            let nudge = lost * 2.0;
            let nudged = high + nudge;
            if nudged - high == nudge {
                high = nudged;
            }
        }
        high
    }

    /// The exact sum as doubles to be added up, by descending magnitude; none for zero. The first
    /// one is a decimal of few digits where that is near: what measures in decimals adds up to one
    /// but for the last bits, and decimals pack well.
    pub(crate) fn to_parts(&self) -> Vec<f64> {
        let (mut rest, mut parts) = (self.clone(), Vec::new());
        let mut next = near_decimal(self.value()).unwrap_or_else(|| self.value());
        while next != 0.0 {
            parts.push(next);
            rest.add(-next);
            next = if next.is_finite() { rest.value() } else { 0.0 };
        }
        parts
    }

    fn is_infinite(&self) -> bool {
        self.parts.first().is_some_and(|part| part.is_infinite())
    }
}

/// A decimal of at most nine digits behind the point that differs in the last bits alone.
fn near_decimal(value: f64) -> Option<f64> {
    const NEAR: f64 = 1.0 / (1_u64 << 46) as f64;
    let powers = (0..=9).map(|digits| 10_f64.powi(digits));
    let mut decimals = powers.map(|power| (value * power).round() / power);
    decimals.find(|decimal| decimal.is_finite() && (value - decimal).abs() <= value.abs() * NEAR)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(values: &[f64]) -> FloatSum {
        let mut sum = FloatSum::default();
        values.iter().for_each(|value| sum.add(*value));
        sum
    }

    #[test]
    fn nothing_is_rounded_away() {
        assert_eq!(sum(&[1e16, 1.0, -1e16]).value(), 1.0);
        assert_eq!(sum(&[1e308, 1.0, 1e-300, -1e308, -1.0]).value(), 1e-300);
        assert_eq!(sum(&[0.1; 10]).value(), 1.0);
        // Half-way between two doubles, and a trifle more.
        assert_eq!(sum(&[1.0, f64::EPSILON / 2.0]).value(), 1.0);
        assert_eq!(sum(&[1.0, f64::EPSILON / 2.0, 1e-300]).value(), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[]).value(), 0.0);
        assert_eq!(sum(&[1e308, 1e308, -1e308]).value(), f64::INFINITY);
    }

    #[test]
    fn sums_of_decimals_begin_with_a_decimal() {
        assert_eq!(sum(&[0.1, 0.2, 0.3, 4.4]).to_parts()[0], 5.0);
        assert_eq!(sum(&[0.125, 0.25]).to_parts(), [0.375]);
        assert_eq!(sum(&[1e308, 1e308]).to_parts(), [f64::INFINITY]);
        assert!(sum(&[1.0, -1.0]).to_parts().is_empty());
    }

    proptest! {
        #[test]
        fn order_and_grouping_do_not_show(
            values in prop::collection::vec(-1e300..1e300, 0..40),
            small in prop::collection::vec(-1.0..1.0, 0..40),
            cut in 0_usize..80,
        ) {
            let values: Vec<f64> = values.into_iter().chain(small).collect();
            let whole = sum(&values);
            let (head, tail) = values.split_at(cut.min(values.len()));
            let mut grouped = sum(tail);
            grouped.add_sum(&sum(head));
            let backwards: Vec<f64> = values.iter().rev().copied().collect();
            prop_assert_eq!(whole.value().to_bits(), grouped.value().to_bits());
            prop_assert_eq!(whole.value().to_bits(), sum(&backwards).value().to_bits());
            let parts = whole.to_parts();
            prop_assert!(parts.len() <= PARTS_MAX);
            let again = sum(&parts);
            prop_assert_eq!(whole.value().to_bits(), again.value().to_bits());
            let mut nothing = again;
            whole.to_parts().iter().for_each(|part| nothing.add(-part));
            prop_assert_eq!(nothing, FloatSum::default());
        }

        #[test]
        fn many_times_is_again_and_again(value in -1e290..1e290, times in 0_u64..300) {
            let mut at_once = FloatSum::default();
            at_once.add_times(value, times);
            let one_by_one = sum(&vec![value; times as usize]);
            prop_assert_eq!(at_once.value().to_bits(), one_by_one.value().to_bits());
        }
    }
}
