//! Parts of a date. The argument is in epoch milliseconds; the calendar is that of the query's
//! zone. A second argument `numeric` asks for a number instead of a name.

use jiff::{Timestamp, ToSpan, Zoned};

use super::{ScalarFunction, Settings, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[
    part("yearOf", BOTH, |a, z| of(a, z, |d| d.year().to_string(), |d| Some(d.year().into()))),
    part("quarterOf", BOTH, |a, z| of(a, z, quarter_text, |d| Some(quarter(d)))),
    part("monthOf", BOTH, |a, z| of(a, z, |d| format("%B %Y", d), |d| Some(d.month().into()))),
    part("weekOf", BOTH, |a, z| of(a, z, week_text, |d| Some(week(d)))),
    part("weekdayOf", BOTH, |a, z| of(a, z, |d| format("%A", d), |d| Some(weekday(d)))),
    part("dateOf", BOTH, |a, z| of(a, z, |d| format("%B %-d, %Y", d), midnight_millis)),
    part("dayOfMonthOf", BOTH, |a, z| of(a, z, |d| d.day().to_string(), |d| Some(d.day().into()))),
    part("daysInMonthOf", BOTH, |a, z| {
        of(a, z, |d| d.days_in_month().to_string(), |d| Some(d.days_in_month().into()))
    }),
    part("hourOf", BOTH, |a, z| {
        of(a, z, |d| format!("{}:00", d.hour()), |d| Some(d.hour().into()))
    }),
    part("minuteOf", BOTH, |a, z| {
        of(a, z, |d| d.minute().to_string(), |d| Some(d.minute().into()))
    }),
];

const BOTH: &[&str] = &["string", "numeric"];

const fn part(
    name: &'static str,
    forms: &'static [&'static str],
    evaluate: fn(&[Datum], &Settings) -> Datum,
) -> ScalarFunction {
    ScalarFunction { name, arguments: 1..=2, forms, named: "", returns: Kind::Value, evaluate }
}

fn of(
    arguments: &[Datum],
    settings: &Settings,
    name: fn(&Zoned) -> String,
    number: fn(&Zoned) -> Option<i64>,
) -> Datum {
    let millis = argument(arguments, 0).as_f64();
    let instant = millis.and_then(|m| Timestamp::from_millisecond(m as i64).ok());
    let Some(date) = instant.map(|t| t.to_zoned(settings.zone.clone())) else { return Datum::Null };
    match argument(arguments, 1).as_str() {
        Some(form) if form.eq_ignore_ascii_case("numeric") => {
            number(&date).map_or(Datum::Null, Datum::Int)
        }
        _ => Datum::text(name(&date)),
    }
}

fn format(pattern: &str, date: &Zoned) -> String {
    date.strftime(pattern).to_string()
}

fn quarter(date: &Zoned) -> i64 {
    (i64::from(date.month()) + 2) / 3
}

fn quarter_text(date: &Zoned) -> String {
    format!("Q{} {}", quarter(date), date.year())
}

/// Named after its Monday.
fn week_text(date: &Zoned) -> String {
    let since_monday = i64::from(date.weekday().to_monday_zero_offset());
    let monday = date.date().saturating_sub(since_monday.days());
    format!("Week of {}", monday.strftime("%B %-d"))
}

/// Of the ISO calendar.
fn week(date: &Zoned) -> i64 {
    i64::from(date.date().iso_week_date().week())
}

fn midnight_millis(date: &Zoned) -> Option<i64> {
    Some(date.start_of_day().ok()?.timestamp().as_millisecond())
}

/// Sunday is 0.
fn weekday(date: &Zoned) -> i64 {
    i64::from(date.weekday().to_sunday_zero_offset())
}

#[cfg(test)]
mod tests {
    use super::super::{call, scalar_function};
    use super::*;

    /// Monday 2023-12-18T12:34:56.789Z.
    const MONDAY: Datum = Datum::Int(1_702_902_896_789);

    fn number(name: &str) -> Datum {
        call(name, &[MONDAY, Datum::text("numeric")])
    }

    #[test]
    fn names() {
        let expected = [
            ("yearOf", "2023"),
            ("quarterOf", "Q4 2023"),
            ("monthOf", "December 2023"),
            ("weekOf", "Week of December 18"),
            ("weekdayOf", "Monday"),
            ("dateOf", "December 18, 2023"),
            ("dayOfMonthOf", "18"),
            ("daysInMonthOf", "31"),
            ("hourOf", "12:00"),
            ("minuteOf", "34"),
        ];
        for (name, text) in expected {
            assert_eq!(call(name, &[MONDAY]), Datum::text(text), "{name}");
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(number("quarterOf"), Datum::Int(4));
        assert_eq!(number("weekdayOf"), Datum::Int(1));
        assert_eq!(number("hourOf"), Datum::Int(12));
        assert_eq!(number("monthOf"), Datum::Int(12));
        assert_eq!(number("weekOf"), Datum::Int(51));
        assert_eq!(number("dateOf"), Datum::Int(1_702_857_600_000));
    }

    #[test]
    fn the_zone_of_the_query_counts() {
        let zone = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap();
        let hour = scalar_function("hourOf").unwrap();
        assert_eq!(
            (hour.evaluate)(&[MONDAY], &Settings { zone, named: Datum::Null }),
            Datum::text("21:00")
        );
        assert_eq!(call("hourOf", &[Datum::text("x")]), Datum::Null);
    }
}
