//! AWS keys, from the first place of the usual order that is set up: the environment, a web
//! identity, the shared credentials file, the container's endpoint, the instance's role
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>).
//!
//! A place that is set up and fails is the error: going on would sign as somebody else.

mod container;
mod environment;
mod instance;
mod profile;
mod temporary;
#[cfg(test)]
mod tests;
mod web_identity;

use std::time::Duration;

use tokio::sync::Mutex;
use weir_kafka::sasl::{AwsCredentials, AwsCredentialsProvider, LoadingCredentials};
use weir_types::{Clock, SystemClock, Timestamp};

pub(super) use environment::Environment;
use temporary::TemporaryKeys;

/// Temporary keys are renewed this long before they end.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);

/// Whoever this process is to AWS.
#[derive(Debug)]
pub(super) struct AwsIdentity {
    environment: Environment,
    region: String,
    profile: Option<String>,
    kept: Mutex<Option<TemporaryKeys>>,
}

/// Keys, and until when they are good.
enum Found {
    Lasting(AwsCredentials),
    Temporary(TemporaryKeys),
}

impl AwsIdentity {
    /// With a `profile` the shared credentials file is the only place.
    pub(super) fn new(
        environment: Environment,
        region: String,
        profile: Option<String>,
    ) -> AwsIdentity {
        AwsIdentity { environment, region, profile, kept: Mutex::default() }
    }

    async fn find(&self) -> Result<Found, String> {
        let environment = &self.environment;
        if let Some(profile) = &self.profile {
            return profile::keys(environment, profile).map(Found::Lasting);
        }
        if let Some(keys) = environment::keys(environment)? {
            return Ok(Found::Lasting(keys));
        }
        if let Some(role) = web_identity::Role::configured(environment)? {
            return role.keys(environment, &self.region).await.map(Found::Temporary);
        }
        if let Some(profile) = profile::default_name(environment) {
            return profile::keys(environment, &profile).map(Found::Lasting);
        }
        if let Some(endpoint) = container::Endpoint::configured(environment)? {
            return endpoint.keys().await.map(Found::Temporary);
        }
        instance::keys(environment).await.map(Found::Temporary)
    }
}

impl AwsCredentialsProvider for AwsIdentity {
    /// Whoever asks while keys are being fetched waits for these.
    fn credentials(&self) -> LoadingCredentials<'_> {
        Box::pin(async move {
            let mut kept = self.kept.lock().await;
            let now = SystemClock.now();
            if let Some(keys) = kept.as_ref().filter(|keys| is_good(keys, now)) {
                return Ok(keys.credentials.clone());
            }
            match self.find().await? {
                Found::Lasting(credentials) => Ok(credentials),
                Found::Temporary(keys) => Ok(kept.insert(keys).credentials.clone()),
            }
        })
    }
}

fn is_good(keys: &TemporaryKeys, now: Timestamp) -> bool {
    keys.expires_at.is_some_and(|end| now < end.saturating_sub(RENEWED_BEFORE))
}
