//! `${env:NAME}` and `${file:/path}`: values that live outside the file. What they hold is read late
//! and is never printed.

use std::io::Read;

use weir_types::Secret;

use crate::units::Wrong;

/// A larger file is no secret but a mistake.
const FILE_BYTES_MAX: u64 = 64 << 10;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    Env(String),
    File(String),
}

impl Reference {
    /// `None` for a plain text.
    pub fn parse(text: &str) -> Option<Result<Reference, Wrong>> {
        if !text.contains("${") {
            return None;
        }
        let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let parts = inner.filter(|i| !i.contains("${")).and_then(|i| i.split_once(':'));
        Some(match parts {
            Some(("env", name)) if !name.is_empty() => Ok(Reference::Env(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Reference::File(path.to_owned())),
            _ => Err(Wrong::new(
                format!("`{text}` is not a reference"),
                "the whole value must be ${env:NAME} or ${file:/path}",
            )),
        })
    }

    /// What the reference holds, never nothing; a file's last line break does not count.
    pub fn resolve(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<Secret, Wrong> {
        let (held, what, help) = match self {
            Reference::Env(name) => {
                let what = format!("environment variable {name}");
                let help = "set it where Weir starts, or write the value";
                let unset = || Wrong::new(format!("{what} is not set"), help);
                (env(name).map(Secret::new).ok_or_else(unset)?, what, help)
            }
            Reference::File(path) => (read_file(path)?, path.clone(), "write the value into it"),
        };
        if held.reveal().is_empty() {
            return Err(Wrong::new(format!("{what} is empty"), help));
        }
        Ok(held)
    }
}

fn read_file(path: &str) -> Result<Secret, Wrong> {
    let wrong = |reason: String| {
        let message = format!("can't read {path}: {reason}");
        Wrong::new(message, "correct the path, or its permissions")
    };
    let file = std::fs::File::open(path).map_err(|e| wrong(e.to_string()))?;
    let mut text = String::new();
    let read = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
    if read.map_err(|e| wrong(e.to_string()))? as u64 > FILE_BYTES_MAX {
        return Err(wrong(format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Secret::new(text.strip_suffix('\r').unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_whole_values() {
        assert_eq!(Reference::parse("plain $5"), None);
        assert_eq!(Reference::parse("${env:A}"), Some(Ok(Reference::Env("A".into()))));
        assert_eq!(Reference::parse("${file:/a:b}"), Some(Ok(Reference::File("/a:b".into()))));
        for bad in ["x${env:A}", "${env:}", "${secret:x}", "${env:A}${env:B}", "${A"] {
            assert!(Reference::parse(bad).unwrap().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_they_hold_is_read_late() {
        let env = |name: &str| (name == "A").then(|| "1".to_owned());
        assert_eq!(Reference::Env("A".into()).resolve(&env), Ok(Secret::new("1")));
        assert!(Reference::Env("B".into()).resolve(&env).unwrap_err().message.contains('B'));
        let empty = Reference::Env("E".into()).resolve(&|_| Some(String::new())).unwrap_err();
        assert_eq!(empty.message, "environment variable E is empty");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s").display().to_string();
        std::fs::write(&path, "hush\r\n").unwrap();
        assert_eq!(Reference::File(path.clone()).resolve(&env), Ok(Secret::new("hush")));
        std::fs::write(&path, "\n").unwrap();
        let empty = Reference::File(path.clone()).resolve(&env).unwrap_err();
        assert_eq!(empty.message, format!("{path} is empty"));
        std::fs::write(&path, "x".repeat(70_000)).unwrap();
        assert!(Reference::File(path).resolve(&env).unwrap_err().message.contains("larger"));
        assert!(Reference::File("/no/such".into()).resolve(&env).is_err());
    }
}
