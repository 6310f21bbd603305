//! The client against a real Apache Kafka of three brokers. Without one these tests are reported
//! as ignored, by name; the replay of the fuzz target's corpus needs none.

mod cluster;
mod corpus;
mod groups;
mod reach;
mod rights;
mod security;
mod topics;

use std::sync::{PoisonError, RwLock};

use anyhow::{Context, Result};
use libtest_mimic::{Arguments, Trial};
use weir_kafka::{BrokerAddress, Client, ClientOptions};
use weir_testkit::{KafkaEnv, kafka_trial};

use crate::security::SecureEnv;

/// Held for reading by tests that want all brokers well, for writing by those that hurt one.
static BROKERS: RwLock<()> = RwLock::new(());

fn main() {
    let tests = vec![
        Trial::test("the_corpus_of_the_fuzz_target", || {
            corpus::replay().map_err(|error| format!("{error:#}").into())
        }),
        shared("metadata_names_brokers_topics_and_leaders", topics::metadata),
        shared("offsets_of_all_partitions_take_one_request_a_leader", topics::ends),
        shared("a_moved_leader_is_found_again", topics::moved_leader),
        shared("the_latest_timestamp_of_a_partition", topics::max_timestamp),
        shared("an_unknown_topic_fails_alone", topics::unknown_topic),
        shared("chosen_configs_of_many_topics", topics::configs),
        shared("the_quorum_has_a_leader", topics::quorum),
        shared("the_release_is_guessed_from_the_versions", topics::release),
        shared("commits_of_many_groups_take_one_request_a_coordinator", groups::commits),
        shared("members_of_a_classic_group", groups::classic_members),
        shared("members_of_a_kip_848_group", groups::consumer_members),
        shared("members_of_a_share_group", groups::share_members),
        shared("groups_of_the_wrong_kind_or_gone_are_dead", groups::gone),
        shared("tls_with_the_brokers_authority", reach::tls),
        shared("tls_without_the_brokers_authority", reach::untrusted),
        shared(reach::SYSTEM_ROOTS, reach::system_roots),
        shared("tls_by_a_name_the_certificate_lacks", reach::wrong_name),
        shared("plaintext_to_a_tls_port", reach::plaintext_to_tls),
        shared("tls_to_a_plaintext_port", reach::tls_to_plaintext),
        shared("a_dead_bootstrap_address_is_passed_over", reach::bootstrap),
        shared("registered_brokers", cluster::registered),
        shared("sizes_of_replicas_and_room_on_disks", cluster::log_dirs),
        shared("a_reassignment_in_progress", cluster::reassignment),
        shared("chosen_configs_of_brokers", cluster::broker_configs),
        secure("each_sasl_mechanism", security::mechanisms),
        secure("a_wrong_password", security::wrong_password),
        secure("a_mechanism_that_is_not_enabled", security::mechanism_not_enabled),
        secure("sasl_at_cross_purposes", security::cross_purposes),
        secure("a_token_file_that_is_replaced", security::token_file),
        secure("sessions_are_renewed_on_their_connections", security::renewal),
        secure("sessions_that_end_with_their_token_are_renewed", security::token_renewal),
        secure("a_session_is_renewed_after_its_end", security::late_renewal),
        secure("mutual_tls", security::mutual_tls),
        secure("refusals_name_what_the_right_is_missing_on", rights::denied),
        secure("a_right_on_one_topic_shows_it_alone", rights::granted),
        alone("a_broker_that_hangs_costs_one_timeout", reach::stopped_broker),
        alone("a_broker_that_hangs_is_fenced", cluster::fenced),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn shared(name: &str, test: fn(&KafkaEnv) -> Result<()>) -> Trial {
    shared_with(name, test)
}

fn shared_with(name: &str, test: impl FnOnce(&KafkaEnv) -> Result<()> + Send + 'static) -> Trial {
    kafka_trial(name, move |env| {
        let _well = BROKERS.read().unwrap_or_else(PoisonError::into_inner);
        test(env)
    })
}

/// On listeners that only `cluster.sh --secure` has.
fn secure(name: &str, test: fn(&KafkaEnv, &SecureEnv) -> Result<()>) -> Trial {
    let secure = SecureEnv::from_env();
    let missing = secure.is_none();
    let trial = shared_with(name, move |env| {
        test(env, &secure.context("the test cluster was started without --secure")?)
    });
    trial.with_ignored_flag(missing)
}

fn alone(name: &str, test: fn(&KafkaEnv) -> Result<()>) -> Trial {
    kafka_trial(name, move |env| {
        let _mine = BROKERS.write().unwrap_or_else(PoisonError::into_inner);
        test(env)
    })
}

/// Addresses of a comma-separated list.
fn addresses(list: &str) -> Vec<BrokerAddress> {
    list.split(',').map(|one| one.parse().expect("the cluster script prints addresses")).collect()
}

fn client(list: &str) -> Client {
    Client::new(ClientOptions::new(addresses(list))).expect("plaintext needs no files")
}

/// Runs a test's requests to their end.
fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be built").block_on(future)
}

/// The failure a test is about.
fn failure<T, E>(result: Result<T, E>) -> Result<E> {
    result.err().context("what was to fail has succeeded")
}
