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
    /// The rows cannot be written.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// The database refused or failed.
    #[error(transparent)]
    Database(#[from] warehouse::Error),
}
