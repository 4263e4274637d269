//! What the step from one version of the API to another moves.
//!
//! Two documents show what is gone and what is new; that one thing became the other is knowledge of whoever made the
//! change. A version change states it here, and comparisons, the changelog, the migration guide and the audit read it.

use std::borrow::Cow;

/// A name of the contract: an operationId, a schema, a property, a parameter.
pub type Name = Cow<'static, str>;

/// One thing that has another name in the newer version, or none.
///
/// `from` is the name in the older version and `to` the one in the newer; without `to` the thing is gone. Types that
/// changed need no move: the documents show them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Move {
    /// The id of the version change that brought it, `spaces_not_folders`.
    pub change: Name,
    /// What was moved.
    pub what: Moved,
    /// What else a developer needs to know, a sentence.
    pub note: Option<Name>,
}

/// What a [`Move`] is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Moved {
    /// An operation; several may become one.
    Operation {
        /// The operationId in the older version.
        from: Name,
        /// The operationId in the newer version.
        to: Option<Name>,
    },
    /// A parameter of an operation.
    Parameter {
        /// The operationId in the older version.
        operation: Name,
        /// The name in the older version.
        from: Name,
        /// The name in the newer version.
        to: Option<Name>,
    },
    /// A schema.
    Schema {
        /// The name in the older version.
        from: Name,
        /// The name in the newer version.
        to: Option<Name>,
    },
    /// A property of a schema.
    Property {
        /// The schema in the older version.
        schema: Name,
        /// The name in the older version.
        from: Name,
        /// The name in the newer version.
        to: Option<Name>,
    },
}

impl Move {
    /// An operation became another, which may have been there before.
    pub const fn operation(change: &'static str, from: &'static str, to: &'static str) -> Self {
        Self::new(change, Moved::Operation { from: Cow::Borrowed(from), to: Some(Cow::Borrowed(to)) })
    }

    /// An operation is gone.
    pub const fn operation_gone(change: &'static str, from: &'static str) -> Self {
        Self::new(change, Moved::Operation { from: Cow::Borrowed(from), to: None })
    }

    /// A parameter of an operation became another.
    pub const fn parameter(
        change: &'static str,
        operation: &'static str,
        from: &'static str,
        to: &'static str,
    ) -> Self {
        let (operation, from, to) = (Cow::Borrowed(operation), Cow::Borrowed(from), Some(Cow::Borrowed(to)));
        Self::new(change, Moved::Parameter { operation, from, to })
    }

    /// A parameter of an operation is gone.
    pub const fn parameter_gone(change: &'static str, operation: &'static str, from: &'static str) -> Self {
        let (operation, from) = (Cow::Borrowed(operation), Cow::Borrowed(from));
        Self::new(change, Moved::Parameter { operation, from, to: None })
    }

    /// A schema became another, which may have been there before.
    pub const fn schema(change: &'static str, from: &'static str, to: &'static str) -> Self {
        Self::new(change, Moved::Schema { from: Cow::Borrowed(from), to: Some(Cow::Borrowed(to)) })
    }

    /// A schema is gone.
    pub const fn schema_gone(change: &'static str, from: &'static str) -> Self {
        Self::new(change, Moved::Schema { from: Cow::Borrowed(from), to: None })
    }

    /// A property of a schema became another, which may have been there before.
    pub const fn property(change: &'static str, schema: &'static str, from: &'static str, to: &'static str) -> Self {
        let (schema, from, to) = (Cow::Borrowed(schema), Cow::Borrowed(from), Some(Cow::Borrowed(to)));
        Self::new(change, Moved::Property { schema, from, to })
    }

    /// A property of a schema is gone.
    pub const fn property_gone(change: &'static str, schema: &'static str, from: &'static str) -> Self {
        let (schema, from) = (Cow::Borrowed(schema), Cow::Borrowed(from));
        Self::new(change, Moved::Property { schema, from, to: None })
    }

    /// A move without a note.
    pub const fn new(change: &'static str, what: Moved) -> Self {
        Self { change: Cow::Borrowed(change), what, note: None }
    }

    /// The same with what else a developer needs to know.
    pub fn with_note(mut self, note: &'static str) -> Self {
        self.note = Some(Cow::Borrowed(note));
        self
    }
}
