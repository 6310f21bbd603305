//! How a failure looks on the REST wire: a status, one body, no inner causes.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use weir_api::error::{ApiError, ErrorBody};
use weir_api::query::QueryDiagnostic;
use weir_types::{Diagnostic, ErrorCode, QueryError};

/// The error of every REST handler.
#[derive(Debug)]
pub struct Failure(pub ApiError);

impl Failure {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Failure(ApiError::new(code, message))
    }

    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Failure(self.0.with_hint(hint))
    }

    pub fn not_found(what: impl Into<String>) -> Self {
        Failure::new(ErrorCode::NotFound, what)
    }

    /// A query that failed, with its findings as a terminal would show them.
    pub fn from_query(error: &QueryError, nrql: &str) -> Self {
        let mut api = ApiError::new(error.code(), error.to_string());
        api.diagnostics = error.diagnostics().iter().map(|d| diagnostic_to_wire(d, nrql)).collect();
        Failure(api)
    }
}

/// Of a query that the server made itself: its text is nobody's, so no place in it is told.
impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Failure::from_query(&error, "")
    }
}

/// Does what waits for the disk, or takes long, on a thread that may.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let stopped = |_| Failure::new(ErrorCode::Internal, "the server stopped");
    tokio::task::spawn_blocking(work).await.map_err(stopped)
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.http_status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::warn!(code = ?self.0.code, message = %self.0.message, "request failed");
        }
        (status, Json(ErrorBody { error: self.0 })).into_response()
    }
}

pub fn diagnostic_to_wire(diagnostic: &Diagnostic, nrql: &str) -> QueryDiagnostic {
    QueryDiagnostic {
        severity: diagnostic.severity.as_str().into(),
        code: diagnostic.code.clone(),
        message: diagnostic.message.clone(),
        line: diagnostic.line,
        column: diagnostic.column,
        offset: diagnostic.span.offset,
        length: diagnostic.span.length,
        help: diagnostic.help.clone(),
        rendered: diagnostic.render(nrql),
    }
}
