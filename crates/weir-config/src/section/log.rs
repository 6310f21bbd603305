//! `log`: what Weir says about its own work, on stderr.

use crate::key::Key;
use crate::reader::Reader;
use crate::section::one_of;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    pub level: LogLevel,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One line an event, for people.
    Text,
    /// One JSON object an event, for log collectors.
    Json,
}

impl LogLevel {
    /// The word of the file, which `tracing` knows too.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
            LogLevel::Trace => "trace",
        }
    }
}

const LEVELS: &[(&str, LogLevel)] = &[
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
];

const FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];

pub(crate) const LEVEL: Key = Key::new(
    "log.level",
    "a log level",
    "`error`, `warn`, `info`, `debug` or `trace`: the least severe messages that are written.",
)
.default("info");

pub(crate) const FORMAT: Key = Key::new(
    "log.format",
    "a log format",
    "`text` for people, `json` for log collectors: one object a line.",
)
.default("text");

pub(crate) fn read(reader: &mut Reader<'_>) -> Log {
    Log {
        level: reader.value_or_default(&LEVEL, |text| one_of(text, LEVELS)),
        format: reader.value_or_default(&FORMAT, |text| one_of(text, FORMATS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{config, problem};

    #[test]
    fn words_are_suggested() {
        let log = config("log: {level: debug, format: json}").log;
        assert_eq!(log, Log { level: LogLevel::Debug, format: LogFormat::Json });
        let wrong = problem("log: {level: debgu}");
        assert_eq!(wrong.message, "`debgu` is not one of the values");
        assert_eq!(wrong.help.unwrap(), "did you mean `debug`?");
    }

    #[test]
    fn the_words_are_those_of_the_file() {
        for (word, level) in LEVELS {
            assert_eq!(level.as_str(), *word);
        }
    }
}
