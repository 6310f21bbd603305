//! Measures back-fill and bytes a row with columns that `columns.py` wrote:
//! `measure STORE EVENT_TYPE rows|columns BATCH_EVENTS FILE...`. The store must be empty. `rows` goes
//! through [`Sink`], `columns` through [`Store::append_columns`].

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use weir_store::{Options, Store};
use weir_types::{AccountId, Batch, BoxFuture, Columns, Sink, SystemClock, Timestamp};

mod plain;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, event_type, form, batch_events, files @ ..] = args.as_slice() else {
        return Err("usage: measure STORE EVENT_TYPE rows|columns BATCH_EVENTS FILE...".into());
    };
    let by_rows = form == "rows";
    // Columns are many events, more than may wait beside others.
    let under_way = if by_rows { 8 } else { 1 };
    let options = Options { retention: Duration::MAX, ..Options::new(dir) };
    let store = Store::open(options, Arc::new(SystemClock))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut rows, mut elapsed, mut cpu) = (0, Duration::ZERO, 0.0);
    let mut waits = Vec::new();
    for file in files {
        let batches = plain::read(Path::new(file), event_type, batch_events.parse()?)?;
        let batches: Vec<_> = match by_rows {
            true => {
                batches.into_iter().map(|columns| Form::Rows(plain::to_rows(&columns))).collect()
            }
            false => batches.into_iter().map(Form::Columns).collect(),
        };
        let (started, cpu_before) = (Instant::now(), cpu_seconds()?);
        runtime.block_on(async {
            let mut waiting = std::collections::VecDeque::new();
            for batch in batches {
                rows += batch.len();
                waiting.push_back((Instant::now(), batch.append(&store)));
                if waiting.len() == under_way {
                    let Some((sent, first)) = waiting.pop_front() else { break };
                    first.await?;
                    waits.push(sent.elapsed());
                }
            }
            for (sent, rest) in waiting {
                rest.await?;
                waits.push(sent.elapsed());
            }
            Ok::<_, Failure>(())
        })?;
        elapsed += started.elapsed();
        cpu += cpu_seconds()? - cpu_before;
    }
    let (started, cpu_before) = (Instant::now(), cpu_seconds()?);
    store.flush()?;
    elapsed += started.elapsed();
    cpu += cpu_seconds()? - cpu_before;
    let stats = store.stats();
    waits.sort_unstable();
    let bytes = stats.segment_bytes as f64;
    say(&format!(
        "{rows} rows in {elapsed:.2?}: {:.0} rows/s",
        rows as f64 / elapsed.as_secs_f64()
    ));
    say(&format!("{:.0} rows/s of processor time", rows as f64 / cpu));
    say(&format!("p99 of acknowledgement {:.1?}", waits[waits.len() * 99 / 100]));
    say(&format!("{} segments, {:.3} bytes/row", stats.segments, bytes / rows as f64));
    let far = Timestamp::from_millis(i64::MAX / 2);
    let started = Instant::now();
    store.maintain(far)?;
    let stats = store.stats();
    let bytes = total_bytes(Path::new(dir))?;
    say(&format!("merged in {:.2?}", started.elapsed()));
    say(&format!(
        "{} segments, {:.3} bytes/row with every file of the store",
        stats.segments,
        bytes as f64 / rows as f64
    ));
    Ok(())
}

#[allow(clippy::print_stdout, reason = "a tool that says what it measured")]
fn say(line: &str) {
    println!("{line}");
}

/// What the process used so far, in user and in kernel mode (Linux counts in hundredths).
fn cpu_seconds() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

fn total_bytes(dir: &Path) -> Result<u64, Failure> {
    let mut total = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        total += match entry.file_type()?.is_dir() {
            true => total_bytes(&entry.path())?,
            false => entry.metadata()?.len(),
        };
    }
    Ok(total)
}

enum Form {
    Rows(Batch),
    Columns(Columns),
}

impl Form {
    fn len(&self) -> usize {
        match self {
            Form::Rows(batch) => batch.events.len(),
            Form::Columns(columns) => columns.timestamps.len(),
        }
    }

    fn append(self, store: &Store) -> BoxFuture<'_, Result<(), Failure>> {
        match self {
            Form::Rows(batch) => {
                let done = store.append(batch);
                Box::pin(async { Ok(done.await?) })
            }
            Form::Columns(columns) => {
                let done = store.append_columns(AccountId(1), columns);
                Box::pin(async { Ok(done.await?) })
            }
        }
    }
}
