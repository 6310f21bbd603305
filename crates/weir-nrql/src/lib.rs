//! NRQL as text: lexer, parser, AST, formatter and diagnostics.
//!
//! A text goes through [`parse`] and comes back as a tree in which every node knows its place, or
//! as findings with a code, a place and the next step. [`check`] finds what a well-formed tree
//! can't mean; [`analyze`] does both. [`format()`] turns a tree into text again.
//!
//! Layout:
//! - [`ast`], [`walk`]: the tree, and going through it
//! - `lexer`, `token`, `parser`: text to tree
//! - [`check`]: meaning that can be judged without data
//! - [`format()`]: tree to text
//! - [`function`], [`keyword`]: tables of what the language has
//! - [`complete`], [`hover`]: what an editor shows at the cursor
//! - [`mod@reference`]: the language reference as Markdown
//! - [`fuzzing`]: what must hold for any bytes
//! - [`code`], `findings`: how problems are told
//!
//! Not here: execution, look-ups that need data, any I/O.

pub mod ast;
mod check;
pub mod code;
mod complete;
#[cfg(test)]
mod editor_words;
mod findings;
mod format;
pub mod function;
pub mod fuzzing;
mod hover;
pub mod keyword;
mod lexer;
mod parser;
pub mod reference;
mod token;
pub mod walk;

pub use check::{MAX_FACETS, analyze, check};
pub use code::Code;
pub use complete::{StoredNames, complete};
pub use format::format;
pub use hover::hover;
pub use parser::{MAX_HEIGHT, MAX_NESTING, MAX_TEXT_BYTES, Parsed, parse, parse_query};
