//! Packed rows of one series: a block of timestamps, one of sequences, one a column. Immutable and
//! shared, so that a reader holds it without holding up the writer.

use std::sync::Arc;

use weir_types::TimeRange;

use crate::block::{self, Block, Codec, Malformed, ROWS_MAX, Stats};
use crate::codec::{Reader, put_varint};
use crate::rows::ColumnId;
use crate::rows::{ColumnRows, Rows};

/// The bytes are the whole chunk; the layout is in `docs/internals/block-format.md`.
#[derive(Clone)]
pub struct Chunk(Arc<[u8]>);

impl Chunk {
    /// Packs rows (at least one) that are sorted already.
    pub fn pack(rows: &Rows) -> Chunk {
        let all = block::all_present(rows.len);
        let mut out = Vec::with_capacity(256);
        let mut packed = Vec::with_capacity(256);
        out.push(rows.len as u8);
        for lanes in [&rows.timestamps, &rows.sequences] {
            packed.clear();
            block::encode(Codec::Id, rows.len, all, lanes, &mut packed);
            put_varint(&mut out, packed.len() as u64);
            out.extend_from_slice(&packed);
        }
        pack_columns(rows, &mut out, &mut packed);
        Chunk(out.into())
    }

    pub fn len_bytes(&self) -> usize {
        self.0.len()
    }

    pub fn row_count(&self) -> usize {
        usize::from(self.0[0])
    }

    /// Whether any timestamp may be in `range`, from the statistics alone.
    pub fn overlaps(&self, range: TimeRange) -> bool {
        let (min, max) = self.time_bounds().expect(PACKED_HERE);
        min < range.end.as_millis() && max >= range.begin.as_millis()
    }

    /// Latest timestamp, from the statistics alone.
    pub fn newest(&self) -> i64 {
        self.time_bounds().expect(PACKED_HERE).1
    }

    /// Earliest timestamp, from the statistics alone.
    pub fn oldest(&self) -> i64 {
        self.time_bounds().expect(PACKED_HERE).0
    }

    /// Appends the chunk's rows to `rows`, which must have room.
    pub fn unpack_into(&self, rows: &mut Rows) {
        debug_assert_eq!(rows.len, 0, "a chunk is unpacked first");
        self.try_unpack(rows).expect(PACKED_HERE);
    }

    fn time_bounds(&self) -> Result<(i64, i64), Malformed> {
        let (mut reader, row_count) = self.open()?;
        match sized_block(&mut reader, row_count)?.stats() {
            Stats::Int(stats) => Ok((stats.min, stats.max)),
            Stats::Float(_) => Err(Malformed),
        }
    }

    fn try_unpack(&self, rows: &mut Rows) -> Result<(), Malformed> {
        let (mut reader, row_count) = self.open()?;
        rows.len = row_count;
        sized_block(&mut reader, row_count)?.unpack(&mut rows.timestamps)?;
        sized_block(&mut reader, row_count)?.unpack(&mut rows.sequences)?;
        let mut column = 0;
        for _ in 0..reader.varint()? {
            column += reader.varint()?;
            let id = ColumnId::from_bits(u32::try_from(column).map_err(|_| Malformed)?);
            let len = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
            let block = Block::parse(id.codec(), row_count, reader.take(len)?)?;
            let mut unpacked = ColumnRows::new(id);
            unpacked.presence = block.presence();
            block.unpack(&mut unpacked.lanes)?;
            rows.columns.push(unpacked);
        }
        Ok(())
    }

    fn open(&self) -> Result<(Reader<'_>, usize), Malformed> {
        let mut reader = Reader::new(&self.0);
        let row_count = usize::from(reader.byte()?);
        if row_count == 0 || row_count > ROWS_MAX {
            return Err(Malformed);
        }
        Ok((reader, row_count))
    }
}

const PACKED_HERE: &str = "a chunk in memory is as it was packed";

fn pack_columns(rows: &Rows, out: &mut Vec<u8>, packed: &mut Vec<u8>) {
    let present = || rows.columns.iter().filter(|column| column.presence != 0);
    put_varint(out, present().count() as u64);
    let mut previous = 0;
    for column in present() {
        packed.clear();
        let codec = column.column.codec();
        block::encode(codec, rows.len, column.presence, &column.lanes, packed);
        put_varint(out, u64::from(column.column.bits() - previous));
        put_varint(out, packed.len() as u64);
        out.extend_from_slice(packed);
        previous = column.column.bits();
    }
}

fn sized_block<'a>(reader: &mut Reader<'a>, row_count: usize) -> Result<Block<'a>, Malformed> {
    let len = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
    Block::parse(Codec::Id, row_count, reader.take(len)?)
}
