//! Queries with names: private to one user, or shared with the account.

use rusqlite::{ErrorCode, OptionalExtension, Row, params};
use weir_types::{AccountId, Timestamp};

use crate::database::{Meta, MetaError};
use crate::random_hex;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedQuery {
    pub id: String,
    /// Who saved it: the id of a key, or the user of this machine.
    pub owner: String,
    pub draft: SavedQueryDraft,
    pub updated_at: Timestamp,
}

/// What whoever saves a query decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedQueryDraft {
    pub name: String,
    pub nrql: String,
    /// Seen and changed by everyone of the account, not by its owner alone.
    pub shared: bool,
}

/// The saved queries of all accounts. Every call sees what `user` may see: the account's shared
/// queries, and the user's own.
#[derive(Clone)]
pub struct SavedQueries {
    meta: Meta,
}

impl SavedQueries {
    pub(crate) fn new(meta: Meta) -> Self {
        SavedQueries { meta }
    }

    /// By name.
    pub fn list(&self, account: AccountId, user: &str) -> Result<Vec<SavedQuery>, MetaError> {
        let connection = self.meta.lock();
        let sql = format!("{SELECT} WHERE {VISIBLE} ORDER BY name COLLATE NOCASE, id");
        let mut statement = connection.prepare_cached(&sql)?;
        let queries = statement.query_map(params![account.0 as i64, user], from_row)?;
        Ok(queries.collect::<Result<_, _>>()?)
    }

