//! From events, or finer roll-ups, of one series in the order of time to rows of a segment.

use std::io;
use std::sync::Arc;

use weir_types::value::ValueKind;
use weir_types::{Timestamp, Value, metric};

use super::encode::Columns;
use super::summary::Number;
use super::{Moment, NumberSummary, Resolution, RolledValue, Rollup, Summary};
use crate::block::ROWS_MAX;
use crate::rows::{Cell, Dictionary, Rows};

/// Roll-ups of one interval that are gathered at the same time; with more they are written, and
/// begun anew. It bounds memory where every event has a text of its own.
const OPEN_MAX: usize = 256;

/// Where finished rows go, with what their numbers stand for.
pub type Emit<'a> = dyn FnMut(&Rows, &dyn Dictionary) -> io::Result<()> + 'a;

/// Gathers one series after another.
pub struct RollupBuilder {
    resolution: Resolution,
    /// Whether numbers can be dimensions: see [`is_number`].
    is_metric: bool,
    /// Number of the interval that is gathered.
    interval: i64,
    open: Vec<Open>,
    /// The roll-up that took the last event: mostly it takes the next one.
    recent: usize,
    scratch: Vec<(Arc<str>, Value)>,
    rows: Rows,
    columns: Columns,
}

/// One roll-up in the making.
pub struct Open {
    pub same: Vec<(Arc<str>, Value)>,
    pub events: u64,
    pub first: Moment,
    pub last: Moment,
    pub numbers: Vec<(Arc<str>, NumberSummary)>,
}

impl RollupBuilder {
    pub fn new(resolution: Resolution, event_type: &str) -> Self {
        RollupBuilder {
            resolution,
            is_metric: event_type == metric::EVENT_TYPE,
            interval: 0,
            open: Vec::new(),
            recent: 0,
            scratch: Vec::new(),
            rows: Rows::new(),
            columns: Columns::default(),
        }
    }

    /// Adds an event, which is not before the one added last.
    pub fn add_event(
        &mut self,
        rows: &Rows,
        row: usize,
        dictionary: &dyn Dictionary,
        emit: &mut Emit<'_>,
    ) -> io::Result<()> {
        let timestamp = Timestamp::from_millis(rows.timestamp(row));
        let at = Moment { timestamp, sequence: rows.sequences[row] };
        self.reach(at, emit)?;
        let mut same = std::mem::take(&mut self.scratch);
        same.clear();
        let cells = || rows.columns.iter().filter_map(|c| Some((c.column, c.get(row)?)));
        for (column, lane) in cells() {
            let name = dictionary.name(column);
            if !self.is_number(column.kind(), name) {
                same.push((name.clone(), dictionary.value(Cell { column, lane })));
            }
        }
        same.sort_by(|a, b| a.0.cmp(&b.0));
        let (number, is_metric) = (self.find(&same, at, emit)?, self.is_metric);
        self.scratch = same;
        let open = &mut self.open[number];
        open.events += 1;
        open.last = at;
        let mut place = 0;
        for (column, lane) in cells() {
            let name = dictionary.name(column);
            match column.kind() {
                kind if !is_number(is_metric, kind, name) => {}
                ValueKind::Int => {
                    let numbers = open.numbers_at(name, &mut place);
                    add(&mut numbers.integers, lane.cast_signed(), at);
                }
                _ => {
                    let numbers = open.numbers_at(name, &mut place);
                    add(&mut numbers.floats, f64::from_bits(lane), at);
                }
            }
        }
        Ok(())
    }

    /// Adds a roll-up without its identity, whose last event is not before that added last.
    pub fn add_rollup(&mut self, rollup: &Rollup, emit: &mut Emit<'_>) -> io::Result<()> {
        self.reach(rollup.last, emit)?;
        let is_number = |name: &str, value: &RolledValue| match value {
            RolledValue::Same(value) => self.is_number(value.kind(), name),
            RolledValue::Numbers(_) => true,
        };
        let (numbers, same): (Vec<_>, Vec<_>) =
            rollup.attributes.iter().partition(|(name, value)| is_number(name, value));
        let same = same.into_iter().filter_map(|(name, value)| match value {
            RolledValue::Same(value) => Some((name.clone(), value.clone())),
            RolledValue::Numbers(_) => None,
        });
        let mut same: Vec<(Arc<str>, Value)> = same.collect();
        same.sort_by(|a, b| a.0.cmp(&b.0));
        let number = self.find(&same, rollup.first, emit)?;
        let open = &mut self.open[number];
        open.events += rollup.events;
        open.first = open.first.min(rollup.first);
        open.last = rollup.last;
        let mut place = 0;
        for (name, value) in numbers {
            let numbers = open.numbers_at(name, &mut place);
            let (count, first, last) = (rollup.events, rollup.first, rollup.last);
            match value {
                RolledValue::Same(Value::Int(int)) => {
                    absorb(&mut numbers.integers, &Summary::same(*int, count, first, last));
                }
                RolledValue::Same(Value::Float(float)) => {
                    absorb(&mut numbers.floats, &Summary::same(*float, count, first, last));
                }
                RolledValue::Same(_) => {}
                RolledValue::Numbers(summary) => {
                    summary.integers.iter().for_each(|s| absorb(&mut numbers.integers, s));
                    summary.floats.iter().for_each(|s| absorb(&mut numbers.floats, s));
                }
            }
        }
        Ok(())
    }

