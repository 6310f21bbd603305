//! What must hold for any bytes at all; fuzz targets and tests call it. Panics where it does not.

use weir_types::Timestamp;
use weir_types::diagnostic::Severity;

/// 2023-11-14T22:13:20Z.
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// A text is either explained or refused, and refused only with an error.
pub fn analyze(bytes: &[u8]) {
    weir_nrql::fuzzing::edit(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let findings = crate::check(text, NOW);
    let is_refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(crate::explain(text, NOW).is_err(), is_refused, "{text:?}: {findings:?}");
}
