//! Tries a source out, step by step, and says what each step found or exactly what is wrong.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout};
use weir_kafka::{
    BrokerAddress, BrokerGroups, Client, ClusterMetadata, Error, GroupAt, GroupOffsets, OffsetSpec,
    TopicOffsets,
};

use super::fetch::committed::has_commits;
use super::fetch::log_offsets::led_partitions;
use super::filter::NameFilter;
use super::options::KafkaSourceOptions;
use super::tally::{is_gone, missing_right};
use crate::step::Step;

const NO_TOPICS: &str = "if there should be topics: brokers leave out those we may not describe; grant DESCRIBE on TOPIC *";
const NO_GROUPS: &str = "if there should be groups: brokers leave out those we may not describe; grant DESCRIBE on GROUP *";
/// Names that show what there is where a filter leaves nothing.
const EXAMPLES_MAX: usize = 3;

/// Resolve, connect, TLS (where configured), api versions, metadata, groups, offsets, rights: each step
/// that can be tried, in this order; after one that leaves nothing to try, the list ends.
pub async fn test_source(options: &KafkaSourceOptions) -> Vec<Step> {
    let resolved = resolve(options).await;
    let mut steps = vec![resolved];
    if !steps[0].ok {
        return steps;
    }
    let client = match Client::new(options.client_within_interval()) {
        Ok(client) => client,
        Err(error) => {
            steps.push(Step::failed("options", Duration::ZERO, error.to_string()));
            return steps;
        }
    };
    let started = Instant::now();
    match client.metadata().await {
        Err(error) => steps.extend(first_contact_failed(options, &error, started.elapsed())),
        Ok(metadata) => {
            steps.extend(first_contact(options, &client, &metadata, started.elapsed()).await);
            let (step, listings) = groups(&client, &options.groups).await;
            steps.push(step);
            steps.push(offsets(&client, &metadata, &listings).await);
            steps.extend(rights(&client, &metadata).await);
        }
    }
    steps
}

/// One address that resolves is enough: the cluster tells the others.
async fn resolve(options: &KafkaSourceOptions) -> Step {
    let started = Instant::now();
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for address in &options.client.bootstrap {
        let look_up = lookup_host((address.host(), address.port()));
        match timeout(options.client.connect_timeout, look_up).await {
            Ok(Ok(addresses)) => {
                let ips: BTreeSet<String> = addresses.map(|a| a.ip().to_string()).collect();
                found.push(format!("{} is {}", address.host(), listed(&ips)));
            }
            Ok(Err(error)) => {
                missing.push(format!("{} cannot be resolved ({error})", address.host()))
            }
            Err(_) => missing.push(format!("{} cannot be resolved (no answer)", address.host())),
        }
    }
    let detail = listed(found.iter().chain(&missing));
    if options.client.bootstrap.is_empty() {
        return Step::failed("resolve", started.elapsed(), Error::NoBootstrap.to_string());
    }
    if found.is_empty() {
        let help = "check the host names and this machine's DNS";
        return Step::failed("resolve", started.elapsed(), detail).with_next_step(Some(help));
    }
    Step::ok("resolve", started.elapsed(), detail)
}

/// How far the first contact came: the steps before the one that failed are known to be good.
fn first_contact_failed(options: &KafkaSourceOptions, error: &Error, took: Duration) -> Vec<Step> {
    let mut names = vec!["connect"];
    names.extend(options.client.tls.as_ref().map(|_| "tls"));
    names.push("api versions");
    names.extend(options.client.sasl.as_ref().map(|_| "sasl"));
    names.push("metadata");
    let reached = furthest(error, &names);
    let mut steps: Vec<Step> =
        names[..reached].iter().map(|name| Step::ok(name, Duration::ZERO, "passed")).collect();
    steps.push(refused(names[reached], took, error));
    steps
}

