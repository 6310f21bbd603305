//! [`Config`]: what every key came to; [`load`]: from the layers to it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::node::{self, NodeKind};
use crate::problem::Report;
use crate::reader::{Reader, Setting};
use crate::section::log::Log;
use crate::section::metrics::{self, Metrics};
use crate::section::retention::{self, Retention};
use crate::section::server::Tls;
use crate::section::sources::Source;
use crate::section::store::Store;
use crate::section::{self, KEYS};

/// A whole, valid configuration. `Config::default()` is what an empty file gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Goes on every event as `environment`.
    pub environment: String,
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// Always set when `listen` is not a loopback address.
    pub tls: Option<Tls>,
    /// Names are unique.
    pub sources: Vec<Source>,
    pub retention: Retention,
    pub store: Store,
    pub metrics: Metrics,
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        let input = Input { file: None, flags: &[], env: &|_| None };
        load(&input).expect("an empty configuration is valid: tested").config
    }
}

/// The layers above the defaults: flag over environment over file.
pub struct Input<'a> {
    pub file: Option<File>,
    pub flags: &'a [Flag],
    /// The environment; only `WEIR_*` names of keys and names in `${env:…}` are asked for.
    pub env: &'a dyn Fn(&str) -> Option<String>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct File {
    /// As the user named it.
    pub name: String,
    pub text: String,
}

/// One option of the command line that sets a key.
#[derive(Debug, Clone)]
pub struct Flag {
    /// Dotted path of the key, or `kafka` for the sources.
    pub key: &'static str,
    /// As the user writes it, such as `--listen`.
    pub name: &'static str,
    pub value: String,
}

/// A configuration with where each value came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    pub settings: Vec<Setting>,
    /// Findings that do not stop a start.
    pub warnings: Report,
}

/// Merges the layers and checks every key.
///
/// # Errors
/// All problems at once, warnings included.
pub fn load(input: &Input<'_>) -> Result<Loaded, Report> {
    let (loaded, report) = read_all(input)?;
    if report.has_errors() { Err(report) } else { Ok(Loaded { warnings: report, ..loaded }) }
}

/// The sources in which nothing is wrong, to be tried out whatever is wrong elsewhere.
#[derive(Debug, Clone)]
pub struct SoundSources {
    pub environment: String,
    pub sources: Vec<Source>,
    /// Everything that is wrong, also with the sources that are left out.
    pub report: Report,
}

/// Like [`load`] for one who only asks sources.
///
/// # Errors
/// A text that is no mapping of keys at all.
pub fn load_sources(input: &Input<'_>) -> Result<SoundSources, Report> {
    let (loaded, report) = read_all(input)?;
    let Config { environment, sources, .. } = loaded.config;
    Ok(SoundSources { environment, sources, report })
}

/// What could be read, and everything that is wrong with it.
fn read_all(input: &Input<'_>) -> Result<(Loaded, Report), Report> {
    let (name, text) = match &input.file {
        Some(file) => (file.name.clone(), file.text.clone()),
        None => (String::new(), String::new()),
    };
    let mut problems = Vec::new();
    let Some(root) = node::parse(&text, &mut problems) else {
        return Err(Report::new(name, text, problems));
    };
    let mut reader = Reader::new(root, input, problems);
    check_structure(&mut reader);
    let config = read(&mut reader);
    let Reader { problems, settings, .. } = reader;
    let report = Report::new(name, text, problems);
    Ok((Loaded { config, settings, warnings: Report::default() }, report))
}

fn read(reader: &mut Reader<'_>) -> Config {
    let server = section::server::read(reader);
    Config {
        environment: server.environment,
        listen: server.listen,
        data_dir: server.data_dir,
        tls: server.tls,
        sources: section::sources::read(reader),
        retention: retention::read(reader),
        store: section::store::read(reader),
        metrics: metrics::read(reader),
        log: section::log::read(reader),
    }
}

