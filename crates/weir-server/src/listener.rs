//! Binding the port and serving until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

/// How long open requests may take to end after the stop was asked for.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error(
        "port {port} on {host} is taken by another program: stop it, or choose another port with `--listen {host}:PORT`"
    )]
    PortTaken { host: std::net::IpAddr, port: u16 },
    #[error(
        "may not listen on {0}: ports below 1024 need a privilege; choose another with `--listen`"
    )]
    Denied(SocketAddr),
    #[error("can't listen on {address}: {reason}")]
    Other { address: SocketAddr, reason: String },
    #[error("serving stopped: {0}")]
    Serve(std::io::Error),
}

/// A bound port that does not serve yet.
pub struct Listener {
    inner: TcpListener,
    address: SocketAddr,
}

impl Listener {
    pub async fn bind(address: SocketAddr) -> Result<Self, ListenError> {
        let failed = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::AddrInUse => {
                ListenError::PortTaken { host: address.ip(), port: address.port() }
            }
            std::io::ErrorKind::PermissionDenied => ListenError::Denied(address),
            _ => ListenError::Other { address, reason: e.to_string() },
        };
        let inner = TcpListener::bind(address).await.map_err(failed)?;
        let address = inner.local_addr().map_err(failed)?;
        Ok(Listener { inner, address })
    }

    /// With the port that was really bound, also when port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` resolves, then lets open requests end for a bounded time.
    pub async fn serve(
        self,
        router: Router,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ListenError> {
        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let shutdown = async move {
            stop.await;
            // The receiver is gone only when serving has ended already.
            let _ = stopping.send(());
        };
        let serving = axum::serve(self.inner, router).with_graceful_shutdown(shutdown);
        let deadline = async move {
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(DRAIN_TIMEOUT).await;
        };
        tokio::select! {
            served = serving => served.map_err(ListenError::Serve),
            () = deadline => {
                tracing::warn!(timeout_secs = DRAIN_TIMEOUT.as_secs(), "requests still open at the end");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_the_flag() {
        let any = "127.0.0.1:0".parse().unwrap();
        let first = Listener::bind(any).await.unwrap();
        let error = Listener::bind(first.address()).await.err().unwrap();
        let text = error.to_string();
        assert!(text.contains(&first.address().port().to_string()), "{text}");
        assert!(text.contains("--listen"), "{text}");
    }
}
