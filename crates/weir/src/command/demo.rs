//! `weir demo`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use weir_config::{Config, File, Input};
use weir_sim::{Sim, SimOptions, Size};
use weir_types::{Clock, ErrorCode, SystemClock, Timestamp};

use crate::context::Context;
use crate::failure::Failure;
use crate::{logging, settings};

/// The simulated brokers that the source is told of; they know the others.
const BOOTSTRAP_BROKERS: usize = 3;
/// The cost of an answer grows with the age of the story.
const OLDEST_BEGIN: Duration = Duration::from_secs(30 * 86_400);
/// Whole weeks of it are whole rounds of the story and keep the time of day, which traffic follows.
const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// Settings of real clusters that may stand in the environment and must not reach the simulation.
const IGNORED_VARIABLES: [&str; 3] = ["WEIR_KAFKA", "WEIR_DATA_DIR", "WEIR_ENVIRONMENT"];

/// Watch a simulated cluster: no Kafka needed
///
/// Starts a simulated Kafka cluster on this machine and the whole of Weir around it, with the page,
/// queries and keys of `weir serve`. All data is simulated and carries `environment` = `demo`.
///
/// A story of ten minutes repeats: at 0:45 the group orders-enricher stalls, at 2:00 broker 5 dies
/// and takes a partition of legacy.erp-export offline, at 5:00 both recover; then a replica falls
/// behind, a group is rewound, a broker is slow. The simulated brokers speak Kafka's protocol, so
/// other clients can read them too; they hold no messages. A story that began more than 30 days ago
/// is moved by whole weeks.
#[derive(Debug, Args)]
#[command(before_help = "\
Examples:
  weir demo
  weir demo --at 3m --listen 127.0.0.1:3100
  weir demo --size large --seed 7
  weir demo --at 2026-01-05T09:00:00Z --data ./demo-data")]
#[command(after_help = "\
Exit codes:
  0  stopped as asked
  1  could not start: port taken, data folder in use or not writable
  2  wrong option")]
pub struct DemoArgs {
    /// Simulate this cluster; the same number gives the same cluster
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Simulate a cluster of this size
    #[arg(long, value_name = "SIZE", value_enum, default_value_t)]
    pub size: DemoSize,
    /// Begin the story at this time, or this long ago (default now)
    #[arg(long, value_name = "TIME", value_parser = Begin::parse)]
    pub at: Option<Begin>,
    /// Listen here (default 127.0.0.1:3000)
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Keep data in this folder (default: a temporary one, removed at the end)
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DemoSize {
    /// 6 brokers, 24 topics, 19 groups
    #[default]
    Small,
    /// 12 brokers, 12,000 partitions, 2,000 groups
    Large,
    /// 24 brokers, 10,000 topics, 1,000 groups
    #[value(name = "10k")]
    TenThousandTopics,
}

/// When the story begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    Ago(Duration),
    At(Timestamp),
}

pub async fn run(args: DemoArgs, context: &Context) -> Result<(), Failure> {
    let now = SystemClock.now();
    let begin = args.at.map_or(Ok(now), |asked| asked.resolve(now))?;
    let sim = start(&args, begin).await?;
    let temporary = tempfile::Builder::new().prefix("weir-demo-").tempdir().map_err(|error| {
        let message = format!("can't make a temporary folder: {error}");
        Failure::new(ErrorCode::Internal, message).with_hint("set TMPDIR to a folder you may write")
    })?;
    let data = args.data.unwrap_or_else(|| temporary.path().display().to_string());
    let config = load(&sim, args.size.interval(), args.listen.as_ref(), &data)?;
    logging::start(&config.log, &context.output.terminal);
    context.output.note(&introduction(&sim, args.seed));
    if let Some(weeks) = args.at.map(|asked| asked.weeks_before(begin, now)).filter(|it| *it > 0) {
        context.output.note(&format!("The story begins {weeks} weeks later than --at says"));
    }
    let served = crate::serve::run(config, true).await;
    sim.stop().await;
    Ok(served?)
}

async fn start(args: &DemoArgs, begin: Timestamp) -> Result<Sim, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let size = args.size.into();
    let options = SimOptions { size, begin, ..SimOptions::new(args.seed, clock) };
    Sim::start(options).await.map_err(|error| {
        let message = format!("can't open the ports of the simulated brokers: {error}");
        Failure::new(ErrorCode::Internal, message)
    })
}

fn load(
    sim: &Sim,
    interval: &str,
    listen: Option<&String>,
    data: &String,
) -> Result<Config, Failure> {
    let flags =
        settings::flags(&[("listen", "--listen", listen), ("data_dir", "--data", Some(data))]);
    let is_read = |name: &str| !IGNORED_VARIABLES.contains(&name);
    let env = |name: &str| is_read(name).then(|| std::env::var(name).ok()).flatten();
    let text = config(sim.bootstrap(), interval);
    let file = File { name: "the demo's configuration".into(), text };
    Ok(weir_config::load(&Input { file: Some(file), flags: &flags, env: &env })?.config)
}

