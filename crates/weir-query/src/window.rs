//! SINCE, UNTIL and COMPARE WITH: points in time as instants.

pub mod datetime;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ToSpan, Zoned};
use weir_nrql::ast::{Day, TimePoint, TimePointKind, TimeUnit};
use weir_types::{Diagnostic, Span, TimeRange, Timestamp};

use crate::decision::DEFAULT_WINDOW_MILLIS;
use crate::problem::{self, Reporter};
use datetime::{Moment, parse_moment, parse_time};

/// The stretch of time a question is about.
#[derive(Debug, Clone)]
pub struct Window {
    pub range: TimeRange,
    /// As [`Anchor::text_of`] echoes them.
    pub since: String,
    pub until: String,
}

/// What relative points hang from.
#[derive(Debug, Clone)]
pub struct Anchor<'a> {
    pub now: Timestamp,
    pub zone: TimeZone,
    pub reporter: Reporter<'a>,
}

/// The future is not an answer to SINCE: `today AT '23:00'` said at noon means yesterday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Since,
    Until,
}

impl Window {
    /// The hour before now, unless the query says otherwise.
    pub fn resolve(
        anchor: &Anchor<'_>,
        since: Option<&TimePoint>,
        until: Option<&TimePoint>,
    ) -> Result<Window, Diagnostic> {
        let now = anchor.now.as_millis();
        let begin = match since {
            Some(point) => anchor.instant(point, Side::Since)?,
            None => now.saturating_sub(DEFAULT_WINDOW_MILLIS),
        };
        let end = match until {
            Some(point) => anchor.instant(point, Side::Until)?,
            None => now,
        };
        if begin >= end {
            let span = since.or(until).map_or(Span::default(), |point| point.span);
            let message = "the window ends before it starts: SINCE must be earlier than UNTIL";
            return Err(anchor
                .reporter
                .error(problem::TIME, message, span)
                .with_help("without SINCE a window begins 60 minutes ago"));
        }
        let begin = Timestamp::from_millis(begin);
        let range = TimeRange { begin, end: Timestamp::from_millis(end) };
        let text = |point: Option<&TimePoint>, default: &str| {
            point.map_or_else(|| default.to_owned(), |p| anchor.text_of(p))
        };
        let (since, until) = (text(since, "60 MINUTES AGO"), text(until, "NOW"));
        Ok(Window { range, since, until })
    }
}

impl<'a> Anchor<'a> {
    /// UTC where no zone is asked for.
    pub fn new(
        now: Timestamp,
        zone: Option<&weir_nrql::ast::Text>,
        reporter: Reporter<'a>,
    ) -> Result<Self, Diagnostic> {
        let zone = match zone {
            None => TimeZone::UTC,
            Some(name) => zone_named(&name.value).ok_or_else(|| {
                let message = format!("unknown time zone `{}`", name.value);
                let help = "use a name such as 'Europe/Berlin' or 'UTC'";
                reporter.error(problem::TIME, message, name.span).with_help(help)
            })?,
        };
        Ok(Anchor { now, zone, reporter })
    }

    /// How far back COMPARE WITH reaches, in milliseconds.
    pub fn shift_millis(&self, point: &TimePoint) -> Result<i64, Diagnostic> {
        match &point.kind {
            TimePointKind::Ago(duration) if duration.as_millis() > 0 => Ok(duration.as_millis()),
            TimePointKind::Ago(_) => Err(self.error("COMPARE WITH needs a length above 0", point)),
            _ => Err(self
                .error("COMPARE WITH needs a length of time", point)
                .with_help("write for example COMPARE WITH 1 day AGO")),
        }
    }

    /// As New Relic echoes it: AGO and other keywords in upper case, units as they were written.
    pub fn text_of(&self, point: &TimePoint) -> String {
        let text = self.reporter.text_of(point.span);
        match point.kind {
            TimePointKind::DateTime(_) => text,
            TimePointKind::Ago(_) => match text.split_at_checked(text.len().saturating_sub(3)) {
                Some((length, ago)) if ago.eq_ignore_ascii_case("ago") => format!("{length}AGO"),
                _ => text,
            },
            _ => text.to_uppercase(),
        }
    }

