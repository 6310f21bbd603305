//! A broker of a few lines for tests: answers what its script says, over TCP, with the codec's
//! other half.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::{
    messages::{
        ApiKey, ApiVersionsResponse, BrokerId, MetadataResponse, RequestHeader, ResponseHeader,
        api_versions_response::ApiVersion, metadata_response::MetadataResponseBroker,
    },
    protocol::{Decodable, Encodable, decode_request_header_from_buffer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;

use crate::{BrokerAddress, wire::str_bytes};

/// A request as it arrived.
pub(crate) struct Question {
    pub(crate) key: ApiKey,
    pub(crate) version: i16,
    pub(crate) connection: usize,
    body: Bytes,
}

pub(crate) enum Reply {
    Answer(Bytes),
    /// Bytes instead of an answer, without frame.
    Raw(&'static [u8]),
    HangUp,
}

pub(crate) struct FakeBroker {
    pub(crate) address: BrokerAddress,
    _accepting: AbortOnDropHandle<()>,
}

impl Question {
    pub(crate) fn read<R: Decodable>(&self) -> R {
        R::decode(&mut self.body.clone(), self.version).unwrap()
    }

    pub(crate) fn answer(&self, answer: &impl Encodable) -> Reply {
        let mut bytes = BytesMut::new();
        answer.encode(&mut bytes, self.version).unwrap();
        Reply::Answer(bytes.freeze())
    }

    /// The usual answer to ApiVersions: these requests up to these versions.
    pub(crate) fn versions(&self, highest: &[(ApiKey, i16)]) -> Reply {
        self.answer(&ApiVersionsResponse::default().with_api_keys(ranges(highest)))
    }

    /// A cluster without topics.
    pub(crate) fn brokers(&self, brokers: &[(i32, &BrokerAddress)]) -> Reply {
        self.answer(&MetadataResponse::default().with_brokers(cluster(brokers)))
    }
}

impl FakeBroker {
    pub(crate) async fn start(script: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(None, script).await
    }

    pub(crate) async fn start_with(
        tls: Option<TlsAcceptor>,
        script: impl Fn(&Question) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accepting = tokio::spawn(accept(listener, tls, Arc::new(script)));
        let address = BrokerAddress::new("127.0.0.1", port);
        Self { address, _accepting: AbortOnDropHandle::new(accepting) }
    }
}

pub(crate) fn ranges(highest: &[(ApiKey, i16)]) -> Vec<ApiVersion> {
    let range = |&(key, max): &(ApiKey, i16)| {
        ApiVersion::default().with_api_key(key as i16).with_max_version(max)
    };
    highest.iter().map(range).collect()
}

pub(crate) fn cluster(brokers: &[(i32, &BrokerAddress)]) -> Vec<MetadataResponseBroker> {
    let broker = |&(id, address): &(i32, &BrokerAddress)| {
        MetadataResponseBroker::default()
            .with_node_id(BrokerId(id))
            .with_host(str_bytes(address.host()))
            .with_port(i32::from(address.port()))
    };
    brokers.iter().map(broker).collect()
}

async fn accept<F>(listener: TcpListener, tls: Option<TlsAcceptor>, script: Arc<F>)
where
    F: Fn(&Question) -> Reply + Send + Sync + 'static,
{
    let mut served = tokio::task::JoinSet::new();
    for connection in 1.. {
        let (stream, _) = listener.accept().await.unwrap();
        let (tls, script) = (tls.clone(), Arc::clone(&script));
        served.spawn(async move {
            match tls {
                None => serve(stream, connection, &*script).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => serve(stream, connection, &*script).await,
                    Err(_) => None,
                },
            }
        });
    }
}

/// Until the peer or the script hangs up.
async fn serve<S>(
    mut stream: S,
    connection: usize,
    script: &(dyn Fn(&Question) -> Reply + Sync),
) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        let length = stream.read_i32().await.ok()?;
        if !(0..1 << 20).contains(&length) {
            return None; // as a real broker does when TLS greets its plaintext port
        }
        let mut frame = vec![0; length as usize];
        stream.read_exact(&mut frame).await.ok()?;
        let mut body = Bytes::from(frame);
        let header: RequestHeader = decode_request_header_from_buffer(&mut body).unwrap();
        let key = ApiKey::try_from(header.request_api_key).unwrap();
        let version = header.request_api_version;
        let reply = script(&Question { key, version, connection, body });
        match reply {
            Reply::Answer(answer) => {
                let framed = frame_of(key, version, header.correlation_id, &answer);
                stream.write_all(&framed).await.ok()?;
            }
            Reply::Raw(bytes) => stream.write_all(bytes).await.ok()?,
            Reply::HangUp => return None,
        }
        stream.flush().await.ok()?;
    }
}

fn frame_of(key: ApiKey, version: i16, correlation_id: i32, answer: &[u8]) -> Bytes {
    let mut frame = BytesMut::new();
    let header = ResponseHeader::default().with_correlation_id(correlation_id);
    header.encode(&mut frame, key.response_header_version(version)).unwrap();
    frame.put_slice(answer);
    let mut framed = BytesMut::new();
    framed.put_i32(frame.len() as i32);
    framed.put_slice(&frame);
    framed.freeze()
}
