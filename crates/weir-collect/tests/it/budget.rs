//! What a cycle costs the brokers, by their own request logs: as many requests whatever the number
//! of partitions and groups.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use weir_testkit::{OwnCluster, eventually, kafka_trial};
use weir_types::{Clock, SystemClock, Timestamp, Value};

use crate::support::{Poller, int, of_type, options};

const BROKERS: u64 = 3;
const STEADY_CYCLES: u64 = 10;
const FAST_MAX: u64 = 2 + 6 * BROKERS;
const SLOW_MAX: u64 = 2 + 4 * BROKERS;

/// Groups with a member, half of them by the new protocol: as many of each as the offsets topic has
/// partitions, so that every broker coordinates some.
const LIVE: &str = "18";

/// Requests by kind, as the brokers call them.
type Requests = BTreeMap<String, u64>;

pub fn trials() -> Vec<Trial> {
    vec![kafka_trial("budget::does_not_grow_with_the_cluster", |_| does_not_grow())]
}

/// 30 partitions and 30 groups, then ten times as many.
fn does_not_grow() -> Result<()> {
    let cluster = OwnCluster::logging_requests(BROKERS as u32)?;
    let size = |name, topics, groups, live| {
        [
            "--name",
            name,
            "--partitions",
            "1",
            "--topics",
            topics,
            "--groups",
            groups,
            "--live",
            live,
        ]
    };
    let _some = cluster.start_fill(&size("some", "12", "12", LIVE))?;
    let small = Counted::of(&cluster, "weir-small", 30)?;
    let _more = cluster.start_fill(&size("more", "270", "270", "0"))?;
    let large = Counted::of(&cluster, "weir-large", 300)?;

    ensure!(small.fast == large.fast, "ten fast cycles: {:#?} then {:#?}", small.fast, large.fast);
    ensure!(small.slow == large.slow, "a slow cycle: {:#?} then {:#?}", small.slow, large.slow);
    let fast = total(&small.fast);
    ensure!(fast <= STEADY_CYCLES * FAST_MAX, "{fast} in ten cycles: {:#?}", small.fast);
    ensure!(small.fast.len() >= 7, "a cycle asks about members too: {:#?}", small.fast);
    let slow = total(&small.slow);
    ensure!(slow <= SLOW_MAX, "{slow} in a slow cycle: {:#?}", small.slow);
    Ok(())
}

#[derive(Debug)]
struct Counted {
    /// Of ten steady cycles.
    fast: Requests,
    /// What a cycle asks beyond that when every slow question is due.
    slow: Requests,
}

impl Counted {
    /// Waits for the groups, then counts under a client id of its own.
    fn of(cluster: &OwnCluster, client_id: &str, groups: usize) -> Result<Counted> {
        Poller::new(cluster)?.poll_until("live groups with their members", |events| {
            let groups_seen = of_type(events, "KafkaConsumerGroupSample");
            let live = groups_seen.iter().filter(|group| {
                group.get("groupState") == Some(&Value::from("Stable"))
                    && int(group, "memberCount") == Some(1)
            });
            live.count().to_string() == LIVE && groups_seen.len() == groups
        })?;
        let mut options = options(&cluster.bootstrap, None)?;
        options.client.client_id = client_id.to_owned();
        let mut poller = Poller::of(options)?;
        let mut asked = 0;
        let begin = SystemClock.now();
        let mut poll = |secs: u64| {
            asked += poller.poll_at(after(begin, secs)).report.requests;
            settled(cluster, client_id, asked)
        };
        let connected = poll(0)?;
        let mut steady = Requests::new();
        for cycle in 1..=STEADY_CYCLES {
            steady = poll(cycle)?;
        }
        let fast = beyond(&steady, &connected);
        let last = beyond(&poll(1_000)?, &steady);
        let per_cycle = fast.iter().map(|(api, count)| (api.clone(), count / STEADY_CYCLES));
        Ok(Counted { slow: beyond(&last, &per_cycle.collect()), fast })
    }
}

/// What the brokers counted, once they have written down all that the client says it asked.
fn settled(cluster: &OwnCluster, client_id: &str, asked: u64) -> Result<Requests> {
    eventually(Duration::from_secs(20), "all requests in the brokers' logs", || {
        let requests = cluster.requests_answered(client_id)?;
        let answered = total(&requests);
        ensure!(answered == asked, "{answered} are answered, the client counts {asked}");
        Ok(requests)
    })
}

fn after(begin: Timestamp, secs: u64) -> Timestamp {
    begin.saturating_add(Duration::from_secs(secs))
}

fn beyond(now: &Requests, before: &Requests) -> Requests {
    let more = now.iter().map(|(api, &count)| {
        (api.clone(), count.saturating_sub(before.get(api).copied().unwrap_or_default()))
    });
    more.filter(|(_, count)| *count > 0).collect()
}

fn total(requests: &Requests) -> u64 {
    requests.values().sum()
}
