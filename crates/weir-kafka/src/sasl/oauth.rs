//! OAUTHBEARER (RFC 7628, KIP-255): a token somebody else vouches for.

use std::{fmt, path::PathBuf};

use weir_types::{BoxFuture, Secret};

use super::{Conversation, Refusal};

/// A bearer token, as the identity provider wrote it.
#[derive(Debug, Clone)]
pub struct Token(pub Secret);

/// The token, or why there is none, as a fragment without secrets.
pub type Fetching<'a> = BoxFuture<'a, Result<Token, String>>;

/// Where tokens come from. Asked at each authentication, so also before a session ends; it should
/// keep a token that is still good for some time, because many connections ask at once.
pub trait TokenProvider: fmt::Debug + Send + Sync {
    fn token(&self) -> Fetching<'_>;
}

/// A file that something else keeps fresh, as Kubernetes does with projected tokens; read anew for
/// each authentication.
#[derive(Debug, Clone)]
pub struct TokenFile {
    pub path: PathBuf,
}

/// Our side of the mechanism.
pub(super) struct Bearer {
    first: String,
    complaint: Option<String>,
}

impl TokenProvider for TokenFile {
    fn token(&self) -> Fetching<'_> {
        Box::pin(async move {
            let path = self.path.display();
            let text = tokio::fs::read_to_string(&self.path).await.map_err(|error| {
                format!("cannot read {path}: {error}: correct `token_file`, or its permissions")
            })?;
            match text.trim() {
                "" => Err(format!("{path} is empty: see to what writes the token there")),
                token => Ok(Token(Secret::new(token))),
            }
        })
    }
}

impl Bearer {
    /// Refuses what could not be one token, such as a file of several lines.
    pub(super) fn new(token: &Token) -> Result<Self, String> {
        let text = token.0.reveal();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("the token has characters no token has: it must stand alone".to_owned());
        }
        Ok(Self { first: format!("n,,\x01auth=Bearer {text}\x01\x01"), complaint: None })
    }
}

impl Conversation for Bearer {
    fn open(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.first).into_bytes()
    }

    /// Nothing when all is well; else a JSON text, which we must answer before the broker says no.
    fn reply(&mut self, challenge: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        if challenge.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(challenge).into_owned();
        match self.complaint.replace(text) {
            None => Ok(Some(vec![1])),
            Some(first) => Err(Refusal::Denied(first)),
        }
    }

    fn complaint(&self) -> Option<&str> {
        self.complaint.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(token: &str) -> Result<Bearer, String> {
        Bearer::new(&Token(Secret::new(token)))
    }

    #[test]
    fn a_token_is_one_message() {
        let mut bearer = bearer("abc.def").unwrap();
        assert_eq!(bearer.open(), b"n,,\x01auth=Bearer abc.def\x01\x01");
        assert_eq!(bearer.reply(b""), Ok(None));
    }

    #[test]
    fn a_refusal_is_acknowledged_once_and_kept() {
        let mut bearer = bearer("abc").unwrap();
        assert_eq!(bearer.reply(br#"{"status":"invalid_token"}"#), Ok(Some(vec![1])));
        assert_eq!(bearer.complaint(), Some(r#"{"status":"invalid_token"}"#));
        assert!(matches!(bearer.reply(b"again"), Err(Refusal::Denied(_))));
    }

    #[test]
    fn what_cannot_be_one_token_is_refused_before_it_is_sent() {
        for text in ["", "two\nlines", "a\x01auth=Bearer other"] {
            assert!(bearer(text).is_err());
        }
    }

    #[tokio::test]
    async fn a_token_file_is_read_each_time_and_named_when_it_cannot_be() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let tokens = TokenFile { path: file.path().to_owned() };
        let empty = tokens.token().await.unwrap_err();
        assert!(empty.ends_with("is empty: see to what writes the token there"), "{empty}");
        for text in ["first", "second"] {
            std::fs::write(file.path(), format!("{text}\n")).unwrap();
            assert_eq!(tokens.token().await.unwrap().0.reveal(), text);
        }
        let missing = TokenFile { path: "/no/such/token".into() }.token().await.unwrap_err();
        assert!(missing.starts_with("cannot read /no/such/token"), "{missing}");
        assert!(missing.contains("correct `token_file`"), "{missing}");
    }
}
