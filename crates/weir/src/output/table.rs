//! Tables without borders: fitted to a terminal, tab-separated in a pipe, and CSV.

use crate::output::cell::{Cell, Tone};
use crate::output::fit::{Fit, GAP, Measure, Sentence};
use crate::output::terminal::Terminal;
use crate::output::wrap::wrap;

/// Before a sentence that stands below its row.
const BELOW: &str = "    ";

/// How a column's texts stand and what may become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Left-aligned, never cut.
    Word,
    /// Left-aligned, cut in the middle when the line is too long.
    Name,
    /// Left-aligned with the icon of its tone.
    Status,
    /// Right-aligned, never cut.
    Number,
    /// The last one, never cut: wrapped in what is left of the line, or below it.
    Sentence,
}

/// What goes first where the window is too narrow; pipes and CSV have everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Extra,
    Useful,
    Main,
}

#[derive(Debug, Clone)]
pub struct Column {
    /// For people, upper case.
    title: String,
    /// For CSV, snake_case with the unit.
    name: String,
    kind: Kind,
    weight: Weight,
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

    /// Of the last column alone.
    pub fn sentence(title: &str, name: &str) -> Self {
        Column::new(title, name, Kind::Sentence)
    }

    /// Gives way after the extras.
    pub fn useful(self) -> Self {
        Column { weight: Weight::Useful, ..self }
    }

    /// Gives way first.
    pub fn extra(self) -> Self {
        Column { weight: Weight::Extra, ..self }
    }

    fn new(title: &str, name: &str, kind: Kind) -> Self {
        Column { title: title.to_owned(), name: name.to_owned(), kind, weight: Weight::Main }
    }
}

/// A text for stdout, and how many columns found no room in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    pub text: String,
    pub hidden_columns: usize,
}

/// Rows hold one cell a column.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(columns: Vec<Column>) -> Self {
        debug_assert!(columns.iter().rev().skip(1).all(|column| column.kind != Kind::Sentence));
        Table { columns, rows: Vec::new() }
    }

    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a terminal of a known width, or for a pipe; nothing without columns.
    pub fn render(&self, terminal: &Terminal) -> Rendered {
        match terminal.width {
            _ if self.columns.is_empty() => Rendered::default(),
            Some(width) => self.fitted(terminal, width),
            None => Rendered { text: self.tab_separated(terminal), hidden_columns: 0 },
        }
    }

    /// Raw values; a header line always.
    pub fn to_csv(&self) -> String {
        if self.columns.is_empty() {
            return String::new();
        }
        let mut out = join(self.columns.iter().map(|c| csv_field(&c.name)), ",");
        for row in &self.rows {
            out.push_str(&join(row.iter().map(|cell| csv_field(&cell.raw)), ","));
        }
        out
    }

    fn tab_separated(&self, terminal: &Terminal) -> String {
        let mut out = join(self.columns.iter().map(|c| terminal.paint(Tone::Dim, &c.title)), "\t");
        let field = |cell: &Cell| paint(terminal, cell.tone, &cell.in_pipe(terminal));
        for row in &self.rows {
            out.push_str(&join(row.iter().map(field), "\t"));
        }
        out
    }

    fn fitted(&self, terminal: &Terminal, width: usize) -> Rendered {
        let measures: Vec<_> =
            (0..self.columns.len()).map(|at| self.measure(at, terminal)).collect();
        let fit = Fit::into_width(&measures, width);
        let mut text = self.header(&fit, terminal);
        for row in &self.rows {
            text.push_str(&self.row(row, &fit, terminal, width));
        }
        Rendered { text, hidden_columns: fit.hidden_columns }
    }

    fn measure(&self, at: usize, terminal: &Terminal) -> Measure {
        let column = &self.columns[at];
        let cells = self.rows.iter().map(|row| chars(&on_terminal(column, &row[at], terminal)));
        let title_width = chars(&column.title);
        let width = cells.chain([title_width]).max().unwrap_or(0);
        Measure { kind: column.kind, weight: column.weight, title_width, width }
    }

    fn header(&self, fit: &Fit, terminal: &Terminal) -> String {
        let title = |&(at, width): &(usize, usize)| {
            let column = &self.columns[at];
            padded(terminal, column.kind, &column.title, Some(Tone::Dim), width)
        };
        let mut titles: Vec<String> = fit.shown.iter().map(title).collect();
        if let (Some(Sentence::Beside(_)), Some(last)) = (fit.sentence, self.columns.last()) {
            titles.push(terminal.paint(Tone::Dim, &last.title));
        }
        line(&titles)
    }

    fn row(&self, row: &[Cell], fit: &Fit, terminal: &Terminal, width: usize) -> String {
        let field = |&(at, width): &(usize, usize)| {
            let (column, cell) = (&self.columns[at], &row[at]);
            let text = cut_middle(&on_terminal(column, cell, terminal), width, terminal.unicode);
            padded(terminal, column.kind, &text, cell.tone, width)
        };
        let mut fields: Vec<String> = fit.shown.iter().map(field).collect();
        let (Some(sentence), Some(said)) = (fit.sentence, row.last()) else { return line(&fields) };
        let text = said.on_terminal(terminal);
        match sentence {
            Sentence::Beside(room) => {
                let mut lines =
                    wrap(&text, room).into_iter().map(|l| paint(terminal, said.tone, l));
                fields.extend(lines.next());
                let used: usize = fit.shown.iter().map(|(_, width)| width + GAP).sum();
                line(&fields) + &below(&" ".repeat(used), lines)
            }
            Sentence::Below if said.is_missing() => line(&fields),
            Sentence::Below => {
                let lines = wrap(&text, width.saturating_sub(BELOW.len())).into_iter();
                line(&fields) + &below(BELOW, lines.map(|l| paint(terminal, said.tone, l)))
            }
        }
    }
}

