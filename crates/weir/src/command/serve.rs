//! `weir serve`.

use clap::Args;

use crate::context::Context;
use crate::failure::Failure;
use crate::{logging, settings};

/// Watch clusters, keep what is seen, answer queries
///
/// Without a configuration file or --kafka it takes events over HTTP and watches nothing. The first
/// start prints a user key and an ingest key, once. SIGTERM and Ctrl-C stop it cleanly.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir serve --kafka localhost:9092
  weir serve --config weir.yaml --listen 127.0.0.1:3100 --data /var/lib/weir")]
#[command(after_help = "\
Exit codes:
  0  stopped as asked
  1  could not start: port taken, data folder in use or not writable
  2  wrong option or configuration
  4  no permission for the port")]
pub struct ServeArgs {
    #[command(flatten)]
    pub config: settings::ConfigArgs,
    /// Listen here (default 127.0.0.1:3000)
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Keep data in this folder (default ./weir-data)
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Watch this cluster instead of the sources of the file
    #[arg(long, value_name = "HOST:PORT,...")]
    pub kafka: Option<String>,
    /// Serve the API without the pages
    #[arg(long)]
    pub no_ui: bool,
}

pub async fn run(args: ServeArgs, context: &Context) -> Result<(), Failure> {
    let flags = settings::flags(&[
        ("listen", "--listen", args.listen.as_ref()),
        ("data_dir", "--data", args.data.as_ref()),
        ("kafka", "--kafka", args.kafka.as_ref()),
    ]);
    let loaded = settings::load(args.config.config.as_deref(), &flags)?;
    logging::start(&loaded.config.log, &context.output.terminal);
    for problem in &loaded.warnings.problems {
        tracing::warn!(key = problem.key, problem = problem.message, "configuration");
    }
    Ok(crate::serve::run(loaded.config, !args.no_ui).await?)
}
