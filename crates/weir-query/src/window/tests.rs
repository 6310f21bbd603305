use weir_nrql::ast::{Duration, Text};

use super::*;

/// Monday 2023-12-18T12:34:56.789Z.
const NOW: i64 = 1_702_902_896_789;

fn point(kind: TimePointKind) -> TimePoint {
    TimePoint { kind, span: Span::default() }
}

fn ago(amount: f64, unit: TimeUnit) -> TimePointKind {
    TimePointKind::Ago(Duration { amount, unit: Some(unit), span: Span::default() })
}

fn text(value: &str) -> Text {
    Text { value: value.into(), span: Span::default() }
}

fn anchor(zone: &str) -> Anchor<'static> {
    let now = Timestamp::from_millis(NOW);
    Anchor::new(now, Some(&text(zone)), Reporter { text: "" }).unwrap()
}

fn shown(anchor: &Anchor<'_>, kind: TimePointKind, side: Side) -> String {
    let millis = anchor.instant(&point(kind), side).unwrap();
    Instant::from_millisecond(millis).unwrap().to_string()
}

fn since(kind: TimePointKind) -> String {
    shown(&anchor("UTC"), kind, Side::Since)
}

fn calendar(last: bool, unit: TimeUnit) -> String {
    since(TimePointKind::Calendar { last, unit })
}

fn day(day: Day, at: Option<&str>) -> TimePointKind {
    TimePointKind::Day { day, at: at.map(text) }
}

#[test]
fn calendar_forms_follow_the_worked_examples() {
    assert_eq!(calendar(true, TimeUnit::Week), "2023-12-11T00:00:00Z");
    assert_eq!(calendar(true, TimeUnit::Quarter), "2023-07-01T00:00:00Z");
    assert_eq!(calendar(true, TimeUnit::Year), "2022-01-01T00:00:00Z");
    assert_eq!(since(day(Day::Weekday(2), None)), "2023-12-12T00:00:00Z");
    assert_eq!(since(day(Day::Weekday(1), None)), "2023-12-18T00:00:00Z");
    assert_eq!(calendar(false, TimeUnit::Hour), "2023-12-18T12:00:00Z");
    assert_eq!(calendar(true, TimeUnit::Hour), "2023-12-18T11:00:00Z");
    assert_eq!(calendar(false, TimeUnit::Month), "2023-12-01T00:00:00Z");
    assert_eq!(calendar(true, TimeUnit::Month), "2023-11-01T00:00:00Z");
    assert_eq!(calendar(false, TimeUnit::Quarter), "2023-10-01T00:00:00Z");
    assert_eq!(since(day(Day::Today, None)), "2023-12-18T00:00:00Z");
    assert_eq!(since(day(Day::Yesterday, None)), "2023-12-17T00:00:00Z");
}

#[test]
fn relative_units_have_fixed_lengths() {
    assert_eq!(since(ago(1.0, TimeUnit::Month)), "2023-11-18T12:34:56.789Z");
    assert_eq!(since(ago(1.0, TimeUnit::Quarter)), "2023-09-18T12:34:56.789Z");
    assert_eq!(since(ago(1.0, TimeUnit::Year)), "2022-12-18T12:34:56.789Z");
    assert_eq!(since(ago(1.5, TimeUnit::Hour)), "2023-12-18T11:04:56.789Z");
}

#[test]
fn a_future_time_of_today_means_yesterday_in_since_only() {
    let evening = || day(Day::Today, Some("23:00"));
    assert_eq!(since(evening()), "2023-12-17T23:00:00Z");
    assert_eq!(shown(&anchor("UTC"), evening(), Side::Until), "2023-12-18T23:00:00Z");
    assert_eq!(since(day(Day::Today, Some("09:30:15"))), "2023-12-18T09:30:15Z");
    assert_eq!(since(day(Day::Yesterday, Some("23:00"))), "2023-12-17T23:00:00Z");
    assert_eq!(since(day(Day::Weekday(1), Some("23:00"))), "2023-12-11T23:00:00Z");
}

#[test]
fn the_zone_moves_midnight_and_a_zone_in_the_text_wins() {
    let los_angeles = anchor("America/Los_Angeles");
    let until =
        |value: &str| shown(&los_angeles, TimePointKind::DateTime(text(value)), Side::Until);
    assert_eq!(shown(&los_angeles, day(Day::Today, None), Side::Since), "2023-12-18T08:00:00Z");
    assert_eq!(until("2022-05-19T12:00"), "2022-05-19T19:00:00Z");
    assert_eq!(until("2022-05-19T12:00-0500"), "2022-05-19T17:00:00Z");
    assert_eq!(until("2022-05-19 12:00 [Asia/Tokyo]"), "2022-05-19T03:00:00Z");
    // The clocks went back on 2023-11-05 at 2 o'clock.
    assert_eq!(until("2023-11-05"), "2023-11-05T07:00:00Z");
    assert_eq!(until("2023-11-06"), "2023-11-06T08:00:00Z");
}

#[test]
fn without_clauses_the_window_is_the_last_hour() {
    let window = Window::resolve(&anchor("UTC"), None, None).unwrap();
    assert_eq!(window.range.begin.as_millis(), NOW - 3_600_000);
    assert_eq!(window.range.end.as_millis(), NOW);
    assert_eq!((window.since.as_str(), window.until.as_str()), ("60 MINUTES AGO", "NOW"));
}

#[test]
fn a_window_that_ends_before_it_starts_is_an_error() {
    let (late, early) = (point(TimePointKind::Now), point(ago(1.0, TimeUnit::Hour)));
    let error = Window::resolve(&anchor("UTC"), Some(&late), Some(&early)).unwrap_err();
    assert!(error.message.contains("ends before it starts"), "{}", error.message);
    let far = point(ago(1e30, TimeUnit::Year));
    assert!(Window::resolve(&anchor("UTC"), Some(&far), None).is_err());
    let unknown =
        Anchor::new(Timestamp::from_millis(0), Some(&text("Mars/Base")), Reporter { text: "" });
    assert!(unknown.unwrap_err().message.contains("Mars/Base"));
}
