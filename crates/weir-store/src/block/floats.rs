//! Blocks of doubles: a constant, short decimals held as integers (a few others beside them), or
//! the bits in which values differ from the first one. Every value comes back to the bit.

use super::bits::{pack, unpack};
use super::ints::{self, IntBlock, IntStats};
use super::{ENCODING, ROWS_MAX};
use crate::codec::{Malformed, Reader};

const CONSTANT: u8 = 0;
const DECIMAL: u8 = 1;
const XOR: u8 = 2;
const PATCHED: u8 = 3;

/// One value in this many may be no short decimal.
const PATCHES_SHARE: usize = 8;

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
    /// `patches` are the values that are no decimals: a byte for the place, eight for the bits.
    Decimal {
        digits: u8,
        patches: &'a [u8],
        ints: IntBlock<'a>,
    },
    Xor {
        shift: u8,
        width: u8,
        packed: &'a [u8],
    },
}

/// Appends statistics and values (at least one); gives the tag.
pub fn encode(values: &[u64], out: &mut Vec<u8>) -> u8 {
    let first = values[0];
    let differing = values.iter().fold(0, |bits, value| bits | (value ^ first));
    if differing == 0 {
        out.extend_from_slice(&first.to_le_bytes());
        return CONSTANT;
    }
    if let Some(decimals) = Decimals::of(values) {
        return decimals.put(out);
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
            DECIMAL => Self::parse_decimal(count, false, reader),
            PATCHED => Self::parse_decimal(count, true, reader),
            XOR => Self::parse_xor(count, reader),
            _ => Err(Malformed),
        }
    }

    fn parse_decimal(
        count: u32,
        patched: bool,
        reader: &mut Reader<'a>,
    ) -> Result<Self, Malformed> {
        let digits = reader.byte()?;
        if digits > DIGITS_MAX {
            return Err(Malformed);
        }
        let patch_count = if patched { reader.byte()? } else { 0 };
        let patches = reader.take(usize::from(patch_count) * PATCH_BYTES)?;
        let places = || patches_of(patches).map(|(place, _)| place);
        let decimals = count.checked_sub(patch_count.into()).filter(|n| *n > 0).ok_or(Malformed)?;
        if !places().is_sorted_by(|a, b| a < b) || places().any(|place| place >= count as usize) {
            return Err(Malformed);
        }
        let tag = reader.byte()?;
        let ints = IntBlock::parse(tag, decimals, reader)?;
        let mut stats = unscaled_stats(&ints.stats, digits);
        patches_of(patches).for_each(|(place, value)| stats.add(place, value, count));
        Ok(FloatBlock { stats, packing: Packing::Decimal { digits, patches, ints } })
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
            Packing::Decimal { digits, patches, ints } => {
                let decimals = values.len() - patches.len() / PATCH_BYTES;
                let mut scaled = [0; ROWS_MAX];
                ints.unpack(&mut scaled[..decimals])?;
                let mut scaled = scaled.into_iter();
                let mut patches = patches_of(patches).peekable();
                for (place, value) in values.iter_mut().enumerate() {
                    *value = match patches.next_if(|(patched, _)| *patched == place) {
                        Some((_, patch)) => patch.to_bits(),
                        None => {
                            let int = scaled.next().unwrap_or_default();
                            unscaled(int.cast_signed(), *digits).to_bits()
                        }
                    };
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

/// Place and bits.
const PATCH_BYTES: usize = 9;

/// Places ascend.
fn patches_of(patches: &[u8]) -> impl Iterator<Item = (usize, f64)> {
    patches
        .as_chunks::<PATCH_BYTES>()
        .0
        .iter()
        .map(|[place, bits @ ..]| (usize::from(*place), f64::from_le_bytes(*bits)))
}

/// Values as whole numbers of their last digit, but for a few.
struct Decimals {
    digits: u8,
    scaled: Vec<u64>,
    patches: Vec<u8>,
}

impl Decimals {
    /// With the fewest digits that leave few enough values out; `None` when nine don't.
    fn of(values: &[u64]) -> Option<Decimals> {
        (0..=DIGITS_MAX).find_map(|digits| Decimals::with(digits, values))
    }

    fn with(digits: u8, values: &[u64]) -> Option<Decimals> {
        let patches_max = values.len() / PATCHES_SHARE * PATCH_BYTES;
        let mut decimals =
            Decimals { digits, scaled: Vec::with_capacity(values.len()), patches: Vec::new() };
        for (place, value) in values.iter().enumerate() {
            match scaled_exactly(f64::from_bits(*value), digits) {
                Some(int) => decimals.scaled.push(int.cast_unsigned()),
                None if decimals.patches.len() == patches_max => return None,
                None => {
                    decimals.patches.push(place as u8);
                    decimals.patches.extend_from_slice(&value.to_le_bytes());
                }
            }
        }
        Some(decimals)
    }

    /// Gives the tag.
    fn put(&self, out: &mut Vec<u8>) -> u8 {
        out.push(self.digits);
        if !self.patches.is_empty() {
            out.push((self.patches.len() / PATCH_BYTES) as u8);
            out.extend_from_slice(&self.patches);
        }
        let tag_at = out.len();
        out.push(0);
        out[tag_at] = ints::encode(&self.scaled, true, out);
        if self.patches.is_empty() { DECIMAL } else { PATCHED }
    }
}

impl FloatStats {
    /// Takes a value in that stands at `place` of `count`.
    fn add(&mut self, place: usize, value: f64, count: u32) {
        self.count = count;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sum += value;
        if place == 0 {
            self.first = value;
        }
        if place + 1 == count as usize {
            self.last = value;
        }
    }
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
