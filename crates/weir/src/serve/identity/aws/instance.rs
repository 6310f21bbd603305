//! The role of an EC2 instance, by version 2 of its metadata service
//! (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html>).

use reqwest::Method;
use weir_kafka::sasl::HttpAnswer;
use weir_types::Secret;

use super::Environment;
use super::temporary::TemporaryKeys;
use crate::serve::identity::http::{Request, exchange};

const SERVICE: &str = "http://169.254.169.254";
const ROLE: &str = "/latest/meta-data/iam/security-credentials/";
const SET_UP: &str = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `profile`, or give the pod or \
                      instance a role";
const TOKEN_SECONDS: &str = "300";

/// The last place: when the service does not answer, there are no keys anywhere.
pub(super) async fn keys(environment: &Environment) -> Result<TemporaryKeys, String> {
    if environment.get("AWS_EC2_METADATA_DISABLED").as_deref() == Some("true") {
        return Err(format!("no AWS keys are set up: {SET_UP}"));
    }
    let service = environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    let service = service.as_deref().unwrap_or(SERVICE).trim_end_matches('/');
    role_keys(service).await.map_err(|reason| {
        format!(
            "no AWS keys are set up, and the instance's metadata service gives none: {reason}: {SET_UP}"
        )
    })
}

async fn role_keys(service: &str) -> Result<TemporaryKeys, String> {
    let url = format!("{service}/latest/api/token");
    let ttl = Secret::new(TOKEN_SECONDS);
    let ask =
        Request::local(Method::PUT, &url).with_header("x-aws-ec2-metadata-token-ttl-seconds", ttl);
    let token = good(exchange(ask).await?)?.body;
    let roles = get(&format!("{service}{ROLE}"), &token).await?;
    let role = roles.body.reveal().lines().next().unwrap_or_default().trim().to_owned();
    if role.is_empty() {
        return Err("the instance has no role".to_owned());
    }
    TemporaryKeys::read(&get(&format!("{service}{ROLE}{role}"), &token).await?)
}

async fn get(url: &str, token: &Secret) -> Result<HttpAnswer, String> {
    let ask = Request::local(Method::GET, url);
    good(exchange(ask.with_header("x-aws-ec2-metadata-token", token.clone())).await?)
}

fn good(answer: HttpAnswer) -> Result<HttpAnswer, String> {
    match answer.status {
        200 => Ok(answer),
        404 => Err("the instance has no role".to_owned()),
        403 => Err("it answered with status 403, as one that is switched off".to_owned()),
        status => Err(format!("it answered with status {status}")),
    }
}
