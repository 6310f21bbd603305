//! A broker of a few lines for tests: answers what its script says, over TCP or in memory, with
//! the codec's other half.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::{
    messages::{
        ApiKey, ApiVersionsResponse, BrokerId, MetadataResponse, RequestHeader, ResponseHeader,
        api_versions_response::ApiVersion, metadata_response::MetadataResponseBroker,
    },
    protocol::{Decodable, Encodable, decode_request_header_from_buffer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    BrokerAddress,
    dial::{Dial, Dialing, Stream},
    wire::str_bytes,
};

/// A request as it arrived.
pub(crate) struct Question {
    pub(crate) key: ApiKey,
    pub(crate) version: i16,
    pub(crate) connection: usize,
    correlation_id: i32,
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

/// A broker at whatever address is dialled, in memory: with it paused time is all there is.
pub(crate) struct InMemory<F> {
    script: Arc<F>,
    connections: AtomicUsize,
}

impl Question {
    /// `None` when the peer hangs up, or speaks something else.
    pub(crate) async fn next(
        stream: &mut (impl AsyncRead + Unpin),
        connection: usize,
    ) -> Option<Self> {
        let length = stream.read_i32().await.ok()?;
        if !(0..1 << 20).contains(&length) {
            return None; // as a real broker does when TLS greets its plaintext port
        }
        let mut frame = vec![0; length as usize];
        stream.read_exact(&mut frame).await.ok()?;
        let mut body = Bytes::from(frame);
        let header: RequestHeader = decode_request_header_from_buffer(&mut body).unwrap();
        let key = ApiKey::try_from(header.request_api_key).unwrap();
        let (version, correlation_id) = (header.request_api_version, header.correlation_id);
        Some(Self { key, version, connection, correlation_id, body })
    }

    /// An answer as it goes over the wire.
    pub(crate) fn frame(&self, answer: &[u8]) -> Bytes {
        let mut frame = BytesMut::new();
        let header = ResponseHeader::default().with_correlation_id(self.correlation_id);
        header.encode(&mut frame, self.key.response_header_version(self.version)).unwrap();
        frame.put_slice(answer);
        let mut framed = BytesMut::new();
        framed.put_i32(frame.len() as i32);
        framed.put_slice(&frame);
        framed.freeze()
    }

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

impl<F: Fn(&Question) -> Reply + Send + Sync + 'static> InMemory<F> {
    pub(crate) fn new(script: F) -> Arc<Self> {
        Arc::new(Self { script: Arc::new(script), connections: AtomicUsize::new(0) })
    }
}

impl<F: Fn(&Question) -> Reply + Send + Sync + 'static> Dial for InMemory<F> {
    fn dial<'a>(&'a self, _: &'a BrokerAddress) -> Dialing<'a> {
        let (ours, theirs) = duplex(64 << 10);
        let connection = self.connections.fetch_add(1, SeqCst) + 1;
        let script = Arc::clone(&self.script);
        tokio::spawn(async move { serve(theirs, connection, &*script).await });
        Box::pin(async move { Ok(Box::new(ours) as Box<dyn Stream>) })
    }
}

impl<F> fmt::Debug for InMemory<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InMemory")
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
        let question = Question::next(&mut stream, connection).await?;
        match script(&question) {
            Reply::Answer(answer) => stream.write_all(&question.frame(&answer)).await.ok()?,
            Reply::Raw(bytes) => stream.write_all(bytes).await.ok()?,
            Reply::HangUp => return None,
        }
        stream.flush().await.ok()?;
    }
}
