//! `toDatetime` and `toTimestamp`: times as texts, by the pattern letters of Java's
//! `DateTimeFormatter`.

mod read;

use std::fmt::Write as _;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::Compiled;
use crate::datum::Datum;
use crate::window::datetime::parse_moment;
use read::{Found, Reader};

/// Of `toDatetime` without a pattern.
pub const DEFAULT_PATTERN: &str = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A pattern, compiled.
#[derive(Debug, Clone)]
pub struct TimePattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Literal(String),
    /// A letter and how often it stands there.
    Field(char, usize),
}

impl TimePattern {
    pub fn parse(pattern: &str) -> Result<TimePattern, String> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\'' => pieces.push(Piece::Literal(quoted(&mut chars)?)),
                _ if c.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while chars.next_if_eq(&c).is_some() {
                        count += 1;
                    }
                    if !LETTERS.contains(c) {
                        return Err(format!("it has the letter {c}, which stands for nothing"));
                    }
                    pieces.push(Piece::Field(c, count));
                }
                _ => pieces.push(Piece::Literal(c.into())),
            }
        }
        Ok(TimePattern(pieces))
    }

    fn format(&self, at: &Zoned) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Field(letter, count) => out.push_str(&field_text(at, *letter, *count)),
            }
        }
        out
    }

    /// Parts that the pattern does not have: 1 for the date, 0 for the time of day.
    fn read(&self, text: &str, zone: &TimeZone) -> Option<i64> {
        let mut reader = Reader { rest: text, found: Found::default() };
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => reader.rest = reader.rest.strip_prefix(literal)?,
                Piece::Field(letter, count) => reader.field(*letter, *count)?,
            }
        }
        if !reader.rest.is_empty() {
            return None;
        }
        reader.found.instant(zone)
    }
}

const LETTERS: &str = "yuMLdDEaHhKkmsSnQqzVXxZO";

/// `''` inside and outside of quotes is a quote.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, String> {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\'' if chars.peek() == Some(&'\'') => {
                chars.next();
                text.push('\'');
            }
            '\'' => return Ok(if text.is_empty() { "'".into() } else { text }),
            _ => text.push(c),
        }
    }
    Err("a quote is not closed".into())
}

fn field_text(at: &Zoned, letter: char, count: usize) -> String {
    let hour = i64::from(at.hour());
    let twelve = |hour: i64| if hour % 12 == 0 { 12 } else { hour % 12 };
    let number = match letter {
        'y' | 'u' if count == 2 => i64::from(at.year()).rem_euclid(100),
        'y' | 'u' => i64::from(at.year()),
        'M' | 'L' if count >= 3 => {
            return name(&MONTHS, i64::from(at.month()) - 1, count);
        }
        'M' | 'L' => i64::from(at.month()),
        'd' => i64::from(at.day()),
        'D' => i64::from(at.day_of_year()),
        'E' => {
            return name(&DAYS, i64::from(at.weekday().to_monday_zero_offset()), count);
        }
        'a' => return if hour < 12 { "AM".into() } else { "PM".into() },
        'H' => hour,
        'h' => twelve(hour),
        'K' => hour % 12,
        'k' => {
            if hour == 0 {
                24
            } else {
                hour
            }
        }
        'm' => i64::from(at.minute()),
        's' => i64::from(at.second()),
        'S' => {
            let nanos = format!("{:09}", at.subsec_nanosecond());
            return nanos.chars().chain(std::iter::repeat('0')).take(count).collect();
        }
        'n' => i64::from(at.subsec_nanosecond()),
        'Q' | 'q' => {
            let quarter = (i64::from(at.month()) + 2) / 3;
            return if count >= 3 { format!("Q{quarter}") } else { format!("{quarter:0count$}") };
        }
        'z' => return at.strftime("%Z").to_string(),
        'V' => return zone_name(at),
        'X' | 'x' | 'Z' | 'O' => return offset_text(at.offset(), letter, count),
        _ => 0,
    };
    format!("{number:0count$}")
}

fn name(names: &[&str], place: i64, count: usize) -> String {
    let whole = usize::try_from(place).ok().and_then(|place| names.get(place));
    let whole = whole.copied().unwrap_or_default();
    if count >= 4 { whole.into() } else { whole.chars().take(3).collect() }
}

fn zone_name(at: &Zoned) -> String {
    match at.time_zone().iana_name() {
        Some(name) => name.into(),
        None => offset_text(at.offset(), 'X', 3),
    }
}

fn offset_text(offset: Offset, letter: char, count: usize) -> String {
    let seconds = offset.seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let mut out = String::new();
    let written = match (letter, count) {
        ('X', _) if seconds == 0 => return "Z".into(),
        ('X' | 'x', 1) if minutes == 0 => write!(out, "{sign}{hours:02}"),
        ('X' | 'x', 1 | 2) | ('Z', 1..=3) => write!(out, "{sign}{hours:02}{minutes:02}"),
        ('Z', 4) | ('O', 4) => write!(out, "GMT{sign}{hours:02}:{minutes:02}"),
        ('O', _) => write!(out, "GMT{sign}{hours}"),
        _ => write!(out, "{sign}{hours:02}:{minutes:02}"),
    };
    written.map_or_else(|_| String::new(), |()| out)
}

