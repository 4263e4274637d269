//! Runs a prepared query and writes its result.

use crate::Engine;
use crate::body::{self, Body, Broken, Content, Ended, Telling};
use crate::describe::Sight;
use crate::detail::{self, Start};
use crate::error::Error;
use crate::fetch::Origin;
use crate::markup::{Links, markup};
use crate::prepare::Prepared;
use crate::rows::Provenance;
use crate::running::RunningQuery;
use crate::shape::Table;
use belvedere_results::{ErrorBody, Format, Options, RunError, SqlLocation, error_body, writer};
use belvedere_warehouse as warehouse;
use bytes::Bytes;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
    /// Where the rows may come from.
    pub origin: Origin,
    /// Whether cells have a menu of links.
    pub links: Links,
    /// What the addresses of drills begin with (`path_prefix`); `None` for callers who may not drill.
    pub drill_prefix: Option<String>,
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

impl Answer {
    /// The answer of a body in a format, or of a failure that came before its first byte.
    pub(crate) fn of(format: Format, body: Result<Body, Broken>) -> Self {
        match body {
            Ok(body) => Self::Body { content_type: format.content_type(), body },
            Err(broken) => Self::BadRequest(broken.into_message()),
        }
    }
}

impl Engine {
    /// Runs a prepared query and writes its rows as they come. `done` is told how it ended, unless it was refused.
    ///
    /// # Errors
    /// What is no answer to the query: the database is busy and it never started, it is not in the cache and nothing
    /// else was asked for, or too many rows would be filled in. Every other failure is an answer.
    pub async fn run(
        &self,
        prepared: Prepared,
        options: &RunOptions,
        entry: RunningQuery,
        done: impl FnOnce(Ended) + Send + 'static,
    ) -> Result<Answer, Error> {
        match self.open(&prepared, &options.origin, entry).await {
            Ok((table, guard)) => {
                Ok(self.write(prepared, table, options, move |ended| done(guard.judged(ended))).await)
            }
            Err(
                refusal @ (Error::Database(warehouse::Error::Busy { .. } | warehouse::Error::BusyUser { .. })
                | Error::NotCached
                | Error::TooManyFillRows),
            ) => Err(refusal),
            Err(error) => {
                done(Ended::before_rows(&error));
                Ok(self.failed(&error, Some(&prepared), options))
            }
        }
    }

    /// Writes a result. `done` is told how it ended.
    pub async fn write(
        &self,
        prepared: Prepared,
        mut table: Table,
        options: &RunOptions,
        done: impl FnOnce(Ended) + Send + 'static,
    ) -> Answer {
        if wants_head(options.format) {
            table.layout.head = detail::head(&prepared, Some(&table), &self.start_of(&prepared, options));
        }
        table.layout.markup = markup(&prepared, &table, options);
        let format_options =
            Options { apply_formatting: options.apply_formatting, number_format: prepared.number_format };
        let layout = Arc::new(table.layout);
        let writer = match writer(options.format, layout, format_options, &table.schema) {
            Ok(writer) => writer,
            Err(error) => {
                let error = error.into();
                done(Ended::before_rows(&error));
                return self.failed(&error, Some(&prepared), options);
            }
        };
        let started = Instant::now();
        let sql = options.sees_sql.then(|| Arc::clone(&prepared.sql));
        let notes = [detail::notes(&prepared), table.notes].concat();
        let (provenance, subtotals) = (table.provenance, table.subtotals);
        let telling = Telling {
            error: Box::new(move |error| database_error(error, sql.as_deref())),
            end: Box::new(move || detail::end(provenance, started.elapsed(), &notes, &subtotals)),
            done: Box::new(move |outcome, rows| done(Ended { outcome, rows, provenance: Some(provenance) })),
        };
        let content = Content { batches: table.batches, totals: table.totals, canceller: table.canceller };
        Answer::of(options.format, body::write(content, writer, telling).await)
    }

    /// The answer to a query that failed before its first row.
    pub fn failed(&self, error: &Error, prepared: Option<&Prepared>, options: &RunOptions) -> Answer {
        let sql = prepared.filter(|_| options.sees_sql).map(|prepared| &*prepared.sql);
        self.failure(&run_error(error, sql), prepared, options)
    }

    /// The answer to a query that failed before its first row, in words that are there already.
    pub fn failure(&self, error: &RunError, prepared: Option<&Prepared>, options: &RunOptions) -> Answer {
        let layout = prepared.map(|prepared| {
            let mut layout = prepared.layout.clone();
            if wants_head(options.format) {
                layout.head = detail::head(prepared, None, &self.start_of(prepared, options));
            }
            layout
        });
        let end = detail::end(Provenance::Query, Duration::ZERO, &[], &[]);
        match error_body(options.format, error, layout.as_ref(), &end) {
            ErrorBody::Rows(bytes) => {
                Answer::Body { content_type: options.format.content_type(), body: Body::Whole(Bytes::from(bytes)) }
            }
            ErrorBody::BadRequest(message) => Answer::BadRequest(message),
        }
    }

    fn start_of<'a>(&self, prepared: &'a Prepared, options: &'a RunOptions) -> Start<'a> {
        let sql = options.sees_sql.then_some(&*prepared.sql);
        Start { id: &options.id, format: options.format, now: self.clock().now(), sql, sight: options.sight }
    }
}

/// Whether a format tells more of a run than its rows.
pub(crate) fn wants_head(format: Format) -> bool {
    matches!(format, Format::JsonDetail | Format::JsonFe | Format::JsonBi)
}

/// An error as the reader of a result may see it.
pub fn run_error(error: &Error, sql: Option<&str>) -> RunError {
    match error {
        Error::Database(error) => database_error(error, sql),
        error => RunError { sql: sql.map(str::to_owned), ..RunError::new(sentence(&error.to_string())) },
    }
}

pub(crate) fn database_error(error: &warehouse::Error, sql: Option<&str>) -> RunError {
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
