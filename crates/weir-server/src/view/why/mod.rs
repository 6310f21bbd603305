//! Why there is no data: the way from a source to the page is walked, and the first place where it
//! ends is the answer. The page and the command line show it as it is.
//!
//! - [`asked`]: what is asked about, with its names checked
//! - [`data`]: what the store has of it
//! - [`needs`]: which questions to a cluster an attribute comes from
//! - [`source`]: how far one source gets

mod asked;
mod data;
mod needs;
mod source;

use weir_api::why::{Why, WhyQuery, WhyStep};
use weir_types::suggest::nearest;
use weir_types::{SourceStatus, Timestamp};

use self::asked::{Asked, Named};
use self::data::Data;
use super::sample::spoken_age;
use super::{Result, View};

/// Where the way ends, in words.
struct End {
    step: WhyStep,
    text: String,
    action: Option<String>,
    source: Option<String>,
}

impl End {
    fn at(step: WhyStep, text: impl Into<String>) -> End {
        End { step, text: text.into(), action: None, source: None }
    }

    /// What to do about it.
    fn then(self, action: impl Into<String>) -> End {
        End { action: Some(action.into()), ..self }
    }
}

/// Walks the way. Fails only when the store can't be asked.
pub async fn why(view: &View<'_>, query: WhyQuery) -> Result<Why> {
    let (end, newest_at) = match asked::check(view, &query).await? {
        Named::Unknown(end) => (end, None),
        Named::Custom(newest_at) => (available(view, &query, newest_at), Some(newest_at)),
        Named::Declared(asked) => {
            let data = Data::find(view, &asked).await?;
            (walk(view, &asked, &data), data.newest_at)
        }
    };
    Ok(Why {
        schema: "weir/v1".into(),
        as_of_ms: view.now.as_millis(),
        event: query.event,
        attribute: query.attr,
        cluster: query.cluster,
        step: end.step,
        text: end.text,
        action: end.action,
        source: end.source,
        newest_at_ms: newest_at.map(Timestamp::as_millis),
    })
}

fn walk(view: &View<'_>, asked: &Asked, data: &Data) -> End {
    if data.is_in_window && data.fresh_count > 0 {
        return there(view, asked, data);
    }
    let sources: Vec<SourceStatus> = view
        .services
        .sources
        .statuses()
        .into_iter()
        .filter(|status| asked.cluster.as_ref().is_none_or(|name| *name == status.cluster))
        .collect();
    let ends = sources.iter().map(|status| source::end_of(view, asked, data, status));
    // The source that gets the furthest is the nearest to an answer.
    ends.max_by_key(|end| end.step).unwrap_or_else(|| without_source(view, asked, data))
}

fn there(view: &View<'_>, asked: &Asked, data: &Data) -> End {
    let what = asked.name();
    if !asked.is_until_now {
        return End::at(WhyStep::Available, format!("{what} is there in the window"));
    }
    let age = data.newest_at.map(|at| ago(view, at)).unwrap_or_default();
    let series = match (data.with_count, data.series_count) {
        (1, 1) => "1 series has it".to_owned(),
        (with, all) if with == all => format!("{all} series have it"),
        (with, all) => format!("{with} of {all} series have it"),
    };
    let stale = match data.with_count - data.fresh_count {
        0 => String::new(),
        1 => "; 1 is stale".to_owned(),
        stale => format!("; {stale} are stale"),
    };
    let text = format!("{what} is there: {series}, the newest {age}{stale}");
    End::at(WhyStep::Available, text)
}

fn available(view: &View<'_>, query: &WhyQuery, newest_at: Timestamp) -> End {
    let text = format!("`{}` is there, the newest {}", query.event, ago(view, newest_at));
    End::at(WhyStep::Available, text)
}

fn without_source(view: &View<'_>, asked: &Asked, data: &Data) -> End {
    let watched = view.cluster_names();
    let (missing, action) = match &asked.cluster {
        Some(cluster) if watched.contains(cluster) => (
            format!(
                "no source watches the cluster `{cluster}`: its events are sent to the Event API"
            ),
            Some("look at whoever sends them, or add the cluster to `sources`".to_owned()),
        ),
        Some(cluster) if !watched.is_empty() => {
            let near = nearest(cluster, watched.iter().map(String::as_str));
            let action = match near {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("there are: {}", watched.join(", ")),
            };
            (format!("no source watches the cluster `{cluster}`"), Some(action))
        }
        _ => ("no source is configured".to_owned(), None),
    };
    let (step, text) = match data.newest_at {
        Some(at) => {
            let text = format!("{missing}; the newest {} is from {}", asked.name(), ago(view, at));
            (WhyStep::Stale, text)
        }
        None => (WhyStep::NoSource, missing),
    };
    End::at(step, text).then(action.unwrap_or_else(|| WATCH_IT.to_owned()))
}

const WATCH_IT: &str =
    "add the cluster to `sources` in weir.yaml, or start `weir serve` with --kafka HOST:PORT";

fn ago(view: &View<'_>, at: Timestamp) -> String {
    format!("{} ago", spoken_age(view.now.since(at).as_secs_f64()))
}
