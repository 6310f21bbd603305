//! Columns brought side by side hold what the same events one by one would, wherever they are.

use proptest::prelude::*;
use weir_store::{AppendError, Options, Store};
use weir_types::{
    AccountId, Column, ColumnValues, Columns, ColumnsError, Event, Presence, Timestamp, Value,
};

use crate::support::{ALWAYS, Plain, TestClock, append, folder, open, options, plain, scan};

const TYPE: &str = "KafkaConsumerSample";

/// A row: series, timestamp, lag, and a ratio that not all have.
type Row = (u8, i64, i64, Option<i16>);

fn event((series, at, lag, ratio): Row) -> Event {
    Event::new(TYPE, Timestamp::from_millis(at))
        .with("topic", format!("topic-{series}"))
        .with("consumerLag", lag)
        .with_known("ratio", ratio.map(|ratio| Value::Float(f64::from(ratio) / 7.0)))
        .with("note", if lag % 2 == 0 { "even" } else { "odd" })
}

fn columns(rows: &[Row]) -> Columns {
    let column = |name: &'static str, values| Column { name: name.into(), presence: None, values };
    let mut presence = Presence::default();
    let having = |(event, row): (usize, &Row)| row.3.map(|ratio| (event, ratio));
    let ratios = rows.iter().enumerate().filter_map(having).map(|(event, ratio)| {
        presence.set(event);
        f64::from(ratio) / 7.0
    });
    let ratios = ColumnValues::Floats(ratios.collect());
    let topics = ColumnValues::Texts {
        strings: (0..=u8::MAX).map(|series| format!("topic-{series}").into()).collect(),
        codes: rows.iter().map(|row| row.0.into()).collect(),
    };
    let notes = ColumnValues::Texts {
        strings: vec!["even".into(), "odd".into()],
        codes: rows.iter().map(|row| u32::from(row.2 % 2 != 0)).collect(),
    };
    Columns {
        event_type: TYPE.into(),
        timestamps: rows.iter().map(|row| Timestamp::from_millis(row.1)).collect(),
        columns: vec![
            column("note", notes),
            column("consumerLag", ColumnValues::Ints(rows.iter().map(|row| row.2).collect())),
            Column { name: "ratio".into(), presence: Some(presence), values: ratios },
            column("topic", topics),
        ],
    }
}

fn append_columns(store: &Store, columns: Columns) -> Result<(), AppendError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.append_columns(AccountId(1), columns))
}

fn rows(series: u8) -> impl Strategy<Value = Vec<Row>> {
    let at = prop_oneof![5 => 0_i64..10_000, 1 => 0_i64..100_000_000];
    let row = (0..=series, at, any::<i64>(), any::<Option<i16>>());
    prop::collection::vec(row, 0..300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn columns_and_rows_are_one(
        parts in prop::collection::vec((any::<bool>(), prop_oneof![rows(0), rows(3), rows(200)]), 1..6),
    ) {
        let dir = folder();
        let mut expected: Vec<Plain> = Vec::new();
        let check = |store: &Store, expected: &[Plain], when: &str| {
            assert_eq!(scan(&store.snapshot(AccountId(1)), TYPE, ALWAYS), expected, "{when}");
        };
        let store = Store::open(options(dir.path()), TestClock::at(0)).unwrap();
        for (by_rows, rows) in parts {
            match by_rows {
                true => append(&store, 1, rows.iter().copied().map(event).collect()).unwrap(),
                false => append_columns(&store, columns(&rows)).unwrap(),
            }
            expected.extend(rows.into_iter().map(|row| plain(&event(row))));
            check(&store, &expected, "in memory");
        }
        drop(store);
        let store = open(dir.path());
        check(&store, &expected, "replayed");
        store.flush().unwrap();
        check(&store, &expected, "sealed");
    }
}

#[test]
fn columns_that_do_not_fit_are_refused_whole() {
    let dir = folder();
    let store = open(dir.path());
    let mut short = columns(&[(0, 1, 2, None), (1, 1, 2, None)]);
    short.timestamps.pop();
    let refused = append_columns(&store, short);
    assert!(matches!(refused, Err(AppendError::Invalid(ColumnsError::Length { .. }))));
    assert_eq!(append_columns(&store, columns(&[])), Ok(()));
    assert_eq!(store.stats().rows, 0);
    store.close();
    let refused = append_columns(&store, columns(&[(0, 1, 2, None)]));
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
}

#[test]
fn a_full_queue_gives_columns_back() {
    let dir = folder();
    let options = Options { queue_events_max: 1, ..options(dir.path()) };
    let store = Store::open(options, TestClock::at(0)).unwrap();
    let brought = columns(&[(0, 1, 2, Some(3))]);
    let waiting: Vec<_> =
        (0..2_000).map(|_| store.append_columns(AccountId(1), brought.clone())).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers: Vec<_> = waiting.into_iter().map(|answer| runtime.block_on(answer)).collect();
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    let busy = Err(AppendError::Busy { waiting: 1, columns: brought });
    assert_eq!(answers.iter().filter(|answer| **answer == busy).count(), answers.len() - taken);
    assert!(0 < taken && taken < answers.len(), "{taken} taken");
    assert_eq!(store.stats().rows, taken as u64);
}
