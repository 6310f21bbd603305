//! Blocks: up to 64 values of one column of one series, immutable, packed, with statistics in
//! front. The memtable holds them now; sealed segments will hold the same bytes.
//!
//! A block is a tag byte, a presence bitmap where rows lack the attribute, statistics, and the
//! values in bits. Statistics answer without unpacking. The layout byte by byte is in
//! `docs/internals/block-format.md`.

mod bits;
mod floats;
mod ints;

use weir_types::value::ValueKind;

pub use crate::codec::Malformed;
pub use floats::FloatStats;
pub use ints::IntStats;

use crate::codec::Reader;
use floats::FloatBlock;
use ints::IntBlock;

/// Most rows of a block; one bit of a `u64` each.
pub const ROWS_MAX: usize = 64;

/// The values of one column, each as 64 bits: an integer in two's complement, a double in IEEE
/// 754, a boolean as 0 or 1, a string as its number in the column's dictionary.
pub type Lanes = [u64; ROWS_MAX];

const SPARSE: u8 = 0x80;
const WITH_SUM: u8 = 0x10;
const ENCODING: u8 = 0x0f;

/// How a column's lanes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Numbers that may be summed: integers, booleans.
    Int,
    /// Numbers whose sum means nothing: timestamps, sequences, dictionary numbers.
    Id,
    Float,
}

impl Codec {
    pub fn of(kind: ValueKind) -> Codec {
        match kind {
            ValueKind::Int | ValueKind::Bool => Codec::Int,
            ValueKind::Str => Codec::Id,
            ValueKind::Float => Codec::Float,
        }
    }
}

/// What a block says about its values without unpacking them. `first` and `last` are in row order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stats {
    Int(IntStats),
    Float(FloatStats),
}

/// A parsed block: statistics read, values still packed.
pub struct Block<'a> {
    presence: u64,
    body: Body<'a>,
}

enum Body<'a> {
    Ints(IntBlock<'a>),
    Floats(FloatBlock<'a>),
}

/// Appends the block of the rows marked in `presence` (at least one of the first `rows` rows).
pub fn encode(codec: Codec, rows: usize, presence: u64, lanes: &Lanes, out: &mut Vec<u8>) {
    let mut gathered = [0; ROWS_MAX];
    let sparse = presence != all_present(rows);
    let values = if sparse { gather(presence, lanes, &mut gathered) } else { &lanes[..rows] };
    let tag_at = out.len();
    out.push(0);
    if sparse {
        out.extend_from_slice(&presence.to_le_bytes());
    }
    let tag = match codec {
        Codec::Int => ints::encode(values, true, out),
        Codec::Id => ints::encode(values, false, out),
        Codec::Float => floats::encode(values, out),
    };
    out[tag_at] = tag | if sparse { SPARSE } else { 0 };
}

impl<'a> Block<'a> {
    pub fn parse(codec: Codec, rows: usize, bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let tag = reader.byte()?;
        let presence = if tag & SPARSE == 0 { all_present(rows) } else { reader.u64()? };
        if presence == 0 || presence & !all_present(rows) != 0 {
            return Err(Malformed);
        }
        let count = presence.count_ones();
        let tag = tag & !SPARSE;
        let body = match codec {
            Codec::Int | Codec::Id => Body::Ints(IntBlock::parse(tag, count, &mut reader)?),
            Codec::Float => Body::Floats(FloatBlock::parse(tag, count, &mut reader)?),
        };
        Ok(Block { presence, body })
    }

    /// Bit `i` is set when row `i` has a value.
    pub fn presence(&self) -> u64 {
        self.presence
    }

    pub fn stats(&self) -> Stats {
        match &self.body {
            Body::Ints(ints) => Stats::Int(ints.stats),
            Body::Floats(floats) => Stats::Float(floats.stats),
        }
    }

    /// Unpacks every value to the lane of its row; lanes of absent rows are left as they are.
    pub fn unpack(&self, lanes: &mut Lanes) -> Result<(), Malformed> {
        let count = self.presence.count_ones() as usize;
        if self.presence == all_present(count) {
            return self.body.unpack(&mut lanes[..count]);
        }
        let mut values = [0; ROWS_MAX];
        self.body.unpack(&mut values[..count])?;
        scatter(self.presence, &values[..count], lanes);
        Ok(())
    }
}

impl Body<'_> {
    fn unpack(&self, values: &mut [u64]) -> Result<(), Malformed> {
        match self {
            Body::Ints(ints) => ints.unpack(values),
            Body::Floats(floats) => floats.unpack(values),
        }
    }
}

