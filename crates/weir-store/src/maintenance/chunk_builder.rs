//! Rows of one series on their way into a segment, gathered until a chunk is full.

use std::io;
use std::ops::Range;

use crate::block::ROWS_MAX;
use crate::rows::{Dictionary, Rows};
use crate::segment::SegmentWriter;

/// A chunk of this many rows of a segment goes as it is when nothing waits: filling it up gains less
/// than it costs.
const DIRECT_ROWS_MIN: usize = 48;

pub struct ChunkBuilder {
    rows: Rows,
    direct_rows_min: usize,
}

impl ChunkBuilder {
    /// For rows of segments.
    pub fn new() -> Self {
        ChunkBuilder { rows: Rows::new(), direct_rows_min: DIRECT_ROWS_MIN }
    }

    /// For rows of the memtable, whose chunks end at other polls from series to series: full ones
    /// end where those of their neighbours do, and share their timestamps and much else.
    pub fn filling() -> Self {
        ChunkBuilder { rows: Rows::new(), direct_rows_min: ROWS_MAX }
    }

    /// Appends `range` of `from`, which is sorted and lies behind what was pushed before.
    pub fn push(
        &mut self,
        from: &Rows,
        range: Range<usize>,
        dictionary: &dyn Dictionary,
        writer: &mut SegmentWriter,
    ) -> io::Result<()> {
        if self.rows.len == 0 && range == (0..from.len) && from.len >= self.direct_rows_min {
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
