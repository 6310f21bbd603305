//! A value for each partition of one topic.

/// Sorted by partition. Partitions are numbered from 0 without gaps, so that a value is where its
/// number says; what a filter or a silent broker leaves out costs a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ByPartition<T>(Vec<(i32, T)>);

impl<T> ByPartition<T> {
    pub(crate) const fn new() -> ByPartition<T> {
        ByPartition(Vec::new())
    }

    pub(crate) fn get(&self, partition: i32) -> Option<&T> {
        self.position(partition).ok().map(|at| &self.0[at].1)
    }

    pub(crate) fn set(&mut self, partition: i32, value: T) {
        match self.position(partition) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (partition, value)),
        }
    }

    /// Room for so many values in all, and no more.
    pub(crate) fn reserve_exact(&mut self, values: usize) {
        self.0.reserve_exact(values.saturating_sub(self.0.len()));
    }

    pub(crate) fn get_mut(&mut self, partition: i32) -> Option<&mut T> {
        self.position(partition).ok().map(|at| &mut self.0[at].1)
    }

    /// The value, made first where there is none.
    pub(crate) fn entry(&mut self, partition: i32, new: impl FnOnce() -> T) -> &mut T {
        let at = self.position(partition).unwrap_or_else(|at| {
            self.0.insert(at, (partition, new()));
            at
        });
        &mut self.0[at].1
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(i32) -> bool) {
        self.0.retain(|(partition, _)| keep(*partition));
    }

    /// Where a partition is, or would be.
    fn position(&self, partition: i32) -> Result<usize, usize> {
        let likely = usize::try_from(partition).unwrap_or_default();
        match self.0.get(likely) {
            Some((at, _)) if *at == partition => Ok(likely),
            _ => self.0.binary_search_by_key(&partition, |(at, _)| *at),
        }
    }
}

impl<T> Default for ByPartition<T> {
    fn default() -> ByPartition<T> {
        ByPartition::new()
    }
}

/// In any order; of several values for a partition the last one stands.
impl<T> FromIterator<(i32, T)> for ByPartition<T> {
    fn from_iter<I: IntoIterator<Item = (i32, T)>>(values: I) -> ByPartition<T> {
        let mut all: Vec<(i32, T)> = values.into_iter().collect();
        if !all.is_sorted_by_key(|(partition, _)| *partition) {
            all.sort_by_key(|(partition, _)| *partition);
        }
        all.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        all.shrink_to_fit();
        ByPartition(all)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map(pairs in prop::collection::vec((-3..40i32, any::<u8>()), 0..60)) {
            let model: BTreeMap<i32, u8> = pairs.iter().copied().collect();
            let collected: ByPartition<u8> = pairs.iter().copied().collect();
            let mut set = ByPartition::default();
            for &(partition, value) in &pairs {
                set.set(partition, value);
            }
            prop_assert_eq!(&collected, &set);
            for partition in -5..45 {
                prop_assert_eq!(collected.get(partition), model.get(&partition));
                let made = *set.entry(partition, || 77);
                prop_assert_eq!(made, model.get(&partition).copied().unwrap_or(77));
            }
            set.retain(|partition| partition == 7);
            prop_assert_eq!(set.get_mut(7).copied(), model.get(&7).copied().or(Some(77)));
            prop_assert_eq!(set.get(8), None);
        }
    }
}
