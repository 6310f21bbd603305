//! The pipeline against a peer that misbehaves, over an in-memory stream and paused time.

use proptest::prelude::*;
use tokio::{
    io::{DuplexStream, duplex},
    task::JoinHandle,
};

use super::*;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_RESPONSE_BYTES: usize = 64;

fn options() -> PipelineOptions {
    PipelineOptions {
        address: BrokerAddress::new("b", 9092),
        request_timeout: REQUEST_TIMEOUT,
        max_response_bytes: MAX_RESPONSE_BYTES,
        max_in_flight: 2,
        encrypted: false,
        counters: Arc::default(),
    }
}

fn pipeline() -> (Arc<Pipeline>, DuplexStream) {
    let (ours, theirs) = duplex(1 << 16);
    (Arc::new(Pipeline::start(ours, options())), theirs)
}

type Answer = JoinHandle<Result<Bytes, Error>>;

/// Sends a request that is nothing but its correlation id.
fn ask(pipeline: &Arc<Pipeline>, api: Api) -> Answer {
    let pipeline = Arc::clone(pipeline);
    let request = |id: i32| Ok(Bytes::copy_from_slice(&id.to_be_bytes()));
    tokio::spawn(async move { pipeline.exchange(api, request).await })
}

/// The correlation id of the next request that arrives at the peer.
async fn arrived(peer: &mut DuplexStream) -> i32 {
    peer.read_i32().await.unwrap()
}

async fn reply(peer: &mut DuplexStream, id: i32, body: &[u8]) {
    peer.write_i32((CORRELATION_BYTES + body.len()) as i32).await.unwrap();
    peer.write_i32(id).await.unwrap();
    peer.write_all(body).await.unwrap();
}

fn body(answer: Result<Bytes, Error>) -> Vec<u8> {
    answer.unwrap()[CORRELATION_BYTES..].to_vec()
}

