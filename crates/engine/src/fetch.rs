//! The rows of a statement: out of the cache, of a task, or from the database.

use crate::Engine;
use crate::cache::{CacheUse, key};
use crate::error::Error;
use crate::kept::{Kept, Name, Recorder};
use crate::places::Place;
use crate::prepare::Prepared;
use crate::rows::{Provenance, Rows};
use belvedere_warehouse::{Canceller, Connection, Error as WarehouseError};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Instant;

/// Where the rows of a run may come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The cache, as far as the run wants it, else the database.
    Cache(CacheUse),
    /// The kept result of the task with this id, and nowhere else. It answers to the very statements that it is of alone:
    /// who may see other rows by now than who made the task, or than at that time, gets none.
    Task(String),
}

/// The name that the rows of a statement have in a task.
fn name_in_task(task: &str, sql: &str) -> Name {
    Name::Task(task.to_owned(), Sha256::digest(sql.as_bytes()).into())
}

/// Rows, and the name to keep them under.
pub(crate) struct Fetched {
    pub(crate) rows: Rows,
    pub(crate) name: Option<Name>,
}

impl Engine {
    /// The rows of a statement of `prepared`.
    pub(crate) async fn fetch(
        &self,
        prepared: &Prepared,
        sql: &str,
        origin: &Origin,
        user: &str,
    ) -> Result<Fetched, Error> {
        let wanted = match origin {
            Origin::Task(task) => {
                let kept = self.keep().get(&name_in_task(task, sql)).ok_or(Error::NotCached)?;
                return Ok(Fetched { rows: Rows::kept(&kept, false)?, name: None });
            }
            Origin::Cache(wanted) => *wanted,
        };
        let name = Name::Cached(key(prepared.connection.name(), sql, &prepared.security, &prepared.freshness));
        if wanted != CacheUse::Never
            && let Some(kept) = self.keep().get(&name)
        {
            let stale = prepared.freshness.is_stale(kept.ran_at, self.clock().now());
            if !stale || wanted == CacheUse::Only {
                return Ok(Fetched { rows: Rows::kept(&kept, stale)?, name: None });
            }
        }
        if wanted == CacheUse::Only {
            return Err(Error::NotCached);
        }
        Ok(Fetched { rows: self.live(&prepared.connection, sql, user).await?, name: Some(name) })
    }

    /// Runs a statement, and waits for its first rows.
    pub(crate) async fn live(&self, connection: &Connection, sql: &str, user: &str) -> Result<Rows, Error> {
        let place = self.places.take(connection, user).await?;
        let run = connection.run(sql.to_owned()).await?;
        Ok(Rows::live(run).await?.placed(place))
    }

    /// Rows that are kept as they are taken, when they come from the database.
    pub(crate) fn recorded(&self, fetched: Fetched) -> Rows {
        let Fetched { rows, name } = fetched;
        let Some(name) = name else { return rows };
        let recorder = self.keep().passing_recorder(rows.schema());
        let (keep, ran_at, started) = (self.keep().clone(), self.clock().now(), Instant::now());
        rows.recorded(recorder, move |recorder| match recorder.finish(ran_at, started.elapsed()) {
            Ok(kept) => keep.put(name, kept),
            Err(error) => tracing::warn!(%error, "a result is not in the cache"),
        })
    }

    /// All rows, kept.
    pub(crate) async fn drained(&self, fetched: Fetched) -> Result<Arc<Kept>, Error> {
        let Fetched { rows, name } = fetched;
        if let Some(kept) = rows.as_kept() {
            return Ok(Arc::clone(kept));
        }
        let recorder = self.keep().recorder(rows.schema());
        let stop = StopOnDrop(rows.canceller());
        let ran_at = self.clock().now();
        let draining = tokio::task::spawn_blocking(move || drain(rows, recorder, ran_at));
        let kept = draining.await.map_err(|error| WarehouseError::Driver(error.to_string()))??;
        stop.disarm();
        if let Some(name) = name {
            self.keep().put(name, Arc::clone(&kept));
        }
        Ok(kept)
    }

    /// Lets go of the rows that are kept for a task.
    pub fn forget_task(&self, task: &str) {
        self.keep().remove_task(task);
    }

    /// Runs all statements of a query and keeps their rows for a task, and in the cache. What is in the cache already
    /// does not run. It gives how many rows the query has, and where they come from.
    pub async fn keep_for_task(
        &self,
        prepared: &Prepared,
        wanted: CacheUse,
        entry: crate::RunningQuery,
    ) -> Result<(u64, Provenance), Error> {
        let (task, user) = (entry.task_id.clone(), entry.user_id.clone());
        let mut guard = self.running().enter(entry);
        let origin = Origin::Cache(wanted);
        let all = async {
            let mut rows = (0, Provenance::Query);
            for (number, sql) in prepared.statements().enumerate() {
                let fetched = self.fetch(prepared, sql, &origin, &user).await?;
                let provenance = fetched.rows.provenance();
                let kept = self.drained(fetched).await?;
                if number == 0 {
                    rows = (kept.count, provenance);
                    prepared.layout.check(kept.schema())?;
                }
                self.keep().put(name_in_task(&task, sql), kept);
            }
            Ok(rows)
        };
        // Dropping what waits for rows stops the statement.
        tokio::select! {
            biased;
            () = guard.killed() => Err(WarehouseError::Cancelled.into()),
            done = all => done,
        }
    }
}

fn drain(mut rows: Rows, mut recorder: Recorder, ran_at: Timestamp) -> Result<Arc<Kept>, WarehouseError> {
    let started = Instant::now();
    while let Some(batch) = rows.blocking_next() {
        recorder.push(&batch?)?;
    }
    recorder.finish(ran_at, started.elapsed())
}

/// Stops a statement that nobody waits for any more.
#[derive(Debug)]
pub(crate) struct StopOnDrop(pub(crate) Option<Canceller>);

impl StopOnDrop {
    /// The statement has ended by itself.
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(canceller) = &self.0 {
            canceller.cancel();
        }
    }
}

impl Rows {
    /// Holds the user's place as long as the rows are taken.
    fn placed(self, place: Place) -> Self {
        self.holding(Box::new(place))
    }
}
