//! NRQL for editors: findings, completion and hover, without answering.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use weir_api::error::ErrorBody;
use weir_api::query::{AnalyzeAnswer, AnalyzeBody, QueryCompletion, QueryHover};
use weir_types::ErrorCode;
use weir_types::query::{Analysis, Completion, CompletionKind};

use crate::auth::Reader;
use crate::error::{Failure, blocking, diagnostic_to_wire};
use crate::service::Services;

/// Check one NRQL text, and say what could stand at the cursor
#[utoipa::path(post, operation_id = "analyze_nrql", path = "/api/v1/nrql/analyze",
    request_body = AnalyzeBody,
    responses((status = 200, body = AnalyzeAnswer), (status = 400, body = ErrorBody)))]
pub async fn analyze(
    reader: Reader,
    State(services): State<Services>,
    body: Result<Json<AnalyzeBody>, JsonRejection>,
) -> Result<Json<AnalyzeAnswer>, Failure> {
    let Json(body) = body.map_err(|rejection| {
        Failure::new(ErrorCode::InvalidRequest, rejection.body_text())
            .with_hint("send {\"nrql\": \"SELECT …\", \"cursor\": 7} as application/json")
    })?;
    let cursor = body.cursor.unwrap_or(body.nrql.len());
    let now = services.question_now();
    let analyzed = blocking(move || {
        let analysis = services.analyzer.analyze(reader.account, &body.nrql, cursor, now);
        to_wire(analysis, &body.nrql)
    });
    analyzed.await.map(Json)
}

fn to_wire(analysis: Analysis, nrql: &str) -> AnalyzeAnswer {
    let diagnostics = analysis.diagnostics.iter().map(|d| diagnostic_to_wire(d, nrql));
    let completions = analysis.completions;
    AnalyzeAnswer {
        diagnostics: diagnostics.collect(),
        replace_offset: completions.span.offset,
        replace_length: completions.span.length,
        completions: completions.items.into_iter().map(completion_to_wire).collect(),
        hover: analysis.hover.map(|hover| QueryHover {
            offset: hover.span.offset,
            length: hover.span.length,
            title: hover.title,
            text: hover.text,
        }),
        steps: analysis.steps,
    }
}

fn completion_to_wire(completion: Completion) -> QueryCompletion {
    let kind = match completion.kind {
        CompletionKind::Keyword => "keyword",
        CompletionKind::Function => "function",
        CompletionKind::EventType => "event_type",
        CompletionKind::Attribute => "attribute",
    };
    let Completion { label, insert, detail, .. } = completion;
    QueryCompletion { label, insert, kind: kind.into(), detail }
}
