//! A time out of a text, letter by letter of its pattern.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::{DAYS, MONTHS};

/// What a text said.
#[derive(Debug, Default)]
pub struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    hour: Option<i64>,
    minute: i64,
    second: i64,
    nanos: i64,
    afternoon: Option<bool>,
    zone: Option<TimeZone>,
}

impl Found {
    /// Epoch milliseconds; parts that were not found are 1 in the date and 0 in the time of day.
    pub fn instant(self, zone: &TimeZone) -> Option<i64> {
        let hour = match (self.hour.unwrap_or(0), self.afternoon) {
            (hour, Some(afternoon)) => hour % 12 + if afternoon { 12 } else { 0 },
            (hour, None) => hour % 24,
        };
        let at = DateTime::new(
            self.year.unwrap_or(1970).try_into().ok()?,
            self.month.unwrap_or(1).try_into().ok()?,
            self.day.unwrap_or(1).try_into().ok()?,
            hour.try_into().ok()?,
            self.minute.try_into().ok()?,
            self.second.try_into().ok()?,
            self.nanos.try_into().ok()?,
        )
        .ok()?;
        let zone = self.zone.unwrap_or_else(|| zone.clone());
        Some(at.to_zoned(zone).ok()?.timestamp().as_millisecond())
    }
}

/// A text being read from its front.
pub struct Reader<'t> {
    pub rest: &'t str,
    pub found: Found,
}

impl Reader<'_> {
    /// Takes what the letter stands for off the front.
    pub fn field(&mut self, letter: char, count: usize) -> Option<()> {
        match letter {
            'y' | 'u' if count == 2 => self.found.year = Some(2_000 + self.number(2)?),
            'y' | 'u' => self.found.year = Some(self.number(count)?),
            'M' | 'L' if count >= 3 => self.found.month = Some(self.name(&MONTHS, count)? + 1),
            'M' | 'L' => self.found.month = Some(self.number(count)?),
            'd' => self.found.day = Some(self.number(count)?),
            'E' => drop(self.name(&DAYS, count)?),
            'a' => {
                let word = self.rest.get(..2)?;
                self.found.afternoon = Some(word.eq_ignore_ascii_case("PM"));
                let known = word.eq_ignore_ascii_case("AM") || word.eq_ignore_ascii_case("PM");
                self.rest = known.then(|| &self.rest[2..])?;
            }
            'H' | 'h' | 'K' | 'k' => self.found.hour = Some(self.number(count)?),
            'm' => self.found.minute = self.number(count)?,
            's' => self.found.second = self.number(count)?,
            'S' => {
                let digits = self.digits(count.min(9))?;
                self.found.nanos = format!("{digits:0<9}").parse().ok()?;
            }
            'X' | 'x' | 'Z' | 'V' | 'z' | 'O' => self.zone()?,
            _ => drop(self.digits(count)?),
        }
        Some(())
    }

    /// One letter takes all digits that follow, several take exactly so many.
    fn number(&mut self, count: usize) -> Option<i64> {
        self.digits(count)?.parse().ok()
    }

    fn digits(&mut self, count: usize) -> Option<String> {
        let there = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let taken = if count == 1 { there } else { count };
        if taken == 0 || taken > there {
            return None;
        }
        let (digits, rest) = self.rest.split_at(taken);
        self.rest = rest;
        Some(digits.into())
    }

    fn name(&mut self, names: &[&str], count: usize) -> Option<i64> {
        for (place, whole) in (0..).zip(names) {
            let wanted = if count >= 4 { whole } else { whole.get(..3)? };
            let start = self.rest.get(..wanted.len());
            if start.is_some_and(|start| start.eq_ignore_ascii_case(wanted)) {
                self.rest = &self.rest[wanted.len()..];
                return Some(place);
            }
        }
        None
    }

    /// `Z`, an offset, or the name of a zone.
    fn zone(&mut self) -> Option<()> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+-:/_".contains(c);
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.found.zone = Some(zone_of(text)?);
        Some(())
    }
}

fn zone_of(text: &str) -> Option<TimeZone> {
    let bare = text.strip_prefix("GMT").filter(|rest| !rest.is_empty()).unwrap_or(text);
    if matches!(bare, "Z" | "z" | "UTC" | "GMT") {
        return Some(TimeZone::UTC);
    }
    let Some(sign) = bare.chars().next().filter(|c| "+-".contains(*c)) else {
        return TimeZone::get(bare).ok();
    };
    let digits: String = bare[1..].chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    let seconds = (hours * 60 + minutes) * 60;
    let signed = if sign == '-' { -seconds } else { seconds };
    Offset::from_seconds(signed).ok().map(TimeZone::fixed)
}