/// Unknown keys of the top level and of the sections, and sections that hold something else.
fn check_structure(reader: &mut Reader<'_>) {
    let mut top: Vec<&str> = KEYS.iter().map(|key| key.first()).collect();
    top.push("sources");
    top.dedup();
    let entries = reader.root().to_vec();
    reader.only_known(&entries, "", &top);
    for entry in entries {
        let known: Vec<&str> = KEYS
            .iter()
            .filter_map(|key| key.path.split_once('.'))
            .filter(|(section, _)| *section == entry.key)
            .map(|(_, name)| name)
            .collect();
        if known.is_empty() || matches!(entry.value.kind, NodeKind::Null) {
            continue;
        }
        let (path, help) = (entry.key.clone(), format!("keys of it: {}", known.join(", ")));
        if let Some(scope) = reader.scope(entry, path, &help) {
            reader.only_known(&scope.entries, &scope.path, &known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::Origin;
    use crate::testing::{problem, problems};

    #[test]
    fn every_problem_is_found_at_once() {
        let text = "lisen: x\nstore: {memory_limit: big}\nsources:\n  - kafka: {name: a}\n";
        let found: Vec<(usize, String)> =
            problems(text).into_iter().map(|p| (p.place.line(), p.message)).collect();
        assert_eq!(
            found,
            [
                (1, "unknown key `lisen`".to_owned()),
                (2, "`big` is not a size".to_owned()),
                (4, "`bootstrap` is missing".to_owned()),
            ]
        );
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let file = File { name: "weir.yaml".into(), text: "listen: 127.0.0.1:1\n".into() };
        let flag = Flag { key: "listen", name: "--listen", value: "127.0.0.1:3".into() };
        let env = |name: &str| (name == "WEIR_LISTEN").then(|| "127.0.0.1:2".to_owned());
        let port_and_origin = |flags: &[Flag], env: &dyn Fn(&str) -> Option<String>| {
            let loaded = load(&Input { file: Some(file.clone()), flags, env }).unwrap();
            let setting = loaded.settings.iter().find(|s| s.key == "listen").unwrap().clone();
            (loaded.config.listen.port(), setting.origin)
        };
        assert_eq!(port_and_origin(&[], &|_| None), (1, Origin::File { line: 1 }));
        assert_eq!(port_and_origin(&[], &env), (2, Origin::Env("WEIR_LISTEN".into())));
        assert_eq!(port_and_origin(&[flag], &env), (3, Origin::Flag("--listen".into())));
    }

    #[test]
    fn a_reference_is_shown_and_what_it_holds_is_not() {
        let text = "listen: ${env:SECRET_PLACE}\n".to_owned();
        let file = Some(File { name: "weir.yaml".into(), text });
        let good = load(&Input {
            file: file.clone(),
            flags: &[],
            env: &|name| (name == "SECRET_PLACE").then(|| "127.0.0.1:9".to_owned()),
        })
        .unwrap();
        assert_eq!(good.config.listen.port(), 9);
        let listen = good.settings.iter().find(|s| s.key == "listen").unwrap();
        assert_eq!(listen.value.as_deref(), Some("${env:SECRET_PLACE}"));

        let env = |name: &str| (name == "SECRET_PLACE").then(|| "hunter2".to_owned());
        let bad = load(&Input { file, flags: &[], env: &env });
        let shown = bad.unwrap_err().to_string();
        assert!(shown.contains("what `${env:SECRET_PLACE}` holds"), "{shown}");
        assert!(!shown.contains("hunter2"));
    }

    proptest::proptest! {
        /// Whatever a file holds ends in a configuration or in problems that can be shown.
        #[test]
        fn no_text_is_too_odd(at in 0usize..2000, cut in 0usize..20, new in "[ -~\\t\\nü]{0,12}") {
            let whole = format!("{}{}", section::sources::EXAMPLE, "log: {level: info}\n");
            let chars: Vec<char> = whole.chars().collect();
            let at = at % chars.len();
            let tail = &chars[(at + cut).min(chars.len())..];
            let text: String = chars[..at].iter().copied().chain(new.chars()).chain(tail.iter().copied()).collect();
            let file = Some(File { name: "weir.yaml".into(), text: text.clone() });
            if let Err(report) = load(&Input { file, flags: &[], env: &|_| None }) {
                proptest::prop_assert!(report.has_errors());
                for problem in &report.problems {
                    let lines = text.lines().count().max(1) + 1;
                    proptest::prop_assert!((1..=lines).contains(&problem.place.line()), "{}", report);
                }
            }
        }
    }

    #[test]
    fn an_unknown_key_is_answered_with_each_known_one_once() {
        let known = "environment, listen, tls, data_dir, retention, store, metrics, log, sources";
        for text in ["zebra: 1\n", "backend: embedded\n"] {
            assert_eq!(problem(text).help.unwrap(), format!("known here: {known}"), "{text}");
        }
    }

    #[test]
    fn the_file_must_hold_keys() {
        assert_eq!(problem("- a\n").message, "the file must hold keys, found a list");
    }
}
