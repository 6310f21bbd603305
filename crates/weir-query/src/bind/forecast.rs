//! PREDICT: how far, from how much, by which model.

use weir_nrql::ast::{Argument, Call, Expr, ExprKind, NamedValue, Predict, Query};
use weir_types::{Diagnostic, Span};

use super::Context;
use super::constant::{bind_millis, bind_number};
use crate::bucket::Steps;
use crate::decision::{PREDICT_BUCKETS_MAX, PREDICT_TRAINING_MAX};
use crate::forecast::{HoltWinters, Seasonality};
use crate::plan::PredictPlan;
use crate::problem;

/// Without BY a fifth of the window is predicted, without USING three windows are learnt from.
const HORIZON_SHARE: i64 = 5;
const TRAINING_WINDOWS: i64 = 3;

pub fn bind_predict(
    context: &Context<'_>,
    query: &Query,
    predict: &Predict,
    timeseries: Option<Steps>,
) -> Result<PredictPlan, Diagnostic> {
    let Some(steps) = timeseries else {
        let help = "add TIMESERIES in front of it";
        return Err(wrong(context, "PREDICT needs TIMESERIES", predict.span).with_help(help));
    };
    if let Some(compare) = &query.compare_with {
        return Err(wrong(context, "PREDICT can't stand beside COMPARE WITH", compare.span));
    }
    let window = context.range.end.as_millis() - context.range.begin.as_millis();
    let horizon = predict.by.map_or(window / HORIZON_SHARE, |by| by.as_millis());
    let training = predict.using.map_or(window.saturating_mul(TRAINING_WINDOWS), |u| u.as_millis());
    let bounded = |millis: i64, most: i64, what: &str| {
        let count = millis.div_euclid(steps.slide_millis).max(1);
        if count <= most {
            return Ok(count as usize);
        }
        let message = format!("PREDICT {what} {count} buckets, the limit is {most}");
        Err(wrong(context, &message, predict.span).with_help("take a larger step"))
    };
    Ok(PredictPlan {
        buckets: bounded(horizon, PREDICT_BUCKETS_MAX, "makes")?,
        training: bounded(training, PREDICT_TRAINING_MAX, "learns from")?,
        model: match &predict.model {
            Some(call) => bind_model(context, call)?,
            None => FITTED,
        },
    })
}

const FITTED: HoltWinters =
    HoltWinters { seasonality: Seasonality::Auto, alpha: None, beta: None, gamma: None, phi: None };

fn bind_model(context: &Context<'_>, call: &Call) -> Result<HoltWinters, Diagnostic> {
    let mut model = FITTED;
    for argument in &call.arguments {
        let Argument::Named { name, value: NamedValue::Expr(expr), span } = argument else {
            return Err(wrong(context, "the model takes arguments by name", call.span));
        };
        match name.text.to_ascii_lowercase().as_str() {
            "seasonality" => model.seasonality = bind_seasonality(context, expr)?,
            "alpha" => model.alpha = Some(share(context, expr)?),
            "beta" => model.beta = Some(share(context, expr)?),
            "gamma" => model.gamma = Some(share(context, expr)?),
            "phi" => model.phi = Some(share(context, expr)?),
            _ => return Err(wrong(context, "the model has no such argument", *span)),
        }
    }
    if model.seasonality == Seasonality::None && model.gamma.is_some() {
        return Err(wrong(
            context,
            "gamma has no season to smooth: seasonality is NONE",
            call.span,
        ));
    }
    Ok(model)
}

fn bind_seasonality(context: &Context<'_>, expr: &Expr) -> Result<Seasonality, Diagnostic> {
    match &expr.kind {
        ExprKind::Attribute(name) if name.text.eq_ignore_ascii_case("AUTO") => {
            Ok(Seasonality::Auto)
        }
        ExprKind::Attribute(name) if name.text.eq_ignore_ascii_case("NONE") => {
            Ok(Seasonality::None)
        }
        _ => bind_millis(context, expr).map(Seasonality::Millis),
    }
}

fn share(context: &Context<'_>, expr: &Expr) -> Result<f64, Diagnostic> {
    let share = bind_number(context, expr)?;
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(wrong(context, &format!("{share} is not between 0 and 1"), expr.span))
}

fn wrong(context: &Context<'_>, message: &str, span: Span) -> Diagnostic {
    context.reporter.error(problem::PREDICT, message, span)
}
