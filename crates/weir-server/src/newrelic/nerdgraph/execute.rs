//! Walks a selection over objects and puts the answer together.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::document::{Document, Field};
use super::object::{Context, Node, Object};
use weir_types::BoxFuture;

/// The body of the answer: `data`, `errors` where there are any, and the names of unknown fields.
pub async fn execute(context: &Context, document: &Document) -> Json {
    let root = if document.is_mutation { Object::Mutation } else { Object::Query };
    let mut walk = Walk { context, errors: Vec::new(), unknown: BTreeSet::new(), path: Vec::new() };
    let data = walk.object(&root, &document.fields).await;
    let mut body = Map::new();
    body.insert("data".into(), data);
    if !walk.errors.is_empty() {
        body.insert("errors".into(), walk.errors.into());
    }
    if !walk.unknown.is_empty() {
        let names: Vec<_> = walk.unknown.into_iter().collect();
        body.insert("extensions".into(), json!({ "unknownFields": names }));
    }
    body.into()
}

struct Walk<'a> {
    context: &'a Context,
    errors: Vec<Json>,
    unknown: BTreeSet<String>,
    path: Vec<Json>,
}

impl Walk<'_> {
    /// Boxed because objects hold objects; the document's depth is bounded.
    fn object<'b>(&'b mut self, object: &'b Object, fields: &'b [Field]) -> BoxFuture<'b, Json> {
        Box::pin(async move {
            let mut answer = Map::new();
            for field in merge(object, fields) {
                self.path.push(field.key.clone().into());
                let value = self.field(object, &field).await;
                self.path.pop();
                answer.insert(field.key, value);
            }
            answer.into()
        })
    }

    async fn field(&mut self, object: &Object, field: &Field) -> Json {
        if field.name == "__typename" {
            return object.type_name().into();
        }
        match object.resolve(self.context, &field.name, &field.arguments).await {
            Ok(Some(node)) => self.node(node, field).await,
            Ok(None) => {
                self.unknown.insert(format!("{}.{}", object.type_name(), field.name));
                Json::Null
            }
            Err(error) => {
                self.errors.push(json!({
                    "message": error.message,
                    "path": self.path,
                    "extensions": error.extensions,
                }));
                Json::Null
            }
        }
    }

    async fn node(&mut self, node: Node, field: &Field) -> Json {
        match node {
            Node::Leaf(json) => json,
            Node::Object(object) => self.object(&object, &field.fields).await,
            Node::List(objects) => {
                let mut items = Vec::with_capacity(objects.len());
                for (index, object) in objects.iter().enumerate() {
                    self.path.push(index.into());
                    items.push(self.object(object, &field.fields).await);
                    self.path.pop();
                }
                items.into()
            }
        }
    }
}

/// The fields that fit this object; a field selected twice keeps its place and gets both
/// selections. Where two differ in arguments the first one wins, as New Relic's clients rely on.
fn merge(object: &Object, fields: &[Field]) -> Vec<Field> {
    let mut merged: Vec<Field> = Vec::new();
    let fits = |f: &&Field| f.type_conditions.iter().all(|name| object.is_a(name));
    for field in fields.iter().filter(fits) {
        match merged.iter_mut().find(|known| known.key == field.key) {
            Some(known) => known.fields.extend(field.fields.iter().cloned()),
            None => merged.push(field.clone()),
        }
    }
    merged
}
