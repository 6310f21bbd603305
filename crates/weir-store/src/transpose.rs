//! Events one by one become columns: at the store's door, and where the log holds rows. Behind it
//! there are columns alone.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use weir_types::columns::COLUMNS_MAX;
use weir_types::value::ValueKind;
use weir_types::{
    AccountId, AttributeName, Batch, Column, ColumnValues, Columns, Presence, Timestamp, Value,
};

/// The columns of one account, ready to be stored.
pub type Table = (AccountId, Columns);

/// Events of a batch as columns: a table an event type, in the order in which types first came;
/// events of a type keep their order.
pub fn transposed(batch: Batch) -> Vec<Table> {
    let mut tables = Transposer::default();
    for event in batch.events {
        let attributes = event.attributes.into_iter();
        tables.push(batch.account, &event.event_type, event.timestamp, attributes);
    }
    tables.finish()
}

/// Takes events, gives tables.
#[derive(Default)]
pub struct Transposer {
    tables: Vec<TableBuilder>,
    /// The last table of an event type.
    numbers: HashMap<(AccountId, Arc<str>), usize>,
    previous: usize,
}

struct TableBuilder {
    account: AccountId,
    event_type: Arc<str>,
    timestamps: Vec<Timestamp>,
    columns: Vec<ColumnBuilder>,
    numbers: HashMap<(AttributeName, ValueKind), usize>,
    /// Columns of the event before: events of one source repeat their order.
    guesses: Vec<usize>,
}

struct ColumnBuilder {
    column: Column,
    codes: HashMap<Arc<str>, u32>,
    latest: Option<(Arc<str>, u32)>,
}

impl Transposer {
    /// Takes an event whose attributes have names that differ.
    pub fn push(
        &mut self,
        account: AccountId,
        event_type: &Arc<str>,
        timestamp: Timestamp,
        attributes: impl ExactSizeIterator<Item = (AttributeName, Value)>,
    ) {
        let number = self.table(account, event_type, attributes.len());
        self.previous = number;
        self.tables[number].push(timestamp, attributes);
    }

    pub fn finish(self) -> Vec<Table> {
        self.tables.into_iter().map(TableBuilder::finish).collect()
    }

    /// A table has at most [`COLUMNS_MAX`] columns: where the attributes of an event might not fit
    /// in, another one begins.
    fn table(&mut self, account: AccountId, event_type: &Arc<str>, attributes: usize) -> usize {
        let alike = |table: &TableBuilder| {
            table.account == account && is_same(&table.event_type, event_type)
        };
        let known = match self.tables.get(self.previous) {
            Some(table) if alike(table) => Some(self.previous),
            _ => self.numbers.get(&(account, event_type.clone())).copied(),
        };
        let fits = |number: &usize| self.tables[*number].has_room(attributes);
        if let Some(number) = known.filter(fits) {
            return number;
        }
        self.tables.push(TableBuilder::new(account, event_type.clone()));
        let number = self.tables.len() - 1;
        self.numbers.insert((account, event_type.clone()), number);
        number
    }
}

impl TableBuilder {
    fn new(account: AccountId, event_type: Arc<str>) -> Self {
        TableBuilder {
            account,
            event_type,
            timestamps: Vec::new(),
            columns: Vec::new(),
            numbers: HashMap::new(),
            guesses: Vec::new(),
        }
    }

    /// Whether it takes an event of so many attributes, even if all are new to it.
    fn has_room(&self, attributes: usize) -> bool {
        self.columns.len() + attributes <= COLUMNS_MAX
    }

    fn push(
        &mut self,
        timestamp: Timestamp,
        attributes: impl Iterator<Item = (AttributeName, Value)>,
    ) {
        for (position, (name, value)) in attributes.enumerate() {
            let number = self.column(position, name, value.kind());
            self.columns[number].push(self.timestamps.len(), value);
        }
        self.timestamps.push(timestamp);
    }

    fn column(&mut self, position: usize, name: AttributeName, kind: ValueKind) -> usize {
        if let Some(guess) = self.guesses.get(position) {
            let column = &self.columns[*guess].column;
            if column.values.kind() == kind && is_same_name(&column.name, &name) {
                return *guess;
            }
        }
        let columns = &mut self.columns;
        let number = *self.numbers.entry((name, kind)).or_insert_with_key(|(name, kind)| {
            columns.push(ColumnBuilder::new(name.clone(), *kind));
            columns.len() - 1
        });
        self.guesses.truncate(position);
        if self.guesses.len() == position {
            self.guesses.push(number);
        }
        number
    }

    fn finish(self) -> Table {
        let events = self.timestamps.len();
        let columns = self.columns.into_iter().map(|column| column.finish(events)).collect();
        let (event_type, timestamps) = (self.event_type, self.timestamps);
        (self.account, Columns { event_type, timestamps, columns })
    }
}

