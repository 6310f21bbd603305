//! Pages that were read and checked, up to a number of bytes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// A page by the segment it is in and its offset there.
pub type PageId = (u64, u64);

/// Shared by all segments of a store. What was not looked at since the last round goes first.
pub struct PageCache {
    bytes_max: usize,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    by_id: HashMap<PageId, Page>,
    /// The order in which pages are considered for removal.
    order: VecDeque<PageId>,
    bytes: usize,
}

struct Page {
    bytes: Arc<[u8]>,
    used: bool,
}

impl PageCache {
    pub fn new(bytes_max: usize) -> Self {
        PageCache { bytes_max, pages: Mutex::default() }
    }

    pub fn get(&self, id: PageId) -> Option<Arc<[u8]>> {
        let mut pages = lock(&self.pages);
        let page = pages.by_id.get_mut(&id)?;
        page.used = true;
        Some(page.bytes.clone())
    }

    /// Keeps the page, unless it alone would fill a quarter of the cache.
    pub fn put(&self, id: PageId, bytes: &Arc<[u8]>) {
        if bytes.len() > self.bytes_max / 4 {
            return;
        }
        let mut pages = lock(&self.pages);
        pages.bytes += bytes.len();
        let page = Page { bytes: bytes.clone(), used: false };
        match pages.by_id.insert(id, page) {
            Some(before) => pages.bytes -= before.bytes.len(),
            None => pages.order.push_back(id),
        }
        while pages.bytes > self.bytes_max {
            pages.evict_one();
        }
    }

    /// Drops every page of a segment that nobody reads any more: after a merge they would fill the
    /// cache until newer ones push them out.
    pub fn forget(&self, segment: u64) {
        let mut pages = lock(&self.pages);
        let Pages { by_id, order, bytes } = &mut *pages;
        by_id.retain(|id, page| {
            let is_kept = id.0 != segment;
            *bytes -= if is_kept { 0 } else { page.bytes.len() };
            is_kept
        });
        order.retain(|id| id.0 != segment);
    }

    pub fn bytes(&self) -> usize {
        lock(&self.pages).bytes
    }
}

impl Pages {
    fn evict_one(&mut self) {
        while let Some(id) = self.order.pop_front() {
            match self.by_id.get_mut(&id) {
                Some(page) if page.used => {
                    page.used = false;
                    self.order.push_back(id);
                }
                _ => {
                    let gone = self.by_id.remove(&id);
                    self.bytes -= gone.map_or(0, |page| page.bytes.len());
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_stays_within_its_bytes_and_keeps_what_is_used() {
        let cache = PageCache::new(1_000);
        let page: Arc<[u8]> = vec![7; 100].into();
        for offset in 0..100 {
            cache.put((1, offset), &page);
            assert!(cache.get((1, 0)).is_some(), "used every time");
            assert!(cache.bytes() <= 1_000);
        }
        assert!(cache.get((1, 50)).is_none());
        cache.put((2, 0), &vec![7; 251].into());
        assert!(cache.get((2, 0)).is_none());
    }

    #[test]
    fn pages_of_a_segment_that_is_gone_take_no_room() {
        let cache = PageCache::new(1_000);
        let page: Arc<[u8]> = vec![7; 100].into();
        for (segment, offset) in [(1, 0), (1, 1), (2, 0)] {
            cache.put((segment, offset), &page);
        }
        cache.forget(1);
        assert_eq!(cache.bytes(), 100);
        assert!(cache.get((1, 0)).is_none() && cache.get((2, 0)).is_some());
        for offset in 1..100 {
            cache.put((2, offset), &page);
            assert!(cache.bytes() <= 1_000);
        }
    }
}
