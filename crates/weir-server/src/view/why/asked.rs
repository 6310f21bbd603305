//! What is asked about: names checked against the schema, and against what was sent from outside.

use std::time::Duration;

use weir_api::why::{WhyQuery, WhyStep};
use weir_types::schema::{AttributeSchema, EVENT_TYPES, event_schema};
use weir_types::suggest::nearest;
use weir_types::{QueryRequest, Timestamp};

use super::super::{Result, View};
use super::End;

/// A diagnosis must not take longer than what it explains.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(10);
const WINDOW_DEFAULT: Duration = Duration::from_secs(3_600);

/// What the names turned out to be.
pub enum Named {
    Unknown(End),
    /// Sent from outside under a name of its own; its newest event is from then.
    Custom(Timestamp),
    Declared(Asked),
}

/// An event type of the schema and an attribute that it can have.
pub struct Asked {
    pub event: &'static str,
    /// `None` asks about the event as a whole, or an attribute that only outsiders send.
    pub schema: Option<&'static AttributeSchema>,
    pub attribute: Option<String>,
    /// By its name.
    pub cluster: Option<String>,
    pub from: Timestamp,
    pub to: Timestamp,
    /// The window ends now.
    pub is_until_now: bool,
}

impl Asked {
    /// As people and NRQL write it.
    pub fn name(&self) -> String {
        match &self.attribute {
            Some(attribute) => format!("`{}.{attribute}`", self.event),
            None => format!("`{}`", self.event),
        }
    }
}

/// Finds out what the names of the query mean.
pub async fn check(view: &View<'_>, query: &WhyQuery) -> Result<Named> {
    let Some(event) = event_schema(&query.event) else { return custom(view, query).await };
    let find = |name: &str| event.all_attributes().find(|attribute| attribute.name == name);
    let schema = query.attr.as_deref().and_then(find);
    if let Some(name) = query.attr.as_deref()
        && schema.is_none()
        && name != "timestamp"
        && !is_sent(view, event.name, name)
    {
        let known = event.all_attributes().map(|attribute| attribute.name);
        return Ok(Named::Unknown(unknown_attribute(event.name, name, nearest(name, known))));
    }
    let to = query.to_ms.map_or(view.now, Timestamp::from_millis);
    let from = query.from_ms.map(Timestamp::from_millis);
    let from = from.unwrap_or_else(|| to.saturating_sub(WINDOW_DEFAULT));
    // A cluster nobody knows stays as it was asked for: no source watches it.
    let cluster = query.cluster.as_ref();
    Ok(Named::Declared(Asked {
        event: event.name,
        schema,
        attribute: query.attr.clone(),
        cluster: cluster.map(|name| view.cluster_name(name).unwrap_or_else(|| name.clone())),
        // NRQL knows no time before the epoch.
        from: from.max(Timestamp::from_millis(0)),
        to,
        is_until_now: query.to_ms.is_none(),
    }))
}

/// An event type outside the schema exists when somebody sent one.
async fn custom(view: &View<'_>, query: &WhyQuery) -> Result<Named> {
    let is_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let near = nearest(&query.event, EVENT_TYPES.iter().map(|event| event.name));
    let unknown = Named::Unknown(unknown_event(&query.event, near));
    if query.event.is_empty() || !query.event.chars().all(is_a_name) {
        return Ok(unknown);
    }
    let attribute = query.attr.as_deref().unwrap_or("timestamp");
    if attribute.contains('`') {
        return Ok(unknown);
    }
    let days = (view.services.info.retention.as_secs() / 86_400).max(1);
    let nrql = format!(
        "SELECT latest(timestamp) AS at FROM `{}` WHERE `{attribute}` IS NOT NULL \
         SINCE {days} days ago",
        query.event
    );
    let request = QueryRequest {
        account: view.account,
        nrql,
        now: view.services.question_now(),
        timeout: QUERY_TIMEOUT,
    };
    let answer = view.services.queries.run(request).await?;
    let newest = answer.results.first().and_then(|row| row.get("at")?.as_f64());
    Ok(match newest {
        Some(at) => Named::Custom(Timestamp::from_millis(at as i64)),
        None => unknown,
    })
}

/// Whether somebody sends an attribute that the schema does not have.
fn is_sent(view: &View<'_>, event: &str, attribute: &str) -> bool {
    let samples = view.latest(event, None, view.services.info.retention);
    samples.iter().any(|sample| sample.get(attribute).is_some())
}

fn unknown_event(name: &str, near: Option<&str>) -> End {
    let action = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`weir query \"SHOW EVENT TYPES\"` lists those that were sent".to_owned(),
    };
    let text = format!("Weir makes no event `{name}`, and none was sent");
    End::at(WhyStep::UnknownEvent, text).then(action)
}

fn unknown_attribute(event: &str, name: &str, near: Option<&str>) -> End {
    let action = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`weir query \"SELECT * FROM {event} LIMIT 1\"` shows those there are"),
    };
    let text = format!("`{event}` has no attribute `{name}`");
    End::at(WhyStep::UnknownAttribute, text).then(action)
}
