//! Dates and times as NRQL quotes them: `[date] [T or blank] [time] [zone] [AM|PM]`.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use super::zone_named;

/// What a text says; a part it leaves out is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    pub date: Option<Date>,
    pub time: Option<Time>,
    pub zone: Option<TimeZone>,
}

/// `None` when the text is no date and no time, or has more than that.
pub fn parse_moment(text: &str) -> Option<Moment> {
    let (text, zone) = split_named_zone(text.trim())?;
    let (text, half) = split_half_of_day(text);
    if zone.is_some() && half.is_some() {
        return None;
    }
    let mut cursor = Cursor { rest: text };
    let date = if cursor.starts_with_date() { Some(cursor.date()?) } else { None };
    let after_t = date.is_some() && cursor.eat(['T', 't']);
    cursor.rest = cursor.rest.trim_start();
    let has_time = cursor.rest.starts_with(|c: char| c.is_ascii_digit());
    let time = if has_time { Some(cursor.time(after_t)?) } else { None };
    let time = match (time, half) {
        (Some(time), Some(half)) => Some(half.of(time)?),
        (None, Some(_)) => return None,
        (time, None) => time,
    };
    cursor.rest = cursor.rest.trim_start();
    let offset = if cursor.rest.is_empty() { None } else { Some(cursor.offset()?) };
    let is_whole = cursor.rest.is_empty() && (date.is_some() || time.is_some());
    let has_two_zones = zone.is_some() && offset.is_some();
    (is_whole && !has_two_zones).then_some(Moment { date, time, zone: zone.or(offset) })
}

