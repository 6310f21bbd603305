//! `weir why`.

use clap::Args;
use weir_api::why::{Why, WhyQuery, WhyStep};
use weir_types::ErrorCode;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Table, Tone};

/// Say why there is no data
///
/// Walks the way from a source to the page and stops where it ends: no source, no answer, a missing
/// right, a filter, nothing there, an attribute that can't be known, data that is old. The page gives
/// the same answer where it is empty.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir why KafkaConsumerSample
  weir why KafkaTopicSample.sizeBytes
  weir why KafkaBrokerSample.cpuUserPercent --cluster orders")]
#[command(after_help = "\
Exit codes:
  0  answered, also when the data is there
  6  no server answers, or not in time")]
pub struct WhyArgs {
    /// An event type, or one of its attributes
    #[arg(value_name = "EVENT[.ATTR]")]
    pub what: String,
    /// Ask about this cluster alone, by name or id
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
}

const EXAMPLE: &str = "KafkaTopicSample.sizeBytes";

pub async fn run(args: WhyArgs, context: &Context) -> Result<(), Failure> {
    let (event, attr) = split(&args.what)?;
    let query = WhyQuery { event, attr, cluster: args.cluster, from_ms: None, to_ms: None };
    let why = context.client()?.why(&query).await?;
    context.output.data(&why, &table_of(&why))?;
    if let Some(action) = &why.action {
        context.output.note(&format!("  = help: {action}"));
    }
    Ok(())
}

/// Event types have no dot; attributes may (`instrumentation.provider`).
fn split(what: &str) -> Result<(String, Option<String>), Failure> {
    let (event, attr) = what.split_once('.').map_or((what, None), |(e, a)| (e, Some(a)));
    if event.is_empty() || attr == Some("") {
        let message = format!("`{what}` names no EVENT, or EVENT.ATTR");
        let hint = format!("ask `weir why {}`", if event.is_empty() { EXAMPLE } else { event });
        return Err(Failure::new(ErrorCode::InvalidRequest, message).with_hint(hint));
    }
    Ok((event.to_owned(), attr.map(str::to_owned)))
}

fn table_of(why: &Why) -> Table {
    let mut table =
        Table::new(vec![Column::status("STEP", "step"), Column::sentence("ANSWER", "text")]);
    let (tone, word) = step_word(why.step);
    table.push(vec![Cell::status(tone, word), Cell::text(&why.text)]);
    table
}

fn step_word(step: WhyStep) -> (Tone, &'static str) {
    match step {
        WhyStep::UnknownEvent => (Tone::Critical, "unknown event"),
        WhyStep::UnknownAttribute => (Tone::Critical, "unknown attribute"),
        WhyStep::NoSource => (Tone::Critical, "no source"),
        WhyStep::NotPolledYet => (Tone::Unknown, "not polled yet"),
        WhyStep::SourceFailing => (Tone::Critical, "source failing"),
        WhyStep::NotFromThisSource => (Tone::Warning, "not from this source"),
        WhyStep::RightMissing => (Tone::Critical, "right missing"),
        WhyStep::NotSupported => (Tone::Warning, "not supported"),
        WhyStep::RequestFailing => (Tone::Critical, "request failing"),
        WhyStep::FilteredOut => (Tone::Warning, "filtered out"),
        WhyStep::NoneThere => (Tone::Good, "none there"),
        WhyStep::AttributeAbsent => (Tone::Warning, "attribute absent"),
        WhyStep::Stale => (Tone::Unknown, "stale"),
        WhyStep::Available => (Tone::Good, "available"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_dot_parts_event_and_attribute() {
        assert_eq!(split("KafkaTopicSample").unwrap(), ("KafkaTopicSample".into(), None));
        let (event, attr) = split("KafkaTopicSample.instrumentation.provider").unwrap();
        assert_eq!(event, "KafkaTopicSample");
        assert_eq!(attr.as_deref(), Some("instrumentation.provider"));
        for nothing in ["KafkaTopicSample.", ".sizeBytes", "", "."] {
            assert_eq!(split(nothing).unwrap_err().code, ErrorCode::InvalidRequest, "{nothing}");
        }
    }
}