/// Where the attempt that came furthest ended, as an index of `names`. Trouble with TLS where none
/// is configured shows at what comes after connecting.
fn furthest(error: &Error, names: &[&str]) -> usize {
    match error {
        Error::NoneAnswered { attempts } => {
            attempts.iter().map(|attempt| furthest(attempt, names)).max().unwrap_or_default()
        }
        Error::Advertised { cause, .. } | Error::BackingOff { cause, .. } => furthest(cause, names),
        _ => names.iter().position(|name| *name == failed_step(error)).unwrap_or(1),
    }
}

fn failed_step(error: &Error) -> &'static str {
    match error {
        Error::Resolve { .. }
        | Error::Refused { .. }
        | Error::ConnectTimeout { .. }
        | Error::NoRoute { .. }
        | Error::Connect { .. } => "connect",
        Error::TlsExpected { .. }
        | Error::TlsUnexpected { .. }
        | Error::UntrustedCertificate { .. }
        | Error::CertificateName { .. }
        | Error::ClientCertificateRequired { .. }
        | Error::ClientCertificateRefused { .. }
        | Error::CertificateOutOfTime { .. }
        | Error::CertificateOfAuthority { .. }
        | Error::TlsVersion { .. }
        | Error::Tls { .. }
        | Error::HandshakeTimeout { .. } => "tls",
        Error::ClosedUnanswered { .. }
        | Error::AuthenticationRequired { .. }
        | Error::NotKafka { .. }
        | Error::UnsupportedVersion { .. }
        | Error::UnsupportedApi { .. } => "api versions",
        Error::AuthenticationUnexpected { .. }
        | Error::MechanismNotEnabled { .. }
        | Error::AuthenticationFailed { .. }
        | Error::BrokerUnproven { .. }
        | Error::Token { .. } => "sasl",
        _ => "metadata",
    }
}

async fn first_contact(
    options: &KafkaSourceOptions,
    client: &Client,
    metadata: &ClusterMetadata,
    took: Duration,
) -> Vec<Step> {
    let mut steps = vec![connected(&client.try_bootstrap().await, took)];
    if let Some(tls) = &options.client.tls {
        let trust = match &tls.ca_file {
            Some(path) => format!("certificate trusted by {}", path.display()),
            None => "certificate trusted by this system's authorities".to_owned(),
        };
        steps.push(Step::ok("tls", Duration::ZERO, trust));
    }
    steps.push(api_versions(client, metadata).await);
    if let Some(sasl) = &options.client.sasl {
        let proven = format!("authenticated by {}", sasl.mechanism());
        steps.push(Step::ok("sasl", Duration::ZERO, proven));
    }
    steps.push(described(metadata, &options.topics));
    steps
}

/// One address that answers is enough; the others are a warning.
fn connected(tried: &[(BrokerAddress, Result<(), Error>)], took: Duration) -> Step {
    let reached = tried.iter().filter(|(_, reached)| reached.is_ok()).map(|(address, _)| address);
    let failed: Vec<_> = tried.iter().filter_map(|(_, reached)| reached.as_ref().err()).collect();
    let warning = (!failed.is_empty())
        .then(|| format!("some of `bootstrap` cannot be used: {}", listed(&failed)));
    let detail = match listed(reached) {
        none if none.is_empty() => "connected once, and not again".to_owned(),
        addresses => format!("connected to {addresses}"),
    };
    Step::ok("connect", took, detail).with_next_step(warning)
}

/// Opens a connection to every broker: an advertised address that can't be used shows here.
async fn api_versions(client: &Client, metadata: &ClusterMetadata) -> Step {
    let started = Instant::now();
    let mut releases = BTreeSet::new();
    let mut failures = Vec::new();
    for broker in &metadata.brokers {
        match client.api_versions(broker.id).await {
            Ok(versions) => releases.extend(versions.release_at_least()),
            Err(error) => failures.push(error.to_string()),
        }
    }
    let took = started.elapsed();
    if !failures.is_empty() {
        return Step::failed("api versions", took, listed(&failures));
    }
    let spoken = match releases.len() {
        0 => "older than Kafka 2.4".to_owned(),
        _ => format!("Kafka {} or newer", listed(&releases)),
    };
    let brokers = metadata.brokers.len();
    Step::ok("api versions", took, format!("{} reached: {spoken}", plural(brokers, "broker")))
}

