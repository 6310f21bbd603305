//! When retention will delete what a group has not consumed, if both go on as they do.

use std::time::Duration;

/// Below this growth of the age (seconds a second) a group keeps up; polling alone makes that much
/// noise.
const AGE_GROWTH_MIN: f64 = 0.2;

/// What is known of one lagging position; see [`seconds_to_data_loss`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Race {
    /// How long the log keeps a message; `None` for ever, or unknown.
    pub retention: Option<Duration>,
    /// Age of the oldest message not consumed: the upper end where there is a bracket.
    pub age_seconds: Option<f64>,
    /// How fast that age grows, in seconds a second: 1 for a group that stands still.
    pub age_growth: Option<f64>,
    /// Messages between the log start and the committed offset; negative once some are lost.
    pub margin_messages: i64,
    /// Offsets a second by which the log start moves on.
    pub start_velocity: Option<f64>,
    /// Offsets a second by which the committed offset moves on.
    pub commit_velocity: Option<f64>,
}

/// Seconds until retention overtakes the committed offset: by the age of the message and by the
/// pace of the log start, whichever comes first. `None` when neither shows an overtaking.
pub(crate) fn seconds_to_data_loss(race: &Race) -> Option<f64> {
    if race.margin_messages < 0 {
        return Some(0.0);
    }
    [by_age(race), by_pace(race)].into_iter().flatten().min_by(f64::total_cmp)
}

fn by_age(race: &Race) -> Option<f64> {
    let left = (race.retention?.as_secs_f64() - race.age_seconds?).max(0.0);
    let growth = race.age_growth.filter(|&growth| growth >= AGE_GROWTH_MIN)?;
    Some(left / growth)
}

fn by_pace(race: &Race) -> Option<f64> {
    let closing = race.start_velocity? - race.commit_velocity?;
    (closing > 0.0).then(|| race.margin_messages as f64 / closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_group_that_stands_still_has_what_is_left_of_retention() {
        let race = Race {
            retention: Some(HOUR),
            age_seconds: Some(600.0),
            age_growth: Some(1.0),
            ..Race::default()
        };
        assert_eq!(seconds_to_data_loss(&race), Some(3_000.0));
        let slower = Race { age_growth: Some(0.5), ..race };
        assert_eq!(seconds_to_data_loss(&slower), Some(6_000.0));
    }

    #[test]
    fn a_group_that_keeps_up_is_never_overtaken() {
        let race = Race {
            retention: Some(HOUR),
            age_seconds: Some(600.0),
            age_growth: Some(0.05),
            start_velocity: Some(5.0),
            commit_velocity: Some(5.0),
            ..Race::default()
        };
        assert_eq!(seconds_to_data_loss(&race), None);
    }

    #[test]
    fn a_log_start_that_moves_faster_than_the_group_overtakes_it() {
        let race = Race {
            margin_messages: 900,
            start_velocity: Some(5.0),
            commit_velocity: Some(2.0),
            ..Race::default()
        };
        assert_eq!(seconds_to_data_loss(&race), Some(300.0));
    }

    #[test]
    fn the_earlier_of_both_counts_and_lost_is_lost() {
        let race = Race {
            retention: Some(HOUR),
            age_seconds: Some(3_500.0),
            age_growth: Some(1.0),
            margin_messages: 900,
            start_velocity: Some(3.0),
            commit_velocity: Some(0.0),
        };
        assert_eq!(seconds_to_data_loss(&race), Some(100.0));
        assert_eq!(seconds_to_data_loss(&Race { margin_messages: -1, ..race }), Some(0.0));
    }

    #[test]
    fn without_an_age_or_a_pace_nothing_is_said() {
        assert_eq!(seconds_to_data_loss(&Race::default()), None);
    }
}
