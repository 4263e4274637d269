//! Group commit: many small writes in one transaction, each answered when that transaction is committed.
//!
//! A commit waits for the disk, whatever its size. Writes that wait at the same time therefore share one. Each runs in
//! a savepoint, so that one that fails takes no other with it.

use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::error::{Error, Result};
use crate::reader::Tx;
use crate::store::{Database, inside};

/// How many writes may wait; the next caller waits to be let in.
const QUEUE: usize = 1024;
/// How many writes share a commit at most, so that the first of them does not wait for all of a flood.
const BATCH: usize = 256;

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a grouped write does: `|tx| Box::pin(async move { ... })`.
pub trait Work<T>: for<'tx> FnOnce(&'tx mut Tx) -> BoxFuture<'tx, Result<T>> + Send + 'static {}

impl<T, F> Work<T> for F where F: for<'tx> FnOnce(&'tx mut Tx) -> BoxFuture<'tx, Result<T>> + Send + 'static {}

/// The queue and the task that empties it.
pub(crate) struct GroupWriter {
    queue: mpsc::Sender<Message>,
    task: Mutex<Option<JoinHandle<()>>>,
}

enum Message {
    Write(Box<dyn Write>),
    Close,
}

impl GroupWriter {
    pub fn start(database: Arc<Database>) -> Self {
        let (queue, messages) = mpsc::channel(QUEUE);
        let task = Mutex::new(Some(tokio::spawn(write_all(database, messages))));
        GroupWriter { queue, task }
    }

    /// Waits for a place in the queue, then for the commit.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Work<T>,
    {
        let (reply, outcome) = oneshot::channel();
        let write = Queued { work: Some(work), outcome: None, reply };
        self.queue.send(Message::Write(Box::new(write))).await.map_err(|_| Error::Closed)?;
        outcome.await.unwrap_or(Err(Error::Closed))
    }

    /// Lets nobody in any more and waits until all that were in are answered.
    pub async fn close(&self) {
        let mut task = self.task.lock().await;
        let Some(handle) = task.take() else {
            return;
        };
        // The task may have ended before, and may have failed: both mean that nothing is left to wait for.
        let _ = self.queue.send(Message::Close).await;
        let _ = handle.await;
    }
}

/// One write that waits in the queue, whatever its type.
trait Write: Send {
    /// Does the work and tells whether to keep it.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool>;
    /// Answers the caller, after the commit or after its failure.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Queued<T, F> {
    work: Option<F>,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send + 'static, F: Work<T>> Write for Queued<T, F> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take().filter(|_| !self.reply.is_closed()) else {
                return false;
            };
            let outcome = inside(caught(async { work(tx).await })).await.unwrap_or(Err(Error::Panicked));
            // Work that passes over a failure has failed all the same.
            let outcome = outcome.and_then(|value| tx.transaction().check().map(|()| value));
            self.outcome.insert(outcome).is_ok()
        })
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => return,
        };
        // A caller who left needs no answer.
        let _ = self.reply.send(outcome);
    }
}

/// Runs the future; `None` when it panics, so that one bad write does not end the writer.
async fn caught<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(move |cx| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
            Err(_) => Poll::Ready(None),
        }
    })
    .await
}

async fn write_all(database: Arc<Database>, mut messages: mpsc::Receiver<Message>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while messages.recv_many(&mut waiting, BATCH).await > 0 {
        let mut batch = Vec::with_capacity(waiting.len());
        for message in waiting.drain(..) {
            match message {
                Message::Write(write) => batch.push(write),
                Message::Close => messages.close(),
            }
        }
        if batch.is_empty() {
            continue;
        }
        let committed = commit(&database, &mut batch).await;
        if let Err(error) = &committed {
            tracing::warn!(%error, writes = batch.len(), "a grouped commit failed");
        }
        for write in batch {
            write.answer(committed.clone());
        }
    }
}

async fn commit(database: &Arc<Database>, batch: &mut [Box<dyn Write>]) -> Result<()> {
    let mut tx = database.begin_write().await?;
    tx.transaction().mark().await?;
    for write in batch {
        if write.run(&mut tx).await {
            tx.transaction().keep().await?;
        } else {
            tx.transaction().undo().await?;
        }
    }
    database.commit(tx).await
}
