//! A GraphQL document with its fragments opened and its variables filled in.

use std::collections::HashMap;

use async_graphql_parser::types::{
    Directive, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql_parser::{Positioned, parse_query};
use async_graphql_value::{ConstValue, Name, Value};
use serde_json::{Map, Value as Json};

/// Most fields of one opened document: fragments that hold fragments grow fast.
const FIELDS_MAX: usize = 20_000;
/// Deepest nesting of one opened document; also what ends fragments that hold themselves.
const DEPTH_MAX: usize = 64;

/// One operation, ready to be walked.
#[derive(Debug)]
pub struct Document {
    pub is_mutation: bool,
    pub fields: Vec<Field>,
}

/// One selected field.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key in the answer: the alias, or the name.
    pub key: String,
    pub name: String,
    pub arguments: Map<String, Json>,
    /// Types of the fragments around it; all must fit the object.
    pub type_conditions: Vec<String>,
    pub fields: Vec<Field>,
}

impl Document {
    /// Variables that the document does not declare are ignored, as New Relic does.
    pub fn parse(
        text: &str,
        variables: Map<String, Json>,
        operation_name: Option<&str>,
    ) -> Result<Document, String> {
        let document = parse_query(text).map_err(|e| format!("GraphQL syntax error: {e}"))?;
        let operation = choose_operation(&document, operation_name)?;
        let is_mutation = match operation.ty {
            OperationType::Query => false,
            OperationType::Mutation => true,
            OperationType::Subscription => return Err("subscriptions are not supported".into()),
        };
        let mut opener = Opener {
            fragments: &document.fragments,
            variables: with_defaults(operation, variables)?,
            fields_left: FIELDS_MAX,
        };
        let mut fields = Vec::new();
        opener.open(&operation.selection_set.node, &[], 0, &mut fields)?;
        Ok(Document { is_mutation, fields })
    }
}

fn choose_operation<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<&'a OperationDefinition, String> {
    let mut operations = document.operations.iter();
    let named = |wanted: &str| {
        document.operations.iter().find(|(name, _)| name.is_some_and(|n| n.as_str() == wanted))
    };
    let chosen = match wanted {
        Some(wanted) if document.operations.iter().len() > 1 => named(wanted),
        _ => operations.next().filter(|_| operations.next().is_none()),
    };
    chosen
        .map(|(_, operation)| &operation.node)
        .ok_or_else(|| "several operations: say which one in `operationName`".into())
}

fn with_defaults(
    operation: &OperationDefinition,
    mut variables: Map<String, Json>,
) -> Result<Map<String, Json>, String> {
    for definition in &operation.variable_definitions {
        let name = definition.node.name.node.as_str();
        if variables.contains_key(name) {
            continue;
        }
        match definition.node.default_value() {
            Some(value) => variables.insert(name.to_owned(), to_json(value.clone())?),
            None => return Err(format!("variable `${name}` has no value")),
        };
    }
    Ok(variables)
}

/// Walks selections once, copying what fragments hold to where they are spread.
struct Opener<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: Map<String, Json>,
    fields_left: usize,
}

