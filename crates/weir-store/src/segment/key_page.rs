//! The keys of a group's series. Each series is a row and each identity attribute a column of
//! 64-row blocks, in the form of any other column.

use std::sync::Arc;

use weir_types::Value;

use super::column_page::{ColumnPage, ColumnPageWriter, Entry};
use crate::block::{Block, ROWS_MAX, rows_of};
use crate::codec::{Malformed, Reader, put_varint};
use crate::rows::{Cell, ColumnId, Rows};

#[derive(Default)]
pub struct KeyPageWriter {
    /// Ascending by column.
    columns: Vec<(ColumnId, ColumnPageWriter)>,
    rows: Option<Box<Rows>>,
    runs: usize,
}

impl KeyPageWriter {
    /// Appends the key of the next series.
    pub fn push(&mut self, key: &[(ColumnId, &Value)]) {
        let rows = self.rows.get_or_insert_with(|| Box::new(Rows::new()));
        let row = rows.len;
        for (column, value) in key {
            let page = page_of(&mut self.columns, *column);
            let lane = match value {
                Value::Int(int) => int.cast_unsigned(),
                Value::Float(float) => float.to_bits(),
                Value::Bool(bool) => u64::from(*bool),
                Value::Str(string) => page.strings.number(string),
            };
            let at = rows.column_at(*column);
            rows.columns[at].set(row, lane);
        }
        rows.len += 1;
        if rows.len == ROWS_MAX {
            self.finish_run();
        }
    }

    pub fn len_bytes(&self) -> usize {
        self.columns.iter().map(|(_, page)| page.len_bytes()).sum()
    }

    pub fn finish(mut self) -> Vec<u8> {
        self.finish_run();
        let mut out = Vec::with_capacity(self.len_bytes() + 16);
        put_varint(&mut out, self.columns.len() as u64);
        for (column, page) in self.columns {
            let page = page.finish(column, self.runs);
            put_varint(&mut out, column.bits().into());
            put_varint(&mut out, page.len() as u64);
            out.extend_from_slice(&page);
        }
        out
    }

    fn finish_run(&mut self) {
        let Some(rows) = self.rows.take_if(|rows| rows.len > 0) else { return };
        for column in &rows.columns {
            let page = page_of(&mut self.columns, column.column);
            page.skip_to(self.runs);
            page.push(rows.len, column.presence, &column.lanes);
        }
        self.runs += 1;
    }
}

/// The keys of `series` series, and the dictionary of each text column.
pub struct Keys {
    pub keys: Vec<Vec<Cell>>,
    pub strings: Vec<(ColumnId, Vec<Arc<str>>)>,
}

impl Keys {
    /// `names` are as many as the table has.
    pub fn decode(page: &[u8], series: usize, names: usize) -> Result<Keys, Malformed> {
        let mut reader = Reader::new(page);
        let mut before = None;
        let mut keys = Keys { keys: vec![Vec::new(); series], strings: Vec::new() };
        for _ in 0..reader.count(2)? {
            let bits = u32::try_from(reader.varint()?).map_err(|_| Malformed)?;
            let len = usize::try_from(reader.varint()?).map_err(|_| Malformed)?;
            let column = ColumnId::from_bits(bits);
            if column.name() >= names || before.is_some_and(|before| column <= before) {
                return Err(Malformed);
            }
            before = Some(column);
            keys.decode_column(column, reader.take(len)?)?;
        }
        if reader.is_empty() { Ok(keys) } else { Err(Malformed) }
    }

    fn decode_column(&mut self, column: ColumnId, page: &[u8]) -> Result<(), Malformed> {
        let (mut page, strings) = ColumnPage::open(column, page.into())?;
        let mut lanes = [0; ROWS_MAX];
        for run in self.keys.chunks_mut(ROWS_MAX) {
            let block = match page.next_entry()? {
                Entry::Absent => continue,
                Entry::Block(block) => Block::parse(column.codec(), run.len(), block)?,
                Entry::Difference(_) => return Err(Malformed),
            };
            block.unpack(&mut lanes)?;
            for row in rows_of(block.presence()) {
                let lane = lanes[row];
                if column.is_text() && lane >= strings.len() as u64 {
                    return Err(Malformed);
                }
                run[row].push(Cell { column, lane });
            }
        }
        if column.is_text() {
            self.strings.push((column, strings));
        }
        Ok(())
    }
}

fn page_of(
    columns: &mut Vec<(ColumnId, ColumnPageWriter)>,
    column: ColumnId,
) -> &mut ColumnPageWriter {
    let at = match columns.binary_search_by_key(&column, |(id, _)| *id) {
        Ok(at) => at,
        Err(at) => {
            columns.insert(at, (column, ColumnPageWriter::new(column)));
            at
        }
    };
    &mut columns[at].1
}
