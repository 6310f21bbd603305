//! The page `docs/reference/cli.md`, made from the command tree; only its test needs it.

use crate::cli;
use crate::command::help::TOPICS;

const HEADER: &str = "# weir on the command line\n\n\
Generated from the command tree in `crates/weir/src/`; a test fails when this page differs.\n";

fn to_markdown() -> String {
    let mut root = cli::command().term_width(100);
    root.build();
    let mut out = String::from(HEADER);
    push(&mut out, &mut root, "weir");
    for (name, text) in TOPICS {
        out.push_str(&format!("\n## `weir help {name}`\n\n```text\n{text}```\n"));
    }
    out
}

fn push(out: &mut String, command: &mut clap::Command, path: &str) {
    let help = command.render_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    out.push_str(&format!("\n## `{path}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end()));
    for sub in command.get_subcommands_mut() {
        let path = format!("{path} {}", sub.get_name());
        push(out, sub, &path);
    }
}

/// `WEIR_BLESS=1 cargo test -p weir` rewrites the page.
#[test]
fn the_reference_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/cli.md");
    weir_testkit::golden(path, &to_markdown());
}
