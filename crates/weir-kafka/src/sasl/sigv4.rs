//! AWS Signature Version 4 of a presigned `kafka-cluster:Connect`, the one request MSK takes for
//! an identity.

use std::{
    fmt,
    fmt::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use weir_types::{BoxFuture, Secret};

use crate::calendar;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(super) const ACTION: &str = "kafka-cluster:Connect";
/// Seconds a signature is good for; the most MSK takes.
pub(super) const EXPIRES: &str = "900";
pub(super) const SIGNED_HEADERS: &str = "host";
const SERVICE: &str = "kafka-cluster";

/// Keys of an IAM user, or of a role for a while.
#[derive(Debug, Clone)]
pub struct AwsCredentials {
    pub access_key_id: String,
    pub secret_access_key: Secret,
    /// With temporary keys.
    pub session_token: Option<Secret>,
}

/// The keys, or why there are none, as a fragment without secrets.
pub type LoadingCredentials<'a> = BoxFuture<'a, Result<AwsCredentials, String>>;

/// Where keys come from. Asked at each authentication; what renews temporary keys is behind it.
pub trait AwsCredentialsProvider: fmt::Debug + Send + Sync {
    fn credentials(&self) -> LoadingCredentials<'_>;
}

/// The parameters of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    /// `key id/date/region/service/aws4_request`.
    pub(super) credential: String,
    /// `20260304T050607Z`.
    pub(super) date: String,
    pub(super) security_token: Option<Secret>,
    pub(super) signature: String,
    /// All of them but the signature, as a query.
    query: String,
}

impl AwsCredentialsProvider for AwsCredentials {
    fn credentials(&self) -> LoadingCredentials<'_> {
        Box::pin(async move { Ok(self.clone()) })
    }
}

impl Signed {
    /// Signs a connection to `host` in `region` at `now`.
    pub(super) fn connect(
        credentials: &AwsCredentials,
        region: &str,
        host: &str,
        now: SystemTime,
    ) -> Self {
        let date = timestamp(now);
        let day = &date[..8];
        let scope = format!("{day}/{region}/{SERVICE}/aws4_request");
        let credential = format!("{}/{scope}", credentials.access_key_id);
        let query = query(&credential, &date, credentials.session_token.as_ref());
        let no_body = hex(&Sha256::digest(b""));
        let request = format!("GET\n/\n{query}\nhost:{host}\n\n{SIGNED_HEADERS}\n{no_body}");
        let text = format!("{ALGORITHM}\n{date}\n{scope}\n{}", hex(&Sha256::digest(request)));
        let secret = format!("AWS4{}", credentials.secret_access_key.reveal());
        let key = [day, region, SERVICE, "aws4_request"]
            .iter()
            .fold(secret.into_bytes(), |key, part| sign(&key, part));
        let signature = hex(&sign(&key, &text));
        let security_token = credentials.session_token.clone();
        Self { credential, date, security_token, signature, query }
    }

    /// As a presigned URL has it behind its `?`.
    pub(super) fn into_query(self) -> String {
        format!("{}&X-Amz-Signature={}", self.query, self.signature)
    }
}

/// In the order of the names, as the signature wants it.
fn query(credential: &str, date: &str, token: Option<&Secret>) -> String {
    let parameters = [
        ("Action", Some(ACTION)),
        ("X-Amz-Algorithm", Some(ALGORITHM)),
        ("X-Amz-Credential", Some(credential)),
        ("X-Amz-Date", Some(date)),
        ("X-Amz-Expires", Some(EXPIRES)),
        ("X-Amz-Security-Token", token.map(Secret::reveal)),
        ("X-Amz-SignedHeaders", Some(SIGNED_HEADERS)),
    ];
    let given = parameters.iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    let pairs: Vec<_> =
        given.map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
    pairs.join("&")
}

/// RFC 3986: all but the unreserved characters as `%XX`.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a string takes all writes");
        }
    }
    encoded
}

/// `20260304T050607Z`.
fn timestamp(now: SystemTime) -> String {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (year, month, day) = calendar::civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    let keyed: Hmac<Sha256> = Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
    keyed.chain_update(text).finalize().as_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all writes");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_written_as_aws_wants_them() {
        let at = |seconds| timestamp(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "19700101T000000Z");
        assert_eq!(at(951_782_399), "20000228T235959Z");
        assert_eq!(at(951_782_400), "20000229T000000Z");
        assert_eq!(at(1_772_600_767), "20260304T050607Z");
        assert_eq!(at(4_107_542_399), "21000228T235959Z");
        assert_eq!(at(4_107_542_400), "21000301T000000Z");
    }

    #[test]
    fn all_but_unreserved_characters_are_encoded() {
        assert_eq!(percent_encoded("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent_encoded("a b/ü=+"), "a%20b%2F%C3%BC%3D%2B");
    }
}
