//! One file a command: its arguments, whose doc comments are the help, and what it does. What
//! several do alike is in [`noun`] and [`query_text`].

pub mod brokers;
pub mod clusters;
pub mod completion;
pub mod config;
pub mod demo;
pub mod export;
pub mod groups;
pub mod help;
pub mod import;
pub mod keys;
pub mod lag;
pub mod lookups;
pub mod noun;
pub mod nrql;
pub mod query;
pub mod query_text;
pub mod serve;
pub mod sources;
pub mod store;
pub mod topics;
pub mod version;
pub mod why;

use weir_api::List;
#[cfg(not(feature = "parquet"))]
use weir_types::ErrorCode;

use crate::context::Context;
use crate::entity::Noun;
#[cfg(not(feature = "parquet"))]
use crate::failure::Failure;

/// What is shown may not be all there is, and nothing may be an answer too: both are said.
fn tell_about<N: Noun>(list: &List<N>, is_picky: bool, cluster: Option<&str>, context: &Context) {
    let (noun, event) = (N::MANY, N::EVENT);
    if list.left_out_count > 0 {
        let shown = list.items.len() as u64;
        let all = shown + list.left_out_count;
        context.output.warn(&format!(
            "only {shown} of {all} {noun} are shown: `weir {noun} list --limit N` shows more"
        ));
    }
    if list.items.is_empty() && is_picky {
        context.output.note(&format!("no {noun} like that"));
    } else if list.items.is_empty() {
        let of_cluster = cluster.map(|name| format!(" --cluster {name}")).unwrap_or_default();
        context.output.note(&format!("no {noun}: `weir why {event}{of_cluster}` says why"));
    }
}

/// What a build without Parquet says where it is asked for.
#[cfg(not(feature = "parquet"))]
fn without_parquet() -> Failure {
    let failure = Failure::new(ErrorCode::NotSupported, "this build of weir has no Parquet");
    failure.with_hint("build one with `cargo build --release -p weir --features parquet`")
}
