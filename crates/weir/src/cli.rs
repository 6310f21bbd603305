//! The command tree. One file a command under [`crate::command`]; a doc comment there is the help.

use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::command::{
    brokers, clusters, completion, config, demo, export, groups, help, import, keys, lookups, nrql,
    query, serve, sources, store, topics, version, why,
};
use crate::output::{ColorChoice, Format};

/// Watch Kafka: what runs, what lags, and by how much
///
/// Weir polls clusters over Kafka's own protocol, keeps what it sees, and answers NRQL about it on
/// a page, in the terminal and over HTTP.
#[derive(Debug, Parser)]
#[command(name = "weir", version, disable_help_subcommand = true)]
#[command(arg_required_else_help = true, subcommand_required = true)]
#[command(before_help = "\
Examples:
  weir demo
  weir serve --kafka localhost:9092
  weir groups lag
  weir query \"SELECT max(consumerLag) FROM KafkaConsumerSample FACET consumerGroup\"")]
#[command(
    after_help = "`weir help exit-codes`, `formats` and `env` explain what all commands share; \
                  `weir help nrql` is the language."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
pub struct GlobalArgs {
    /// Print data in this format
    #[arg(short, long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Format,
    /// Ask this server (default http://127.0.0.1:3000)
    #[arg(long, global = true, value_name = "URL", env = "WEIR_SERVER", hide_env_values = true)]
    pub server: Option<String>,
    /// Present this user key; not needed on the server's machine
    #[arg(long, global = true, value_name = "KEY", env = "WEIR_API_KEY", hide_env_values = true)]
    pub key: Option<String>,
    /// Wait this long for an answer
    #[arg(long, global = true, value_name = "DURATION", default_value = "30s")]
    #[arg(value_parser = weir_config::parse_duration)]
    pub timeout: Duration,
    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Serve(serve::ServeArgs),
    Demo(demo::DemoArgs),
    #[command(visible_alias = "q")]
    Query(query::QueryArgs),
    Why(why::WhyArgs),
    #[command(subcommand)]
    Nrql(nrql::NrqlCommand),
    #[command(subcommand, visible_alias = "c")]
    Clusters(clusters::ClustersCommand),
    #[command(subcommand, visible_alias = "b")]
    Brokers(brokers::BrokersCommand),
    #[command(subcommand, visible_alias = "t")]
    Topics(topics::TopicsCommand),
    #[command(subcommand, visible_alias = "g")]
    Groups(groups::GroupsCommand),
    #[command(subcommand)]
    Sources(sources::SourcesCommand),
    #[command(subcommand)]
    Lookups(lookups::LookupsCommand),
    #[command(subcommand)]
    Config(config::ConfigCommand),
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    #[command(subcommand)]
    Store(store::StoreCommand),
    Export(export::ExportArgs),
    Import(import::ImportArgs),
    Completion(completion::CompletionArgs),
    Version(version::VersionArgs),
    Help(help::HelpArgs),
}

/// Examples come before usage: they are what most readers of a help look for.
const TEMPLATE: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";
/// Of a command with neither details nor examples.
const TEMPLATE_PLAIN: &str = "\
{about-with-newline}
{usage-heading} {usage}

{all-args}{after-help}";

/// The whole tree as it parses, completes and documents.
pub fn command() -> clap::Command {
    with_template(Cli::command())
}

/// One help that fits a screen, for `-h` and `--help` alike: clap's long form spends four lines on an
/// option.
fn with_template(command: clap::Command) -> clap::Command {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    let details = long.strip_prefix(&about).unwrap_or(&long).trim();
    let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let parts: Vec<&str> = [details, &examples].into_iter().filter(|p| !p.is_empty()).collect();
    let template = if parts.is_empty() { TEMPLATE_PLAIN } else { TEMPLATE };
    command
        .long_about(None)
        .before_help(parts.join("\n\n"))
        .help_template(template)
        .mut_subcommands(with_template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_sound() {
        command().debug_assert();
    }

    /// A reader who copies an example must not get a usage error.
    #[test]
    fn every_example_parses() {
        let mut seen = 0;
        visit(&command(), &mut |command| {
            let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
            for line in examples.lines().filter_map(|line| line.strip_prefix("  weir ")) {
                let line = line.split(" > ").flat_map(|l| l.split(" >> ")).next().unwrap();
                let words = ["weir".to_owned()].into_iter().chain(shell_words(line));
                if let Err(error) = super::command().try_get_matches_from(words) {
                    panic!("weir {line}: {error}");
                }
                seen += 1;
            }
            let is_leaf = command.get_subcommands().next().is_none();
            assert!(!is_leaf || !examples.is_empty(), "`{}` has no example", command.get_name());
        });
        assert!(seen > 15);
    }

    #[test]
    fn help_is_imperative_and_without_full_stop() {
        visit(&command(), &mut |command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.ends_with('.'), "{}: {about}", command.get_name());
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty() && !help.ends_with('.'), "{}: {help}", arg.get_id());
            }
        });
    }

    fn visit(command: &clap::Command, see: &mut impl FnMut(&clap::Command)) {
        see(command);
        command.get_subcommands().for_each(|sub| visit(sub, see));
    }

    /// Words split at blanks outside double quotes.
    fn shell_words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                _ => words.last_mut().unwrap().push(c),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }
}
