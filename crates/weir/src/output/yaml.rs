//! JSON values as YAML: block style, every string that is not plainly one quoted as in JSON (which
//! YAML reads the same).

use serde_json::Value as Json;

/// A whole document with its final line break.
pub fn to_string(value: &Json) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out
}

/// Writes `value` behind what stands on the line already (`key:`, `-` or nothing).
fn write(out: &mut String, value: &Json, indent: usize) {
    match value {
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                start_line(out, indent);
                out.push('-');
                nested(out, item, indent + 2);
            }
        }
        Json::Object(fields) if !fields.is_empty() => {
            for (key, field) in fields {
                start_line(out, indent);
                out.push_str(&scalar(key));
                out.push(':');
                nested(out, field, indent + 2);
            }
        }
        Json::String(text) => {
            out.push_str(&scalar(text));
            out.push('\n');
        }
        other => {
            out.push_str(&other.to_string());
            out.push('\n');
        }
    }
}

fn nested(out: &mut String, value: &Json, indent: usize) {
    let is_block = match value {
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
        _ => false,
    };
    // The first field of a list item stands beside its dash.
    if is_block && !(out.ends_with('-') && value.is_object()) {
        out.push('\n');
    } else {
        out.push(' ');
    }
    write(out, value, indent);
}

fn start_line(out: &mut String, indent: usize) {
    if out.is_empty() || out.ends_with('\n') {
        out.push_str(&" ".repeat(indent));
    }
}

fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/');
    let word = text.chars().all(|c| plain(c) || c == '-')
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if word && !reserved.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    Json::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_are_in_block_style() {
        let value = json!({
            "schema": "weir/v1",
            "items": [{"a": 1, "b": [true, null]}, {"a": "2", "c": {}}],
            "empty": [],
            "a b": "x: y\n",
        });
        assert_eq!(
            to_string(&value),
            "schema: weir/v1\nitems:\n  - a: 1\n    b:\n      - true\n      - null\n  \
             - a: \"2\"\n    c: {}\nempty: []\n\"a b\": \"x: y\\n\"\n"
        );
        assert_eq!(to_string(&json!([])), "[]\n");
        assert_eq!(
            to_string(&json!(["no", "-x", "orders-1", ""])),
            "- \"no\"\n- \"-x\"\n- orders-1\n- \"\"\n"
        );
    }

    #[test]
    fn a_list_in_a_list_stays_nested() {
        assert_eq!(to_string(&json!([[1, 2], [3]])), "-\n  - 1\n  - 2\n-\n  - 3\n");
    }
}
