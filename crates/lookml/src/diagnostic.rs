//! What is wrong with a project: where, why, and what would be right.
//!
//! Producers make a [`Diagnostic`]; rendering (terminal, JSON, Looker's validation shape) happens elsewhere.

use std::fmt;
use std::sync::Arc;

/// A range of bytes in one file: `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The range as indices into the file's text.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A place in a project: a file and a range in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Location {
    /// Path of the file from the root of the project, with `/`.
    pub file: Arc<str>,
    /// The range in the file.
    pub span: Span,
    /// 1-based line of the range's first byte.
    pub line: u32,
}

/// How bad it is, in the words of Looker's `ProjectError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Queries run, but perhaps not as meant.
    Warning,
    /// Some queries cannot run.
    Error,
    /// The file contributes nothing.
    Fatal,
}

impl Severity {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One mistake, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the rule, such as `unknown-view`: the same for every occurrence.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in the product's wording where that is known.
    pub message: String,
    /// Where it is.
    pub location: Location,
    /// Other places that explain it, such as the first of two definitions.
    pub related: Vec<(Location, String)>,
    /// What would be right.
    pub help: Option<String>,
    /// The model in which it was found, for mistakes that depend on one.
    pub model: Option<Arc<str>>,
    /// The explore in which it was found, for mistakes that depend on one.
    pub explore: Option<Arc<str>>,
    /// The field it is about, as `view.field`.
    pub field: Option<String>,
}

impl Diagnostic {
    /// A mistake of rule `id` at `location`.
    pub fn new(id: &'static str, severity: Severity, location: Location, message: impl Into<String>) -> Self {
        Self {
            id,
            severity,
            message: message.into(),
            location,
            related: Vec::new(),
            help: None,
            model: None,
            explore: None,
            field: None,
        }
    }

    /// Adds what would be right.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that explains the mistake.
    pub fn related(mut self, location: Location, note: impl Into<String>) -> Self {
        self.related.push((location, note.into()));
        self
    }
}