    fn instant(&self, point: &TimePoint, side: Side) -> Result<i64, Diagnostic> {
        let millis = match &point.kind {
            TimePointKind::Now => Some(self.now.as_millis()),
            TimePointKind::Ago(duration) => self.now.as_millis().checked_sub(duration.as_millis()),
            TimePointKind::EpochMillis(millis) => Some(*millis),
            TimePointKind::Name(name) => {
                let message = format!("`{}` stands for a time that nobody filled in", name.text);
                return Err(self.error(&message, point));
            }
            TimePointKind::Day { day, at } => {
                let at = at.as_ref().map(|text| {
                    parse_time(&text.value).ok_or_else(|| {
                        let message = format!("`{}` is not a time of day", text.value);
                        let help = "write for example '09:30' or '09:30:15'";
                        self.reporter.error(problem::TIME, message, text.span).with_help(help)
                    })
                });
                self.day(*day, at.transpose()?, side)
            }
            TimePointKind::Calendar { last, unit } => self.calendar(*last, *unit),
            TimePointKind::DateTime(text) => {
                let moment = parse_moment(&text.value).ok_or_else(|| {
                    self.error(&format!("`{}` is not a date and time", text.value), point)
                        .with_help("write for example '2024-05-19 12:00:00' or '2024-05-19T12:00Z'")
                })?;
                self.moment(moment, side)
            }
        };
        let in_calendar = millis.filter(|m| Instant::from_millisecond(*m).is_ok());
        in_calendar.ok_or_else(|| self.error("this point in time is out of range", point))
    }

    fn day(&self, day: Day, at: Option<jiff::civil::Time>, side: Side) -> Option<i64> {
        let today = self.now()?;
        let (days_back, period) = match day {
            Day::Today => (0, 1),
            Day::Yesterday => (1, 1),
            Day::Tomorrow => (-1, 1),
            Day::Weekday(number) => {
                let today = i64::from(today.weekday().to_monday_one_offset());
                ((today - i64::from(number)).rem_euclid(7), 7)
            }
        };
        let date = today.date().checked_sub(days_back.days()).ok()?;
        let Some(time) = at else { return self.midnight(date) };
        let millis = self.local(date, time)?;
        let is_ahead = millis > self.now.as_millis() && day != Day::Tomorrow;
        if side == Side::Since && is_ahead {
            return self.local(date.checked_sub(period.days()).ok()?, time);
        }
        Some(millis)
    }

    fn calendar(&self, last: bool, unit: TimeUnit) -> Option<i64> {
        let now = self.now()?;
        let today = now.date();
        let back = i64::from(last);
        let date = match unit {
            TimeUnit::Hour => return hour_start(&now).map(|ms| ms - back * unit.millis()),
            TimeUnit::Day => today.checked_sub(back.days()),
            TimeUnit::Week => {
                let since_monday = i64::from(now.weekday().to_monday_zero_offset());
                today.checked_sub((since_monday + 7 * back).days())
            }
            TimeUnit::Month => today.first_of_month().checked_sub(back.months()),
            TimeUnit::Quarter => {
                let into_quarter = i64::from((today.month() - 1) % 3);
                today.first_of_month().checked_sub((into_quarter + 3 * back).months())
            }
            TimeUnit::Year => today.first_of_year().checked_sub(back.years()),
            TimeUnit::Millisecond | TimeUnit::Second | TimeUnit::Minute => return None,
        };
        self.midnight(date.ok()?)
    }

    /// A zone in the text beats the one of the query.
    fn moment(&self, moment: Moment, side: Side) -> Option<i64> {
        let zone = moment.zone.unwrap_or_else(|| self.zone.clone());
        let anchor = Anchor { zone, ..self.clone() };
        match (moment.date, moment.time) {
            (Some(date), Some(time)) => anchor.local(date, time),
            (Some(date), None) => anchor.midnight(date),
            (None, time) => anchor.day(Day::Today, time, side),
        }
    }

    fn now(&self) -> Option<Zoned> {
        let now = Instant::from_millisecond(self.now.as_millis()).ok()?;
        Some(now.to_zoned(self.zone.clone()))
    }

    fn midnight(&self, date: Date) -> Option<i64> {
        let start = date.to_zoned(self.zone.clone()).ok()?.start_of_day().ok()?;
        Some(start.timestamp().as_millisecond())
    }

    fn local(&self, date: Date, time: jiff::civil::Time) -> Option<i64> {
        let zoned = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(zoned.timestamp().as_millisecond())
    }

    fn error(&self, message: &str, point: &TimePoint) -> Diagnostic {
        self.reporter.error(problem::TIME, message, point.span)
    }
}

fn hour_start(now: &Zoned) -> Option<i64> {
    let start = now.with().minute(0).second(0).subsec_nanosecond(0).build().ok()?;
    Some(start.timestamp().as_millisecond())
}

/// `Z` and `UTC` beside the names of the zone database.
pub fn zone_named(name: &str) -> Option<TimeZone> {
    match name.trim() {
        "Z" | "z" => Some(TimeZone::UTC),
        name => TimeZone::get(name).ok(),
    }
}

#[cfg(test)]
mod tests;
