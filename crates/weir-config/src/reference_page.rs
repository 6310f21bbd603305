//! The default file, and the reference page made from the key tables.

use crate::key::Key;
use crate::section::KEYS;
use crate::section::kafka;
use crate::section::sources::{EXAMPLE, KAFKA};

/// A commented file with every key at its default, as `weir config default` prints it.
pub const DEFAULT_FILE: &str = include_str!("default.yaml");

/// The page `docs/reference/config.md`.
pub fn to_markdown() -> String {
    let mut out = String::from(HEADER);
    out.push_str("\n| key | takes | default | environment | option | meaning |\n");
    out.push_str("|---|---|---|---|---|---|\n");
    for key in KEYS {
        let flag = key.flag.map(|f| format!("`{f}`")).unwrap_or_default();
        let default = key.default.map_or("unset".to_owned(), |text| format!("`{text}`"));
        out.push_str(&format!(
            "| `{}` | {} | {default} | `{}` | {flag} | {} |\n",
            key.path,
            key.expects,
            key.env(),
            key.doc
        ));
    }
    out.push_str(&format!("\n## Sources\n\n{SOURCES_DOC}\n\n```yaml\n{EXAMPLE}```\n"));
    out.push_str(&format!("\n`{}`, `--kafka`: {}\n", KAFKA.env(), KAFKA.doc));
    out.push_str("\n### `kafka`\n\n| key | takes | default | meaning |\n|---|---|---|---|\n");
    for key in kafka::KEYS {
        out.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            key.path,
            key.expects,
            default_of(key),
            key.doc
        ));
    }
    out.push_str(&format!("\n## The default file\n\n```yaml\n{DEFAULT_FILE}```\n"));
    out
}

fn default_of(key: &Key) -> String {
    match (key.default, key.required) {
        (Some(text), _) => format!("`{text}`"),
        (None, true) => "required".to_owned(),
        (None, false) => "unset".to_owned(),
    }
}

const HEADER: &str = "# weir.yaml\n\n\
Generated from the key tables in `crates/weir-config/src/section/`; a test fails when this page \
differs.\n\n\
`weir serve` reads the file that `--config` or `WEIR_CONFIG` names, else `./weir.yaml` where there \
is one, else nothing: every key has a default. An option beats the environment, which beats the \
file. An unknown key is an error. `weir config check` names every problem with its line and the \
fix, `weir config show` says where each value came from, `weir config default` prints the \
default file.\n\n\
Durations are a whole number and a unit: `s`, `m`, `h`, `d`, `w`, `mo` (30 days), `y` (365 days). \
Sizes are a whole number and `KiB`, `MiB`, `GiB` or `TiB`. Any value of the file may be a \
reference, `${env:NAME}` or `${file:/path}`: it must be the whole value, it is read when Weir \
starts, and what it holds is never printed.\n\n\
## Keys\n";

const SOURCES_DOC: &str = "`sources` is a list; each entry is one key, the kind of the source, \
with the source's own keys below it. `kafka` is the only kind now.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::config;

    #[test]
    fn the_default_file_says_what_the_code_does() {
        assert_eq!(config(DEFAULT_FILE), config(""));
        for key in KEYS {
            let name = key.name();
            let line = match key.default {
                Some(text) => format!("{name}: {text}"),
                None => format!("# {name}: "),
            };
            assert!(DEFAULT_FILE.lines().any(|l| l.trim_start().starts_with(&line)), "{line}");
        }
    }

    #[test]
    fn the_keys_are_in_the_order_of_the_default_file() {
        let is_key = |line: &&str, key: &Key| {
            let line = line.trim_start().trim_start_matches("# ");
            line.strip_prefix(key.name()).is_some_and(|rest| rest.starts_with(": "))
        };
        let mut lines = DEFAULT_FILE.lines();
        for key in KEYS {
            assert!(lines.any(|line| is_key(&line, key)), "`{}` is out of order", key.path);
        }
    }

    #[test]
    fn its_commented_sources_are_the_tested_example() {
        let commented: String = EXAMPLE.lines().map(|line| format!("# {line}\n")).collect();
        assert!(DEFAULT_FILE.contains(&commented));
    }

    /// `WEIR_BLESS=1 cargo test -p weir-config` rewrites the page.
    #[test]
    fn the_reference_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/config.md");
        weir_testkit::golden(path, &to_markdown());
    }
}
