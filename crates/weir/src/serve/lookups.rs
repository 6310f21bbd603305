//! Lookup tables: kept in the metadata, read by queries from memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value as Json;
use weir_api::lookup::LookupTable as Shown;
use weir_meta::{LookupTable as Kept, MetaError, NewLookupTable};
use weir_query::{LookupTable, TableError};
use weir_server::{LookupError, LookupPlace, LookupStore, LookupUpload};
use weir_types::{AccountId, Clock};

/// Most tables of one account, as New Relic has it.
const TABLES_MAX: usize = 20;
const NAME_CHARS_MAX: usize = 255;

/// Tables that were read since the start.
type Loaded = HashMap<(AccountId, String), Arc<LookupTable>>;

pub struct Lookups {
    kept: weir_meta::LookupTables,
    clock: Arc<dyn Clock>,
    /// Held while a table changes, so that none is read that is no longer kept.
    loaded: Mutex<Loaded>,
}

impl Lookups {
    pub fn new(kept: weir_meta::LookupTables, clock: Arc<dyn Clock>) -> Self {
        Lookups { kept, clock, loaded: Mutex::default() }
    }

    fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, account: AccountId, name: &str) -> Result<Arc<LookupTable>, LookupError> {
        let mut loaded = self.loaded();
        let key = (account, name.to_owned());
        if let Some(table) = loaded.get(&key) {
            return Ok(Arc::clone(table));
        }
        let table = Arc::new(parse(self.csv(account, name)?)?);
        loaded.insert(key, Arc::clone(&table));
        Ok(table)
    }

    fn check_place(
        &self,
        account: AccountId,
        name: &str,
        place: LookupPlace,
    ) -> Result<Option<Kept>, LookupError> {
        let tables = self.kept.list(account).map_err(unavailable)?;
        let count = tables.len();
        let old = tables.into_iter().find(|table| table.name == name);
        match (&old, place) {
            (Some(_), LookupPlace::New) => Err(LookupError::AlreadyThere(name.to_owned())),
            (None, LookupPlace::Replaced) => Err(LookupError::NotFound(name.to_owned())),
            (None, _) if count >= TABLES_MAX => Err(LookupError::TooMany(TABLES_MAX)),
            _ => Ok(old),
        }
    }
}

impl LookupStore for Lookups {
    fn list(&self, account: AccountId) -> Result<Vec<Shown>, LookupError> {
        let tables = self.kept.list(account).map_err(unavailable)?;
        Ok(tables.into_iter().map(to_shown).collect())
    }

    fn find(&self, account: AccountId, name: &str) -> Result<Shown, LookupError> {
        let found = self.kept.find(account, name).map_err(unavailable)?;
        found.map(to_shown).ok_or_else(|| LookupError::NotFound(name.to_owned()))
    }

    fn csv(&self, account: AccountId, name: &str) -> Result<String, LookupError> {
        let found = self.kept.csv(account, name).map_err(unavailable)?;
        found.ok_or_else(|| LookupError::NotFound(name.to_owned()))
    }

    fn rows(&self, account: AccountId, name: &str) -> Result<Vec<Vec<Json>>, LookupError> {
        Ok(self.read(account, name)?.json_rows())
    }

    fn put(&self, account: AccountId, upload: LookupUpload) -> Result<Shown, LookupError> {
        let LookupUpload { name, description, csv, by, place } = upload;
        check_name(&name)?;
        let table = parse(&csv)?;
        let columns: Vec<String> = table.columns().iter().map(ToString::to_string).collect();
        // Parsed, so every byte of it is text; what came before the header is not part of it.
        let csv = String::from_utf8_lossy(&csv);
        let mut loaded = self.loaded();
        let old = self.check_place(account, &name, place)?;
        let description = description.or(old.map(|old| old.description)).unwrap_or_default();
        let new = NewLookupTable {
            name: &name,
            description: &description,
            columns: &columns,
            row_count: table.len() as u64,
            csv: &csv,
            updated_by: &by,
        };
        self.kept.put(account, &new, self.clock.now()).map_err(unavailable)?;
        loaded.insert((account, name.clone()), Arc::new(table));
        drop(loaded);
        self.find(account, &name)
    }

    fn delete(&self, account: AccountId, name: &str) -> Result<Shown, LookupError> {
        let mut loaded = self.loaded();
        let deleted = self.find(account, name)?;
        self.kept.delete(account, name).map_err(unavailable)?;
        loaded.remove(&(account, name.to_owned()));
        Ok(deleted)
    }
}

impl weir_query::LookupTables for Lookups {
    fn table(&self, account: AccountId, name: &str) -> Option<Arc<LookupTable>> {
        match self.read(account, name) {
            Ok(table) => Some(table),
            Err(LookupError::NotFound(_)) => None,
            Err(error) => {
                tracing::error!(%error, name, "a lookup table can't be read");
                None
            }
        }
    }

    fn names(&self, account: AccountId) -> Vec<String> {
        let tables = self.kept.list(account).unwrap_or_default();
        tables.into_iter().map(|table| table.name).collect()
    }
}

