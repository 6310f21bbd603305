//! TIMESERIES and SLIDE BY: steps that fit the window.

use weir_nrql::ast::{Step, Timeseries};
use weir_types::{Diagnostic, Span};

use super::Context;
use crate::bucket::{Steps, auto_step_millis, max_step_millis};
use crate::decision::BUCKETS_MAX;
use crate::problem;

pub fn bind_timeseries(
    context: &Context<'_>,
    timeseries: &Timeseries,
) -> Result<Steps, Diagnostic> {
    let window_millis = context.range.end.as_millis() - context.range.begin.as_millis();
    let error =
        |message: String, span: Span| context.reporter.error(problem::TIMESERIES, message, span);
    if timeseries.slide_by.is_some() && !matches!(timeseries.step, Step::Every(_)) {
        let message = "SLIDE BY needs a fixed TIMESERIES step".to_owned();
        let help = "write for example TIMESERIES 5 minutes SLIDE BY 1 minute";
        return Err(error(message, timeseries.span).with_help(help));
    }
    let width_millis = step_millis(context, timeseries.step, window_millis)?;
    let slide_millis = match timeseries.slide_by {
        Some(step) => step_millis(context, step, window_millis)?,
        None => width_millis,
    };
    if width_millis > window_millis {
        let message = "TIMESERIES step size is larger than the current time window";
        return Err(error(message.to_owned(), timeseries.span).with_help("widen SINCE"));
    }
    let steps = Steps { width_millis, slide_millis };
    let count = steps.count_in(window_millis);
    if count > BUCKETS_MAX {
        let message =
            format!("TIMESERIES supports a maximum of {BUCKETS_MAX} buckets, this makes {count}");
        let help = "take a larger step, TIMESERIES MAX, or a shorter window";
        return Err(error(message, timeseries.span).with_help(help));
    }
    Ok(steps)
}

fn step_millis(context: &Context<'_>, step: Step, window_millis: i64) -> Result<i64, Diagnostic> {
    match step {
        Step::Auto => Ok(auto_step_millis(window_millis)),
        Step::Max => Ok(max_step_millis(window_millis)),
        Step::Every(duration) if duration.as_millis() > 0 => Ok(duration.as_millis()),
        Step::Every(duration) => {
            let message = "a step must be longer than 0";
            Err(context.reporter.error(problem::TIMESERIES, message, duration.span))
        }
    }
}
