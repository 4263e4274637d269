//! The history of what was asked of users' data: every run of a query, and every result that was taken.
//!
//! A run takes a place in a bounded queue before it begins and fills it when it has ended, in whichever way. So nothing is
//! lost when the server stops in good order, nobody waits for a commit, and when the store falls behind, runs wait at their
//! beginning. One task writes what has ended, many runs at once.

use crate::Service;
use belvedere_api::{Cx, Error, Result, Workspace};
use belvedere_engine::{Ended, Outcome, Provenance};
use belvedere_store::history::{self, NewHistory, Status};
use belvedere_store::session::WorkspaceId;
use belvedere_store::{SqlQuerySlug, Store, UserId};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// How many runs may be under way or wait for the writer.
const QUEUE: usize = 4096;

/// How many runs one statement records.
const BATCH: usize = 1000;

/// How long runs gather for one statement, and how soon a store that cannot be reached is tried again.
const GATHERING: Duration = Duration::from_millis(200);

/// The most characters that are kept of a name.
const LONGEST_NAME: usize = 200;

/// Takes runs, and the task that records them.
pub(crate) struct Runs {
    queue: mpsc::Sender<NewHistory>,
    writer: Mutex<Option<Writer>>,
}

struct Writer {
    close: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// What is asked.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// What it is for, in the words of the field.
    pub(crate) source: String,
    pub(crate) model: Option<String>,
    pub(crate) view: Option<String>,
    pub(crate) format: String,
    /// The saved query, known before the run has ended.
    pub(crate) query_id: Arc<OnceLock<String>>,
    pub(crate) query_task_id: Option<String>,
    pub(crate) sql_query_slug: Option<SqlQuerySlug>,
}

/// A run under way. It is recorded when the last of those who hold it lets go.
pub(crate) struct Run(Mutex<Open>);

struct Open {
    place: Option<mpsc::OwnedPermit<NewHistory>>,
    history: NewHistory,
    query_id: Arc<OnceLock<String>>,
    started: Instant,
    has_ended: bool,
}

impl Runs {
    pub(crate) fn start(store: Store) -> Self {
        let (queue, runs) = mpsc::channel(QUEUE);
        let (close, closed) = oneshot::channel();
        let task = tokio::spawn(write_all(store, runs, closed));
        Self { queue, writer: Mutex::new(Some(Writer { close, task })) }
    }

    async fn close(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Writer { close, task }) = writer {
            let _ = close.send(());
            let _ = task.await;
        }
    }
}

impl Service {
    /// Begins a run of the caller's; it waits when too many are under way or unwritten.
    pub(crate) async fn begin_run(&self, cx: &Cx, asked: Asked) -> Result<Arc<Run>> {
        let caller = cx.caller()?;
        let stopping = |_| Error::unavailable("The server is stopping");
        let place = self.runs.queue.clone().reserve_owned().await.map_err(stopping)?;
        let program = cx.client.application.as_deref().or(cx.client.user_agent.as_deref());
        let history = NewHistory {
            created_at: cx.now,
            operation: cx.operation.as_str().to_owned(),
            source: line(&asked.source),
            user_id: UserId::new(caller.user.get()),
            sudo_user_id: caller.sudo_user.map(|user| UserId::new(user.get())),
            workspace_id: match caller.workspace {
                Workspace::Production => WorkspaceId::Production,
                Workspace::Dev => WorkspaceId::Dev,
            },
            query_id: None,
            sql_query_slug: asked.sql_query_slug,
            query_task_id: asked.query_task_id.and_then(|id| id.parse().ok()),
            model: asked.model.as_deref().map(line),
            view: asked.view.as_deref().map(line),
            connection_name: None,
            result_format: line(&asked.format),
            result_source: None,
            status: Status::Killed,
            rows: None,
            runtime: 0.0,
            ip_address: cx.client.address.map(|address| address.to_string()),
            application: program.map(line),
        };
        let (place, started) = (Some(place), Instant::now());
        let open = Open { place, history, query_id: asked.query_id, started, has_ended: false };
        Ok(Arc::new(Run(Mutex::new(open))))
    }

