//! The role of whoever keeps lookup tables.

use serde_json::Value as Json;
use weir_api::lookup::LookupTable;
use weir_types::{AccountId, ErrorCode};

/// Who keeps the lookup tables of each account. Every call may wait for the disk.
pub trait LookupStore: Send + Sync {
    /// By name.
    fn list(&self, account: AccountId) -> Result<Vec<LookupTable>, LookupError>;

    fn find(&self, account: AccountId, name: &str) -> Result<LookupTable, LookupError>;

    /// The text as it was uploaded.
    fn csv(&self, account: AccountId, name: &str) -> Result<String, LookupError>;

    /// Every row's values as NRQL reads them, in the order of the columns.
    fn rows(&self, account: AccountId, name: &str) -> Result<Vec<Vec<Json>>, LookupError>;

    /// Queries see the table when this returns, and after a restart.
    fn put(&self, account: AccountId, upload: LookupUpload) -> Result<LookupTable, LookupError>;

    /// What was deleted.
    fn delete(&self, account: AccountId, name: &str) -> Result<LookupTable, LookupError>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupUpload {
    pub name: String,
    /// `None` keeps what a replaced table says.
    pub description: Option<String>,
    /// As it came; not yet known to be text.
    pub csv: Vec<u8>,
    /// The user, as [`super::Identity`] has it.
    pub by: String,
    pub place: LookupPlace,
}

/// What may be there already under the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookupPlace {
    Any,
    New,
    Replaced,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    #[error("no lookup table `{0}`")]
    NotFound(String),
    #[error("there is a lookup table `{0}` already")]
    AlreadyThere(String),
    #[error("`{0}` can't name a table: 1 to 255 letters, digits, `_` and `:` can")]
    BadName(String),
    /// Says where in the text.
    #[error("{0}")]
    BadTable(String),
    #[error("{0} lookup tables are the most an account can have: delete one first")]
    TooMany(usize),
    #[error("lookup tables can't be read or written: {0}")]
    Unavailable(String),
}

impl LookupError {
    pub fn code(&self) -> ErrorCode {
        match self {
            LookupError::NotFound(_) => ErrorCode::NotFound,
            LookupError::AlreadyThere(_) => ErrorCode::Conflict,
            LookupError::BadName(_) | LookupError::BadTable(_) => ErrorCode::InvalidRequest,
            LookupError::TooMany(_) => ErrorCode::LimitExceeded,
            LookupError::Unavailable(_) => ErrorCode::Unavailable,
        }
    }
}
