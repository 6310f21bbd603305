//! The SQLite file: opening, migrations, the one connection of this process.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use crate::key::Keys;
use crate::lookup_table::LookupTables;
use crate::saved_query::SavedQueries;

/// How long one process waits for another one's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Each entry brings the schema from its index to the next; entries are only ever added.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_keys.sql"),
    include_str!("migrations/0002_lookup_tables.sql"),
    include_str!("migrations/0003_saved_queries.sql"),
];
const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

#[derive(Debug, thiserror::Error)]
pub enum MetaError {
    #[error("can't open {path}: {reason}; check that the folder exists and is writable")]
    Open { path: PathBuf, reason: String },
    #[error(
        "{path} was written by a newer Weir (schema {found}, this one knows {known}): run that version or restore a backup"
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("metadata can't be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("no key `{0}`: `weir keys list` shows the ones there are")]
    NoSuchKey(String),
    #[error("there is a query called `{0}` already")]
    NameTaken(String),
}

/// The open file; clones share it.
#[derive(Clone)]
pub struct Meta {
    connection: Arc<Mutex<Connection>>,
}

impl Meta {
    /// Opens or creates the file, readable by its owner alone, and migrates it.
    pub fn open(path: &Path) -> Result<Meta, MetaError> {
        let opened = |reason: String| MetaError::Open { path: path.to_owned(), reason };
        create_owner_only(path).map_err(|e| opened(e.to_string()))?;
        let mut connection = Connection::open(path).map_err(|e| opened(e.to_string()))?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection, path)?;
        Ok(Meta { connection: Arc::new(Mutex::new(connection)) })
    }

    pub fn keys(&self) -> Keys {
        Keys::new(self.clone())
    }

    pub fn lookup_tables(&self) -> LookupTables {
        LookupTables::new(self.clone())
    }

    pub fn saved_queries(&self) -> SavedQueries {
        SavedQueries::new(self.clone())
    }

    /// A panic while the lock is held leaves no half-done change: SQLite rolls it back.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn create_owner_only(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// One transaction for all steps: two processes that start at once migrate once.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), MetaError> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > SCHEMA_VERSION {
        return Err(MetaError::Newer { path: path.into(), found, known: SCHEMA_VERSION });
    }
    for step in &MIGRATIONS[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_twice_migrates_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("meta.sqlite");
        let first = Meta::open(&path).unwrap();
        let second = Meta::open(&path).unwrap();
        assert!(first.keys().list().unwrap().is_empty());
        assert!(second.keys().list().unwrap().is_empty());
    }

    #[test]
    fn a_newer_file_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("meta.sqlite");
        Meta::open(&path).unwrap().lock().pragma_update(None, "user_version", 99).unwrap();
        let error = Meta::open(&path).err().unwrap();
        assert!(matches!(error, MetaError::Newer { found: 99, .. }), "{error}");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = Meta::open(Path::new("/nowhere/at/all/meta.sqlite")).err().unwrap();
        assert!(error.to_string().contains("/nowhere/at/all/meta.sqlite"), "{error}");
    }
}