/// The presence bitmap in which none of `rows` rows is missing.
pub fn all_present(rows: usize) -> u64 {
    match rows {
        0 => 0,
        rows => u64::MAX >> (ROWS_MAX - rows.min(ROWS_MAX)),
    }
}

fn gather<'a>(presence: u64, lanes: &Lanes, into: &'a mut Lanes) -> &'a [u64] {
    let mut count = 0;
    for row in rows_of(presence) {
        into[count] = lanes[row];
        count += 1;
    }
    &into[..count]
}

fn scatter(presence: u64, values: &[u64], lanes: &mut Lanes) {
    for (row, value) in rows_of(presence).zip(values) {
        lanes[row] = *value;
    }
}

/// Rows that are present, ascending.
pub fn rows_of(mut presence: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let row = presence.trailing_zeros() as usize;
        presence &= presence.checked_sub(1)?;
        Some(row)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lanes_of(values: &[u64]) -> Lanes {
        let mut lanes = [0; ROWS_MAX];
        lanes[..values.len()].copy_from_slice(values);
        lanes
    }

    fn round_trip(codec: Codec, presence: u64, values: &[u64]) -> (Lanes, Stats) {
        let mut bytes = Vec::new();
        encode(codec, values.len(), presence, &lanes_of(values), &mut bytes);
        let block = Block::parse(codec, values.len(), &bytes).unwrap();
        assert_eq!(block.presence(), presence);
        let mut lanes = [0; ROWS_MAX];
        block.unpack(&mut lanes).unwrap();
        (lanes, block.stats())
    }

    fn present(presence: u64, values: &[u64]) -> Lanes {
        let mut lanes = [0; ROWS_MAX];
        rows_of(presence).for_each(|row| lanes[row] = values[row]);
        lanes
    }

    fn ints() -> impl Strategy<Value = Vec<u64>> {
        let walk = (any::<i64>(), prop::collection::vec(-1_000_i64..1_000, 1..=ROWS_MAX)).prop_map(
            |(start, steps)| {
                let mut at = start;
                let walked = steps.into_iter().map(|step| {
                    at = at.wrapping_add(step);
                    at.cast_unsigned()
                });
                walked.collect()
            },
        );
        prop_oneof![prop::collection::vec(any::<u64>(), 1..=ROWS_MAX), walk]
    }

    fn floats() -> impl Strategy<Value = Vec<u64>> {
        let any_finite = any::<f64>().prop_filter("finite", |f| f.is_finite());
        let decimal = (-100_000_i64..100_000).prop_map(|i| i as f64 / 1000.0);
        prop_oneof![
            prop::collection::vec(any_finite.clone().prop_map(f64::to_bits), 1..=ROWS_MAX),
            prop::collection::vec(decimal.clone().prop_map(f64::to_bits), 1..=ROWS_MAX),
            prop::collection::vec(
                prop_oneof![30 => decimal, 1 => any_finite.clone()].prop_map(f64::to_bits),
                1..=ROWS_MAX
            ),
            prop::collection::vec(
                prop::sample::select(vec![0.0, -0.0, 1.0, 0.1, f64::MAX]).prop_map(f64::to_bits),
                1..=ROWS_MAX
            ),
        ]
    }

    fn presence_of(rows: usize, mask: u64) -> u64 {
        match mask & all_present(rows) {
            0 => all_present(rows),
            some => some,
        }
    }

    proptest! {
        #[test]
        fn integers_and_their_statistics_come_back(values in ints(), mask: u64) {
            let presence = presence_of(values.len(), mask);
            let (lanes, stats) = round_trip(Codec::Int, presence, &values);
            prop_assert_eq!(lanes, present(presence, &values));
            let Stats::Int(stats) = stats else { panic!("integers") };
            let kept: Vec<i64> = rows_of(presence).map(|row| values[row].cast_signed()).collect();
            prop_assert_eq!(stats.count as usize, kept.len());
            prop_assert_eq!(Some(&stats.min), kept.iter().min());
            prop_assert_eq!(Some(&stats.max), kept.iter().max());
            prop_assert_eq!(stats.sum, Some(kept.iter().map(|v| i128::from(*v)).sum()));
            prop_assert_eq!(Some(&stats.first), kept.first());
            prop_assert_eq!(Some(&stats.last), kept.last());
        }

        #[test]
        fn doubles_come_back_to_the_bit(values in floats(), mask: u64) {
            let presence = presence_of(values.len(), mask);
            let (lanes, stats) = round_trip(Codec::Float, presence, &values);
            prop_assert_eq!(lanes, present(presence, &values));
            let Stats::Float(stats) = stats else { panic!("doubles") };
            let kept: Vec<f64> = rows_of(presence).map(|row| f64::from_bits(values[row])).collect();
            prop_assert_eq!(stats.count as usize, kept.len());
            prop_assert_eq!(stats.min, kept.iter().copied().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(stats.max, kept.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            prop_assert_eq!(stats.first.to_bits(), kept[0].to_bits());
            prop_assert_eq!(stats.last.to_bits(), kept[kept.len() - 1].to_bits());
            let sum: f64 = kept.iter().sum();
            let scale: f64 = kept.iter().map(|v| v.abs()).sum();
            prop_assert!(sum == stats.sum || (sum - stats.sum).abs() <= scale * 1e-12);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), rows in 0..=ROWS_MAX) {
            for codec in [Codec::Int, Codec::Id, Codec::Float] {
                if let Ok(block) = Block::parse(codec, rows, &bytes) {
                    let _ = block.unpack(&mut [0; ROWS_MAX]);
                }
            }
        }
    }

    #[test]
    fn a_block_that_does_not_move_takes_a_few_bytes() {
        let mut bytes = Vec::new();
        encode(Codec::Int, ROWS_MAX, u64::MAX, &[7; ROWS_MAX], &mut bytes);
        assert_eq!(bytes.len(), 2);
    }

    #[test]
    fn a_steady_counter_costs_its_statistics_alone() {
        let mut bytes = Vec::new();
        let lanes: Lanes = std::array::from_fn(|i| 1_000_000 + 500 * i as u64);
        encode(Codec::Int, ROWS_MAX, u64::MAX, &lanes, &mut bytes);
        assert!(bytes.len() < 24, "{} bytes", bytes.len());
    }

    #[test]
    fn decimals_beat_raw_doubles() {
        let mut bytes = Vec::new();
        let lanes: Lanes = std::array::from_fn(|i| (i as f64 * 1.5 + 0.123).to_bits());
        encode(Codec::Float, ROWS_MAX, u64::MAX, &lanes, &mut bytes);
        assert!(bytes.len() < 160, "{} bytes", bytes.len());
    }

    #[test]
    fn seconds_with_nanoseconds_are_decimals() {
        let mut bytes = Vec::new();
        let nanos = |i: usize| std::time::Duration::from_nanos(3_000_000 + 12_345 * i as u64);
        let lanes: Lanes = std::array::from_fn(|i| nanos(i * i % 61).as_secs_f64().to_bits());
        encode(Codec::Float, ROWS_MAX, u64::MAX, &lanes, &mut bytes);
        assert!(bytes.len() < 200, "{} bytes", bytes.len());
        let mut back = [0; ROWS_MAX];
        Block::parse(Codec::Float, ROWS_MAX, &bytes).unwrap().unpack(&mut back).unwrap();
        assert_eq!(back, lanes);
    }
}
