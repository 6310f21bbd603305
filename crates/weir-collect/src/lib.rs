//! Sources: each polls what runs Kafka on its interval and turns the answers into events.
//!
//! One cycle of the `kafka` source: [`kafka::KafkaSource`] asks the cluster in a few named steps
//! (`kafka::fetch`), what it heard becomes events by pure functions (`kafka::map`), and the
//! runner ([`Sources`]) hands them to a [`weir_types::Sink`] as one batch. What was not answered is
//! repeated as stale where it was known before, absent where it was not, and named in the source's
//! status; it never blanks the rest.
//!
//! Layout:
//! - [`kafka`]: Kafka's own protocol, agentless
//! - [`source`]: what every source is to the runner, and what one cycle brings
//! - [`runner`]: one task a source: schedule, deadline, delivery; `delivery`: the sink and its back-off
//! - [`exposition`]: what a cycle knew as Prometheus text, in the names of other exporters
//! - `journal`: status of a source, and which of its changes are logged
//! - [`step`]: one step of trying a source out (`weir sources test`)
//!
//! Not here: storing events, reading configuration files, the wire protocol of Kafka (weir-kafka).

mod delivery;
pub mod exposition;
mod journal;
pub mod kafka;
pub mod runner;
pub mod source;
pub mod step;

pub use exposition::{Dialects, Exposition, ExpositionSlot};
pub use kafka::{
    Capabilities, Capability, CapabilityHandle, KafkaSource, KafkaSourceOptions, NameFilter,
    PartitionMapHandle, Past, Question, test_source,
};
pub use runner::{Sources, Surroundings};
pub use source::{Cycle, CycleReport, Source, SourceInfo};
pub use step::Step;
