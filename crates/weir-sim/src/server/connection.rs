//! One connection: frames in, answers out, in order, as long as the broker lives.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::ApiKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use weir_kafka::KafkaCode;

use super::Cluster;
use crate::answer::{Broker, Key, Request};
use crate::script::Fault;
use crate::world::Reach;

/// A longer request is none: real ones name every partition of a broker in less.
const MAX_REQUEST_BYTES: usize = 16 << 20;
/// What is reserved before any of a request has come.
const FIRST_RESERVE_BYTES: usize = 64 << 10;
/// How often a broker that hangs is looked at.
const HANG_INTERVAL: Duration = Duration::from_millis(50);

/// Until the peer hangs up, or sends what a real broker would hang up on.
pub(super) async fn serve(cluster: Arc<Cluster>, at: usize, mut stream: TcpStream) {
    if let Err(error) = exchange(&cluster, at, &mut stream).await {
        tracing::debug!(%error, "a simulated broker closes a connection");
    }
}

async fn exchange(cluster: &Arc<Cluster>, at: usize, stream: &mut TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    while let Some(frame) = read_frame(stream).await? {
        cluster.record.keep(&frame);
        let request = Request::read(frame).map_err(io::Error::other)?;
        cluster.counters.count(at, request.key.number());
        let fault = wait_for_turn(cluster, at).await?;
        let fault = fault.filter(|_| request.key != Key::Codec(ApiKey::ApiVersions));
        let answer = answer(cluster, at, request).await?;
        match fault {
            None => write_frame(stream, answer).await?,
            Some(Fault::HalfClosed) => return take_and_ignore(stream).await,
            Some(fault) => return write_broken(stream, answer, fault).await,
        }
    }
    Ok(())
}

/// `None` when the peer is done.
async fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Bytes>> {
    let mut length = [0; 4];
    if stream.read(&mut length[..1]).await? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut length[1..]).await?;
    let length = usize::try_from(i32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_REQUEST_BYTES {
        return Err(io::Error::other("a frame no request can have"));
    }
    let mut frame = BytesMut::with_capacity(length.min(FIRST_RESERVE_BYTES));
    let mut rest = stream.take(length as u64);
    while frame.len() < length {
        if rest.read_buf(&mut frame).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Some(frame.freeze()))
}

/// Returns when the broker would begin to answer, with how it will fail, if it will.
async fn wait_for_turn(cluster: &Cluster, at: usize) -> io::Result<Option<Fault>> {
    loop {
        match cluster.reach(at) {
            Reach::Refuses => return Err(io::ErrorKind::ConnectionReset.into()),
            Reach::Hangs => tokio::time::sleep(HANG_INTERVAL).await,
            Reach::Answers { after, fault } => {
                if !after.is_zero() {
                    tokio::time::sleep(after).await;
                }
                return Ok(fault);
            }
        }
    }
}

/// On a thread of its own: the metadata of a million partitions take a while.
async fn answer(cluster: &Arc<Cluster>, at: usize, request: Request) -> io::Result<Bytes> {
    let cluster = Arc::clone(cluster);
    let answered = tokio::task::spawn_blocking(move || {
        let moment = cluster.world.at(cluster.clock.now());
        let broker = Broker {
            moment: &moment,
            asked: at,
            addresses: &cluster.addresses,
            release: cluster.release,
        };
        broker.answer(&request)
    });
    answered.await.map_err(io::Error::other)?.map_err(io::Error::other)
}

async fn write_frame(stream: &mut TcpStream, frame: Bytes) -> io::Result<()> {
    let length = i32::try_from(frame.len()).map_err(io::Error::other)?;
    let length = Bytes::copy_from_slice(&length.to_be_bytes());
    stream.write_all_buf(&mut length.chain(frame)).await
}

/// Says nothing more and reads on until the peer is done.
async fn take_and_ignore(stream: &mut TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    while let Some(_request) = read_frame(stream).await? {}
    Ok(())
}

/// An answer with a fault in it, then the end.
async fn write_broken(stream: &mut TcpStream, frame: Bytes, fault: Fault) -> io::Result<()> {
    let length = i32::try_from(frame.len()).map_err(io::Error::other)?;
    match fault {
        Fault::HungUp | Fault::HalfClosed => {}
        Fault::WrongVersion => {
            let id = frame.len().min(4);
            stream.write_all(&(id as u32 + 2).to_be_bytes()).await?;
            stream.write_all(&frame[..id]).await?;
            stream.write_all(&KafkaCode::UNSUPPORTED_VERSION.0.to_be_bytes()).await?;
        }
        Fault::Truncated => {
            stream.write_all(&length.to_be_bytes()).await?;
            stream.write_all(&frame[..frame.len() / 2]).await?;
        }
        Fault::Oversized => {
            stream.write_all(&i32::MAX.to_be_bytes()).await?;
            stream.write_all(&frame).await?;
        }
        Fault::Garbage => {
            // The correlation id stands, so that it is the message that can not be read.
            let id = frame.len().min(4);
            stream.write_all(&length.to_be_bytes()).await?;
            stream.write_all(&frame[..id]).await?;
            stream.write_all(&vec![0xff; frame.len() - id]).await?;
        }
        Fault::WrongCorrelation => {
            stream.write_all(&length.to_be_bytes()).await?;
            stream.write_all(&[0x7f; 4][..frame.len().min(4)]).await?;
            stream.write_all(&frame[frame.len().min(4)..]).await?;
        }
    }
    stream.flush().await
}
