//! The owner-only file through which commands on the server's machine need no key given: server
//! URL → key. `weir serve` adds its entry when it starts and takes it away when it stops.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use weir_types::Secret;

/// Tries of an update that another process's update overtakes.
const UPDATE_TRIES: u32 = 20;

#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("no place for the credentials file: neither WEIR_CREDENTIALS nor HOME is set")]
    NoPlace,
    #[error(
        "{path} can be read by others (mode {mode:03o}) and is not used: run `chmod 600 {path}` and make new keys"
    )]
    Exposed { path: String, mode: u32 },
    #[error("{path} is not a credentials file ({reason}): delete it and restart `weir serve`")]
    Malformed { path: String, reason: String },
    #[error("can't {verb} {path}: {reason}; check the folder and its permissions")]
    Io { verb: &'static str, path: String, reason: String },
    #[error("{path} changes all the time: check which process writes it")]
    Busy { path: String },
}

/// The file at its usual place: `$WEIR_CREDENTIALS`, else `weir/credentials.json` in
/// `$XDG_CONFIG_HOME` or `~/.config`.
pub struct Credentials;

impl Credentials {
    /// The key for `url`; `None` without a file or without an entry. `localhost`, `127.0.0.1` and
    /// `[::1]` are one server.
    pub fn get(url: &str) -> Result<Option<Secret>, CredentialsError> {
        match located() {
            Some(path) => CredentialsFile { path }.get(url),
            None => Ok(None),
        }
    }

    /// Adds or replaces the entry of `url`; the others stay.
    pub fn put(url: &str, key: &str) -> Result<(), CredentialsError> {
        CredentialsFile { path: located().ok_or(CredentialsError::NoPlace)? }.put(url, key)
    }

    /// Takes the entry of `url` away, and the file with the last one.
    pub fn remove(url: &str) -> Result<(), CredentialsError> {
        CredentialsFile { path: located().ok_or(CredentialsError::NoPlace)? }.remove(url)
    }
}

type Entries = BTreeMap<String, String>;

struct CredentialsFile {
    path: PathBuf,
}

impl CredentialsFile {
    fn get(&self, url: &str) -> Result<Option<Secret>, CredentialsError> {
        let (_, mut entries) = self.read()?;
        Ok(entries.remove(&server_of(url)).map(Secret::new))
    }

    fn put(&self, url: &str, key: &str) -> Result<(), CredentialsError> {
        if let Some(folder) = self.path.parent() {
            create_private_folder(folder).map_err(|e| self.io("create the folder of", &e))?;
        }
        self.update(|entries| {
            entries.insert(server_of(url), key.to_owned());
        })
    }

    fn remove(&self, url: &str) -> Result<(), CredentialsError> {
        self.update(|entries| {
            entries.remove(&server_of(url));
        })
    }

    /// Two servers may start at once: what is replaced must still be what was read.
    fn update(&self, change: impl Fn(&mut Entries)) -> Result<(), CredentialsError> {
        for _ in 0..UPDATE_TRIES {
            let (before, mut entries) = self.read()?;
            change(&mut entries);
            let temporary = self.write_temporary(&entries)?;
            if self.read_text()? == before {
                return self.replace(&temporary, entries.is_empty());
            }
            // Another process was faster; a temporary file left behind is owner-only.
            let _ = fs::remove_file(&temporary);
        }
        Err(CredentialsError::Busy { path: self.shown() })
    }

