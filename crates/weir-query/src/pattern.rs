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

    /// A regular expression in RE2's syntax, case-sensitive unless it says `(?i)`.
    pub fn regex(pattern: &str) -> Result<Pattern, String> {
        compile(pattern, |_| {})
    }

    pub fn matches(&self, value: &str) -> bool {
        self.0.is_match(value)
    }
}

fn compile(pattern: &str, options: impl Fn(&mut RegexBuilder)) -> Result<Pattern, String> {
    // The bare pattern first: anchored, `a)(b` would compile.
    build(pattern, &options)?;
    build(&format!(r"\A(?:{pattern})\z"), &options).map(Pattern)
}

fn build(pattern: &str, options: &impl Fn(&mut RegexBuilder)) -> Result<Regex, String> {
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
    fn a_bad_pattern_says_why() {
        assert!(Pattern::regex("a(").unwrap_err().contains("unclosed group"));
        assert!(Pattern::regex("a)(b").is_err());
    }
}
