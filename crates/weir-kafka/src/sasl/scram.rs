//! SCRAM (RFC 5802, RFC 7677): both sides prove that they know the password, and neither says it.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use weir_types::Secret;

use super::{Conversation, Credentials, Refusal};

/// The fewest rounds RFC 7677 allows: fewer would give the password away to whoever asks.
const MIN_ITERATIONS: u32 = 4096;
/// Kafka itself allows 16,384; more than this and a broker only wants to keep us busy.
const MAX_ITERATIONS: u32 = 100_000;
/// "No channel binding", in base64.
const GS2_HEADER: &str = "n,,";
const GS2_HEADER_BASE64: &str = "biws";

pub(super) struct Scram<H> {
    password: Secret,
    nonce: String,
    /// Our first message without its header, which both proofs sign.
    first_bare: String,
    step: Step,
    hash: std::marker::PhantomData<fn() -> H>,
}

enum Step {
    First,
    Final { server_signature: Vec<u8> },
}

/// What the broker says first.
struct ServerFirst<'a> {
    nonce: &'a str,
    salt: Vec<u8>,
    iterations: u32,
}

pub(super) fn sha_256(credentials: &Credentials) -> Scram<Sha256> {
    Scram::new(credentials, nonce())
}

pub(super) fn sha_512(credentials: &Credentials) -> Scram<Sha512> {
    Scram::new(credentials, nonce())
}

impl<H> Scram<H> {
    fn new(credentials: &Credentials, nonce: String) -> Self {
        let name = credentials.username.replace('=', "=3D").replace(',', "=2C");
        Self {
            password: credentials.password.clone(),
            first_bare: format!("n={name},r={nonce}"),
            nonce,
            step: Step::First,
            hash: std::marker::PhantomData,
        }
    }
}

impl<H: EagerHash + Digest> Scram<H> {
    fn prove(&mut self, challenge: &str) -> Result<String, Refusal> {
        let server = ServerFirst::parse(challenge, &self.nonce)?;
        let salted = salted_password::<H>(self.password.reveal(), &server);
        let client_key = sign::<H>(&salted, b"Client Key");
        let stored_key = H::digest(&client_key);
        let without_proof = format!("c={GS2_HEADER_BASE64},r={}", server.nonce);
        let all = format!("{},{challenge},{without_proof}", self.first_bare);
        let client_signature = sign::<H>(&stored_key, all.as_bytes());
        let proof: Vec<u8> =
            client_key.iter().zip(client_signature).map(|(key, signed)| key ^ signed).collect();
        let server_key = sign::<H>(&salted, b"Server Key");
        let server_signature = sign::<H>(&server_key, all.as_bytes());
        self.step = Step::Final { server_signature };
        Ok(format!("{without_proof},p={}", BASE64_STANDARD.encode(proof)))
    }
}

impl<H: EagerHash + Digest> Conversation for Scram<H> {
    fn open(&mut self) -> Vec<u8> {
        format!("{GS2_HEADER}{}", self.first_bare).into_bytes()
    }

    fn reply(&mut self, challenge: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        let text = std::str::from_utf8(challenge)
            .map_err(|_| Refusal::Nonsense("a challenge that is no text".to_owned()))?;
        match &self.step {
            Step::First => Ok(Some(self.prove(text)?.into_bytes())),
            Step::Final { server_signature } => verify(text, server_signature).map(|()| None),
        }
    }
}

impl<'a> ServerFirst<'a> {
    /// Reads `r=…,s=…,i=…`; the nonce must begin with ours.
    fn parse(text: &'a str, nonce: &str) -> Result<Self, Refusal> {
        let shape =
            || Refusal::Nonsense("a challenge without nonce, salt or iterations".to_owned());
        let mut parts = text.split(',');
        let mut part =
            |name| parts.next().and_then(|part| part.strip_prefix(name)).ok_or_else(shape);
        let (server_nonce, salt, iterations) = (part("r=")?, part("s=")?, part("i=")?);
        if !server_nonce.starts_with(nonce) || server_nonce.len() == nonce.len() {
            return Err(Refusal::Nonsense("a nonce that does not extend ours".to_owned()));
        }
        let salt = BASE64_STANDARD.decode(salt).map_err(|_| shape())?;
        let iterations = iterations.parse().map_err(|_| shape())?;
        if !(MIN_ITERATIONS..=MAX_ITERATIONS).contains(&iterations) {
            return Err(Refusal::Nonsense(format!(
                "{iterations} iterations, not {MIN_ITERATIONS} to {MAX_ITERATIONS}"
            )));
        }
        Ok(Self { nonce: server_nonce, salt, iterations })
    }
}

