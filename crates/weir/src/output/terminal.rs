//! What the two streams can show: width, colour, characters beyond ASCII.

use std::io::{self, IsTerminal};

use clap::ValueEnum;

use crate::output::cell::Tone;

/// `auto` colours a terminal, unless NO_COLOR is set or TERM is dumb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    #[default]
    Auto,
    Always,
    Never,
}

/// Decided once, from the streams and the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// Columns of stdout; `None` when it is not a terminal.
    pub width: Option<usize>,
    /// Whether colour may go to stdout.
    pub color: bool,
    /// Whether colour may go to stderr.
    pub color_errors: bool,
    /// Whether characters beyond ASCII arrive.
    pub unicode: bool,
}

/// The facts [`Terminal`] is decided from.
struct Facts<'a> {
    width: Option<usize>,
    errors_are_terminal: bool,
    env: &'a dyn Fn(&str) -> Option<String>,
}

impl Terminal {
    pub fn detect(choice: ColorChoice) -> Self {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let width = io::stdout().is_terminal().then(|| columns(&env));
        let errors_are_terminal = io::stderr().is_terminal();
        Terminal::decide(choice, &Facts { width, errors_are_terminal, env: &env })
    }

    fn decide(choice: ColorChoice, facts: &Facts<'_>) -> Self {
        let set = |name: &str| (facts.env)(name).is_some();
        let wanted = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto if (facts.env)("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
            ColorChoice::Auto => is_terminal && (facts.env)("TERM").as_deref() != Some("dumb"),
        };
        Terminal {
            width: facts.width,
            color: wanted(facts.width.is_some()),
            color_errors: wanted(facts.errors_are_terminal),
            unicode: is_utf8(facts.env),
        }
    }

    /// `text` in the colour of `tone`, for stdout.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        paint(self.color, tone, text)
    }

    /// `text` in the colour of `tone`, for stderr.
    pub fn paint_error(&self, tone: Tone, text: &str) -> String {
        paint(self.color_errors, tone, text)
    }

    pub fn icon(&self, tone: Tone) -> &'static str {
        match (tone, self.unicode) {
            (Tone::Critical, true) => "✖",
            (Tone::Critical, false) => "x",
            (Tone::Warning, true) => "▲",
            (Tone::Warning, false) => "!",
            (Tone::Good, true) => "✓",
            (Tone::Good, false) => "+",
            (Tone::Unknown, true) => "▨",
            (Tone::Unknown, false) => "?",
            (Tone::Dim, _) => "",
        }
    }
}

fn paint(color: bool, tone: Tone, text: &str) -> String {
    if !color || text.is_empty() {
        return text.to_owned();
    }
    let code = match tone {
        Tone::Critical => "31",
        Tone::Warning => "33",
        Tone::Good => "32",
        Tone::Unknown => "35",
        Tone::Dim => "2",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

fn columns(env: &dyn Fn(&str) -> Option<String>) -> usize {
    let told = env("COLUMNS").and_then(|text| text.parse().ok());
    let asked = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.or_else(asked).filter(|width| *width > 0).unwrap_or(80)
}

/// The first of these that is set decides, as in the C library.
fn is_utf8(env: &dyn Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(env);
    locale.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(choice: ColorChoice, terminal: bool, set: &[(&str, &str)]) -> Terminal {
        let env = |name: &str| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        let width = terminal.then_some(80);
        Terminal::decide(choice, &Facts { width, errors_are_terminal: terminal, env: &env })
    }

    #[test]
    fn colour_follows_the_flag_then_the_environment_then_the_terminal() {
        assert!(decide(ColorChoice::Auto, true, &[]).color);
        assert!(!decide(ColorChoice::Auto, false, &[]).color);
        assert!(!decide(ColorChoice::Auto, true, &[("NO_COLOR", "1")]).color);
        assert!(!decide(ColorChoice::Auto, true, &[("TERM", "dumb")]).color);
        assert!(decide(ColorChoice::Auto, false, &[("CLICOLOR_FORCE", "1")]).color);
        assert!(!decide(ColorChoice::Auto, false, &[("CLICOLOR_FORCE", "0")]).color);
        assert!(decide(ColorChoice::Always, false, &[("NO_COLOR", "1")]).color);
        assert!(!decide(ColorChoice::Never, true, &[("CLICOLOR_FORCE", "1")]).color);
    }

    #[test]
    fn icons_fall_back_to_ascii() {
        let plain = decide(ColorChoice::Never, true, &[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]);
        let tones = [Tone::Critical, Tone::Warning, Tone::Good, Tone::Unknown];
        assert_eq!(tones.map(|tone| plain.icon(tone)), ["x", "!", "+", "?"]);
        let full = decide(ColorChoice::Never, true, &[("LANG", "C.utf8")]);
        assert_eq!(tones.map(|tone| full.icon(tone)), ["✖", "▲", "✓", "▨"]);
    }
}
