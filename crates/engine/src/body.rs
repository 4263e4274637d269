//! Rows to the bytes of a response, on a thread of their own.
//!
//! The thread takes batches from the database, writes them in the format and hands chunks to the response. It runs at
//! most a few chunks ahead of a slow reader, so memory stays flat and the database slows down with the reader. A
//! reader that takes nothing for [`STALLED`] is given up.

use crate::rows::Rows;
use belvedere_results::{End, Ending, RunError, Writer};
use belvedere_warehouse::{Canceller, Error};
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

#[derive(Debug)]
struct StopOnDrop(Option<Canceller>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(canceller) = &self.0 {
            canceller.cancel();
        }
    }
}

/// How a run ended, for whoever keeps count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every row was written.
    Complete,
    /// It failed after its first rows.
    Failed(String),
    /// The reader went away.
    Abandoned,
}

/// What a body needs besides rows and writer.
pub struct Telling {
    /// An error of the database as the reader may see it.
    pub error: Box<dyn Fn(&Error) -> RunError + Send>,
    /// What stands behind the last row.
    pub end: Box<dyn Fn() -> End + Send>,
    /// Told how the run ended.
    pub done: Box<dyn FnOnce(Outcome) + Send>,
}

/// Writes `rows` with `writer`. Waits for the first chunk, so that a small result comes whole.
pub async fn write(rows: Rows, writer: Box<dyn Writer>, telling: Telling) -> Body {
    let (sender, mut rest) = mpsc::channel(CHUNKS_AHEAD);
    let guard = StopOnDrop(rows.canceller());
    let out = Vec::with_capacity(CHUNK * 5 / 4);
    let runtime = Handle::current();
    let writing = Writing { rows, writer, out, sender, runtime };
    tokio::task::spawn_blocking(move || {
        let Telling { error, end, done } = telling;
        done(writing.run(&*error, &*end));
    });
    match rest.recv().await {
        Some(Ok((bytes, Position::Last))) => Body::Whole(bytes),
        Some(Ok((bytes, Position::More))) => Body::Chunks(Chunks { first: Some(bytes), rest, _guard: guard }),
        Some(Err(broken)) => Body::Chunks(broken_chunks(broken, guard)),
        None => Body::Chunks(broken_chunks(Broken("the writing thread ended without a word".to_owned()), guard)),
    }
}

fn broken_chunks(broken: Broken, guard: StopOnDrop) -> Chunks {
    let (sender, rest) = mpsc::channel(1);
    let _ = sender.try_send(Err(broken));
    Chunks { first: None, rest, _guard: guard }
}

struct Writing {
    rows: Rows,
    writer: Box<dyn Writer>,
    out: Vec<u8>,
    sender: mpsc::Sender<Message>,
    runtime: Handle,
}

/// The reader is gone, or takes nothing any more.
struct ReaderGone;

impl Writing {
    fn run(mut self, describe: &dyn Fn(&Error) -> RunError, end: &dyn Fn() -> End) -> Outcome {
        self.writer.start(&mut self.out);
        let failure = loop {
            let batch = match self.rows.blocking_next() {
                None => break None,
                Some(Ok(batch)) => batch,
                Some(Err(error)) => break Some(describe(&error)),
            };
            if let Err(error) = self.writer.batch(&batch, &mut self.out) {
                break Some(RunError::new(error.to_string()));
            }
            if self.out.len() >= CHUNK && self.send(Position::More).is_err() {
                return Outcome::Abandoned;
            }
        };
        let ending = match &failure {
            None => {
                self.writer.finish(&end(), &mut self.out);
                Ending::Finished
            }
            Some(error) => self.writer.fail(error, &end(), &mut self.out),
        };
        let text = failure.map(|error| error.text());
        let sent = match (ending, &text) {
            (Ending::Abort, Some(text)) => self.deliver(Err(Broken(text.clone()))),
            _ => self.send(Position::Last),
        };
        match (text, sent) {
            (Some(text), _) => Outcome::Failed(text),
            (None, Ok(())) => Outcome::Complete,
            (None, Err(ReaderGone)) => Outcome::Abandoned,
        }
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
