//! The Kafka source against a real Apache Kafka. Without one every test is reported as ignored.

mod budget;
mod cluster;
mod hanging_broker;
mod lag;
mod lag_seconds;
mod new_groups;
mod older_release;
mod probe;
mod rights;
mod support;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let all = [
        budget::trials(),
        hanging_broker::trials(),
        lag::trials(),
        lag_seconds::trials(),
        new_groups::trials(),
        older_release::trials(),
        cluster::trials(),
        probe::trials(),
        rights::trials(),
    ];
    let trials: Vec<Trial> = all.into_iter().flatten().collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
