//! [`Context`]: what every command is given: where to print, and which server to ask.

use std::time::Duration;

use weir_api::Client;
use weir_types::ErrorCode;

use crate::cli::GlobalArgs;
use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::output::{Output, Terminal};

const DEFAULT_SERVER: &str = "http://127.0.0.1:3000";
/// The server's own time-out is reached first, so that its message is the one that is shown.
const SERVER_GRACE: Duration = Duration::from_secs(5);

pub struct Context {
    pub output: Output,
    pub timeout: Duration,
    server: String,
    key: Option<String>,
}

impl Context {
    pub fn new(global: &GlobalArgs) -> Self {
        let server = global.server.as_deref().unwrap_or(DEFAULT_SERVER);
        Context {
            output: Output { format: global.output, terminal: Terminal::detect(global.color) },
            timeout: global.timeout,
            server: with_scheme(server),
            key: global.key.clone().filter(|key| !key.is_empty()),
        }
    }

    /// A client of the chosen server with the first key there is: `--key` or `WEIR_API_KEY`, the
    /// credentials file, `NEW_RELIC_API_KEY`.
    pub fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.server, self.key()?, self.timeout + SERVER_GRACE)?)
    }

    /// The file goes before `NEW_RELIC_API_KEY`: a machine that also talks to New Relic has that
    /// set to a key that is of no use here.
    fn key(&self) -> Result<Option<String>, Failure> {
        if self.key.is_some() {
            return Ok(self.key.clone());
        }
        let filed = Credentials::get(&self.server)
            .map_err(|e| Failure::new(ErrorCode::Unauthenticated, e.to_string()))?;
        let new_relic = || std::env::var("NEW_RELIC_API_KEY").ok().filter(|key| !key.is_empty());
        Ok(filed.map(|key| key.reveal().to_owned()).or_else(new_relic))
    }
}

fn with_scheme(server: &str) -> String {
    if server.contains("://") { server.to_owned() } else { format!("http://{server}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_address_is_http() {
        assert_eq!(with_scheme("127.0.0.1:3000"), "http://127.0.0.1:3000");
        assert_eq!(with_scheme("https://weir.example"), "https://weir.example");
    }
}
