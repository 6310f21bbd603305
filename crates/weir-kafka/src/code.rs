//! The error codes of Kafka's protocol. What becomes of them is in `error`.

use std::fmt;

use kafka_protocol::error::{ParseResponseErrorCode, ResponseError};

/// An error code of Kafka's protocol (<https://kafka.apache.org/protocol#protocol_error_codes>).
/// Prints as its name and number; those that something here depends on are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KafkaCode(pub i16);

impl KafkaCode {
    pub const UNKNOWN_TOPIC_OR_PARTITION: Self = Self(3);
    pub const LEADER_NOT_AVAILABLE: Self = Self(5);
    pub const NOT_LEADER_OR_FOLLOWER: Self = Self(6);
    pub const COORDINATOR_NOT_AVAILABLE: Self = Self(15);
    pub const NOT_COORDINATOR: Self = Self(16);
    pub const TOPIC_AUTHORIZATION_FAILED: Self = Self(29);
    pub const GROUP_AUTHORIZATION_FAILED: Self = Self(30);
    pub const CLUSTER_AUTHORIZATION_FAILED: Self = Self(31);
    pub const UNSUPPORTED_SASL_MECHANISM: Self = Self(33);
    pub const ILLEGAL_SASL_STATE: Self = Self(34);
    pub const UNSUPPORTED_VERSION: Self = Self(35);
    pub const INVALID_REQUEST: Self = Self(42);
    pub const TRANSACTIONAL_ID_AUTHORIZATION_FAILED: Self = Self(53);
    pub const KAFKA_STORAGE_ERROR: Self = Self(56);
    pub const SASL_AUTHENTICATION_FAILED: Self = Self(58);
    pub const DELEGATION_TOKEN_AUTHORIZATION_FAILED: Self = Self(65);
    pub const GROUP_ID_NOT_FOUND: Self = Self(69);
    pub const FENCED_LEADER_EPOCH: Self = Self(74);
    pub const UNKNOWN_LEADER_EPOCH: Self = Self(75);
    pub const UNKNOWN_TOPIC_ID: Self = Self(100);

    /// `None` for 0, which is Kafka's "no error".
    pub fn from_answer(code: i16) -> Option<Self> {
        (code != 0).then_some(Self(code))
    }

    /// Kafka's own name, such as `NOT_COORDINATOR`; `UNKNOWN` for codes newer than this client.
    pub fn name(self) -> String {
        match self.0.err() {
            None => "NONE".to_owned(),
            Some(ResponseError::Unknown(_)) => "UNKNOWN".to_owned(),
            Some(known) => screaming(&format!("{known:?}")),
        }
    }

    /// Kafka's own judgement of whether the same request may succeed later.
    pub fn is_retryable(self) -> bool {
        self.0.err().is_some_and(|known| known.is_retriable())
    }

    /// One of the AUTHORIZATION_FAILED codes.
    pub fn is_denied(self) -> bool {
        matches!(
            self,
            Self::TOPIC_AUTHORIZATION_FAILED
                | Self::GROUP_AUTHORIZATION_FAILED
                | Self::CLUSTER_AUTHORIZATION_FAILED
                | Self::TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                | Self::DELEGATION_TOKEN_AUTHORIZATION_FAILED
        )
    }
}

impl fmt::Display for KafkaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.0)
    }
}

/// `NotCoordinator` as `NOT_COORDINATOR`.
fn screaming(camel: &str) -> String {
    let mut name = String::with_capacity(camel.len() + 8);
    for (at, letter) in camel.char_indices() {
        if at > 0 && letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_called_as_kafka_calls_them() {
        let named = [
            (KafkaCode::UNKNOWN_TOPIC_OR_PARTITION, "UNKNOWN_TOPIC_OR_PARTITION"),
            (KafkaCode::LEADER_NOT_AVAILABLE, "LEADER_NOT_AVAILABLE"),
            (KafkaCode::NOT_LEADER_OR_FOLLOWER, "NOT_LEADER_OR_FOLLOWER"),
            (KafkaCode::COORDINATOR_NOT_AVAILABLE, "COORDINATOR_NOT_AVAILABLE"),
            (KafkaCode::NOT_COORDINATOR, "NOT_COORDINATOR"),
            (KafkaCode::TOPIC_AUTHORIZATION_FAILED, "TOPIC_AUTHORIZATION_FAILED"),
            (KafkaCode::GROUP_AUTHORIZATION_FAILED, "GROUP_AUTHORIZATION_FAILED"),
            (KafkaCode::CLUSTER_AUTHORIZATION_FAILED, "CLUSTER_AUTHORIZATION_FAILED"),
            (KafkaCode::UNSUPPORTED_SASL_MECHANISM, "UNSUPPORTED_SASL_MECHANISM"),
            (KafkaCode::ILLEGAL_SASL_STATE, "ILLEGAL_SASL_STATE"),
            (KafkaCode::UNSUPPORTED_VERSION, "UNSUPPORTED_VERSION"),
            (KafkaCode::INVALID_REQUEST, "INVALID_REQUEST"),
            (
                KafkaCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
            ),
            (KafkaCode::KAFKA_STORAGE_ERROR, "KAFKA_STORAGE_ERROR"),
            (KafkaCode::SASL_AUTHENTICATION_FAILED, "SASL_AUTHENTICATION_FAILED"),
            (
                KafkaCode::DELEGATION_TOKEN_AUTHORIZATION_FAILED,
                "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
            ),
            (KafkaCode::GROUP_ID_NOT_FOUND, "GROUP_ID_NOT_FOUND"),
            (KafkaCode::FENCED_LEADER_EPOCH, "FENCED_LEADER_EPOCH"),
            (KafkaCode::UNKNOWN_LEADER_EPOCH, "UNKNOWN_LEADER_EPOCH"),
            (KafkaCode::UNKNOWN_TOPIC_ID, "UNKNOWN_TOPIC_ID"),
        ];
        for (code, name) in named {
            assert_eq!(code.name(), name);
        }
        assert_eq!(KafkaCode::GROUP_ID_NOT_FOUND.to_string(), "GROUP_ID_NOT_FOUND (69)");
        assert_eq!(KafkaCode::from_answer(0), None);
    }
}
