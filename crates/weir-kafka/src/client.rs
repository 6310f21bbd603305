//! The handle, and the way from a call to a broker.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::time::Instant;

use crate::{
    ApiVersions, BrokerAddress, BrokerId, ClientOptions, ClientStats, ClusterMetadata, Error,
    api::Request,
    connection::Settings,
    dial::{Dial, Tcp},
    fan_out,
    link::Link,
    pieces::Rooms,
    stats::Counters,
    tls::Tls,
    wire,
};

/// A cluster's client: cheap to clone, all clones share connections. Nothing is opened until the
/// first call; connections close when the last clone is dropped.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Arc<Settings>,
    routes: Mutex<Routes>,
    rooms: Rooms,
}

/// What is known of the cluster, and the way to each address used so far.
#[derive(Default)]
struct Routes {
    metadata: Option<Arc<ClusterMetadata>>,
    links: HashMap<BrokerAddress, Arc<Link>>,
}

impl Client {
    /// Checks the options and reads the files of certificates; opens no connection.
    ///
    /// # Errors
    /// [`Error::NoBootstrap`], [`Error::CaFile`], [`Error::NoSystemRoots`], [`Error::ServerName`],
    /// [`Error::ClientCertificate`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        Self::dialing(options, Arc::new(Tcp))
    }

    pub(crate) fn dialing(options: ClientOptions, dial: Arc<dyn Dial>) -> Result<Self, Error> {
        if options.bootstrap.is_empty() {
            return Err(Error::NoBootstrap);
        }
        let settings = Settings {
            tls: options.tls.as_ref().map(Tls::new).transpose()?,
            dial,
            client_id: wire::str_bytes(&options.client_id),
            counters: Arc::new(Counters::default()),
            options,
        };
        let (settings, routes) = (Arc::new(settings), Mutex::default());
        let rooms = Rooms::default();
        Ok(Self { shared: Arc::new(Shared { settings, routes, rooms }) })
    }

    /// The versions `broker` speaks, learned when its connection was opened: no further request.
    ///
    /// # Errors
    /// [`Error::UnknownBroker`], or why no connection could be opened.
    pub async fn api_versions(&self, broker: BrokerId) -> Result<Arc<ApiVersions>, Error> {
        let metadata = self.known_metadata().await?;
        let link = self.link_of(&metadata, broker)?;
        link.versions().await.map_err(|error| self.advertised(broker, error))
    }

    /// Opens a connection to each bootstrap address, all at once, and says what came of it; any one
    /// is enough for everything else.
    pub async fn try_bootstrap(&self) -> Vec<(BrokerAddress, Result<(), Error>)> {
        let links: Vec<_> = self.options().bootstrap.iter().map(|it| self.link(it)).collect();
        let tried = links
            .into_iter()
            .map(|link| async move { (link.address().clone(), link.versions().await.map(|_| ())) });
        fan_out::all(tried).await
    }

    /// Requests, failures and bytes so far, by kind of request.
    pub fn stats(&self) -> ClientStats {
        self.shared.settings.counters.snapshot()
    }

    pub(crate) fn options(&self) -> &ClientOptions {
        &self.shared.settings.options
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.shared.settings.counters
    }

    pub(crate) fn rooms(&self) -> &Rooms {
        &self.shared.rooms
    }

    /// The cluster as last seen; asked for only when it has never been.
    pub(crate) async fn known_metadata(&self) -> Result<Arc<ClusterMetadata>, Error> {
        let known = self.routes().metadata.clone();
        match known {
            Some(metadata) => Ok(metadata),
            None => self.metadata().await,
        }
    }

    /// Remembers the cluster, and forgets the ways to addresses that are no longer part of it.
    pub(crate) fn remember(&self, metadata: &Arc<ClusterMetadata>) {
        let addresses: HashSet<_> = metadata.brokers.iter().map(|broker| &broker.address).collect();
        let mut routes = self.routes();
        routes.links.retain(|address, _| addresses.contains(address));
        routes.metadata = Some(Arc::clone(metadata));
    }

    /// Asks one broker of the cluster.
    pub(crate) async fn call_broker<R: Request>(
        &self,
        broker: BrokerId,
        floor: i16,
        build: impl Fn(i16) -> R,
    ) -> Result<(BrokerAddress, R::Response), Error> {
        let metadata = self.known_metadata().await?;
        let link = self.link_of(&metadata, broker)?;
        match link.call(floor, build).await {
            Ok(answer) => Ok((link.address().clone(), answer)),
            Err(error) => Err(self.advertised(broker, error)),
        }
    }

    /// Asks whichever broker answers first: those with an open connection, then the bootstrap
    /// addresses, then the other brokers, for as long as one slow broker may take.
    pub(crate) async fn call_any<R: Request>(
        &self,
        floor: i16,
        build: impl Fn(i16) -> R,
    ) -> Result<(BrokerAddress, R::Response), Error> {
        let patience = self.options().connect_timeout + self.options().request_timeout;
        let deadline = Instant::now() + patience;
        let mut attempts = Vec::new();
        for link in self.candidates() {
            match link.call(floor, &build).await {
                Ok(answer) => return Ok((link.address().clone(), answer)),
                Err(error) if !error.is_another_brokers_chance() => return Err(error),
                Err(error) => attempts.push(error),
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        match attempts.len() {
            1 => Err(attempts.remove(0)),
            _ => Err(Error::NoneAnswered { attempts }),
        }
    }

    fn candidates(&self) -> Vec<Arc<Link>> {
        let metadata = self.routes().metadata.clone();
        let brokers = metadata.iter().flat_map(|known| &known.brokers);
        let (open, others): (Vec<_>, Vec<_>) =
            brokers.map(|broker| self.link(&broker.address)).partition(|link| link.is_open());
        let bootstrap = self.options().bootstrap.iter().map(|address| self.link(address));
        let mut seen = HashSet::new();
        let mut all: Vec<_> = open.into_iter().chain(bootstrap).chain(others).collect();
        all.retain(|link| seen.insert(link.address().clone()));
        all
    }

    fn link_of(&self, metadata: &ClusterMetadata, broker: BrokerId) -> Result<Arc<Link>, Error> {
        let known = metadata.broker(broker).ok_or(Error::UnknownBroker { broker })?;
        Ok(self.link(&known.address))
    }

    fn link(&self, address: &BrokerAddress) -> Arc<Link> {
        let settings = &self.shared.settings;
        let mut routes = self.routes();
        let new = || Arc::new(Link::new(address.clone(), Arc::clone(settings)));
        Arc::clone(routes.links.entry(address.clone()).or_insert_with(new))
    }

    /// Says that the cluster, not the user, named the address that cannot be reached.
    fn advertised(&self, broker: BrokerId, error: Error) -> Error {
        let given = |address| self.options().bootstrap.contains(address);
        if error.is_unreachable() && !error.address().is_some_and(given) {
            return Error::Advertised { broker, cause: Arc::new(error) };
        }
        error
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.shared.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bootstrap = &self.options().bootstrap;
        f.debug_struct("Client").field("bootstrap", bootstrap).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