/// The rule New Relic has for event types.
fn check_name(name: &str) -> Result<(), LookupError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    if name.is_empty() || name.len() > NAME_CHARS_MAX || !name.chars().all(is_allowed) {
        return Err(LookupError::BadName(name.chars().take(NAME_CHARS_MAX).collect()));
    }
    Ok(())
}

fn parse(csv: impl AsRef<[u8]>) -> Result<LookupTable, LookupError> {
    LookupTable::from_csv(csv).map_err(|error: TableError| LookupError::BadTable(error.to_string()))
}

fn unavailable(error: MetaError) -> LookupError {
    LookupError::Unavailable(error.to_string())
}

fn to_shown(table: Kept) -> Shown {
    Shown {
        name: table.name,
        description: table.description,
        guid: table.guid,
        columns: table.columns,
        row_count: table.row_count,
        size_bytes: table.size_bytes,
        updated_by: table.updated_by,
        updated_at_ms: table.updated_at.as_millis(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_query::LookupTables as _;
    use weir_types::{SystemClock, Timestamp};

    const ACCOUNT: AccountId = AccountId::DEFAULT;

    fn lookups() -> (tempfile::TempDir, Lookups) {
        let dir = tempfile::tempdir().unwrap();
        let meta = weir_meta::Meta::open(&dir.path().join("meta.sqlite")).unwrap();
        (dir, Lookups::new(meta.lookup_tables(), Arc::new(SystemClock)))
    }

    fn upload(name: &str, csv: &str, place: LookupPlace) -> LookupUpload {
        let (name, csv) = (name.to_owned(), csv.as_bytes().to_vec());
        LookupUpload { name, description: None, csv, by: "local".into(), place }
    }

    fn put(lookups: &Lookups, name: &str, csv: &str) -> Result<Shown, LookupError> {
        lookups.put(ACCOUNT, upload(name, csv, LookupPlace::Any))
    }

    #[test]
    fn queries_read_what_was_uploaded_last() {
        let (_dir, lookups) = lookups();
        assert!(lookups.table(ACCOUNT, "owners").is_none());
        let before = Timestamp::from_millis(0);
        let shown = put(&lookups, "owners", "topic,team\na,x\nb,y\n").unwrap();
        assert_eq!((shown.row_count, shown.size_bytes, &shown.columns[1][..]), (2, 19, "team"));
        assert!(Timestamp::from_millis(shown.updated_at_ms) > before);
        assert_eq!(lookups.table(ACCOUNT, "owners").unwrap().len(), 2);
        assert!(lookups.table(AccountId(2), "owners").is_none());
        put(&lookups, "owners", "topic,team\na,x\n").unwrap();
        assert_eq!(lookups.table(ACCOUNT, "owners").unwrap().len(), 1);
        // A file that is no table changes nothing.
        let error = put(&lookups, "owners", "topic,team\na\n").unwrap_err();
        assert_eq!(error.to_string(), "line 2 has 1 fields, the header has 2");
        assert_eq!(lookups.table(ACCOUNT, "owners").unwrap().len(), 1);
        lookups.delete(ACCOUNT, "owners").unwrap();
        assert!(lookups.table(ACCOUNT, "owners").is_none());
    }

    #[test]
    fn a_description_stays_until_another_one_comes() {
        let (_dir, lookups) = lookups();
        let described = |description: Option<&str>| {
            let description = description.map(str::to_owned);
            let upload = LookupUpload { description, ..upload("t", "a\n", LookupPlace::Any) };
            lookups.put(ACCOUNT, upload).unwrap().description
        };
        assert_eq!(described(Some("who to call")), "who to call");
        assert_eq!(described(None), "who to call");
        assert_eq!(described(Some("")), "");
    }

    #[test]
    fn places_names_and_numbers_have_their_rules() {
        let (_dir, lookups) = lookups();
        let to = |place| lookups.put(ACCOUNT, upload("t0", "a\n", place)).map(drop);
        assert_eq!(to(LookupPlace::Replaced), Err(LookupError::NotFound("t0".into())));
        assert_eq!(to(LookupPlace::New), Ok(()));
        assert_eq!(to(LookupPlace::New), Err(LookupError::AlreadyThere("t0".into())));
        for name in ["", "a b", "a/b", "é", &"x".repeat(256)] {
            assert!(matches!(put(&lookups, name, "a\n"), Err(LookupError::BadName(_))), "{name}");
        }
        for n in 1..TABLES_MAX {
            put(&lookups, &format!("t{n}"), "a\n").unwrap();
        }
        assert_eq!(put(&lookups, "more", "a\n").unwrap_err(), LookupError::TooMany(TABLES_MAX));
        put(&lookups, "t0", "a\n1\n").unwrap();
    }

    /// The description is text; the limits are these.
    #[test]
    fn the_api_tells_the_limits_there_are() {
        use weir_query::source::{COLUMNS_MAX, CSV_BYTES_MAX, ROWS_MAX};
        let mib = CSV_BYTES_MAX >> 20;
        let api = weir_server::openapi().to_json().unwrap().replace("\\n", " ");
        let told = format!(
            "At most {mib} MiB, {ROWS_MAX} rows, {COLUMNS_MAX} columns; {TABLES_MAX} tables an account."
        );
        assert!(api.contains(&told), "{told}");
    }
}
