//! Values of one width, packed without gaps, lowest bits first.

use crate::codec::Malformed;

/// Bits needed to hold `value`; 0 for 0.
pub fn width_of(value: u64) -> u8 {
    (64 - value.leading_zeros()) as u8
}

/// Bytes that `count` values of `width` bits take.
pub fn packed_len(count: usize, width: u8) -> usize {
    (count * usize::from(width)).div_ceil(8)
}

/// Appends the low `width` bits of each value; higher bits must be zero.
pub fn pack(values: impl Iterator<Item = u64>, width: u8, out: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let (mut pending, mut pending_bits) = (0_u128, 0_u32);
    for value in values {
        pending |= u128::from(value) << pending_bits;
        pending_bits += u32::from(width);
        if pending_bits >= 64 {
            out.extend_from_slice(&(pending as u64).to_le_bytes());
            pending >>= 64;
            pending_bits -= 64;
        }
    }
    out.extend_from_slice(&pending.to_le_bytes()[..pending_bits.div_ceil(8) as usize]);
}

/// Fills `values` from the front of `bytes`.
pub fn unpack(bytes: &[u8], width: u8, values: &mut [u64]) -> Result<(), Malformed> {
    if width > 64 || bytes.len() < packed_len(values.len(), width) {
        return Err(Malformed);
    }
    if width == 0 {
        values.fill(0);
        return Ok(());
    }
    let mask = u64::MAX >> (64 - width);
    let (mut pending, mut pending_bits, mut rest) = (0_u128, 0_u32, bytes);
    for value in values {
        if pending_bits < u32::from(width) {
            let (word, taken) = next_word(rest);
            pending |= u128::from(word) << pending_bits;
            pending_bits += 64;
            rest = &rest[taken..];
        }
        *value = pending as u64 & mask;
        pending >>= width;
        pending_bits -= u32::from(width);
    }
    Ok(())
}

/// Up to eight bytes, zeros where they end: the length was checked before.
fn next_word(bytes: &[u8]) -> (u64, usize) {
    if let Some(word) = bytes.first_chunk::<8>() {
        return (u64::from_le_bytes(*word), 8);
    }
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    (u64::from_le_bytes(word), bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_comes_back() {
        for width in 0..=64_u8 {
            let top = if width == 0 { 0 } else { u64::MAX >> (64 - width) };
            for count in [1, 2, 7, 63, 64] {
                let values: Vec<u64> = (0..count)
                    .map(|i| top & (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
                    .collect();
                let mut bytes = Vec::new();
                pack(values.iter().copied(), width, &mut bytes);
                assert_eq!(bytes.len(), packed_len(count, width));
                let mut back = vec![1; count];
                unpack(&bytes, width, &mut back).unwrap();
                assert_eq!(back, values, "width {width}, count {count}");
            }
        }
    }

    #[test]
    fn short_bytes_are_malformed() {
        assert_eq!(unpack(&[0; 7], 8, &mut [0; 8]), Err(Malformed));
        assert_eq!(unpack(&[0; 700], 65, &mut [0; 8]), Err(Malformed));
    }
}