    /// Ends the series: everything gathered is written.
    pub fn finish_series(&mut self, emit: &mut Emit<'_>) -> io::Result<()> {
        self.write_open(emit)?;
        self.write_rows(emit)
    }

    fn is_number(&self, kind: ValueKind, name: &str) -> bool {
        is_number(self.is_metric, kind, name)
    }

    /// Writes what is open when the moment lies in another interval.
    fn reach(&mut self, at: Moment, emit: &mut Emit<'_>) -> io::Result<()> {
        let interval = self.resolution.interval_of(at.timestamp.as_millis());
        if interval != self.interval {
            self.write_open(emit)?;
            self.interval = interval;
        }
        Ok(())
    }

    /// The roll-up of these strings and booleans; a new one begins `at`.
    fn find(
        &mut self,
        same: &[(Arc<str>, Value)],
        at: Moment,
        emit: &mut Emit<'_>,
    ) -> io::Result<usize> {
        if self.open.get(self.recent).is_some_and(|open| open.same == same) {
            return Ok(self.recent);
        }
        let known = self.open.iter().position(|open| open.same == same);
        self.recent = match known {
            Some(number) => number,
            None => {
                if self.open.len() >= OPEN_MAX {
                    self.write_open(emit)?;
                }
                let (same, numbers) = (same.to_vec(), Vec::new());
                self.open.push(Open { same, events: 0, first: at, last: at, numbers });
                self.open.len() - 1
            }
        };
        Ok(self.recent)
    }

    fn write_open(&mut self, emit: &mut Emit<'_>) -> io::Result<()> {
        let mut open = std::mem::take(&mut self.open);
        open.sort_by_key(|open| open.last);
        for open in open {
            self.columns.append(&open, &mut self.rows);
            if self.rows.len == ROWS_MAX {
                self.write_rows(emit)?;
            }
        }
        Ok(())
    }

    fn write_rows(&mut self, emit: &mut Emit<'_>) -> io::Result<()> {
        if self.rows.len > 0 {
            emit(&self.rows, &self.columns)?;
            self.rows.clear();
            self.columns.forget_strings();
        }
        Ok(())
    }
}

impl Open {
    /// The summary of an attribute; `place` is where it is likely to be, and moves on.
    fn numbers_at(&mut self, name: &Arc<str>, place: &mut usize) -> &mut NumberSummary {
        let is_here = self.numbers.get(*place).is_some_and(|(known, _)| known == name);
        let at = match is_here {
            true => *place,
            false => {
                self.numbers.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                    self.numbers.push((name.clone(), NumberSummary::default()));
                    self.numbers.len() - 1
                })
            }
        };
        *place = at + 1;
        &mut self.numbers[at].1
    }
}

fn add<N: Number>(summary: &mut Option<Summary<N>>, number: N, at: Moment) {
    match summary {
        Some(summary) => summary.add(number, at),
        none => *none = Some(Summary::same(number, 1, at, at)),
    }
}

fn absorb<N: Number>(summary: &mut Option<Summary<N>>, other: &Summary<N>) {
    match summary {
        Some(summary) => summary.absorb(other),
        none => *none = Some(other.clone()),
    }
}

/// Whether the attribute is summarized; others tell roll-ups apart. Dimensions of a metric do, also
/// when they are numbers.
fn is_number(is_metric: bool, kind: ValueKind, name: &str) -> bool {
    let is_dimension = || is_metric && !metric::is_measure(name);
    matches!(kind, ValueKind::Int | ValueKind::Float) && !is_dimension()
}
