//! The contract as typed data: what the generator and the checks read.

use belvedere_contract::Release;
use indexmap::IndexMap;
use serde_json::Value;

/// One version of the API, read whole.
#[derive(Debug)]
pub struct Api {
    /// The version as it stands in paths, `4.0`.
    pub version: String,
    /// The tags in the order of their files.
    pub tags: Vec<Tag>,
    /// The operations in the order of their files.
    pub operations: Vec<Operation>,
    /// The schemas by name, in the order of their files.
    pub schemas: IndexMap<String, Schema>,
    /// The whole document with its references to shared parameters and answers resolved.
    pub document: Value,
}

/// A group of operations; each has a file.
#[derive(Debug)]
pub struct Tag {
    /// The name in the document, `LookmlModel`.
    pub name: String,
    /// The name of its file and of its modules, `lookml_model`.
    pub module: String,
    /// What the operations are about.
    pub description: String,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// The operationId.
    pub id: String,
    /// Index of its tag.
    pub tag: usize,
    /// The method in lower case, as the document has it.
    pub method: String,
    /// The path template below the base path.
    pub path: String,
    /// One line on what it does.
    pub summary: String,
    /// What it does, needs and answers.
    pub description: String,
    /// `stable`, `beta`, `alpha` or `deprecated`.
    pub status: String,
    /// `db_query`, `non_query` or `none`.
    pub activity: String,
    /// Whether calls count against the rate limit.
    pub rate_limited: bool,
    /// Whether a token is needed.
    pub authenticated: bool,
    /// Whether the handler reads the query string itself.
    pub open_query: bool,
    /// The release that brought it.
    pub since: Option<Release>,
    /// The first release that no longer has it.
    pub until: Option<Release>,
    /// The release that deprecated it, where that is known.
    pub deprecated_since: Option<Release>,
    /// Path and query parameters in their order.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The answers by status.
    pub answers: Vec<Answer>,
    /// Whether there is code for it: its id does not stand in `coverage.txt`.
    pub implemented: bool,
}

impl Operation {
    /// Parameters that stand in the path.
    pub fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.place == Place::Path)
    }

    /// Parameters of the query string, without `fields`, which shapes the answer of every operation alike.
    pub fn query_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.place == Place::Query && parameter.name != "fields")
    }

    /// Whether the answer is a part of a list that `limit` and `offset` cut out.
    pub fn is_paged(&self) -> bool {
        let has = |name| self.query_parameters().any(|parameter| parameter.name == name);
        has("limit") && has("offset") && matches!(self.success().and_then(Answer::json), Some(Type::Array(_)))
    }

    /// The answer of a call that went well: the one of the lowest status.
    pub fn success(&self) -> Option<&Answer> {
        self.successes().min_by_key(|answer| answer.status)
    }

    /// All answers of calls that went well.
    pub fn successes(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(|answer| (200..300).contains(&answer.status))
    }
}

/// A parameter of the path or the query string.
#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// Whether new programs should leave it out.
    pub deprecated: bool,
    /// The release that brought it.
    pub since: Option<Release>,
    /// The first release that no longer has it.
    pub until: Option<Release>,
    /// The release that deprecated it, where that is known.
    pub deprecated_since: Option<Release>,
    /// What it does.
    pub description: String,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
}

/// The body of a request.
#[derive(Debug)]
pub struct Body {
    /// Whether a call without a body is refused.
    pub required: bool,
    /// The content types, the first one being the usual one.
    pub content: Vec<String>,
    /// Its type.
    pub ty: BodyType,
}

/// The type of a body.
#[derive(Debug)]
pub enum BodyType {
    /// A type of its own right.
    Type(Type),
    /// An object that is described in place.
    Inline(Schema),
}

/// The answer for one status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The types by content type; empty when there is no body.
    pub content: Vec<(String, Type)>,
}

impl Answer {
    /// The type of the answer, if JSON is the only form of it.
    pub fn json(&self) -> Option<&Type> {
        match self.content.as_slice() {
            [(media, ty)] if media == "application/json" => Some(ty),
            _ => None,
        }
    }
}

/// An object type.
#[derive(Debug)]
pub struct Schema {
    /// What the objects are.
    pub description: String,
    /// Index of the tag whose file declares it; none for those that all tags share.
    pub tag: Option<usize>,
    /// The properties in their order.
    pub properties: Vec<Property>,
}

/// A property of an object.
#[derive(Debug)]
pub struct Property {
    /// The name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether an object without it is refused.
    pub required: bool,
    /// Whether values in requests are passed over.
    pub read_only: bool,
    /// Whether it never stands in an answer.
    pub write_only: bool,
    /// Whether new programs should leave it alone.
    pub deprecated: bool,
    /// The release that brought it.
    pub since: Option<Release>,
    /// The first release that no longer has it.
    pub until: Option<Release>,
    /// What it says.
    pub description: String,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// Text.
    String,
    /// A point in time, RFC 3339.
    Timestamp,
    /// A calendar date.
    Date,
    /// A 64-bit integer.
    Integer,
    /// A double.
    Number,
    /// True or false.
    Boolean,
    /// One of some words.
    Enum(Vec<String>),
    /// A list.
    Array(Box<Type>),
    /// An object with free keys.
    Map(Box<Type>),
    /// A named schema.
    Ref(String),
}

impl Type {
    /// The schema that the type names, itself or in a list or map.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Type::Ref(name) => Some(name),
            Type::Array(inner) | Type::Map(inner) => inner.reference(),
            _ => None,
        }
    }
}

/// Reads a release as the contract writes it: `26.12`, without a patch number.
pub fn release(text: &str) -> Option<Release> {
    text.parse().ok().filter(|release: &Release| release.to_string() == text)
}
