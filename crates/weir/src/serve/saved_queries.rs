//! Saved queries of the metadata as the server sees them.

use std::sync::Arc;

use weir_api::saved_query::{SavedQuery as Shown, SavedQueryBody};
use weir_meta::{MetaError, SavedQueries, SavedQuery, SavedQueryDraft};
use weir_server::{SavedQueryError, SavedQueryStore};
use weir_types::{AccountId, Clock};

/// Most of one account.
const QUERIES_MAX: usize = 1_000;

pub struct KeptQueries {
    pub kept: SavedQueries,
    pub clock: Arc<dyn Clock>,
}

impl KeptQueries {
    fn find(&self, account: AccountId, user: &str, id: &str) -> Result<Shown, SavedQueryError> {
        let found = self.kept.find(account, user, id).map_err(failed)?;
        found.map(|query| to_shown(query, user)).ok_or_else(|| not_found(id))
    }
}

impl SavedQueryStore for KeptQueries {
    fn list(&self, account: AccountId, user: &str) -> Result<Vec<Shown>, SavedQueryError> {
        let queries = self.kept.list(account, user).map_err(failed)?;
        Ok(queries.into_iter().map(|query| to_shown(query, user)).collect())
    }

    fn create(
        &self,
        account: AccountId,
        user: &str,
        body: SavedQueryBody,
    ) -> Result<Shown, SavedQueryError> {
        if self.kept.count(account).map_err(failed)? >= QUERIES_MAX {
            return Err(SavedQueryError::TooMany(QUERIES_MAX));
        }
        let now = self.clock.now();
        let query = self.kept.create(account, user, to_draft(body), now).map_err(failed)?;
        Ok(to_shown(query, user))
    }

    fn update(
        &self,
        account: AccountId,
        user: &str,
        id: &str,
        body: SavedQueryBody,
    ) -> Result<Shown, SavedQueryError> {
        let (draft, now) = (to_draft(body), self.clock.now());
        match self.kept.update(account, user, id, &draft, now).map_err(failed)? {
            true => self.find(account, user, id),
            false => Err(not_found(id)),
        }
    }

    fn delete(&self, account: AccountId, user: &str, id: &str) -> Result<Shown, SavedQueryError> {
        let query = self.find(account, user, id)?;
        self.kept.delete(account, user, id).map_err(failed)?;
        Ok(query)
    }
}

fn to_draft(body: SavedQueryBody) -> SavedQueryDraft {
    let SavedQueryBody { name, nrql, shared } = body;
    SavedQueryDraft { name, nrql, shared }
}

fn to_shown(query: SavedQuery, user: &str) -> Shown {
    let SavedQueryDraft { name, nrql, shared } = query.draft;
    let mine = query.owner == user;
    let updated_at_ms = query.updated_at.as_millis();
    Shown { id: query.id, name, nrql, shared, owner: query.owner, mine, updated_at_ms }
}

fn not_found(id: &str) -> SavedQueryError {
    SavedQueryError::NotFound(id.to_owned())
}

fn failed(error: MetaError) -> SavedQueryError {
    match error {
        MetaError::NameTaken(name) => SavedQueryError::NameTaken(name),
        other => SavedQueryError::Unavailable(other.to_string()),
    }
}
