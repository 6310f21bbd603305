//! Rows of one series on their way into a segment, gathered until a chunk is full.

use std::io;
use std::ops::Range;

use crate::block::ROWS_MAX;
use crate::rows::{Dictionary, Rows};
use crate::segment::SegmentWriter;

/// A chunk of this many rows goes as it is when nothing waits: filling it up gains less than it
/// costs.
const DIRECT_ROWS_MIN: usize = 48;

pub struct ChunkBuilder {
    rows: Rows,
}

impl ChunkBuilder {
    pub fn new() -> Self {
        ChunkBuilder { rows: Rows::new() }
    }

    /// Appends `range` of `from`, which is sorted and lies behind what was pushed before.
    pub fn push(
        &mut self,
        from: &Rows,
        range: Range<usize>,
        dictionary: &dyn Dictionary,
        writer: &mut SegmentWriter,
    ) -> io::Result<()> {
        if self.rows.len == 0 && range == (0..from.len) && from.len >= DIRECT_ROWS_MIN {
            return writer.push(from, dictionary);
        }
        let mut rest = range;
        while !rest.is_empty() {
            let taken = rest.len().min(ROWS_MAX - self.rows.len);
            self.rows.append(from, rest.start..rest.start + taken);
            rest.start += taken;
            if self.rows.len == ROWS_MAX {
                self.flush(dictionary, writer)?;
            }
        }
        Ok(())
    }

    /// Writes what waits: the series, or its share of the segment, ends.
    pub fn flush(
        &mut self,
        dictionary: &dyn Dictionary,
        writer: &mut SegmentWriter,
    ) -> io::Result<()> {
        if self.rows.len > 0 {
            writer.push(&self.rows, dictionary)?;
            self.rows.clear();
        }
        Ok(())
    }
}