/// `HH:MM[:SS] [AM|PM]`, as `today AT '…'` takes it.
pub fn parse_time(text: &str) -> Option<Time> {
    let (text, half) = split_half_of_day(text.trim());
    let mut cursor = Cursor { rest: text };
    let time = cursor.time(false)?;
    let time = half.map_or(Some(time), |half| half.of(time))?;
    (cursor.rest.is_empty() && time.subsec_nanosecond() == 0).then_some(time)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Half {
    fn of(self, time: Time) -> Option<Time> {
        let hour = match (time.hour(), self) {
            (12, Half::Am) => 0,
            (12, Half::Pm) => 12,
            (hour @ 1..=11, Half::Am) => hour,
            (hour @ 1..=11, Half::Pm) => hour + 12,
            _ => return None,
        };
        time.with().hour(hour).build().ok()
    }
}

/// A trailing ` [Area/City]`; `None` when the name is unknown.
fn split_named_zone(text: &str) -> Option<(&str, Option<TimeZone>)> {
    let Some(inner) = text.strip_suffix(']') else { return Some((text, None)) };
    let (before, name) = inner.rsplit_once('[')?;
    Some((before.trim_end(), Some(zone_named(name)?)))
}

fn split_half_of_day(text: &str) -> (&str, Option<Half>) {
    let cut = text.len().saturating_sub(2);
    let Some((before, end)) = text.split_at_checked(cut) else { return (text, None) };
    match end.to_ascii_uppercase().as_str() {
        "AM" => (before.trim_end(), Some(Half::Am)),
        "PM" => (before.trim_end(), Some(Half::Pm)),
        _ => (text, None),
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    /// Four digits and then a dash or one more: times never begin so.
    fn starts_with_date(&self) -> bool {
        let bytes = self.rest.as_bytes();
        bytes.len() > 4
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && (bytes[4] == b'-' || bytes[4].is_ascii_digit())
    }

    /// Dashes and the day may be missing.
    fn date(&mut self) -> Option<Date> {
        let year = self.digits(4)?;
        self.eat(['-']);
        let month = self.digits(2)?;
        let has_dash = self.eat(['-']);
        let has_day = has_dash || self.rest.starts_with(|c: char| c.is_ascii_digit());
        let day = if has_day { self.digits(2)? } else { 1 };
        Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    }

    /// Behind a `T` the colons may be missing.
    fn time(&mut self, colons_optional: bool) -> Option<Time> {
        let hour = if self.rest.get(1..2) == Some(":") { self.digits(1)? } else { self.digits(2)? };
        let has_colons = self.eat([':']);
        if !has_colons && !colons_optional {
            return None;
        }
        let minute = self.digits(2)?;
        let has_second = if has_colons {
            self.eat([':'])
        } else {
            self.rest.starts_with(|c: char| c.is_ascii_digit())
        };
        let second = if has_second { self.digits(2)? } else { 0 };
        let nanos = if has_second && self.eat(['.']) { self.fraction()? } else { 0 };
        let (hour, minute) = (hour.try_into().ok()?, minute.try_into().ok()?);
        Time::new(hour, minute, second.try_into().ok()?, nanos).ok()
    }

    /// `Z`, `±HH`, `±HHMM` or `±HH:MM`.
    fn offset(&mut self) -> Option<TimeZone> {
        if self.eat(['Z', 'z']) {
            return Some(TimeZone::UTC);
        }
        let sign = if self.eat(['+']) {
            1
        } else if self.eat(['-']) {
            -1
        } else {
            return None;
        };
        let hours = self.digits(2)?;
        self.eat([':']);
        let minutes = if self.rest.is_empty() { 0 } else { self.digits(2)? };
        let seconds = i32::try_from(sign * (hours * 3_600 + minutes * 60)).ok()?;
        let is_real = minutes < 60;
        is_real.then(|| Offset::from_seconds(seconds).ok().map(TimeZone::fixed)).flatten()
    }

    /// Up to nine digits, as nanoseconds.
    fn fraction(&mut self) -> Option<i32> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&count) {
            return None;
        }
        let value = self.digits(count)? * 10_i64.pow(9 - count as u32);
        value.try_into().ok()
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let digits = self.rest.get(..count)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.rest = &self.rest[count..];
        digits.parse().ok()
    }

    fn eat<const N: usize>(&mut self, characters: [char; N]) -> bool {
        match self.rest.strip_prefix(characters) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let moment = parse_moment(text)?;
        let zone = moment.zone.map(|z| z.iana_name().map_or_else(|| format!("{z:?}"), Into::into));
        let part = |p: Option<String>| p.unwrap_or_else(|| "-".into());
        let (date, time) = (moment.date.map(|d| d.to_string()), moment.time.map(|t| t.to_string()));
        Some(format!("{} {} {}", part(date), part(time), part(zone)))
    }

    #[test]
    fn documented_forms_are_understood() {
        let forms = [
            ("2022-05-19", "2022-05-19 - -"),
            ("20220519", "2022-05-19 - -"),
            ("2022-05", "2022-05-01 - -"),
            ("2022-05-19T12:00", "2022-05-19 12:00:00 -"),
            ("2022-05-19 9:05", "2022-05-19 09:05:00 -"),
            ("2022-05-19T120015", "2022-05-19 12:00:15 -"),
            ("2022-05-19 12:00:15.25", "2022-05-19 12:00:15.25 -"),
            ("2022-05-19T12:00Z", "2022-05-19 12:00:00 UTC"),
            ("2022-05-19 12:00 PM", "2022-05-19 12:00:00 -"),
            ("2022-05-19 12:30am", "2022-05-19 00:30:00 -"),
            ("2022-05-19 03:30 PM", "2022-05-19 15:30:00 -"),
            ("2022-05-19 12:00 [America/Los_Angeles]", "2022-05-19 12:00:00 America/Los_Angeles"),
            ("14:30", "- 14:30:00 -"),
        ];
        for (text, expected) in forms {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn offsets_have_three_spellings() {
        for text in ["2022-05-19T12:00-0500", "2022-05-19 12:00 -05:00", "2022-05-19T12:00-05"] {
            let zone = parse_moment(text).unwrap().zone.unwrap();
            assert_eq!(zone.to_fixed_offset().unwrap().seconds(), -5 * 3_600, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let wrong = [
            "",
            "soon",
            "2022-13-01",
            "2022-02-30",
            "25:00",
            "12",
            "2022-05-19T12:00 CST",
            "13:00 PM",
            "PM",
            "2022-05-19 12:00 PM [Europe/Berlin]",
            "12:00 [Nowhere/Else]",
            "1é:00",
            "2022-05-19 12:00 +05:75",
            "2022-05-19 12:00:00.",
            "é",
        ];
        for text in wrong {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_hours_minutes_and_maybe_seconds() {
        assert_eq!(parse_time("09:30").map(|t| t.to_string()).as_deref(), Some("09:30:00"));
        assert_eq!(parse_time("9:30:15").map(|t| t.to_string()).as_deref(), Some("09:30:15"));
        assert_eq!(parse_time("12:05 AM").map(|t| t.to_string()).as_deref(), Some("00:05:00"));
        assert_eq!(parse_time("09:30:15.5"), None);
        assert_eq!(parse_time("0930"), None);
        assert_eq!(parse_time("24:00"), None);
    }
}
