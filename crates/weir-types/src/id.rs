//! Ids that travel between crates.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The account that owns events, keys and dashboards, numbered as New Relic numbers accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub u64);

impl AccountId {
    /// The account of an embedded backend that nobody configured otherwise.
    pub const DEFAULT: AccountId = AccountId(1);
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