/// Reads `v=…`, or `e=…` when the broker denies us.
fn verify(text: &str, expected: &[u8]) -> Result<(), Refusal> {
    if let Some(error) = text.strip_prefix("e=") {
        return Err(Refusal::Denied(error.to_owned()));
    }
    let signature = text.strip_prefix("v=").map(|rest| rest.split(',').next().unwrap_or(rest));
    let signature = signature.and_then(|text| BASE64_STANDARD.decode(text).ok());
    match signature {
        Some(signature) if signature == expected => Ok(()),
        _ => Err(Refusal::Unproven),
    }
}

/// PBKDF2 with one block (RFC 5802, `Hi`).
fn salted_password<H: EagerHash>(password: &str, server: &ServerFirst<'_>) -> Vec<u8> {
    let keyed = keyed::<H>(password.as_bytes());
    let mut round = keyed.clone().chain_update(&server.salt).chain_update([0, 0, 0, 1]).finalize();
    let mut salted = round.as_bytes().to_vec();
    for _ in 1..server.iterations {
        round = keyed.clone().chain_update(round.as_bytes()).finalize();
        for (sum, byte) in salted.iter_mut().zip(round.as_bytes()) {
            *sum ^= byte;
        }
    }
    salted
}

fn sign<H: EagerHash>(key: &[u8], text: &[u8]) -> Vec<u8> {
    keyed::<H>(key).chain_update(text).finalize().as_bytes().to_vec()
}

fn keyed<H: EagerHash>(key: &[u8]) -> Hmac<H> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn nonce() -> String {
    BASE64_STANDARD.encode(rand::random::<[u8; 24]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, section 3.
    const NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
    const CHALLENGE: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    const PROOF: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    const SIGNATURE: &str = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    fn credentials(username: &str) -> Credentials {
        Credentials { username: username.into(), password: Secret::new("pencil") }
    }

    fn example() -> Scram<Sha256> {
        let mut scram = Scram::new(&credentials("user"), NONCE.into());
        assert_eq!(scram.open(), format!("n,,n=user,r={NONCE}").into_bytes());
        scram
    }

    #[test]
    fn the_example_of_the_rfc() {
        let mut scram = example();
        let proof = scram.reply(CHALLENGE.as_bytes()).unwrap().unwrap();
        assert_eq!(String::from_utf8(proof).unwrap(), PROOF);
        assert_eq!(scram.reply(SIGNATURE.as_bytes()), Ok(None));
    }

    #[test]
    fn a_broker_that_does_not_know_the_password_is_refused() {
        let other = SIGNATURE.replace("6rri", "7rri");
        for answer in [other.as_str(), "v=", "v=???", "hello"] {
            let mut scram = example();
            scram.reply(CHALLENGE.as_bytes()).unwrap();
            assert_eq!(scram.reply(answer.as_bytes()), Err(Refusal::Unproven), "{answer}");
        }
        let mut scram = example();
        scram.reply(CHALLENGE.as_bytes()).unwrap();
        let denied = scram.reply(b"e=invalid-proof");
        assert_eq!(denied, Err(Refusal::Denied("invalid-proof".into())));
    }

    #[test]
    fn challenges_that_would_weaken_the_password_are_refused() {
        for challenge in [
            CHALLENGE.replace("4096", "1"),
            CHALLENGE.replace("4096", "4000000000"),
            CHALLENGE.replace("rOpr", "xOpr"),
            format!("r={NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
            CHALLENGE.replace("W22Z", "****"),
            String::new(),
        ] {
            let answer = example().reply(challenge.as_bytes());
            assert!(matches!(answer, Err(Refusal::Nonsense(_))), "{challenge}");
        }
    }

    #[test]
    fn names_with_signs_of_the_protocol_are_escaped() {
        let mut scram: Scram<Sha512> = Scram::new(&credentials("a=b,c"), "x".into());
        assert_eq!(scram.open(), b"n,,n=a=3Db=2Cc,r=x");
    }
}
