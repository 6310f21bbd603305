//! User keys ask, ingest keys send. Only a hash is kept; the key itself is shown once.

use std::fmt;

use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use weir_types::{AccountId, Secret, Timestamp};

use crate::database::{Meta, MetaError};
use crate::{random_hex, random_of};

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Queries, NerdGraph, configuration.
    User,
    /// Events in, nothing out.
    Ingest,
}

impl KeyKind {
    pub fn as_str(self) -> &'static str {
        match self {
            KeyKind::User => "user",
            KeyKind::Ingest => "ingest",
        }
    }

    fn from_column(text: &str) -> KeyKind {
        if text == "user" { KeyKind::User } else { KeyKind::Ingest }
    }

    /// The shapes New Relic's keys have, so that clients which look at them are content.
    fn generate(self) -> String {
        match self {
            KeyKind::User => format!("NRAK-{}", random_of(ALPHABET, 27)),
            KeyKind::Ingest => format!("{}NRAL", random_hex(36)),
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Names a key without giving it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyId(pub String);

/// What is known of a key after it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub id: KeyId,
    pub kind: KeyKind,
    pub account: AccountId,
    pub label: String,
    /// The first characters, for recognition.
    pub prefix: String,
    pub created_at: Timestamp,
}

/// A key at the only moment its text is known.
pub struct NewKey {
    pub key: Key,
    pub secret: Secret,
}

/// The keys of a server.
#[derive(Clone)]
pub struct Keys {
    meta: Meta,
}

impl Keys {
    pub(crate) fn new(meta: Meta) -> Self {
        Keys { meta }
    }

    pub fn create(
        &self,
        kind: KeyKind,
        account: AccountId,
        label: &str,
        now: Timestamp,
    ) -> Result<NewKey, MetaError> {
        let secret = kind.generate();
        let key = Key {
            id: KeyId(random_hex(12)),
            kind,
            account,
            label: label.to_owned(),
            prefix: secret.chars().take(8).collect(),
            created_at: now,
        };
        self.meta.lock().execute(
            "INSERT INTO key (id, kind, account, label, prefix, hash, created_at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                key.id.0,
                kind.as_str(),
                account.0 as i64,
                key.label,
                key.prefix,
                hash(&secret),
                now.as_millis()
            ],
        )?;
        Ok(NewKey { key, secret: Secret::new(secret) })
    }

    /// The key somebody presents, or `None` when nobody made it here.
    pub fn find(&self, presented: &str) -> Result<Option<Key>, MetaError> {
        let connection = self.meta.lock();
        let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE hash = ?1"))?;
        Ok(statement.query_row([hash(presented)], from_row).optional()?)
    }

    /// Oldest first.
    pub fn list(&self) -> Result<Vec<Key>, MetaError> {
        let connection = self.meta.lock();
        let mut statement =
            connection.prepare_cached(&format!("{SELECT} ORDER BY created_at_ms, id"))?;
        let keys = statement.query_map([], from_row)?.collect::<Result<_, _>>()?;
        Ok(keys)
    }

    /// The key stops working at once, and what was private to it goes with it.
    pub fn revoke(&self, id: &KeyId) -> Result<(), MetaError> {
        let mut connection = self.meta.lock();
        let transaction = connection.transaction()?;
        if transaction.execute("DELETE FROM key WHERE id = ?1", [&id.0])? == 0 {
            return Err(MetaError::NoSuchKey(id.0.clone()));
        }
        transaction.execute("DELETE FROM saved_query WHERE owner = ?1 AND shared = 0", [&id.0])?;
        Ok(transaction.commit()?)
    }
}

/// A key of the user's shape that is stored nowhere.
pub fn random_user_key() -> Secret {
    Secret::new(KeyKind::User.generate())
}

const SELECT: &str = "SELECT id, kind, account, label, prefix, created_at_ms FROM key";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: KeyId(row.get(0)?),
        kind: KeyKind::from_column(&row.get::<_, String>(1)?),
        account: AccountId(row.get::<_, i64>(2)? as u64),
        label: row.get(3)?,
        prefix: row.get(4)?,
        created_at: Timestamp::from_millis(row.get(5)?),
    })
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> (tempfile::TempDir, Keys) {
        let dir = tempfile::tempdir().unwrap();
        let meta = Meta::open(&dir.path().join("meta.sqlite")).unwrap();
        (dir, meta.keys())
    }

    #[test]
    fn a_key_is_found_until_it_is_revoked() {
        let (_dir, keys) = keys();
        let now = Timestamp::from_millis(5);
        let new = keys.create(KeyKind::Ingest, AccountId::DEFAULT, "first", now).unwrap();
        let found = keys.find(new.secret.reveal()).unwrap().unwrap();
        assert_eq!(found, new.key);
        assert_eq!(keys.list().unwrap(), vec![found]);

        keys.revoke(&new.key.id).unwrap();
        assert_eq!(keys.find(new.secret.reveal()).unwrap(), None);
        assert!(matches!(keys.revoke(&new.key.id), Err(MetaError::NoSuchKey(_))));
    }

    #[test]
    fn the_file_never_holds_the_key() {
        let (dir, keys) = keys();
        let now = Timestamp::from_millis(5);
        let new = keys.create(KeyKind::User, AccountId::DEFAULT, "first", now).unwrap();
        let secret = new.secret.reveal().as_bytes().to_vec();
        for file in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(secret.len()).any(|w| w == secret));
        }
    }

    #[test]
    fn shapes_are_those_clients_know() {
        assert_eq!(KeyKind::User.generate().len(), 32);
        let ingest = KeyKind::Ingest.generate();
        assert!(ingest.len() == 40 && ingest.ends_with("NRAL"));
    }
}
