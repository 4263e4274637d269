//! Statements that people write by hand: SQL Runner.
//!
//! No model stands between the statement and the database, so nothing limits its rows but the connection itself. It
//! must be one statement that only reads, in the words of the database's own parser.

use crate::Engine;
use crate::body::Ended;
use crate::detail;
use crate::error::Error;
use crate::run::{Answer, RunOptions, database_error};
use crate::running::RunningQuery;
use crate::{body, run};
use arrow_schema::Schema;
use belvedere_results::{Column, Format, Head, Layout, Options, Rendering, Role, writer};
use belvedere_warehouse::{Connection, Error as WarehouseError};
use std::sync::Arc;
use std::time::Instant;

impl Engine {
    /// Runs a statement and writes its rows as they come. Columns are called what the database calls them.
    ///
    /// # Errors
    /// [`Error::Database`] when the connection is busy; every other failure is an answer.
    pub async fn run_sql(
        &self,
        connection: &Arc<Connection>,
        sql: Arc<str>,
        options: &RunOptions,
        entry: RunningQuery,
        done: impl FnOnce(Ended) + Send + 'static,
    ) -> Result<Answer, Error> {
        let user = entry.user_id.clone();
        let mut guard = self.running().enter(entry);
        let started = Instant::now();
        let opening = async {
            connection.check_select(&sql).await?;
            self.live(connection, &sql, &user).await
        };
        // Dropping what waits for the first rows stops the statement.
        let opened = tokio::select! {
            biased;
            () = guard.killed() => Err(WarehouseError::Cancelled.into()),
            rows = opening => rows,
        };
        let rows = match opened {
            Ok(rows) => rows,
            Err(busy @ Error::Database(WarehouseError::Busy { .. } | WarehouseError::BusyUser { .. })) => {
                return Err(busy);
            }
            Err(error) => {
                done(Ended::before_rows(&error));
                return Ok(self.failure(&run::run_error(&error, Some(&sql)), None, options));
            }
        };
        if let Some(canceller) = rows.canceller() {
            guard.began(&canceller);
        }
        let schema = rows.schema();
        let mut layout = layout(&schema);
        if run::wants_head(options.format) {
            layout.head = head(&layout, options, &sql, self.clock().now());
        }
        let format_options = Options { apply_formatting: options.apply_formatting, ..Options::default() };
        let writer = match writer(options.format, Arc::new(layout), format_options, &schema) {
            Ok(writer) => writer,
            Err(error) => {
                let error = error.into();
                done(Ended::before_rows(&error));
                return Ok(self.failure(&run::run_error(&error, Some(&sql)), None, options));
            }
        };
        let provenance = rows.provenance();
        let told = Arc::clone(&sql);
        let telling = body::Telling {
            error: Box::new(move |error| database_error(error, Some(&told))),
            end: Box::new(move || detail::end(provenance, started.elapsed(), &[], &[])),
            done: Box::new(move |outcome, rows| {
                done(guard.judged(Ended { outcome, rows, provenance: Some(provenance) }));
            }),
        };
        let content = body::Content { canceller: rows.canceller(), batches: Box::new(rows), totals: None };
        Ok(Answer::of(options.format, body::write(content, writer, telling).await))
    }
}

/// The columns of a statement: numbers pass for measures, all else for dimensions (unverified).
fn layout(schema: &Schema) -> Layout {
    let columns = schema.fields().iter().enumerate().map(|(source, field)| {
        let (role, rendering) = if field.data_type().is_numeric() {
            (Role::Measure, Rendering::Number)
        } else {
            (Role::Dimension, Rendering::Literal)
        };
        Column { rendering, ..Column::new(field.name(), field.name(), role, source) }
    });
    Layout { columns: columns.collect(), ..Layout::default() }
}

fn head(layout: &Layout, options: &RunOptions, sql: &str, now: jiff::Timestamp) -> Head {
    match options.format {
        Format::JsonBi => Head { bi_metadata: detail::sql::bi_metadata(layout, sql), ..Head::default() },
        _ => Head { detail: detail::sql::detail(layout, &options.id, sql, now), ..Head::default() },
    }
}
