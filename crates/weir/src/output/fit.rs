//! Which columns of a table are shown, and how wide: the arithmetic, without any text.

use super::table::{Kind, Weight};

/// Between two columns.
pub const GAP: usize = 2;
/// Names are cut to this before anything of more weight goes.
const NAME_WIDTH: usize = 24;
/// And to no less than this, however narrow the window.
const NAME_WIDTH_MIN: usize = 8;
/// A sentence that gets less than this beside its row goes below it.
const SENTENCE_WIDTH_MIN: usize = 32;
/// What a row is about: its status and its name are always there.
const ALWAYS_SHOWN: usize = 2;

/// What a column would take.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub kind: Kind,
    pub weight: Weight,
    pub title_width: usize,
    /// Of its longest text.
    pub width: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Fit {
    /// Columns by their place with the width they get, without the sentence.
    pub shown: Vec<(usize, usize)>,
    pub sentence: Option<Sentence>,
    pub hidden_columns: usize,
}

/// Where the sentence of a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sentence {
    /// Behind the other columns, in this width.
    Beside(usize),
    Below,
}

impl Fit {
    /// Columns go while names would fall below [`NAME_WIDTH`], those of the least weight first and
    /// the last of them first; those of the greatest weight go once names are as narrow as they can
    /// be. Then the widest names give way until the line fits, and a sentence takes what is left.
    pub fn into_width(columns: &[Measure], width: usize) -> Fit {
        let is_sentence = |column: &Measure| column.kind == Kind::Sentence;
        let all: Vec<_> = columns.iter().enumerate().filter(|(_, c)| !is_sentence(c)).collect();
        let mut shown: Vec<(usize, usize)> = all.iter().map(|(at, c)| (*at, c.width)).collect();
        drop_columns(columns, &mut shown, width, Weight::Useful, NAME_WIDTH);
        drop_columns(columns, &mut shown, width, Weight::Main, NAME_WIDTH_MIN);
        narrow_names(columns, &mut shown, width);
        let used = line_width(shown.iter().map(|&(_, width)| width));
        let hidden_columns = all.len() - shown.len();
        let sentence = columns.iter().find(|column| is_sentence(column));
        let sentence = sentence.map(|it| place(it.width, width.saturating_sub(used + GAP)));
        Fit { shown, sentence, hidden_columns }
    }
}

/// Of columns this wide, with the gaps between them.
fn line_width(widths: impl ExactSizeIterator<Item = usize>) -> usize {
    let gaps = GAP * widths.len().saturating_sub(1);
    widths.sum::<usize>() + gaps
}

/// As wide as a column wants to be where names are cut to `name_width`.
fn cut_width(column: &Measure, name_width: usize) -> usize {
    match column.kind {
        Kind::Name => column.width.min(name_width.max(column.title_width)),
        _ => column.width,
    }
}

/// Columns of `most` weight and less go until those that stay fit with names of `name_width`.
fn drop_columns(
    columns: &[Measure],
    shown: &mut Vec<(usize, usize)>,
    width: usize,
    most: Weight,
    name_width: usize,
) {
    let cut = |&(at, _): &(usize, usize)| cut_width(&columns[at], name_width);
    while line_width(shown.iter().map(cut)) > width {
        let can_go =
            |at: &usize| shown[*at].0 >= ALWAYS_SHOWN && columns[shown[*at].0].weight <= most;
        let least =
            (0..shown.len()).rev().filter(can_go).min_by_key(|&at| columns[shown[at].0].weight);
        let Some(least) = least else { break };
        shown.remove(least);
    }
}

fn narrow_names(columns: &[Measure], shown: &mut [(usize, usize)], width: usize) {
    while line_width(shown.iter().map(|&(_, width)| width)) > width {
        let least = |at: usize| cut_width(&columns[at], NAME_WIDTH_MIN);
        let can_give = shown.iter_mut().filter(|(at, width)| *width > least(*at));
        match can_give.max_by_key(|(_, width)| *width) {
            Some((_, widest)) => *widest -= 1,
            None => break,
        }
    }
}

fn place(wanted: usize, room: usize) -> Sentence {
    if wanted <= room || room >= SENTENCE_WIDTH_MIN {
        Sentence::Beside(wanted.min(room))
    } else {
        Sentence::Below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: Kind, weight: Weight, width: usize) -> Measure {
        Measure { kind, weight, title_width: 3, width }
    }

    fn columns() -> Vec<Measure> {
        vec![
            column(Kind::Status, Weight::Main, 10),
            column(Kind::Name, Weight::Main, 30),
            column(Kind::Number, Weight::Extra, 10),
            column(Kind::Number, Weight::Useful, 10),
            column(Kind::Number, Weight::Extra, 10),
            column(Kind::Number, Weight::Main, 10),
        ]
    }

    fn places(width: usize) -> Vec<usize> {
        Fit::into_width(&columns(), width).shown.into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn the_least_important_columns_go_first() {
        assert_eq!(places(90), [0, 1, 2, 3, 4, 5]);
        assert_eq!(places(80), [0, 1, 2, 3, 5]);
        assert_eq!(places(70), [0, 1, 3, 5]);
        assert_eq!(places(55), [0, 1, 5]);
        assert_eq!(places(30), [0, 1]);
        assert_eq!(places(5), [0, 1], "what a row is about is always there");
    }

    #[test]
    fn a_line_fits_as_long_as_names_can_give() {
        for width in 20..100 {
            let fit = Fit::into_width(&columns(), width);
            assert!(line_width(fit.shown.iter().map(|&(_, width)| width)) <= width, "{width}");
            assert_eq!(fit.hidden_columns, 6 - fit.shown.len());
        }
    }

    #[test]
    fn a_sentence_takes_what_is_left_or_goes_below() {
        let mut columns = columns();
        columns.push(column(Kind::Sentence, Weight::Main, 200));
        let sentence = |width| Fit::into_width(&columns, width).sentence;
        assert_eq!(sentence(200), Some(Sentence::Beside(108)));
        assert_eq!(sentence(100), Some(Sentence::Below));
        columns[6].width = 6;
        let fit = Fit::into_width(&columns, 100);
        assert_eq!((fit.sentence, fit.hidden_columns), (Some(Sentence::Beside(6)), 0));
    }
}
