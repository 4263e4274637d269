//! What is wrong with an expression.

use std::fmt;
use std::ops::Range;

/// A place in the text of an expression, in bytes.
pub type Span = Range<usize>;

/// So many characters of a user's text are repeated in a message.
const EXCERPT_CHARACTERS: usize = 32;
/// So many mistakes of one expression are told.
const MOST_DIAGNOSTICS: usize = 20;

/// One mistake in an expression.
///
/// Displays as its message and its help, as a lower-case fragment without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// Where it is; empty where something is missing.
    pub span: Span,
}

impl Diagnostic {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, span }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(formatter, "; {help}"))
    }
}

/// Mistakes while they are found: the first ones, since what follows them is of little use to anybody.
#[derive(Default)]
pub(crate) struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.0.push(diagnostic);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether more would not be told.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= MOST_DIAGNOSTICS
    }

    /// All of them, in the order of their places.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by_key(|diagnostic| diagnostic.span.start);
        self.0
    }
}

/// The beginning of a user's text, short enough for a message.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
