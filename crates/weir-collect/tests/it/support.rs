//! A source on the test cluster, and what its events say.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use weir_collect::{Cycle, KafkaSource, KafkaSourceOptions};
use weir_kafka::{BrokerAddress, ClientOptions, TlsOptions};
use weir_testkit::{GroupRow, KafkaEnv, eventually};
use weir_types::{Clock, Event, SystemClock, Timestamp, Value};

/// How long a real process may take to get where a test waits for it.
const PATIENCE: Duration = Duration::from_secs(180);

/// A source and the runtime it polls on.
pub struct Poller {
    runtime: tokio::runtime::Runtime,
    source: KafkaSource,
}

impl Poller {
    pub fn new(env: &KafkaEnv) -> Result<Poller> {
        Poller::of(options(&env.bootstrap, None)?)
    }

    pub fn of(options: KafkaSourceOptions) -> Result<Poller> {
        Ok(Poller { runtime: runtime()?, source: KafkaSource::new(options)? })
    }

    pub fn poll(&mut self) -> Cycle {
        self.poll_at(SystemClock.now())
    }

    /// Polls as if it were another time: schedules and ages follow it.
    pub fn poll_at(&mut self, now: Timestamp) -> Cycle {
        self.runtime.block_on(self.source.poll(now))
    }

    pub fn source(&mut self) -> &mut KafkaSource {
        &mut self.source
    }

    /// Polls until the events satisfy a condition.
    pub fn poll_until(&mut self, what: &str, holds: impl Fn(&[Event]) -> bool) -> Result<Cycle> {
        eventually(PATIENCE, what, || {
            let cycle = self.poll();
            ensure!(holds(&cycle.events), "last cycle: {:?}", cycle.report);
            Ok(cycle)
        })
    }
}

pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

pub fn options(bootstrap: &str, ca_file: Option<PathBuf>) -> Result<KafkaSourceOptions> {
    let addresses: Result<Vec<BrokerAddress>, _> = bootstrap.split(',').map(str::parse).collect();
    let mut client = ClientOptions::new(addresses?);
    client.tls = ca_file.map(|path| TlsOptions { ca_file: Some(path), ..TlsOptions::default() });
    Ok(KafkaSourceOptions::new("it", "test", client))
}

pub fn of_type<'a>(events: &'a [Event], event_type: &str) -> Vec<&'a Event> {
    events.iter().filter(|event| &*event.event_type == event_type).collect()
}

pub fn find<'a>(events: &'a [Event], event_type: &str, name: &str, is: &str) -> Option<&'a Event> {
    let mut events = of_type(events, event_type).into_iter();
    events.find(|event| event.get(name).and_then(Value::as_str) == Some(is))
}

pub fn int(event: &Event, name: &str) -> Option<i64> {
    match event.get(name) {
        Some(Value::Int(value)) => Some(*value),
        _ => None,
    }
}

/// Our samples of a group in the shape of Kafka's own table, sorted as it is.
pub fn rows(events: &[Event], group: &str) -> Result<Vec<GroupRow>> {
    let samples = of_type(events, "KafkaConsumerSample");
    let of_group =
        samples.iter().filter(|event| text(event, "consumerGroup").as_deref() == Some(group));
    let mut rows: Vec<GroupRow> = of_group.map(|event| row(event)).collect::<Result<_>>()?;
    rows.sort();
    Ok(rows)
}

/// Row for row, to the last column.
pub fn same(kafka: &[GroupRow], ours: &[GroupRow]) -> Result<()> {
    ensure!(kafka == ours, "Kafka's table:\n{kafka:#?}\nours:\n{ours:#?}");
    Ok(())
}

fn row(event: &Event) -> Result<GroupRow> {
    Ok(GroupRow {
        group: text(event, "consumerGroup").context("no group")?,
        topic: text(event, "topic").context("no topic")?,
        partition: int(event, "partition").context("no partition")?.try_into()?,
        current_offset: int(event, "consumerOffset"),
        log_end_offset: int(event, "logEndOffset"),
        lag: int(event, "consumerLag"),
        consumer_id: text(event, "memberId"),
        host: text(event, "clientHost").map(|host| format!("/{host}")),
        client_id: text(event, "clientId"),
    })
}

pub fn number(event: &Event, name: &str) -> Option<f64> {
    event.get(name).and_then(Value::as_f64)
}

fn text(event: &Event, name: &str) -> Option<String> {
    event.get(name).and_then(Value::as_str).map(str::to_owned)
}
