//! New Relic's NRQL Lookups API on its paths: `POST` makes a table and `PUT` replaces one, as
//! `multipart/form-data` or as JSON; `GET`, `DELETE` and the list. Failures have New Relic's body.
//! <https://docs.newrelic.com/docs/apis/lookups-service-api/lookups-service-api/>

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::lookup::LookupTable;
use weir_types::{AccountId, ErrorCode};

use super::lookup_json::{self, JsonUpload};
use crate::auth::{self, Reader};
use crate::error::Failure;
use crate::lookup_upload::{on_disk, whole_body};
use crate::service::{LookupPlace, LookupUpload, Services};

/// New Relic's query string; keys it does not know are passed over, as there.
#[derive(Debug, Default, Deserialize)]
pub struct Options {
    /// Whether the answer has the rows too.
    #[serde(rename = "includeTable", default)]
    include_table: bool,
}

/// `GET /v1/accounts/{account}`
pub async fn list(
    State(services): State<Services>,
    Path(account): Path<String>,
    headers: HeaderMap,
) -> Response {
    let listed = async {
        let account = caller(&services, &headers, &account)?.account;
        let tables = on_disk(&services, account, move |store| store.list(account)).await?;
        let tables: Vec<_> = tables.iter().map(|table| to_wire(account, table, None)).collect();
        Ok(Json(tables).into_response())
    };
    answered(listed.await)
}

/// `GET /v1/accounts/{account}/{table}`, as CSV where only that is accepted.
pub async fn get(
    State(services): State<Services>,
    Path((account, name)): Path<(String, String)>,
    Query(options): Query<Options>,
    headers: HeaderMap,
) -> Response {
    let read = async {
        let account = caller(&services, &headers, &account)?.account;
        if headers.get(header::ACCEPT).is_some_and(|accepted| accepted == "text/csv") {
            let csv = on_disk(&services, account, move |store| store.csv(account, &name)).await?;
            return Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response());
        }
        let table = on_disk(&services, account, move |store| store.find(account, &name)).await?;
        told(&services, account, &table, options).await
    };
    answered(read.await)
}

/// `POST` and `PUT /v1/accounts/{account}/{table}`
pub async fn upload(
    State(services): State<Services>,
    Path((account, name)): Path<(String, String)>,
    Query(options): Query<Options>,
    request: Request,
) -> Response {
    let kept = async {
        let reader = caller(&services, request.headers(), &account)?;
        let account = reader.account;
        let place = match *request.method() {
            Method::PUT => LookupPlace::Replaced,
            _ => LookupPlace::New,
        };
        let (csv, description) = table_of(request, &services).await?;
        let by = reader.user.to_string();
        let upload = LookupUpload { name, description, csv, by, place };
        let table = on_disk(&services, account, move |store| store.put(account, upload)).await?;
        told(&services, account, &table, options).await
    };
    answered(kept.await)
}

/// `DELETE /v1/accounts/{account}/{table}`
pub async fn delete(
    State(services): State<Services>,
    Path((account, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let deleted = async {
        let account = caller(&services, &headers, &account)?.account;
        let table = on_disk(&services, account, move |store| store.delete(account, &name)).await?;
        Ok(Json(to_wire(account, &table, None)).into_response())
    };
    answered(deleted.await)
}

/// Who asks, with a key for this very account.
fn caller(services: &Services, headers: &HeaderMap, account: &str) -> Result<Reader, Failure> {
    let reader = auth::reader(services, headers)?;
    match account.parse() {
        Ok(asked) if AccountId(asked) == reader.account => Ok(reader),
        Ok(asked) => {
            let message = format!("this key is not for account {asked}");
            Err(Failure::new(ErrorCode::PermissionDenied, message))
        }
        Err(_) => Err(Failure::not_found(format!("no account `{account}`: it is a number"))),
    }
}

/// The table as CSV, and its description.
async fn table_of(
    request: Request,
    services: &Services,
) -> Result<(Vec<u8>, Option<String>), Failure> {
    let invalid = |message: String| Failure::new(ErrorCode::InvalidRequest, message);
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let form = Multipart::from_request(request, services).await;
        return fields_of(form.map_err(|rejection| invalid(rejection.body_text()))?).await;
    }
    let body = whole_body(Bytes::from_request(request, services).await)?;
    let upload: JsonUpload = serde_json::from_slice(&body).map_err(|error| {
        invalid(format!("body is neither multipart/form-data nor a table as JSON: {error}"))
    })?;
    let csv = lookup_json::to_csv(&upload.table).map_err(|error| invalid(error.to_string()))?;
    Ok((csv, upload.description))
}

async fn fields_of(mut form: Multipart) -> Result<(Vec<u8>, Option<String>), Failure> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        let code = match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::LimitExceeded,
            _ => ErrorCode::InvalidRequest,
        };
        Failure::new(code, error.body_text())
    };
    let (mut table, mut description) = (None, None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("table") => table = Some(field.bytes().await.map_err(broken)?.into()),
            Some("description") => description = Some(field.text().await.map_err(broken)?),
            _ => {}
        }
    }
    let table = table.ok_or_else(|| {
        Failure::new(ErrorCode::InvalidRequest, "the form has no field `table` with the CSV")
    })?;
    Ok((table, description))
}

async fn told(
    services: &Services,
    account: AccountId,
    table: &LookupTable,
    options: Options,
) -> Result<Response, Failure> {
    let name = table.name.clone();
    let rows = match options.include_table {
        true => Some(on_disk(services, account, move |store| store.rows(account, &name)).await?),
        false => None,
    };
    Ok(Json(to_wire(account, table, rows)).into_response())
}

fn to_wire(account: AccountId, table: &LookupTable, rows: Option<Vec<Vec<Value>>>) -> Value {
    let mut wire = json!({
        "accountId": account.0,
        "name": table.name,
        "description": table.description,
        "guid": table.guid,
        "size": table.size_bytes,
        "rows": table.row_count,
        "updatedBy": table.updated_by,
        "updatedAt": jiff::Timestamp::from_millisecond(table.updated_at_ms).map_or_else(|_| String::new(), |at| at.to_string()),
    });
    if let Some(rows) = rows {
        wire["table"] = json!({ "headers": table.columns, "rows": rows });
    }
    wire
}

/// A failure as New Relic says it; a name that is taken is a bad request there.
fn answered(outcome: Result<Response, Failure>) -> Response {
    outcome.unwrap_or_else(|Failure(error)| {
        let code = match error.code {
            ErrorCode::Conflict => 400,
            other => other.http_status(),
        };
        let message = match error.hint {
            Some(hint) => format!("{}: {hint}", error.message),
            None => error.message,
        };
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    })
}
