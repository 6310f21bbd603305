//! Keys that end, as AWS's endpoints write them in JSON.

use serde::Deserialize;
use weir_kafka::sasl::{AwsCredentials, HttpAnswer};
use weir_types::{Secret, Timestamp};

#[derive(Debug, Clone)]
pub(super) struct TemporaryKeys {
    pub credentials: AwsCredentials,
    /// `None` when the endpoint did not say: they are asked for each time then.
    pub expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    access_key_id: String,
    secret_access_key: String,
    token: Option<String>,
    expiration: Option<String>,
}

impl TemporaryKeys {
    /// The form that the container's and the instance's endpoints share.
    pub(super) fn read(answer: &HttpAnswer) -> Result<TemporaryKeys, String> {
        let status = answer.status;
        if status != 200 {
            let step = "check that the role is still attached and its token is the endpoint's";
            return Err(format!("it answered with status {status}: {step}"));
        }
        let unreadable = |_| "its answer holds no keys".to_owned();
        let read: Answer = serde_json::from_str(answer.body.reveal()).map_err(unreadable)?;
        Ok(TemporaryKeys {
            credentials: AwsCredentials {
                access_key_id: read.access_key_id,
                secret_access_key: Secret::new(read.secret_access_key),
                session_token: read.token.map(Secret::new),
            },
            expires_at: read.expiration.as_deref().and_then(time),
        })
    }
}

/// RFC 3339, as in `2026-03-04T05:06:07Z`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()))
}
