//! A segment as readers see it: open, checked page by page, never changed.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tracing::warn;
use weir_types::{AccountId, LatestQuery, TimeRange, Timestamp};

use super::cache::PageCache;
use super::footer::{
    FORMAT_VERSION, Footer, GroupIndex, HEADER_BYTES, Header, PageRef, TRAILER_BYTES, TableIndex,
    read_trailer, version_fits,
};
use super::group::{ChunkPlace, GroupReader, Pages};
use super::meta::SegmentMeta;
use super::path_of;
use crate::codec::Malformed;
use crate::disk::{Disk, ReadFile};
use crate::rollup::{self, Names, Rollup};
use crate::rows::{EventRow, Rows};
use crate::sync::lock;
use crate::{Damage, Unread};

/// Holds its file open: a reader that has it goes on reading after the file is removed.
pub struct Segment {
    pub meta: SegmentMeta,
    pub bytes: u64,
    path: PathBuf,
    file: Box<dyn ReadFile>,
    tables: Vec<TableIndex>,
    cache: Arc<PageCache>,
    /// By offset; each is told once.
    damage: Mutex<BTreeMap<u64, Damage>>,
}

/// What is done with a chunk that was read; an error says that its rows mean nothing.
type VisitChunk<'v> =
    dyn FnMut(&GroupReader, ChunkPlace, &Rows) -> Result<ControlFlow<()>, Malformed> + 'v;

/// Why a segment, or a part of it, can't be read.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("its checksum is wrong")]
    Checksum,
    #[error("{0}")]
    Malformed(#[from] Malformed),
    #[error("it has format version {0}, this Weir reads versions up to {FORMAT_VERSION}")]
    Version(u32),
}

