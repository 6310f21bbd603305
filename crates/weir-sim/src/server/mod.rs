//! The simulated cluster on this machine's loopback: one port a broker.

mod broker;
mod connection;
mod counts;
mod port;
mod record;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use weir_kafka::version::KafkaRelease;
use weir_types::{Clock, Timestamp};

pub use counts::RequestCounts;

use crate::company::{self, Size};
use crate::story::Story;
use crate::world::{Reach, World};
use counts::Counters;
use port::Port;
use record::Record;

/// How often brokers are looked at that may have died or returned.
const WATCH_INTERVAL: Duration = Duration::from_millis(50);

/// Which cluster to simulate. The same options make the same cluster, whenever they are used.
#[derive(Clone)]
pub struct SimOptions {
    pub seed: u64,
    pub size: Size,
    pub story: Story,
    /// When the story begins; earlier than now to come into the middle of it.
    pub begin: Timestamp,
    /// Where the present comes from.
    pub clock: Arc<dyn Clock>,
    /// Whose requests and versions are spoken: from [`crate::OLDEST`] to [`crate::NEWEST`].
    pub release: KafkaRelease,
}

/// A running cluster. It ends when dropped; [`Sim::stop`] also waits for that.
#[derive(Debug)]
pub struct Sim {
    cluster: Arc<Cluster>,
    cancel: CancellationToken,
    tasks: JoinSet<()>,
}

/// What every broker's task needs.
struct Cluster {
    world: World,
    clock: Arc<dyn Clock>,
    release: KafkaRelease,
    /// By index of the broker.
    addresses: Vec<SocketAddr>,
    counters: Counters,
    record: Record,
}

impl SimOptions {
    /// The small company and the demo's story, beginning now, on the newest release.
    pub fn new(seed: u64, clock: Arc<dyn Clock>) -> SimOptions {
        SimOptions {
            seed,
            size: Size::default(),
            story: Story::default(),
            begin: clock.now(),
            clock,
            release: crate::NEWEST,
        }
    }
}

impl Sim {
    /// Opens the ports of the company's brokers; needs a Tokio runtime around it.
    ///
    /// # Errors
    /// When a port of the loopback interface can not be had.
    pub async fn start(options: SimOptions) -> io::Result<Sim> {
        let SimOptions { seed, size, story, begin, clock, release } = options;
        let build = move || World::new(company::plan(size), &story.script(), seed, begin);
        let world = tokio::task::spawn_blocking(build).await.map_err(io::Error::other)?;
        Sim::serve(world, clock, release).await
    }

    /// Opens the ports of a world of one's own.
    ///
    /// # Errors
    /// As [`Sim::start`].
    pub async fn serve(
        world: World,
        clock: Arc<dyn Clock>,
        release: KafkaRelease,
    ) -> io::Result<Sim> {
        let ports =
            world.brokers.iter().map(|_| Port::reserve()).collect::<io::Result<Vec<_>>>()?;
        let cluster = Arc::new(Cluster {
            addresses: ports.iter().map(Port::address).collect(),
            counters: Counters::new(world.brokers.len()),
            record: Record::default(),
            world,
            clock,
            release,
        });
        let cancel = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let mut lives = Vec::new();
        let mut opened = Vec::new();
        for (at, port) in ports.into_iter().enumerate() {
            let (life, watched) = watch::channel(cluster.is_up(at));
            let (ready, is_ready) = tokio::sync::oneshot::channel();
            lives.push(life);
            opened.push(is_ready);
            let serve = broker::run(Arc::clone(&cluster), at, port, watched, ready);
            let cancel = cancel.clone();
            tasks.spawn(async move {
                cancel.run_until_cancelled(serve).await;
            });
        }
        let watching = watch_brokers(Arc::clone(&cluster), lives);
        let cancelled = cancel.clone();
        tasks.spawn(async move {
            cancelled.run_until_cancelled(watching).await;
        });
        for is_ready in opened {
            is_ready.await.map_err(io::Error::other)??;
        }
        Ok(Sim { cluster, cancel, tasks })
    }

    /// Where the brokers listen, in the order of the plan; any of them leads to all.
    pub fn bootstrap(&self) -> &[SocketAddr] {
        &self.cluster.addresses
    }

    /// From here on the requests are kept as they come, the first ten thousand of them.
    pub fn record(&self) {
        self.cluster.record.begin();
    }

    /// The requests since [`Sim::record`], as their bytes were on the wire behind their length.
    pub fn recorded(&self) -> Vec<Bytes> {
        self.cluster.record.frames()
    }

    pub fn world(&self) -> &World {
        &self.cluster.world
    }

    /// Requests received so far, as the brokers' own request logs would show them.
    pub fn requests(&self) -> RequestCounts {
        self.cluster.counters.snapshot(&self.cluster.world.broker_ids())
    }

    /// Closes every port and connection, and returns when that is done.
    pub async fn stop(mut self) {
        self.cancel.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a simulated broker ended badly");
            }
        }
    }
}

impl Cluster {
    fn now(&self) -> i64 {
        self.clock.now().as_millis()
    }

    fn reach(&self, broker: usize) -> Reach {
        self.world.brokers[broker].reach(self.now())
    }

    fn is_up(&self, broker: usize) -> bool {
        self.reach(broker) != Reach::Refuses
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// Tells each broker's task when its broker dies or returns.
async fn watch_brokers(cluster: Arc<Cluster>, lives: Vec<watch::Sender<bool>>) {
    let mut ticks = tokio::time::interval(WATCH_INTERVAL);
    loop {
        ticks.tick().await;
        for (at, life) in lives.iter().enumerate() {
            let is_up = cluster.is_up(at);
            let changed = life.send_if_modified(|known| std::mem::replace(known, is_up) != is_up);
            if changed {
                let id = cluster.world.brokers[at].plan.id;
                tracing::debug!(broker = id, is_up, "a simulated broker changes");
            }
        }
    }
}
