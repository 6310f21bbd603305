//! Test harness: a real Kafka, a real Weir process; a dev-dependency only.