fn described(metadata: &ClusterMetadata, filter: &NameFilter) -> Step {
    let watched = metadata.topics.iter().filter(|topic| filter.keeps(&topic.name));
    let partitions: usize = watched.clone().map(|topic| topic.partitions.len()).sum();
    let leaderless = watched.clone().flat_map(|topic| &topic.partitions);
    let offline = leaderless.filter(|partition| partition.leader.is_none()).count();
    let kept = watched.count();
    let mut detail = format!(
        "cluster {}: {}, {}, {}",
        metadata.cluster_id.as_deref().unwrap_or("without an id"),
        plural(metadata.brokers.len(), "broker"),
        kept_of(kept, metadata.topics.len(), "topic", filter),
        plural(partitions, "partition"),
    );
    if offline > 0 {
        detail.push_str(&format!(", {offline} of them offline"));
    }
    let hint = if metadata.topics.is_empty() {
        Some(NO_TOPICS.to_owned())
    } else {
        let names = metadata.topics.iter().map(|topic| &*topic.name);
        (kept == 0).then(|| nothing_passes("topics", names))
    };
    Step::ok("metadata", Duration::ZERO, detail).with_next_step(hint)
}

/// `5 topics`, or `2 of 5 topics pass `topics`` where a filter is set.
fn kept_of(kept: usize, all: usize, noun: &str, filter: &NameFilter) -> String {
    match filter.keeps_everything() {
        true => plural(all, noun),
        false => format!("{kept} of {} pass `{noun}s`", plural(all, noun)),
    }
}

fn nothing_passes<'a>(filter: &str, mut names: impl Iterator<Item = &'a str>) -> String {
    let some = listed(names.by_ref().take(EXAMPLES_MAX));
    let more = if names.next().is_some() { ", …" } else { "" };
    format!(
        "nothing is watched: correct `include` and `exclude` of `{filter}`; there are {some}{more}"
    )
}

async fn groups(client: &Client, filter: &NameFilter) -> (Step, Vec<BrokerGroups>) {
    let started = Instant::now();
    let listings = client.list_groups().await;
    let took = started.elapsed();
    let listings = match listings {
        Ok(listings) => listings,
        Err(error) => return (Step::failed("groups", took, error.to_string()), Vec::new()),
    };
    if let Some(error) = listings.iter().find_map(|listing| listing.groups.as_ref().err()) {
        return (refused("groups", took, error), listings);
    }
    let names: Vec<&str> =
        listings.iter().flat_map(|it| &it.groups).flatten().map(|it| &*it.group).collect();
    let kept = names.iter().filter(|name| filter.keeps(name)).count();
    let hint = if names.is_empty() {
        Some(NO_GROUPS.to_owned())
    } else {
        (kept == 0).then(|| nothing_passes("groups", names.iter().copied()))
    };
    let detail = kept_of(kept, names.len(), "group", filter);
    (Step::ok("groups", took, detail).with_next_step(hint), listings)
}

async fn offsets(client: &Client, metadata: &ClusterMetadata, listings: &[BrokerGroups]) -> Step {
    let started = Instant::now();
    let (asked, _) = led_partitions(metadata);
    let committing = committing_groups(listings);
    let commits = client.fetch_offsets(&committing).await;
    let ends = client.list_offsets(OffsetSpec::Latest, &asked).await;
    let took = started.elapsed();
    match offset_error(&commits, &ends) {
        Some(error) => refused("offsets", took, error),
        None => {
            let partitions: usize = ends.iter().map(|topic| topic.partitions.len()).sum();
            let detail = format!(
                "log ends of {}, commits of {}",
                plural(partitions, "partition"),
                plural(commits.len(), "group")
            );
            Step::ok("offsets", took, detail)
        }
    }
}

