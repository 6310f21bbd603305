//! Brokers, worst first.

use weir_api::broker::Broker;
use weir_api::freshness::Status;

use super::sample::Sample;
use super::{ENTITY_WINDOW, View};

/// Every broker that was seen within an hour, of one cluster or of all.
pub fn brokers(view: View<'_>, cluster: Option<&str>) -> Vec<Broker> {
    let samples = view.latest("KafkaBrokerSample", cluster, ENTITY_WINDOW);
    let mut brokers: Vec<_> = samples.iter().map(|event| to_broker(view, Sample(event))).collect();
    brokers.sort_by_cached_key(|b| (b.status, b.cluster.clone(), numeric_first(&b.broker_id)));
    brokers
}

fn to_broker(view: View<'_>, sample: Sample<'_>) -> Broker {
    let freshness = sample.freshness(view);
    let broker_status = sample.text("brokerStatus");
    Broker {
        cluster: sample.text("clusterName").unwrap_or_default(),
        broker_id: sample.text("brokerId").unwrap_or_default(),
        host: sample.text("host"),
        rack: sample.text("rack"),
        status: judge(broker_status.as_deref(), freshness.stale),
        broker_status,
        is_controller: sample.bool("isController"),
        leader_count: sample.int("leaderCount"),
        partition_count: sample.int("partitionCount"),
        under_replicated_partitions: sample.int("underReplicatedPartitions"),
        request_latency_ms: sample.float("requestLatencyMs"),
        freshness,
    }
}

fn judge(broker_status: Option<&str>, stale: bool) -> Status {
    match broker_status {
        // Known to be down is worse than not heard of.
        Some("OFFLINE") => Status::Critical,
        _ if stale => Status::Stale,
        Some("FENCED") => Status::Warning,
        Some("ONLINE") => Status::Ok,
        _ => Status::Unknown,
    }
}

/// Node ids are numbers in text: 2 comes before 10.
fn numeric_first(id: &str) -> (i64, String) {
    (id.parse().unwrap_or(i64::MAX), id.to_owned())
}
