use super::super::snapshot::{Label, TopicRow};
use super::*;

fn cluster(name: &str, topics: usize) -> Arc<Snapshot> {
    let topic = |at: usize| TopicRow {
        name: Label::from(format!("topic-{at}").as_str()),
        partition_count: 3,
        replication_factor: 1,
        cleanup_policy: Label::default(),
        log_dir_bytes: None,
        start_sum: Some(0),
        end_sum: at.is_multiple_of(2).then_some(7),
    };
    Arc::new(Snapshot {
        source: Label::from(name),
        cluster: Label::from(name),
        topics: (0..topics).map(topic).collect(),
        ..Snapshot::default()
    })
}

fn text(page: Page) -> String {
    String::from_utf8(page.flatten().collect()).unwrap()
}

fn lines_of<'a>(text: &'a str, family: &str) -> Vec<&'a str> {
    let is_of =
        |line: &&str| line.strip_prefix(family).is_some_and(|rest| rest.starts_with(['{', ' ']));
    text.lines().filter(is_of).collect()
}

#[test]
fn one_cluster_has_the_labels_of_the_exporter_and_several_are_told_apart() {
    let alone = text(Page::new(Dialects::default(), vec![cluster("a", 1)], false));
    assert_eq!(lines_of(&alone, "kafka_brokers"), ["kafka_brokers 0"]);
    assert_eq!(
        lines_of(&alone, "kafka_topic_partitions"),
        [r#"kafka_topic_partitions{topic="topic-0"} 3"#]
    );
    let clusters = vec![cluster("a", 1), cluster("b\"2", 1)];
    let both = text(Page::new(Dialects::default(), clusters, true));
    assert_eq!(
        lines_of(&both, "kafka_brokers"),
        [r#"kafka_brokers{cluster="a"} 0"#, r#"kafka_brokers{cluster="b\"2"} 0"#]
    );
    let polls = lines_of(&both, "kafka_consumergroup_poll_time_ms");
    assert_eq!(polls[1], r#"kafka_consumergroup_poll_time_ms{cluster_name="b\"2"} 0"#);
}

#[test]
fn what_is_unknown_has_no_line_and_a_family_without_lines_no_head() {
    let page = text(Page::new(Dialects::default(), vec![cluster("a", 2)], false));
    let sums = lines_of(&page, "kminion_kafka_topic_high_water_mark_sum");
    assert_eq!(sums, [r#"kminion_kafka_topic_high_water_mark_sum{topic_name="topic-0"} 7"#]);
    assert!(!page.contains("kafka_consumergroup_members"));
}

#[test]
fn a_dialect_that_is_off_is_silent() {
    let dialects = Dialects { kminion: false, kafka_exporter: true, kafka_lag_exporter: false };
    let page = text(Page::new(dialects, vec![cluster("a", 1)], false));
    assert!(!page.contains("kminion_") && !page.contains("kafka_lag_exporter_up"));
    assert!(page.contains("kafka_brokers") && page.contains("weir_source_stale_groups"));
}

#[test]
fn chunks_are_bounded_and_families_whole() {
    let clusters = vec![cluster("a", 5_000), cluster("b", 3_000)];
    let page = Page::new(Dialects::default(), clusters, true);
    let chunks: Vec<Vec<u8>> = page.collect();
    assert!(chunks.len() > 10);
    assert!(chunks.iter().all(|chunk| chunk.len() < CHUNK_CAPACITY && chunk.ends_with(b"\n")));
    let text = String::from_utf8(chunks.concat()).unwrap();
    assert_eq!(lines_of(&text, "kafka_topic_partitions").len(), 8_000);
    let names: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let mut seen = std::collections::HashSet::new();
    for family in names.chunk_by(|one, next| one == next) {
        assert!(seen.insert(family[0]), "{} comes twice", family[0]);
    }
    let heads = text.lines().filter(|line| line.starts_with("# TYPE")).count();
    assert_eq!(heads, seen.len());
}
