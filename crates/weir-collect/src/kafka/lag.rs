//! Lag in messages: pure rules on one partition's offsets.

use weir_kafka::{CommittedOffset, GroupType};

use super::answers::LogRange;

/// Messages that a group has yet to consume. Members of a share group take them in any order: what is
/// left is not a stretch up to the log end, and only its coordinator can count it.
pub(crate) fn lag_of(
    group_type: &GroupType,
    committed: &CommittedOffset,
    log: LogRange,
) -> Option<i64> {
    match group_type {
        GroupType::Share => committed.lag_messages,
        _ => consumer_lag(committed.offset.as_ref().ok().map(|offset| offset.0), log),
    }
}

/// Messages between the committed offset and the log end. Absent without a commit, as Kafka's own
/// tool shows `-`: a group that never committed may start anywhere. Never negative: a log that was
/// cut behind the commit has nothing left to read. Against a repeated log end it is at least this
/// much; having caught up with an end that is old says nothing about now.
pub(crate) fn consumer_lag(committed: Option<i64>, log: LogRange) -> Option<i64> {
    let lag = log.end?.saturating_sub(committed?).max(0);
    (lag > 0 || log.stale_since.is_none()).then_some(lag)
}

/// Messages deleted before they were consumed: from the committed offset to the log start.
pub(crate) fn messages_lost(committed: Option<i64>, log: LogRange) -> Option<i64> {
    Some(log.start?.saturating_sub(committed?).max(0))
}

#[cfg(test)]
mod tests {
    use weir_kafka::Offset;

    use super::*;

    const LOG: LogRange = LogRange { start: Some(100), end: Some(250), stale_since: None };

    #[test]
    fn lag_is_end_less_commit() {
        assert_eq!(consumer_lag(Some(200), LOG), Some(50));
        assert_eq!(consumer_lag(Some(250), LOG), Some(0));
    }

    #[test]
    fn a_share_group_lags_what_its_coordinator_counts() {
        let at_120 = |lag_messages| CommittedOffset {
            partition: 0,
            offset: Ok(Offset(120)),
            leader_epoch: None,
            lag_messages,
        };
        assert_eq!(lag_of(&GroupType::Share, &at_120(Some(7)), LOG), Some(7));
        assert_eq!(lag_of(&GroupType::Share, &at_120(None), LOG), None, "never guessed");
        assert_eq!(lag_of(&GroupType::Streams, &at_120(None), LOG), Some(130));
    }

    #[test]
    fn a_commit_past_the_end_lags_nothing() {
        assert_eq!(consumer_lag(Some(300), LOG), Some(0));
        assert_eq!(
            consumer_lag(Some(i64::MAX), LogRange { start: Some(0), end: Some(0), ..LOG }),
            Some(0)
        );
    }

    #[test]
    fn an_old_end_proves_a_lag_and_never_its_absence() {
        let old = LogRange { stale_since: Some(weir_types::Timestamp::from_millis(1)), ..LOG };
        assert_eq!(consumer_lag(Some(200), old), Some(50));
        assert_eq!(consumer_lag(Some(250), old), None);
    }

    #[test]
    fn unknown_is_not_zero() {
        assert_eq!(consumer_lag(None, LOG), None);
        assert_eq!(consumer_lag(Some(5), LogRange::default()), None);
        assert_eq!(messages_lost(None, LOG), None);
    }

    #[test]
    fn a_commit_before_the_log_start_lost_messages() {
        assert_eq!(messages_lost(Some(40), LOG), Some(60));
        assert_eq!(messages_lost(Some(100), LOG), Some(0));
        // Kafka's own tool counts what is gone as lag, and so do we.
        assert_eq!(consumer_lag(Some(40), LOG), Some(210));
    }
}
