//! Who Weir says it is to brokers: the configured `sasl` in the client's terms, and what fetches
//! tokens and keys for it over HTTP.
//!
//! - `token_endpoint`: tokens of an identity provider; `aws`: keys of Amazon's services
//! - `http`: one bounded exchange
//!
//! Not here: the mechanisms and their signatures (weir-kafka).

mod aws;
mod http;
#[cfg(test)]
mod stub;
mod token_endpoint;

use std::sync::Arc;

use weir_config::{KafkaOauthClient, KafkaSasl, KafkaUser};
use weir_kafka::sasl::{AwsMskIam, ClientCredentials, Credentials, Sasl, TokenFile};

use aws::{AwsIdentity, Environment};
use token_endpoint::HttpTokenEndpoint;

/// Fetches nothing yet: tokens and keys are asked for when a connection needs them.
pub fn sasl(configured: &KafkaSasl) -> Sasl {
    match configured {
        KafkaSasl::Plain(user) => Sasl::Plain(credentials(user)),
        KafkaSasl::ScramSha256(user) => Sasl::ScramSha256(credentials(user)),
        KafkaSasl::ScramSha512(user) => Sasl::ScramSha512(credentials(user)),
        KafkaSasl::TokenFile(path) => Sasl::OauthBearer(Arc::new(TokenFile { path: path.clone() })),
        KafkaSasl::ClientCredentials(client) => Sasl::OauthBearer(Arc::new(oauth(client))),
        KafkaSasl::AwsMskIam(iam) => {
            let environment = Environment::of_process();
            let identity = AwsIdentity::new(environment, iam.region.clone(), iam.profile.clone());
            let credentials = Arc::new(identity);
            Sasl::AwsMskIam(AwsMskIam { region: iam.region.clone(), credentials })
        }
    }
}

fn credentials(user: &KafkaUser) -> Credentials {
    Credentials { username: user.username.clone(), password: user.password.clone() }
}

fn oauth(client: &KafkaOauthClient) -> ClientCredentials {
    ClientCredentials::new(
        Arc::new(HttpTokenEndpoint { ca_file: client.ca_file.clone() }),
        client.token_endpoint.clone(),
        client.client_id.clone(),
        client.client_secret.clone(),
        client.scope.clone(),
    )
}
