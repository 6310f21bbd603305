//! Measures steady ingest: `steady STORE SECONDS EVENTS_PER_SECOND CALLERS`. The store must be empty.
//!
//! Each caller has series of its own and sends a batch every 20 ms through [`Sink`], whatever became
//! of the one before; an acknowledgement takes from the moment its batch was due. Before that the
//! disk's own `fdatasync` is measured, in the store's folder, with writes as large as a commit.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use weir_store::{Options, Store};
use weir_types::{AccountId, Batch, BoxFuture, Clock, Event, Sink, SinkError, SystemClock, Value};

type Failure = Box<dyn Error + Send + Sync>;

const EVERY: Duration = Duration::from_millis(20);
const SERIES: u64 = 40_000;
const SYNCS: usize = 200;
const SYNC_BYTES: usize = 128 << 10;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, seconds, rate, callers] = args.as_slice() else {
        return Err("usage: steady STORE SECONDS EVENTS_PER_SECOND CALLERS".into());
    };
    let (seconds, rate, callers): (u64, u64, u64) =
        (seconds.parse()?, rate.parse()?, callers.parse()?);
    fs::create_dir_all(dir)?;
    let syncs = percentiles(&mut sync_times(Path::new(dir))?);
    say(&format!("fdatasync of 128 KiB alone {syncs}"));
    let store = Store::open(Options::new(dir), Arc::new(SystemClock))?;
    let (started, cpu_before) = (Instant::now(), cpu_seconds()?);
    let batch_events = rate * EVERY.as_millis() as u64 / 1_000 / callers;
    let batches = seconds * 1_000 / EVERY.as_millis() as u64;
    let (done, acknowledged) = mpsc::channel();
    let (mut times, mut memory_bytes) = (Vec::new(), 0);
    thread::scope(|scope| {
        for caller in 0..callers {
            let (done, store) = (done.clone(), &store);
            let (sent, waiting) = mpsc::channel();
            scope.spawn(move || {
                let fleet = Fleet::new(caller * SERIES / callers, SERIES / callers);
                for number in 0..batches {
                    let due = started + EVERY * number as u32;
                    let batch = fleet.batch(number * batch_events, batch_events);
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    if sent.send((due, store.append(batch))).is_err() {
                        return;
                    }
                }
            });
            scope.spawn(move || done.send(wait(&waiting)));
        }
        drop(done);
        loop {
            match acknowledged.recv_timeout(EVERY) {
                Ok(of_caller) => times.extend(of_caller?),
                Err(RecvTimeoutError::Timeout) => {
                    memory_bytes = memory_bytes.max(store.stats().memory_bytes);
                }
                Err(RecvTimeoutError::Disconnected) => return Ok::<_, Failure>(()),
            }
        }
    })?;
    let (elapsed, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - cpu_before);
    let events = times.len() as u64 * batch_events;
    let percentiles = percentiles(&mut times);
    say(&format!("{events} events in {elapsed:.1} s: {:.0} events/s", events as f64 / elapsed));
    say(&format!("acknowledgement {percentiles}"));
    let memory_mib = memory_bytes >> 20;
    say(&format!("generations at most {memory_mib} MiB, process at most {} MiB", peak_mib()?));
    say(&format!("{:.2} processors, callers included", cpu / elapsed));
    Ok(())
}

/// Times from due to acknowledged, in the order of sending: commits keep it.
fn wait(
    waiting: &Receiver<(Instant, BoxFuture<'_, Result<(), SinkError>>)>,
) -> Result<Vec<Duration>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut times = Vec::new();
    for (due, answer) in waiting {
        match runtime.block_on(answer) {
            Ok(()) => times.push(due.elapsed()),
            // The batch would be in the message.
            Err(SinkError::Busy { waiting, .. }) => {
                return Err(format!("the store is too slow: {waiting} events wait").into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(times)
}

/// A part of the series, polled round after round.
struct Fleet {
    event_type: Arc<str>,
    first: u64,
    topics: Vec<Arc<str>>,
}

impl Fleet {
    fn new(first: u64, series: u64) -> Self {
        let topics = (first..first + series).map(|i| format!("topic-{i}").into()).collect();
        Fleet { event_type: "KafkaConsumerSample".into(), first, topics }
    }

    fn batch(&self, first: u64, events: u64) -> Batch {
        let events = (first..first + events).map(|i| self.event(i)).collect();
        Batch { account: AccountId::DEFAULT, events }
    }

    fn event(&self, number: u64) -> Event {
        let series = self.topics.len() as u64;
        let (round, topic) = (number / series, number % series);
        let lag = (self.first + number.wrapping_mul(2_654_435_761) % 4_096) as i64;
        let end = (topic * 1_000_000 + round * 500) as i64;
        Event::new(self.event_type.clone(), SystemClock.now())
            .with("clusterName", "orders")
            .with("consumerGroup", "billing")
            .with("topic", self.topics[topic as usize].clone())
            .with("partition", 0)
            .with("groupState", "Stable")
            .with("logEndOffset", end)
            .with("consumerOffset", end - lag)
            .with("consumerLag", lag)
            .with("consumerLagSeconds", Value::Float(lag as f64 / 8.0))
    }
}

fn sync_times(dir: &Path) -> Result<Vec<Duration>, Failure> {
    let path = dir.join("sync-times");
    let mut file = File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..SYNCS {
        let started = Instant::now();
        file.write_all(&[1; SYNC_BYTES])?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    fs::remove_file(path)?;
    Ok(times)
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 1_000).min(times.len() - 1)];
    let (p50, p99, p999, max) = (at(500), at(990), at(999), at(1_000));
    format!("p50 {p50:.1?}, p99 {p99:.1?}, p99.9 {p999:.1?}, max {max:.1?}")
}

/// What the process used so far, in user and in kernel mode (Linux counts in hundredths).
fn cpu_seconds() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

fn peak_mib() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1_024)
}

#[allow(clippy::print_stdout, reason = "a tool that says what it measured")]
fn say(line: &str) {
    println!("{line}");
}
