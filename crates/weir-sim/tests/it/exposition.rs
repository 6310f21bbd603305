//! `/metrics` of a simulated cluster: the same numbers as the samples of the same cycle, in text that
//! a parser nobody here wrote understands.

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use weir_collect::{Cycle, Dialects, Exposition, ExpositionSlot, KafkaSource, KafkaSourceOptions};
use weir_kafka::ClientOptions;
use weir_sim::Story;
use weir_testkit::python::environment;
use weir_types::{Event, Value};

use crate::stage::{Stage, block_on};

/// Series are written to the thousandth.
const ROUNDING: f64 = 0.0006;
const PARSER: [&str; 1] = ["prometheus_client==0.26.0"];

/// The last cycle of a story, and the page right behind it.
struct Scraped {
    cycle: Cycle,
    page: String,
    /// By everything that stands before the value.
    series: HashMap<String, f64>,
}

impl Scraped {
    /// Cycles every ten seconds, the last one at `until_secs`.
    async fn at(until_secs: i64) -> Result<Scraped> {
        let stage = Stage::of(Story::Demo).await?;
        let client = ClientOptions::new(stage.addresses());
        let mut source = KafkaSource::new(KafkaSourceOptions::new("sim", "test", client))?;
        let slot: ExpositionSlot = source.exposition();
        let exposition = Exposition::new(Dialects::default(), vec![slot]);
        let mut last = None;
        for secs in (until_secs % 10..=until_secs).step_by(10) {
            stage.turn_to(secs);
            last = Some(source.poll(stage.now()).await);
        }
        let page = String::from_utf8(exposition.page(stage.now()).flatten().collect())?;
        let lines = page.lines().filter(|line| !line.starts_with('#'));
        let series = lines.filter_map(|line| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        let series = series.collect();
        Ok(Scraped { cycle: last.context("no cycle")?, page, series })
    }

    fn samples(&self, event_type: &str) -> impl Iterator<Item = &Event> {
        let is_of = move |event: &&Event| &*event.event_type == event_type;
        self.cycle.events.iter().filter(is_of)
    }

    /// Both know the same number, or neither knows one.
    fn same(&self, series: &str, expected: Option<f64>) -> Result<()> {
        let found = self.series.get(series).copied();
        let agree = match (found, expected) {
            (Some(one), Some(other)) => (one - other).abs() <= ROUNDING,
            (None, None) => true,
            _ => false,
        };
        ensure!(agree, "{series} is {found:?}, the sample says {expected:?}");
        Ok(())
    }
}

pub fn parity() -> Result<()> {
    block_on(async {
        let scraped = Scraped::at(100).await?;
        let mut judged = 0;
        for sample in scraped.samples("KafkaConsumerSample") {
            if sample.get("consumerOffset").is_some() {
                positions_agree(&scraped, sample)?;
                judged += 1;
            }
        }
        ensure!(judged > 50, "only {judged} positions");
        for sample in scraped.samples("KafkaConsumerGroupSample") {
            let group = text(sample, "consumerGroup");
            let members = format!("kafka_consumergroup_members{{consumergroup=\"{group}\"}}");
            scraped.same(&members, number(sample, "memberCount"))?;
            let own = format!("{{cluster_name=\"sim\",group=\"{group}\"}}");
            let sum = format!("kafka_consumergroup_group_sum_lag{own}");
            scraped.same(&sum, number(sample, "totalLag"))?;
            let oldest = format!("kafka_consumergroup_group_max_lag_seconds{own}");
            scraped.same(&oldest, number(sample, "maxLagSeconds"))?;
        }
        for sample in scraped.samples("KafkaTopicSample") {
            let topic = text(sample, "topic");
            let partitions = format!("kafka_topic_partitions{{topic=\"{topic}\"}}");
            scraped.same(&partitions, number(sample, "partitionCount"))?;
            let ends = format!("kminion_kafka_topic_high_water_mark_sum{{topic_name=\"{topic}\"}}");
            scraped.same(&ends, number(sample, "logEndOffsetSum"))?;
            let bytes =
                format!("kminion_kafka_topic_log_dir_size_total_bytes{{topic_name=\"{topic}\"}}");
            scraped.same(&bytes, number(sample, "sizeBytes"))?;
        }
        let brokers = scraped.samples("KafkaClusterSample").next().context("no cluster")?;
        scraped.same("kafka_brokers", number(brokers, "brokerCount"))?;
        let up = format!("kminion_exporter_up{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
        scraped.same(&up, Some(1.0))
    })
}

fn positions_agree(scraped: &Scraped, sample: &Event) -> Result<()> {
    let (group, topic) = (text(sample, "consumerGroup"), text(sample, "topic"));
    let partition = number(sample, "partition").unwrap_or(-1.0);
    let place = format!("consumergroup=\"{group}\",topic=\"{topic}\",partition=\"{partition}\"");
    let offset = format!("kafka_consumergroup_current_offset{{{place}}}");
    if text(sample, "groupType") == "share" {
        return scraped.same(&offset, None); // exporters know commits, which it has none of
    }
    scraped.same(&offset, number(sample, "consumerOffset"))?;
    let lag = format!("kafka_consumergroup_lag{{{place}}}");
    scraped.same(&lag, number(sample, "consumerLag"))?;
    let place = format!("group_id=\"{group}\",topic_name=\"{topic}\",partition_id=\"{partition}\"");
    let lag = format!("kminion_kafka_consumer_group_topic_partition_lag{{{place}}}");
    scraped.same(&lag, number(sample, "consumerLag"))?;

    let member = |name| sample.get(name).and_then(Value::as_str).unwrap_or("unknown");
    let host = match member("clientHost") {
        "unknown" => "unknown".to_owned(),
        host => format!("/{host}"),
    };
    let place = format!(
        "cluster_name=\"sim\",group=\"{group}\",topic=\"{topic}\",partition=\"{partition}\",\
         member_host=\"{host}\",consumer_id=\"{}\",client_id=\"{}\"",
        member("memberId"),
        member("clientId"),
    );
    let lost = number(sample, "messagesLost");
    scraped.same(&format!("kafka_consumergroup_group_messages_lost{{{place}}}"), lost)?;
    let seconds = format!(
        "kafka_consumergroup_group_lag_seconds{{{place},data_loss_detected=\"{}\"}}",
        lost > Some(0.0)
    );
    scraped.same(&seconds, number(sample, "consumerLagSeconds"))
}

/// Broker 5 died at 120 s and took a partition offline.
pub fn dead_broker() -> Result<()> {
    block_on(async {
        let scraped = Scraped::at(170).await?;
        let own = "{source=\"sim\",cluster=\"sim\"}";
        let stale = scraped.series.get(&format!("weir_source_stale_partitions{own}"));
        ensure!(stale.is_some_and(|stale| *stale >= 1.0), "{stale:?}");
        let infos = scraped.series.keys().filter(|name| name.starts_with("kafka_broker_info"));
        ensure!(infos.count() == 5, "the dead broker is still there");
        let is_stale = |event: &&Event| event.get("stale") == Some(&Value::Bool(true));
        let mut left_out = 0;
        for sample in scraped.samples("KafkaPartitionSample").filter(is_stale) {
            let (topic, partition) = (text(sample, "topic"), number(sample, "partition"));
            let place =
                format!("topic=\"{topic}\",partition=\"{}\"", partition.unwrap_or_default());
            scraped.same(&format!("kafka_topic_partition_current_offset{{{place}}}"), None)?;
            left_out += 1;
        }
        ensure!(left_out > 0, "no sample is stale");
        Ok(())
    })
}

/// Prometheus' own Python client reads the page, every line of it.
#[allow(clippy::print_stderr, reason = "says why the test is ignored")]
pub fn parser_trial() -> Vec<Trial> {
    let python = environment("python-prometheus-1", &PARSER);
    if let Err(reason) = &python {
        eprintln!("weir-sim: no Prometheus parser: {reason:#}");
    }
    let ready = python.is_ok();
    let python = python.unwrap_or_default();
    let read = move || -> Result<()> {
        let scraped = block_on_page()?;
        let mut child = Command::new(python)
            .args(["-c", include_str!("read_prometheus.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        child.stdin.take().context("stdin")?.write_all(scraped.page.as_bytes())?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success());
        let families = scraped.page.lines().filter(|line| line.starts_with("# TYPE")).count();
        let expected = format!("families {families}\nsamples {}\n", scraped.series.len());
        let said = String::from_utf8(output.stdout)?;
        ensure!(said == expected, "{said} is not {expected}");
        Ok(())
    };
    let name = "prometheus_client_reads_the_page";
    vec![Trial::test(name, move || Ok(read()?)).with_ignored_flag(!ready)]
}

fn block_on_page() -> Result<Scraped> {
    let mut scraped = None;
    block_on(async {
        scraped = Some(Scraped::at(170).await?);
        Ok(())
    })?;
    scraped.context("no page")
}

fn text<'a>(event: &'a Event, name: &str) -> &'a str {
    event.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn number(event: &Event, name: &str) -> Option<f64> {
    event.get(name).and_then(Value::as_f64)
}