impl ColumnBuilder {
    fn new(name: AttributeName, kind: ValueKind) -> Self {
        let values = match kind {
            ValueKind::Int => ColumnValues::Ints(Vec::new()),
            ValueKind::Float => ColumnValues::Floats(Vec::new()),
            ValueKind::Str => ColumnValues::Texts { strings: Vec::new(), codes: Vec::new() },
            ValueKind::Bool => ColumnValues::Bools(Vec::new()),
        };
        let column = Column { name, presence: None, values };
        ColumnBuilder { column, codes: HashMap::new(), latest: None }
    }

    fn push(&mut self, event: usize, value: Value) {
        let having = self.column.values.len();
        if having < event && self.column.presence.is_none() {
            self.column.presence = Some(Presence::first(having));
        }
        if let Some(presence) = &mut self.column.presence {
            presence.set(event);
        }
        match (&mut self.column.values, value) {
            (ColumnValues::Ints(values), Value::Int(value)) => values.push(value),
            (ColumnValues::Floats(values), Value::Float(value)) => values.push(value),
            (ColumnValues::Bools(values), Value::Bool(value)) => values.push(value),
            (ColumnValues::Texts { .. }, Value::Str(text)) => self.push_text(text),
            _ => unreachable!("a column is found by the kind of the value"),
        }
    }

    fn push_text(&mut self, text: Arc<str>) {
        let ColumnValues::Texts { strings, codes } = &mut self.column.values else { return };
        let code = match &self.latest {
            Some((latest, code)) if is_same(latest, &text) => *code,
            _ => match self.codes.get(&text) {
                Some(code) => *code,
                None => {
                    let code = strings.len() as u32;
                    strings.push(text.clone());
                    self.codes.insert(text.clone(), code);
                    code
                }
            },
        };
        codes.push(code);
        self.latest = Some((text, code));
    }

    fn finish(mut self, events: usize) -> Column {
        let having = self.column.values.len();
        if having < events && self.column.presence.is_none() {
            self.column.presence = Some(Presence::first(having));
        }
        self.column
    }
}

/// Most strings come again as the same allocation.
fn is_same(a: &Arc<str>, b: &Arc<str>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// Names of the schema are static: mostly the place alone tells.
fn is_same_name(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

#[cfg(test)]
mod tests {
    use weir_types::Event;
    use weir_types::event::ATTRIBUTES_MAX;

    use super::*;

    fn event(event_type: &str, at: i64) -> Event {
        Event::new(event_type, Timestamp::from_millis(at))
    }

    fn of(events: Vec<Event>) -> Vec<Columns> {
        let tables = transposed(Batch { account: AccountId(1), events });
        tables.into_iter().map(|(_, columns)| columns).collect()
    }

    #[test]
    fn types_come_apart_and_kinds_are_columns() {
        let [a, b] = of(vec![
            event("A", 1).with("x", 1).with("note", "same"),
            event("B", 2),
            event("A", 3).with("note", "same").with("x", "text"),
            event("A", 4),
        ])
        .try_into()
        .unwrap();
        assert_eq!((a.validate(), b.validate()), (Ok(()), Ok(())));
        assert_eq!((b.timestamps.len(), b.columns.len()), (1, 0));
        let column = |name: &'static str, events: &[usize], values| {
            let mut presence = Presence::default();
            events.iter().for_each(|event| presence.set(*event));
            Column { name: name.into(), presence: Some(presence), values }
        };
        let texts = |text: &str, codes| ColumnValues::Texts { strings: vec![text.into()], codes };
        let expected = [
            column("x", &[0], ColumnValues::Ints(vec![1])),
            column("note", &[0, 1], texts("same", vec![0, 0])),
            column("x", &[1], texts("text", vec![0])),
        ];
        assert_eq!(a.columns, expected);
        assert_eq!(a.timestamps.iter().map(|at| at.as_millis()).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn unbounded_names_begin_another_table() {
        let wide = |first: usize| {
            let names =
                (first..first + ATTRIBUTES_MAX).map(|i| (format!("name{i}").into(), 1.into()));
            Event { attributes: names.collect(), ..event("A", first as i64) }
        };
        let stable = of(vec![wide(0); 5]);
        assert_eq!((stable.len(), stable[0].columns.len()), (1, ATTRIBUTES_MAX));
        let tables = of((0..5).map(|i| wide(i * ATTRIBUTES_MAX)).collect());
        assert_eq!(tables.iter().map(|t| t.columns.len()).collect::<Vec<_>>(), [510, 510, 255]);
        assert!(tables.iter().all(|table| table.validate() == Ok(())));
    }
}
