//! Points and lengths of time: SINCE, UNTIL, COMPARE WITH, TIMESERIES, PREDICT.

use weir_types::Span;

use super::{Parse, Parser};
use crate::ast::{Day, Duration, Predict, Step, TimePoint, TimePointKind, TimeUnit, Timeseries};
use crate::code::Code;
use crate::keyword;
use crate::token::TokenKind;

impl Parser<'_, '_> {
    /// What stands behind SINCE and UNTIL.
    pub(super) fn time_point(&mut self, clause: &str) -> Parse<TimePoint> {
        let start = self.span();
        let kind = match self.kind() {
            TokenKind::Str(_) => TimePointKind::DateTime(self.string("expected a date")?),
            TokenKind::Int(millis) if !self.unit_follows() => {
                self.advance();
                TimePointKind::EpochMillis(*millis)
            }
            TokenKind::Int(_) | TokenKind::Float(_) => {
                let length = self.duration()?;
                if !self.eat_word("AGO") {
                    self.missing_ago(clause, length)?;
                }
                TimePointKind::Ago(length)
            }
            _ => self.named_time(clause)?,
        };
        Ok(TimePoint { kind, span: start.to(self.previous_span()) })
    }

    /// What stands behind COMPARE WITH: the word AGO may be left out.
    pub(super) fn time_shift(&mut self) -> Parse<TimePoint> {
        let start = self.span();
        if !matches!(self.kind(), TokenKind::Int(_) | TokenKind::Float(_)) || !self.unit_follows() {
            return self.time_point("COMPARE WITH");
        }
        let length = self.duration()?;
        self.eat_word("AGO");
        let kind = TimePointKind::Ago(length);
        Ok(TimePoint { kind, span: start.to(self.previous_span()) })
    }

    fn named_time(&mut self, clause: &str) -> Parse<TimePointKind> {
        let word = self.word();
        let day = match word.to_ascii_lowercase().as_str() {
            "now" => {
                self.advance();
                return Ok(TimePointKind::Now);
            }
            "this" | "last" => return self.calendar(),
            "today" => Some(Day::Today),
            "yesterday" => Some(Day::Yesterday),
            "tomorrow" => Some(Day::Tomorrow),
            other => keyword::weekday(other).map(Day::Weekday),
        };
        let Some(day) = day else {
            if self.is_placeholder() {
                return self.name("expected a time").map(TimePointKind::Name);
            }
            let help = format!("expected a time, as in {clause} 1 hour AGO or {clause} today");
            return Err(self.unexpected(&help));
        };
        self.advance();
        let at = match self.eat_word("AT") {
            true => Some(self.string("expected a time of day: AT '12:30'")?),
            false => None,
        };
        Ok(TimePointKind::Day { day, at })
    }

    /// Forgiven where nothing but AGO can be missing.
    fn missing_ago(&mut self, clause: &str, length: Duration) -> Parse<()> {
        let help = format!("write AGO: {clause} 1 hour AGO");
        if !self.at_clause_end() {
            return Err(self.unexpected(&help));
        }
        let message = format!("{clause} without AGO is read as if AGO were there");
        self.findings.warning(Code::MissingAgo, message, length.span, help.into());
        Ok(())
    }

    fn calendar(&mut self) -> Parse<TimePointKind> {
        use TimeUnit::{Hour, Month, Quarter, Week, Year};
        let last = self.is_word("LAST");
        self.advance();
        match keyword::time_unit(self.word()) {
            Some(unit @ (Hour | Week | Month | Quarter | Year)) => {
                self.advance();
                Ok(TimePointKind::Calendar { last, unit })
            }
            _ => Err(self.unexpected(
                "expected hour, week, month, quarter or year; a length is written 7 days AGO",
            )),
        }
    }

    fn unit_follows(&self) -> bool {
        let word = self.word_at(1);
        keyword::time_unit(word).is_some() || keyword::abbreviated_unit(word).is_some()
    }

    /// `number unit`.
    pub(super) fn duration(&mut self) -> Parse<Duration> {
        let duration = self.length()?;
        match duration.unit {
            Some(_) => Ok(duration),
            None => Err(self.unexpected("expected a unit such as seconds, minutes or hours")),
        }
    }

    /// `number [unit]`.
    fn length(&mut self) -> Parse<Duration> {
        let start = self.span();
        let amount = match self.kind() {
            TokenKind::Int(amount) => *amount as f64,
            TokenKind::Float(amount) => *amount,
            _ => return Err(self.unexpected("expected a length of time such as 5 minutes")),
        };
        self.advance();
        let unit = keyword::time_unit(self.word());
        if unit.is_some() {
            self.advance();
        } else if let Some(unit) = keyword::abbreviated_unit(self.word()) {
            return Err(self.unexpected(&format!("write {unit}")));
        }
        Ok(Duration { amount, unit, span: start.to(self.previous_span()) })
    }

    pub(super) fn timeseries(&mut self, word: Span) -> Parse<Timeseries> {
        let step = self.step()?.unwrap_or(Step::Auto);
        let mut slide_by = None;
        if self.eat_word("SLIDE") {
            self.expect_word("BY")?;
            slide_by = self.step()?;
            if slide_by.is_none() {
                return Err(self.unexpected("expected a length such as 1 minute, AUTO or MAX"));
            }
        }
        Ok(Timeseries { step, slide_by, span: word.to(self.previous_span()) })
    }

    fn step(&mut self) -> Parse<Option<Step>> {
        if self.eat_word("AUTO") {
            return Ok(Some(Step::Auto));
        }
        if self.eat_word("MAX") {
            return Ok(Some(Step::Max));
        }
        match self.kind() {
            TokenKind::Int(_) | TokenKind::Float(_) => Ok(Some(Step::Every(self.length()?))),
            _ => Ok(None),
        }
    }

    pub(super) fn predict(&mut self, word: Span) -> Parse<Predict> {
        let is_call = self.kind_at(1) == &TokenKind::LeftParen && !self.word().is_empty();
        let model = if is_call { Some(self.call()?) } else { None };
        let (mut by, mut using) = (None, None);
        loop {
            if by.is_none() && self.eat_word("BY") {
                by = Some(self.duration()?);
            } else if using.is_none() && self.eat_word("USING") {
                using = Some(self.duration()?);
            } else {
                return Ok(Predict { model, by, using, span: word.to(self.previous_span()) });
            }
        }
    }
}
