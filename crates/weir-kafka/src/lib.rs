//! Kafka protocol client for monitoring