/// What a user of the simulated cluster would write.
fn config(brokers: &[SocketAddr], interval: &str) -> String {
    let bootstrap: Vec<String> =
        brokers.iter().take(BOOTSTRAP_BROKERS).map(ToString::to_string).collect();
    format!(
        "environment: demo\n\
         sources:\n  - kafka:\n      name: demo\n      bootstrap: [{}]\n      interval: {interval}\n",
        bootstrap.join(", ")
    )
}

fn introduction(sim: &Sim, seed: u64) -> String {
    let (world, first) = (sim.world(), sim.bootstrap().first());
    format!(
        "All data is simulated (seed {seed}): {} brokers, {} partitions; Kafka's protocol at {}",
        world.broker_ids().len(),
        world.partition_count(),
        first.map(ToString::to_string).unwrap_or_default(),
    )
}

impl DemoSize {
    /// How often the cluster is asked: what it has to say must also be stored.
    fn interval(self) -> &'static str {
        match self {
            DemoSize::Small => "5s",
            DemoSize::Large | DemoSize::TenThousandTopics => "30s",
        }
    }
}

impl Begin {
    fn parse(text: &str) -> Result<Begin, String> {
        if let Ok(ago) = weir_config::parse_duration(text) {
            return Ok(Begin::Ago(ago));
        }
        match text.parse::<jiff::Timestamp>() {
            Ok(at) => Ok(Begin::At(Timestamp::from_millis(at.as_millisecond()))),
            Err(_) => Err("write a time as 2026-01-05T09:00:00Z, or how long ago as 3m".into()),
        }
    }

    /// At most 30 days ago: what is older is moved by whole weeks.
    fn resolve(self, now: Timestamp) -> Result<Timestamp, Failure> {
        let asked = self.asked(now);
        if asked > now {
            return Err(Failure::new(ErrorCode::InvalidRequest, "--at is in the future")
                .with_hint("name a time that has passed, or how long ago the story began, as 3m"));
        }
        let oldest = now.saturating_sub(OLDEST_BEGIN);
        if asked >= oldest {
            return Ok(asked);
        }
        let beyond = i128::from(asked.as_millis()) - i128::from(oldest.as_millis());
        let into_the_week = beyond.rem_euclid(WEEK.as_millis() as i128);
        Ok(oldest.saturating_add(Duration::from_millis(into_the_week as u64)))
    }

    /// By how many weeks `begin` is later than asked for.
    fn weeks_before(self, begin: Timestamp, now: Timestamp) -> u64 {
        begin.since(self.asked(now)).as_secs() / WEEK.as_secs()
    }

    fn asked(self, now: Timestamp) -> Timestamp {
        match self {
            Begin::Ago(ago) => now.saturating_sub(ago),
            Begin::At(at) => at,
        }
    }
}

impl From<DemoSize> for Size {
    fn from(size: DemoSize) -> Size {
        match size {
            DemoSize::Small => Size::Small,
            DemoSize::Large => Size::Large,
            DemoSize::TenThousandTopics => Size::TenThousandTopics,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_configuration_is_one() {
        let brokers: Vec<SocketAddr> =
            (1..=6).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect();
        let file = File { name: "demo".into(), text: config(&brokers, "5s") };
        let input = Input { file: Some(file), flags: &[], env: &|_| None };
        let config = weir_config::load(&input).unwrap().config;
        assert_eq!((config.environment.as_str(), config.sources.len()), ("demo", 1));
        assert_eq!(config.sources[0].name(), "demo");
    }

    #[test]
    fn a_beginning_is_a_time_or_an_age() {
        let now = Timestamp::from_millis(1_767_603_600_000);
        let resolve = |text: &str| Begin::parse(text).unwrap().resolve(now).map_err(|e| e.message);
        assert_eq!(resolve("3m"), Ok(Timestamp::from_millis(1_767_603_420_000)));
        assert_eq!(resolve("2026-01-05T08:00:00Z"), Ok(Timestamp::from_millis(1_767_600_000_000)));
        assert_eq!(resolve("2026-01-05T10:00:00Z"), Err("--at is in the future".into()));
        let old = Begin::parse("2020-01-05T08:00:00Z").unwrap();
        let begin = old.resolve(now).unwrap();
        assert_eq!(begin, Timestamp::from_millis(1_765_094_400_000), "2025-12-07T08:00:00Z");
        assert!(now.since(begin) <= OLDEST_BEGIN, "{begin:?}");
        assert_eq!(old.weeks_before(begin, now), 309);
        let ages = Begin::parse("9999999999y").unwrap().resolve(now).unwrap();
        assert!(now.since(ages) <= OLDEST_BEGIN, "{ages:?}");
        assert_eq!(Begin::Ago(WEEK).weeks_before(now.saturating_sub(WEEK), now), 0);
        assert!(Begin::parse("yesterday").is_err());
    }
}
