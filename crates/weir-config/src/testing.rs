//! Short ways to a configuration or its problems, for the tests of this crate. `${env:PASSWORD}` is
//! there.

use crate::config::{Config, File, Flag, Input, Loaded, load};
use crate::problem::{Problem, Report};

pub fn config(text: &str) -> Config {
    load_with(text, &[]).unwrap_or_else(|report| panic!("{report}")).config
}

pub fn config_with(text: &str, key: &'static str, name: &'static str, value: &str) -> Loaded {
    let flags = [Flag { key, name, value: value.to_owned() }];
    load_with(text, &flags).unwrap_or_else(|report| panic!("{report}"))
}

/// All problems, in the order of the file.
pub fn problems(text: &str) -> Vec<Problem> {
    report(text).problems
}

pub fn report(text: &str) -> Report {
    load_with(text, &[]).expect_err(text)
}

/// The only problem.
pub fn problem(text: &str) -> Problem {
    only(problems(text))
}

pub fn problem_with(text: &str, key: &'static str, name: &'static str, value: &str) -> Problem {
    let flags = [Flag { key, name, value: value.to_owned() }];
    only(load_with(text, &flags).expect_err(text).problems)
}

fn only(mut problems: Vec<Problem>) -> Problem {
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

fn load_with(text: &str, flags: &[Flag]) -> Result<Loaded, Report> {
    let file = Some(File { name: "weir.yaml".to_owned(), text: text.to_owned() });
    let env = |name: &str| (name == "PASSWORD").then(|| "hunter2".to_owned());
    load(&Input { file, flags, env: &env })
}
