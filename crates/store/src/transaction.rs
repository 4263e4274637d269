//! One transaction, on whichever database: statements go in, rows come out.
//!
//! This is the only file that knows of two databases while statements run.

use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder, Value};
use sea_query_sqlx::{SqlxBinder, SqlxValues};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite};

use crate::cell::Stored;
use crate::error::{Error, Result};
use crate::table::Table;

/// The most values in one statement, a little below the limit of SQLite, which is the lowest.
const MAX_VALUES: usize = 32_000;

/// A transaction.
///
/// A statement that fails ends it: whatever follows fails with the same error, the commit included. PostgreSQL is like
/// that by itself, and SQLite is held to it.
pub(crate) struct Transaction {
    open: Open,
    failure: Option<Error>,
}

enum Open {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A statement in the words of one database.
pub(crate) struct Statement {
    sql: AssertSqlSafe<String>,
    values: SqlxValues,
}

/// A row that a statement gave.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The cell at this place; none for a null.
    pub fn get<T: Stored>(&self, index: usize) -> Result<Option<T>, sqlx::Error> {
        match self {
            Row::Sqlite(row) => row.try_get(index),
            Row::Postgres(row) => row.try_get(index),
        }
    }
}

/// The same code for whichever transaction is open.
macro_rules! either {
    ($open:expr, $transaction:ident => $work:expr) => {
        match $open {
            Open::Sqlite($transaction) => $work,
            Open::Postgres($transaction) => $work,
        }
    };
}

impl Transaction {
    pub fn sqlite(transaction: sqlx::Transaction<'static, Sqlite>) -> Self {
        Transaction { open: Open::Sqlite(transaction), failure: None }
    }

    pub fn postgres(transaction: sqlx::Transaction<'static, Postgres>) -> Self {
        Transaction { open: Open::Postgres(transaction), failure: None }
    }

    /// Writes a statement in the words of this database.
    pub fn statement(&self, statement: &impl SqlxBinder) -> Result<Statement> {
        let (sql, values) = match &self.open {
            Open::Sqlite(_) => statement.build_sqlx(SqliteQueryBuilder),
            Open::Postgres(_) => statement.build_sqlx(PostgresQueryBuilder),
        };
        check(&values.0.0)?;
        Ok(Statement { sql: AssertSqlSafe(sql), values })
    }

    /// Runs a statement on the table of `N` that gives rows.
    pub async fn fetch<N: Table>(&mut self, statement: Statement) -> Result<Vec<Row>> {
        self.check()?;
        let Statement { sql, values } = statement;
        let rows = match &mut self.open {
            Open::Sqlite(transaction) => {
                let rows = sqlx::query_with(sql, values).fetch_all(&mut **transaction).await;
                rows.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Open::Postgres(transaction) => {
                let rows = sqlx::query_with(sql, values).fetch_all(&mut **transaction).await;
                rows.map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        };
        rows.map_err(|error| self.fail(Error::of::<N>(error)))
    }

    /// Runs a statement on the table of `N` that gives none, and tells how many rows it changed.
    pub async fn execute<N: Table>(&mut self, statement: Statement) -> Result<u64> {
        self.check()?;
        let Statement { sql, values } = statement;
        let changed = match &mut self.open {
            Open::Sqlite(transaction) => {
                sqlx::query_with(sql, values).execute(&mut **transaction).await.map(|done| done.rows_affected())
            }
            Open::Postgres(transaction) => {
                sqlx::query_with(sql, values).execute(&mut **transaction).await.map(|done| done.rows_affected())
            }
        };
        changed.map_err(|error| self.fail(Error::of::<N>(error)))
    }

    /// Sets the point that [`Transaction::undo`] goes back to.
    pub async fn mark(&mut self) -> Result<()> {
        self.run("SAVEPOINT mark").await
    }

    /// Keeps what was done since the mark, and sets it anew.
    pub async fn keep(&mut self) -> Result<()> {
        self.check()?;
        self.run("RELEASE SAVEPOINT mark; SAVEPOINT mark").await
    }

    /// Undoes what was done since the mark, and a failure with it.
    pub async fn undo(&mut self) -> Result<()> {
        self.failure = None;
        self.run("ROLLBACK TO SAVEPOINT mark").await
    }

    /// Runs words that every database understands.
    async fn run(&mut self, sql: &'static str) -> Result<()> {
        let done = either!(&mut self.open, transaction => {
            sqlx::raw_sql(sql).execute(&mut **transaction).await.map(|_| ())
        });
        done.map_err(|error| self.fail(error.into()))
    }

    /// The failure that has ended this transaction, if one has.
    pub fn check(&self) -> Result<()> {
        self.failure.clone().map_or(Ok(()), Err)
    }

    /// The steps by which the database would run a statement, were its tables large.
    #[cfg(test)]
    pub async fn explain(&mut self, statement: &impl SqlxBinder) -> Result<String> {
        let Statement { sql, values } = self.statement(statement)?;
        match &mut self.open {
            Open::Sqlite(transaction) => {
                let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.0));
                let steps = sqlx::query_with(explain, values).fetch_all(&mut **transaction).await?;
                Ok(steps.iter().map(|step| step.get::<String, _>("detail")).collect::<Vec<_>>().join("; "))
            }
            Open::Postgres(transaction) => {
                // It reads small tables from end to end, whatever indexes they have.
                sqlx::raw_sql("SET LOCAL enable_seqscan = off").execute(&mut **transaction).await?;
                let explain = AssertSqlSafe(format!("EXPLAIN {}", sql.0));
                let steps = sqlx::query_with(explain, values).fetch_all(&mut **transaction).await?;
                Ok(steps.iter().map(|step| step.get::<String, _>(0)).collect::<Vec<_>>().join("; "))
            }
        }
    }

    fn fail(&mut self, error: Error) -> Error {
        self.failure = Some(error.clone());
        error
    }

    pub async fn commit(self) -> Result<()> {
        // PostgreSQL would answer the commit of a transaction that has failed with a rollback, and call that done.
        self.check()?;
        Ok(either!(self.open, transaction => transaction.commit().await)?)
    }

    pub async fn rollback(self) -> Result<()> {
        Ok(either!(self.open, transaction => transaction.rollback().await)?)
    }
}

/// Refuses what not every database takes.
fn check(values: &[Value]) -> Result<()> {
    if values.len() > MAX_VALUES {
        return Err(Error::TooManyValues { limit: MAX_VALUES });
    }
    let has_nul = |value: &Value| matches!(value, Value::String(Some(text)) if text.contains('\0'));
    if values.iter().any(has_nul) {
        return Err(Error::Nul);
    }
    Ok(())
}
