//! Large questions in as few pieces as go over the wire: their number follows bytes, not topics or
//! groups. What did not fit is remembered, so that it is not fetched in vain each time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{Api, BrokerId, Client, Error, TopicPartitions};

/// Of the names in one request. Brokers take 100 MiB unless `socket.request.max.bytes` says less.
const REQUEST_BYTES_MAX: usize = 8 << 20;
/// What goes with a name, at most: lengths, keys, tags.
const BESIDE_NAME_BYTES: usize = 64;
/// The memory of what did not fit goes no finer: one huge item must not make pieces of all others.
const PIECES_MAX: usize = 64;
/// Fewer items than this are not what makes a broker slow.
const ITEMS_SLOW_MIN: usize = 1_000;
/// The whole is tried again after so many questions, for what did not fit may have shrunk.
const FORGET_AFTER: u32 = 100;

/// What is asked, and of whom; `None` for any broker.
pub(crate) type Question = (Api, Option<BrokerId>);

/// How many items of a question fitted into one answer, where not all did.
#[derive(Debug, Default)]
pub(crate) struct Rooms(Mutex<HashMap<Question, Room>>);

#[derive(Debug, Clone, Copy)]
struct Room {
    items: usize,
    asked: u32,
}

/// What a request names.
pub(crate) trait Item: Clone {
    /// About what it takes in a request.
    fn bytes(&self) -> usize;
}

impl Item for Arc<str> {
    fn bytes(&self) -> usize {
        self.len() + BESIDE_NAME_BYTES
    }
}

impl Item for TopicPartitions {
    fn bytes(&self) -> usize {
        self.topic.bytes() + size_of_val(&*self.partitions)
    }
}

impl Client {
    /// Asks about `items` in pieces, one after another; a piece whose answer is too large is
    /// halved. One answer an item, in their order.
    pub(crate) async fn in_pieces<T, A, F>(
        &self,
        question: Question,
        items: &[T],
        ask: impl Fn(Vec<T>) -> F,
    ) -> Vec<Result<A, Error>>
    where
        T: Item,
        F: Future<Output = Result<Vec<Result<A, Error>>, Error>>,
    {
        let rooms = self.rooms();
        rooms.begin(question);
        let (mut answers, mut asked) = (Vec::with_capacity(items.len()), 0);
        let mut pieces: Vec<&[T]> = if items.is_empty() { Vec::new() } else { vec![items] };
        while let Some(piece) = pieces.pop() {
            let room = rooms.of(question).min(within(piece, REQUEST_BYTES_MAX));
            if piece.len() > room {
                let (first, rest) = piece.split_at(room);
                pieces.extend([rest, first]);
                continue;
            }
            asked += 1;
            match ask(piece.to_vec()).await {
                Ok(answered) => answers.extend(answered),
                Err(Error::ResponseTooLarge { .. }) if piece.len() > 1 => {
                    rooms.learn(question, (piece.len() / 2).max(items.len() / PIECES_MAX));
                    let (first, rest) = piece.split_at(piece.len() / 2);
                    pieces.extend([rest, first]);
                }
                Err(error) => {
                    let is_slow = matches!(error, Error::Timeout { .. });
                    if is_slow && piece.len() > ITEMS_SLOW_MIN {
                        rooms.learn(question, piece.len() / 2);
                    }
                    answers.extend(piece.iter().map(|_| Err(error.clone())));
                }
            }
        }
        self.counters().split(question.0, asked);
        answers
    }
}

impl Rooms {
    /// Whether all items did not fit into one answer lately.
    pub(crate) fn is_limited(&self, question: Question) -> bool {
        self.lock().contains_key(&question)
    }

    pub(crate) fn learn(&self, question: Question, items: usize) {
        self.lock().insert(question, Room { items: items.max(1), asked: 0 });
    }

    fn begin(&self, question: Question) {
        let mut rooms = self.lock();
        if let Some(room) = rooms.get_mut(&question) {
            room.asked += 1;
            if room.asked > FORGET_AFTER {
                rooms.remove(&question);
            }
        }
    }

