//! Amazon MSK with IAM: its own mechanism AWS_MSK_IAM, and the token that does the same by
//! OAUTHBEARER. Both carry one presigned request.

use std::{sync::Arc, time::SystemTime};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;
use weir_types::Secret;

use super::{
    AwsCredentialsProvider, Conversation, Fetching, Refusal, Token, TokenProvider,
    sigv4::{ACTION, ALGORITHM, AwsCredentials, EXPIRES, SIGNED_HEADERS, Signed, percent_encoded},
};

const USER_AGENT: &str = concat!("weir/", env!("CARGO_PKG_VERSION"));
/// The version of the payload; there is no other.
const PAYLOAD_VERSION: &str = "2020_10_22";

/// The mechanism AWS_MSK_IAM.
#[derive(Debug, Clone)]
pub struct AwsMskIam {
    /// Such as `eu-west-1`.
    pub region: String,
    pub credentials: Arc<dyn AwsCredentialsProvider>,
}

/// IAM by OAUTHBEARER, which AWS recommends: a token is a presigned URL in base64.
#[derive(Debug, Clone)]
pub struct MskIamToken {
    /// Such as `eu-west-1`.
    pub region: String,
    pub credentials: Arc<dyn AwsCredentialsProvider>,
}

/// Our one message of AWS_MSK_IAM.
pub(super) struct Payload(Vec<u8>);

impl AwsMskIam {
    /// For the broker at `host`, valid from now on.
    pub(super) async fn sign(&self, host: &str) -> Result<Payload, String> {
        let credentials = self.credentials.credentials().await?;
        Ok(payload(&credentials, &self.region, host, SystemTime::now()))
    }
}

impl TokenProvider for MskIamToken {
    fn token(&self) -> Fetching<'_> {
        Box::pin(async move {
            let credentials = self.credentials.credentials().await?;
            Ok(token(&credentials, &self.region, SystemTime::now()))
        })
    }
}

impl Conversation for Payload {
    fn open(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    /// The broker ends with an id for its support.
    fn reply(&mut self, _: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        Ok(None)
    }
}

fn payload(credentials: &AwsCredentials, region: &str, host: &str, now: SystemTime) -> Payload {
    let signed = Signed::connect(credentials, region, host, now);
    let mut payload = json!({
        "version": PAYLOAD_VERSION,
        "host": host,
        "user-agent": USER_AGENT,
        "action": ACTION,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": signed.credential,
        "x-amz-date": signed.date,
        "x-amz-signedheaders": SIGNED_HEADERS,
        "x-amz-expires": EXPIRES,
        "x-amz-signature": signed.signature,
    });
    if let Some(token) = &signed.security_token {
        payload["x-amz-security-token"] = json!(token.reveal());
    }
    Payload(payload.to_string().into_bytes())
}

fn token(credentials: &AwsCredentials, region: &str, now: SystemTime) -> Token {
    let host = format!("kafka.{region}.amazonaws.com");
    let query = Signed::connect(credentials, region, &host, now).into_query();
    // The agent comes behind the signature: it is for AWS's logs only.
    let url = format!("https://{host}/?{query}&User-Agent={}", percent_encoded(USER_AGENT));
    Token(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(url)))
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        time::{Duration, UNIX_EPOCH},
    };

    use super::*;

    const BROKER: &str = "b-1.orders.abc123.c2.kafka.us-east-1.amazonaws.com";

    fn static_keys() -> AwsCredentials {
        AwsCredentials {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: None,
        }
    }

    fn session_keys() -> AwsCredentials {
        AwsCredentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: Secret::new("secret/with+signs"),
            session_token: Some(Secret::new("IQoJb3JpZ2luX2VjE//token+with=signs==")),
        }
    }

    /// 2026-03-04T05:06:07Z.
    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_772_600_767)
    }

    /// The address of a token without its query, and the parameters of that, in no order.
    fn parameters(token: &str) -> (String, BTreeMap<String, String>) {
        let url = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap();
        let (address, query) = url.split_once('?').unwrap();
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        (address.to_owned(), pairs.collect())
    }

    /// Tokens of aws-msk-iam-sasl-signer-python 1.0.2 for eu-west-1, its clock stopped.
    #[test]
    fn tokens_are_those_of_the_published_signer() {
        for (keys, published) in [
            (static_keys(), include_str!("vectors/static.token")),
            (session_keys(), include_str!("vectors/session.token")),
        ] {
            let (ours, theirs) = (token(&keys, "eu-west-1", now()), published.trim());
            let (mut ours, mut theirs) = (parameters(ours.0.reveal()), parameters(theirs));
            let agent = percent_encoded(USER_AGENT);
            assert_eq!(ours.1.remove("User-Agent"), Some(agent));
            assert!(theirs.1.remove("User-Agent").unwrap().contains("python"));
            assert_eq!(ours, theirs);
        }
    }

    /// Signatures of botocore 1.44.5, which that signer signs with, for a broker of us-east-1.
    #[test]
    fn payloads_carry_the_signature_of_the_published_signer() {
        for (keys, signature) in [
            (static_keys(), "c9186d7347cfe4d6530bcfd210eb101af6240e4cc50744ff14f8922886dbee07"),
            (session_keys(), "9568525e175422fb8be9b974da05f545db992b0372423a934496bfb7698abaf3"),
        ] {
            let Payload(bytes) = payload(&keys, "us-east-1", BROKER, now());
            let read: BTreeMap<String, String> = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(read["x-amz-signature"], signature);
            let scope = "/20260304/us-east-1/kafka-cluster/aws4_request";
            assert_eq!(read["x-amz-credential"], format!("{}{scope}", keys.access_key_id));
            assert_eq!((&*read["host"], &*read["version"]), (BROKER, "2020_10_22"));
            assert_eq!(read["x-amz-date"], "20260304T050607Z");
            let token = keys.session_token.as_ref().map(Secret::reveal);
            assert_eq!(read.get("x-amz-security-token").map(String::as_str), token);
        }
    }
}