/// Lets the other side have answered one request of each kind before.
async fn warm_up(pipeline: &Arc<Pipeline>, peer: &mut DuplexStream) {
    for api in [Api::ApiVersions, Api::Metadata] {
        let answer = ask(pipeline, api);
        let id = arrived(peer).await;
        reply(peer, id, b"").await;
        answer.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn answers_find_their_requests_in_any_order() {
    let (pipeline, mut peer) = pipeline();
    let first = ask(&pipeline, Api::Metadata);
    let first_id = arrived(&mut peer).await;
    let second = ask(&pipeline, Api::ListGroups);
    let second_id = arrived(&mut peer).await;
    reply(&mut peer, second_id, b"second").await;
    reply(&mut peer, first_id, b"first").await;
    assert_eq!(body(second.await.unwrap()), b"second");
    assert_eq!(body(first.await.unwrap()), b"first");
    let stats = pipeline.shared.options.counters.snapshot();
    assert_eq!(stats.of(Api::Metadata).requests, 1);
    assert_eq!(stats.of(Api::Metadata).response_bytes, 13);
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_under_way_than_allowed() {
    let (pipeline, mut peer) = pipeline();
    let answers: Vec<_> = (0..3).map(|_| ask(&pipeline, Api::Metadata)).collect();
    let ids = [arrived(&mut peer).await, arrived(&mut peer).await];
    let third = timeout(REQUEST_TIMEOUT / 2, arrived(&mut peer)).await;
    assert!(third.is_err(), "a third request was sent while two were under way");
    reply(&mut peer, ids[0], b"").await;
    let third = arrived(&mut peer).await;
    reply(&mut peer, ids[1], b"").await;
    reply(&mut peer, third, b"").await;
    for answer in answers {
        answer.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_without_answer_times_out_and_ends_the_pipeline() {
    let (pipeline, mut peer) = pipeline();
    let first = ask(&pipeline, Api::Metadata);
    arrived(&mut peer).await;
    tokio::time::advance(REQUEST_TIMEOUT / 2).await;
    let bystander = ask(&pipeline, Api::ListGroups);
    arrived(&mut peer).await;
    let error = first.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "b:9092: no answer to Metadata within 10.0 s");
    let error = bystander.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error}");
    let next = ask(&pipeline, Api::ListGroups).await.unwrap().unwrap_err();
    assert!(matches!(next, Error::Timeout { .. }), "nothing is sent afterwards: {next}");
    assert_eq!(peer.read(&mut [0; 8]).await.unwrap(), 0, "the stream is closed");
}

#[tokio::test(start_paused = true)]
async fn an_oversized_answer_fails_alone() {
    let (pipeline, mut peer) = pipeline();
    let large = ask(&pipeline, Api::Metadata);
    let large_id = arrived(&mut peer).await;
    let small = ask(&pipeline, Api::ListGroups);
    let small_id = arrived(&mut peer).await;
    reply(&mut peer, large_id, &[7; 10_000]).await;
    reply(&mut peer, small_id, b"small").await;
    let error = large.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::ResponseTooLarge { bytes: 10_004, limit: 64, .. }), "{error}");
    assert_eq!(body(small.await.unwrap()), b"small");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_inside_an_answer_is_a_lost_connection() {
    for cut in [2, 6, 10] {
        let (pipeline, mut peer) = pipeline();
        warm_up(&pipeline, &mut peer).await;
        let answer = ask(&pipeline, Api::Metadata);
        let id = arrived(&mut peer).await;
        let mut frame = 20i32.to_be_bytes().to_vec();
        frame.extend(id.to_be_bytes());
        frame.extend([1; 16]);
        peer.write_all(&frame[..cut]).await.unwrap();
        drop(peer);
        let error = answer.await.unwrap().unwrap_err();
        assert!(error.to_string().contains("broke off inside an answer"), "{cut}: {error}");
        assert!(pipeline.closed().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn answers_nobody_asked_for_and_impossible_lengths_end_the_pipeline() {
    for (length, id) in [(8, 4711), (-1, 3), (3, 3)] {
        let (pipeline, mut peer) = pipeline();
        warm_up(&pipeline, &mut peer).await;
        let answer = ask(&pipeline, Api::Metadata);
        assert_eq!(arrived(&mut peer).await, 3);
        peer.write_i32(length).await.unwrap();
        peer.write_i32(id).await.unwrap();
        let error = answer.await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Disconnected { .. }), "{length} {id}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_up_means_what_came_before_it() {
    let (pipeline, mut peer) = pipeline();
    let answer = ask(&pipeline, Api::ApiVersions);
    arrived(&mut peer).await;
    drop(peer);
    let error = answer.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::ClosedUnanswered { .. }), "{error}");
    assert!(error.to_string().contains("set `tls`"), "{error}");

    let (pipeline, mut peer) = self::pipeline();
    let answer = ask(&pipeline, Api::ApiVersions);
    let id = arrived(&mut peer).await;
    reply(&mut peer, id, b"").await;
    answer.await.unwrap().unwrap();
    let answer = ask(&pipeline, Api::Metadata);
    arrived(&mut peer).await;
    // Half-closed: nothing more will come, though the peer still reads.
    peer.shutdown().await.unwrap();
    let error = answer.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::AuthenticationRequired { .. }), "{error}");

    let (pipeline, mut peer) = self::pipeline();
    warm_up(&pipeline, &mut peer).await;
    let answer = ask(&pipeline, Api::Metadata);
    arrived(&mut peer).await;
    drop(peer);
    let error = answer.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Disconnected { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn strangers_are_recognised_by_their_first_bytes() {
    let first_words: [(&[u8], &str); 5] = [
        (b"HTTP/1.1 400 Bad Request\r\n", "it answered as an HTTP server"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "its answer began with `SSH-2.0-`"),
        (&[0x4a, 0, 0, 0, 0x0a, 0x38, 0x2e, 0x30], "began with the bytes 4a 00 00 00"),
        (&[0x15, 3, 3, 0, 2, 2, 80], "the port speaks TLS and we spoke plaintext: set `tls`"),
        (b"no", "its answer began with `no`"),
    ];
    for (words, meaning) in first_words {
        let (pipeline, mut peer) = pipeline();
        let answer = ask(&pipeline, Api::ApiVersions);
        arrived(&mut peer).await;
        peer.write_all(words).await.unwrap();
        drop(peer);
        let error = answer.await.unwrap().unwrap_err().to_string();
        assert!(error.contains(meaning), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_leaves_the_pipeline_in_order() {
    let (pipeline, mut peer) = pipeline();
    let given_up = ask(&pipeline, Api::Metadata);
    let id = arrived(&mut peer).await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    reply(&mut peer, id, b"late").await;
    let next = ask(&pipeline, Api::Metadata);
    let id = arrived(&mut peer).await;
    reply(&mut peer, id, b"next").await;
    assert_eq!(body(next.await.unwrap()), b"next");
}

#[tokio::test(start_paused = true)]
async fn dropping_the_pipeline_closes_the_stream() {
    let (pipeline, mut peer) = pipeline();
    drop(pipeline);
    assert_eq!(peer.read(&mut [0; 8]).await.unwrap(), 0);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_hang(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let (pipeline, mut peer) = pipeline();
            let answer = ask(&pipeline, Api::ApiVersions);
            arrived(&mut peer).await;
            let _ = peer.write_all(&bytes).await;
            drop(peer);
            // A random frame may happen to answer request 1; either way there is an outcome.
            let _ = answer.await.unwrap();
        });
    }
}
