//! Asking several brokers at once, and large questions in pieces.

use std::{collections::HashMap, hash::Hash, panic::resume_unwind};

use tokio::task::JoinSet;

use crate::Error;

/// Runs all futures at once and returns their outputs in the order given. Dropping this ends them.
pub(crate) async fn all<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (at, future) in futures.into_iter().enumerate() {
        tasks.spawn(async move { (at, future.await) });
    }
    let mut outputs = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(output) => outputs.push(output),
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
    outputs.sort_unstable_by_key(|(at, _)| *at);
    outputs.into_iter().map(|(_, output)| output).collect()
}

/// Outputs as they come, in no order: what is taken in one by one never is in memory all at once.
/// Dropping this ends what is still asked.
#[derive(Debug)]
pub struct Arriving<T> {
    tasks: JoinSet<T>,
}

impl<T: Send + 'static> Arriving<T> {
    pub(crate) fn of(
        futures: impl IntoIterator<Item: Future<Output = T> + Send + 'static>,
    ) -> Self {
        let mut tasks = JoinSet::new();
        for future in futures {
            tasks.spawn(future);
        }
        Self { tasks }
    }

    /// `None` when all have come.
    pub async fn next(&mut self) -> Option<T> {
        match self.tasks.join_next().await? {
            Ok(output) => Some(output),
            Err(error) => resume_unwind(error.into_panic()),
        }
    }
}

/// Asks about `items` in pieces of at most `max`, one after another; a piece whose answer is too
/// large is halved. One answer an item, in their order.
pub(crate) async fn in_pieces<T, A, F>(
    items: &[T],
    max: usize,
    ask: impl Fn(Vec<T>) -> F,
) -> Vec<Result<A, Error>>
where
    T: Clone,
    F: Future<Output = Result<Vec<Result<A, Error>>, Error>>,
{
    let mut answers = Vec::with_capacity(items.len());
    let mut pieces: Vec<&[T]> = items.chunks(max.max(1)).rev().collect();
    while let Some(piece) = pieces.pop() {
        match ask(piece.to_vec()).await {
            Ok(answered) => answers.extend(answered),
            Err(Error::ResponseTooLarge { .. }) if piece.len() > 1 => {
                let (first, second) = piece.split_at(piece.len() / 2);
                pieces.extend([second, first]);
            }
            Err(error) => answers.extend(piece.iter().map(|_| Err(error.clone()))),
        }
    }
    answers
}

/// The answers in the order asked, whatever order the broker chose; `missing` where it left one out.
pub(crate) fn in_order<K: Eq + Hash, A>(
    asked: &[K],
    mut answered: HashMap<K, Result<A, Error>>,
    missing: &Error,
) -> Vec<Result<A, Error>> {
    asked.iter().map(|key| answered.remove(key).unwrap_or_else(|| Err(missing.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, sync::Arc};

    use super::*;
    use crate::{Api, BrokerAddress};

    fn too_large() -> Error {
        let address = BrokerAddress::new("b", 9092);
        Error::ResponseTooLarge { address, api: Api::OffsetFetch, bytes: 9, limit: 8 }
    }

    #[tokio::test]
    async fn outputs_keep_their_order() {
        let slow_first = (0..4u64).map(|n| async move {
            tokio::task::yield_now().await;
            n
        });
        assert_eq!(all(slow_first).await, [0, 1, 2, 3]);
    }

    #[tokio::test]
    async fn pieces_too_large_are_halved_and_stay_in_order() {
        let sizes = RefCell::new(Vec::new());
        let items: Vec<u32> = (0..10).collect();
        let answers = in_pieces(&items, 6, |piece| {
            sizes.borrow_mut().push(piece.len());
            async move {
                if piece.len() > 3 {
                    Err(too_large())
                } else {
                    Ok(piece.into_iter().map(Ok).collect())
                }
            }
        });
        let answers: Vec<u32> = answers.await.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers, items);
        assert_eq!(*sizes.borrow(), [6, 3, 3, 4, 2, 2]);
    }

    #[tokio::test]
    async fn one_item_too_large_fails_alone() {
        let answers = in_pieces(&["small", "huge", "tiny"], 3, |piece| async move {
            if piece.contains(&"huge") {
                Err(too_large())
            } else {
                Ok(piece.into_iter().map(Ok).collect())
            }
        });
        let answers = answers.await;
        assert!(answers[0].is_ok() && answers[2].is_ok());
        assert!(matches!(answers[1], Err(Error::ResponseTooLarge { .. })));
    }

    #[test]
    fn what_the_broker_left_out_is_an_error_in_its_place() {
        let asked: [Arc<str>; 2] = ["a".into(), "b".into()];
        let answered = HashMap::from([(Arc::from("b"), Ok(1))]);
        let answers = in_order(&asked, answered, &Error::NoBootstrap);
        assert!(answers[0].is_err());
        assert!(matches!(answers[1], Ok(1)));
    }
}