fn on_terminal(column: &Column, cell: &Cell, terminal: &Terminal) -> String {
    let text = cell.on_terminal(terminal);
    match cell.tone {
        Some(tone) if column.kind == Kind::Status && tone != Tone::Dim => {
            format!("{} {text}", terminal.icon(tone))
        }
        _ => text,
    }
}

fn paint(terminal: &Terminal, tone: Option<Tone>, text: &str) -> String {
    tone.map_or_else(|| text.to_owned(), |tone| terminal.paint(tone, text))
}

/// Colour goes around the padded text's word, so widths stay right.
fn padded(terminal: &Terminal, kind: Kind, text: &str, tone: Option<Tone>, width: usize) -> String {
    let pad = " ".repeat(width.saturating_sub(chars(text)));
    let painted = paint(terminal, tone, text);
    if kind == Kind::Number { format!("{pad}{painted}") } else { format!("{painted}{pad}") }
}

fn line(fields: &[String]) -> String {
    format!("{}\n", fields.join(&" ".repeat(GAP)).trim_end())
}

fn below(indent: &str, lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| format!("{indent}{line}\n")).collect()
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
            table().render(&terminal(Some(80))).text,
            "STATUS   GROUP                            LAG\n\
             ✖ STALL  orders-enricher-of-the-north  84,445\n\
             ✓ OK     a,b                                -\n"
        );
    }

    #[test]
    fn names_are_cut_in_the_middle_to_fit() {
        let shown = table().render(&terminal(Some(30))).text;
        assert!(shown.contains("✖ STALL  orders…-north  84,445\n"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 30), "{shown}");
    }

    #[test]
    fn extras_give_way_before_names_do() {
        let mut wide = table();
        wide.columns.push(Column::number("AGE", "age_secs").extra());
        for row in &mut wide.rows {
            row.push(Cell::duration_secs(Some(4.2)));
        }
        let shown = wide.render(&terminal(Some(60)));
        assert!(shown.text.contains("AGE"));
        assert_eq!(shown.hidden_columns, 0);
        let narrow = wide.render(&terminal(Some(42)));
        assert!(!narrow.text.contains("AGE"), "{}", narrow.text);
        assert!(narrow.text.contains("orders-enric…of-the-north"), "{}", narrow.text);
        assert_eq!(narrow.hidden_columns, 1);
        assert!(wide.render(&terminal(None)).text.contains("\tAGE\n"));
        assert!(wide.to_csv().contains(",age_secs\n"));
    }

    #[test]
    fn colour_does_not_move_columns() {
        let colored = Terminal { color: true, ..terminal(Some(80)) };
        let shown = table().render(&colored).text;
        assert!(shown.contains("\x1b[31m✖ STALL\x1b[0m  orders"), "{shown:?}");
        assert!(shown.contains("\x1b[32m✓ OK\x1b[0m     a,b"), "{shown:?}");
    }

    #[test]
    fn a_pipe_gets_tabs_and_plain_digits() {
        assert_eq!(
            table().render(&terminal(None)).text,
            "STATUS\tGROUP\tLAG\nSTALL\torders-enricher-of-the-north\t84445\nOK\ta,b\t-\n"
        );
    }

    #[test]
    fn a_pipe_is_coloured_where_that_is_asked_for() {
        let colored = Terminal { color: true, ..terminal(None) };
        let shown = table().render(&colored).text;
        assert!(shown.contains("\n\x1b[31mSTALL\x1b[0m\torders-"), "{shown:?}");
    }

    #[test]
    fn a_sentence_is_never_cut() {
        let mut failing =
            Table::new(vec![Column::status("STATE", "s"), Column::sentence("ERROR", "e")]);
        let error = "connect: 127.0.0.1:9092 refused: check that the port is right";
        failing.push(vec![Cell::status(Tone::Critical, "failing"), Cell::text(error)]);
        failing.push(vec![Cell::status(Tone::Good, "ok"), Cell::missing()]);
        assert_eq!(
            failing.render(&terminal(Some(52))).text,
            "STATE      ERROR\n\
             ✖ failing  connect: 127.0.0.1:9092 refused: check\n           \
             that the port is right\n\
             ✓ ok       -\n"
        );
        assert_eq!(
            failing.render(&terminal(Some(36))).text,
            "STATE\n\
             ✖ failing\n    \
             connect: 127.0.0.1:9092 refused:\n    \
             check that the port is right\n\
             ✓ ok\n"
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
