//! Lookup tables: what NRQL's `lookup(name)` reads.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use weir_api::error::ErrorBody;
use weir_api::list::List;
use weir_api::lookup::{LookupTable, LookupUploadQuery};
use weir_types::ErrorCode;

use crate::auth::Reader;
use crate::error::Failure;
use crate::lookup_upload::{on_disk, whole_body};
use crate::service::{LookupPlace, LookupUpload, Services};

/// Every lookup table
#[utoipa::path(get, operation_id = "list_lookup_tables", path = "/api/v1/lookup-tables",
    responses((status = 200, body = List<LookupTable>)))]
pub async fn list(
    reader: Reader,
    State(services): State<Services>,
) -> Result<Json<List<LookupTable>>, Failure> {
    let account = reader.account;
    let tables = on_disk(&services, account, move |store| store.list(account)).await?;
    Ok(Json(List::whole(services.clock.now().as_millis(), tables)))
}

/// One lookup table as the CSV that was uploaded
#[utoipa::path(get, operation_id = "get_lookup_table", path = "/api/v1/lookup-tables/{name}",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, body = String, content_type = "text/csv"),
        (status = 404, body = ErrorBody)))]
pub async fn get(
    reader: Reader,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let account = reader.account;
    let csv = on_disk(&services, account, move |store| store.csv(account, &name)).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv))
}

/// Upload a lookup table, also in the place of the one of its name
///
/// The body is CSV with a header line. A field that is a number or `true` or `false` is one, an
/// empty one is absent, one that begins with `'` is the text behind it. At most 4 MiB, 20000 rows,
/// 254 columns; 20 tables an account.
#[utoipa::path(put, operation_id = "put_lookup_table", path = "/api/v1/lookup-tables/{name}",
    params(("name" = String, Path, description = "Letters, digits, `_` and `:`"), LookupUploadQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = LookupTable), (status = 400, body = ErrorBody),
        (status = 413, body = ErrorBody)))]
pub async fn put(
    reader: Reader,
    State(services): State<Services>,
    Path(name): Path<String>,
    query: Result<Query<LookupUploadQuery>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<LookupTable>, Failure> {
    let Query(query) = query.map_err(|rejection| {
        Failure::new(ErrorCode::InvalidRequest, rejection.body_text())
            .with_hint("an upload takes description")
    })?;
    let account = reader.account;
    let upload = LookupUpload {
        name,
        description: query.description,
        csv: whole_body(body)?.into(),
        by: reader.user.to_string(),
        place: LookupPlace::Any,
    };
    on_disk(&services, account, move |store| store.put(account, upload)).await.map(Json)
}

/// Delete a lookup table
#[utoipa::path(delete, operation_id = "delete_lookup_table", path = "/api/v1/lookup-tables/{name}",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, body = LookupTable, description = "What was deleted"),
        (status = 404, body = ErrorBody)))]
pub async fn delete(
    reader: Reader,
    State(services): State<Services>,
    Path(name): Path<String>,
) -> Result<Json<LookupTable>, Failure> {
    let account = reader.account;
    on_disk(&services, account, move |store| store.delete(account, &name)).await.map(Json)
}
