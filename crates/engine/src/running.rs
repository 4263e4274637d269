//! The statements that run now: to list them, and to stop one.

use crate::body::{Ended, Outcome};
use belvedere_warehouse::Canceller;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::watch;

/// A statement that runs now.
#[derive(Debug, Clone)]
pub struct RunningQuery {
    /// Number of the run on this server.
    pub id: u64,
    /// The user who asked for it.
    pub user_id: String,
    /// The saved query that it runs; told as soon as an implicit query is saved.
    pub query_id: Arc<OnceLock<String>>,
    /// The task that it belongs to, or an id of the same form.
    pub task_id: String,
    /// The connection.
    pub connection: Arc<str>,
    /// Its SQL.
    pub sql: Arc<str>,
    /// When it started.
    pub started_at: Timestamp,
}

#[derive(Debug)]
struct Entry {
    query: RunningQuery,
    killed: watch::Sender<bool>,
    /// Known once the first rows are there.
    canceller: Option<Canceller>,
}

/// The statements that run now.
#[derive(Debug, Clone, Default)]
pub struct Running(Arc<Mutex<Registry>>);

#[derive(Debug, Default)]
struct Registry {
    last_id: u64,
    entries: BTreeMap<u64, Entry>,
}

impl Running {
    /// Enters a statement; it is listed until the guard is dropped.
    pub fn enter(&self, mut query: RunningQuery) -> Guard {
        let mut registry = self.lock();
        registry.last_id += 1;
        let id = registry.last_id;
        query.id = id;
        let (sender, killed) = watch::channel(false);
        registry.entries.insert(id, Entry { query, killed: sender, canceller: None });
        Guard { running: self.clone(), id, killed }
    }

    /// All of them, oldest first.
    pub fn list(&self) -> Vec<RunningQuery> {
        self.lock().entries.values().map(|entry| entry.query.clone()).collect()
    }

    /// The one that belongs to `task_id`.
    pub fn find(&self, task_id: &str) -> Option<RunningQuery> {
        self.lock().entries.values().find(|entry| entry.query.task_id == task_id).map(|entry| entry.query.clone())
    }

    /// Stops the statement of `task_id`. False when none runs.
    pub fn kill(&self, task_id: &str) -> bool {
        let registry = self.lock();
        let Some(entry) = registry.entries.values().find(|entry| entry.query.task_id == task_id) else { return false };
        entry.killed.send_replace(true);
        let canceller = entry.canceller.clone();
        drop(registry);
        if let Some(canceller) = canceller {
            canceller.cancel();
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a statement listed as long as it runs.
#[derive(Debug)]
pub struct Guard {
    running: Running,
    id: u64,
    killed: watch::Receiver<bool>,
}

impl Guard {
    /// Done when somebody kills the statement, which may still wait for its place or for its first rows.
    pub async fn killed(&mut self) {
        if self.killed.wait_for(|killed| *killed).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// What tells whether somebody has killed the run, for threads that write its rows.
    pub(crate) fn sign(&self) -> Killed {
        Killed(self.killed.clone())
    }

    /// How a run ended that is listed no more: one that failed after somebody killed it was killed.
    pub fn judged(self, ended: Ended) -> Ended {
        let was_stopped = self.sign().is_so() && matches!(ended.outcome, Outcome::Failed(_));
        Ended { outcome: if was_stopped { Outcome::Killed } else { ended.outcome }, ..ended }
    }

    /// Tells what stops the statement, from now on.
    pub fn began(&self, canceller: &Canceller) {
        if let Some(entry) = self.running.lock().entries.get_mut(&self.id) {
            entry.canceller = Some(canceller.clone());
        }
        if *self.killed.borrow() {
            canceller.cancel();
        }
    }
}

/// Whether somebody has killed a run.
#[derive(Debug, Clone)]
pub(crate) struct Killed(watch::Receiver<bool>);

impl Killed {
    pub(crate) fn is_so(&self) -> bool {
        *self.0.borrow()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.running.lock().entries.remove(&self.id);
    }
}
