//! The parser and the formatter together: on golden files, on random texts, on real queries.

mod corpus;
mod dashboards;
mod fuzz_corpus;
mod golden;
mod mutate;
mod property;
mod tree;
