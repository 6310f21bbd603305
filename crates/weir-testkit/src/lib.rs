//! What tests of several crates need around them: a real Apache Kafka with its own command line
//! tools, and a real Weir process. A dev-dependency only.
//!
//! `dev/kafka/cluster.sh` starts the brokers and says where they are in the environment
//! ([`KafkaEnv::from_env`]); where it could not, [`kafka_trial`] reports its tests as ignored, by
//! name. [`WeirProcess`] starts the binary a test was built with and talks HTTP to it.
//!
//! Layout:
//! - [`kafka`]: the brokers and Kafka's tools; `describe`: the table of `--describe` as rows
//! - [`golden`](mod@golden): committed files that are made from the code
//! - [`own_cluster`]: a cluster for one test that stops or kills brokers, or wants an older release
//! - [`python`]: a Python with pinned packages, for tests against other programs
//! - [`say`](mod@say): numbers that a passing test shows too
//! - [`wait`]: asking until something is so
//! - [`weir`]: one `weir serve` process; [`http`]: the few requests tests send to it
//!
//! Not here: anything a shipped crate uses, and any assertion about Weir's answers.

mod describe;
pub mod golden;
pub mod http;
pub mod kafka;
pub mod own_cluster;
pub mod python;
pub mod say;
pub mod wait;
pub mod weir;

pub use describe::GroupRow;
pub use golden::golden;
pub use kafka::{KafkaEnv, kafka_trial, unique_name};
pub use own_cluster::OwnCluster;
pub use say::say;
pub use wait::{eventually, eventually_async};
pub use weir::WeirProcess;
