//! A list that only grows and that readers walk without a lock while its one writer appends.
//!
//! Items sit in segments that double in size and never move, so a reference to one lives as long
//! as the list.

use std::sync::OnceLock;

const FIRST_SEGMENT: usize = 16;
/// Enough for 2^31 items.
const SEGMENTS: usize = 28;

type Segment<T> = Box<[OnceLock<T>]>;

pub struct AppendList<T> {
    segments: [OnceLock<Segment<T>>; SEGMENTS],
}

impl<T> AppendList<T> {
    pub fn new() -> Self {
        AppendList { segments: [const { OnceLock::new() }; SEGMENTS] }
    }

    /// Puts the item at `index`, the number of items so far: the one writer counts them.
    pub fn push(&self, index: usize, item: T) {
        let (segment, offset) = place(index);
        let slots = self.segments[segment].get_or_init(|| empty_segment(segment));
        assert!(slots[offset].set(item).is_ok(), "an append list has one writer, which counts");
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        let (segment, offset) = place(index);
        self.segments.get(segment)?.get()?[offset].get()
    }

    /// Items in order, up to the first that is not there yet.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        (0..).map_while(|index| self.get(index))
    }
}

fn empty_segment<T>(segment: usize) -> Segment<T> {
    std::iter::repeat_with(OnceLock::new).take(FIRST_SEGMENT << segment).collect()
}

/// Segment `s` holds the items from `FIRST_SEGMENT * (2^s - 1)` on.
fn place(index: usize) -> (usize, usize) {
    let group = index / FIRST_SEGMENT + 1;
    let segment = group.ilog2() as usize;
    (segment, index - FIRST_SEGMENT * ((1 << segment) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_where_they_are() {
        let list = AppendList::new();
        for i in 0..1_000 {
            assert_eq!(list.get(i), None);
            list.push(i, i * 3);
        }
        assert!(list.iter().copied().eq((0..1_000).map(|i| i * 3)));
    }

    #[test]
    fn a_reader_sees_a_prefix_while_the_writer_appends() {
        let list = AppendList::new();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..5_000).for_each(|i| list.push(i, i)));
            while list.get(4_999).is_none() {
                assert!(list.iter().enumerate().all(|(i, item)| i == *item));
            }
        });
    }
}
