//! [`Page`]: one thing described in sections, for reading.

use crate::output::cell::{Cell, Tone};
use crate::output::table::{Rendered, Table};
use crate::output::terminal::Terminal;
use crate::output::wrap::wrap;

const INDENT: &str = "  ";

/// A heading, facts one a line, and titled sections.
#[derive(Debug, Clone)]
pub struct Page {
    title: String,
    status: Cell,
    facts: Vec<(&'static str, Cell)>,
    sections: Vec<Section>,
}

#[derive(Debug, Clone)]
struct Section {
    title: String,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Lines(Vec<(Option<Tone>, String)>),
    Table(Table),
}

impl Page {
    pub fn new(title: String, status: Cell) -> Self {
        Page { title, status, facts: Vec::new(), sections: Vec::new() }
    }

    /// A fact that is not known is shown as such.
    pub fn fact(&mut self, name: &'static str, value: Cell) {
        self.facts.push((name, value));
    }

    /// Nothing without lines.
    pub fn lines(&mut self, title: &str, lines: Vec<(Option<Tone>, String)>) {
        if !lines.is_empty() {
            self.sections.push(Section { title: title.to_owned(), body: Body::Lines(lines) });
        }
    }

    /// Nothing without rows.
    pub fn table(&mut self, title: impl Into<String>, table: Table) {
        if !table.is_empty() {
            self.sections.push(Section { title: title.into(), body: Body::Table(table) });
        }
    }

    /// For a terminal of a known width; in a pipe the same, uncut.
    pub fn render(&self, terminal: &Terminal) -> Rendered {
        let mut hidden_columns = 0;
        let mut out = format!("{}  {}\n", self.title, iconized(&self.status, terminal));
        let width = self.facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in &self.facts {
            let name = terminal.paint(Tone::Dim, &format!("{name:width$}"));
            out.push_str(&format!("{INDENT}{name}  {}\n", painted(value, terminal)));
        }
        for section in &self.sections {
            out.push_str(&format!("\n{}\n", section.title));
            let body = section.body.render(terminal);
            out.push_str(&body.text);
            hidden_columns += body.hidden_columns;
        }
        Rendered { text: out, hidden_columns }
    }
}

impl Body {
    fn render(&self, terminal: &Terminal) -> Rendered {
        let room = terminal.width.map_or(usize::MAX, |width| width.saturating_sub(INDENT.len()));
        let Rendered { text, hidden_columns } = match self {
            Body::Lines(lines) => {
                let painted = lines.iter().flat_map(|(tone, text)| {
                    wrap(text, room).into_iter().map(|line| {
                        format!("{}\n", tone.map_or(line.to_owned(), |t| terminal.paint(t, line)))
                    })
                });
                Rendered { text: painted.collect(), hidden_columns: 0 }
            }
            Body::Table(table) => table.render(&Terminal { width: Some(room), ..terminal.clone() }),
        };
        let text = text.lines().map(|line| format!("{INDENT}{line}\n")).collect();
        Rendered { text, hidden_columns }
    }
}

fn iconized(cell: &Cell, terminal: &Terminal) -> String {
    match cell.tone {
        Some(tone) => terminal.paint(tone, &format!("{} {}", terminal.icon(tone), cell.shown)),
        None => cell.shown.clone(),
    }
}

fn painted(cell: &Cell, terminal: &Terminal) -> String {
    let text = cell.on_terminal(terminal);
    cell.tone.map_or(text.clone(), |tone| terminal.paint(tone, &text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Column;

    #[test]
    fn a_page_reads_from_the_top_and_leaves_empty_sections_out() {
        let mut page = Page::new("Group audit".into(), Cell::status(Tone::Warning, "WARNING"));
        page.fact("Cluster", Cell::text("orders"));
        page.fact("Lag", Cell::count(None));
        page.lines("Health", vec![(None, "80 of 100".into())]);
        page.lines("Nothing", Vec::new());
        let mut table =
            Table::new(vec![Column::name("TOPIC", "topic"), Column::number("LAG", "lag")]);
        page.table("Empty", table.clone());
        table.push(vec![Cell::text("a"), Cell::count(Some(1_200))]);
        page.table("Partitions", table);
        let pipe = Terminal { width: None, color: false, color_errors: false, unicode: true };
        assert_eq!(
            page.render(&pipe).text,
            "Group audit  ▲ WARNING\n  Cluster  orders\n  Lag      -\n\nHealth\n  80 of 100\n\n\
             Partitions\n  TOPIC    LAG\n  a      1,200\n"
        );
    }
}
