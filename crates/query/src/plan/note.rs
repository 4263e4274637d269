//! What the reader of a result should know.

use std::fmt;

/// Something about a result that is not an error: its rows are what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A measure whose author aggregates by hand, over rows that a join repeats: its value is what the author wrote.
    FannedOutByHand {
        /// The measure, by the name of its column.
        measure: String,
    },
    /// A dimension whose missing values were asked for but cannot be added.
    NotFilled {
        /// The dimension.
        dimension: String,
        /// Why not.
        reason: &'static str,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FannedOutByHand { measure } => write!(
                formatter,
                "`{measure}` aggregates rows by SQL of its own, and a join repeats these rows: each counts as often as it \
                 is repeated"
            ),
            Self::NotFilled { dimension, reason } => {
                write!(formatter, "missing values of `{dimension}` were not filled: {reason}")
            }
        }
    }
}
