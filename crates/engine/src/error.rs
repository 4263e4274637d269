//! Why a question has no answer.

use belvedere_query as query;
use belvedere_results as results;
use belvedere_warehouse as warehouse;

/// Why a question has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// No project has such a model.
    #[error("model \"{0}\" does not exist")]
    UnknownModel(String),
    /// The model has no such explore.
    #[error("explore \"{explore}\" does not exist in model \"{model}\"")]
    UnknownExplore {
        /// The model.
        model: String,
        /// The explore.
        explore: String,
    },
    /// The model's connection is not configured on this server.
    #[error("connection \"{0}\" is not configured on this server")]
    UnknownConnection(String),
    /// Not a time zone.
    #[error("\"{0}\" is not the IANA name of a time zone")]
    UnknownTimezone(String),
    /// The query cannot be planned.
    #[error(transparent)]
    Query(#[from] query::Error),
    /// Nothing of the result is in the cache, and nothing else was asked for.
    #[error("the result is not in the cache")]
    NotCached,
    /// The result is larger than what can be held to lay it out.
    #[error("{what} of more than {limit} cannot be made; filter the query, or ask for fewer rows")]
    TooLarge {
        /// What is made.
        what: &'static str,
        /// What is held at most, with its unit.
        limit: String,
    },
    /// Results cannot be merged.
    #[error("the queries cannot be merged: {0}")]
    Merge(String),
    /// A data test computes columns of its own.
    #[error("a data test has no derived_column; its assertions compute from the fields of the explore")]
    DerivedColumn,
    /// More rows would be filled in than a result may have.
    #[error(
        "Missing values were not filled because too many fill rows would be generated. Try filtering to reduce the size \
         of the result."
    )]
    TooManyFillRows,
    /// The rows cannot be written.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// The database refused or failed.
    #[error(transparent)]
    Database(#[from] warehouse::Error),
}
