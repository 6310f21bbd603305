//! `weir`: Kafka monitoring in one binary.
//!
//! Arguments become a [`cli::Cli`]; each command turns what it learns into a table and a document,
//! and [`output`] prints one of them; what goes wrong becomes a [`failure::Failure`] with its exit
//! code. `weir serve` alone runs for long: [`serve`] joins the other crates into one process.
//!
//! Layout:
//! - [`cli`], [`command`]: the tree, one file a command
//! - [`entity`]: clusters, brokers, topics and groups as rows and pages
//! - [`output`], [`failure`]: stdout is data, stderr is everything else
//! - [`context`], [`credentials`], [`settings`]: which server, which key, which configuration
//! - [`logging`], [`heap`], [`serve`]: the server process
//!
//! Not here: anything another program could want to call; that is in the libraries.

mod cli;
mod command;
mod context;
mod credentials;
mod entity;
mod failure;
mod heap;
mod logging;
mod output;
#[cfg(test)]
mod reference_page;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use weir_types::ErrorCode;

use cli::{Cli, Command};
use context::Context;
use failure::Failure;
use output::{ColorChoice, Format, Terminal};

fn main() -> ExitCode {
    heap::keep_small();
    // An Err says that one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let context = Context::new(&cli.global);
    let ended = runtime(&cli.command).and_then(|runtime| runtime.block_on(run(cli, &context)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell(context.output.format == Format::Json, &context.output.terminal);
            ExitCode::from(failure.exit_code())
        }
    }
}

async fn run(cli: Cli, context: &Context) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(args) => command::serve::run(args, context).await,
        Command::Demo(args) => command::demo::run(args, context).await,
        Command::Query(args) => command::query::run(args, context).await,
        Command::Why(args) => command::why::run(args, context).await,
        Command::Nrql(command) => command::nrql::run(command, context),
        Command::Clusters(command) => command::clusters::run(command, context).await,
        Command::Brokers(command) => command::brokers::run(command, context).await,
        Command::Topics(command) => command::topics::run(command, context).await,
        Command::Groups(command) => command::groups::run(command, context).await,
        Command::Sources(command) => command::sources::run(command, context).await,
        Command::Lookups(command) => command::lookups::run(command, context).await,
        Command::Config(command) => command::config::run(command, context),
        Command::Keys(command) => command::keys::run(command, context),
        Command::Store(command) => command::store::run(command, context),
        Command::Export(args) => command::export::run(&args, context),
        Command::Import(args) => command::import::run(&args, context).await,
        Command::Completion(args) => command::completion::run(&args, context),
        Command::Version(args) => command::version::run(args, context),
        Command::Help(args) => command::help::run(&args, context),
    }
}

fn parse() -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&cli::command().try_get_matches()?)
}

/// Help and version are data; anything else is a usage error, which `-o json` wants as an object.
fn usage(error: &clap::Error) -> ExitCode {
    let is_error = error.use_stderr();
    if is_error
        && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        && wants_json()
    {
        let text = error.to_string();
        let message = text.trim_start_matches("error: ").trim_end();
        let failure = Failure::new(ErrorCode::InvalidRequest, message);
        failure.tell(true, &Terminal::detect(ColorChoice::Never));
    } else {
        // Nobody is left to tell when neither stream can be written.
        let _ = error.print();
    }
    ExitCode::from(if is_error { ErrorCode::InvalidRequest.exit_code() } else { 0 })
}

/// Read off the raw arguments, because they could not be parsed.
fn wants_json() -> bool {
    let args: Vec<String> = std::env::args().collect();
    let joined = ["-ojson", "-o=json", "--output=json"];
    args.iter().any(|arg| joined.contains(&arg.as_str()))
        || args
            .windows(2)
            .any(|pair| matches!(pair[0].as_str(), "-o" | "--output") && pair[1] == "json")
}

/// The server gets a thread a core, and so does what must hear Ctrl-C while it works; a command
/// that asks one question needs none.
fn runtime(command: &Command) -> Result<tokio::runtime::Runtime, Failure> {
    let mut builder = match command {
        Command::Serve(_) | Command::Demo(_) | Command::Import(_) => {
            tokio::runtime::Builder::new_multi_thread()
        }
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let started = builder.enable_all().build();
    started.map_err(|e| Failure::new(ErrorCode::Internal, format!("can't start threads: {e}")))
}
