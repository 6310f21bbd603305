//! How observations lie: single values and ranges with a count each, as distributions and the
//! buckets of histograms tell them. Inside a range they lie evenly.

/// So many observations from `low` to `high`; one value where both are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub low: f64,
    pub high: f64,
    pub count: f64,
}

impl Stretch {
    pub fn at(value: f64, count: f64) -> Stretch {
        Stretch { low: value, high: value, count }
    }

    /// Observations at or below the threshold.
    pub fn below(&self, threshold: f64) -> f64 {
        if self.high <= threshold {
            return self.count;
        }
        let share = (threshold - self.low) / (self.high - self.low);
        self.count * share.clamp(0.0, 1.0)
    }

    /// Every observation times `factor` plus `offset`.
    pub fn linear(&self, factor: f64, offset: f64) -> Stretch {
        let (a, b) = (self.low * factor + offset, self.high * factor + offset);
        Stretch { low: a.min(b), high: a.max(b), count: self.count }
    }
}

/// For each percent the smallest value at or below which so many of all observations lie: a value
/// that was observed, or linear inside a range. `None` where there is no observation.
pub fn percentiles(stretches: &[Stretch], percents: &[f64]) -> Option<Vec<f64>> {
    let knots = knots(stretches);
    let total = knots.last()?.after;
    (total > 0.0).then(|| percents.iter().map(|p| value_at(&knots, p * total / 100.0)).collect())
}

/// A value at which the number of observations at or below it bends or jumps.
struct Knot {
    value: f64,
    /// Below it, and at or below it.
    before: f64,
    after: f64,
}

fn knots(stretches: &[Stretch]) -> Vec<Knot> {
    /// At a value: by how much the density changes, and what lies at the value itself.
    type Edge = (f64, f64, f64);
    let edges = stretches.iter().flat_map(|s| -> [Option<Edge>; 2] {
        if s.low == s.high {
            return [Some((s.low, 0.0, s.count)), None];
        }
        let density = s.count / (s.high - s.low);
        [Some((s.low, density, 0.0)), Some((s.high, -density, 0.0))]
    });
    let mut edges: Vec<Edge> = edges.flatten().collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut knots: Vec<Knot> = Vec::with_capacity(edges.len());
    let mut density = 0.0;
    for (value, change, count) in edges {
        match knots.last_mut() {
            Some(knot) if knot.value == value => knot.after += count,
            last => {
                let reached = last.map_or(0.0, |knot| knot.after + density * (value - knot.value));
                knots.push(Knot { value, before: reached, after: reached + count });
            }
        }
        density += change;
    }
    knots
}

fn value_at(knots: &[Knot], rank: f64) -> f64 {
    // What adding up shares may be off.
    const ROUNDING: f64 = 1e-12;
    let reaches = |reached: f64| reached >= rank * (1.0 - ROUNDING);
    let place = knots.partition_point(|knot| !reaches(knot.after)).min(knots.len() - 1);
    let knot = &knots[place];
    match place.checked_sub(1).map(|before| &knots[before]) {
        Some(left) if reaches(knot.before) && knot.before > left.after => {
            let share = (rank - left.after) / (knot.before - left.after);
            left.value + (knot.value - left.value) * share.clamp(0.0, 1.0)
        }
        _ => knot.value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values_are_found_by_rank() {
        let values = [Stretch::at(10.0, 3.0), Stretch::at(5.0, 6.0), Stretch::at(40.0, 1.0)];
        let found = percentiles(&values, &[0.0, 50.0, 60.0, 61.0, 90.0, 100.0]);
        assert_eq!(found, Some(vec![5.0, 5.0, 5.0, 10.0, 10.0, 40.0]));
        assert_eq!(percentiles(&[], &[50.0]), None);
        assert_eq!(percentiles(&[Stretch::at(1.0, 0.0)], &[50.0]), None);
    }

    #[test]
    fn inside_a_range_observations_lie_evenly() {
        let range = Stretch { low: 10.0, high: 20.0, count: 4.0 };
        assert_eq!(percentiles(&[range], &[25.0, 100.0]), Some(vec![12.5, 20.0]));
        assert_eq!([range.below(9.0), range.below(15.0), range.below(20.0)], [0.0, 2.0, 4.0]);
        // Half of the upper range overlaps; a value stands in a gap.
        let over = Stretch { low: 15.0, high: 25.0, count: 4.0 };
        let all = [over, range, Stretch::at(30.0, 2.0)];
        assert_eq!(
            percentiles(&all, &[20.0, 50.0, 80.0, 90.0]),
            Some(vec![15.0, 18.75, 25.0, 30.0])
        );
    }

    #[test]
    fn scaling_may_turn_a_range_round() {
        let range = Stretch { low: 1.0, high: 3.0, count: 2.0 };
        assert_eq!(range.linear(-2.0, 1.0), Stretch { low: -5.0, high: -1.0, count: 2.0 });
    }
}
