//! Where the rows of a result come from: a statement that runs, or a result that was kept.

use crate::kept::KeptRows;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use belvedere_warehouse::{Canceller, Error, Run};

/// The rows of a result, whose first ones are there already: whatever fails before them has its own answer.
#[derive(Debug)]
pub struct Rows {
    first: Option<RecordBatch>,
    rest: Rest,
}

#[derive(Debug)]
enum Rest {
    Live(Run),
    Kept(KeptRows),
}

impl Rows {
    /// Waits for the first rows of `run`.
    ///
    /// # Errors
    /// What the database says before its first row.
    pub async fn live(mut run: Run) -> Result<Self, Error> {
        let first = run.next().await.transpose()?;
        Ok(Self { first, rest: Rest::Live(run) })
    }

    /// Rows that were kept.
    pub fn kept(rows: KeptRows) -> Self {
        Self { first: None, rest: Rest::Kept(rows) }
    }

    /// Names and types of the columns.
    pub fn schema(&self) -> SchemaRef {
        match &self.rest {
            Rest::Live(run) => run.schema().clone(),
            Rest::Kept(rows) => rows.schema(),
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
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        match &mut self.rest {
            Rest::Live(run) => run.blocking_next(),
            Rest::Kept(rows) => rows.next(),
        }
    }
}
