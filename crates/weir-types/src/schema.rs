//! The public table of event types: names, kinds, units. Docs, completion, the store's series
//! keys and the UI's names all come from here; the rows are in [`table`].

pub mod table;

use crate::value::ValueKind;

pub use table::{COMMON, EVENT_TYPES};

/// What role an attribute plays. Only identity is part of a series key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// Who the event is about; few, stable, never changed by a rebalance or a verdict.
    Identity,
    /// What it is now; may change at any sample.
    State,
    /// A number.
    Measure,
}

impl AttributeKind {
    pub fn as_str(self) -> &'static str {
        match self {
            AttributeKind::Identity => "identity",
            AttributeKind::State => "state",
            AttributeKind::Measure => "measure",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    None,
    Count,
    Messages,
    MessagesPerSecond,
    Bytes,
    BytesPerSecond,
    Milliseconds,
    Seconds,
    Percent,
    /// 0 to 1.
    Ratio,
    /// A position in a log.
    Offset,
    /// 0 to 100, 100 is best.
    Score,
}

impl Unit {
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::None => "",
            Unit::Count => "count",
            Unit::Messages => "messages",
            Unit::MessagesPerSecond => "messages/s",
            Unit::Bytes => "bytes",
            Unit::BytesPerSecond => "bytes/s",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Percent => "%",
            Unit::Ratio => "ratio",
            Unit::Offset => "offset",
            Unit::Score => "score",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct AttributeSchema {
    pub name: &'static str,
    pub kind: AttributeKind,
    pub value: ValueKind,
    pub unit: Unit,
    pub doc: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub struct EventSchema {
    pub name: &'static str,
    pub doc: &'static str,
    /// What this type has beyond [`COMMON`].
    pub attributes: &'static [AttributeSchema],
}

impl EventSchema {
    /// Common attributes first, then the type's own, in table order.
    pub fn all_attributes(&self) -> impl Iterator<Item = &'static AttributeSchema> + use<> {
        COMMON.iter().chain(self.attributes)
    }
}

/// The schema of a declared event type; names are case-sensitive, as in NRQL.
pub fn event_schema(event_type: &str) -> Option<&'static EventSchema> {
    EVENT_TYPES.iter().find(|schema| schema.name == event_type)
}

/// The attribute of a declared event type.
pub fn attribute_schema(event_type: &str, name: &str) -> Option<&'static AttributeSchema> {
    event_schema(event_type)?.all_attributes().find(|attribute| attribute.name == name)
}

/// Whether `name` is part of the series key of `event_type`; undeclared types have an empty key.
pub fn is_identity(event_type: &str, name: &str) -> bool {
    attribute_schema(event_type, name).is_some_and(|a| a.kind == AttributeKind::Identity)
}

/// The table as the Markdown page `docs/reference/events.md`.
pub fn to_markdown() -> String {
    let mut out = String::from(HEADER);
    push_table(&mut out, "Common attributes", COMMON_DOC, COMMON);
    for schema in EVENT_TYPES {
        push_table(&mut out, &format!("`{}`", schema.name), schema.doc, schema.attributes);
    }
    out
}

const HEADER: &str = "# Events\n\n\
Generated from the schema table in `crates/weir-types/src/schema/table.rs`; a test fails when this \
page differs.\n\n\
Every attribute has a kind. **identity** says who the event is about and alone forms the series \
key; **state** is what it is now and may change at any sample; **measure** is a number. What a \
source can't know is absent, never 0. Times are epoch milliseconds, UTC.\n";

const COMMON_DOC: &str = "On every event that Weir's own sources make.";

fn push_table(out: &mut String, title: &str, doc: &str, attributes: &[AttributeSchema]) {
    out.push_str(&format!("\n## {title}\n\n{doc}\n\n"));
    out.push_str("| attribute | kind | type | unit | meaning |\n|---|---|---|---|---|\n");
    for a in attributes {
        out.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            a.name,
            a.kind.as_str(),
            a.value,
            a.unit.as_str(),
            a.doc
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_identities_are_strings_or_partition() {
        for schema in EVENT_TYPES {
            let mut seen = HashSet::new();
            for a in schema.all_attributes() {
                assert!(seen.insert(a.name), "{}.{} stands twice", schema.name, a.name);
                if a.kind == AttributeKind::Identity {
                    let plain = a.value == ValueKind::Str || a.name == "partition";
                    assert!(plain, "{}.{} can't be identity", schema.name, a.name);
                }
            }
        }
    }

    #[test]
    fn undeclared_types_have_an_empty_key() {
        assert!(is_identity("KafkaConsumerSample", "consumerGroup"));
        assert!(!is_identity("KafkaConsumerSample", "groupState"));
        assert!(!is_identity("MyEvent", "clusterName"));
    }

    /// `WEIR_BLESS=1 cargo test -p weir-types` rewrites the page.
    #[test]
    fn the_reference_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/events.md");
        weir_testkit::golden(path, &to_markdown());
    }
}