/// Asks what brokers refuse without the rights to describe, and looks for topics that they left out
/// of the metadata without saying so. `None` when nobody answered.
async fn rights(client: &Client, metadata: &ClusterMetadata) -> Option<Step> {
    let started = Instant::now();
    let topic: Vec<Arc<str>> =
        metadata.topics.first().map(|topic| Arc::clone(&topic.name)).into_iter().collect();
    let (quorum, dirs, configs) = tokio::join!(
        client.describe_quorum(),
        client.describe_log_dirs(),
        client.describe_configs(&topic, &["retention.ms"]),
    );
    let took = started.elapsed();
    let dirs = dirs.unwrap_or_default();
    let errors = quorum.as_ref().err().into_iter();
    let errors = errors.chain(dirs.iter().filter_map(|broker| broker.dirs.as_ref().err()));
    let errors = errors.chain(configs.iter().filter_map(|topic| topic.entries.as_ref().err()));
    let missing: BTreeSet<&str> = errors.filter_map(missing_right).collect();
    if !missing.is_empty() {
        let next = format!("grant {}", listed(&missing));
        let step = Step::failed("rights", took, format!("missing: {}", listed(&missing)));
        return Some(step.with_next_step(Some(next)));
    }
    if dirs.iter().all(|broker| broker.dirs.is_err()) {
        return None;
    }
    let on_disk = dirs.iter().flat_map(|broker| &broker.dirs).flatten().flat_map(|dir| &dir.topics);
    let hidden: BTreeSet<_> =
        on_disk.map(|it| &it.topic).filter(|it| metadata.topic(it).is_none()).collect();
    // Topics that come and go meanwhile are among them.
    let hint = (!hidden.is_empty()).then(|| {
        let topics = plural(hidden.len(), "topic");
        format!("{topics} on the brokers' disks not described to us: grant DESCRIBE on TOPIC *")
    });
    Some(Step::ok("rights", took, "nothing was refused").with_next_step(hint))
}

fn committing_groups(listings: &[BrokerGroups]) -> Vec<GroupAt> {
    let mut groups = Vec::new();
    for listing in listings {
        let committing = listing.groups.iter().flatten().filter(|g| has_commits(&g.group_type));
        groups.extend(
            committing
                .map(|group| GroupAt { group: group.group.clone(), coordinator: listing.broker }),
        );
    }
    groups
}

fn offset_error<'a>(commits: &'a [GroupOffsets], ends: &'a [TopicOffsets]) -> Option<&'a Error> {
    let of_commits = commits.iter().filter_map(|group| group.offsets.as_ref().err());
    let partitions = ends.iter().flat_map(|topic| &topic.partitions);
    let of_ends =
        partitions.filter_map(|partition| partition.offset.as_ref().err().map(|error| &**error));
    of_commits.chain(of_ends).find(|error| !is_gone(error))
}

fn refused(name: &'static str, took: Duration, error: &Error) -> Step {
    let right = missing_right(error).map(|right| format!("grant {right}"));
    Step::failed(name, took, error.to_string()).with_next_step(right)
}

