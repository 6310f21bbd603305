//! A simulation on a clock that a test turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::Result;
use weir_kafka::version::KafkaRelease;
use weir_kafka::{BrokerAddress, Client, ClientOptions};
use weir_sim::{NEWEST, Plan, Script, Sim, SimOptions, Size, Story, World, company};
use weir_types::{Clock, Timestamp};

const BEGIN: Timestamp = Timestamp::from_millis(1_767_600_000_000);
/// How long to wait for what only a real port can show.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Stage {
    pub sim: Sim,
    clock: Arc<TurnedClock>,
}

/// Milliseconds since the epoch.
struct TurnedClock(AtomicI64);

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl Stage {
    pub async fn of(story: Story) -> Result<Stage> {
        Stage::with(story, Size::Small, NEWEST).await
    }

    /// A small cluster with a script of one's own.
    pub async fn scripted(script: &Script) -> Result<Stage> {
        Stage::planned(company::plan(Size::Small), script).await
    }

    pub async fn planned(plan: Plan, script: &Script) -> Result<Stage> {
        let clock = Arc::new(TurnedClock(AtomicI64::new(BEGIN.as_millis())));
        let world = World::new(plan, script, 7, BEGIN);
        let sim = Sim::serve(world, Arc::clone(&clock) as Arc<dyn Clock>, NEWEST).await?;
        Ok(Stage { sim, clock })
    }

    pub async fn with(story: Story, size: Size, release: KafkaRelease) -> Result<Stage> {
        let clock = Arc::new(TurnedClock(AtomicI64::new(BEGIN.as_millis())));
        let options = SimOptions {
            story,
            size,
            release,
            ..SimOptions::new(7, Arc::clone(&clock) as Arc<dyn Clock>)
        };
        Ok(Stage { sim: Sim::start(options).await?, clock })
    }

    /// So many seconds into the story.
    pub fn turn_to(&self, secs: i64) {
        self.clock.0.store(self.at(secs).as_millis(), Ordering::SeqCst);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The moment so many seconds into the story.
    pub fn at(&self, secs: i64) -> Timestamp {
        Timestamp::from_millis(BEGIN.as_millis() + secs * 1_000)
    }

    pub fn addresses(&self) -> Vec<BrokerAddress> {
        let brokers = self.sim.bootstrap().iter();
        brokers.map(|at| BrokerAddress::new(at.ip().to_string(), at.port())).collect()
    }

    pub fn client(&self) -> Result<Client> {
        let mut options = ClientOptions::new(self.addresses());
        options.request_timeout = Duration::from_secs(2);
        options.connect_timeout = Duration::from_secs(1);
        options.backoff_initial = Duration::from_millis(1);
        options.backoff_max = Duration::from_millis(1);
        Ok(Client::new(options)?)
    }
}

pub fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub fn block_on<T>(test: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(test)
}
