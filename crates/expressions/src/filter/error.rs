//! Why a text is not a filter.

use std::ops::Range;

/// A text that is not a filter expression of its type, or a filter whose dates lie outside the calendar.
///
/// Displays as its message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// What was wrong and what would be right, as a lower-case fragment without a full stop.
    pub message: String,
    /// The place within the text, in bytes; empty at its end where something is missing.
    pub span: Range<usize>,
}

impl FilterError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span }
    }
}