    fn of(&self, question: Question) -> usize {
        self.lock().get(&question).map_or(usize::MAX, |room| room.items)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Question, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many of the first items have room in `bytes`; one at least.
fn within<T: Item>(items: &[T], bytes: usize) -> usize {
    let sums = items.iter().scan(0usize, |sum, item| {
        *sum = sum.saturating_add(item.bytes());
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= bytes).count().max(1)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::{BrokerAddress, ClientOptions};

    const QUESTION: Question = (Api::OffsetFetch, Some(BrokerId(1)));

    fn client() -> Client {
        Client::new(ClientOptions::new(vec![BrokerAddress::new("b", 9092)])).unwrap()
    }

    fn names(count: usize) -> Vec<Arc<str>> {
        (0..count).map(|n| Arc::from(format!("{n:05}"))).collect()
    }

    fn too_large() -> Error {
        let address = BrokerAddress::new("b", 9092);
        Error::ResponseTooLarge { address, api: Api::OffsetFetch, bytes: 9, limit: 8 }
    }

    /// Asks about items of which an answer holds those that `fits` says; the sizes of the pieces.
    async fn sizes(
        client: &Client,
        items: &[Arc<str>],
        fits: fn(&[Arc<str>]) -> bool,
    ) -> Vec<usize> {
        let sizes = RefCell::new(Vec::new());
        let answers = client.in_pieces(QUESTION, items, |piece| {
            sizes.borrow_mut().push(piece.len());
            async move {
                if fits(&piece) {
                    Ok(piece.into_iter().map(Ok).collect())
                } else {
                    Err(too_large())
                }
            }
        });
        for (answer, item) in answers.await.iter().zip(items) {
            let is_alone = !fits(std::slice::from_ref(item));
            assert!(answer.as_ref().map_or(is_alone, |answer| answer == item), "{answer:?}");
        }
        sizes.into_inner()
    }

    #[tokio::test]
    async fn pieces_that_fitted_are_asked_for_the_next_time() {
        let (client, items) = (client(), names(10));
        let at_most_three = |piece: &[Arc<str>]| piece.len() <= 3;
        assert_eq!(sizes(&client, &items, at_most_three).await, [10, 5, 2, 2, 1, 2, 2, 1]);
        assert_eq!(sizes(&client, &items, at_most_three).await, [2; 5]);
        assert_eq!(client.stats().of(Api::OffsetFetch).extra_pieces, 7 + 4);
    }

    #[tokio::test]
    async fn the_whole_is_tried_again_after_a_while() {
        let (client, items) = (client(), names(4));
        client.rooms().learn(QUESTION, 2);
        for _ in 0..FORGET_AFTER {
            assert_eq!(sizes(&client, &items, |_| true).await, [2, 2]);
        }
        assert_eq!(sizes(&client, &items, |_| true).await, [4]);
    }

    #[tokio::test]
    async fn one_item_too_large_fails_alone_and_leaves_the_others_together() {
        let (client, items) = (client(), names(6_400));
        let fits = |piece: &[Arc<str>]| !piece.iter().any(|name| &**name == "00000");
        let first = sizes(&client, &items, fits).await;
        assert!(first.ends_with(&[100; 63]), "{first:?}");
        let again = sizes(&client, &items, fits).await;
        assert!(again.len() < PIECES_MAX + 16, "{again:?}");
    }

    #[tokio::test]
    async fn ten_thousand_names_are_one_request_and_bytes_bound_it() {
        assert_eq!(sizes(&client(), &names(10_000), |_| true).await, [10_000]);
        let long: Vec<Arc<str>> = (0..400).map(|_| Arc::from("n".repeat(60_000))).collect();
        let pieces = sizes(&client(), &long, |_| true).await;
        assert_eq!(pieces.iter().sum::<usize>(), 400);
        assert_eq!(pieces.len(), 3, "24 MB of names");
        assert!(sizes(&client(), &[], |_| true).await.is_empty());
    }

    #[tokio::test]
    async fn an_answer_that_takes_too_long_is_asked_in_halves_the_next_time() {
        let (client, items) = (client(), names(3_000));
        let late = |piece: Vec<Arc<str>>| async move {
            let address = BrokerAddress::new("b", 9092);
            let after = std::time::Duration::from_secs(6);
            let error = Error::Timeout { address, api: Api::OffsetFetch, after };
            if piece.is_empty() { Ok(vec![Ok(())]) } else { Err(error) }
        };
        assert!(client.in_pieces(QUESTION, &items, late).await.iter().all(Result::is_err));
        assert_eq!(sizes(&client, &items, |_| true).await, [1_500, 1_500]);
    }
}
