//! What DuckDB makes of our files, and we of its.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value as Json, json};
use weir_archive::ArchiveError;
use weir_archive::parquet::{Columns, EventReader, EventWriter};
use weir_types::{AccountId, Event, Timestamp, Value};

pub fn trials(python: Option<&Path>) -> Vec<Trial> {
    let trial = |name: &str, run: fn(&Path) -> Result<()>| {
        let path = python.map(Path::to_path_buf).unwrap_or_default();
        Trial::test(name, move || Ok(run(&path)?)).with_ignored_flag(python.is_none())
    };
    vec![
        trial("duckdb_reads_what_weir_writes", reads),
        trial("what_duckdb_writes_is_events", is_read),
        trial("what_no_attribute_can_hold_is_named", is_refused),
    ]
}

/// Rows of each statement.
fn ask(python: &Path, statements: &[String]) -> Result<Vec<Json>> {
    let mut child = Command::new(python)
        .args(["-c", include_str!("duck.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let given = Json::from(statements).to_string();
    child.stdin.take().context("no stdin")?.write_all(given.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "DuckDB stopped early");
    let lines = String::from_utf8(output.stdout)?;
    Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn written(path: &Path, events: &[(AccountId, Event)]) -> Result<()> {
    let mut columns = Columns::default();
    let attributes = || events.iter().flat_map(|(_, event)| &event.attributes);
    attributes().for_each(|(name, value)| columns.note(name, value.kind()));
    let mut writer = EventWriter::new(File::create(path)?, "Probe", &columns)?;
    for (account, event) in events {
        writer.push(*account, event.timestamp, |put| {
            event.attributes.iter().for_each(|(name, value)| put(name, value.clone()));
        })?;
    }
    writer.finish()?;
    Ok(())
}

fn reads(python: &Path) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("Probe.parquet");
    let event = |at: i64| Event::new("Probe", Timestamp::from_millis(at));
    let events = [
        (AccountId(1), event(1_700_000_000_123).with("lag", 7).with("topic", "zahlungen – ü")),
        (AccountId(u64::MAX), event(-1).with("lag", i64::MIN).with("mixed", Value::Float(0.5))),
        (AccountId(2), event(0).with("mixed", "").with("stale", true)),
    ];
    written(&path, &events)?;
    let from = format!("FROM '{}'", path.display());
    let answers = ask(
        python,
        &[
            format!("SELECT column_name, column_type FROM (DESCRIBE SELECT * {from})"),
            format!("SELECT * REPLACE (epoch_ms(timestamp) AS timestamp) {from}"),
            format!("SELECT DISTINCT compression FROM parquet_metadata('{}')", path.display()),
        ],
    )?;
    let columns = json!([
        ["eventType", "VARCHAR"],
        ["timestamp", "TIMESTAMP WITH TIME ZONE"],
        ["account", "UBIGINT"],
        ["lag", "BIGINT"],
        ["mixed:number", "DOUBLE"],
        ["mixed:string", "VARCHAR"],
        ["stale", "BOOLEAN"],
        ["topic", "VARCHAR"],
    ]);
    ensure!(answers[0] == columns, "{:#}", answers[0]);
    let rows = json!([
        ["Probe", 1_700_000_000_123_i64, 1, 7, null, null, null, "zahlungen – ü"],
        ["Probe", -1, u64::MAX, i64::MIN, 0.5, null, null, null],
        ["Probe", 0, 2, null, null, "", true, null],
    ]);
    ensure!(answers[1] == rows, "{:#}", answers[1]);
    ensure!(answers[2] == json!([["ZSTD"]]), "{}", answers[2]);
    Ok(())
}

/// A file that DuckDB writes of `select`, read as events of the type `Foreign`.
fn foreign(python: &Path, select: &str) -> Result<Result<Vec<(AccountId, Event)>, ArchiveError>> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("foreign.parquet");
    ask(python, &[format!("COPY ({select}) TO '{}' (FORMAT parquet)", path.display())])?;
    let reader = EventReader::open(File::open(&path)?, Some("Foreign"));
    Ok(reader.and_then(Iterator::collect))
}

fn is_read(python: &Path) -> Result<()> {
    let moment = "TIMESTAMP '2026-01-02 03:04:05.678'";
    for time in [
        format!("{moment}::TIMESTAMPTZ"),
        moment.to_owned(),
        format!("{moment}::TIMESTAMP_MS"),
        format!("{moment}::TIMESTAMP_NS"),
        "1767323045678".to_owned(),
    ] {
        let events = foreign(python, &format!("SELECT {time} AS timestamp"))??;
        let expected = Event::new("Foreign", Timestamp::from_millis(1_767_323_045_678));
        ensure!(events == [(AccountId::DEFAULT, expected)], "{time}: {events:?}");
    }
    let day = foreign(python, "SELECT DATE '2026-01-02' AS timestamp, DATE '1970-01-02' AS day")??;
    let expected =
        Event::new("Foreign", Timestamp::from_millis(1_767_312_000_000)).with("day", 86_400_000);
    ensure!(day == [(AccountId::DEFAULT, expected)], "{day:?}");

    let columns = "SELECT 5 AS timestamp, 7::UBIGINT AS account, 'Own' AS eventType, \
                   (-1)::TINYINT AS tiny, 40000::USMALLINT AS small, 4000000000::UINTEGER AS u32, \
                   9::UBIGINT AS u64, 1.5::FLOAT AS f32, 2.5::DOUBLE AS f64, false AS flag, \
                   'text' AS text, NULL::INTEGER AS nothing";
    let expected = Event::new("Own", Timestamp::from_millis(5))
        .with("tiny", -1)
        .with("small", 40_000)
        .with("u32", 4_000_000_000)
        .with("u64", 9)
        .with("f32", Value::Float(1.5))
        .with("f64", Value::Float(2.5))
        .with("flag", false)
        .with("text", "text");
    let events = foreign(python, columns)??;
    ensure!(events == [(AccountId(7), expected)], "{events:?}");

    // Several groups of rows, compressed as DuckDB does unasked.
    let many = foreign(python, "SELECT range AS timestamp, range % 9 AS n FROM range(130000)")??;
    ensure!(many.len() == 130_000);
    let in_order = many.iter().zip(0..).all(|((_, event), n)| {
        event.timestamp.as_millis() == n && event.get("n") == Some(&Value::Int(n % 9))
    });
    ensure!(in_order, "rows came in another order");
    Ok(())
}

fn is_refused(python: &Path) -> Result<()> {
    for (column, reason) in [
        ("[1, 2] AS wrong", "column `wrong` is nested"),
        ("{'a': 1} AS wrong", "column `wrong` is nested"),
        ("MAP {'a': 1} AS wrong", "column `wrong` is nested"),
        ("1.25::DECIMAL(9, 2) AS wrong", "column `wrong` holds decimals"),
        ("TIME '01:02:03' AS wrong", "column `wrong` holds times of day"),
        ("'a'::BLOB AS wrong", "column `wrong` holds bytes"),
        ("uuid() AS wrong", "column `wrong` is of type Uuid"),
        ("'NaN'::DOUBLE AS wrong", "row 1: column `wrong` holds NaN"),
        (
            "18446744073709551615::UBIGINT AS wrong",
            "row 1: column `wrong` holds 18446744073709551615",
        ),
        ("'x' AS account", "column `account` is not an integer"),
    ] {
        let refused = foreign(python, &format!("SELECT 1 AS timestamp, {column}"))?;
        let error = refused.err().with_context(|| column.to_owned())?.to_string();
        ensure!(error.starts_with(reason), "{column}: {error}");
    }
    let without = foreign(python, "SELECT 1 AS at")?.err().context("no timestamp")?.to_string();
    ensure!(without.starts_with("column `timestamp` is missing"), "{without}");
    let null = foreign(python, "SELECT NULL::BIGINT AS timestamp")?.err().context("null")?;
    ensure!(null.to_string() == "row 1: column `timestamp` is null", "{null}");
    Ok(())
}
