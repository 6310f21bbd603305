//! Queries that go on after their request was answered: who asks with `async: true` gets an id when
//! the answer takes long, and polls. Bounded in number, in time by the query's own timeout, and what
//! is finished is kept for a minute.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use uuid::Uuid;
use weir_types::{AccountId, QueryError, QueryResult};

/// How long a request waits before it is given an id: what New Relic waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a finished answer can be fetched.
pub const KEPT: Duration = Duration::from_secs(60);
/// Queries in the background, those whose answer is kept included.
const QUERIES_MAX: usize = 64;

pub type Outcome = Result<Arc<QueryResult>, QueryError>;

/// What became of a query so far.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    Done(Outcome),
    Running(Uuid),
}

/// The queries that were given an id.
pub struct Background {
    patience: Duration,
    queries: Mutex<HashMap<Uuid, Query>>,
}

struct Query {
    account: AccountId,
    nrql: String,
    outcome: watch::Receiver<Option<Outcome>>,
    running: AbortHandle,
}

impl Default for Background {
    fn default() -> Self {
        Background { patience: PATIENCE, queries: Mutex::default() }
    }
}

impl Background {
    /// The outcome if it comes soon, else an id to ask with. While this is awaited, who no longer
    /// waits ends the query.
    pub async fn run(
        self: &Arc<Self>,
        account: AccountId,
        nrql: &str,
        query: impl Future<Output = Result<QueryResult, QueryError>> + Send + 'static,
    ) -> Progress {
        let (sender, mut outcome) = watch::channel(None);
        let task = tokio::spawn(async move {
            let found = query.await.map(Arc::new);
            sender.send_replace(Some(found));
        });
        let running = AbortOnDrop(Some(task.abort_handle()));
        let soon = outcome.wait_for(Option::is_some);
        if let Ok(Ok(found)) = tokio::time::timeout(self.patience, soon).await {
            return Progress::Done(found.clone().unwrap_or_else(|| Err(stopped())));
        }
        let id = Uuid::new_v4();
        let nrql = nrql.to_owned();
        let query = Query { account, nrql, outcome: outcome.clone(), running: running.keep() };
        if let Err(refused) = self.remember(id, query) {
            return Progress::Done(Err(refused));
        }
        let background = Arc::clone(self);
        tokio::spawn(async move {
            // An error says that the query was ended: then there is nothing to wait for.
            if outcome.wait_for(Option::is_some).await.is_ok() {
                tokio::time::sleep(KEPT).await;
            }
            background.forget(id);
        });
        Progress::Running(id)
    }

    /// The text and state of an account's query; `None` where there is none of this id, or no more.
    pub fn progress(&self, account: AccountId, id: Uuid) -> Option<(String, Progress)> {
        let queries = self.queries.lock().unwrap_or_else(PoisonError::into_inner);
        let query = queries.get(&id).filter(|query| query.account == account)?;
        let progress = match &*query.outcome.borrow() {
            Some(outcome) => Progress::Done(outcome.clone()),
            None => Progress::Running(id),
        };
        Some((query.nrql.clone(), progress))
    }

    /// Whether there was such a query to end.
    pub fn cancel(&self, account: AccountId, id: Uuid) -> bool {
        let mut queries = self.queries.lock().unwrap_or_else(PoisonError::into_inner);
        let is_theirs = queries.get(&id).is_some_and(|query| query.account == account);
        if is_theirs && let Some(query) = queries.remove(&id) {
            query.running.abort();
        }
        is_theirs
    }

    fn remember(&self, id: Uuid, query: Query) -> Result<(), QueryError> {
        let mut queries = self.queries.lock().unwrap_or_else(PoisonError::into_inner);
        if queries.len() >= QUERIES_MAX {
            query.running.abort();
            return Err(QueryError::Busy(format!(
                "{QUERIES_MAX} queries are in the background already: try again in a minute"
            )));
        }
        queries.insert(id, query);
        Ok(())
    }

    fn forget(&self, id: Uuid) {
        self.queries.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

struct AbortOnDrop(Option<AbortHandle>);

impl AbortOnDrop {
    /// From here on the query runs on its own.
    fn keep(mut self) -> AbortHandle {
        self.0.take().expect("only this function takes it, once")
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(running) = &self.0 {
            running.abort();
        }
    }
}

fn stopped() -> QueryError {
    QueryError::Store("query stopped unexpectedly, see the log".into())
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    const ME: AccountId = AccountId(1);

    fn impatient() -> Arc<Background> {
        Arc::new(Background { patience: Duration::ZERO, queries: Mutex::default() })
    }

    /// A query that ends when it is told to.
    fn query()
    -> (oneshot::Sender<QueryResult>, impl Future<Output = Result<QueryResult, QueryError>> + Send)
    {
        let (sender, receiver) = oneshot::channel();
        (sender, async { receiver.await.map_err(|_| stopped()) })
    }

    async fn started(background: &Arc<Background>) -> (oneshot::Sender<QueryResult>, Uuid) {
        let (sender, query) = query();
        match background.run(ME, "SELECT 1", query).await {
            Progress::Running(id) => (sender, id),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_is_quick_needs_no_id() {
        let background = Arc::new(Background::default());
        let done = background.run(ME, "SELECT 1", async { Ok(QueryResult::default()) }).await;
        assert_eq!(done, Progress::Done(Ok(Arc::default())));
        assert!(background.queries.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_takes_long_is_polled_by_its_own_account() {
        let background = impatient();
        let (sender, id) = started(&background).await;
        let running = Some(("SELECT 1".to_owned(), Progress::Running(id)));
        assert_eq!(background.progress(ME, id), running);
        assert_eq!(background.progress(AccountId(2), id), None);
        assert_eq!(background.progress(ME, Uuid::nil()), None);
        sender.send(QueryResult::default()).unwrap();
        while background.progress(ME, id) == running {
            tokio::task::yield_now().await;
        }
        let done = Progress::Done(Ok(Arc::default()));
        assert_eq!(background.progress(ME, id), Some(("SELECT 1".to_owned(), done)));
    }

    #[tokio::test]
    async fn a_cancelled_query_is_dropped_and_forgotten() {
        let background = impatient();
        let (mut sender, id) = started(&background).await;
        assert!(!background.cancel(AccountId(2), id));
        assert!(background.cancel(ME, id) && !background.cancel(ME, id));
        assert_eq!(background.progress(ME, id), None);
        // The query is dropped, which is what frees the engine.
        sender.closed().await;
    }

    #[tokio::test]
    async fn the_background_is_bounded() {
        let background = impatient();
        let mut all = Vec::new();
        for _ in 0..QUERIES_MAX {
            all.push(started(&background).await);
        }
        let (mut sender, query) = query();
        let refused = background.run(ME, "SELECT 1", query).await;
        assert!(matches!(refused, Progress::Done(Err(QueryError::Busy(_)))), "{refused:?}");
        sender.closed().await;
    }
}
