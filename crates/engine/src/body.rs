//! Rows to the bytes of a response, on a thread of their own.
//!
//! The thread takes batches from the database, writes them in the format and hands chunks to the response. It runs at
//! most a few chunks ahead of a slow reader, so memory stays flat and the database slows down with the reader. A
//! reader that takes nothing for [`STALLED`] is given up.

use crate::error::Error;
use crate::fetch::StopOnDrop;
use crate::rows::Provenance;
use crate::shape::Batches;
use arrow_array::RecordBatch;
use belvedere_results::{Appetite, End, Ending, RunError, Writer};
use belvedere_warehouse::{Canceller, Error as WarehouseError};
use bytes::Bytes;
use futures_util::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Bytes that are gathered before they are sent.
const CHUNK: usize = 64 * 1024;

/// Chunks that may wait for the reader.
const CHUNKS_AHEAD: usize = 2;

/// How long a reader may take nothing before the run is given up.
const STALLED: Duration = Duration::from_mins(1);

/// Why a body ended before its end; the connection must break so that no reader takes it for whole.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the run failed after its first rows: {0}")]
pub struct Broken(String);

impl Broken {
    /// What went wrong, for the reader.
    pub fn into_message(self) -> String {
        self.0
    }
}

/// The body of a result.
#[derive(Debug)]
pub enum Body {
    /// All of it: the result was small.
    Whole(Bytes),
    /// Its chunks as they are written. Dropping it stops the run.
    Chunks(Chunks),
}

/// The chunks of a body.
#[derive(Debug)]
pub struct Chunks {
    first: Option<Bytes>,
    rest: mpsc::Receiver<Message>,
    _guard: StopOnDrop,
}

/// A chunk, and whether another follows.
type Message = Result<(Bytes, Position), Broken>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Last,
    More,
}

impl Stream for Chunks {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => self.rest.poll_recv(cx).map(|message| message.map(|chunk| chunk.map(|(bytes, _)| bytes))),
        }
    }
}

/// How a run ended, for whoever keeps count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every row was written.
    Complete,
    /// It failed.
    Failed(String),
    /// Somebody stopped it.
    Killed,
    /// The reader went away.
    Abandoned,
}

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub outcome: Outcome,
    /// How many rows were written.
    pub rows: u64,
    /// Where they came from; none when there were none.
    pub provenance: Option<Provenance>,
}

impl Ended {
    /// A run that ended before its first row.
    pub fn before_rows(error: &Error) -> Self {
        let outcome = match error {
            Error::Database(WarehouseError::Cancelled) => Outcome::Killed,
            error => Outcome::Failed(error.to_string()),
        };
        Self { outcome, rows: 0, provenance: None }
    }
}

/// What a body needs besides rows and writer.
pub struct Telling {
    /// An error of the database as the reader may see it.
    pub error: Box<dyn Fn(&WarehouseError) -> RunError + Send>,
    /// What stands behind the last row.
    pub end: Box<dyn Fn() -> End + Send>,
    /// Told how the run ended, and how many rows were written.
    pub done: Box<dyn FnOnce(Outcome, u64) + Send>,
}

/// What is written.
pub struct Content {
    /// The rows.
    pub batches: Box<dyn Batches>,
    /// The row of totals behind them.
    pub totals: Option<RecordBatch>,
    /// What stops the statement that the rows come from.
    pub canceller: Option<Canceller>,
}

