//! The offsets of a partition at any time, and the time of any offset.

use super::{World, chance};
use crate::plan::COMPACTED_SHARE;

impl World {
    /// The offset after the last message that had arrived by `at`.
    pub(crate) fn log_end(&self, topic: usize, partition: i32, at: i64) -> i64 {
        let outage_ms = self.outages(topic, partition, at);
        let lost: f64 = outage_ms
            .iter()
            .map(|(from, to)| self.arrived(topic, *to) - self.arrived(topic, *from))
            .sum();
        let (share, offset) = self.share(topic, partition);
        ((self.arrived(topic, at) - lost) * share + offset).floor() as i64
    }

    /// The first offset still kept at `at`.
    pub(crate) fn log_start(&self, topic: usize, partition: i32, at: i64) -> i64 {
        match self.topics[topic].kept_since(at) {
            None => 0,
            Some(since) => self.log_end(topic, partition, since - 1),
        }
    }

    /// The first message at `offset` or after it that compaction has left by `at`; where there is
    /// none, the next to come.
    pub(crate) fn next_kept(&self, topic: usize, partition: i32, offset: i64, at: i64) -> i64 {
        let Some(before) = self.topics[topic].compacted_before(at) else { return offset };
        let seed = self.topics[topic].seed;
        let is_kept = |offset: &i64| {
            chance::unit(&[seed, partition as u64, *offset as u64, 10]) < COMPACTED_SHARE
        };
        let compacted = self.log_end(topic, partition, before);
        (offset..compacted).find(is_kept).unwrap_or(offset.max(compacted))
    }

    /// When the message at `offset` arrived; `None` when it had not by `at`.
    pub(crate) fn arrival(
        &self,
        topic: usize,
        partition: i32,
        offset: i64,
        at: i64,
    ) -> Option<i64> {
        let created = self.topics[topic].created;
        let has_it = |moment: i64| self.log_end(topic, partition, moment) > offset;
        if !has_it(at) || offset < 0 {
            return None;
        }
        let (mut with, mut step) = (at, self.guess_ms(topic, partition, offset, at));
        let mut without = with - step;
        while without > created && has_it(without) {
            with = without;
            step *= 2;
            without -= step;
        }
        while with - without > 1 {
            let middle = without + (with - without) / 2;
            if has_it(middle) { with = middle } else { without = middle }
        }
        Some(with)
    }

    /// About how long ago an offset was written, at the mean rate.
    fn guess_ms(&self, topic: usize, partition: i32, offset: i64, at: i64) -> i64 {
        let behind = (self.log_end(topic, partition, at) - offset) as f64;
        let per_ms =
            self.topics[topic].plan.messages_per_sec / 1000.0 * self.share(topic, partition).0;
        (behind / per_ms).clamp(1.0, 1e12) as i64
    }

    /// Messages that producers would have written to all partitions by `at`, had none been offline.
    fn arrived(&self, topic: usize, at: i64) -> f64 {
        let topic = &self.topics[topic];
        let extra = |window: super::Window<f64>| {
            let until = window.end.min(at);
            (window.what - 1.0) * (topic.rhythm.count(until) - topic.rhythm.count(window.begin))
        };
        topic.rhythm.count(at) + topic.traffic.begun(at).map(extra).sum::<f64>()
    }

    /// The partition's part of the topic's traffic: keys are never spread quite evenly.
    fn share(&self, topic: usize, partition: i32) -> (f64, f64) {
        let topic = &self.topics[topic];
        let uneven = 0.7 + 0.6 * chance::unit(&[topic.seed, partition as u64, 6]);
        let offset = chance::unit(&[topic.seed, partition as u64, 7]);
        (uneven / f64::from(topic.plan.partitions.max(1)), offset)
    }

    /// Stretches before `at` in which every replica was down, so that nobody could write.
    fn outages(&self, topic: usize, partition: i32, at: i64) -> Vec<(i64, i64)> {
        let replicas = || self.topics[topic].replicas(partition, self.brokers.len());
        if replicas().any(|broker| self.brokers[broker].down.is_empty()) {
            return Vec::new();
        }
        let down = |broker: usize| {
            let windows = self.brokers[broker].down.begun(at);
            windows.map(|window| (window.begin, window.end.min(at))).collect::<Vec<_>>()
        };
        replicas().map(down).reduce(|all, one| both(&all, &one)).unwrap_or_default()
    }
}

