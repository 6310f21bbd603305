//! A broker's port, which stays its own while the broker is away.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that wait to be accepted.
const BACKLOG: u32 = 128;

/// Bound and not listening: whoever connects is refused, and nobody else can take the port.
#[derive(Debug)]
pub(crate) struct Port {
    socket: TcpSocket,
    address: SocketAddr,
}

impl Port {
    /// A free port of the loopback interface.
    pub(crate) fn reserve() -> io::Result<Port> {
        Port::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn open(self) -> io::Result<TcpListener> {
        self.socket.listen(BACKLOG)
    }

    /// Refuses from now on; what has been accepted stays open.
    pub(crate) fn close(listener: TcpListener) -> io::Result<Port> {
        let address = listener.local_addr()?;
        drop(listener);
        Port::bind(address)
    }

    fn bind(address: SocketAddr) -> io::Result<Port> {
        let socket = TcpSocket::new_v4()?;
        // Connections of the broker's earlier life may linger.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let address = socket.local_addr()?;
        Ok(Port { socket, address })
    }
}
