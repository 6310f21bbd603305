//! Asking several brokers at once, and their answers in order.

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
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn outputs_keep_their_order() {
        let slow_first = (0..4u64).map(|n| async move {
            tokio::task::yield_now().await;
            n
        });
        assert_eq!(all(slow_first).await, [0, 1, 2, 3]);
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