impl SegmentError {
    /// Whether there is no such file.
    pub fn is_not_found(&self) -> bool {
        matches!(self, SegmentError::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

impl Segment {
    pub fn open(
        disk: &dyn Disk,
        dir: &Path,
        id: u64,
        cache: Arc<PageCache>,
    ) -> Result<Self, SegmentError> {
        let path = path_of(dir, id);
        let file = disk.open(&path)?;
        let footer = read_footer(&*file, id)?;
        let damage = Mutex::default();
        let (meta, tables, bytes) = (footer.meta, footer.tables, file.len());
        Ok(Segment { meta, bytes, path, file, tables, cache, damage })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file as they are, unchecked.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_at(offset, buffer)
    }

    pub fn tables(&self) -> &[TableIndex] {
        &self.tables
    }

    /// Tables of one account, ascending by event type.
    pub fn tables_of(&self, account: AccountId) -> impl Iterator<Item = &TableIndex> {
        self.tables.iter().filter(move |table| table.account == account)
    }

    /// What could not be read so far.
    pub fn damage(&self) -> Vec<Damage> {
        lock(&self.damage).values().cloned().collect()
    }

    /// Hands every row of the table in `range` to `visit`, whatever the rows are. What can't be
    /// read is noted and left out, a whole group at a time.
    pub fn scan(
        &self,
        table: &TableIndex,
        range: TimeRange,
        visit: &mut dyn FnMut(&EventRow<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut rows = Rows::new();
        for index in table.groups.iter().filter(|group| group.overlaps(range)) {
            let wanted = |_: &GroupReader, place: ChunkPlace| place.overlaps(range);
            self.visit_chunks(table, index, &mut rows, wanted, &mut |group, place, rows| {
                for row in (0..rows.len).filter(|row| rows.is_visible(*row, range, u64::MAX)) {
                    let key = group.key(place.series);
                    if visit(&EventRow { dictionary: group, key, rows, index: row }).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        ControlFlow::Continue(())
    }

    /// As [`Segment::scan`], of a segment of roll-ups: every one with its interval in `range` or
    /// cut by it.
    pub fn scan_rollups(
        &self,
        table: &TableIndex,
        range: TimeRange,
        visit: &mut dyn FnMut(&Rollup) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let resolution = self.meta.resolution;
        let range = resolution.widen(range);
        let mut names = Names::default();
        names.follow(&table.names);
        let mut rows = Rows::new();
        for index in table.groups.iter().filter(|group| group.overlaps(range)) {
            let wanted = |_: &GroupReader, place: ChunkPlace| place.overlaps(range);
            let visited =
                self.visit_chunks(table, index, &mut rows, wanted, &mut |group, place, rows| {
                    for row in (0..rows.len).filter(|row| rows.is_visible(*row, range, u64::MAX)) {
                        let key = group.key(place.series);
                        let rollup = rollup::decode(resolution, rows, row, key, &names, group)?;
                        if visit(&rollup).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    Ok(ControlFlow::Continue(()))
                });
            visited?;
        }
        ControlFlow::Continue(())
    }

    /// Hands the newest row of every series that meets the query to `visit`; a series that goes
    /// over two groups comes twice.
    pub fn latest(
        &self,
        table: &TableIndex,
        query: &LatestQuery<'_>,
        visit: &mut dyn FnMut(&EventRow<'_>),
    ) {
        let range = TimeRange { begin: query.since, end: Timestamp::from_millis(i64::MAX) };
        let mut rows = Rows::new();
        for index in table.groups.iter().filter(|group| group.overlaps(range)) {
            // Chunks of a series ascend, so the last one in range has the newest row.
            let wanted = |group: &GroupReader, place: ChunkPlace| {
                place.overlaps(range)
                    && group.is_last_chunk()
                    && group.has_identity(place.series, query.identity)
            };
            let _ =
                self.visit_chunks(table, index, &mut rows, wanted, &mut |group, place, rows| {
                    let newest = (0..rows.len).rfind(|row| rows.is_visible(*row, range, u64::MAX));
                    if let Some(row) = newest {
                        let key = group.key(place.series);
                        visit(&EventRow { dictionary: group, key, rows, index: row });
                    }
                    Ok(ControlFlow::Continue(()))
                });
        }
    }

    /// Opens one group, every page checked.
    pub fn group(
        &self,
        table: &TableIndex,
        index: &GroupIndex,
    ) -> Result<GroupReader, SegmentError> {
        let columns = index.columns.iter();
        let columns = columns.map(|(column, page)| Ok((*column, self.page(page)?)));
        let pages = Pages {
            keys: self.page(&index.keys)?,
            times: self.page(&index.times)?,
            columns: columns.collect::<Result<_, SegmentError>>()?,
        };
        Ok(GroupReader::open(table.names.clone(), index, pages)?)
    }

    /// What of the table in the range could not be read so far; complete after a scan of it.
    pub fn unread(&self, table: &TableIndex, range: TimeRange) -> Option<Unread> {
        let range = self.meta.resolution.widen(range);
        let damage = lock(&self.damage);
        let unread = table
            .groups
            .iter()
            .filter(|index| index.overlaps(range) && damage.contains_key(&index.keys.offset));
        unread.fold(None, |found: Option<Unread>, index| {
            let (oldest, newest) = found
                .as_ref()
                .map_or((index.oldest, index.newest), |found| (found.oldest, found.newest));
            Some(Unread {
                segment: self.meta.id,
                rows: found.map_or(0, |found| found.rows) + index.rows,
                oldest: oldest.min(index.oldest),
                newest: newest.max(index.newest),
            })
        })
    }

    /// Notes a group that can't be read.
    pub fn note_damage(&self, index: &GroupIndex, error: &SegmentError) {
        let last = index.columns.last().map_or(&index.times, |(_, page)| page);
        let offset = index.keys.offset;
        let damage = Damage {
            path: self.path.clone(),
            offset,
            bytes: last.offset + u64::from(last.len) - offset,
            events_lost: Some(index.rows),
        };
        if lock(&self.damage).insert(offset, damage).is_none() {
            let (path, rows) = (self.path.display(), index.rows);
            warn!(%path, offset, rows, %error, "segment can't be read here: the rest is used");
        }
    }

    fn visit_chunks(
        &self,
        table: &TableIndex,
        index: &GroupIndex,
        rows: &mut Rows,
        wanted: impl Fn(&GroupReader, ChunkPlace) -> bool,
        visit: &mut VisitChunk<'_>,
    ) -> ControlFlow<()> {
        let mut group = match self.group(table, index) {
            Ok(group) => group,
            Err(error) => {
                self.note_damage(index, &error);
                return ControlFlow::Continue(());
            }
        };
        while let Some(place) = group.peek() {
            let take = wanted(&group, place);
            let stepped = match take {
                true => group.read(rows).and_then(|()| visit(&group, place, rows)),
                false => group.skip().map(ControlFlow::Continue),
            };
            match stepped {
                Ok(flow) => flow?,
                Err(error) => {
                    self.note_damage(index, &error.into());
                    return ControlFlow::Continue(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn page(&self, page: &PageRef) -> Result<Arc<[u8]>, SegmentError> {
        let id = (self.meta.id, page.offset);
        if let Some(bytes) = self.cache.get(id) {
            return Ok(bytes);
        }
        let mut bytes = vec![0; page.len as usize];
        self.file.read_at(page.offset, &mut bytes)?;
        if crc32c::crc32c(&bytes) != page.checksum {
            return Err(SegmentError::Checksum);
        }
        let bytes = bytes.into();
        self.cache.put(id, &bytes);
        Ok(bytes)
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        self.cache.forget(self.meta.id);
    }
}

impl ChunkPlace {
    fn overlaps(&self, range: TimeRange) -> bool {
        self.oldest < range.end.as_millis() && self.newest >= range.begin.as_millis()
    }
}

fn read_footer(file: &dyn ReadFile, id: u64) -> Result<Footer, SegmentError> {
    if file.len() < (HEADER_BYTES + TRAILER_BYTES) as u64 {
        return Err(Malformed.into());
    }
    let mut header = [0; HEADER_BYTES];
    file.read_at(0, &mut header)?;
    let header = Header::decode(&header)?;
    if !(1..=FORMAT_VERSION).contains(&header.version) {
        return Err(SegmentError::Version(header.version));
    }
    let mut trailer = [0; TRAILER_BYTES];
    file.read_at(file.len() - TRAILER_BYTES as u64, &mut trailer)?;
    let (range, checksum) = read_trailer(&trailer, id, file.len())?;
    let len = usize::try_from(range.end - range.start).map_err(|_| Malformed)?;
    let mut bytes = vec![0; len];
    file.read_at(range.start, &mut bytes)?;
    if crc32c::crc32c(&bytes) != checksum {
        return Err(SegmentError::Checksum);
    }
    let footer = Footer::decode(&bytes, range.start)?;
    let meta = &footer.meta;
    let is_own = header.id == id && meta.id == id;
    if is_own && version_fits(header.version, meta.resolution) {
        Ok(footer)
    } else {
        Err(Malformed.into())
    }
}
