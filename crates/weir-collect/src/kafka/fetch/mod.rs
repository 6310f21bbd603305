//! The steps of one cycle: metadata, then groups, quorum and settings, then members and committed
//! offsets, then both ends of every log, then what of the slow cycle is due. Committed offsets come
//! before log ends, so that a consumer that moves on meanwhile never shows a negative lag.
//!
//! - `groups`: which there are; whom to `describe`, whose `committed` offsets to ask for
//! - `log_offsets`: both ends of every log
//! - `topic_config`, and in `slow` `disks` and what is `reassigning`: what is asked every five minutes

pub(super) mod committed;
mod describe;
pub(super) mod disks;
mod groups;
pub(super) mod log_offsets;
pub(super) mod reassigning;
pub(super) mod slow;
pub(super) mod topic_config;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weir_kafka::{BrokerGroups, Client, ClusterMetadata, Error, KafkaRelease};
use weir_types::Timestamp;

use super::answers::Answers;
use super::capability::Question;
use super::filter::NameFilter;
use super::history::Moment;
use super::known::Known;
use super::tally::Tally;
use slow::{Occasion, Slow};
use topic_config::TopicConfigs;

/// What a cycle starts from.
pub(crate) struct Before<'a> {
    pub topics: &'a NameFilter,
    pub groups: &'a NameFilter,
    pub configs: &'a TopicConfigs,
    pub slow: &'a Slow,
    pub known: &'a Known,
    /// How long the slow cycle's questions may take together.
    pub slow_patience: Duration,
}

/// Everything one cycle heard, and how complete that is.
pub(crate) struct Heard {
    pub answers: Answers,
    pub configs: TopicConfigs,
    pub slow: Slow,
    pub tally: Tally,
}

/// Asks one whole cycle.
///
/// # Errors
/// Only when nothing can be known: no broker answered with metadata or lists its groups.
pub(crate) async fn ask(
    client: &Client,
    before: &Before<'_>,
    now: Timestamp,
) -> Result<Heard, Error> {
    let started = Instant::now();
    let mut tally = Tally::default();
    let metadata = client.metadata().await?;
    tally.answered(Question::Metadata);
    let watched = watched(&metadata, before.topics);
    let (listings, quorum, configs) = tokio::join!(
        client.list_groups(),
        client.describe_quorum(),
        before.configs.refreshed(client, &watched.topics, now),
    );
    let listings = listings?;
    tally.merge(&configs.tally());
    tally.outcome(Question::MetadataQuorum, quorum.as_ref().err());
    let release = release(client, &listings).await;
    let latencies = groups::latencies(&listings);
    let listing_brokers = groups::listing_brokers(&listings);
    let groups = groups::listed(listings, before.groups, &mut tally);
    let offsets_due = committed::due(&groups, before.known, release);
    let mut groups =
        groups::group_details(client, groups, &offsets_due, before.known, now, &mut tally).await;
    let asked_at = now.saturating_add(started.elapsed());
    let log = log_offsets::log_offsets(client, &watched, &mut tally).await;
    let heard_at = now.saturating_add(started.elapsed());
    for group in groups.iter_mut().filter(|group| group.commits.is_some()) {
        group.commits_heard_at = Some(heard_at);
    }
    let occasion =
        Occasion { now, patience: before.slow_patience, metadata: &metadata, known: before.known };
    let slow = before.slow.refreshed(client, &occasion).await;
    tally.merge(&slow.tally());
    let answers = Answers {
        groups_complete: listing_brokers.len() == metadata.brokers.len(),
        groups_waiting: offsets_due.waiting,
        hidden_topics: slow.hidden_topics(before.slow, &metadata),
        metadata,
        watched,
        release,
        controller: quorum.ok().map(|quorum| quorum.leader),
        latencies,
        groups,
        listing_brokers,
        log,
        moment: Moment { asked_at, heard_at },
        configs: configs.known().clone(),
        disks: slow.disks.answer.clone(),
        registered: slow.registered.answer.clone(),
        registered_at: slow.registered.answered_at,
        reassigning: slow.reassigning.answer.clone(),
    };
    Ok(Heard { answers, configs, slow, tally })
}

/// The cluster less the topics nobody wants to watch.
fn watched(metadata: &Arc<ClusterMetadata>, filter: &NameFilter) -> Arc<ClusterMetadata> {
    if filter.keeps_everything() {
        return Arc::clone(metadata);
    }
    let mut watched = ClusterMetadata::clone(metadata);
    watched.topics.retain(|topic| filter.keeps(&topic.name));
    Arc::new(watched)
}

/// The oldest release any broker speaks, `None` when one is too old to be told; known from open
/// connections, so this asks nothing. A broker whose connection was lost since is left out.
async fn release(client: &Client, listings: &[BrokerGroups]) -> Option<KafkaRelease> {
    let mut releases = Vec::new();
    for listing in listings.iter().filter(|listing| listing.groups.is_ok()) {
        let versions = client.api_versions(listing.broker).await;
        releases.extend(versions.ok().map(|versions| versions.release_at_least()));
    }
    releases.into_iter().min().flatten()
}

#[cfg(test)]
mod tests {
    use super::super::map::fixture;
    use super::*;

    #[test]
    fn topics_nobody_watches_are_never_asked_about() {
        let not_audit = NameFilter::new(Vec::new(), vec!["audit*".to_owned()]);
        let metadata = Arc::new(fixture::metadata(&[("audit-log", 1), ("orders", 1)]));
        let watched = watched(&metadata, &not_audit);
        let names: Vec<&str> = watched.topics.iter().map(|topic| &*topic.name).collect();
        assert_eq!((names, watched.brokers.len()), (vec!["orders"], 2));
    }
}