/// Epoch milliseconds to text.
#[derive(Debug)]
pub struct ToDatetime {
    pub pattern: TimePattern,
    pub zone: TimeZone,
}

impl Compiled for ToDatetime {
    fn apply(&self, value: &Datum) -> Datum {
        let instant = value.as_f64().and_then(|ms| Timestamp::from_millisecond(ms as i64).ok());
        let Some(instant) = instant else { return Datum::Null };
        Datum::text(self.pattern.format(&instant.to_zoned(self.zone.clone())))
    }
}

/// Text to epoch milliseconds, by ISO 8601 where there is no pattern.
#[derive(Debug)]
pub struct ToTimestamp {
    pub pattern: Option<TimePattern>,
    pub zone: TimeZone,
}

impl Compiled for ToTimestamp {
    fn apply(&self, value: &Datum) -> Datum {
        let Some(text) = value.as_str() else { return Datum::Null };
        let millis = match &self.pattern {
            Some(pattern) => pattern.read(text, &self.zone),
            None => read_iso(text, &self.zone),
        };
        millis.map_or(Datum::Null, Datum::Int)
    }
}

fn read_iso(text: &str, zone: &TimeZone) -> Option<i64> {
    let moment = parse_moment(text)?;
    let date = moment.date?;
    let time = moment.time.unwrap_or_default();
    let zone = moment.zone.unwrap_or_else(|| zone.clone());
    Some(date.to_datetime(time).to_zoned(zone).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday 2023-12-18T12:34:56.789Z.
    const MONDAY: i64 = 1_702_902_896_789;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn format(pattern: &str, zone_name: &str) -> String {
        let pattern = TimePattern::parse(pattern).unwrap();
        let text = ToDatetime { pattern, zone: zone(zone_name) }.apply(&Datum::Int(MONDAY));
        text.as_str().unwrap().to_owned()
    }

    fn read(text: &str, pattern: Option<&str>, zone_name: &str) -> Datum {
        let pattern = pattern.map(|pattern| TimePattern::parse(pattern).unwrap());
        ToTimestamp { pattern, zone: zone(zone_name) }.apply(&Datum::text(text))
    }

    #[test]
    fn times_are_written() {
        for (pattern, expected) in [
            (DEFAULT_PATTERN, "2023-12-18T12:34:56.789Z"),
            ("yy/M/d H:m:s", "23/12/18 12:34:56"),
            ("EEEE, MMMM d yyyy 'at' h:mm a", "Monday, December 18 2023 at 12:34 PM"),
            ("EEE MMM D Q QQQ", "Mon Dec 352 4 Q4"),
            ("HH'h'''", "12h'"),
            ("SS SSSSSS", "78 789000"),
        ] {
            assert_eq!(format(pattern, "UTC"), expected, "{pattern}");
        }
        assert_eq!(format(DEFAULT_PATTERN, "Asia/Kolkata"), "2023-12-18T18:04:56.789+05:30");
        assert_eq!(
            format("X XX Z ZZZZ VV z", "America/New_York"),
            "-05 -0500 -0500 GMT-05:00 America/New_York EST"
        );
    }

    #[test]
    fn times_are_read() {
        let (iso, java) = ("2023-12-18T12:34:56.789Z", "yyyy-MM-dd HH:mm:ss");
        assert_eq!(read(iso, None, "UTC"), Datum::Int(MONDAY));
        assert_eq!(read(iso, Some(DEFAULT_PATTERN), "UTC"), Datum::Int(MONDAY));
        assert_eq!(read("2023-12-18 12:34:56", Some(java), "UTC"), Datum::Int(MONDAY - 789));
        let new_york = read("2023-12-18 12:34:56", Some(java), "America/New_York");
        assert_eq!(new_york, Datum::Int(MONDAY - 789 + 5 * 3_600_000));
        assert_eq!(read("12/2023", Some("MM/yyyy"), "UTC"), Datum::Int(1_701_388_800_000));
        assert_eq!(read("8:05 pm", Some("h:mm a"), "UTC"), Datum::Int(72_300_000));
        assert_eq!(read("2 Mar 2024", Some("d MMM yyyy"), "UTC"), Datum::Int(1_709_337_600_000));
    }

    #[test]
    fn what_is_no_time_is_null() {
        assert!(read("2023-13-18 00:00:00", Some("yyyy-MM-dd HH:mm:ss"), "UTC").is_null());
        assert!(read("2023-12-18", Some("yyyy-MM-dd HH"), "UTC").is_null());
        assert!(read("2023-12-18 x", Some("yyyy-MM-dd"), "UTC").is_null());
        assert!(read("soon", None, "UTC").is_null());
        assert!(TimePattern::parse("yyyy 'open").is_err());
        assert!(TimePattern::parse("jj").is_err());
    }
}
