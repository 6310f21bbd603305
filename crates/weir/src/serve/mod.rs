//! The composition root: joins traits to concrete types and runs until told to stop.
//!
//! Start: metadata and keys, the store with its replay, the sources, then the port; what fails
//! first is told first, and nothing is printed that does not hold. Stop: the port drains, the
//! sources end, the store commits what waits.

mod announce;
mod auth;
mod bridge;
mod housekeeping;
mod identity;
mod lookups;
mod past;
mod saved_queries;
mod source_test;
pub mod sources;
mod stop;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio_util::sync::CancellationToken;
use weir_collect::runner::Surroundings;
use weir_collect::{Exposition, Sources};
use weir_config::Config;
use weir_meta::Meta;
use weir_query::{Engine, EngineOptions, QueryLog};
use weir_server::{Listener, ServerInfo, Services};
use weir_store::Store;
use weir_types::{AccountId, Clock, SystemClock, Timestamp};

use crate::credentials::Credentials;
use announce::Announcement;
use auth::KeyRing;
use bridge::{SourceBridge, StoreBridge};
use lookups::Lookups;
use saved_queries::KeptQueries;
use source_test::SourceTests;

/// The event store's folder in the data folder.
pub const STORE_FOLDER: &str = "store";
pub const META_FILE: &str = "meta.sqlite";

/// Runs until SIGINT or SIGTERM. A [`crate::failure::Failure`] inside the error gives the exit code
/// and the next step; anything else ends with 1.
pub async fn run(config: Config, with_ui: bool) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Arc::new(open_store(&config, Arc::clone(&clock))?);
    let meta = Meta::open(&config.data_dir.join(META_FILE))?;
    let listener = Listener::bind(config.listen).await.map_err(announce::listen_failure)?;
    let address = listener.address();

    let cancel = CancellationToken::new();
    let (running, shown) = start_sources(&config, &store, &clock, &cancel);
    // Not before everything else holds: keys that were made and never shown are lost.
    let first_keys = auth::create_first_keys(&meta.keys(), clock.now())?;
    let ring = Arc::new(KeyRing::new(meta.keys()));
    let info = server_info(&config, with_ui, address, clock.now());
    let services = services(&config, info, &store, &clock, shown, &meta, &ring);
    let _maintaining = housekeeping::maintain_store(Arc::clone(&store), clock, cancel.clone());
    let _giving_back = housekeeping::give_memory_back(cancel.clone());

    let url = announce::local_url(address);
    let _credentials = LocalCredentials::publish(&url, ring.local_key().reveal());
    announce::print(&Announcement { url: &url, config: &config, first_keys: first_keys.as_ref() })?;

    let served = listener.serve(weir_server::router(services), stop::requested()).await;
    cancel.cancel();
    if let Some(sources) = Arc::into_inner(running) {
        sources.stopped().await;
    }
    tokio::task::spawn_blocking(move || store.close()).await.context("close the store")?;
    tracing::info!("stopped");
    served.map_err(anyhow::Error::from)
}

/// What the configuration says of the store. Pages that were read stay in memory up to a quarter
/// of what events may take.
pub fn store_options(config: &Config) -> weir_store::Options {
    const CACHE_BYTES_MAX: u64 = 64 << 20;
    let cache_bytes = (config.store.memory_limit_bytes / 4).min(CACHE_BYTES_MAX);
    weir_store::Options {
        cache_bytes: cache_bytes as usize,
        retention: config.retention.raw,
        rollup_5m: config.retention.rollup_5m,
        rollup_1h: config.retention.rollup_1h,
        memory_limit_bytes: config.store.memory_limit_bytes,
        disk_limit_bytes: config.store.disk_limit_bytes,
        ..weir_store::Options::new(config.data_dir.join(STORE_FOLDER))
    }
}

fn open_store(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Store> {
    let progress = &mut announce::replay_progress();
    Store::open_with_progress(store_options(config), clock, progress)
        .map_err(announce::open_failure)
}

fn start_sources(
    config: &Config,
    store: &Arc<Store>,
    clock: &Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> (Arc<Sources>, SourceBridge) {
    let surroundings = Surroundings {
        sink: Arc::clone(store) as _,
        clock: Arc::clone(clock),
        account: AccountId::DEFAULT,
        cancel: cancel.clone(),
    };
    let past = store.snapshot(AccountId::DEFAULT);
    let built = sources::build(config, &past, clock.now());
    let running = Arc::new(Sources::start(built.sources, &surroundings));
    let exposition = Exposition::new(sources::dialects(config.metrics), built.exposed);
    let sources = Arc::downgrade(&running);
    (running, SourceBridge { sources, shown: built.shown, exposition })
}

fn server_info(config: &Config, with_ui: bool, address: SocketAddr, now: Timestamp) -> ServerInfo {
    ServerInfo {
        version: env!("CARGO_PKG_VERSION"),
        environment: config.environment.clone(),
        account: AccountId::DEFAULT,
        started_at: now,
        loopback_only: address.ip().is_loopback() && config.tls.is_none(),
        retention: config.retention.raw,
        with_ui,
    }
}

fn services(
    config: &Config,
    info: ServerInfo,
    store: &Arc<Store>,
    clock: &Arc<dyn Clock>,
    sources: SourceBridge,
    meta: &Meta,
    ring: &Arc<KeyRing>,
) -> Services {
    let sources = Arc::new(sources);
    let lookups = Arc::new(Lookups::new(meta.lookup_tables(), Arc::clone(clock)));
    let saved = KeptQueries { kept: meta.saved_queries(), clock: Arc::clone(clock) };
    let (log, write_log) = QueryLog::new(Arc::clone(store) as _);
    tokio::spawn(write_log);
    let engine = Engine::new(Arc::clone(store) as _, EngineOptions::default())
        .with_lookup_tables(Arc::clone(&lookups) as _)
        .with_log(log);
    let engine = Arc::new(engine);
    Services {
        info: Arc::new(info),
        clock: Arc::clone(clock),
        sink: Arc::clone(store) as _,
        queries: Arc::clone(&engine) as _,
        analyzer: engine,
        latest: Arc::new(StoreBridge(Arc::clone(store))),
        sources: Arc::clone(&sources) as _,
        source_tester: Arc::new(SourceTests::new(config)),
        lookups,
        saved_queries: Arc::new(saved),
        store: Arc::new(StoreBridge(Arc::clone(store))),
        authenticator: Arc::clone(ring) as _,
        exposition: sources,
        counters: Arc::default(),
        trends: Arc::default(),
    }
}

/// The entry of the owner's credentials file, there for as long as the server runs.
struct LocalCredentials(String);

impl LocalCredentials {
    /// Without the file the server still runs; commands then need `--key`.
    fn publish(url: &str, key: &str) -> Option<Self> {
        match Credentials::put(url, key) {
            Ok(()) => Some(LocalCredentials(url.to_owned())),
            Err(error) => {
                tracing::warn!(%error, "commands on this machine will need --key");
                None
            }
        }
    }
}

impl Drop for LocalCredentials {
    fn drop(&mut self) {
        if let Err(error) = Credentials::remove(&self.0) {
            tracing::warn!(%error, "an old key stays in the credentials file; it no longer works");
        }
    }
}
