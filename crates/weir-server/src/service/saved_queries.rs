//! The role of whoever keeps saved queries.

use weir_api::saved_query::{SavedQuery, SavedQueryBody};
use weir_types::{AccountId, ErrorCode};

/// Who keeps the queries that people gave names. Each call sees what `user` may see: the account's
/// shared queries, and the user's own. Every call may wait for the disk.
pub trait SavedQueryStore: Send + Sync {
    /// By name.
    fn list(&self, account: AccountId, user: &str) -> Result<Vec<SavedQuery>, SavedQueryError>;

    fn create(
        &self,
        account: AccountId,
        user: &str,
        body: SavedQueryBody,
    ) -> Result<SavedQuery, SavedQueryError>;

    fn update(
        &self,
        account: AccountId,
        user: &str,
        id: &str,
        body: SavedQueryBody,
    ) -> Result<SavedQuery, SavedQueryError>;

    /// What was deleted.
    fn delete(
        &self,
        account: AccountId,
        user: &str,
        id: &str,
    ) -> Result<SavedQuery, SavedQueryError>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedQueryError {
    #[error("no saved query `{0}`")]
    NotFound(String),
    #[error("there is a query called `{0}` already: choose another name, or change that one")]
    NameTaken(String),
    #[error("{0} saved queries are the most an account can have: delete one first")]
    TooMany(usize),
    #[error("saved queries can't be read or written: {0}")]
    Unavailable(String),
}

impl SavedQueryError {
    pub fn code(&self) -> ErrorCode {
        match self {
            SavedQueryError::NotFound(_) => ErrorCode::NotFound,
            SavedQueryError::NameTaken(_) => ErrorCode::Conflict,
            SavedQueryError::TooMany(_) => ErrorCode::LimitExceeded,
            SavedQueryError::Unavailable(_) => ErrorCode::Unavailable,
        }
    }
}
