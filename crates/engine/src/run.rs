//! Runs a prepared query and writes its result.

use crate::Engine;
use crate::body::{self, Body, Outcome, Telling};
use crate::describe::Sight;
use crate::detail::{self, Start};
use crate::error::Error;
use crate::prepare::Prepared;
use crate::rows::Rows;
use crate::running::{Guard, RunningQuery};
use belvedere_results::{ErrorBody, Format, Layout, NumberFormat, Options, RunError, SqlLocation, error_body, writer};
use belvedere_warehouse as warehouse;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Instant;

/// A `result_format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultFormat {
    /// Rows in a format.
    Rows(Format),
    /// `sql`: the statement, not executed.
    Sql,
}

impl ResultFormat {
    /// The format that `word` names; `None` for one that is not served.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "sql" => Some(Self::Sql),
            word => Format::parse(word).map(Self::Rows),
        }
    }
}

/// How a result is wanted, and what its reader may see.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The format of the rows.
    pub format: Format,
    /// `apply_formatting`
    pub apply_formatting: bool,
    /// Whether the SQL is told.
    pub sees_sql: bool,
    /// What is told of the LookML.
    pub sight: Sight,
    /// The result's id.
    pub id: String,
}

/// The answer to a run.
#[derive(Debug)]
pub enum Answer {
    /// A body in the format, which may tell of an error in the format's own way.
    Body {
        /// Its `Content-Type`.
        content_type: &'static str,
        /// Its bytes.
        body: Body,
    },
    /// The format has no place for the error: 400.
    BadRequest(String),
}

impl Engine {
    /// Starts a prepared query. Its rows are listed among the running ones until they are all taken.
    pub async fn start(&self, prepared: &Prepared, entry: RunningQuery) -> Result<(Rows, Guard), Error> {
        let mut guard = self.running().enter(entry);
        let first_rows = async {
            let run = prepared.connection.run(prepared.sql.to_string()).await?;
            prepared.layout.check(run.schema())?;
            Ok::<_, Error>(Rows::live(run).await?)
        };
        // Dropping what waits for the first rows stops the statement.
        let rows = tokio::select! {
            biased;
            () = guard.killed() => return Err(warehouse::Error::Cancelled.into()),
            rows = first_rows => rows?,
        };
        if let Some(canceller) = rows.canceller() {
            guard.began(&canceller);
        }
        Ok((rows, guard))
    }

    /// Runs a prepared query and writes its rows as they come.
    ///
    /// # Errors
    /// [`Error::Database`] with `Busy`, when the query never started; every other failure is an answer.
    pub async fn run(&self, prepared: Prepared, options: &RunOptions, entry: RunningQuery) -> Result<Answer, Error> {
        match self.start(&prepared, entry).await {
            Ok((rows, guard)) => Ok(self.write(prepared, rows, options, move |_| drop(guard)).await),
            Err(busy @ Error::Database(warehouse::Error::Busy { .. })) => Err(busy),
            Err(error) => Ok(self.failed(&error, Some(&prepared), options)),
        }
    }

    /// Writes rows, live or kept. `done` is told how it ended.
    pub async fn write(
        &self,
        prepared: Prepared,
        rows: Rows,
        options: &RunOptions,
        done: impl FnOnce(Outcome) + Send + 'static,
    ) -> Answer {
        let layout = self.whole_layout(&prepared, options);
        let format_options =
            Options { apply_formatting: options.apply_formatting, number_format: NumberFormat::default() };
        let started = Instant::now();
        let sql = options.sees_sql.then(|| Arc::clone(&prepared.sql));
        let telling = Telling {
            error: Box::new(move |error| database_error(error, sql.as_deref())),
            end: Box::new(move || detail::end(started.elapsed())),
            done: Box::new(done),
        };
        let body = body::write(rows, writer(options.format, Arc::new(layout), format_options), telling).await;
        Answer::Body { content_type: options.format.content_type(), body }
    }

    /// The answer to a query that failed before its first row.
    pub fn failed(&self, error: &Error, prepared: Option<&Prepared>, options: &RunOptions) -> Answer {
        let sql = prepared.filter(|_| options.sees_sql).map(|prepared| &*prepared.sql);
        self.failure(&run_error(error, sql), prepared, options)
    }

    /// The answer to a query that failed before its first row, in words that are there already.
    pub fn failure(&self, error: &RunError, prepared: Option<&Prepared>, options: &RunOptions) -> Answer {
        let layout = prepared.map(|prepared| self.whole_layout(prepared, options));
        match error_body(options.format, error, layout.as_ref(), &detail::end(std::time::Duration::ZERO)) {
            ErrorBody::Rows(bytes) => {
                Answer::Body { content_type: options.format.content_type(), body: Body::Whole(Bytes::from(bytes)) }
            }
            ErrorBody::BadRequest(message) => Answer::BadRequest(message),
        }
    }

    fn whole_layout(&self, prepared: &Prepared, options: &RunOptions) -> Layout {
        let mut layout = prepared.layout.clone();
        if matches!(options.format, Format::JsonDetail | Format::JsonBi) {
            let sql = options.sees_sql.then_some(&*prepared.sql);
            let start = Start { id: &options.id, ran_at: self.clock().now(), sql, sight: options.sight };
            layout.head = detail::head(prepared, &start);
        }
        layout
    }
}

/// An error as the reader of a result may see it.
pub fn run_error(error: &Error, sql: Option<&str>) -> RunError {
    match error {
        Error::Database(error) => database_error(error, sql),
        error => RunError { sql: sql.map(str::to_owned), ..RunError::new(sentence(&error.to_string())) },
    }
}

fn database_error(error: &warehouse::Error, sql: Option<&str>) -> RunError {
    let warehouse::Error::Statement { message, position } = error else {
        return RunError { sql: sql.map(str::to_owned), ..RunError::new(sentence(&error.to_string())) };
    };
    RunError {
        message: "The DuckDB database encountered an error while running this query.".to_owned(),
        message_details: Some(message.clone()),
        sql: sql.map(str::to_owned),
        location: position.map(|place| SqlLocation { line: place.line as u32, column: place.column as u32 }),
    }
}

/// A message for people: our errors are fragments.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
