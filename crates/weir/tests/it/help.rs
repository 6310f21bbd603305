//! Help, completion, and what a wrong command line is told.

use crate::command::Home;

#[test]
fn a_wrong_word_gets_the_nearest_right_one() {
    let ended = Home::new().run(&["gruops", "lag"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("'groups'"), "{}", ended.stderr);
    let json = Home::new().run(&["topics", "list", "-o", "json", "--clutser", "a"]);
    assert_eq!(json.code, 2);
    assert!(json.stderr.starts_with("{\"error\":{\"code\":\"invalid_request\""), "{}", json.stderr);
    assert!(json.stderr.contains("--cluster"), "{}", json.stderr);
}

#[test]
fn help_is_data() {
    let home = Home::new();
    let long = home.run(&["groups", "lag", "--help"]);
    assert_eq!((long.code, long.stderr.as_str()), (0, ""));
    let examples = long.stdout.find("Examples:").unwrap();
    assert!(examples < long.stdout.find("Usage:").unwrap(), "{}", long.stdout);
    assert!(long.stdout.contains("Exit codes:"), "{}", long.stdout);
    assert_eq!(home.run(&["help", "groups", "lag"]).stdout, long.stdout);
    assert!(home.run(&["help", "exit-codes"]).stdout.contains("not found"));
    let unknown = home.run(&["help", "exit-code"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("exit-codes"), "{}", unknown.stderr);
}

#[test]
fn help_has_no_holes() {
    for command in ["clusters", "brokers", "topics", "groups", "config"] {
        let help = Home::new().run(&[command, "--help"]).stdout;
        assert!(!help.contains("\n\n\n"), "{help}");
    }
}

#[test]
fn every_shell_has_its_completion() {
    let home = Home::new();
    for (shell, sign) in [
        ("bash", "_weir()"),
        ("zsh", "#compdef weir"),
        ("fish", "complete -c weir"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let ended = home.run(&["completion", shell]);
        assert_eq!(ended.code, 0);
        assert!(ended.stdout.contains(sign), "{shell}");
    }
    assert_eq!(home.run(&["completion", "tcsh"]).code, 2);
}

#[test]
fn the_version_is_printed() {
    let home = Home::new();
    let expected = format!("weir {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(home.run(&["version"]).stdout, expected);
    assert_eq!(home.run(&["--version"]).stdout, expected);
}
