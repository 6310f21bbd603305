//! A frozen generation becomes segments: one for each hour that its events touch.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use weir_types::AccountId;

use super::chunk_builder::ChunkBuilder;
use crate::memtable::{Generation, Series, Table};
use crate::rows::{Dictionary, Rows};
use crate::segment::{SegmentWriter, SeriesKey};

const HOUR_MILLIS: i64 = 3_600_000;
/// Hours of one generation that get a segment each; an event of another hour goes to the segment
/// of the nearest one, so that strange timestamps do not make a file each.
const HOURS_MAX: usize = 48;

/// Packs a frozen generation and writes its rows; the writers are not finished yet.
pub fn seal(
    generation: &Generation,
    create: &mut dyn FnMut() -> io::Result<SegmentWriter>,
) -> io::Result<Vec<SegmentWriter>> {
    generation.pack();
    let mut hours = Hours { writers: BTreeMap::new(), create };
    for (account, table) in generation.tables() {
        let mut series: Vec<_> = table.series.iter().map(|s| (key_of(&table, s), s)).collect();
        series.sort_by(|a, b| a.0.cmp(&b.0));
        for (key, series) in series {
            seal_series(account, &table, key, series, &mut hours)?;
        }
    }
    Ok(hours.writers.into_values().collect())
}

struct Hours<'a> {
    writers: BTreeMap<i64, SegmentWriter>,
    create: &'a mut dyn FnMut() -> io::Result<SegmentWriter>,
}

impl Hours<'_> {
    /// The hour whose segment takes a row of `timestamp`; it has a writer.
    fn hour_of(&mut self, timestamp: i64) -> io::Result<i64> {
        let hour = timestamp.div_euclid(HOUR_MILLIS);
        if self.writers.contains_key(&hour) {
            return Ok(hour);
        }
        if self.writers.len() >= HOURS_MAX {
            let before = self.writers.range(..hour).next_back();
            let nearest = before.or_else(|| self.writers.first_key_value());
            return Ok(nearest.map_or(hour, |(hour, _)| *hour));
        }
        self.writers.insert(hour, (self.create)()?);
        Ok(hour)
    }

    fn writer(&mut self, hour: i64) -> io::Result<&mut SegmentWriter> {
        self.writers.get_mut(&hour).ok_or_else(|| io::Error::other("no segment for the hour"))
    }
}

fn seal_series(
    account: AccountId,
    table: &Arc<Table>,
    key: SeriesKey,
    series: &Series,
    hours: &mut Hours<'_>,
) -> io::Result<()> {
    let mut builder = ChunkBuilder::filling();
    let mut current = None;
    series.for_each_sorted(&mut |rows, range| {
        let mut rest = range;
        while !rest.is_empty() {
            let hour = hours.hour_of(rows.timestamp(rest.start))?;
            let writer = match current {
                Some(same) if same == hour => hours.writer(hour)?,
                before => {
                    if let Some(before) = before {
                        builder.flush(&**table, hours.writer(before)?)?;
                    }
                    current = Some(hour);
                    let writer = hours.writer(hour)?;
                    writer.begin_table(account, &table.event_type)?;
                    writer.begin_series(key.clone())?;
                    writer
                }
            };
            let end = end_of_hour(rows, &rest);
            builder.push(rows, rest.start..end, &**table, writer)?;
            rest.start = end;
        }
        Ok(())
    })?;
    match current {
        Some(hour) => builder.flush(&**table, hours.writer(hour)?),
        None => Ok(()),
    }
}

/// End of the rows that are of the same hour as the first of `range`.
fn end_of_hour(rows: &Rows, range: &Range<usize>) -> usize {
    let hour = |row: usize| rows.timestamp(row).div_euclid(HOUR_MILLIS);
    let first = hour(range.start);
    range.clone().find(|row| hour(*row) != first).unwrap_or(range.end)
}

fn key_of(table: &Table, series: &Series) -> SeriesKey {
    let attribute =
        |cell: &crate::rows::Cell| (table.name(cell.column).clone(), table.value(*cell));
    SeriesKey::new(series.key.iter().map(attribute).collect())
}
