//! Labels of `FACET buckets(…)`.

use super::Compiled;
use super::convert::to_text;
use crate::datum::Datum;

/// Equal ranges from 0 to a ceiling.
#[derive(Debug)]
pub struct BucketLabels {
    width: f64,
    labels: Vec<Datum>,
}

impl BucketLabels {
    pub fn new(ceiling: f64, count: usize) -> Self {
        let width = ceiling / count as f64;
        let edge = |place: usize| {
            to_text(&Datum::whole(width * place as f64), &Datum::Null).unwrap_or_default()
        };
        let last = count.saturating_sub(1);
        let label = |place: usize| {
            if place == last {
                Datum::text(format!(">={}", edge(place)))
            } else {
                Datum::text(format!("{}-{}", edge(place), edge(place + 1)))
            }
        };
        BucketLabels { width, labels: (0..count).map(label).collect() }
    }
}

impl Compiled for BucketLabels {
    /// Null for what is no number.
    fn apply(&self, value: &Datum) -> Datum {
        let Some(number) = value.as_f64() else { return Datum::Null };
        let place = (number / self.width).floor().max(0.0) as usize;
        let last = self.labels.len().saturating_sub(1);
        self.labels.get(place.min(last)).cloned().unwrap_or(Datum::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_labels() {
        let labels = BucketLabels::new(400.0, 10);
        let of = |value: f64| labels.apply(&Datum::Float(value));
        assert_eq!(of(0.0), Datum::text("0-40"));
        assert_eq!(of(39.9), Datum::text("0-40"));
        assert_eq!(of(40.0), Datum::text("40-80"));
        assert_eq!(of(-3.0), Datum::text("0-40"));
        assert_eq!(of(1e9), Datum::text(">=360"));
        assert!(labels.apply(&Datum::text("x")).is_null());
        assert_eq!(BucketLabels::new(1.0, 4).apply(&Datum::Float(0.3)), Datum::text("0.25-0.5"));
    }
}
