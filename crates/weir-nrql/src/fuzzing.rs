//! What must hold for any bytes at all; fuzz targets and tests call it. Panics where it does not.

use crate::{complete, format, hover, parse};

/// Longest text worth the time of a fuzzer: longer ones only repeat themselves.
const BYTES_MAX: usize = 8_192;

/// A text that parses keeps its meaning when it is laid out, and laying out twice changes nothing.
pub fn round_trip(bytes: &[u8]) {
    let Some(text) = text_of(bytes) else { return };
    let Some(statement) = parse(text).statement else { return };
    let once = format(&statement);
    let again = parse(&once);
    let Some(second) = again.statement else {
        panic!("{text:?} became {once:?}, which does not parse: {:?}", again.diagnostics);
    };
    let twice = format(&second);
    assert_eq!(once, twice, "{text:?} is laid out differently twice");
}

/// Findings lie inside the text, and an editor may ask about any place.
pub fn edit(bytes: &[u8]) {
    let Some(text) = text_of(bytes) else { return };
    for finding in crate::analyze(text).diagnostics {
        assert!(finding.span.offset <= text.len(), "{finding:?} lies outside of {text:?}");
        assert!(!finding.render(text).is_empty());
    }
    for cursor in [0, text.len() / 2, text.len(), usize::MAX] {
        let found = complete(text, cursor, &());
        assert!(text.get(found.span.offset..found.span.end()).is_some(), "{text:?} at {cursor}");
        let _ = hover(text, cursor);
    }
}

fn text_of(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.len() <= BYTES_MAX)
}
