//! A simulated Kafka cluster: answers Kafka's own protocol over TCP, for machines without a Kafka
//! and for sicknesses that a real one won't show on demand.
//!
//! A [`plan`] says what a cluster is made of, a [`script`] what happens to it; both with a seed and
//! a beginning make a [`World`], which computes whatever is asked for the moment it is asked about.
//! [`Sim`] opens one port a broker: a request is read, answered from the world by pure functions
//! (`answer`), delayed or broken as the script says, and sent back.
//!
//! Layout:
//! - [`plan`], [`script`]: the words to describe a cluster and its troubles in
//! - [`company`], [`story`]: the cluster of the demo in its sizes, one story a sickness
//! - `world`: leaders, offsets, commits as functions of time; [`PartitionTruth`], [`Durability`]: the
//!   exact lag, and what is lost or short of replicas
//! - `answer`: one file a request; [`release`]: which versions of them a release speaks
//! - `server`: ports, connections, faults, counts
//!
//! Not here: messages. Nobody can produce to or consume from a simulation.

mod answer;
pub mod company;
pub mod plan;
pub mod release;
pub mod script;
mod server;
pub mod story;
mod world;

pub use company::Size;
pub use plan::Plan;
pub use release::{NEWEST, OLDEST};
pub use script::Script;
pub use server::{RequestCounts, Sim, SimOptions};
pub use story::Story;
pub use world::{Durability, PartitionTruth, World};
