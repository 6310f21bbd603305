//! Tables without borders: fitted to a terminal, tab-separated in a pipe, and CSV.

use crate::output::cell::{Cell, Tone};
use crate::output::terminal::Terminal;

const GAP: &str = "  ";
/// Names are cut to this before anything of less weight is kept.
const NAME_WIDTH: usize = 24;
/// And to no less than this, however narrow the window.
const NAME_WIDTH_MIN: usize = 8;

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
    /// Left out where the window is too narrow; pipes and CSV always have it.
    is_extra: bool,
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

    /// Of less weight: gives way in a narrow window.
    pub fn extra(self) -> Self {
        Column { is_extra: true, ..self }
    }

    fn new(title: &str, name: &str, kind: Kind) -> Self {
        Column { title: title.to_owned(), name: name.to_owned(), kind, is_extra: false }
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

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a terminal of a known width, or for a pipe; nothing without columns.
    pub fn render(&self, terminal: &Terminal) -> String {
        match terminal.width {
            _ if self.columns.is_empty() => String::new(),
            Some(width) => self.fitted(terminal, width),
            None => self.tab_separated(),
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

    fn tab_separated(&self) -> String {
        let mut out = join(self.columns.iter().map(|c| c.title.clone()), "\t");
        for row in &self.rows {
            out.push_str(&join(row.iter().map(|cell| cell.plain.clone()), "\t"));
        }
        out
    }

    fn fitted(&self, terminal: &Terminal, width: usize) -> String {
        let shown = self.fit(terminal, width);
        let mut out = String::new();
        let titles = shown.iter().map(|&(at, width)| {
            let column = &self.columns[at];
            let title = cut_middle(&column.title, width, terminal.unicode);
            (column.kind, title, Some(Tone::Dim), width)
        });
        out.push_str(&line(terminal, titles.collect()));
        for row in &self.rows {
            let cells = shown.iter().map(|&(at, width)| {
                let (column, cell) = (&self.columns[at], &row[at]);
                let text = on_terminal(column, cell, terminal);
                (column.kind, cut_middle(&text, width, terminal.unicode), cell.tone, width)
            });
            out.push_str(&line(terminal, cells.collect()));
        }
        out
    }

    /// Which columns are shown, and how wide: extras go, last first, while names would fall below
    /// [`NAME_WIDTH`]; then the widest names give way until the line fits.
    fn fit(&self, terminal: &Terminal, width: usize) -> Vec<(usize, usize)> {
        let mut shown: Vec<(usize, usize)> =
            (0..self.columns.len()).map(|at| (at, self.natural_width(at, terminal))).collect();
        let wanted = |&(at, natural): &(usize, usize)| match self.columns[at].kind {
            Kind::Name => natural.min(NAME_WIDTH),
            _ => natural,
        };
        while with_gaps(shown.iter().map(wanted)) > width {
            match shown.iter().rposition(|&(at, _)| self.columns[at].is_extra) {
                Some(extra) => shown.remove(extra),
                None => break,
            };
        }
        while with_gaps(shown.iter().map(|&(_, width)| width)) > width {
            let names = shown.iter_mut().filter(|(at, _)| self.columns[*at].kind == Kind::Name);
            let can_give = names.filter(|(at, width)| *width > self.name_width_min(*at));
            match can_give.max_by_key(|(_, width)| *width) {
                Some((_, widest)) => *widest -= 1,
                None => break,
            }
        }
        shown
    }

    fn natural_width(&self, at: usize, terminal: &Terminal) -> usize {
        let column = &self.columns[at];
        let cells = self.rows.iter().map(|row| chars(&on_terminal(column, &row[at], terminal)));
        cells.chain([chars(&column.title)]).max().unwrap_or(0)
    }

    fn name_width_min(&self, at: usize) -> usize {
        NAME_WIDTH_MIN.max(chars(&self.columns[at].title))
    }
}

fn with_gaps(widths: impl ExactSizeIterator<Item = usize>) -> usize {
    let gaps = GAP.len() * widths.len().saturating_sub(1);
    widths.sum::<usize>() + gaps
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
    fn extras_give_way_before_names_do() {
        let mut wide = table();
        wide.columns.push(Column::number("AGE", "age_secs").extra());
        for row in &mut wide.rows {
            row.push(Cell::duration_secs(Some(4.2)));
        }
        assert!(wide.render(&terminal(Some(60))).contains("AGE"));
        let narrow = wide.render(&terminal(Some(42)));
        assert!(!narrow.contains("AGE"), "{narrow}");
        assert!(narrow.contains("orders-enric…of-the-north"), "{narrow}");
        assert!(wide.render(&terminal(None)).contains("\tAGE\n"));
        assert!(wide.to_csv().contains(",age_secs\n"));
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
