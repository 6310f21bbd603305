//! The Kafka source against a real Apache Kafka. Without one every test is reported as ignored.

mod cluster;
mod hanging_broker;
mod lag;
mod probe;
mod support;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let trials: Vec<Trial> =
        [hanging_broker::trials(), lag::trials(), cluster::trials(), probe::trials()]
            .into_iter()
            .flatten()
            .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
