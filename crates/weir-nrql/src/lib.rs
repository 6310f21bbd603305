//! NRQL as text: lexer, parser, AST and diagnostics.
//!
//! A text goes through [`parse`] and comes back as a tree in which every node knows its place, or
//! as findings with a code, a place and the next step. What a tree means is not decided here.
//!
//! Not here: execution, schema look-ups that need data, any I/O.

pub mod ast;
