//! The event schema.

use axum::Json;
use axum::extract::State;
use weir_api::list::List;
use weir_api::schema::{Attribute, EventType};
use weir_types::schema::{AttributeSchema, EVENT_TYPES, EventSchema};

use super::list::whole;
use crate::auth::Reader;
use crate::service::Services;
use crate::view::View;

/// Every declared event type with its attributes, kinds and units
#[utoipa::path(get, operation_id = "list_schema", path = "/api/v1/schema", responses((status = 200, body = List<EventType>)))]
pub async fn list(reader: Reader, State(services): State<Services>) -> Json<List<EventType>> {
    let view = View::new(&services, reader.account);
    whole(&view, EVENT_TYPES.iter().map(event_type).collect())
}

fn event_type(schema: &EventSchema) -> EventType {
    EventType {
        name: schema.name.into(),
        doc: schema.doc.into(),
        attributes: schema.all_attributes().map(attribute).collect(),
    }
}

fn attribute(schema: &AttributeSchema) -> Attribute {
    Attribute {
        name: schema.name.into(),
        kind: schema.kind.as_str().into(),
        value_type: schema.value.to_string(),
        unit: schema.unit.as_str().into(),
        doc: schema.doc.into(),
    }
}
