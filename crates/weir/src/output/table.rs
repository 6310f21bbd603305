//! Tables without borders: fitted to a terminal, tab-separated in a pipe, and CSV.

use crate::output::cell::{Cell, Tone};
use crate::output::terminal::Terminal;

const GAP: &str = "  ";
/// No column is cut below this many characters.
const CUT_WIDTH_MIN: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Left-aligned, never cut.
    Word,
    /// Left-aligned, cut in the middle when the line is too long.
    Name,
    /// Left-aligned with the icon of its tone.
    Status,
    /// Right-aligned, never cut.
    Number,
}

#[derive(Debug, Clone)]
pub struct Column {
    /// For people, upper case.
    title: String,
    /// For CSV, snake_case with the unit.
    name: String,
    kind: Kind,
}

impl Column {
    pub fn word(title: &str, name: &str) -> Self {
        Column::new(title, name, Kind::Word)
    }

    pub fn name(title: &str, name: &str) -> Self {
        Column::new(title, name, Kind::Name)
    }

    pub fn status(title: &str, name: &str) -> Self {
        Column::new(title, name, Kind::Status)
    }

    pub fn number(title: &str, name: &str) -> Self {
        Column::new(title, name, Kind::Number)
    }

    fn new(title: &str, name: &str, kind: Kind) -> Self {
        Column { title: title.to_owned(), name: name.to_owned(), kind }
    }
}

/// Rows hold one cell a column.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(columns: Vec<Column>) -> Self {
        Table { columns, rows: Vec::new() }
    }

    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    /// For a terminal of a known width, or for a pipe.
    pub fn render(&self, terminal: &Terminal) -> String {
        match terminal.width {
            Some(width) => self.fitted(terminal, width),
            None => self.tab_separated(),
        }
    }

    /// Raw values; a header line always.
    pub fn to_csv(&self) -> String {
        let mut out = join(self.columns.iter().map(|c| csv_field(&c.name)), ",");
        for row in &self.rows {
            out.push_str(&join(row.iter().map(|cell| csv_field(&cell.raw)), ","));
        }
        out
    }

    fn tab_separated(&self) -> String {
        let mut out = join(self.columns.iter().map(|c| c.title.clone()), "\t");
        for row in &self.rows {
            out.push_str(&join(row.iter().map(|cell| cell.plain.clone()), "\t"));
        }
        out
    }

    fn fitted(&self, terminal: &Terminal, width: usize) -> String {
        let widths = self.fit(terminal, width);
        let titles = self.columns.iter().zip(&widths).map(|(column, width)| {
            let title = cut_middle(&column.title, *width, terminal.unicode);
            (column.kind, title, Some(Tone::Dim), *width)
        });
        let mut out = line(terminal, titles.collect());
        for row in &self.rows {
            let cells = self.columns.iter().zip(row).zip(&widths).map(|((column, cell), width)| {
                let text =
                    cut_middle(&on_terminal(column, cell, terminal), *width, terminal.unicode);
                (column.kind, text, cell.tone, *width)
            });
            out.push_str(&line(terminal, cells.collect()));
        }
        out
    }

    /// Natural widths, then the widest names give way until the line fits.
    fn fit(&self, terminal: &Terminal, width: usize) -> Vec<usize> {
        let natural = |(at, column): (usize, &Column)| {
            let cells = self.rows.iter().map(|row| chars(&on_terminal(column, &row[at], terminal)));
            cells.chain([chars(&column.title)]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = self.columns.iter().enumerate().map(natural).collect();
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > width {
            let names = self.columns.iter().zip(widths.iter_mut());
            let names = names.filter(|(column, _)| column.kind == Kind::Name);
            match names.map(|(_, width)| width).max() {
                Some(widest) if *widest > CUT_WIDTH_MIN => *widest -= 1,
                _ => break,
            }
        }
        widths
    }
}

fn on_terminal(column: &Column, cell: &Cell, terminal: &Terminal) -> String {
    match cell.tone {
        Some(tone) if column.kind == Kind::Status && tone != Tone::Dim => {
            format!("{} {}", terminal.icon(tone), cell.shown)
        }
        _ => cell.shown.clone(),
    }
}

/// Colour goes around the padded text's word, so widths stay right.
fn line(terminal: &Terminal, cells: Vec<(Kind, String, Option<Tone>, usize)>) -> String {
    let texts = cells.into_iter().map(|(kind, text, tone, width)| {
        let pad = " ".repeat(width.saturating_sub(chars(&text)));
        let painted = tone.map_or(text.clone(), |tone| terminal.paint(tone, &text));
        if kind == Kind::Number { format!("{pad}{painted}") } else { format!("{painted}{pad}") }
    });
    let joined = texts.collect::<Vec<_>>().join(GAP);
    format!("{}\n", joined.trim_end())
}

fn cut_middle(text: &str, width: usize, unicode: bool) -> String {
    let length = chars(text);
    if length <= width {
        return text.to_owned();
    }
    let mark = if unicode { "…" } else { "~" };
    let tail = (width - 1) / 2;
    let head: String = text.chars().take(width - 1 - tail).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{head}{mark}{end}")
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

fn join(fields: impl Iterator<Item = String>, separator: &str) -> String {
    let mut line = fields.collect::<Vec<_>>().join(separator);
    line.push('\n');
    line
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec![
            Column::status("STATUS", "status"),
            Column::name("GROUP", "group"),
            Column::number("LAG", "total_lag_messages"),
        ]);
        table.push(vec![
            Cell::status(Tone::Critical, "STALL"),
            Cell::text("orders-enricher-of-the-north"),
            Cell::count(Some(84_445)),
        ]);
        table.push(vec![Cell::status(Tone::Good, "OK"), Cell::text("a,b"), Cell::count(None)]);
        table
    }

    fn terminal(width: Option<usize>) -> Terminal {
        Terminal { width, color: false, color_errors: false, unicode: true }
    }

    #[test]
    fn a_terminal_gets_aligned_columns() {
        assert_eq!(
            table().render(&terminal(Some(80))),
            "STATUS   GROUP                            LAG\n\
             ✖ STALL  orders-enricher-of-the-north  84,445\n\
             ✓ OK     a,b                                -\n"
        );
    }

    #[test]
    fn names_are_cut_in_the_middle_to_fit() {
        let shown = table().render(&terminal(Some(30)));
        assert!(shown.contains("✖ STALL  orders…-north  84,445\n"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 30), "{shown}");
    }

    #[test]
    fn colour_does_not_move_columns() {
        let colored = Terminal { color: true, ..terminal(Some(80)) };
        let shown = table().render(&colored);
        assert!(shown.contains("\x1b[31m✖ STALL\x1b[0m  orders"), "{shown:?}");
        assert!(shown.contains("\x1b[32m✓ OK\x1b[0m     a,b"), "{shown:?}");
    }

    #[test]
    fn a_pipe_gets_tabs_and_plain_digits() {
        assert_eq!(
            table().render(&terminal(None)),
            "STATUS\tGROUP\tLAG\nSTALL\torders-enricher-of-the-north\t84445\nOK\ta,b\t-\n"
        );
    }

    #[test]
    fn csv_quotes_and_leaves_missing_empty() {
        assert_eq!(
            table().to_csv(),
            "status,group,total_lag_messages\nSTALL,orders-enricher-of-the-north,84445\nOK,\"a,b\",\n"
        );
    }
}
