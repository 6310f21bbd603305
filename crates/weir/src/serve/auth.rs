//! The keys of a running server: those made for people and machines, and one for the commands of
//! whoever started it.

use weir_meta::{KeyKind, Keys, MetaError, NewKey};
use weir_server::{Access, Authenticator, Identity, LOCAL_USER};
use weir_types::{AccountId, Secret, Timestamp};

/// The keys made when a data folder is used for the first time.
pub struct FirstKeys {
    pub user: NewKey,
    pub ingest: NewKey,
}

/// One key of each kind where there is none at all; `None` when there are some.
pub fn create_first_keys(keys: &Keys, now: Timestamp) -> Result<Option<FirstKeys>, MetaError> {
    if !keys.list()?.is_empty() {
        return Ok(None);
    }
    let create = |kind| keys.create(kind, AccountId::DEFAULT, "made at the first start", now);
    Ok(Some(FirstKeys { user: create(KeyKind::User)?, ingest: create(KeyKind::Ingest)? }))
}

/// Answers whose key it is.
pub struct KeyRing {
    keys: Keys,
    /// A user key that lives as long as this process and is never stored by it.
    local: Secret,
}

impl KeyRing {
    pub fn new(keys: Keys) -> Self {
        KeyRing { keys, local: weir_meta::key::random_user_key() }
    }

    pub fn local_key(&self) -> &Secret {
        &self.local
    }
}

impl Authenticator for KeyRing {
    fn authenticate(&self, key: &str) -> Result<Option<Identity>, String> {
        if is_same(key, self.local.reveal()) {
            let account = AccountId::DEFAULT;
            let user = LOCAL_USER.into();
            return Ok(Some(Identity { account, access: Access::User, user }));
        }
        let found = self.keys.find(key).map_err(|e| e.to_string())?;
        Ok(found.map(|key| Identity {
            account: key.account,
            user: key.id.0.into(),
            access: match key.kind {
                KeyKind::User => Access::User,
                KeyKind::Ingest => Access::Ingest,
            },
        }))
    }
}

/// Compares every byte, so that the time it takes says nothing about the key.
fn is_same(presented: &str, known: &str) -> bool {
    presented.len() == known.len()
        && presented.bytes().zip(known.bytes()).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_meta::Meta;

    #[test]
    fn first_keys_are_made_once_and_open_what_they_should() {
        let dir = tempfile::tempdir().unwrap();
        let keys = Meta::open(&dir.path().join("meta.sqlite")).unwrap().keys();
        let now = Timestamp::from_millis(0);
        let first = create_first_keys(&keys, now).unwrap().unwrap();
        assert!(create_first_keys(&keys, now).unwrap().is_none());

        let ring = KeyRing::new(keys);
        let access = |key: &str| ring.authenticate(key).unwrap().map(|identity| identity.access);
        assert_eq!(access(first.user.secret.reveal()), Some(Access::User));
        assert_eq!(access(first.ingest.secret.reveal()), Some(Access::Ingest));
        assert_eq!(access(ring.local_key().reveal()), Some(Access::User));
        assert_eq!(access("NRAK-GUESSED"), None);
    }
}
