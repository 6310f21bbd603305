//! Measures back-fill and bytes a row with columns that `columns.py` wrote:
//! `measure STORE EVENT_TYPE BATCH_EVENTS FILE...`. The store must be empty.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use weir_store::{Options, Store};
use weir_types::{AccountId, Batch, Event, Sink, SystemClock, Timestamp, Value};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, event_type, batch_events, files @ ..] = args.as_slice() else {
        return Err("usage: measure STORE EVENT_TYPE BATCH_EVENTS FILE...".into());
    };
    let options = Options { retention: Duration::MAX, ..Options::new(dir) };
    let store = Store::open(options, Arc::new(SystemClock))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut rows, mut elapsed, mut cpu) = (0, Duration::ZERO, 0.0);
    let mut waits = Vec::new();
    for file in files {
        let batches = read_batches(Path::new(file), event_type, batch_events.parse()?)?;
        let (started, cpu_before) = (Instant::now(), cpu_seconds()?);
        runtime.block_on(async {
            let mut waiting = std::collections::VecDeque::new();
            for batch in batches {
                rows += batch.events.len();
                waiting.push_back((Instant::now(), store.append(batch)));
                if waiting.len() == 8 {
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

enum Column {
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Texts(Vec<Arc<str>>, Vec<u32>),
}

fn read_batches(path: &Path, event_type: &str, size: usize) -> Result<Vec<Batch>, Failure> {
    let bytes = fs::read(path)?;
    let mut rest = bytes.as_slice();
    let rows = u32::from_le_bytes(take(&mut rest)?) as usize;
    let count = u32::from_le_bytes(take(&mut rest)?);
    let mut columns = Vec::new();
    for _ in 0..count {
        columns.push(read_column(&mut rest, rows)?);
    }
    let event_type: Arc<str> = event_type.into();
    let event = |row: usize| {
        let mut event = Event::new(event_type.clone(), Timestamp::from_millis(0));
        event.attributes.reserve_exact(columns.len() - 1);
        for (name, column) in &columns {
            match column {
                Column::Ints(values) if *name == "timestamp" => {
                    event.timestamp = Timestamp::from_millis(values[row]);
                }
                Column::Ints(values) => event.push(*name, values[row]),
                Column::Floats(values) => event.push(*name, Value::Float(values[row])),
                Column::Texts(texts, codes) => {
                    event.push(*name, texts[codes[row] as usize].clone())
                }
            }
        }
        event
    };
    let batch = |begin: usize| {
        let events = (begin..rows.min(begin + size)).map(event).collect();
        Batch { account: AccountId(1), events }
    };
    Ok((0..rows).step_by(size).map(batch).collect())
}

fn read_column(rest: &mut &[u8], rows: usize) -> Result<(&'static str, Column), Failure> {
    let [kind] = take(rest)?;
    let name: &'static str = read_text(rest)?.leak();
    let column = match kind {
        0 => Column::Ints(
            (0..rows).map(|_| take(rest).map(i64::from_le_bytes)).collect::<Result<_, _>>()?,
        ),
        1 => Column::Floats(
            (0..rows).map(|_| take(rest).map(f64::from_le_bytes)).collect::<Result<_, _>>()?,
        ),
        _ => {
            let count = u32::from_le_bytes(take(rest)?);
            let texts =
                (0..count).map(|_| read_text(rest).map(Arc::from)).collect::<Result<_, _>>()?;
            let codes =
                (0..rows).map(|_| take(rest).map(u32::from_le_bytes)).collect::<Result<_, _>>()?;
            Column::Texts(texts, codes)
        }
    };
    Ok((name, column))
}

fn read_text(rest: &mut &[u8]) -> Result<String, Failure> {
    let len = u16::from_le_bytes(take(rest)?) as usize;
    let (text, after) = rest.split_at_checked(len).ok_or("the file ends early")?;
    *rest = after;
    Ok(std::str::from_utf8(text)?.to_owned())
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Failure> {
    let (head, after) = rest.split_first_chunk::<N>().ok_or("the file ends early")?;
    *rest = after;
    Ok(*head)
}
