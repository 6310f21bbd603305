//! The shared credentials file (`~/.aws/credentials`)
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>).

use std::path::PathBuf;

use weir_kafka::sasl::AwsCredentials;
use weir_types::Secret;

use super::Environment;

/// The profile that is meant without one being named: of `AWS_PROFILE`, else `default`, which is
/// none where there is no such file.
pub(super) fn default_name(environment: &Environment) -> Option<String> {
    if let Some(named) = environment.get("AWS_PROFILE") {
        return Some(named);
    }
    let text = std::fs::read_to_string(path(environment)?).ok()?;
    let holds_default = section(&text, "default").next().is_some();
    holds_default.then(|| "default".to_owned())
}

/// The lasting keys of a profile. Read each time: something else may renew the file.
pub(super) fn keys(environment: &Environment, profile: &str) -> Result<AwsCredentials, String> {
    let path = path(environment).ok_or("HOME is not set: where is the shared credentials file?")?;
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let value = |name: &str| {
        let mut settings = section(&text, profile);
        settings.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    let missing = |name: &str| {
        format!(
            "profile `{profile}` of {} has no {name}: only profiles with keys are supported",
            path.display()
        )
    };
    if section(&text, profile).next().is_none() {
        return Err(format!("{} has no profile `{profile}`", path.display()));
    }
    let (id, secret) = ("aws_access_key_id", "aws_secret_access_key");
    Ok(AwsCredentials {
        access_key_id: value(id).ok_or_else(|| missing(id))?,
        secret_access_key: Secret::new(value(secret).ok_or_else(|| missing(secret))?),
        session_token: value("aws_session_token").map(Secret::new),
    })
}

fn path(environment: &Environment) -> Option<PathBuf> {
    let named = environment.get("AWS_SHARED_CREDENTIALS_FILE").map(PathBuf::from);
    named.or_else(|| Some(PathBuf::from(environment.get("HOME")?).join(".aws/credentials")))
}

/// The settings between `[name]` and the next section.
fn section<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_comment = |line: &&str| line.starts_with(['#', ';']);
    let header = |line: &'a str| line.strip_prefix('[')?.strip_suffix(']').map(str::trim);
    let lines = text.lines().map(str::trim).filter(move |line| !is_comment(line));
    let behind = lines.skip_while(move |line| header(line) != Some(name)).skip(1);
    let inside = behind.take_while(|line| !line.starts_with('['));
    inside.filter_map(|line| line.split_once('=')).map(|(key, value)| (key.trim(), value.trim()))
}