fn listed<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::map::fixture;
    use weir_kafka::sasl::{AwsCredentials, AwsMskIam};
    use weir_kafka::{ClientOptions, Sasl, TlsOptions};
    use weir_types::Secret;

    fn options(tls: bool) -> KafkaSourceOptions {
        let mut client = ClientOptions::new(vec!["b:9092".parse().unwrap()]);
        client.tls = tls.then(TlsOptions::default);
        KafkaSourceOptions::new("orders", "test", client)
    }

    fn outcome(tls: bool, error: Error) -> Vec<(&'static str, bool)> {
        let steps = first_contact_failed(&options(tls), &error, Duration::ZERO);
        steps.iter().map(|step| (step.name, step.ok)).collect()
    }

    #[test]
    fn the_attempt_that_came_furthest_names_the_step() {
        let address = || "b:9092".parse().unwrap();
        let attempts = vec![
            Error::Refused { address: address() },
            Error::TlsUnexpected { address: address() },
        ];
        let failed = Error::NoneAnswered { attempts };
        assert_eq!(outcome(true, failed), [("connect", true), ("tls", false)]);
        let refused = Error::Refused { address: address() };
        assert_eq!(outcome(false, refused), [("connect", false)]);
    }

    #[test]
    fn trouble_with_tls_shows_where_none_is_configured() {
        let expected = Error::TlsExpected { address: "b:9093".parse().unwrap() };
        assert_eq!(outcome(false, expected), [("connect", true), ("api versions", false)]);
    }

    #[test]
    fn a_refused_signature_points_to_the_clock() {
        let failed = Error::AuthenticationFailed {
            address: "b:9098".parse().unwrap(),
            mechanism: "AWS_MSK_IAM",
            reason: "Signature not yet current".into(),
        };
        assert!(failed.to_string().contains("this machine's clock"), "{failed}");
        let mut options = options(true);
        let credentials = AwsCredentials {
            access_key_id: "AKID".into(),
            secret_access_key: Secret::new("s"),
            session_token: None,
        };
        let iam = AwsMskIam { region: "eu-west-1".into(), credentials: Arc::new(credentials) };
        options.client.sasl = Some(Sasl::AwsMskIam(iam));
        let steps = first_contact_failed(&options, &failed, Duration::ZERO);
        assert_eq!(steps.last().map(|step| (step.name, step.ok)), Some(("sasl", false)));
    }

    #[test]
    fn addresses_that_answer_are_named_and_the_others_are_told() {
        let (good, bad): (BrokerAddress, BrokerAddress) =
            ("b:9092".parse().unwrap(), "c:9092".parse().unwrap());
        let refused = Error::Refused { address: bad.clone() };
        let tried = [(bad, Err(refused)), (good, Ok(()))];
        let step = connected(&tried, Duration::ZERO);
        assert_eq!((step.ok, &*step.detail), (true, "connected to b:9092"));
        let warning = step.next_step.unwrap();
        assert!(warning.contains("c:9092: connection refused"), "{warning}");
        assert_eq!(connected(&tried[1..], Duration::ZERO).next_step, None);
    }

    #[test]
    fn what_a_filter_leaves_is_counted() {
        let metadata = fixture::metadata(&[("orders", 2), ("audit", 1)]);
        let include = |glob: &str| NameFilter::new(vec![glob.to_owned()], Vec::new());
        let all = described(&metadata, &NameFilter::default());
        assert!(all.detail.ends_with("2 topics, 3 partitions"), "{all:?}");
        let one = described(&metadata, &include("ord*"));
        assert!(one.detail.ends_with("1 of 2 topics pass `topics`, 2 partitions"), "{one:?}");
        assert_eq!(one.next_step, None);
        let none = described(&metadata, &include("orderz*"));
        assert!(none.ok && none.detail.contains("0 of 2 topics pass `topics`"), "{none:?}");
        let hint = none.next_step.unwrap();
        assert!(hint.contains("`topics`; there are ") && hint.contains("orders"), "{hint}");
    }

    #[tokio::test]
    async fn a_host_nobody_knows_ends_the_test() {
        let mut options = options(false);
        options.client.bootstrap = vec!["no-such-host.invalid:9092".parse().unwrap()];
        let steps = test_source(&options).await;
        assert_eq!(steps.len(), 1);
        assert!(!steps[0].ok && steps[0].detail.contains("no-such-host.invalid"));
        assert!(steps[0].next_step.is_some());
    }
}