/// What two lists of stretches have in common.
fn both(ones: &[(i64, i64)], others: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let overlap = |one: &(i64, i64), other: &(i64, i64)| {
        let (from, to) = (one.0.max(other.0), one.1.min(other.1));
        (from < to).then_some((from, to))
    };
    let all =
        ones.iter().flat_map(|one| others.iter().filter_map(move |other| overlap(one, other)));
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, world};
    use super::*;
    use crate::Story;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn offsets_grow_and_arrivals_invert_them(topic in 0usize..24, partition in 0i32..3, secs in 0i64..900, back in 1i64..5_000) {
            let (world, now) = (world(Story::Demo), at(secs).as_millis());
            let end = world.log_end(topic, partition, now);
            prop_assert!(world.log_end(topic, partition, now - back) <= end);
            prop_assert!(world.log_start(topic, partition, now) <= end);
            let offset = end - back;
            if offset >= 0 {
                let arrived = world.arrival(topic, partition, offset, now).unwrap();
                prop_assert!(arrived <= now);
                prop_assert!(world.log_end(topic, partition, arrived) > offset);
                prop_assert!(world.log_end(topic, partition, arrived - 1) <= offset);
            }
            prop_assert_eq!(world.arrival(topic, partition, end, now), None);
        }
    }

    #[test]
    fn nobody_writes_to_an_offline_partition() {
        let world = world(Story::OfflinePartitions);
        let topic = world.topic_index("legacy.erp-export").unwrap();
        let moment = world.at(at(120));
        let offline: Vec<i32> = (0..6).filter(|p| moment.leader(topic, *p).is_none()).collect();
        assert_eq!(offline.len(), 2);
        for partition in 0..6 {
            let written = world.log_end(topic, partition, at(235).as_millis())
                - world.log_end(topic, partition, at(65).as_millis());
            assert_eq!(written == 0, offline.contains(&partition), "{partition}: {written}");
        }
    }

    #[test]
    fn compaction_leaves_holes_and_the_newest_messages() {
        let world = world(Story::Healthy);
        let topic = world.topic_index("inventory.snapshot").unwrap();
        let now = at(90).as_millis();
        let end = world.log_end(topic, 0, now);
        let fresh = world.log_end(topic, 0, at(60).as_millis());
        assert!(fresh < end, "some came since the last segment");
        assert!((fresh..=end).all(|offset| world.next_kept(topic, 0, offset, now) == offset));
        let old = fresh - 10_000..fresh;
        let kept: Vec<i64> =
            old.filter(|&offset| world.next_kept(topic, 0, offset, now) == offset).collect();
        assert!((400..600).contains(&kept.len()), "one in twenty: {}", kept.len());
        assert_eq!(world.next_kept(topic, 0, kept[7] + 1, now), kept[8]);
        let later = at(150).as_millis();
        assert!(kept.iter().all(|&offset| world.next_kept(topic, 0, offset, later) == offset));
        let orders = world.topic_index("orders").unwrap();
        assert_eq!(world.next_kept(orders, 0, 5, now), 5, "retention leaves no holes");
    }

    #[test]
    fn a_burst_is_written_while_it_lasts() {
        let (burst, calm) = (world(Story::Burst), world(Story::Healthy));
        let topic = calm.topic_index("orders").unwrap();
        let written = |world: &World, from, to| {
            let ends =
                |secs| (0..12).map(|p| world.log_end(topic, p, at(secs).as_millis())).sum::<i64>();
            ends(to) - ends(from)
        };
        let times = |from, to| written(&burst, from, to) as f64 / written(&calm, from, to) as f64;
        assert!((times(60, 240) - 8.0).abs() < 0.1);
        assert!((times(240, 400) - 1.0).abs() < 0.1);
        assert_eq!(times(0, 60), 1.0);
    }
}
