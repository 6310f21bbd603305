//! Merged rows become roll-ups.

use std::io;
use std::ops::Range;

use super::dictionary::MergedDictionary;
use super::merge::{Output, OutputError, SeriesPlace};
use crate::Resolution;
use crate::rollup::{Names, RollupBuilder, decode};
use crate::rows::{Dictionary, Rows};
use crate::segment::SegmentWriter;

pub struct RolledUp {
    /// Of the rows that come in.
    from: Resolution,
    builder: RollupBuilder,
    /// What the names of the inputs mean, if they are roll-ups.
    names: Names,
}

impl RolledUp {
    pub fn new(from: Resolution, to: Resolution, event_type: &str) -> Self {
        RolledUp { from, builder: RollupBuilder::new(to, event_type), names: Names::default() }
    }
}

impl Output for RolledUp {
    fn push(
        &mut self,
        place: &mut SeriesPlace<'_>,
        rows: &Rows,
        range: Range<usize>,
        dictionary: &MergedDictionary,
        writer: &mut SegmentWriter,
    ) -> Result<(), OutputError> {
        self.names.follow(&dictionary.names);
        let mut emit = emit_to(place, writer);
        for row in range {
            if self.from == Resolution::Raw {
                self.builder.add_event(rows, row, dictionary, &mut emit)?;
            } else {
                let rollup = decode(self.from, rows, row, &[], &self.names, dictionary)?;
                self.builder.add_rollup(&rollup, &mut emit)?;
            }
        }
        Ok(())
    }

    fn finish_series(
        &mut self,
        place: &mut SeriesPlace<'_>,
        _: &MergedDictionary,
        writer: &mut SegmentWriter,
    ) -> io::Result<()> {
        self.builder.finish_series(&mut emit_to(place, writer))
    }
}

fn emit_to<'a>(
    place: &'a mut SeriesPlace<'_>,
    writer: &'a mut SegmentWriter,
) -> impl FnMut(&Rows, &dyn Dictionary) -> io::Result<()> + 'a {
    move |rows, dictionary| {
        place.begin(writer)?;
        writer.push(rows, dictionary)
    }
}
