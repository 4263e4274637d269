//! What tables can say of a change.

/// One thing that is different in a version. Names are those of the version, those behind `of` of the newest.
///
/// Edits are done in their order: one speaks of what those before it have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The version has no such operations.
    NoOperations(&'static [&'static str]),
    /// An operation of the newest version has another name and path.
    Operation {
        /// The operationId.
        name: &'static str,
        /// The operationId in the newest version.
        of: &'static str,
        /// The path below the base path; its parameters stand in the same order.
        path: &'static str,
        /// The tag.
        tag: &'static str,
    },
    /// An operation that the newest version does not have: it stands in the document, and answers 501.
    Lost {
        /// The operationId.
        name: &'static str,
        /// The operation that it is described after.
        like: &'static str,
        /// The path below the base path.
        path: &'static str,
        /// What it did.
        summary: &'static str,
        /// What it did, and what to use instead.
        description: &'static str,
    },
    /// A tag that only the version has.
    Tag {
        /// The name.
        name: &'static str,
        /// What its operations are about.
        description: &'static str,
    },
    /// Operations have another status.
    Status {
        /// The operations.
        operations: &'static [&'static str],
        /// The status, `beta`.
        status: &'static str,
    },
    /// No operations but these are counted against a rate limit.
    RateLimited(&'static [&'static str]),
    /// The operation has no such parameters.
    NoParameters {
        /// The operation.
        operation: &'static str,
        /// The names.
        names: &'static [&'static str],
    },
    /// A parameter of the query string with another name, or one that does nothing any more.
    Parameter {
        /// The operation.
        operation: &'static str,
        /// The name.
        name: &'static str,
        /// The name in the newest version; none for one that does nothing.
        of: Option<&'static str>,
        /// How the document describes it, as JSON.
        described: &'static str,
    },
    /// A parameter of several operations is something else.
    Parameters {
        /// The name.
        name: &'static str,
        /// What it is.
        are: Is,
        /// The operations.
        operations: &'static [&'static str],
    },
    /// The operation takes no body.
    NoBody(&'static str),
    /// The operation takes a JSON body, which is passed over.
    Body {
        /// The operation.
        operation: &'static str,
        /// The schema of the body.
        schema: &'static str,
        /// Whether the document requires it.
        required: bool,
    },
    /// Operations do not answer with a status.
    NoAnswer {
        /// The status.
        status: &'static str,
        /// The operations.
        of: Of,
    },
    /// The operation answers with objects of another schema, which has further properties of these values.
    Answers {
        /// The operation.
        operation: &'static str,
        /// The schema.
        schema: &'static str,
        /// Names and values of properties that the schema of the newest version lacks.
        values: &'static [(&'static str, &'static str)],
    },
    /// Every answer of the operation may also come as one of these content types, as the document has it.
    Media {
        /// The operation.
        operation: &'static str,
        /// The content types.
        content: &'static [&'static str],
    },
    /// How the document describes the answer with a status, as JSON.
    Answer {
        /// The operation.
        operation: &'static str,
        /// The status.
        status: &'static str,
        /// The answer.
        described: &'static str,
    },
    /// A schema of the newest version has another name.
    Schema {
        /// The name.
        name: &'static str,
        /// The name in the newest version.
        of: &'static str,
    },
    /// A schema has another status.
    SchemaStatus {
        /// The schema.
        schema: &'static str,
        /// The status, `beta`.
        status: &'static str,
    },
    /// A schema that only the version has.
    OwnSchema {
        /// The name.
        name: &'static str,
        /// How the document describes it, as JSON.
        described: &'static str,
    },
    /// The schema has no such properties.
    NoProperties {
        /// The schema.
        schema: &'static str,
        /// The names.
        names: &'static [&'static str],
    },
    /// A property of the newest version has another name, beside its own or, where [`Edit::NoProperties`] follows,
    /// in its place.
    Property {
        /// The schema.
        schema: &'static str,
        /// The name.
        name: &'static str,
        /// The name in the newest version.
        of: &'static str,
    },
    /// A property that only the version has.
    OwnProperty {
        /// The schema.
        schema: &'static str,
        /// The name.
        name: &'static str,
        /// Its value in every answer, as JSON.
        value: &'static str,
        /// How the document describes it, as JSON.
        described: &'static str,
    },
    /// Properties of a schema are something else.
    Properties {
        /// The schema.
        schema: &'static str,
        /// What they are.
        are: Is,
        /// The names.
        names: &'static [&'static str],
    },
}

/// What properties and parameters are, unlike those of the newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// An integer, where the newest version has a text of digits.
    Integer,
    /// A list of such integers.
    Integers,
    /// A map of texts, as the document has it; values are what they are.
    TextMap,
    /// A text, as the document has it; values are what they are.
    Text,
    /// An absolute address; each of these parts of the newest version's is replaced by the part beside it.
    Address(&'static [(&'static str, &'static str)]),
    /// An absolute address that is the same in every version.
    Uri,
    /// May be null, as the document has it.
    Nullable,
    /// May not be null, as the document has it.
    NotNullable,
    /// Passed over in requests, as the document has it.
    ReadOnly,
    /// Not deprecated.
    Current,
    /// Not required.
    Optional,
    /// One of fewer words: without this one.
    Without(&'static str),
    /// As this JSON describes it.
    Described(&'static str),
}

/// Which operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// These.
    Operations(&'static [&'static str]),
    /// Every GET but these.
    ReadsBut(&'static [&'static str]),
}

/// Properties that are something else.
pub(crate) const fn properties(schema: &'static str, are: Is, names: &'static [&'static str]) -> Edit {
    Edit::Properties { schema, are, names }
}

/// A parameter that is something else.
pub(crate) const fn parameters(name: &'static str, are: Is, operations: &'static [&'static str]) -> Edit {
    Edit::Parameters { name, are, operations }
}

/// A property with another name.
pub(crate) const fn property(schema: &'static str, name: &'static str, of: &'static str) -> Edit {
    Edit::Property { schema, name, of }
}

/// A property that only the version has.
pub(crate) const fn own_property(
    schema: &'static str,
    name: &'static str,
    value: &'static str,
    described: &'static str,
) -> Edit {
    Edit::OwnProperty { schema, name, value, described }
}

/// Properties that the version does not have.
pub(crate) const fn no_properties(schema: &'static str, names: &'static [&'static str]) -> Edit {
    Edit::NoProperties { schema, names }
}

/// Parameters that the version does not have.
pub(crate) const fn no_parameters(operation: &'static str, names: &'static [&'static str]) -> Edit {
    Edit::NoParameters { operation, names }
}

/// An operation with another name and path.
pub(crate) const fn operation(name: &'static str, of: &'static str, path: &'static str, tag: &'static str) -> Edit {
    Edit::Operation { name, of, path, tag }
}

/// A schema with another name.
pub(crate) const fn schema(name: &'static str, of: &'static str) -> Edit {
    Edit::Schema { name, of }
}
