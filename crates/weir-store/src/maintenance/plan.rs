//! Which segments to merge or to roll up next: a pure choice from what the manifest lists.

use std::collections::BTreeMap;
use std::time::Duration;

use weir_types::Timestamp;

use crate::manifest::Listed;
use crate::{Options, Resolution};

const DAY_MILLIS: i64 = 24 * 3_600_000;
/// A segment is rewritten only for others that together have this share of its bytes, so that the
/// rows of a day are rewritten a few times however they trickle in.
const REWRITE_SHARE: u64 = 3;
/// Without the largest ones of their day, this many are merged with one another.
const SMALL_SEGMENTS_MIN: usize = 8;
/// So many of a like size become one while their day goes on: each is an open file and an index in
/// memory, so their number must not grow with the day. A row is rewritten once for each factor of
/// eight from its generation to its day.
const ALIKE_SEGMENTS: usize = 8;
/// Of a like size: the largest has at most so many times the rows of the smallest.
const ALIKE_ROWS_FACTOR: u64 = 8;

/// Segments that should become one, ascending by id; `None` when there is nothing worth it. They
/// lie within one day, which counts as past `settle` after its end.
pub fn choose(segments: &[&Listed], now: Timestamp, settle: Duration) -> Option<Vec<u64>> {
    let past = now.saturating_sub(settle).as_millis();
    let days = by_day(segments);
    let is_past = |day: i64| day.saturating_add(1).saturating_mul(DAY_MILLIS) <= past;
    let whole = days.iter().filter(|(day, _)| is_past(**day));
    let chosen = whole.map(|(_, segments)| segments).find_map(|segments| worth_merging(segments));
    let chosen = chosen.or_else(|| days.values().find_map(|segments| alike(segments)))?;
    let mut ids: Vec<u64> = chosen.iter().map(|listed| listed.meta.id).collect();
    ids.sort_unstable();
    Some(ids)
}

/// Segments of the oldest day that is kept too finely, ascending by id, and what they become; all
/// are of one resolution. The day of a segment is that of its last event.
pub fn choose_to_roll_up(
    segments: &[Listed],
    now: Timestamp,
    options: &Options,
) -> Option<(Resolution, Vec<u64>)> {
    let mut due: BTreeMap<(i64, Resolution, Resolution), Vec<u64>> = BTreeMap::new();
    for Listed { meta, .. } in segments {
        let day = meta.last_moment().as_millis().div_euclid(DAY_MILLIS);
        let end = Timestamp::from_millis(day.saturating_add(1).saturating_mul(DAY_MILLIS));
        let wanted = match end <= now {
            true => options.resolution_at(now.since(end)),
            false => Resolution::Raw,
        };
        if meta.resolution < wanted {
            due.entry((day, wanted, meta.resolution)).or_default().push(meta.id);
        }
    }
    let ((_, wanted, _), mut ids) = due.into_iter().next()?;
    ids.sort_unstable();
    Some((wanted, ids))
}

/// Segments that lie within one day.
fn by_day<'a>(segments: &[&'a Listed]) -> BTreeMap<i64, Vec<&'a Listed>> {
    let mut days: BTreeMap<i64, Vec<&Listed>> = BTreeMap::new();
    for listed in segments {
        let day = |at: Timestamp| at.as_millis().div_euclid(DAY_MILLIS);
        let (first, last) = (day(listed.meta.oldest), day(listed.meta.newest));
        if first == last {
            days.entry(first).or_default().push(listed);
        }
    }
    days
}

/// Of the segments of a day: all but those that are too large to be rewritten for the others.
fn worth_merging<'a>(day: &[&'a Listed]) -> Option<Vec<&'a Listed>> {
    let mut small = day.to_vec();
    small.sort_by_key(|listed| (listed.bytes, listed.meta.id));
    let mut total = 0;
    let fitting = small.iter().take_while(|listed| {
        let fits = total == 0 || listed.bytes <= total * REWRITE_SHARE;
        total += listed.bytes;
        fits
    });
    small.truncate(fitting.count());
    let worth = small.len() > 1 && (small.len() == day.len() || small.len() >= SMALL_SEGMENTS_MIN);
    worth.then_some(small)
}

