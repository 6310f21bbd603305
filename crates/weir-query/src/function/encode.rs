//! `encode` and `decode`: texts in base64 and its variants.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{ScalarFunction, argument};
use crate::datum::Datum;
use crate::node::Kind;

pub const FUNCTIONS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "encode",
        arguments: 2..=2,
        forms: FORMS,
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| encode(argument(a, 0), argument(a, 1)).unwrap_or(Datum::Null),
    },
    ScalarFunction {
        name: "decode",
        arguments: 2..=2,
        forms: FORMS,
        named: "",
        returns: Kind::Value,
        evaluate: |a, _| decode(argument(a, 0), argument(a, 1)).unwrap_or(Datum::Null),
    },
];

const FORMS: &[&str] = &[BASE64, MIME, URL];
const BASE64: &str = "base64";
const MIME: &str = "base64mime";
const URL: &str = "base64url";
/// Longest line of MIME (RFC 2045).
const MIME_LINE_CHARS: usize = 76;

fn engine(form: &str) -> GeneralPurpose {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if form == URL { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(alphabet, lenient)
}

fn encode(value: &Datum, form: &Datum) -> Option<Datum> {
    let form = form.as_str()?;
    let encoded = engine(form).encode(value.as_str()?);
    if form != MIME {
        return Some(Datum::text(encoded));
    }
    let lines: Vec<&str> = (0..encoded.len())
        .step_by(MIME_LINE_CHARS)
        .filter_map(|from| encoded.get(from..(from + MIME_LINE_CHARS).min(encoded.len())))
        .collect();
    Some(Datum::text(lines.join("\r\n")))
}

/// Null for what is not valid, and for bytes that are no text.
fn decode(value: &Datum, form: &Datum) -> Option<Datum> {
    let form = form.as_str()?;
    let text = value.as_str()?;
    let bytes = if form == MIME {
        let dense: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        engine(form).decode(dense).ok()?
    } else {
        engine(form).decode(text).ok()?
    };
    String::from_utf8(bytes).ok().map(Datum::text)
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    fn both(form: &str, plain: &str) -> String {
        let encoded = call("encode", &[Datum::text(plain), Datum::text(form)]);
        let decoded = call("decode", &[encoded.clone(), Datum::text(form)]);
        assert_eq!(decoded, Datum::text(plain), "{form}");
        encoded.as_str().unwrap().to_owned()
    }

    #[test]
    fn texts_come_back() {
        assert_eq!(both(BASE64, "a?>~"), "YT8+fg==");
        assert_eq!(both(URL, "a?>~"), "YT8-fg==");
        assert_eq!(both(MIME, &"x".repeat(100)).lines().next().unwrap().len(), MIME_LINE_CHARS);
    }

    #[test]
    fn what_is_no_text_is_null() {
        let decode = |text: &str| call("decode", &[Datum::text(text), Datum::text(BASE64)]);
        assert_eq!(decode("!!"), Datum::Null);
        assert_eq!(decode("/w=="), Datum::Null);
        assert_eq!(decode("YQ"), Datum::text("a"));
        assert_eq!(call("encode", &[Datum::Int(1), Datum::text(BASE64)]), Datum::Null);
    }
}
