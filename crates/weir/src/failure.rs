//! [`Failure`]: how a command ends when it does not end well: what, where, why, the next step.

use serde_json::{Map, Value as Json, json};
use weir_api::ClientError;
use weir_config::Report;
use weir_types::diagnostic::Severity;
use weir_types::{Diagnostic, ErrorCode, QueryError};

use crate::output::{Terminal, Tone, stderr_line};

/// What stderr says and which code the process ends with.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub code: ErrorCode,
    /// Lowercase fragment with the value that was wrong.
    pub message: String,
    /// The next step, where one is known.
    pub hint: Option<String>,
    /// Shown on stderr instead of `message` and `hint`: findings with their lines and carets.
    rendered: Option<String>,
    /// The same findings for `-o json`.
    diagnostics: Vec<Json>,
    /// The reader of stdout left; not a failure to talk about.
    quiet: bool,
}

impl Failure {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Failure {
            code,
            message: message.into(),
            hint: None,
            rendered: None,
            diagnostics: Vec::new(),
            quiet: false,
        }
    }

    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong with an NRQL text, found without a server.
    pub fn from_findings(findings: Vec<Diagnostic>, nrql: &str) -> Self {
        let rendered: Vec<String> = findings.iter().map(|finding| finding.render(nrql)).collect();
        let diagnostics = findings.iter().map(|finding| json!(finding)).collect();
        let error = QueryError::Invalid(findings);
        Failure {
            rendered: Some(rendered.join("\n\n")),
            diagnostics,
            ..Failure::new(error.code(), error.to_string())
        }
    }

    /// Several as one, told one below the other, each with its own next step; the first decides
    /// the code.
    pub fn several(failures: Vec<Failure>, terminal: &Terminal) -> Option<Self> {
        let code = failures.first()?.code;
        let messages: Vec<&str> = failures.iter().map(|it| it.message.as_str()).collect();
        let hints: Vec<&str> = failures.iter().filter_map(|it| it.hint.as_deref()).collect();
        let rendered: Vec<String> = failures.iter().map(|it| it.text(terminal)).collect();
        let whole = Failure {
            hint: (!hints.is_empty()).then(|| hints.join("; ")),
            rendered: Some(rendered.join("\n")),
            ..Failure::new(code, messages.join(", "))
        };
        let diagnostics = failures.into_iter().flat_map(|it| it.diagnostics).collect();
        Some(Failure { diagnostics, ..whole })
    }

    /// Nobody reads stdout any more: the command ends with 0, without a word.
    pub fn broken_pipe() -> Self {
        Failure { quiet: true, ..Failure::new(ErrorCode::Internal, "stdout is closed") }
    }

    pub fn exit_code(&self) -> u8 {
        if self.quiet { 0 } else { self.code.exit_code() }
    }

    /// Says on stderr what happened, as text or, with `-o json`, as one object.
    pub fn tell(&self, as_json: bool, terminal: &Terminal) {
        if self.quiet {
            return;
        }
        stderr_line(&if as_json { self.to_json().to_string() } else { self.text(terminal) });
    }

    fn text(&self, terminal: &Terminal) -> String {
        if let Some(rendered) = &self.rendered {
            return rendered.clone();
        }
        let word = terminal.paint_error(Tone::Critical, "error");
        let hint = self.hint.as_ref().map(|hint| format!("\n  = help: {hint}"));
        format!("{word}: {}{}", self.message, hint.unwrap_or_default())
    }

    /// The error body of the REST API.
    fn to_json(&self) -> Json {
        let mut error = Map::new();
        error.insert("code".into(), json!(self.code));
        error.insert("message".into(), json!(self.message));
        if let Some(hint) = &self.hint {
            error.insert("hint".into(), json!(hint));
        }
        if !self.diagnostics.is_empty() {
            error.insert("diagnostics".into(), json!(self.diagnostics));
        }
        json!({ "error": error })
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let code = error.code();
        let failure = Failure::new(code, error.to_string());
        match error {
            ClientError::Unreachable { .. } => failure.with_hint(
                "start a server with `weir serve`, or name yours with --server or WEIR_SERVER",
            ),
            ClientError::Timeout { .. } => failure.with_hint("allow more time with --timeout"),
            ClientError::Foreign { .. } => failure.with_hint(
                "check that --server names a Weir server, and that both have the same version",
            ),
            ClientError::Api(error) => {
                let rendered: Vec<&str> =
                    error.diagnostics.iter().map(|d| d.rendered.as_str()).collect();
                Failure {
                    rendered: (!rendered.is_empty()).then(|| rendered.join("\n\n")),
                    diagnostics: error.diagnostics.iter().map(|d| json!(d)).collect(),
                    hint: error.hint.or_else(|| hint_for(code).map(str::to_owned)),
                    ..failure
                }
            }
        }
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        let is_error = |severity| severity == Severity::Error;
        let errors = report.problems.iter().filter(|p| is_error(p.severity)).count();
        let plural = if errors == 1 { "problem" } else { "problems" };
        let what = if report.file.is_empty() { "the configuration" } else { &report.file };
        let message = format!("{what} has {errors} {plural}");
        let diagnostics = report.problems.iter().map(|problem| {
            json!({
                "severity": problem.severity,
                "key": problem.key,
                "line": problem.place.line(),
                "column": problem.place.column(),
                "message": problem.message,
                "help": problem.help,
            })
        });
        Failure {
            rendered: Some(format!("{report}\n\nerror: {message}")),
            diagnostics: diagnostics.collect(),
            ..Failure::new(ErrorCode::InvalidRequest, message)
        }
    }
}

/// Causes are told in one line, outermost first.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Failure>() {
            Ok(failure) => failure,
            Err(other) => Failure::new(ErrorCode::Internal, format!("{other:#}")),
        }
    }
}

fn hint_for(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::Unauthenticated => Some(
            "give a user key with --key or WEIR_API_KEY; on the server's machine `weir keys create` \
             makes one",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_has_the_fields_of_the_api() {
        let failure = Failure::new(ErrorCode::NotFound, "no group `a`").with_hint("look again");
        assert_eq!(
            failure.to_json().to_string(),
            r#"{"error":{"code":"not_found","message":"no group `a`","hint":"look again"}}"#
        );
    }

    #[test]
    fn help_stands_behind_its_error() {
        let terminal = Terminal { width: None, color: false, color_errors: false, unicode: true };
        let first = Failure::new(ErrorCode::Unavailable, "eu fails").with_hint("name it");
        let second = Failure::new(ErrorCode::InvalidRequest, "us fails");
        let all = Failure::several(vec![first, second], &terminal).unwrap();
        assert_eq!(all.text(&terminal), "error: eu fails\n  = help: name it\nerror: us fails");
        assert_eq!(
            (all.code, all.message.as_str()),
            (ErrorCode::Unavailable, "eu fails, us fails")
        );
        assert!(Failure::several(Vec::new(), &terminal).is_none());
    }

    #[test]
    fn a_failure_inside_anyhow_keeps_its_code() {
        let inner = anyhow::Error::from(Failure::new(ErrorCode::Conflict, "port taken"));
        assert_eq!(Failure::from(inner).code, ErrorCode::Conflict);
        let other = anyhow::anyhow!("disk full").context("open the store");
        assert_eq!(Failure::from(other).message, "open the store: disk full");
    }

    #[test]
    fn a_broken_pipe_is_no_failure() {
        assert_eq!(Failure::broken_pipe().exit_code(), 0);
    }
}
