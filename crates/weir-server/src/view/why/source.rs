//! How far one source gets on the way.

use weir_api::why::WhyStep;
use weir_types::source::{CapabilityState, Question, SourceState};
use weir_types::{SourceCapability, SourceStatus};

use super::super::View;
use super::asked::Asked;
use super::data::Data;
use super::needs::{self, Need};
use super::{End, ago};

/// Where the way of one source ends, when nothing fresh lies in the window.
pub fn end_of(view: &View<'_>, asked: &Asked, data: &Data, status: &SourceStatus) -> End {
    let found = of_polling(view, status)
        .or_else(|| of_asking(view, asked, status))
        .or_else(|| of_filters(view, asked, data, status))
        .unwrap_or_else(|| of_data(view, asked, data));
    End { source: Some(status.name.clone()), ..found }
}

fn of_polling(view: &View<'_>, status: &SourceStatus) -> Option<End> {
    let name = &status.name;
    match status.state {
        SourceState::Starting => {
            let text = format!("source `{name}` is starting: its first cycle has not ended");
            let action = format!("look again within its interval of {} s", status.interval_secs);
            Some(End::at(WhyStep::NotPolledYet, text).then(action))
        }
        SourceState::Failing => {
            let error = status.last_error.as_deref().unwrap_or("the last cycle got no answer");
            let since = match status.last_success_at {
                Some(at) => format!("has had no answer for a whole cycle since {}", ago(view, at)),
                None => "has never had an answer".to_owned(),
            };
            let text = format!("source `{name}` {since}: {error}");
            let action = format!("`weir sources test {name}` tries it step by step");
            Some(End::at(WhyStep::SourceFailing, text).then(action))
        }
        SourceState::Ok | SourceState::Partial => None,
    }
}

/// Whether the cluster answers what would tell.
fn of_asking(view: &View<'_>, asked: &Asked, status: &SourceStatus) -> Option<End> {
    let questions = match needs::of(asked.event, asked.attribute.as_deref()) {
        Need::Questions(questions) => questions,
        Need::BrokerMetrics => return Some(of_broker_metrics(asked, status)),
    };
    let capabilities = view.services.sources.capabilities();
    let of_question = |question: &Question| {
        capabilities.iter().find(|it| it.source == status.name && it.question == *question)
    };
    questions.iter().filter_map(of_question).find_map(|it| of_capability(asked, it))
}

fn of_broker_metrics(asked: &Asked, status: &SourceStatus) -> End {
    let SourceStatus { name, kind, .. } = status;
    let what = asked.name();
    let text = format!(
        "source `{name}` is of kind {kind}: Kafka's protocol does not carry {what}, brokers tell it \
         over JMX"
    );
    End::at(WhyStep::NotFromThisSource, text)
        .then("send it over the Event API from an agent that reads JMX")
}

fn of_capability(asked: &Asked, it: &SourceCapability) -> Option<End> {
    let SourceCapability { source, cluster, question, .. } = it;
    let detail = it.detail.as_deref().unwrap_or_default();
    let needs = format!("{} comes from the {question}", asked.name());
    match it.state {
        CapabilityState::Denied => {
            let text = format!(
                "{needs}, which cluster `{cluster}` refuses: the right {detail} is missing"
            );
            let action = format!("grant {detail} to the user of source `{source}`");
            Some(End::at(WhyStep::RightMissing, text).then(action))
        }
        CapabilityState::NotSupported => {
            let text = format!("{needs}, which this cluster does not know: {detail}");
            let action = "it comes with a newer release of Kafka";
            Some(End::at(WhyStep::NotSupported, text).then(action))
        }
        CapabilityState::Failing => {
            let text = format!("{needs}, and asking for them fails: {detail}");
            let action = format!("`weir sources test {source}` tries the source step by step");
            Some(End::at(WhyStep::RequestFailing, text).then(action))
        }
        CapabilityState::Ok | CapabilityState::MayBePartial => None,
    }
}

/// Filters explain only that there is nothing at all.
fn of_filters(view: &View<'_>, asked: &Asked, data: &Data, status: &SourceStatus) -> Option<End> {
    if data.series_count > 0 {
        return None;
    }
    let names = needs::filtered_names(asked.event);
    let mut filters = view.services.sources.filters().into_iter();
    let filter = filters.find(|it| it.source == status.name && names.contains(&it.names))?;
    let lists = [("include", &filter.include), ("exclude", &filter.exclude)].into_iter();
    let shown: Vec<_> = lists
        .filter(|(_, globs)| !globs.is_empty())
        .map(|(word, globs)| format!("{word} {}", globs.join(", ")))
        .collect();
    let text = format!(
        "source `{}` watches only some {} ({}), and none of them is there",
        status.name,
        filter.names,
        shown.join("; ")
    );
    let action = format!("widen `{}` of the source in weir.yaml", filter.names);
    Some(End::at(WhyStep::FilteredOut, text).then(action))
}

/// Everything was asked and answered.
fn of_data(view: &View<'_>, asked: &Asked, data: &Data) -> End {
    let name = asked.name();
    match data.newest_at {
        Some(at) if data.is_in_window => {
            let text = format!(
                "{name} is only repeated from before, {}: nobody has answered for it since",
                ago(view, at)
            );
            End::at(WhyStep::Stale, text)
        }
        Some(at) => {
            let age = ago(view, at);
            let text = format!("{name} has nothing in the window; the newest is from {age}");
            End::at(WhyStep::Stale, text).then("widen the window to see it")
        }
        None if data.series_count == 0 => none_there(view, asked),
        None => without_attribute(asked, data),
    }
}

fn without_attribute(asked: &Asked, data: &Data) -> End {
    let known = asked.attribute.as_deref().and_then(needs::waits_for);
    let because = known.or(asked.schema.map(|schema| schema.doc)).unwrap_or_default();
    let text = format!(
        "{} series of `{}` are there without it in their newest samples: {because}",
        data.series_count, asked.event
    );
    End::at(WhyStep::AttributeAbsent, text)
}

/// Some events are rightly absent, and some lists are shortened without a word.
fn none_there(view: &View<'_>, asked: &Asked) -> End {
    let questions = needs::of_event(asked.event);
    let capabilities = view.services.sources.capabilities();
    let partial = capabilities.iter().find(|it| {
        asked.cluster.as_ref().is_none_or(|name| *name == it.cluster)
            && it.state == CapabilityState::MayBePartial
            && questions.contains(&it.question)
    });
    if let Some(SourceCapability { source, question, detail, .. }) = partial {
        let right = detail.as_deref().unwrap_or_default();
        let text = format!(
            "brokers list only the {question} we may see, and that is none: the right {right} shows \
             all"
        );
        let action = format!("grant {right} to the user of source `{source}`");
        return End::at(WhyStep::RightMissing, text).then(action);
    }
    let text = match asked.event {
        "KafkaPartitionSample" => {
            "every partition is well: only those that are not have samples of their own"
        }
        "KafkaConsumerMemberSample" => "no group has members",
        "KafkaConsumerGroupSample" => "the cluster has no groups",
        "KafkaConsumerSample" => "no group has a commit or an assignment",
        "KafkaTopicSample" => "the cluster has no topics",
        _ => "everything was asked and answered, and there is none",
    };
    End::at(WhyStep::NoneThere, text)
}
