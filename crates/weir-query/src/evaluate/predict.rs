//! PREDICT: the buckets behind the end, from a longer stretch of the same series.

use weir_types::{QueryError, TimeRange, Timestamp};

use super::{Evaluator, Groups};
use crate::bucket::Steps;
use crate::datum::Datum;
use crate::plan::{GroupPlan, Plan, PredictPlan};

impl Evaluator<'_> {
    pub(super) fn predict(
        &mut self,
        plan: &Plan,
        groups: &GroupPlan,
        predict: PredictPlan,
        steps: Steps,
        computed: &mut Groups,
    ) -> Result<(), QueryError> {
        let end = computed.range.end.as_millis();
        let learnt = (predict.training as i64 - 1).saturating_mul(steps.slide_millis);
        let begin = end.saturating_sub(learnt.saturating_add(steps.width_millis));
        let range = TimeRange { begin: Timestamp::from_millis(begin), end: computed.range.end };
        let keys = computed.groups.iter().map(|group| group.key.clone()).collect();
        let without = GroupPlan { predict: None, ..groups.clone() };
        let trained = self.evaluate_groups(plan, &without, range, Some(keys))?;
        computed.predicted = (1..=predict.buckets as i64)
            .map(|ahead| {
                let end = end.saturating_add(ahead * steps.slide_millis);
                let begin = Timestamp::from_millis(end - steps.width_millis);
                TimeRange { begin, end: Timestamp::from_millis(end) }
            })
            .collect();
        for group in &mut computed.groups {
            self.budget.check_time()?;
            let Some(series) = trained.groups.iter().find(|other| other.key == group.key) else {
                continue;
            };
            let mut rows = vec![Vec::new(); predict.buckets];
            for column in 0..groups.columns.len() {
                let values: Vec<Option<f64>> = series
                    .buckets
                    .iter()
                    .map(|bucket| bucket.get(column).and_then(Datum::as_f64))
                    .collect();
                let ahead = predict.model.forecast(&values, steps.slide_millis, predict.buckets);
                for (place, row) in rows.iter_mut().enumerate() {
                    let value = ahead.as_ref().and_then(|ahead| ahead.get(place));
                    row.push(value.map_or(Datum::Null, |value| Datum::float(*value)));
                }
            }
            group.predicted = rows;
        }
        Ok(())
    }
}
