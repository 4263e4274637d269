//! What can go wrong with the store.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;

use crate::table::Table;

/// The result of a call to the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call to the store failed.
///
/// A row that is not there is no error: it is a `None` or a `false`. The errors are cheap to clone, because one failed
/// commit is the answer to every caller whose write was part of it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another row holds the value already; the transaction changed nothing.
    #[error("{table}.{column} is taken by another row")]
    Conflict {
        /// The table, named as the noun.
        table: &'static str,
        /// The column, or the first of them, that must be unique.
        column: &'static str,
    },
    /// A row was to refer to one that does not exist, or one to which others refer was to be deleted.
    #[error("{table} refers to a row that does not exist, or is referred to")]
    Reference {
        /// The table that was to be changed.
        table: &'static str,
    },
    /// A search pattern that is longer than any value worth looking for.
    #[error("a search pattern may have at most {limit} characters")]
    PatternTooLong {
        /// The most characters that a pattern may have.
        limit: usize,
    },
    /// A filter that lists more values than one statement takes.
    #[error("one statement takes at most {limit} values")]
    TooManyValues {
        /// The most values that one statement may have.
        limit: usize,
    },
    /// A text with the character U+0000, which not every database can keep or look for.
    #[error("a text may not contain the character U+0000")]
    Nul,
    /// The database, or the queue in front of it, stayed occupied for too long. The same call may succeed later.
    #[error("the store is busy")]
    Busy,
    /// The database does not answer. The same call may succeed later.
    #[error("the database can not be reached")]
    Unreachable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// A read or write through the store from inside of another one. It would wait for itself; use the transaction.
    #[error("a transaction inside of a transaction")]
    Nested,
    /// The work on a grouped write panicked. Nothing of it was kept.
    #[error("a write panicked")]
    Panicked,
    /// The database was written by a newer version of this program.
    #[error("the database has migration {version}, which is newer than this program")]
    Newer {
        /// The first migration that this program does not know.
        version: i64,
    },
    /// The database can not be brought to the form that this program needs.
    #[error("migration failed")]
    Migration(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// A database that can not keep every text.
    #[error("the database has the encoding {encoding}: make one with the encoding UTF8")]
    Encoding {
        /// Its encoding.
        encoding: String,
    },
    /// A stored value that can not be read back.
    #[error("{table}.{column} holds a value that can not be read: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong with the value, without the value.
        reason: String,
    },
    /// The file or folder of the database can not be used.
    #[error("can not use {}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// The database failed in another way.
    #[error("database error")]
    Database(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

/// `SQLITE_BUSY` and `SQLITE_LOCKED`, the primary codes in the low byte of every extended one.
const SQLITE_BUSY: [i32; 2] = [5, 6];
/// Conditions of PostgreSQL that pass: a lock that was not had in time, a transaction that was silent for too long, a
/// circle of locks that somebody else is part of, no place for another connection, a server that starts or stops.
const POSTGRES_BUSY: [&str; 8] = ["55P03", "25P03", "40P01", "40001", "53300", "57P01", "57P02", "57P03"];

impl Error {
    /// The error of a statement on the table of `N`.
    pub(crate) fn of<N: Table>(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return error.into();
        };
        match database.kind() {
            ErrorKind::UniqueViolation => {
                // PostgreSQL names the index or key in a part of its own, SQLite the columns or the index in the message.
                let name = database.constraint().unwrap_or(database.message());
                Error::Conflict { table: N::NAME, column: column_in::<N>(name) }
            }
            ErrorKind::ForeignKeyViolation => Error::Reference { table: N::NAME },
            _ => error.into(),
        }
    }
}

/// The first column that `name` tells. Keys and indexes are named by table and columns: `query.slug`, `query_slug_key`.
fn column_in<N: Table>(name: &str) -> &'static str {
    let columns = name.split([' ', ',', '\'']).find_map(|word| word.strip_prefix(N::NAME)?.strip_prefix(['.', '_']));
    let begins = |column: &&&'static str| {
        let rest = columns.and_then(|columns| columns.strip_prefix(**column));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    N::COLUMNS.iter().filter(begins).max_by_key(|column| column.len()).copied().unwrap_or(N::KEY)
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Error::Busy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Error::Closed,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Error::Unreachable(Arc::new(error)),
            sqlx::Error::Database(database) if is_busy(&**database) => Error::Busy,
            _ => Error::Database(Arc::new(error)),
        }
    }
}

fn is_busy(error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        return POSTGRES_BUSY.contains(&&*code);
    }
    code.parse::<i32>().is_ok_and(|code| SQLITE_BUSY.contains(&(code & 0xff)))
}
