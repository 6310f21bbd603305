//! The process's environment, and keys that stand in it.

use std::fmt;
use std::sync::Arc;

use weir_kafka::sasl::AwsCredentials;
use weir_types::Secret;

type ReadVariable = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Reads variables; tests bring their own.
#[derive(Clone)]
pub(in crate::serve::identity) struct Environment(Arc<ReadVariable>);

impl Environment {
    pub(in crate::serve::identity) fn of_process() -> Environment {
        Environment(Arc::new(|name| std::env::var(name).ok()))
    }

    #[cfg(test)]
    pub(super) fn of(variables: &[(&str, &str)]) -> Environment {
        let all: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Environment(Arc::new(move |wanted| {
            all.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
        }))
    }

    /// `None` also for a variable that is empty.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

/// `None` when neither key is set.
pub(super) fn keys(environment: &Environment) -> Result<Option<AwsCredentials>, String> {
    let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    match (environment.get(id), environment.get(secret)) {
        (None, None) => Ok(None),
        (Some(access_key_id), Some(key)) => Ok(Some(AwsCredentials {
            access_key_id,
            secret_access_key: Secret::new(key),
            session_token: environment.get("AWS_SESSION_TOKEN").map(Secret::new),
        })),
        (Some(_), None) => Err(format!("{id} is set without {secret}")),
        (None, Some(_)) => Err(format!("{secret} is set without {id}")),
    }
}
