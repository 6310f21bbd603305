//! From a roll-up to a row of a segment; `decode` is the way back.

use std::sync::Arc;

use foldhash::HashMap;
use weir_types::Value;
use weir_types::value::ValueKind;

use super::build::Open;
use super::columns::{Code, NumberKind, Statistic};
use super::summary::Number;
use super::{FloatSum, Moment, Summary};
use crate::rows::{ColumnId, Dictionary, Rows};

/// The names of the table's columns, and the strings of the rows that wait.
#[derive(Default)]
pub struct Columns {
    names: Vec<Arc<str>>,
    numbers: HashMap<(Code, Arc<str>), usize>,
    strings: Vec<Arc<str>>,
}

impl Columns {
    /// Appends the roll-up to `rows`, in which there is room.
    pub fn append(&mut self, open: &Open, rows: &mut Rows) {
        let row = rows.len;
        rows.timestamps[row] = open.last.timestamp.as_millis().cast_unsigned();
        rows.sequences[row] = open.last.sequence;
        rows.len += 1;
        let (millis, sequences) = distance(open.first, open.last);
        let events = open.events.cast_signed();
        self.put_int(rows, Code::Events, "", Some(events).filter(|events| *events != 1));
        self.put_int(rows, Code::Span, "", Some(millis).filter(|millis| *millis != 0));
        self.put_int(rows, Code::SequenceSpan, "", Some(sequences).filter(|s| *s != 0));
        for (name, value) in &open.same {
            let lane = match value {
                Value::Int(int) => int.cast_unsigned(),
                Value::Float(float) => float.to_bits(),
                Value::Bool(bool) => u64::from(*bool),
                Value::Str(string) => self.string(string),
            };
            self.put(rows, Code::Same, name, value.kind(), lane);
        }
        for (name, numbers) in &open.numbers {
            if let Some(summary) = &numbers.integers {
                self.write_summary(rows, open, name, summary, NumberKind::Int, i64::cast_unsigned);
                self.write_integer_sum(rows, name, summary);
            }
            if let Some(summary) = &numbers.floats {
                self.write_summary(rows, open, name, summary, NumberKind::Float, f64::to_bits);
                self.write_float_sum(rows, name, summary);
            }
        }
    }

    /// The rows that were appended are written.
    pub fn forget_strings(&mut self) {
        self.strings.clear();
    }

    /// All but the sum.
    fn write_summary<N: Number>(
        &mut self,
        rows: &mut Rows,
        open: &Open,
        name: &str,
        summary: &Summary<N>,
        kind: NumberKind,
        lane: impl Fn(N) -> u64,
    ) {
        let of = |statistic| Code::Of(statistic, kind);
        let value_kind = match kind {
            NumberKind::Int => ValueKind::Int,
            NumberKind::Float => ValueKind::Float,
        };
        let (earliest_at, earliest) = summary.earliest;
        let (latest_at, latest) = summary.latest;
        let (lesser, greater) =
            if latest.is_less(earliest) { (latest, earliest) } else { (earliest, latest) };
        let same = |a: N, b: N| lane(a) == lane(b);
        self.put(rows, of(Statistic::Latest), name, value_kind, lane(latest));
        let numbers = [
            (Statistic::Earliest, earliest, latest),
            (Statistic::Min, summary.min, lesser),
            (Statistic::Max, summary.max, greater),
        ];
        for (statistic, number, absent) in numbers {
            if !same(number, absent) {
                self.put(rows, of(statistic), name, value_kind, lane(number));
            }
        }
        let count = Some(summary.count).filter(|count| *count != open.events);
        self.put_int(rows, of(Statistic::Count), name, count.map(u64::cast_signed));
        let (latest_age, latest_sequence) = distance(latest_at, open.last);
        let (earliest_age, earliest_sequence) = distance(open.first, earliest_at);
        let distances = [
            (Statistic::LatestAge, latest_age),
            (Statistic::LatestSequence, latest_sequence),
            (Statistic::EarliestAge, earliest_age),
            (Statistic::EarliestSequence, earliest_sequence),
        ];
        for (statistic, distance) in distances {
            self.put_int(rows, of(statistic), name, Some(distance).filter(|d| *d != 0));
        }
    }

    fn write_integer_sum(&mut self, rows: &mut Rows, name: &str, summary: &Summary<i64>) {
        let expected = i128::from(summary.count) * i128::from(summary.latest.1);
        let excess = summary.sum.wrapping_sub(expected);
        let (low, high) = (excess as i64, (excess >> 64) as i64);
        let of = |statistic| Code::Of(statistic, NumberKind::Int);
        self.put_int(rows, of(Statistic::Excess), name, Some(low).filter(|low| *low != 0));
        let high = Some(high).filter(|high| *high != low >> 63);
        self.put_int(rows, of(Statistic::ExcessHigh), name, high);
    }

    fn write_float_sum(&mut self, rows: &mut Rows, name: &str, summary: &Summary<f64>) {
        let mut expected = FloatSum::default();
        expected.add_times(summary.latest.1, summary.count);
        if summary.sum == expected {
            return;
        }
        let mut parts = summary.sum.to_parts();
        if parts.is_empty() {
            parts.push(0.0);
        }
        for (part, number) in (0..).zip(parts) {
            let code = Code::Of(Statistic::SumPart(part), NumberKind::Float);
            self.put(rows, code, name, ValueKind::Float, number.to_bits());
        }
    }

    fn put_int(&mut self, rows: &mut Rows, code: Code, name: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.put(rows, code, name, ValueKind::Int, value.cast_unsigned());
        }
    }

    /// Into the row that was appended last.
    fn put(&mut self, rows: &mut Rows, code: Code, name: &str, kind: ValueKind, lane: u64) {
        let column = ColumnId::new(self.number(code, name), kind);
        let at = rows.column_at(column);
        rows.columns[at].set(rows.len - 1, lane);
    }

    fn number(&mut self, code: Code, name: &str) -> usize {
        let key = (code, Arc::from(name));
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        self.names.push(code.name(name));
        self.numbers.insert(key, self.names.len() - 1);
        self.names.len() - 1
    }

    /// Neighbours mostly have the same string; which number it gets does not matter.
    fn string(&mut self, string: &Arc<str>) -> u64 {
        let known = self.strings.iter().rposition(|known| known == string);
        let number = known.unwrap_or_else(|| {
            self.strings.push(string.clone());
            self.strings.len() - 1
        });
        number as u64
    }
}

/// Milliseconds and sequences from one moment to another, wrapping.
fn distance(from: Moment, to: Moment) -> (i64, i64) {
    let millis = to.timestamp.as_millis().wrapping_sub(from.timestamp.as_millis());
    (millis, to.sequence.wrapping_sub(from.sequence).cast_signed())
}

impl Dictionary for Columns {
    fn name(&self, column: ColumnId) -> &Arc<str> {
        &self.names[column.name()]
    }

    fn string(&self, _: ColumnId, lane: u64) -> &Arc<str> {
        &self.strings[lane as usize]
    }
}
