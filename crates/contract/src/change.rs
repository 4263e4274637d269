//! One difference between two documents.

use std::fmt;

use crate::rule::{Effect, Rule};

/// What a difference means under the promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// It breaks what was promised.
    Breaking,
    /// It would break, but was announced: the thing was deprecated in the older document.
    Announced,
    /// It would break, but nothing was promised: only beta and alpha operations meet it.
    Unpromised,
    /// Programs go on working.
    Additive,
}

impl Class {
    /// Every class, the worst first.
    pub const ALL: [Class; 4] = [Class::Breaking, Class::Announced, Class::Unpromised, Class::Additive];
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Breaking => "breaking",
            Class::Announced => "announced",
            Class::Unpromised => "unpromised",
            Class::Additive => "additive",
        })
    }
}

/// What was promised of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Nothing.
    None,
    /// It works, until it is removed.
    Ending,
    /// No breaking change.
    Kept,
}

/// Where a difference is. Names are those of the older document, or of the newer for what is new.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The document as a whole.
    Document,
    /// An operation.
    Operation(String),
    /// A parameter of an operation.
    Parameter(String, String),
    /// The body of an operation's request.
    Body(String),
    /// The answer of an operation with a status.
    Answer(String, String),
    /// A schema.
    Schema(String),
    /// A property of a schema, or of an object that is described in place; its owner first.
    Property(String, String),
}

impl Place {
    /// The operation that the place belongs to.
    pub fn operation(&self) -> Option<&str> {
        match self {
            Place::Operation(id) | Place::Parameter(id, _) | Place::Body(id) | Place::Answer(id, _) => Some(id),
            Place::Document | Place::Schema(_) | Place::Property(..) => None,
        }
    }

    /// The schema that the place belongs to.
    pub fn schema(&self) -> Option<&str> {
        match self {
            Place::Schema(name) | Place::Property(name, _) => Some(name),
            _ => None,
        }
    }

    /// The last part of it.
    pub fn name(&self) -> &str {
        match self {
            Place::Document => "document",
            Place::Operation(name)
            | Place::Parameter(_, name)
            | Place::Body(name)
            | Place::Answer(_, name)
            | Place::Schema(name)
            | Place::Property(_, name) => name,
        }
    }

    /// The word for what stands there.
    pub fn kind(&self) -> &'static str {
        match self {
            Place::Document => "document",
            Place::Operation(_) => "operation",
            Place::Parameter(..) => "parameter",
            Place::Body(_) => "body",
            Place::Answer(..) => "answer",
            Place::Schema(_) => "schema",
            Place::Property(..) => "property",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Document => f.write_str("document"),
            Place::Operation(name) | Place::Schema(name) => f.write_str(name),
            Place::Parameter(operation, name) => write!(f, "{operation}({name})"),
            Place::Body(operation) => write!(f, "{operation} body"),
            Place::Answer(operation, status) => write!(f, "{operation} {status}"),
            Place::Property(schema, name) => write!(f, "{schema}.{name}"),
        }
    }
}

/// One difference between two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub rule: Rule,
    /// Where.
    pub place: Place,
    /// What it means under the promise.
    pub class: Class,
    /// What was there.
    pub before: Option<String>,
    /// What is there now.
    pub after: Option<String>,
    /// The operations whose callers meet it, for what stands in schemas.
    pub callers: Vec<String>,
    /// What else a developer needs to know, a sentence.
    pub note: Option<String>,
}

impl Change {
    /// A change at a place, classed by what was promised there.
    pub(crate) fn new(rule: Rule, place: Place, promise: Promise, announced: Announced) -> Self {
        let class = match (rule.effect(), promise, announced) {
            (Effect::Additive, ..) => Class::Additive,
            (_, Promise::None, _) => Class::Unpromised,
            (Effect::Removing, _, Announced::Yes) => Class::Announced,
            (Effect::Breaking | Effect::Removing, ..) => Class::Breaking,
        };
        Self { rule, place, class, before: None, after: None, callers: Vec::new(), note: None }
    }

    pub(crate) fn before(mut self, before: &dyn fmt::Display) -> Self {
        self.before = Some(before.to_string());
        self
    }

    pub(crate) fn after(mut self, after: &dyn fmt::Display) -> Self {
        self.after = Some(after.to_string());
        self
    }

    /// What happened, a sentence without its full stop.
    pub fn says(&self) -> String {
        self.rule.says(self.place.name(), self.before.as_deref(), self.after.as_deref())
    }
}

/// Whether the end of a thing was announced: it was deprecated in the older document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announced {
    Yes,
    No,
}

impl From<bool> for Announced {
    fn from(deprecated: bool) -> Self {
        if deprecated { Announced::Yes } else { Announced::No }
    }
}
