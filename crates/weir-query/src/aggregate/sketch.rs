//! Published sketches for what does not fit exactly: DDSketch's logarithmic buckets for values
//! (Masson, Rim and Lee, 2019) and HyperLogLog for distinct members (Flajolet and others, 2007).

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::decision::PERCENTILE_RELATIVE_ERROR;

/// The representative of the value's bucket: off by [`PERCENTILE_RELATIVE_ERROR`] at most, so that
/// the number of different values is bounded whatever was observed.
pub fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_normal() {
        return 0.0;
    }
    let gamma = (1.0 + PERCENTILE_RELATIVE_ERROR) / (1.0 - PERCENTILE_RELATIVE_ERROR);
    let bucket = (value.abs().ln() / gamma.ln()).ceil();
    let representative = 2.0 * (bucket * gamma.ln()).exp() / (gamma + 1.0);
    representative.copysign(value)
}

/// Distinct members, estimated with a standard error of 1.04/√16384, 0.81 %. Meant for many: with
/// fewer than five members a register the estimate would lean upwards.
#[derive(Clone)]
pub struct HyperLogLog(Box<[u8]>);

impl HyperLogLog {
    const INDEX_BITS: u32 = 14;
    pub const REGISTERS: usize = 1 << Self::INDEX_BITS;

    pub fn new() -> HyperLogLog {
        HyperLogLog(vec![0; Self::REGISTERS].into())
    }

    pub fn add(&mut self, member: &(impl Hash + ?Sized)) {
        let mut hasher = DefaultHasher::new();
        member.hash(&mut hasher);
        let hash = hasher.finish();
        let index = (hash >> (u64::BITS - Self::INDEX_BITS)) as usize;
        // A bit behind the last ends the run of zeros.
        let rest = (hash << Self::INDEX_BITS) | (1 << (Self::INDEX_BITS - 1));
        let rank = rest.leading_zeros() as u8 + 1;
        self.0[index] = self.0[index].max(rank);
    }

    pub fn estimate(&self) -> f64 {
        let registers = Self::REGISTERS as f64;
        let bias = 0.7213 / (1.0 + 1.079 / registers);
        let sum: f64 = self.0.iter().map(|rank| (-f64::from(*rank)).exp2()).sum();
        bias * registers * registers / sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_sign_and_size() {
        for value in [1e-300, 0.001, 1.0, 1.02, 77.7, 123_456.0, 9e15, 1e300] {
            for value in [value, -value] {
                let off = (rounded(value) - value).abs() / value.abs();
                assert!(off <= PERCENTILE_RELATIVE_ERROR * (1.0 + 1e-9), "{value}: {off}");
            }
        }
        assert_eq!([rounded(0.0), rounded(-0.0), rounded(1e-310)], [0.0, 0.0, 0.0]);
    }

    #[test]
    fn many_members_are_counted_within_the_error() {
        const STANDARD_ERROR: f64 = 0.0081;
        let mut sketch = HyperLogLog::new();
        let mut next = 0_u64;
        for members in [100_000, 300_000, 1_000_000_u64] {
            while next < members {
                sketch.add(&next);
                next += 1;
            }
            let off = (sketch.estimate() / members as f64 - 1.0).abs();
            assert!(off < 3.0 * STANDARD_ERROR, "{members}: {off}");
        }
        let before = sketch.estimate();
        (0..1_000_u64).for_each(|member| sketch.add(&member));
        assert_eq!(sketch.estimate(), before);
    }
}
