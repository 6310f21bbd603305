//! Blocks of doubles: a constant, short decimals held as integers, or the bits in which values
//! differ from the first one. Every value comes back to the bit.

use super::bits::{pack, unpack};
use super::ints::{self, IntBlock, IntStats};
use super::{ENCODING, ROWS_MAX};
use crate::codec::{Malformed, Reader};

const CONSTANT: u8 = 0;
const DECIMAL: u8 = 1;
const XOR: u8 = 2;

/// Most digits behind the point that [`DECIMAL`] tries: seconds are often counted in nanoseconds.
const DIGITS_MAX: u8 = 9;
const POWERS_OF_TEN: [f64; DIGITS_MAX as usize + 1] =
    [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/// Integers up to here are exact in a double.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloatStats {
    pub count: u32,
    pub min: f64,
    pub max: f64,
    pub sum: f64,
    pub first: f64,
    pub last: f64,
}

pub struct FloatBlock<'a> {
    pub stats: FloatStats,
    packing: Packing<'a>,
}

enum Packing<'a> {
    Constant,
    Decimal { digits: u8, ints: IntBlock<'a> },
    Xor { shift: u8, width: u8, packed: &'a [u8] },
}

/// Appends statistics and values (at least one); gives the tag.
pub fn encode(values: &[u64], out: &mut Vec<u8>) -> u8 {
    let first = values[0];
    let differing = values.iter().fold(0, |bits, value| bits | (value ^ first));
    if differing == 0 {
        out.extend_from_slice(&first.to_le_bytes());
        return CONSTANT;
    }
    if let Some((digits, scaled)) = as_decimals(values) {
        out.push(digits);
        let tag_at = out.len();
        out.push(0);
        out[tag_at] = ints::encode(&scaled[..values.len()], true, out);
        return DECIMAL;
    }
    put_xor(values, differing, out);
    XOR
}

impl<'a> FloatBlock<'a> {
    /// `reader` stands behind tag and presence.
    pub fn parse(tag: u8, count: u32, reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        match tag & ENCODING {
            CONSTANT => {
                let value = reader.f64()?;
                let sum = value * f64::from(count);
                let stats =
                    FloatStats { count, min: value, max: value, sum, first: value, last: value };
                Ok(FloatBlock { stats, packing: Packing::Constant })
            }
            DECIMAL => Self::parse_decimal(count, reader),
            XOR => Self::parse_xor(count, reader),
            _ => Err(Malformed),
        }
    }

    fn parse_decimal(count: u32, reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let digits = reader.byte()?;
        if digits > DIGITS_MAX {
            return Err(Malformed);
        }
        let tag = reader.byte()?;
        let ints = IntBlock::parse(tag, count, reader)?;
        let stats = unscaled_stats(&ints.stats, digits);
        Ok(FloatBlock { stats, packing: Packing::Decimal { digits, ints } })
    }

    fn parse_xor(count: u32, reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let (first, last) = (reader.f64()?, reader.f64()?);
        let (min, max, sum) = (reader.f64()?, reader.f64()?, reader.f64()?);
        let (shift, width) = (reader.byte()?, reader.byte()?);
        if shift > 63 {
            return Err(Malformed);
        }
        let stats = FloatStats { count, min, max, sum, first, last };
        Ok(FloatBlock { stats, packing: Packing::Xor { shift, width, packed: reader.rest() } })
    }

    pub fn unpack(&self, values: &mut [u64]) -> Result<(), Malformed> {
        let first = self.stats.first.to_bits();
        match &self.packing {
            Packing::Constant => values.fill(first),
            Packing::Decimal { digits, ints } => {
                ints.unpack(values)?;
                for value in values {
                    *value = unscaled(value.cast_signed(), *digits).to_bits();
                }
            }
            Packing::Xor { shift, width, packed } => {
                unpack(packed, *width, values)?;
                values.iter_mut().for_each(|value| *value = (*value << shift) ^ first);
            }
        }
        Ok(())
    }
}

/// The fewest digits with which every value is a whole number of its last digit, exactly.
fn as_decimals(values: &[u64]) -> Option<(u8, [u64; ROWS_MAX])> {
    let mut scaled = [0; ROWS_MAX];
    let mut digits = 0;
    let mut done = 0;
    while done < values.len() {
        match scaled_exactly(f64::from_bits(values[done]), digits) {
            Some(int) => {
                scaled[done] = int.cast_unsigned();
                done += 1;
            }
            None if digits < DIGITS_MAX => (digits, done) = (digits + 1, 0),
            None => return None,
        }
    }
    Some((digits, scaled))
}

fn scaled_exactly(value: f64, digits: u8) -> Option<i64> {
    let scaled = (value * POWERS_OF_TEN[usize::from(digits)]).round();
    if scaled.abs() >= EXACT_MAX {
        return None;
    }
    let int = scaled as i64;
    (unscaled(int, digits).to_bits() == value.to_bits()).then_some(int)
}

fn unscaled(int: i64, digits: u8) -> f64 {
    int as f64 / POWERS_OF_TEN[usize::from(digits)]
}

/// The sum is exact before its last rounding, the others are values of the block.
fn unscaled_stats(ints: &IntStats, digits: u8) -> FloatStats {
    let sum = ints.sum.unwrap_or_default() as f64 / POWERS_OF_TEN[usize::from(digits)];
    FloatStats {
        count: ints.count,
        min: unscaled(ints.min, digits),
        max: unscaled(ints.max, digits),
        sum,
        first: unscaled(ints.first, digits),
        last: unscaled(ints.last, digits),
    }
}

fn put_xor(values: &[u64], differing: u64, out: &mut Vec<u8>) {
    let first = values[0];
    let doubles = || values.iter().map(|value| f64::from_bits(*value));
    let min = doubles().fold(f64::INFINITY, f64::min);
    let max = doubles().fold(f64::NEG_INFINITY, f64::max);
    let last = f64::from_bits(values[values.len() - 1]);
    for number in [f64::from_bits(first), last, min, max, doubles().sum()] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let shift = differing.trailing_zeros() as u8;
    let width = 64 - shift - differing.leading_zeros() as u8;
    out.extend_from_slice(&[shift, width]);
    pack(values.iter().map(|value| (value ^ first) >> shift), width, out);
}
