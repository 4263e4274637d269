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
    /// A derived table has `dev_filters`, and the mode is development.
    DevelopmentFilters,
    /// The SQL of a derived table is another one in production, and the mode is development.
    DevelopmentSql,
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
            // Clients know these two by their words: they are no mistakes of the LookML.
            Self::DevelopmentFilters => formatter.write_str(
                "Note: This query contains derived tables with Development Mode filters. Query results in Production \
                 Mode might be different.",
            ),
            Self::DevelopmentSql => formatter.write_str(
                "Note: This query contains derived tables with conditional SQL for Development Mode. Query results in \
                 Production Mode might be different.",
            ),
            Self::NotFilled { dimension, reason } => {
                write!(formatter, "missing values of `{dimension}` were not filled: {reason}")
            }
        }
    }
}
