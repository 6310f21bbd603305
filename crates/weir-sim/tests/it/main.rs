//! A running simulation, read by Weir's own client and by clients nobody here wrote. Where these
//! can not be installed their tests are reported as ignored, by name.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod asked;
mod collector;
mod exposition;
mod faults;
mod forecasts;
mod foreign;
mod lag;
mod reads;
mod stage;
mod stories;
mod storm;
mod told;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let mut tests = vec![
        own("offsets_and_commits_are_the_worlds_own", reads::offsets),
        own("every_release_is_recognised", reads::releases),
        own("members_and_assignments", reads::members),
        own("topics_configs_and_quorum", reads::settings),
        own("requests_do_not_grow_with_the_cluster", reads::budget),
        own("a_dead_broker_refuses_and_returns_on_its_port", faults::dies_and_returns),
        own("a_slow_broker_is_slow_alone", faults::slow),
        own("a_broker_that_hangs_says_nothing", faults::hangs),
        own("every_fault_on_the_wire_is_an_error_to_the_client", faults::babbles),
        own("bytes_that_are_no_request_end_their_connection_alone", faults::garbage),
        own("a_denied_right_is_named", faults::denied),
        own("a_plaintext_listener_takes_no_sasl", faults::sasl_on_plaintext),
        own("collected_lag_is_true_when_healthy", lag::healthy),
        own("collected_lag_is_true_of_a_stalled_group", lag::stalled_group),
        own("collected_lag_is_true_of_a_stuck_partition", lag::stuck_partition),
        own("collected_lag_is_true_after_a_rewind", lag::rewind),
        own("collected_lag_is_true_in_a_burst", lag::burst),
        own("collected_lag_is_true_through_the_demo", lag::demo),
        own("collected_lag_is_true_when_the_rate_changes", lag::rate_changes),
        own("collected_lag_is_true_on_a_compacted_log", lag::compacted_log),
        own("retention_overtakes_a_group_when_foretold", forecasts::retention_overtakes),
        own("a_group_catches_up_when_foretold", forecasts::catch_up),
        own("a_group_nobody_reads_with_is_abandoned", forecasts::abandoned),
        own("one_request_a_group_before_kafka_3_is_bounded_and_said", collector::before_kafka_3),
        own("log_dirs_without_a_code_are_denied", collector::denied_before_kafka_3_2),
        own("the_lag_of_share_groups_is_told_or_unknown", collector::share_groups),
        own("groups_of_all_types_fit_the_budget", collector::budget_of_all_group_types),
        own("groups_without_share_groups_fit_the_budget", collector::budget_with_streams_groups),
        own("ten_thousand_topics_are_sick_in_part", collector::ten_thousand_topics),
        own("members_of_streams_groups_hold_what_their_tasks_read", collector::streams_members),
    ];
    tests.push(own("a_reassignment_is_no_under_replication", asked::reassignment));
    tests.push(own("ten_times_the_cluster_takes_as_many_requests", asked::ten_times_the_cluster));
    tests.push(own("nothing_is_asked_of_what_nobody_watches", asked::only_what_is_watched));
    tests.push(own("a_broker_that_is_missed_is_asked_about_at_once", asked::fenced_broker));
    tests.push(own("what_is_told_through_every_story_is_true", stories::every_one));
    tests.push(own("three_days_of_faults_leave_nothing_behind", storm::three_days));
    tests.push(own("kafkas_series_are_those_of_the_cycles_samples", exposition::parity));
    tests.push(own("what_a_dead_broker_knew_has_no_series", exposition::dead_broker));
    tests.extend(exposition::parser_trial());
    tests.extend(foreign::trials());
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn own(name: &str, test: fn() -> anyhow::Result<()>) -> Trial {
    Trial::test(name, move || Ok(test().map_err(|error| format!("{error:#}"))?))
}
