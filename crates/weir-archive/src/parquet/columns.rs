//! Which columns the events of one type need, and how they are called.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value as Json};
use weir_types::value::ValueKind;

use super::{ACCOUNT, EVENT_TYPE, TIMESTAMP};

/// Attributes and the types of their values. A file's columns are told at its beginning, so events
/// are looked at once before they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<String, BTreeSet<ValueKind>>);

/// A column of an attribute's values of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub attribute: String,
    pub kind: ValueKind,
}

impl Columns {
    pub fn note(&mut self, attribute: &str, kind: ValueKind) {
        match self.0.get_mut(attribute) {
            Some(kinds) => drop(kinds.insert(kind)),
            None => drop(self.0.insert(attribute.to_owned(), BTreeSet::from([kind]))),
        }
    }

    /// The columns with their names, each once, ascending by attribute and type.
    pub fn named(&self) -> Vec<Column> {
        let mut taken: HashSet<String> = [EVENT_TYPE, TIMESTAMP, ACCOUNT].map(str::to_owned).into();
        let mut columns = Vec::new();
        for (attribute, kinds) in &self.0 {
            for kind in kinds {
                let alone = kinds.len() == 1 && !taken.contains(attribute);
                let mut name =
                    if alone { attribute.clone() } else { format!("{attribute}:{kind}") };
                while !taken.insert(name.clone()) {
                    name.push('_');
                }
                columns.push(Column { name, attribute: attribute.clone(), kind: *kind });
            }
        }
        columns
    }
}

/// What the file's metadata says of the columns; `None` when all are named as their attribute.
pub fn renamed(columns: &[Column]) -> Option<String> {
    let renamed = columns.iter().filter(|column| column.name != column.attribute);
    let renamed: Map<String, Json> =
        renamed.map(|column| (column.name.clone(), column.attribute.clone().into())).collect();
    (!renamed.is_empty()).then(|| Json::from(renamed).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_as_its_attribute_where_that_is_enough() {
        let mut columns = Columns::default();
        columns.note("lag", ValueKind::Int);
        columns.note("lag", ValueKind::Int);
        columns.note("mixed", ValueKind::Str);
        columns.note("mixed", ValueKind::Float);
        columns.note("mixed:number", ValueKind::Bool);
        columns.note("account", ValueKind::Int);
        let named = columns.named();
        let names: Vec<&str> = named.iter().map(|column| &*column.name).collect();
        let expected =
            ["account:integer", "lag", "mixed:number", "mixed:string", "mixed:number:boolean"];
        assert_eq!(names, expected);
        let renamed: Json = serde_json::from_str(&renamed(&named).unwrap()).unwrap();
        assert_eq!(
            (renamed.as_object().unwrap().len(), &renamed["mixed:string"]),
            (4, &"mixed".into())
        );
    }
}
