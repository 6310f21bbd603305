//! From a row of a segment of roll-ups to the roll-up.

use std::sync::Arc;

use weir_types::{Timestamp, Value};

use super::columns::{Code, Names, NumberKind, Statistic};
use super::summary::Number;
use super::{FloatSum, Moment, NumberSummary, Resolution, RolledValue, Rollup, Summary};
use crate::codec::Malformed;
use crate::rows::{Cell, ColumnId, Dictionary, Rows};

/// Reads one row; `key` are the identity cells of its series.
pub fn decode(
    resolution: Resolution,
    rows: &Rows,
    row: usize,
    key: &[Cell],
    names: &Names,
    dictionary: &dyn Dictionary,
) -> Result<Rollup, Malformed> {
    let found = Found::gather(rows, row, names)?;
    let last = Moment {
        timestamp: Timestamp::from_millis(rows.timestamp(row)),
        sequence: rows.sequences[row],
    };
    let whole = Whole {
        events: u64::try_from(found.events).ok().filter(|events| *events > 0).ok_or(Malformed)?,
        first: before(last, found.span, found.sequence_span),
        last,
    };
    let of_key = |cell: &Cell| {
        (dictionary.name(cell.column).clone(), RolledValue::Same(dictionary.value(*cell)))
    };
    let mut attributes: Vec<(Arc<str>, RolledValue)> = key.iter().map(of_key).collect();
    for (attribute, cell) in found.same {
        let value = RolledValue::Same(dictionary.value(cell));
        attributes.push((names.attributes[attribute].clone(), value));
    }
    for (attribute, lanes) in found.numbers {
        attributes.push((names.attributes[attribute].clone(), whole.numbers(&lanes)?));
    }
    let Whole { events, first, last } = whole;
    Ok(Rollup { resolution, events, first, last, attributes })
}

/// The cells of a row, by what they mean; attributes by their number.
struct Found {
    events: i64,
    span: i64,
    sequence_span: i64,
    same: Vec<(usize, Cell)>,
    numbers: Vec<(usize, NumberLanes)>,
}

#[derive(Default)]
struct NumberLanes {
    integers: Vec<(Statistic, u64)>,
    floats: Vec<(Statistic, u64)>,
}

impl Found {
    fn gather(rows: &Rows, row: usize, names: &Names) -> Result<Found, Malformed> {
        let mut found =
            Found { events: 1, span: 0, sequence_span: 0, same: Vec::new(), numbers: Vec::new() };
        let mut places = vec![None; names.attributes.len()];
        for column in &rows.columns {
            let Some(lane) = column.get(row) else { continue };
            let (code, attribute) = names.get(column.column.name())?;
            if code.kind().is_some_and(|kind| kind != column.column.kind()) {
                return Err(Malformed);
            }
            match code {
                Code::Events => found.events = lane.cast_signed(),
                Code::Span => found.span = lane.cast_signed(),
                Code::SequenceSpan => found.sequence_span = lane.cast_signed(),
                Code::Same => found.same.push((attribute, cell(column.column, lane))),
                Code::Of(statistic, kind) => {
                    let place = *places[attribute].get_or_insert_with(|| {
                        found.numbers.push((attribute, NumberLanes::default()));
                        found.numbers.len() - 1
                    });
                    let lanes = &mut found.numbers[place].1;
                    match kind {
                        NumberKind::Int => lanes.integers.push((statistic, lane)),
                        NumberKind::Float => lanes.floats.push((statistic, lane)),
                    }
                }
            }
        }
        Ok(found)
    }
}

fn cell(column: ColumnId, lane: u64) -> Cell {
    Cell { column, lane }
}

fn before(at: Moment, millis: i64, sequences: i64) -> Moment {
    let timestamp = Timestamp::from_millis(at.timestamp.as_millis().wrapping_sub(millis));
    Moment { timestamp, sequence: at.sequence.wrapping_sub(sequences.cast_unsigned()) }
}

fn after(at: Moment, millis: i64, sequences: i64) -> Moment {
    before(at, millis.wrapping_neg(), sequences.wrapping_neg())
}

/// What holds for all numbers of a row.
struct Whole {
    events: u64,
    first: Moment,
    last: Moment,
}

impl Whole {
    fn numbers(&self, lanes: &NumberLanes) -> Result<RolledValue, Malformed> {
        let summary = NumberSummary {
            integers: self.summary(&lanes.integers, u64::cast_signed, integer_sum)?,
            floats: self.summary(&lanes.floats, f64::from_bits, float_sum)?,
        };
        if summary.count() > self.events {
            return Err(Malformed);
        }
        let same = match (&summary.integers, &summary.floats) {
            (Some(s), None) if s.count == self.events && s.min == s.max => Some(Value::Int(s.min)),
            (None, Some(s)) if s.count == self.events && s.min.to_bits() == s.max.to_bits() => {
                Some(Value::Float(s.min))
            }
            _ => None,
        };
        Ok(same.map_or_else(|| RolledValue::Numbers(Arc::new(summary)), RolledValue::Same))
    }

    fn summary<N: Number>(
        &self,
        lanes: &[(Statistic, u64)],
        number: impl Fn(u64) -> N,
        sum: impl Fn(&[(Statistic, u64)], u64, N) -> N::Sum,
    ) -> Result<Option<Summary<N>>, Malformed> {
        if lanes.is_empty() {
            return Ok(None);
        }
        let lane = |statistic| lane_of(lanes, statistic);
        let millis = |statistic| lane(statistic).unwrap_or(0).cast_signed();
        let count = lane(Statistic::Count).unwrap_or(self.events);
        if count == 0 || count > self.events {
            return Err(Malformed);
        }
        let latest = number(lane(Statistic::Latest).ok_or(Malformed)?);
        let earliest = lane(Statistic::Earliest).map_or(latest, &number);
        let (lesser, greater) =
            if latest.is_less(earliest) { (latest, earliest) } else { (earliest, latest) };
        let earliest_at =
            after(self.first, millis(Statistic::EarliestAge), millis(Statistic::EarliestSequence));
        let latest_at =
            before(self.last, millis(Statistic::LatestAge), millis(Statistic::LatestSequence));
        Ok(Some(Summary {
            count,
            sum: sum(lanes, count, latest),
            min: lane(Statistic::Min).map_or(lesser, &number),
            max: lane(Statistic::Max).map_or(greater, &number),
            earliest: (earliest_at, earliest),
            latest: (latest_at, latest),
        }))
    }
}

fn lane_of(lanes: &[(Statistic, u64)], statistic: Statistic) -> Option<u64> {
    lanes.iter().find(|(known, _)| *known == statistic).map(|(_, lane)| *lane)
}

fn integer_sum(lanes: &[(Statistic, u64)], count: u64, latest: i64) -> i128 {
    let low = lane_of(lanes, Statistic::Excess).unwrap_or(0);
    let high = lane_of(lanes, Statistic::ExcessHigh);
    let high = high.map_or(low.cast_signed() >> 63, u64::cast_signed);
    let excess = i128::from(high) << 64 | i128::from(low);
    excess.wrapping_add(i128::from(count) * i128::from(latest))
}

fn float_sum(lanes: &[(Statistic, u64)], count: u64, latest: f64) -> FloatSum {
    let mut sum = FloatSum::default();
    let parts = lanes.iter().filter(|(statistic, _)| matches!(statistic, Statistic::SumPart(_)));
    let mut any = false;
    for (_, lane) in parts {
        sum.add(f64::from_bits(*lane));
        any = true;
    }
    if !any {
        sum.add_times(latest, count);
    }
    sum
}