    pub fn find(
        &self,
        account: AccountId,
        user: &str,
        id: &str,
    ) -> Result<Option<SavedQuery>, MetaError> {
        let connection = self.meta.lock();
        let sql = format!("{SELECT} WHERE {VISIBLE} AND id = ?3");
        let mut statement = connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![account.0 as i64, user, id], from_row).optional()?)
    }

    /// How many the account has, whosever they are.
    pub fn count(&self, account: AccountId) -> Result<usize, MetaError> {
        let sql = "SELECT count(*) FROM saved_query WHERE account = ?1";
        let count: i64 = self.meta.lock().query_row(sql, [account.0 as i64], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// [`MetaError::NameTaken`] where the name already stands, among the shared queries or the user's
    /// own.
    pub fn create(
        &self,
        account: AccountId,
        user: &str,
        draft: SavedQueryDraft,
        now: Timestamp,
    ) -> Result<SavedQuery, MetaError> {
        let id = random_hex(16);
        let SavedQueryDraft { name, nrql, shared } = &draft;
        let written = self.meta.lock().execute(
            "INSERT INTO saved_query (id, account, owner, shared, name, nrql, updated_at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, account.0 as i64, user, shared, name, nrql, now.as_millis()],
        );
        written.map_err(|error| named(error, name))?;
        Ok(SavedQuery { id, owner: user.to_owned(), draft, updated_at: now })
    }

    /// Whoever makes a shared query private owns it from then on. False when there is none.
    pub fn update(
        &self,
        account: AccountId,
        user: &str,
        id: &str,
        draft: &SavedQueryDraft,
        now: Timestamp,
    ) -> Result<bool, MetaError> {
        let SavedQueryDraft { name, nrql, shared } = draft;
        let sql = format!(
            "UPDATE saved_query SET name = ?4, nrql = ?5, shared = ?6, updated_at_ms = ?7, \
                 owner = CASE WHEN ?6 = 0 THEN ?2 ELSE owner END \
             WHERE {VISIBLE} AND id = ?3"
        );
        let changed = self.meta.lock().execute(
            &sql,
            params![account.0 as i64, user, id, name, nrql, shared, now.as_millis()],
        );
        Ok(changed.map_err(|error| named(error, name))? > 0)
    }

    /// False when there is none.
    pub fn delete(&self, account: AccountId, user: &str, id: &str) -> Result<bool, MetaError> {
        let sql = format!("DELETE FROM saved_query WHERE {VISIBLE} AND id = ?3");
        Ok(self.meta.lock().execute(&sql, params![account.0 as i64, user, id])? > 0)
    }
}

const SELECT: &str = "SELECT id, owner, name, nrql, shared, updated_at_ms FROM saved_query";
/// What the user ?2 of the account ?1 may see.
const VISIBLE: &str = "account = ?1 AND (shared = 1 OR owner = ?2)";

fn from_row(row: &Row<'_>) -> rusqlite::Result<SavedQuery> {
    Ok(SavedQuery {
        id: row.get(0)?,
        owner: row.get(1)?,
        draft: SavedQueryDraft { name: row.get(2)?, nrql: row.get(3)?, shared: row.get(4)? },
        updated_at: Timestamp::from_millis(row.get(5)?),
    })
}

fn named(error: rusqlite::Error, name: &str) -> MetaError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => MetaError::NameTaken(name.to_owned()),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyKind;

    const ACCOUNT: AccountId = AccountId::DEFAULT;
    const NOW: Timestamp = Timestamp::from_millis(5);

    fn saved() -> (tempfile::TempDir, Meta, SavedQueries) {
        let dir = tempfile::tempdir().unwrap();
        let meta = Meta::open(&dir.path().join("meta.sqlite")).unwrap();
        let saved = meta.saved_queries();
        (dir, meta, saved)
    }

    fn draft(name: &str, shared: bool) -> SavedQueryDraft {
        SavedQueryDraft { name: name.into(), nrql: format!("SELECT '{name}'"), shared }
    }

    fn names(saved: &SavedQueries, account: AccountId, user: &str) -> Vec<String> {
        saved.list(account, user).unwrap().into_iter().map(|query| query.draft.name).collect()
    }

    #[test]
    fn one_sees_what_is_shared_and_what_is_ones_own() {
        let (_dir, _meta, saved) = saved();
        let private = saved.create(ACCOUNT, "ann", draft("mine", false), NOW).unwrap();
        let shared = saved.create(ACCOUNT, "ann", draft("Ours", true), NOW).unwrap();
        assert_eq!(names(&saved, ACCOUNT, "ann"), ["mine", "Ours"]);
        assert_eq!(names(&saved, ACCOUNT, "bob"), ["Ours"]);
        assert!(names(&saved, AccountId(2), "ann").is_empty());
        assert_eq!(saved.find(ACCOUNT, "ann", &private.id).unwrap(), Some(private.clone()));
        assert_eq!(saved.find(ACCOUNT, "bob", &private.id).unwrap(), None);

        assert!(!saved.update(ACCOUNT, "bob", &private.id, &draft("x", false), NOW).unwrap());
        assert!(!saved.delete(ACCOUNT, "bob", &private.id).unwrap());
        assert!(
            saved.update(ACCOUNT, "bob", &shared.id, &draft("taken over", false), NOW).unwrap()
        );
        assert_eq!(names(&saved, ACCOUNT, "ann"), ["mine"]);
        assert_eq!(names(&saved, ACCOUNT, "bob"), ["taken over"]);
        assert_eq!(saved.count(ACCOUNT).unwrap(), 2);
        assert!(saved.delete(ACCOUNT, "bob", &shared.id).unwrap());
    }

    #[test]
    fn a_name_stands_once_where_it_is_seen() {
        let (_dir, _meta, saved) = saved();
        let create = |user: &str, shared| saved.create(ACCOUNT, user, draft("lag", shared), NOW);
        let is_taken = |error| matches!(error, MetaError::NameTaken(name) if name == "lag");
        create("ann", false).unwrap();
        create("bob", false).unwrap();
        create("bob", true).unwrap();
        assert!(is_taken(create("ann", false).unwrap_err()));
        assert!(is_taken(create("ann", true).unwrap_err()));
        let other = saved.create(ACCOUNT, "ann", draft("other", false), NOW).unwrap();
        let renamed = saved.update(ACCOUNT, "ann", &other.id, &draft("lag", true), NOW);
        assert!(is_taken(renamed.unwrap_err()));
    }

    #[test]
    fn what_was_private_to_a_key_goes_with_it() {
        let (_dir, meta, saved) = saved();
        let key = meta.keys().create(KeyKind::User, ACCOUNT, "ann", NOW).unwrap().key;
        saved.create(ACCOUNT, &key.id.0, draft("mine", false), NOW).unwrap();
        saved.create(ACCOUNT, &key.id.0, draft("ours", true), NOW).unwrap();
        meta.keys().revoke(&key.id).unwrap();
        assert_eq!(names(&saved, ACCOUNT, &key.id.0), ["ours"]);
    }
}
