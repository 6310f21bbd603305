//! Blocks of 64-bit integers: a constant, offsets from the minimum, or differences of neighbours,
//! whichever is smallest.

use super::bits::{pack, packed_len, unpack, width_of};
use super::{ENCODING, ROWS_MAX, WITH_SUM};
use crate::codec::{
    Malformed, Reader, put_signed, put_varint, put_varint_wide, varint_len, zigzag,
};

const CONSTANT: u8 = 0;
const OFFSETS: u8 = 1;
const DIFFERENCES: u8 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntStats {
    pub count: u32,
    pub min: i64,
    pub max: i64,
    /// Absent where a sum means nothing.
    pub sum: Option<i128>,
    pub first: i64,
    pub last: i64,
}

pub struct IntBlock<'a> {
    pub stats: IntStats,
    packing: Packing,
    packed: &'a [u8],
}

#[derive(Clone, Copy)]
enum Packing {
    Constant,
    Offsets,
    Differences { least: i64, width: u8 },
}

/// Appends statistics and values (at least one); gives the tag.
pub fn encode(values: &[u64], with_sum: bool, out: &mut Vec<u8>) -> u8 {
    let stats = stats_of(values, with_sum);
    let flag = if with_sum { WITH_SUM } else { 0 };
    put_signed(out, stats.min);
    if stats.min == stats.max {
        return CONSTANT | flag;
    }
    put_stats(&stats, out);
    let offset_width = width_of(span(stats.min, stats.max));
    match Differences::of(values, &stats)
        .filter(|d| d.len(values) < packed_len(values.len(), offset_width))
    {
        Some(differences) => {
            differences.put(values, out);
            DIFFERENCES | flag
        }
        None => {
            let offsets = values.iter().map(|v| span(stats.min, v.cast_signed()));
            pack(offsets, offset_width, out);
            OFFSETS | flag
        }
    }
}

impl<'a> IntBlock<'a> {
    /// `reader` stands behind tag and presence.
    pub fn parse(tag: u8, count: u32, reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let with_sum = tag & WITH_SUM != 0;
        let min = reader.signed()?;
        if tag & ENCODING == CONSTANT {
            let sum = with_sum.then(|| i128::from(min) * i128::from(count));
            let stats = IntStats { count, min, max: min, sum, first: min, last: min };
            return Ok(IntBlock { stats, packing: Packing::Constant, packed: &[] });
        }
        let stats = read_stats(count, min, with_sum, reader)?;
        let packing = match tag & ENCODING {
            OFFSETS => Packing::Offsets,
            DIFFERENCES => Packing::Differences { least: reader.signed()?, width: reader.byte()? },
            _ => return Err(Malformed),
        };
        Ok(IntBlock { stats, packing, packed: reader.rest() })
    }

    pub fn unpack(&self, values: &mut [u64]) -> Result<(), Malformed> {
        let min = self.stats.min.cast_unsigned();
        match self.packing {
            Packing::Constant => values.fill(min),
            Packing::Offsets => {
                let width = width_of(span(self.stats.min, self.stats.max));
                unpack(self.packed, width, values)?;
                values.iter_mut().for_each(|value| *value = value.wrapping_add(min));
            }
            Packing::Differences { least, width } => {
                let (first, rest) = values.split_first_mut().ok_or(Malformed)?;
                unpack(self.packed, width, rest)?;
                *first = self.stats.first.cast_unsigned();
                let mut at = *first;
                for value in rest {
                    at = at.wrapping_add(*value).wrapping_add(least.cast_unsigned());
                    *value = at;
                }
            }
        }
        Ok(())
    }
}

/// Differences of neighbours above the least of them; only where none overflows.
struct Differences {
    least: i64,
    width: u8,
}

impl Differences {
    fn of(values: &[u64], stats: &IntStats) -> Option<Differences> {
        // Where the whole span fits, every difference does.
        stats.max.checked_sub(stats.min)?;
        let (mut least, mut most) = (i64::MAX, i64::MIN);
        for pair in values.windows(2) {
            let difference = pair[1].wrapping_sub(pair[0]).cast_signed();
            least = least.min(difference);
            most = most.max(difference);
        }
        (values.len() > 1).then(|| Differences { least, width: width_of(span(least, most)) })
    }

    fn len(&self, values: &[u64]) -> usize {
        varint_len(zigzag(self.least)) + 1 + packed_len(values.len() - 1, self.width)
    }

    fn put(&self, values: &[u64], out: &mut Vec<u8>) {
        put_signed(out, self.least);
        out.push(self.width);
        let least = self.least.cast_unsigned();
        let above = values.windows(2).map(|p| p[1].wrapping_sub(p[0]).wrapping_sub(least));
        pack(above, self.width, out);
    }
}

fn stats_of(values: &[u64], with_sum: bool) -> IntStats {
    let first = values[0].cast_signed();
    let last = values[values.len() - 1].cast_signed();
    let mut stats =
        IntStats { count: values.len() as u32, min: first, max: first, sum: None, first, last };
    for value in values {
        stats.min = stats.min.min(value.cast_signed());
        stats.max = stats.max.max(value.cast_signed());
    }
    if with_sum {
        stats.sum = Some(sum_of(values, stats.min, stats.max));
    }
    stats
}

/// Exact; small numbers, which nearly all are, are summed in 64 bits.
fn sum_of(values: &[u64], min: i64, max: i64) -> i128 {
    const SMALL: i64 = i64::MAX / ROWS_MAX as i64;
    if min >= -SMALL && max <= SMALL {
        return values.iter().map(|value| value.cast_signed()).sum::<i64>().into();
    }
    values.iter().map(|value| i128::from(value.cast_signed())).sum()
}

/// All as distances from the minimum, which is already written.
fn put_stats(stats: &IntStats, out: &mut Vec<u8>) {
    put_varint(out, span(stats.min, stats.max));
    put_varint(out, span(stats.min, stats.first));
    put_varint(out, span(stats.min, stats.last));
    if let Some(sum) = stats.sum {
        let floor = i128::from(stats.min) * i128::from(stats.count);
        put_varint_wide(out, (sum - floor).cast_unsigned());
    }
}

fn read_stats(
    count: u32,
    min: i64,
    with_sum: bool,
    reader: &mut Reader<'_>,
) -> Result<IntStats, Malformed> {
    let mut distance = || reader.varint().map(|d| min.wrapping_add_unsigned(d));
    let (max, first, last) = (distance()?, distance()?, distance()?);
    let sum = match with_sum {
        true => {
            let excess = reader.varint_wide()?;
            let most = u128::from(u64::MAX) * ROWS_MAX as u128;
            let excess = i128::try_from(excess.min(most)).map_err(|_| Malformed)?;
            Some(i128::from(min) * i128::from(count) + excess)
        }
        false => None,
    };
    Ok(IntStats { count, min, max, sum, first, last })
}

/// How far `to` lies above `from`; exact for any two integers.
fn span(from: i64, to: i64) -> u64 {
    to.wrapping_sub(from).cast_unsigned()
}
