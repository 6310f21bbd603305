//! The series of one event type of one account in one generation, as readers see them.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use weir_types::{TimeRange, Timestamp};

use super::append_list::AppendList;
use super::attribute::Attribute;
use super::series::{Collected, Series};
use crate::rows::{ColumnId, Dictionary, EventRow, Rows};

/// Grows under its one writer while readers walk it; what a reader may see of it is decided by
/// the sequence it reads up to.
pub struct Table {
    pub event_type: Arc<str>,
    /// Names, by the number that [`ColumnId::name`] gives.
    pub attributes: AppendList<Attribute>,
    pub series: AppendList<Arc<Series>>,
    /// Bounds of all timestamps; they only widen.
    oldest: AtomicI64,
    newest: AtomicI64,
}

impl Table {
    pub fn new(event_type: Arc<str>) -> Self {
        Table {
            event_type,
            attributes: AppendList::new(),
            series: AppendList::new(),
            oldest: AtomicI64::new(i64::MAX),
            newest: AtomicI64::new(i64::MIN),
        }
    }

    /// Called by the writer before the row is there, so that no reader misses it.
    pub fn widen(&self, timestamp: Timestamp) {
        self.oldest.fetch_min(timestamp.as_millis(), Ordering::Relaxed);
        self.newest.fetch_max(timestamp.as_millis(), Ordering::Relaxed);
    }

    pub fn oldest(&self) -> Timestamp {
        Timestamp::from_millis(self.oldest.load(Ordering::Relaxed))
    }

    pub fn newest(&self) -> Timestamp {
        Timestamp::from_millis(self.newest.load(Ordering::Relaxed))
    }

    /// Hands every row below `watermark` in `range` to `visit`; no lock is held meanwhile.
    pub fn scan(
        &self,
        range: TimeRange,
        watermark: u64,
        visit: &mut dyn FnMut(&EventRow<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.newest() < range.begin || self.oldest() >= range.end {
            return ControlFlow::Continue(());
        }
        let mut collected = Collected::default();
        let mut rows = Rows::new();
        for series in self.series.iter() {
            series.collect(range, &mut collected);
            collected.for_each(&mut rows, |rows| {
                let visible = (0..rows.len).filter(|row| rows.is_visible(*row, range, watermark));
                for index in visible {
                    visit(&EventRow { dictionary: self, key: &series.key, rows, index })?;
                }
                ControlFlow::Continue(())
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Hands the newest row of every wanted series that is below `watermark` and not before `since`
    /// to `visit`.
    pub fn latest(
        &self,
        since: Timestamp,
        watermark: u64,
        identity: &[(&str, &str)],
        visit: &mut dyn FnMut(&EventRow<'_>),
    ) {
        if self.newest() < since {
            return;
        }
        let range = TimeRange { begin: since, end: Timestamp::from_millis(i64::MAX) };
        let mut collected = Collected::default();
        let mut rows = Rows::new();
        for series in self.series.iter().filter(|series| self.has_identity(series, identity)) {
            series.collect(range, &mut collected);
            collected.with_newest(
                &mut rows,
                |rows, row| rows.is_visible(row, range, watermark),
                |rows, index| visit(&EventRow { dictionary: self, key: &series.key, rows, index }),
            );
        }
    }

    /// Whether the series' key has each of these texts.
    fn has_identity(&self, series: &Series, wanted: &[(&str, &str)]) -> bool {
        wanted.iter().all(|(name, text)| {
            series.key.iter().any(|cell| {
                **self.name(cell.column) == **name && self.value(*cell).as_str() == Some(text)
            })
        })
    }

    fn attribute(&self, column: ColumnId) -> &Attribute {
        self.attributes.get(column.name()).expect("a name is in the table before its row")
    }
}

impl Dictionary for Table {
    fn name(&self, column: ColumnId) -> &Arc<str> {
        &self.attribute(column).name
    }

    fn string(&self, column: ColumnId, lane: u64) -> &Arc<str> {
        let string = self.attribute(column).strings.get(lane as usize);
        string.expect("a string is in the dictionary before its row")
    }
}
