//! The endpoint that ECS and EKS Pod Identity give a container
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>).

use std::net::IpAddr;

use reqwest::{Method, Url};
use weir_types::Secret;

use super::Environment;
use super::temporary::TemporaryKeys;
use crate::serve::identity::http::{Request, exchange};

const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const ECS: &str = "http://169.254.170.2";
/// Hosts that may be asked without TLS: those of ECS and of EKS, besides this machine itself.
const LOCAL_HOSTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

pub(super) struct Endpoint {
    url: String,
    authorization: Option<Secret>,
}

impl Endpoint {
    /// `None` outside such containers.
    pub(super) fn configured(environment: &Environment) -> Result<Option<Endpoint>, String> {
        let url = match (environment.get(RELATIVE), environment.get(FULL)) {
            (Some(path), _) => format!("{ECS}{path}"),
            (None, Some(url)) if is_trusted(&url) => url,
            (None, Some(_)) => {
                return Err(format!("{FULL} names a host that is neither local nor behind TLS"));
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Endpoint { url, authorization: authorization(environment)? }))
    }

    pub(super) async fn keys(&self) -> Result<TemporaryKeys, String> {
        let failed = |reason: String| format!("the container's credentials endpoint: {reason}");
        let mut request = Request::local(Method::GET, &self.url);
        if let Some(token) = &self.authorization {
            request = request.with_header("authorization", token.clone());
        }
        let answer = exchange(request).await.map_err(failed)?;
        TemporaryKeys::read(&answer).map_err(failed)
    }
}

/// The file, which EKS renews, before the variable.
fn authorization(environment: &Environment) -> Result<Option<Secret>, String> {
    let Some(path) = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
        return Ok(environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Secret::new));
    };
    let token = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read the container's token {path}: {error}"))?;
    Ok(Some(Secret::new(token.trim())))
}

fn is_trusted(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    url.scheme() == "https" || is_loopback || LOCAL_HOSTS.contains(&host)
}
