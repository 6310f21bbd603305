//! A role for a token of somebody else, as EKS has it for service accounts
//! (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).

use reqwest::{Method, Url};
use weir_kafka::sasl::{AwsCredentials, HttpAnswer};
use weir_types::Secret;

use super::Environment;
use super::temporary::{TemporaryKeys, time};
use crate::serve::identity::http::{Request, exchange};

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN: &str = "AWS_ROLE_ARN";

/// A role to take on, and the file of the token that opens it.
pub(super) struct Role {
    arn: String,
    token_file: String,
    session: String,
}

impl Role {
    /// `None` where no token file is named.
    pub(super) fn configured(environment: &Environment) -> Result<Option<Role>, String> {
        let Some(token_file) = environment.get(TOKEN_FILE) else { return Ok(None) };
        let arn =
            environment.get(ROLE_ARN).ok_or(format!("{TOKEN_FILE} is set without {ROLE_ARN}"))?;
        let session = environment.get("AWS_ROLE_SESSION_NAME").unwrap_or_else(|| "weir".to_owned());
        Ok(Some(Role { arn, token_file, session }))
    }

    /// The token is read anew each time: whoever wrote it renews it.
    pub(super) async fn keys(
        &self,
        environment: &Environment,
        region: &str,
    ) -> Result<TemporaryKeys, String> {
        let token = std::fs::read_to_string(&self.token_file).map_err(|error| {
            let file = &self.token_file;
            format!("cannot read the token {file}: {error}: correct {TOKEN_FILE}")
        })?;
        let endpoint = environment
            .get("AWS_ENDPOINT_URL_STS")
            .unwrap_or_else(|| format!("https://sts.{region}.{}/", domain(region)));
        let failed = |reason: String| format!("{} of {endpoint}: {reason}", self.arn);
        let request = Request {
            method: Method::POST,
            url: &endpoint,
            headers: vec![("content-type", Secret::new("application/x-www-form-urlencoded"))],
            body: self.form(token.trim()),
            ca_file: None,
            direct: false,
        };
        let answer = exchange(request).await.map_err(failed)?;
        read(&answer).map_err(failed)
    }

    fn form(&self, token: &str) -> String {
        let pairs = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", &self.arn),
            ("RoleSessionName", &self.session),
            ("WebIdentityToken", token),
        ];
        // A URL's query is written as a form is.
        let url = Url::parse_with_params("form:", pairs);
        url.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
    }
}

fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// The answer is XML; no value in it holds markup.
fn read(answer: &HttpAnswer) -> Result<TemporaryKeys, String> {
    let body = answer.body.reveal();
    if answer.status != 200 {
        let code = tag(body, "Code").unwrap_or("no reason");
        let message = tag(body, "Message").map(|text| format!(": {text}")).unwrap_or_default();
        let status = answer.status;
        let step = "check the role's trust policy and the token";
        return Err(format!("it answered with status {status} and {code}{message}: {step}"));
    }
    let wanted = |name: &str| tag(body, name).ok_or(format!("its answer has no {name}"));
    Ok(TemporaryKeys {
        credentials: AwsCredentials {
            access_key_id: wanted("AccessKeyId")?.to_owned(),
            secret_access_key: Secret::new(wanted("SecretAccessKey")?),
            session_token: Some(Secret::new(wanted("SessionToken")?)),
        },
        expires_at: tag(body, "Expiration").and_then(time),
    })
}

fn tag<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let after = xml.split_once(&format!("<{name}>"))?.1;
    Some(after.split_once(&format!("</{name}>"))?.0.trim())
}
