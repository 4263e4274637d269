//! What can go wrong with a database.

use std::path::PathBuf;

/// A failure of a connection or of a statement.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database refused the statement, or failed while it ran.
    #[error("{message}")]
    Statement {
        /// What the database said, first line first.
        message: String,
        /// The place in the statement that it named.
        position: Option<Position>,
    },
    /// The statement was stopped because nobody waits for it any more, or by `kill_query`.
    #[error("query was cancelled")]
    Cancelled,
    /// Too many statements wait already.
    #[error("the connection is busy: {concurrent} queries run at once, and none ended in time")]
    Busy {
        /// How many run at once.
        concurrent: usize,
    },
    /// The user has too many statements that wait already.
    #[error("you have {concurrent} queries on the connection, and none ended in time for another one")]
    BusyUser {
        /// How many one user has at once.
        concurrent: usize,
    },
    /// The database could not be opened.
    #[error("cannot open {path}: {message}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the database said.
        message: String,
    },
    /// The driver failed in a way that it does not explain.
    #[error("the database driver failed: {0}")]
    Driver(String),
}

/// A place in a statement, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}
