//! Which segments to merge or to roll up next: a pure choice from what the manifest lists.

use std::collections::BTreeMap;
use std::time::Duration;

use weir_types::Timestamp;

use crate::manifest::Listed;
use crate::{Options, Resolution};

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;
/// A past hour with this many segments is merged before its day is over.
const HOUR_SEGMENTS_MAX: usize = 4;
/// A segment is rewritten only for others that together have this share of its bytes, so that the
/// rows of a day are rewritten a few times however they trickle in.
const REWRITE_SHARE: u64 = 3;
/// Without the largest ones of their day, this many are merged with one another.
const SMALL_SEGMENTS_MIN: usize = 8;

/// Segments that should become one, ascending by id; `None` when there is nothing worth it. A day
/// counts as past `settle` after its end.
pub fn choose(segments: &[&Listed], now: Timestamp, settle: Duration) -> Option<Vec<u64>> {
    let past = now.saturating_sub(settle).as_millis();
    let days = groups(segments, DAY_MILLIS, past);
    let chosen = days.into_values().find_map(worth_merging).or_else(|| {
        let mut hours = groups(segments, HOUR_MILLIS, past).into_values();
        hours.find(|hour| hour.len() >= HOUR_SEGMENTS_MAX)
    })?;
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

/// Segments that lie within one span that ended before `past`, by span.
fn groups<'a>(
    segments: &[&'a Listed],
    span_millis: i64,
    past: i64,
) -> BTreeMap<i64, Vec<&'a Listed>> {
    let mut groups: BTreeMap<i64, Vec<&Listed>> = BTreeMap::new();
    for listed in segments {
        let span = |at: Timestamp| at.as_millis().div_euclid(span_millis);
        let (first, last) = (span(listed.meta.oldest), span(listed.meta.newest));
        let end = last.saturating_add(1).saturating_mul(span_millis);
        if first == last && end <= past {
            groups.entry(first).or_default().push(listed);
        }
    }
    groups
}

/// Of the segments of a day: all but those that are too large to be rewritten for the others.
fn worth_merging(mut day: Vec<&Listed>) -> Option<Vec<&Listed>> {
    let count = day.len();
    day.sort_by_key(|listed| (listed.bytes, listed.meta.id));
    let mut total = 0;
    let small = day.iter().take_while(|listed| {
        let fits = total == 0 || listed.bytes <= total * REWRITE_SHARE;
        total += listed.bytes;
        fits
    });
    let small = small.count();
    day.truncate(small);
    let worth = small > 1 && (small == count || small >= SMALL_SEGMENTS_MIN);
    worth.then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Resolution;
    use crate::segment::{Origin, SegmentMeta};

    fn listed(id: u64, begin_hour: i64, end_hour: i64, bytes: u64) -> Listed {
        let meta = SegmentMeta {
            id,
            origin: Origin::Generation(id),
            resolution: Resolution::Raw,
            created: Timestamp::from_millis(0),
            rows: 1,
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
        let hours: Vec<_> = (0..24).map(|h| listed(h as u64 + 1, h, h + 1, 100)).collect();
        assert_eq!(chosen(&hours, 24), None, "late rows may come");
        assert_eq!(chosen(&hours, 26), Some((1..=24).collect()));
        assert_eq!(chosen(&[listed(30, 0, 24, 2_400)], 100), None, "one is merged already");
    }

    #[test]
    fn a_few_late_rows_do_not_rewrite_a_day() {
        let mut segments = vec![listed(1, 0, 24, 10_000)];
        segments.extend((2..8).map(|id| listed(id, 3, 4, 10)));
        assert_eq!(chosen(&segments, 100), Some((2..8).collect()), "their hour alone");
        segments.truncate(1);
        segments.extend((2..10).map(|id| listed(id, id as i64, id as i64 + 1, 10)));
        assert_eq!(chosen(&segments, 100), Some((2..10).collect()), "without the large one");
        segments.push(listed(10, 5, 6, 4_000));
        assert_eq!(chosen(&segments, 100), Some((2..10).collect()));
        let late = [listed(1, 0, 24, 10_000), listed(2, 3, 4, 4_000)];
        assert_eq!(chosen(&late, 100), Some(vec![1, 2]), "many late rows do");
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