impl Opener<'_> {
    fn open(
        &mut self,
        set: &SelectionSet,
        conditions: &[String],
        depth: usize,
        out: &mut Vec<Field>,
    ) -> Result<(), String> {
        if depth > DEPTH_MAX {
            return Err(format!("document is nested deeper than {DEPTH_MAX}"));
        }
        for selection in &set.items {
            if !self.is_included(selection.node.directives())? {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => {
                    let opened = self.open_field(&field.node, conditions, depth)?;
                    out.push(opened);
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let inner = extend(conditions, on.map(|c| c.node.on.node.as_str()));
                    self.open(&fragment.node.selection_set.node, &inner, depth + 1, out)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragments = self.fragments;
                    let fragment = fragments
                        .get(name)
                        .ok_or_else(|| format!("fragment `{name}` is not defined"))?;
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    let inner = extend(conditions, Some(on));
                    self.open(&fragment.node.selection_set.node, &inner, depth + 1, out)?;
                }
            }
        }
        Ok(())
    }

    fn open_field(
        &mut self,
        field: &async_graphql_parser::types::Field,
        conditions: &[String],
        depth: usize,
    ) -> Result<Field, String> {
        self.fields_left = self
            .fields_left
            .checked_sub(1)
            .ok_or_else(|| format!("document selects more than {FIELDS_MAX} fields"))?;
        let mut arguments = Map::new();
        for (name, value) in &field.arguments {
            arguments.insert(name.node.to_string(), self.fill_in(value.node.clone())?);
        }
        let mut fields = Vec::new();
        self.open(&field.selection_set.node, &[], depth + 1, &mut fields)?;
        Ok(Field {
            key: field.response_key().node.to_string(),
            name: field.name.node.to_string(),
            arguments,
            type_conditions: conditions.to_vec(),
            fields,
        })
    }

    /// `@include(if:)` and `@skip(if:)`.
    fn is_included(&self, directives: &[Positioned<Directive>]) -> Result<bool, String> {
        for directive in directives {
            let wanted = match directive.node.name.node.as_str() {
                "include" => true,
                "skip" => false,
                _ => continue,
            };
            let condition = directive.node.get_argument("if").map(|v| v.node.clone());
            let holds = self.fill_in(condition.unwrap_or_default())? == Json::Bool(true);
            if holds != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fill_in(&self, value: Value) -> Result<Json, String> {
        let value = value.into_const_with(|name| match self.variables.get(name.as_str()) {
            Some(json) => ConstValue::from_json(json.clone()).map_err(|e| e.to_string()),
            None => Ok(ConstValue::Null),
        })?;
        to_json(value)
    }
}

fn extend(conditions: &[String], on: Option<&str>) -> Vec<String> {
    conditions.iter().cloned().chain(on.map(str::to_owned)).collect()
}

fn to_json(value: ConstValue) -> Result<Json, String> {
    value.into_json().map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(text: &str, variables: Json) -> Result<Document, String> {
        let Json::Object(variables) = variables else { unreachable!("tests pass objects") };
        Document::parse(text, variables, None)
    }

    #[test]
    fn fragments_variables_and_aliases_are_resolved() {
        let document = parse(
            "query($id: Int!, $q: Nrql = \"SELECT 1\") { actor { ...A } } \
             fragment A on Actor { account(id: $id) { n: nrql(query: $q) { results } } }",
            json!({ "id": 1, "undeclared": true }),
        )
        .unwrap();
        let account = &document.fields[0].fields[0];
        assert_eq!(account.type_conditions, ["Actor"]);
        assert_eq!(account.arguments["id"], json!(1));
        let nrql = &account.fields[0];
        assert_eq!((nrql.key.as_str(), nrql.name.as_str()), ("n", "nrql"));
        assert_eq!(nrql.arguments["query"], json!("SELECT 1"));
    }

    #[test]
    fn directives_decide() {
        let text = "query($x: Boolean!) { a @include(if: $x) b @skip(if: $x) }";
        let document = parse(text, json!({ "x": true })).unwrap();
        assert_eq!(document.fields.len(), 1);
        assert_eq!(document.fields[0].name, "a");
    }

    #[test]
    fn fragments_that_hold_themselves_end() {
        let error = parse("{ ...A } fragment A on X { ...A }", json!({})).unwrap_err();
        assert!(error.contains("nested deeper"), "{error}");
    }

    #[test]
    fn fragments_that_double_end() {
        let mut text = String::from("{ ...F0 }");
        for i in 0..40 {
            let next = i + 1;
            text.push_str(&format!(" fragment F{i} on X {{ ...F{next} ...F{next} }}"));
        }
        text.push_str(" fragment F40 on X { a b }");
        let error = parse(&text, json!({})).unwrap_err();
        assert!(error.contains("more than"), "{error}");
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = parse("query($id: Int!) { a(id: $id) }", json!({})).unwrap_err();
        assert_eq!(error, "variable `$id` has no value");
    }
}