    fn replace(&self, temporary: &Path, empty: bool) -> Result<(), CredentialsError> {
        if !empty {
            return fs::rename(temporary, &self.path).map_err(|e| self.io("replace", &e));
        }
        fs::remove_file(temporary).map_err(|e| self.io("clean up beside", &e))?;
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.io("remove", &error)),
            _ => Ok(()),
        }
    }

    fn write_temporary(&self, entries: &Entries) -> Result<PathBuf, CredentialsError> {
        let path = self.path.with_extension(format!("{}.tmp", std::process::id()));
        let written = (|| {
            // One left by a crashed process of the same id.
            if path.exists() {
                fs::remove_file(&path)?;
            }
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&path)?;
            serde_json::to_writer_pretty(&mut file, entries)?;
            file.write_all(b"\n")
        })();
        written.map_err(|e| self.io("write beside", &e))?;
        Ok(path)
    }

    fn read(&self) -> Result<(Option<String>, Entries), CredentialsError> {
        let text = self.read_text()?;
        let entries = match &text {
            None => Entries::new(),
            Some(text) => serde_json::from_str(text).map_err(|e| CredentialsError::Malformed {
                path: self.shown(),
                reason: e.to_string(),
            })?,
        };
        Ok((text, entries))
    }

    /// `None` where there is no file; refuses one that others can read.
    fn read_text(&self) -> Result<Option<String>, CredentialsError> {
        let mut file = match fs::File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.io("read", &error)),
        };
        #[cfg(unix)]
        {
            let metadata = file.metadata().map_err(|e| self.io("read", &e))?;
            let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
            if mode & 0o077 != 0 {
                return Err(CredentialsError::Exposed { path: self.shown(), mode });
            }
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|e| self.io("read", &e))?;
        Ok(Some(text))
    }

    fn io(&self, verb: &'static str, error: &io::Error) -> CredentialsError {
        CredentialsError::Io { verb, path: self.shown(), reason: error.to_string() }
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

fn located() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(path) = folder("WEIR_CREDENTIALS") {
        return Some(path);
    }
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("weir").join("credentials.json"))
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Scheme, host and port of a URL, with one name for all ways to say "this machine".
fn server_of(url: &str) -> String {
    let lower = url.to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://").unwrap_or(("http", &lower));
    let authority = rest.split('/').next().unwrap_or(rest);
    let default_port = if scheme == "https" { "443" } else { "80" };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, default_port),
    };
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0" | "[::]");
    format!("{scheme}://{}:{port}", if local { "localhost" } else { host })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (tempfile::TempDir, CredentialsFile) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config/weir/credentials.json");
        (dir, CredentialsFile { path })
    }

    #[test]
    fn all_names_of_this_machine_are_one_server() {
        let (_dir, file) = file();
        assert!(file.get("http://localhost:3000").unwrap().is_none());
        file.put("http://127.0.0.1:3000", "NRAK-1").unwrap();
        for url in ["http://localhost:3000/", "HTTP://[::1]:3000", "localhost:3000"] {
            assert_eq!(file.get(url).unwrap(), Some(Secret::new("NRAK-1")), "{url}");
        }
        for url in ["http://localhost:3001", "https://localhost:3000", "http://weir:3000"] {
            assert!(file.get(url).unwrap().is_none(), "{url}");
        }
    }

    #[test]
    fn the_last_entry_takes_the_file_with_it() {
        let (_dir, file) = file();
        file.put("http://localhost:1", "a").unwrap();
        file.put("http://localhost:2", "b").unwrap();
        file.remove("http://localhost:1").unwrap();
        assert!(file.get("http://localhost:1").unwrap().is_none());
        assert_eq!(file.get("http://localhost:2").unwrap(), Some(Secret::new("b")));
        file.remove("http://localhost:2").unwrap();
        assert!(!file.path.exists());
        file.remove("http://localhost:2").unwrap();
        let left = fs::read_dir(file.path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 0);
    }

    #[test]
    #[cfg(unix)]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let (_dir, file) = file();
        file.put("http://localhost:1", "a").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file.path), 0o600);
        assert_eq!(mode(file.path.parent().unwrap()), 0o700);

        fs::set_permissions(&file.path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = file.get("http://localhost:1").unwrap_err().to_string();
        assert!(error.contains("mode 640") && error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn a_foreign_file_is_left_alone() {
        let (_dir, file) = file();
        file.put("http://localhost:1", "a").unwrap();
        fs::write(&file.path, "not json").unwrap();
        let error = file.put("http://localhost:1", "b").unwrap_err();
        assert!(matches!(error, CredentialsError::Malformed { .. }), "{error}");
        assert_eq!(fs::read_to_string(&file.path).unwrap(), "not json");
    }
}
