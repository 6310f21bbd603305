//! What events add up to, computed plainly from the events and from whatever a store holds of them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use weir_store::{FloatSum, Moment, Resolution, RolledValue, Rollup, Store};
use weir_types::schema::is_identity;
use weir_types::{AccountId, Event, Value};

use crate::rollup::{TYPES, rollups};
use crate::support::{ALWAYS, plain_value};

/// The numbers of one attribute and one type, added up plainly.
#[derive(Debug, Clone)]
struct Numbers {
    count: u64,
    integers: i128,
    floats: FloatSum,
    min: Value,
    max: Value,
    earliest: (Moment, Value),
    latest: (Moment, Value),
}

impl Numbers {
    fn same(value: &Value, count: u64, first: Moment, last: Moment) -> Numbers {
        let mut numbers = Numbers {
            count,
            integers: 0,
            floats: FloatSum::default(),
            min: value.clone(),
            max: value.clone(),
            earliest: (first, value.clone()),
            latest: (last, value.clone()),
        };
        match value {
            Value::Int(int) => numbers.integers = i128::from(*int) * i128::from(count),
            Value::Float(float) => (0..count).for_each(|_| numbers.floats.add(*float)),
            other => panic!("{other:?} is no number"),
        }
        numbers
    }

    fn join(&mut self, other: Numbers) {
        let less = |a: &Value, b: &Value| match (a, b) {
            (Value::Int(a), Value::Int(b)) => a < b,
            (Value::Float(a), Value::Float(b)) => a.total_cmp(b).is_lt(),
            other => panic!("{other:?}"),
        };
        self.count += other.count;
        self.integers += other.integers;
        self.floats.add_sum(&other.floats);
        if less(&other.min, &self.min) {
            self.min = other.min;
        }
        if less(&self.max, &other.max) {
            self.max = other.max;
        }
        if other.earliest.0 < self.earliest.0 {
            self.earliest = other.earliest;
        }
        if other.latest.0 > self.latest.0 {
            self.latest = other.latest;
        }
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        let plain = |it: &Numbers| {
            let values = [&it.min, &it.max, &it.earliest.1, &it.latest.1].map(plain_value);
            let sums = (it.count, it.integers, it.floats.value().to_bits());
            (sums, values, it.earliest.0, it.latest.0)
        };
        plain(self) == plain(other)
    }
}

/// What the events of one interval with the same strings, booleans and identity add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Total {
    events: u64,
    numbers: BTreeMap<(String, &'static str), Numbers>,
}

type Texts = Vec<(String, (&'static str, String))>;
/// By event type and interval.
pub type Totals = BTreeMap<(&'static str, i64, Texts), Total>;

fn add(totals: &mut Totals, event_type: &'static str, interval_millis: i64, rollup: &Rollup) {
    let is_shared = |name: &str, value: &Value| match value {
        Value::Str(_) | Value::Bool(_) => true,
        _ if event_type == "Metric" => !name.starts_with("metric."),
        _ => is_identity(event_type, name),
    };
    let interval = rollup.last.timestamp.as_millis().div_euclid(interval_millis);
    assert_eq!(rollup.first.timestamp.as_millis().div_euclid(interval_millis), interval);
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for (name, value) in &rollup.attributes {
        match value {
            RolledValue::Same(value) if is_shared(name, value) => {
                texts.push((name.to_string(), plain_value(value)));
            }
            RolledValue::Same(value) => {
                let found = Numbers::same(value, rollup.events, rollup.first, rollup.last);
                numbers.push(((name.to_string(), value.kind().as_str()), found));
            }
            RolledValue::Numbers(summary) => {
                numbers.extend(summary.integers.iter().map(|s| {
                    let base = Numbers::same(&Value::Int(s.min), s.count, s.earliest.0, s.latest.0);
                    let (earliest, latest) = (s.earliest.1.into(), s.latest.1.into());
                    let found = Numbers {
                        integers: s.sum,
                        max: Value::Int(s.max),
                        earliest: (s.earliest.0, earliest),
                        latest: (s.latest.0, latest),
                        ..base
                    };
                    ((name.to_string(), "integer"), found)
                }));
                numbers.extend(summary.floats.iter().map(|s| {
                    let base = Numbers::same(&Value::Float(s.min), 0, s.earliest.0, s.latest.0);
                    let found = Numbers {
                        count: s.count,
                        floats: s.sum.clone(),
                        max: Value::Float(s.max),
                        earliest: (s.earliest.0, Value::Float(s.earliest.1)),
                        latest: (s.latest.0, Value::Float(s.latest.1)),
                        ..base
                    };
                    ((name.to_string(), "number"), found)
                }));
            }
        }
    }
    texts.sort();
    let total = totals.entry((event_type, interval, texts)).or_default();
    total.events += rollup.events;
    for ((name, kind), found) in numbers {
        let key = (name, kind);
        match total.numbers.get_mut(&key) {
            Some(known) => known.join(found),
            None => drop(total.numbers.insert(key, found)),
        }
    }
}

/// An event as the roll-up of itself.
fn alone(event: &Event, sequence: u64) -> Rollup {
    let at = Moment { timestamp: event.timestamp, sequence };
    let attributes = event.attributes.iter();
    Rollup {
        resolution: Resolution::Raw,
        events: 1,
        first: at,
        last: at,
        attributes: attributes
            .map(|(name, value)| (Arc::from(&**name), RolledValue::Same(value.clone())))
            .collect(),
    }
}

pub fn totals_of_events(events: &[Event], interval_millis: i64) -> Totals {
    let mut totals = Totals::new();
    for (sequence, event) in (0..).zip(events) {
        let known = TYPES.iter().find(|known| ***known == *event.event_type).unwrap();
        add(&mut totals, known, interval_millis, &alone(event, sequence));
    }
    totals
}

/// Of everything the store holds, events and roll-ups.
pub fn totals_of_store(store: &Store, interval_millis: i64) -> Totals {
    let snapshot = store.snapshot(AccountId(1));
    let mut totals = Totals::new();
    for event_type in TYPES {
        snapshot.scan(event_type, ALWAYS, &mut |row| {
            let event = row.to_event(event_type);
            add(&mut totals, event_type, interval_millis, &alone(&event, row.sequence()));
            ControlFlow::Continue(())
        });
        for rollup in rollups(&snapshot, event_type, ALWAYS) {
            add(&mut totals, event_type, interval_millis, &rollup);
        }
    }
    totals
}
