//! Weir's own samples as lines of JSON, as `weir export` writes them: `samples SIZE POLLS`. The
//! collector polls a simulated cluster of the demo's story once a minute of simulated time, as fast
//! as it can; the last poll is now.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use weir_collect::{KafkaSource, KafkaSourceOptions};
use weir_kafka::ClientOptions;
use weir_sim::{Sim, SimOptions, Size};
use weir_types::{AttributeName, Clock, Event, SystemClock, Timestamp, Value};

type Failure = Box<dyn std::error::Error>;

const MINUTE_MILLIS: i64 = 60_000;

/// Stands until it is put on.
struct PollClock(AtomicI64);

impl Clock for PollClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [size, polls] = args.as_slice() else { return Err("usage: samples SIZE POLLS".into()) };
    let size = match size.as_str() {
        "small" => Size::Small,
        "large" => Size::Large,
        other => return Err(format!("`{other}` is none of small, large").into()),
    };
    let polls: i64 = polls.parse()?;
    let begin = SystemClock.now().as_millis() - polls * MINUTE_MILLIS;
    let clock = Arc::new(PollClock(AtomicI64::new(begin)));
    let sim = Sim::start(SimOptions { size, ..SimOptions::new(1, clock.clone()) }).await?;
    let bootstrap = sim.bootstrap().iter().map(|at| at.to_string().parse());
    let client = ClientOptions::new(bootstrap.collect::<Result<_, _>>()?);
    let mut source = KafkaSource::new(KafkaSourceOptions::new("demo", "production", client))?;
    let mut out = BufWriter::new(io::stdout().lock());
    for _ in 0..polls {
        clock.0.fetch_add(MINUTE_MILLIS, Ordering::Relaxed);
        for event in source.poll(clock.now()).await.events {
            writeln!(out, "{}", line_of(&event))?;
        }
    }
    Ok(out.flush()?)
}

fn line_of(event: &Event) -> String {
    let text = |text: &str| Value::from(text).to_json().to_string();
    let attribute =
        |(name, value): &(AttributeName, Value)| format!("{}:{}", text(name), value.to_json());
    let attributes: Vec<String> = event.attributes.iter().map(attribute).collect();
    format!(
        r#"{{"account":1,"eventType":{},"timestamp":{},"attributes":{{{}}}}}"#,
        text(&event.event_type),
        event.timestamp.as_millis(),
        attributes.join(",")
    )
}
