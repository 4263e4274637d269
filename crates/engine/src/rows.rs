//! Where the rows of a statement come from: a statement that runs, or a result that was kept.

use crate::kept::{Kept, KeptRows, Recorder};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use belvedere_warehouse::{Canceller, Error, Run};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// The rows of a statement, whose first ones are there already: whatever fails before them has its own answer.
#[derive(Debug)]
pub struct Rows {
    first: Option<RecordBatch>,
    rest: Rest,
    recording: Option<Recording>,
    provenance: Provenance,
    /// Whatever must live as long as the rows are taken.
    held: Option<Box<dyn std::fmt::Debug + Send>>,
}

#[derive(Debug)]
enum Rest {
    Live(Run),
    Kept(KeptRows),
}

/// Where rows come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Provenance {
    /// The statement runs.
    #[default]
    Query,
    /// They were read before.
    Cache {
        /// When.
        ran_at: Timestamp,
        /// How long that took.
        runtime: Duration,
        /// Whether they are older than the explore wants its rows.
        stale: bool,
    },
}

/// Keeps the rows as they are taken.
struct Recording {
    recorder: Recorder,
    publish: Box<dyn FnOnce(Recorder) + Send>,
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Recording").field(&self.recorder).finish()
    }
}

impl Rows {
    /// Waits for the first rows of `run`.
    ///
    /// # Errors
    /// What the database says before its first row.
    pub async fn live(mut run: Run) -> Result<Self, Error> {
        let first = run.next().await.transpose()?;
        Ok(Self { first, rest: Rest::Live(run), recording: None, provenance: Provenance::Query, held: None })
    }

    /// Rows that were kept.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn kept(result: &Arc<Kept>, stale: bool) -> Result<Self, Error> {
        let provenance = Provenance::Cache { ran_at: result.ran_at, runtime: result.runtime, stale };
        Ok(Self { first: None, rest: Rest::Kept(result.rows()?), recording: None, provenance, held: None })
    }

    /// Keeps the rows as they are taken, and calls `publish` after the last. A result that is too large to be kept is
    /// not.
    pub fn recorded(mut self, recorder: Recorder, publish: impl FnOnce(Recorder) + Send + 'static) -> Self {
        self.recording = Some(Recording { recorder, publish: Box::new(publish) });
        self
    }

    /// Keeps `held` until the last row is taken.
    pub(crate) fn holding(mut self, held: Box<dyn std::fmt::Debug + Send>) -> Self {
        self.held = Some(held);
        self
    }

    /// Names and types of the columns.
    pub fn schema(&self) -> SchemaRef {
        match &self.rest {
            Rest::Live(run) => run.schema().clone(),
            Rest::Kept(rows) => rows.kept().schema().clone(),
        }
    }

    /// Where they come from.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// The result that they are kept as; `None` for a statement that runs.
    pub fn as_kept(&self) -> Option<&Arc<Kept>> {
        match &self.rest {
            Rest::Live(_) => None,
            Rest::Kept(rows) => Some(rows.kept()),
        }
    }

    /// What stops the statement; `None` when none runs.
    pub fn canceller(&self) -> Option<Canceller> {
        match &self.rest {
            Rest::Live(run) => Some(run.canceller()),
            Rest::Kept(_) => None,
        }
    }

    /// The next rows, on a thread that may wait.
    pub fn blocking_next(&mut self) -> Option<Result<RecordBatch, Error>> {
        let next = match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => match &mut self.rest {
                Rest::Live(run) => run.blocking_next(),
                Rest::Kept(rows) => rows.next(),
            },
        };
        match &next {
            Some(Ok(batch)) => {
                if let Some(recording) = &mut self.recording
                    && recording.recorder.push(batch).is_err()
                {
                    self.recording = None;
                }
            }
            Some(Err(_)) => self.recording = None,
            None => {
                self.held = None;
                if let Some(Recording { recorder, publish }) = self.recording.take() {
                    publish(recorder);
                }
            }
        }
        next
    }
}
