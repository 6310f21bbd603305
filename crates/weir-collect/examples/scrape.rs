//! How long a scrape of `/metrics` takes to write, by size: `cargo run --release --example scrape -p
//! weir-collect`. Three groups in four hold all partitions of a topic, the others have no members.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::{Duration, Instant};

use weir_collect::exposition::Snapshot;
use weir_collect::exposition::snapshot::{
    Commit, GroupRow, GroupTopicRow, Label, MemberRow, PartitionRow, PositionRow, RowIndex,
    TopicRow,
};
use weir_collect::{Dialects, Exposition, ExpositionSlot};
use weir_types::Timestamp;

const SCRAPES: usize = 100;
const NOW: Timestamp = Timestamp::from_millis(0);

fn main() {
    println!(
        "{:>10} {:>7} {:>9} {:>9} {:>9} {:>9} {:>12}",
        "partitions", "groups", "lines", "MiB", "median", "p99", "lines/s"
    );
    for (topics, partitions, groups) in
        [(100, 12, 50), (1_000, 12, 500), (1_500, 8, 2_000), (10_000, 100, 2_000)]
    {
        measure(topics, partitions, groups);
    }
}

fn measure(topics: usize, partitions: usize, groups: usize) {
    let slot = ExpositionSlot::default();
    slot.publish(snapshot(topics, partitions, groups), Timestamp::from_millis(1));
    let exposition = Exposition::new(Dialects::default(), vec![slot]);
    let (mut lines, mut bytes) = (0, 0);
    for chunk in exposition.page(NOW) {
        bytes += chunk.len();
        lines += chunk.iter().filter(|byte| **byte == b'\n').count();
    }
    let mut times: Vec<Duration> = (0..SCRAPES)
        .map(|_| {
            let started = Instant::now();
            let written: usize = exposition.page(NOW).map(|chunk| chunk.len()).sum();
            assert_eq!(written, bytes);
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    let (median, p99) = (times[SCRAPES / 2], times[SCRAPES * 99 / 100]);
    let rate = lines as f64 / median.as_secs_f64();
    println!(
        "{:>10} {groups:>7} {lines:>9} {:>9.1} {:>8.1?} {:>8.1?} {rate:>12.0}",
        topics * partitions,
        bytes as f64 / f64::from(1 << 20),
        median,
        p99
    );
}

fn snapshot(topics: usize, partitions: usize, groups: usize) -> Snapshot {
    let mut snapshot = Snapshot {
        source: Label::from("orders"),
        cluster: Label::from("orders"),
        is_whole: true,
        ..Snapshot::default()
    };
    for topic in 0..topics {
        add_topic(&mut snapshot, topic, partitions);
    }
    for group in 0..groups {
        add_group(&mut snapshot, group, group % topics, partitions);
    }
    snapshot
}

fn add_topic(snapshot: &mut Snapshot, topic: usize, partitions: usize) {
    for partition in 0..partitions {
        snapshot.partitions.push(PartitionRow {
            topic: topic as u32,
            index: partition as i32,
            leader: Some(partition as i32 % 3),
            replicas: 3,
            in_sync: 3,
            is_led_by_preferred: true,
            start: Some(1_000_000 + partition as i64).into(),
            end: Some(734_000_000 + partition as i64).into(),
        });
    }
    snapshot.topics.push(TopicRow {
        name: Label::from(format!("company.domain.events.{topic:05}").as_str()),
        partition_count: partitions as u32,
        replication_factor: 3,
        cleanup_policy: Label::from("delete"),
        log_dir_bytes: Some(1 << 33),
        start_sum: Some(1_000_000),
        end_sum: Some(734_000_000),
    });
}

fn add_group(snapshot: &mut Snapshot, group: usize, topic: usize, partitions: usize) {
    let member = (!group.is_multiple_of(4)).then(|| {
        snapshot.members.push(MemberRow {
            host: Label::from("/10.20.30.40"),
            consumer_id: Label::from("billing-consumer-7-6c9cbd0e-8d2e-4e7a-b1c5-0a8f6b9d2f11"),
            client_id: Label::from("billing-consumer-7"),
        });
        RowIndex::new(snapshot.members.len() - 1)
    });
    for partition in 0..partitions {
        snapshot.positions.push(PositionRow {
            group_topic: snapshot.group_topics.len() as u32,
            partition: partition as i32,
            log: RowIndex::new(topic * partitions + partition),
            member: member.flatten(),
            commit: Commit::At(733_999_000),
            lag_seconds: 12.345,
        });
    }
    snapshot.group_topics.push(GroupTopicRow {
        group: group as u32,
        topic: snapshot.topics[topic].name.clone(),
        member_count: Some(1),
        assigned_count: Some(partitions as u32),
        commit_count: partitions as u32,
        offset_sum: Some(5_000_000_000),
        lag_sum: Some(8_000),
    });
    snapshot.groups.push(GroupRow {
        name: Label::from(format!("company.domain.consumers.{group:05}").as_str()),
        state: Label::from("Stable"),
        protocol: Label::from("range"),
        protocol_type: Label::from("consumer"),
        coordinator: 1,
        member_count: Some(1),
        empty_member_count: Some(0),
        lag_sum: Some(8_000),
        lag_max: Some(1_000),
        lag_seconds_max: Some(12.345),
    });
}