/// Of the segments of a day: the smallest of a like size, once there are enough.
fn alike<'a>(day: &[&'a Listed]) -> Option<Vec<&'a Listed>> {
    let mut day = day.to_vec();
    day.sort_by_key(|listed| (listed.meta.rows, listed.meta.id));
    let is_alike = |some: &&[&Listed]| {
        let (smallest, largest) = (some[0].meta.rows, some[some.len() - 1].meta.rows);
        largest <= smallest.saturating_mul(ALIKE_ROWS_FACTOR)
    };
    day.windows(ALIKE_SEGMENTS).find(is_alike).map(<[_]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Resolution;
    use crate::segment::{Origin, SegmentMeta};

    const HOUR_MILLIS: i64 = 3_600_000;

    fn listed(id: u64, begin_hour: i64, end_hour: i64, bytes: u64) -> Listed {
        let meta = SegmentMeta {
            id,
            origin: Origin::Generation(id),
            resolution: Resolution::Raw,
            created: Timestamp::from_millis(0),
            rows: bytes,
            series: 1,
            oldest: Timestamp::from_millis(begin_hour * HOUR_MILLIS),
            newest: Timestamp::from_millis(end_hour * HOUR_MILLIS - 1),
            end_sequence: 1,
        };
        Listed { meta, bytes }
    }

    fn chosen(segments: &[Listed], now_hour: i64) -> Option<Vec<u64>> {
        let now = Timestamp::from_millis(now_hour * HOUR_MILLIS);
        choose(&segments.iter().collect::<Vec<_>>(), now, Duration::from_hours(2))
    }

    #[test]
    fn a_day_is_merged_when_it_is_past() {
        let parts: Vec<_> = (0..6).map(|h| listed(h as u64 + 1, h, h + 1, 100)).collect();
        assert_eq!(chosen(&parts, 24), None, "late rows may come");
        assert_eq!(chosen(&parts, 26), Some((1..=6).collect()));
        assert_eq!(chosen(&[listed(30, 0, 24, 2_400)], 100), None, "one is merged already");
    }

    #[test]
    fn a_few_late_rows_do_not_rewrite_a_day() {
        let mut segments = vec![listed(1, 0, 24, 10_000)];
        segments.extend((2..8).map(|id| listed(id, 3, 4, 10)));
        assert_eq!(chosen(&segments, 100), None, "too few to merge without the large one");
        segments.truncate(1);
        segments.extend((2..10).map(|id| listed(id, id as i64, id as i64 + 1, 10)));
        assert_eq!(chosen(&segments, 100), Some((2..10).collect()), "without the large one");
        segments.push(listed(10, 5, 6, 4_000));
        assert_eq!(chosen(&segments, 100), Some((2..10).collect()));
        let late = [listed(1, 0, 24, 10_000), listed(2, 3, 4, 4_000)];
        assert_eq!(chosen(&late, 100), Some(vec![1, 2]), "many late rows do");
    }

    /// A generation a poll, as a small `memory_limit` makes them, merged as soon as the plan says.
    #[test]
    fn a_day_in_small_pieces_stays_few_segments_and_few_rewrites() {
        const POLLS: u64 = 5_000;
        let mut segments: Vec<Listed> = Vec::new();
        let (mut next_id, mut rewritten, mut most) = (1, 0, 0);
        for poll in 0..POLLS {
            segments.push(listed(next_id, 0, 12, 100 + poll % 7));
            next_id += 1;
            while let Some(ids) = chosen(&segments, 12) {
                let gone: Vec<_> =
                    segments.extract_if(.., |listed| ids.contains(&listed.meta.id)).collect();
                let rows = gone.iter().map(|listed| listed.meta.rows).sum();
                rewritten += rows;
                segments.push(listed(next_id, 0, 12, rows));
                next_id += 1;
            }
            most = most.max(segments.len());
        }
        let total: u64 = segments.iter().map(|listed| listed.meta.rows).sum();
        assert!(most <= 7 * 5, "{most} at once");
        assert!(rewritten <= 5 * total, "{rewritten} of {total}");
    }

    #[test]
    fn segments_over_midnight_and_over_all_of_time_stay() {
        let whole = Listed {
            meta: SegmentMeta {
                oldest: Timestamp::from_millis(i64::MIN),
                newest: Timestamp::from_millis(i64::MAX),
                ..listed(1, 0, 1, 1).meta
            },
            bytes: 1,
        };
        let segments = [whole, listed(2, 23, 25, 100), listed(3, 22, 26, 100)];
        assert_eq!(chosen(&segments, 100), None);
    }
}
