//! The names of columns in tables of roll-ups: two bytes that say what of an attribute the column
//! holds, then the attribute.

use std::sync::Arc;

use weir_types::value::ValueKind;

use super::float_sum::PARTS_MAX;
use crate::codec::Malformed;

/// Bytes in front of the attribute's name.
pub const CODE_BYTES: usize = 2;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// Of the row: how many events; absent for one.
    Events,
    /// Of the row: milliseconds from the first event to the last; absent for 0.
    Span,
    /// Of the row: sequence of the last event less that of the first, wrapping; absent for 0.
    SequenceSpan,
    /// The value that all events have.
    Same,
    /// Of the numbers of one type.
    Of(Statistic, NumberKind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberKind {
    Int,
    Float,
}

/// A number or its circumstances. What is absent follows from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// Always there.
    Latest,
    /// Absent: as the latest.
    Earliest,
    /// Absent: the lesser of earliest and latest.
    Min,
    /// Absent: the greater of them.
    Max,
    /// Events that have the number. Absent: all of the row.
    Count,
    /// Of integers: sum less count times latest, the low 64 bits. Absent: 0.
    Excess,
    /// The high 64 bits. Absent: those of the low ones' sign.
    ExcessHigh,
    /// Of doubles: a part of the exact sum. No part: count times latest.
    SumPart(u8),
    /// Milliseconds from the latest number to the row's last event, and what its sequence is less;
    /// absent: 0. It wraps.
    LatestAge,
    LatestSequence,
    /// Milliseconds from the row's first event to the earliest number; likewise.
    EarliestAge,
    EarliestSequence,
}

impl Code {
    fn bytes(self) -> [u8; CODE_BYTES] {
        match self {
            Code::Events => *b"#n",
            Code::Span => *b"#t",
            Code::SequenceSpan => *b"#s",
            Code::Same => *b"==",
            Code::Of(Statistic::SumPart(part), _) => [b'+', b'0' + part],
            Code::Of(statistic, kind) => [statistic.letter(), kind.letter()],
        }
    }

    fn of_bytes(bytes: [u8; CODE_BYTES]) -> Result<Code, Malformed> {
        Ok(match &bytes {
            b"#n" => Code::Events,
            b"#t" => Code::Span,
            b"#s" => Code::SequenceSpan,
            b"==" => Code::Same,
            [b'+', part] => {
                let part = part.checked_sub(b'0').ok_or(Malformed)?;
                let known = usize::from(part) < PARTS_MAX;
                let code = Code::Of(Statistic::SumPart(part), NumberKind::Float);
                return if known { Ok(code) } else { Err(Malformed) };
            }
            [statistic, kind] => {
                let kinds = [NumberKind::Int, NumberKind::Float];
                let kind = kinds.into_iter().find(|known| known.letter() == *kind);
                let known = Statistic::LETTERED.into_iter().find(|s| s.letter() == *statistic);
                Code::Of(known.ok_or(Malformed)?, kind.ok_or(Malformed)?)
            }
        })
    }

    /// The kind of the column's values; `None` where it is that of the attribute.
    pub fn kind(self) -> Option<ValueKind> {
        use Statistic::{Earliest, Latest, Max, Min, SumPart};
        match self {
            Code::Same => None,
            Code::Of(Latest | Earliest | Min | Max, NumberKind::Float)
            | Code::Of(SumPart(_), _) => Some(ValueKind::Float),
            _ => Some(ValueKind::Int),
        }
    }

    /// As the segment names the column.
    pub fn name(self, attribute: &str) -> Arc<str> {
        let [first, second] = self.bytes().map(char::from);
        format!("{first}{second}{attribute}").into()
    }
}

impl NumberKind {
    fn letter(self) -> u8 {
        match self {
            NumberKind::Int => b'i',
            NumberKind::Float => b'f',
        }
    }
}

impl Statistic {
    const LETTERED: [Statistic; 11] = [
        Statistic::Latest,
        Statistic::Earliest,
        Statistic::Min,
        Statistic::Max,
        Statistic::Count,
        Statistic::Excess,
        Statistic::ExcessHigh,
        Statistic::LatestAge,
        Statistic::LatestSequence,
        Statistic::EarliestAge,
        Statistic::EarliestSequence,
    ];

    fn letter(self) -> u8 {
        match self {
            Statistic::Latest => b'l',
            Statistic::Earliest => b'e',
            Statistic::Min => b'<',
            Statistic::Max => b'>',
            Statistic::Count => b'n',
            Statistic::Excess => b'x',
            Statistic::ExcessHigh => b'X',
            Statistic::LatestAge => b'T',
            Statistic::LatestSequence => b'S',
            Statistic::EarliestAge => b't',
            Statistic::EarliestSequence => b's',
            Statistic::SumPart(_) => b'+',
        }
    }
}

/// What the names of a table of roll-ups mean, by their number; identity attributes stand among
/// them as they are.
#[derive(Default)]
pub struct Names {
    columns: Vec<Option<(Code, usize)>>,
    pub attributes: Vec<Arc<str>>,
}

impl Names {
    /// Takes the names it does not know yet; a list it knows has only grown.
    pub fn follow(&mut self, names: &[Arc<str>]) {
        for name in names.iter().skip(self.columns.len()) {
            // One without a code is an identity attribute, whose column is no page of the group.
            let column = split(name).map(|(code, attribute)| (code, self.number(attribute)));
            self.columns.push(column);
        }
    }

    /// Of a column that is no identity attribute: what it holds, and the attribute's place.
    pub fn get(&self, name: usize) -> Result<(Code, usize), Malformed> {
        self.columns.get(name).copied().flatten().ok_or(Malformed)
    }

    fn number(&mut self, attribute: &str) -> usize {
        let known = self.attributes.iter().position(|known| **known == *attribute);
        known.unwrap_or_else(|| {
            self.attributes.push(attribute.into());
            self.attributes.len() - 1
        })
    }
}

fn split(name: &str) -> Option<(Code, &str)> {
    let (code, attribute) = name.split_at_checked(CODE_BYTES)?;
    let code = Code::of_bytes(code.as_bytes().try_into().ok()?).ok()?;
    Some((code, attribute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_and_none_is_another() {
        let of = |kind| Statistic::LETTERED.map(|statistic| Code::Of(statistic, kind));
        let parts =
            (0..PARTS_MAX as u8).map(|part| Code::Of(Statistic::SumPart(part), NumberKind::Float));
        let rows = [Code::Events, Code::Span, Code::SequenceSpan, Code::Same];
        let codes: Vec<Code> = rows
            .into_iter()
            .chain(of(NumberKind::Int))
            .chain(of(NumberKind::Float))
            .chain(parts)
            .collect();
        for code in &codes {
            assert_eq!(Code::of_bytes(code.bytes()), Ok(*code));
            assert_eq!(codes.iter().filter(|other| other.bytes() == code.bytes()).count(), 1);
        }
        assert_eq!(Code::of_bytes(*b"co"), Err(Malformed));
        let mut names = Names::default();
        names.follow(&["topic".into(), Code::Same.name("ünï"), "x".into()]);
        assert_eq!(names.get(1), Ok((Code::Same, 0)));
        assert_eq!(names.attributes, [Arc::from("ünï")]);
        assert!([0, 2, 9].iter().all(|name| names.get(*name) == Err(Malformed)));
    }
}