    /// Stops what still runs, records it, and begins no more runs.
    pub async fn close(&self) {
        for running in self.engine.running().list() {
            self.engine.running().kill(&running.task_id);
        }
        self.runs.close().await;
    }
}

impl Run {
    /// The id of the saved query, as soon as it is known.
    pub(crate) fn query_id(&self) -> Arc<OnceLock<String>> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner).query_id)
    }

    /// Tells the connection.
    pub(crate) fn on(&self, connection: &str) {
        self.change(|open| open.history.connection_name = Some(connection.to_owned()));
    }

    /// Tells how the run ended; what is told first counts.
    pub(crate) fn ended(&self, ended: &Ended) {
        let status = match ended.outcome {
            Outcome::Complete => Status::Complete,
            Outcome::Failed(_) => Status::Error,
            Outcome::Killed | Outcome::Abandoned => Status::Killed,
        };
        let source = ended.provenance.map(|provenance| match provenance {
            Provenance::Query => "query",
            Provenance::Cache { .. } => "cache",
        });
        self.end(status, source, Some(ended.rows));
    }

    /// Tells that all went well without any row, as where the statement itself is shown.
    pub(crate) fn complete(&self) {
        self.end(Status::Complete, None, None);
    }

    /// Tells that the run failed before it had rows.
    pub(crate) fn failed(&self) {
        self.end(Status::Error, None, None);
    }

    fn end(&self, status: Status, source: Option<&str>, rows: Option<u64>) {
        self.change(|open| {
            if open.has_ended {
                return;
            }
            open.has_ended = true;
            open.history.status = status;
            open.history.result_source = source.map(str::to_owned);
            open.history.rows = rows.map(|rows| i64::try_from(rows).unwrap_or(i64::MAX));
            open.history.runtime = open.started.elapsed().as_secs_f64();
        });
    }

    fn change(&self, change: impl FnOnce(&mut Open)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Whoever waited for a run that never ended has left.
impl Drop for Run {
    fn drop(&mut self) {
        let open = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !open.has_ended {
            open.history.runtime = open.started.elapsed().as_secs_f64();
        }
        open.history.query_id = open.query_id.get().and_then(|id| id.parse().ok());
        if let Some(place) = open.place.take() {
            place.send(open.history.clone());
        }
    }
}

/// A name on one line, cut where it is too long: it may be what a caller made up.
fn line(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect()
}

async fn write_all(store: Store, mut runs: mpsc::Receiver<NewHistory>, mut closed: oneshot::Receiver<()>) {
    let mut batch = Vec::new();
    let mut is_closing = false;
    loop {
        tokio::select! {
            count = runs.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    return;
                }
                write(&store, std::mem::take(&mut batch)).await;
                if count < BATCH && !is_closing {
                    gather(&mut closed, &mut is_closing, &mut runs).await;
                }
            }
            // The server forgets its service at its end, too.
            _ = &mut closed, if !is_closing => {
                is_closing = true;
                runs.close();
            }
        }
    }
}

/// Waits until some more runs have ended, or until there will be no more.
async fn gather(closed: &mut oneshot::Receiver<()>, is_closing: &mut bool, runs: &mut mpsc::Receiver<NewHistory>) {
    if tokio::time::timeout(GATHERING, closed).await.is_ok() {
        *is_closing = true;
        runs.close();
    }
}

/// Records some runs together with other small writes.
async fn write(store: &Store, batch: Vec<NewHistory>) {
    loop {
        let runs = batch.clone();
        let written = store.write_grouped(move |tx| Box::pin(history::insert_all(tx, runs))).await;
        match written {
            Ok(()) => return,
            Err(error @ (belvedere_store::Error::Busy | belvedere_store::Error::Unreachable(_))) => {
                tracing::warn!(%error, "the history of queries is not written yet");
                tokio::time::sleep(GATHERING).await;
            }
            Err(error) => return tracing::error!(%error, runs = batch.len(), "the history of queries is not written"),
        }
    }
}
