//! What the manifest knows of a segment without opening it; the footer of the file says the same.

use weir_types::Timestamp;

use super::footer::Origin;
use crate::Resolution;
use crate::codec::{Malformed, Reader, put_signed, put_varint};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentMeta {
    pub id: u64,
    pub origin: Origin,
    /// Whether its rows are events or roll-ups; only merged segments hold roll-ups.
    pub resolution: Resolution,
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
                match self.resolution {
                    Resolution::Raw => put_varint(out, 1),
                    rolled => {
                        put_varint(out, 2);
                        put_varint(out, rolled.interval_millis().cast_unsigned());
                    }
                }
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
        let (origin, resolution) = match reader.varint()? {
            0 => (Origin::Generation(reader.varint()?), Resolution::Raw),
            1 => (read_replaced(reader)?, Resolution::Raw),
            2 => {
                let resolution = Resolution::of_interval(reader.varint()?).ok_or(Malformed)?;
                (read_replaced(reader)?, resolution)
            }
            _ => return Err(Malformed),
        };
        let mut time = || reader.signed().map(Timestamp::from_millis);
        let (created, oldest, newest) = (time()?, time()?, time()?);
        Ok(SegmentMeta {
            id,
            origin,
            resolution,
            created,
            oldest,
            newest,
            rows: reader.varint()?,
            series: reader.varint()?,
            end_sequence: reader.varint()?,
        })
    }
}

fn read_replaced(reader: &mut Reader<'_>) -> Result<Origin, Malformed> {
    let count = reader.count(1)?;
    let ids: Result<_, _> = (0..count).map(|_| reader.varint()).collect();
    Ok(Origin::Segments(ids?))
}
