//! One broker's life: listens, dies, returns on the same port.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use super::port::Port;
use super::{Cluster, connection};

/// Connections one broker keeps at once; whoever comes after is hung up on.
const MAX_CONNECTIONS: usize = 1_000;

/// Until the task is dropped. `ready` hears once that the port is in its first state.
pub(super) async fn run(
    cluster: Arc<Cluster>,
    at: usize,
    mut port: Port,
    mut is_up: watch::Receiver<bool>,
    ready: oneshot::Sender<io::Result<()>>,
) {
    let mut ready = Some(ready);
    loop {
        if !*is_up.borrow_and_update() {
            tell(&mut ready, Ok(()));
            if is_up.wait_for(|is_up| *is_up).await.is_err() {
                return;
            }
        }
        let listener = match port.open() {
            Ok(listener) => listener,
            Err(error) => return tell(&mut ready, Err(error)),
        };
        tell(&mut ready, Ok(()));
        tokio::select! {
            _ = is_up.wait_for(|is_up| !*is_up) => {}
            () = accept(&cluster, at, &listener) => {}
        }
        port = match Port::close(listener) {
            Ok(port) => port,
            Err(error) => {
                tracing::error!(%error, "a simulated broker lost its port and stays away");
                return;
            }
        };
    }
}

/// Serves until dropped, which cuts every connection.
async fn accept(cluster: &Arc<Cluster>, at: usize, listener: &TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if connections.len() < MAX_CONNECTIONS => {
                    connections.spawn(connection::serve(Arc::clone(cluster), at, stream));
                }
                Ok(_) => tracing::warn!(limit = MAX_CONNECTIONS, "a connection too many is closed"),
                Err(error) => {
                    tracing::warn!(%error, "a simulated broker can not accept");
                    tokio::time::sleep(super::WATCH_INTERVAL).await;
                }
            }
        }
    }
}

fn tell(ready: &mut Option<oneshot::Sender<io::Result<()>>>, outcome: io::Result<()>) {
    if let Some(ready) = ready.take() {
        // Nobody waits any more when the start was given up.
        let _ = ready.send(outcome);
    }
}