/// Writes `content` with `writer`. Waits for the first chunk, so that a small result comes whole.
///
/// # Errors
/// The run failed in a format that has no place for it, and not a byte has left yet: there can be another answer.
pub async fn write(content: Content, writer: Box<dyn Writer>, telling: Telling) -> Result<Body, Broken> {
    let (sender, mut rest) = mpsc::channel(CHUNKS_AHEAD);
    let guard = StopOnDrop(content.canceller);
    let out = Vec::with_capacity(CHUNK * 5 / 4);
    let runtime = Handle::current();
    let writing = Writing { batches: content.batches, totals: content.totals, writer, out, sender, runtime, rows: 0 };
    tokio::task::spawn_blocking(move || {
        let Telling { error, end, done } = telling;
        let (outcome, rows) = writing.run(&*error, &*end);
        done(outcome, rows);
    });
    match rest.recv().await {
        Some(Ok((bytes, Position::Last))) => Ok(Body::Whole(bytes)),
        Some(Ok((bytes, Position::More))) => Ok(Body::Chunks(Chunks { first: Some(bytes), rest, _guard: guard })),
        Some(Err(broken)) => Err(broken),
        None => Err(Broken("the writing thread ended without a word".to_owned())),
    }
}

struct Writing {
    batches: Box<dyn Batches>,
    totals: Option<RecordBatch>,
    writer: Box<dyn Writer>,
    out: Vec<u8>,
    sender: mpsc::Sender<Message>,
    runtime: Handle,
    /// Rows that were written.
    rows: u64,
}

/// The reader is gone, or takes nothing any more.
struct ReaderGone;

/// Why rows are written no further.
enum Halt {
    /// They failed, in words for the reader.
    Failed(RunError),
    /// Nobody takes them.
    ReaderGone,
}

impl From<ReaderGone> for Halt {
    fn from(_: ReaderGone) -> Self {
        Self::ReaderGone
    }
}

impl From<belvedere_results::Error> for Halt {
    fn from(error: belvedere_results::Error) -> Self {
        Self::Failed(RunError::new(error.to_string()))
    }
}

impl Writing {
    fn run(mut self, describe: &dyn Fn(&WarehouseError) -> RunError, end: &dyn Fn() -> End) -> (Outcome, u64) {
        let outcome = match self.write_all(describe, end) {
            Ok(()) => match self.send(Position::Last) {
                Ok(()) => Outcome::Complete,
                Err(ReaderGone) => Outcome::Abandoned,
            },
            Err(Halt::ReaderGone) => Outcome::Abandoned,
            // The reader's leaving is what has stopped the statement.
            Err(Halt::Failed(_)) if self.sender.is_closed() => Outcome::Abandoned,
            Err(Halt::Failed(error)) => {
                let text = error.text();
                // Whether somebody hears of it makes no difference any more.
                let _ = match self.writer.fail(&error, &end(), &mut self.out) {
                    Ending::Finished => self.send(Position::Last),
                    Ending::Abort => self.deliver(Err(Broken(text.clone()))),
                };
                Outcome::Failed(text)
            }
        };
        (outcome, self.rows)
    }

    fn write_all(&mut self, describe: &dyn Fn(&WarehouseError) -> RunError, end: &dyn Fn() -> End) -> Result<(), Halt> {
        self.writer.start(&mut self.out);
        let mut appetite = Appetite::More;
        while appetite == Appetite::More
            && let Some(batch) = self.batches.next()
        {
            let batch = batch.map_err(|error| Halt::Failed(describe(&error)))?;
            appetite = self.writer.batch(&batch, &mut self.out)?;
            self.rows += batch.num_rows() as u64;
            if self.out.len() >= CHUNK {
                self.send(Position::More)?;
            }
        }
        if let Some(totals) = self.totals.take().filter(|_| appetite == Appetite::More) {
            self.writer.totals(&totals, &mut self.out)?;
        }
        Ok(self.writer.finish(&end(), &mut self.out)?)
    }

    fn send(&mut self, position: Position) -> Result<(), ReaderGone> {
        let next = match position {
            Position::More => Vec::with_capacity(CHUNK * 5 / 4),
            Position::Last => Vec::new(),
        };
        let bytes = Bytes::from(std::mem::replace(&mut self.out, next));
        self.deliver(Ok((bytes, position)))
    }

    fn deliver(&self, message: Message) -> Result<(), ReaderGone> {
        let sending = self.sender.send_timeout(message, STALLED);
        self.runtime.block_on(sending).map_err(|_| ReaderGone)
    }
}
