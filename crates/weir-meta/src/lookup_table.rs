//! Lookup tables as they were uploaded.

use rusqlite::{OptionalExtension, Row, params};
use weir_types::{AccountId, Timestamp};

use crate::database::{Meta, MetaError};
use crate::random_hex;

/// What is known of a table besides its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupTable {
    pub name: String,
    /// Given when it was first uploaded; kept when it is replaced.
    pub guid: String,
    pub description: String,
    /// In the order of the file.
    pub columns: Vec<String>,
    /// Without the header.
    pub row_count: u64,
    /// Of the CSV text.
    pub size_bytes: u64,
    pub updated_by: String,
    pub updated_at: Timestamp,
}

/// A table to keep, or to keep in the place of the one of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLookupTable<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub columns: &'a [String],
    pub row_count: u64,
    pub csv: &'a str,
    pub updated_by: &'a str,
}

/// The lookup tables of all accounts.
#[derive(Clone)]
pub struct LookupTables {
    meta: Meta,
}

impl LookupTables {
    pub(crate) fn new(meta: Meta) -> Self {
        LookupTables { meta }
    }

    /// By name, without their rows.
    pub fn list(&self, account: AccountId) -> Result<Vec<LookupTable>, MetaError> {
        let connection = self.meta.lock();
        let sql = format!("SELECT {INFO} FROM lookup_table WHERE account = ?1 ORDER BY name");
        let mut statement = connection.prepare_cached(&sql)?;
        let tables = statement.query_map([account.0 as i64], from_row)?;
        Ok(tables.collect::<Result<_, _>>()?)
    }

    pub fn find(&self, account: AccountId, name: &str) -> Result<Option<LookupTable>, MetaError> {
        let connection = self.meta.lock();
        let sql = format!("SELECT {INFO} FROM lookup_table WHERE account = ?1 AND name = ?2");
        let mut statement = connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![account.0 as i64, name], from_row).optional()?)
    }

    /// The CSV text of a table.
    pub fn csv(&self, account: AccountId, name: &str) -> Result<Option<String>, MetaError> {
        let connection = self.meta.lock();
        let sql = "SELECT csv FROM lookup_table WHERE account = ?1 AND name = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![account.0 as i64, name], |row| row.get(0)).optional()?)
    }

    /// Keeps the table in the place of the one of its name, if there is one.
    pub fn put(
        &self,
        account: AccountId,
        table: &NewLookupTable<'_>,
        now: Timestamp,
    ) -> Result<(), MetaError> {
        let columns = serde_json::Value::from(table.columns.to_vec()).to_string();
        self.meta.lock().execute(
            "INSERT INTO lookup_table (account, name, guid, description, columns, row_count, csv, \
                 updated_by, updated_at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
             ON CONFLICT (account, name) DO UPDATE SET description = excluded.description, \
                 columns = excluded.columns, row_count = excluded.row_count, csv = excluded.csv, \
                 updated_by = excluded.updated_by, updated_at_ms = excluded.updated_at_ms",
            params![
                account.0 as i64,
                table.name,
                random_hex(32),
                table.description,
                columns,
                table.row_count as i64,
                table.csv,
                table.updated_by,
                now.as_millis()
            ],
        )?;
        Ok(())
    }

    /// False when there was none.
    pub fn delete(&self, account: AccountId, name: &str) -> Result<bool, MetaError> {
        let sql = "DELETE FROM lookup_table WHERE account = ?1 AND name = ?2";
        Ok(self.meta.lock().execute(sql, params![account.0 as i64, name])? > 0)
    }
}

/// `length(CAST(… AS BLOB))` counts bytes where `length(…)` counts characters.
const INFO: &str = "name, guid, description, columns, row_count, length(CAST(csv AS BLOB)), \
                    updated_by, updated_at_ms";

fn from_row(row: &Row<'_>) -> rusqlite::Result<LookupTable> {
    let columns: String = row.get(3)?;
    Ok(LookupTable {
        name: row.get(0)?,
        guid: row.get(1)?,
        description: row.get(2)?,
        columns: serde_json::from_str(&columns).unwrap_or_default(),
        row_count: row.get::<_, i64>(4)? as u64,
        size_bytes: row.get::<_, i64>(5)? as u64,
        updated_by: row.get(6)?,
        updated_at: Timestamp::from_millis(row.get(7)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: AccountId = AccountId(2);

    fn tables() -> (tempfile::TempDir, LookupTables) {
        let dir = tempfile::tempdir().unwrap();
        let meta = Meta::open(&dir.path().join("meta.sqlite")).unwrap();
        (dir, meta.lookup_tables())
    }

    fn owners<'a>(csv: &'a str, columns: &'a [String]) -> NewLookupTable<'a> {
        let (name, description) = ("owners", "who to call");
        NewLookupTable { name, description, columns, row_count: 1, csv, updated_by: "3f2a" }
    }

    #[test]
    fn a_table_is_kept_replaced_and_deleted_for_its_account_alone() {
        let (_dir, tables) = tables();
        let columns = ["topic".to_owned(), "team, or \"none\"".to_owned()];
        let csv = "topic,\"team, or \"\"none\"\"\"\na,é\n";
        let at = Timestamp::from_millis;
        tables.put(AccountId::DEFAULT, &owners(csv, &columns), at(5)).unwrap();
        let kept = tables.find(AccountId::DEFAULT, "owners").unwrap().unwrap();
        assert_eq!((&kept.columns[..], kept.size_bytes), (&columns[..], csv.len() as u64));
        assert_eq!(tables.csv(AccountId::DEFAULT, "owners").unwrap().as_deref(), Some(csv));
        assert!(tables.list(OTHER).unwrap().is_empty());
        assert!(tables.csv(OTHER, "owners").unwrap().is_none());

        tables.put(AccountId::DEFAULT, &owners("topic\nb\n", &columns[..1]), at(6)).unwrap();
        let replaced = tables.list(AccountId::DEFAULT).unwrap();
        assert_eq!((replaced.len(), &replaced[0].guid), (1, &kept.guid));
        assert_eq!((replaced[0].size_bytes, replaced[0].updated_at), (8, at(6)));

        assert!(!tables.delete(OTHER, "owners").unwrap());
        assert!(tables.delete(AccountId::DEFAULT, "owners").unwrap());
        assert!(!tables.delete(AccountId::DEFAULT, "owners").unwrap());
    }
}
