//! One small code for every failure a caller can see, with what each transport makes of it.

use serde::{Deserialize, Serialize};

/// What kind of failure it is; the message says the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request itself is wrong: bad JSON, bad flag, bad value.
    InvalidRequest,
    /// The NRQL is wrong; diagnostics say where.
    InvalidQuery,
    /// No key, or one nobody made here.
    Unauthenticated,
    /// A known key without the right.
    PermissionDenied,
    NotFound,
    /// A stated limit was hit: size, rows, series, memory.
    LimitExceeded,
    Timeout,
    /// The other side can't be reached or can't answer now; trying again makes sense.
    Unavailable,
    /// Another process holds what is asked for.
    Conflict,
    /// Known and planned, not there yet.
    NotSupported,
    Internal,
}

impl ErrorCode {
    pub fn http_status(self) -> u16 {
        match self {
            ErrorCode::InvalidRequest | ErrorCode::InvalidQuery => 400,
            ErrorCode::Unauthenticated => 401,
            ErrorCode::PermissionDenied => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::Conflict => 409,
            ErrorCode::LimitExceeded => 413,
            ErrorCode::Timeout => 504,
            ErrorCode::Unavailable => 503,
            ErrorCode::NotSupported => 501,
            ErrorCode::Internal => 500,
        }
    }

    /// The exit code of a command that ends with this failure; `weir help exit-codes` prints them.
    pub fn exit_code(self) -> u8 {
        match self {
            ErrorCode::InvalidRequest | ErrorCode::InvalidQuery => 2,
            ErrorCode::Unauthenticated | ErrorCode::PermissionDenied => 4,
            ErrorCode::NotFound => 5,
            ErrorCode::Timeout | ErrorCode::Unavailable => 6,
            ErrorCode::LimitExceeded
            | ErrorCode::Conflict
            | ErrorCode::NotSupported
            | ErrorCode::Internal => 1,
        }
    }
}
