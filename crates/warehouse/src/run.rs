//! One statement that runs.

use crate::error::Error;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// A statement that runs: its columns, and its rows as they come.
///
/// Dropping it stops the statement in the database.
#[derive(Debug)]
pub struct Run {
    schema: SchemaRef,
    batches: mpsc::Receiver<Result<RecordBatch, Error>>,
    canceller: Canceller,
}

impl Run {
    /// A run whose rows come from `batches` and which `canceller` stops.
    pub fn new(schema: SchemaRef, batches: mpsc::Receiver<Result<RecordBatch, Error>>, canceller: Canceller) -> Self {
        Self { schema, batches, canceller }
    }

    /// Names and types of the columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next rows; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, Error>> {
        self.batches.recv().await
    }

    /// The next rows, for threads outside the runtime.
    pub fn blocking_next(&mut self) -> Option<Result<RecordBatch, Error>> {
        self.batches.blocking_recv()
    }

    /// What stops the statement from elsewhere.
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.canceller.cancel();
    }
}

type Stop = Box<dyn Fn() + Send>;

/// How often a running statement is told to stop until it has: an engine may forget a word that reaches it between
/// two steps.
const REPEAT: Duration = Duration::from_millis(10);

#[derive(Default)]
enum State {
    #[default]
    Waiting,
    Running(Stop),
    Cancelled,
    Ended,
}

/// Stops a statement, once, and only while it runs.
///
/// A driver hands the way to stop in with [`Canceller::begin`] and takes it back with [`Canceller::end`] before it
/// gives its session to another statement, so that a late cancel never hits a stranger.
#[derive(Clone, Default)]
pub struct Canceller(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    ended: Condvar,
}

impl Canceller {
    /// Tells how the statement is stopped from now on. False when it was cancelled before it began: then it must not
    /// begin.
    pub fn begin(&self, stop: impl Fn() + Send + 'static) -> bool {
        let mut state = self.lock();
        match *state {
            State::Waiting => {
                *state = State::Running(Box::new(stop));
                true
            }
            State::Running(_) | State::Cancelled | State::Ended => false,
        }
    }

    /// Tells that the statement is over. True when it was cancelled before.
    pub fn end(&self) -> bool {
        let before = std::mem::replace(&mut *self.lock(), State::Ended);
        self.0.ended.notify_all();
        matches!(before, State::Cancelled)
    }

    /// Stops the statement; without effect when it is over.
    pub fn cancel(&self) {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Cancelled) {
            State::Running(stop) => {
                drop(state);
                self.stop_until_ended(stop);
            }
            State::Ended => *state = State::Ended,
            State::Waiting | State::Cancelled => {}
        }
    }

    /// Whether somebody wants the statement stopped.
    pub fn is_cancelled(&self) -> bool {
        matches!(*self.lock(), State::Cancelled)
    }

    fn stop_until_ended(&self, stop: Stop) {
        let canceller = self.clone();
        std::thread::spawn(move || {
            let mut state = canceller.lock();
            while !matches!(*state, State::Ended) {
                stop();
                let wait = canceller.0.ended.wait_timeout(state, REPEAT);
                state = wait.unwrap_or_else(PoisonError::into_inner).0;
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match *self.lock() {
            State::Waiting => "waiting",
            State::Running(_) => "running",
            State::Cancelled => "cancelled",
            State::Ended => "ended",
        };
        f.debug_tuple("Canceller").field(&state).finish()
    }
}
