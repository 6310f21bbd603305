//! Each place against a small HTTP server that answers as AWS's does.

use std::path::Path;

use super::super::stub::Stub;
use super::*;

const EXPIRES_LATE: &str = "2199-01-01T00:00:00Z";
const EXPIRES_NOW: &str = "2001-01-01T00:00:00Z";

fn json_keys(id: &str, expiration: &str) -> String {
    format!(
        r#"{{"Code":"Success","AccessKeyId":"{id}","SecretAccessKey":"hunter2","Token":"session/1","Expiration":"{expiration}"}}"#
    )
}

fn identity(variables: &[(&str, &str)]) -> AwsIdentity {
    AwsIdentity::new(Environment::of(variables), "eu-west-1".into(), None)
}

async fn id_of(identity: &AwsIdentity) -> String {
    identity.credentials().await.unwrap().access_key_id
}

async fn error_of(identity: &AwsIdentity) -> String {
    let error = identity.credentials().await.unwrap_err();
    assert!(!error.contains("hunter2"), "{error}");
    error
}

fn written(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn the_environment_comes_first_and_only_whole() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIDENV"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ("AWS_SESSION_TOKEN", "session"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/no/such/file"),
    ];
    let keys = identity(&variables).credentials().await.unwrap();
    assert_eq!(keys.access_key_id, "AKIDENV");
    assert!(keys.session_token.is_some());
    let half = error_of(&identity(&variables[1..2])).await;
    assert_eq!(half, "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID");
}

#[tokio::test]
async fn a_profile_has_its_own_keys() {
    let dir = tempfile::tempdir().unwrap();
    let text = "# ours\n[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key=a=b\n\n\
                [ops]\naws_secret_access_key = c\naws_access_key_id=AKIDOPS\n\
                [role]\nrole_arn = arn:aws:iam::1:role/x\n";
    let path = written(dir.path(), "credentials", text);
    let variables = [("AWS_SHARED_CREDENTIALS_FILE", path.as_str())];
    let default = identity(&variables).credentials().await.unwrap();
    assert_eq!(default.access_key_id, "AKIDDEFAULT");
    assert_eq!(default.secret_access_key.reveal(), "a=b");
    let of = |profile: &str| {
        AwsIdentity::new(Environment::of(&variables), "eu-west-1".into(), Some(profile.into()))
    };
    assert_eq!(id_of(&of("ops")).await, "AKIDOPS");
    assert!(
        error_of(&of("role")).await.contains("has no aws_access_key_id: only profiles with keys")
    );
    assert!(error_of(&of("nobody")).await.ends_with("has no profile `nobody`"));
}

#[tokio::test]
async fn a_container_is_asked_with_its_token() {
    let dir = tempfile::tempdir().unwrap();
    let token = written(dir.path(), "token", "pod-token\n");
    let stub = Stub::start(|_| (200, json_keys("ASIAPOD", EXPIRES_LATE))).await;
    let url = stub.url("/v1/credentials");
    let identity = identity(&[
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token),
    ]);
    assert_eq!(id_of(&identity).await, "ASIAPOD");
    assert_eq!(id_of(&identity).await, "ASIAPOD");
    let asked = stub.requests();
    assert_eq!(asked.len(), 1, "keys that are good are kept");
    assert!(asked[0].starts_with("GET /v1/credentials "), "{asked:?}");
    assert!(asked[0].contains("authorization: pod-token\r\n"), "{asked:?}");
}

#[tokio::test]
async fn a_foreign_host_is_not_asked_without_tls() {
    let identity = identity(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/keys")]);
    assert!(error_of(&identity).await.contains("neither local nor behind TLS"));
}

#[tokio::test]
async fn an_instance_is_asked_by_version_two() {
    let stub = Stub::start(|request| match request.split(' ').nth(1) {
        Some("/latest/api/token") => (200, "imds-token".into()),
        _ if !request.contains("x-aws-ec2-metadata-token: imds-token") => (401, String::new()),
        Some("/latest/meta-data/iam/security-credentials/") => (200, "kafka-reader\n".into()),
        Some("/latest/meta-data/iam/security-credentials/kafka-reader") => {
            (200, json_keys("ASIAINSTANCE", EXPIRES_NOW))
        }
        _ => (404, String::new()),
    })
    .await;
    let identity = identity(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &stub.url(""))]);
    assert_eq!(id_of(&identity).await, "ASIAINSTANCE");
    let first = stub.requests();
    assert!(first[0].starts_with("PUT ") && first[0].contains("ttl-seconds: 300"), "{first:?}");
    assert_eq!(id_of(&identity).await, "ASIAINSTANCE");
    assert_eq!(stub.requests().len(), 6, "keys that end soon are asked for again");
}

#[tokio::test]
async fn an_instance_without_a_role_says_so() {
    let stub = Stub::start(|request| match request.starts_with("PUT") {
        true => (200, "t".into()),
        false => (404, String::new()),
    })
    .await;
    let on = identity(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &stub.url(""))]);
    let error = error_of(&on).await;
    assert!(error.contains("gives none: the instance has no role: set AWS_"), "{error}");
    let stub = Stub::start(|_| (403, String::new())).await;
    let refused = identity(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &stub.url(""))]);
    let error = error_of(&refused).await;
    assert!(error.contains("status 403, as one that is switched off: set AWS_"), "{error}");
    let off = identity(&[("AWS_EC2_METADATA_DISABLED", "true")]);
    assert!(error_of(&off).await.starts_with("no AWS keys are set up: set AWS_ACCESS_KEY_ID"));
}

#[tokio::test]
async fn a_web_identity_opens_a_role() {
    let dir = tempfile::tempdir().unwrap();
    let token = written(dir.path(), "token", "web+token\n");
    let stub = Stub::start(|_| {
        let body = format!(
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
             <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>hunter2</SecretAccessKey>\
             <SessionToken>s</SessionToken><Expiration>{EXPIRES_LATE}</Expiration>\
             </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        );
        (200, body)
    })
    .await;
    let endpoint = stub.url("/");
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.as_str()),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/kafka"),
        ("AWS_ENDPOINT_URL_STS", endpoint.as_str()),
    ];
    let identity = identity(&variables);
    assert_eq!(id_of(&identity).await, "ASIAROLE");
    assert_eq!(id_of(&identity).await, "ASIAROLE");
    let asked = stub.requests();
    assert_eq!(asked.len(), 1);
    let form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1\
                %3Arole%2Fkafka&RoleSessionName=weir&WebIdentityToken=web%2Btoken";
    assert!(asked[0].ends_with(form), "{asked:?}");
}

#[tokio::test]
async fn a_role_that_is_refused_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let token = written(dir.path(), "token", "hunter2");
    let stub = Stub::start(|_| {
        let body = "<ErrorResponse><Error><Code>ExpiredTokenException</Code>\
                    <Message>Token expired</Message></Error></ErrorResponse>";
        (400, body.into())
    })
    .await;
    let endpoint = stub.url("/");
    let identity = identity(&[
        ("AWS_WEB_IDENTITY_TOKEN_FILE", &token),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/kafka"),
        ("AWS_ENDPOINT_URL_STS", &endpoint),
    ]);
    let error = error_of(&identity).await;
    let reason = "it answered with status 400 and ExpiredTokenException: Token expired: check the";
    assert!(
        error.starts_with("arn:aws:iam::1:role/kafka of ") && error.contains(reason),
        "{error}"
    );
}
