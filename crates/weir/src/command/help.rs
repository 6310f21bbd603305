//! `weir help`: commands, and topics that belong to no command.

use clap::Args;
use weir_types::ErrorCode;

use crate::cli;
use crate::context::Context;
use crate::failure::Failure;

/// Explain a command or a topic
///
/// Topics: exit-codes, formats, env, and nrql, the language reference.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir help groups lag
  weir help exit-codes
  weir help nrql")]
pub struct HelpArgs {
    /// A command, or exit-codes, formats, env or nrql
    #[arg(value_name = "COMMAND|TOPIC")]
    pub topic: Vec<String>,
}

/// Name and text of what is not about one command.
pub const TOPICS: &[(&str, &str)] =
    &[("exit-codes", EXIT_CODES), ("formats", FORMATS), ("env", ENVIRONMENT)];

/// The language reference, which is made when it is asked for.
const NRQL: &str = "nrql";

const EXIT_CODES: &str = "\
Exit codes

   0  done
   1  failed
   2  usage: wrong option, wrong NRQL, wrong configuration
   4  no key, or one without the right
   5  not found
   6  no server answers, or not in time; what a source asks does not answer
 130  interrupted

A reader of stdout that leaves early (`weir topics list | head -1`) is no failure: the code is 0.
2 is usage, as in most tools; where another tool uses 2 for \"there are changes\", Weir does not.
";

const FORMATS: &str = "\
Formats

stdout is data and nothing else. Warnings, notes and errors go to stderr.

  -o table   for people. On a terminal the columns are fitted to its width: numbers stand right,
             long names are cut in the middle, sentences go on below; a narrow one leaves columns of
             less weight out, and stderr says how many. In a pipe all columns come tab-separated and
             whole. What is not known is `-`, never 0; `≥` is at least, `≈` about; an AGE that is
             `stale` is repeated from before.
  -o wide    the same with all columns, whatever the width of the terminal.
  -o json    every field, stable: snake_case, raw numbers with the unit in the name. Lists come as
             {\"schema\": \"weir/v1\", \"as_of_ms\", \"items\", \"truncated\", \"left_out_count\"}; `get` of one
             name prints the whole thing, `weir query` its rows as one array. What is not known is
             null.
  -o yaml    the same as JSON.
  -o csv     the columns of the table with raw numbers and a header. What is not known is empty.

With -o json an error is one object on stderr, {\"error\": {\"code\", \"message\", \"hint\"}}; the exit code
stays. Tables and pages are coloured on a terminal, and in a pipe where --color always or
CLICOLOR_FORCE asks for it. Where the locale is not UTF-8, icons fall back to x ! + ? and the signs to
`>=` and `~`.
";

const ENVIRONMENT: &str = "\
Environment

An option beats the environment, which beats weir.yaml.

  WEIR_SERVER        server to ask, as --server
  WEIR_API_KEY       user key to present, as --key
  WEIR_CREDENTIALS   credentials file of the owner; else weir/credentials.json in XDG_CONFIG_HOME
                     or ~/.config. `weir serve` keeps a key there while it runs
  NEW_RELIC_API_KEY  user key when there is no other
  WEIR_CONFIG        configuration file, as --config
  WEIR_KAFKA         cluster to watch instead of the file's sources, as --kafka
  WEIR_LISTEN, WEIR_DATA_DIR, WEIR_STORE_MEMORY_LIMIT and so on
                     keys of weir.yaml: the path in upper case, `_` for `.`
  NO_COLOR           no colour; --color beats it
  CLICOLOR_FORCE     colour in a pipe too, as --color always
  TERM=dumb          no colour
  COLUMNS            width of a terminal
";

pub fn run(args: &HelpArgs, context: &Context) -> Result<(), Failure> {
    // A command and the topic of most questions about it: the topic is the language.
    if args.topic.as_slice() == [NRQL] {
        return context.output.text(&weir_nrql::reference::markdown());
    }
    if let [word] = args.topic.as_slice()
        && let Some((_, text)) = TOPICS.iter().find(|(name, _)| name == word)
    {
        return context.output.text(text);
    }
    let mut command = cli::command();
    command.build();
    let mut found = &mut command;
    for word in &args.topic {
        let sub = found.find_subcommand_mut(word);
        found = sub.ok_or_else(|| unknown(word))?;
    }
    let help = found.render_help();
    let text =
        if context.output.terminal.color { help.ansi().to_string() } else { help.to_string() };
    context.output.text(&text)
}

fn unknown(word: &str) -> Failure {
    let topics: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).chain([NRQL]).collect();
    Failure::new(ErrorCode::InvalidRequest, format!("no command or topic `{word}`"))
        .with_hint(format!("`weir --help` lists the commands; topics: {}", topics.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_explained() {
        use ErrorCode::*;
        let codes = [
            InvalidRequest,
            InvalidQuery,
            Unauthenticated,
            PermissionDenied,
            NotFound,
            LimitExceeded,
            Timeout,
            Unavailable,
            Conflict,
            NotSupported,
            Internal,
        ];
        for code in codes {
            let line = format!("\n   {}  ", code.exit_code());
            assert!(EXIT_CODES.contains(&line), "{code:?}");
        }
    }
}
