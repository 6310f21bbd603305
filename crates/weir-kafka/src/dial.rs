//! Opening a stream to an address: name look-up and TCP.

use std::{fmt, io, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};
use weir_types::BoxFuture;

use crate::{BrokerAddress, Error};

/// Bytes both ways, wherever they go.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(crate) type Dialing<'a> = BoxFuture<'a, Result<Box<dyn Stream>, Error>>;

/// The network, which tests of long stretches of time replace by one that obeys their clock.
pub(crate) trait Dial: fmt::Debug + Send + Sync {
    fn dial<'a>(&'a self, address: &'a BrokerAddress) -> Dialing<'a>;
}

#[derive(Debug)]
pub(crate) struct Tcp;

impl Dial for Tcp {
    fn dial<'a>(&'a self, address: &'a BrokerAddress) -> Dialing<'a> {
        Box::pin(async move { Ok(Box::new(connect(address).await?) as Box<dyn Stream>) })
    }
}

async fn connect(address: &BrokerAddress) -> Result<TcpStream, Error> {
    let resolve =
        |reason: String| Error::Resolve { address: address.clone(), reason: reason.into() };
    let found: Vec<_> = lookup_host((address.host(), address.port()))
        .await
        .map_err(|error| resolve(error.to_string()))?
        .collect();
    if found.is_empty() {
        return Err(resolve("no address is known for it".to_owned()));
    }
    let stream =
        TcpStream::connect(found.as_slice()).await.map_err(|error| unconnected(address, &error))?;
    // Requests are small and each is waited for: never hold one back to fill a packet.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%address, %error, "cannot set TCP_NODELAY");
    }
    Ok(stream)
}

fn unconnected(address: &BrokerAddress, error: &io::Error) -> Error {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable};
    let (address, reason) = (address.clone(), Arc::from(error.to_string()));
    match error.kind() {
        ConnectionRefused => Error::Refused { address },
        HostUnreachable | NetworkUnreachable | NetworkDown => Error::NoRoute { address, reason },
        _ => Error::Connect { address, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_keeps_us_from_connecting_has_its_next_step() {
        let address = BrokerAddress::new("b", 9092);
        let said =
            |number| unconnected(&address, &io::Error::from_raw_os_error(number)).to_string();
        // Linux's ENETUNREACH, EHOSTUNREACH, ECONNREFUSED, EMFILE.
        for (number, step) in [
            (101, "routes and firewalls"),
            (113, "routes and firewalls"),
            (111, "the port is right"),
            (24, "limits of this process"),
        ] {
            let said = said(number);
            assert!(said.starts_with("b:9092: ") && said.contains(step), "{said}");
        }
    }
}
