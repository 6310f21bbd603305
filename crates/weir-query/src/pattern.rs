//! LIKE and RLIKE patterns, compiled once.

use regex::{Regex, RegexBuilder};

/// Bounds what one pattern may take when compiled.
const COMPILED_BYTES_MAX: usize = 1 << 20;

/// A pattern that must match the whole value.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// `%` stands for any run of characters; everything else, `_` too, for itself, in any case.
    pub fn like(pattern: &str) -> Result<Pattern, String> {
        let pieces: Vec<String> = pattern.split('%').map(regex::escape).collect();
        compile(&pieces.join(".*"), |builder| {
            builder.case_insensitive(true).dot_matches_new_line(true);
        })
    }

    /// The name of metrics: `%` stands for any run of characters, and case counts.
    pub fn wildcard(pattern: &str) -> Result<Pattern, String> {
        let pieces: Vec<String> = pattern.split('%').map(regex::escape).collect();
        compile(&pieces.join(".*"), |_| {})
    }

    /// A regular expression in RE2's syntax, case-sensitive unless it says `(?i)`.
    pub fn regex(pattern: &str) -> Result<Pattern, String> {
        compile(&as_re2(pattern), |_| {})
    }

    pub fn matches(&self, value: &str) -> bool {
        self.0.is_match(value)
    }
}

/// A `{` that begins no repetition stands for itself in RE2.
pub fn as_re2(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                let Some((at, escaped)) = chars.next() else { break };
                out.push(escaped);
                // The braces of `\p{Greek}` and `\x{41}` belong to the escape.
                let has_braces = "pPx".contains(escaped) && pattern[at + 1..].starts_with('{');
                if has_braces {
                    for (_, inside) in chars.by_ref() {
                        out.push(inside);
                        if inside == '}' {
                            break;
                        }
                    }
                }
            }
            '{' if !begins_repetition(&pattern[at + 1..]) => out.push_str(r"\{"),
            _ => out.push(c),
        }
    }
    out
}

/// `3}`, `3,}` or `3,5}`.
fn begins_repetition(rest: &str) -> bool {
    let Some((inside, _)) = rest.split_once('}') else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match inside.split_once(',') {
        Some((from, to)) => is_number(from) && (to.is_empty() || is_number(to)),
        None => is_number(inside),
    }
}

fn compile(pattern: &str, options: impl Fn(&mut RegexBuilder)) -> Result<Pattern, String> {
    // The bare pattern first: anchored, `a)(b` would compile.
    build(pattern, &options)?;
    build(&format!(r"\A(?:{pattern})\z"), &options).map(Pattern)
}

/// A pattern as it is, without anchors; the error is what is wrong with it.
pub fn build(pattern: &str, options: &impl Fn(&mut RegexBuilder)) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(COMPILED_BYTES_MAX);
    options(&mut builder);
    builder.build().map_err(|error| {
        // The last line says what is wrong; the others repeat the pattern.
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or_default();
        reason.trim().trim_start_matches("error: ").to_lowercase()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_ignores_case_and_only_percent_is_special() {
        let pattern = Pattern::like("%Kafka_1%").unwrap();
        assert!(pattern.matches("my-KAFKA_1-broker"));
        assert!(!pattern.matches("my-kafka-1-broker"));
        assert!(!Pattern::like("kafka").unwrap().matches("kafka-1"));
        assert!(Pattern::like("a.c").unwrap().matches("A.C"));
        assert!(!Pattern::like("a.c").unwrap().matches("abc"));
        assert!(Pattern::like("a%c").unwrap().matches("a\nc"));
    }

    #[test]
    fn rlike_matches_the_whole_value() {
        let pattern = Pattern::regex("orders|payments").unwrap();
        assert!(pattern.matches("orders"));
        assert!(!pattern.matches("orders-v2"));
        assert!(!pattern.matches("Orders"));
        assert!(Pattern::regex("(?i)orders").unwrap().matches("Orders"));
    }

    #[test]
    fn braces_that_repeat_nothing_stand_for_themselves() {
        assert!(Pattern::regex(r#"a{"k":.*}"#).unwrap().matches(r#"a{"k":1}"#));
        assert!(Pattern::regex("a{2,3}").unwrap().matches("aaa"));
        assert!(Pattern::regex(r"\p{Greek}{2}\x{41}").unwrap().matches("αβA"));
        assert!(Pattern::regex(r"\{x\}").unwrap().matches("{x}"));
    }

    #[test]
    fn a_bad_pattern_says_why() {
        assert!(Pattern::regex("a(").unwrap_err().contains("unclosed group"));
        assert!(Pattern::regex("a)(b").is_err());
    }
}
