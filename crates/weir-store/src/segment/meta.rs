//! What the manifest knows of a segment without opening it; the footer of the file says the same.

use weir_types::Timestamp;

use super::footer::Origin;
use crate::codec::{Malformed, Reader, put_signed, put_varint};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentMeta {
    pub id: u64,
    pub origin: Origin,
    /// When it was written, by the store's clock.
    pub created: Timestamp,
    pub rows: u64,
    /// Series of all its tables.
    pub series: u64,
    /// Earliest and latest event timestamp.
    pub oldest: Timestamp,
    pub newest: Timestamp,
    /// One above the highest sequence.
    pub end_sequence: u64,
}

impl SegmentMeta {
    /// When its last event counts as past: one from the future counts as the moment of writing, or
    /// it would keep its segment for ever.
    pub fn last_moment(&self) -> Timestamp {
        self.newest.min(self.created)
    }

    pub fn encode(&self, out: &mut Vec<u8>) {
        put_varint(out, self.id);
        match &self.origin {
            Origin::Generation(generation) => {
                put_varint(out, 0);
                put_varint(out, *generation);
            }
            Origin::Segments(replaced) => {
                put_varint(out, 1);
                put_varint(out, replaced.len() as u64);
                replaced.iter().for_each(|id| put_varint(out, *id));
            }
        }
        for time in [self.created, self.oldest, self.newest] {
            put_signed(out, time.as_millis());
        }
        for number in [self.rows, self.series, self.end_sequence] {
            put_varint(out, number);
        }
    }

    pub fn decode(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let id = reader.varint()?;
        let origin = match reader.varint()? {
            0 => Origin::Generation(reader.varint()?),
            1 => {
                let count = reader.count(1)?;
                let ids: Result<_, _> = (0..count).map(|_| reader.varint()).collect();
                Origin::Segments(ids?)
            }
            _ => return Err(Malformed),
        };
        let mut time = || reader.signed().map(Timestamp::from_millis);
        let (created, oldest, newest) = (time()?, time()?, time()?);
        Ok(SegmentMeta {
            id,
            origin,
            created,
            oldest,
            newest,
            rows: reader.varint()?,
            series: reader.varint()?,
            end_sequence: reader.varint()?,
        })
    }
}
