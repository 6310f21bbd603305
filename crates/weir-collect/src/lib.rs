//! Sources: polls what runs Kafka and turns the answers into events
