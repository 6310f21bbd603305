//! The parser and the formatter together: on golden files, on random texts, on real queries.

mod corpus;
mod golden;
mod property;
mod seed;
mod tree;
