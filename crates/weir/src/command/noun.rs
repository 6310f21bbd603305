//! What `list`, `get` and `describe` do, the same for clusters, brokers, topics and groups.

use clap::{Args, ValueEnum};
use weir_api::capability::{Capability, CapabilityState};
use weir_api::list::ListQuery;
use weir_api::{Client, Status};
use weir_types::ErrorCode;
use weir_types::suggest::nearest;

use super::tell_about;
use crate::context::Context;
use crate::entity::{Noun, ROWS_MAX};
use crate::failure::Failure;

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Show this cluster alone, by name or id
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Show names with this text in them
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Show this status alone
    #[arg(long, value_name = "STATUS", value_enum)]
    pub status: Option<StatusChoice>,
    /// Sort by `worst`, `name` or a number's field of -o json; `-FIELD` puts the largest first
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// Show this many at most (default 2000)
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(Debug, Args)]
pub struct GetArgs {
    /// The names
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Look in this cluster alone, by name or id
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
}

#[derive(Debug, Args)]
pub struct DescribeArgs {
    /// The name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Look in this cluster alone, by name or id
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusChoice {
    Critical,
    Warning,
    Stale,
    Unknown,
    Ok,
}

impl ListArgs {
    pub fn query(&self) -> ListQuery {
        ListQuery {
            cluster: self.cluster.clone(),
            q: self.search.clone(),
            status: self.status.map(Status::from),
            sort: self.sort.clone(),
            limit: self.limit,
        }
    }

    /// Whether the rows were picked by name or status.
    pub fn is_picky(&self) -> bool {
        self.search.is_some() || self.status.is_some()
    }
}

impl From<StatusChoice> for Status {
    fn from(choice: StatusChoice) -> Status {
        match choice {
            StatusChoice::Critical => Status::Critical,
            StatusChoice::Warning => Status::Warning,
            StatusChoice::Stale => Status::Stale,
            StatusChoice::Unknown => Status::Unknown,
            StatusChoice::Ok => Status::Ok,
        }
    }
}

/// The rows in the server's order.
pub async fn list<N: Noun>(args: &ListArgs, context: &Context) -> Result<(), Failure> {
    let list = N::list(&context.client()?, &args.query()).await?;
    context.output.data(&list, &N::table(&list.items))?;
    tell_about(&list, args.is_picky(), args.cluster.as_deref(), context);
    Ok(())
}

/// The rows of these names; everything about them as a document.
pub async fn get<N: Noun>(args: &GetArgs, context: &Context) -> Result<(), Failure> {
    let client = context.client()?;
    let mut rows = Vec::with_capacity(args.names.len());
    for name in &args.names {
        rows.push(find::<N>(&client, name, args.cluster.as_deref()).await?);
    }
    if !context.output.wants_document() {
        return context.output.data(&(), &N::table(&rows));
    }
    let mut details = Vec::with_capacity(rows.len());
    for row in &rows {
        details.push(N::detail(&client, row.cluster(), row.name()).await?);
    }
    match details.as_slice() {
        [one] => context.output.data(one, &N::table(&rows)),
        several => context.output.data(&several, &N::table(&rows)),
    }
}

/// Everything about one, for reading.
pub async fn describe<N: Noun>(args: &DescribeArgs, context: &Context) -> Result<(), Failure> {
    let client = context.client()?;
    let cluster = match &args.cluster {
        Some(cluster) => cluster.clone(),
        None => find::<N>(&client, &args.name, None).await?.cluster().to_owned(),
    };
    let detail = N::detail(&client, &cluster, &args.name).await?;
    let unanswered = unanswered(&client, &cluster).await?;
    context.output.page(&detail, &N::page(&detail, &unanswered, context))
}

/// The one thing of this name.
async fn find<N: Noun>(client: &Client, name: &str, cluster: Option<&str>) -> Result<N, Failure> {
    let mut found = N::list(client, &N::search(name, cluster)).await?.items;
    found.retain(|row| row.is_called(name));
    if found.len() > 1 {
        let clusters: Vec<&str> = found.iter().map(N::cluster).collect();
        return Err(ambiguous(N::ONE, name, &clusters));
    }
    match found.pop() {
        Some(one) => Ok(one),
        None => {
            let cluster = cluster.map(str::to_owned);
            let all = ListQuery { cluster, limit: Some(ROWS_MAX), ..ListQuery::default() };
            let all = N::list(client, &all).await?.items;
            Err(unknown(N::ONE, N::MANY, name, all.iter().map(N::name)))
        }
    }
}

/// A cluster that only outsiders send about has no such map.
async fn unanswered(client: &Client, cluster: &str) -> Result<Vec<Capability>, Failure> {
    match client.capabilities(cluster).await {
        Ok(list) => {
            Ok(list.items.into_iter().filter(|it| it.state != CapabilityState::Ok).collect())
        }
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn ambiguous(one: &str, name: &str, clusters: &[&str]) -> Failure {
    let message = format!("{one} `{name}` is in {} clusters", clusters.len());
    Failure::new(ErrorCode::InvalidRequest, message)
        .with_hint(format!("choose one with --cluster: {}", clusters.join(", ")))
}

/// Nobody is left of that name; the nearest there is may be meant.
pub fn unknown<'a>(
    one: &str,
    many: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Failure {
    let failure = Failure::new(ErrorCode::NotFound, format!("no {one} `{name}` was seen"));
    match nearest(name, known) {
        Some(other) => failure.with_hint(format!("did you mean `{other}`?")),
        None => failure.with_hint(format!("`weir {many} list` shows the {many} there are")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested() {
        let known = ["orders-enricher", "audit"];
        let hint = unknown("group", "groups", "orders-enrich", known.into_iter()).hint.unwrap();
        assert_eq!(hint, "did you mean `orders-enricher`?");
        let hint = unknown("group", "groups", "zzz", known.into_iter()).hint.unwrap();
        assert!(hint.contains("weir groups list"), "{hint}");
    }

    #[test]
    fn an_ambiguous_name_lists_its_clusters() {
        let failure = ambiguous("broker", "1", &["eu", "us"]);
        assert_eq!(failure.code, ErrorCode::InvalidRequest);
        assert_eq!(failure.hint.unwrap(), "choose one with --cluster: eu, us");
    }
}
