//! A document of the API as typed data: what it promises, without prose.

mod read;
mod types;

use std::fmt;

use indexmap::IndexMap;
use serde_json::Value;

use crate::error::Error;

pub use types::{Kind, Scalar, Type};

/// What a document promises. OpenAPI 3 and Swagger 2.0 give the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The version that the head tells, `4.0.26.12`.
    pub version: String,
    /// Path of the first server, `/api/4.0`; none where the document names no server.
    pub base: Option<String>,
    /// The operations by operationId, in the order of the document.
    pub operations: IndexMap<String, Operation>,
    /// The schemas by name, in the order of the document.
    pub schemas: IndexMap<String, Schema>,
}

impl Document {
    /// Reads the text of an OpenAPI 3 or Swagger 2.0 document in JSON. What the document leaves open is taken in the
    /// way that promises least: a missing type is any value.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let value: Value = serde_json::from_slice(text).map_err(|error| Error::NotJson(error.to_string()))?;
        Self::read(&value)
    }

    /// The same for JSON that is already read.
    pub fn read(value: &Value) -> Result<Self, Error> {
        read::document(value)
    }

    /// The object that a schema describes.
    pub fn object(&self, schema: &str) -> Option<&Object> {
        match &self.schemas.get(schema)?.ty {
            Type::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The operationId.
    pub id: String,
    /// The method in capitals.
    pub method: String,
    /// The path template below the base path.
    pub path: String,
    /// The tag.
    pub tag: String,
    /// What is promised of it.
    pub status: Status,
    /// `x-looker-activity-type`.
    pub activity: Option<String>,
    /// `x-looker-rate-limited`.
    pub rate_limited: bool,
    /// Whether a call needs a token.
    pub authenticated: bool,
    /// The parameters in their order, without the body.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The answers by status.
    pub answers: IndexMap<String, Answer>,
}

impl Operation {
    /// A parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// The type of the answer to a call that goes well: of the lowest such status that has a body.
    pub fn answer(&self) -> Option<&Type> {
        let mut well: Vec<_> = self.answers.iter().filter(|(status, _)| is_success(status)).collect();
        well.sort_by_key(|(status, _)| status.as_str());
        well.into_iter().find_map(|(_, answer)| answer.content.first()).map(|(_, ty)| ty)
    }

    /// Method and path, `GET /looks/{look_id}`.
    pub fn address(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Whether this is the status of a call that went well.
pub fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// What is promised of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No breaking change inside the version.
    Stable,
    /// May change in any release.
    Beta,
    /// May change in any release, and may be absent.
    Alpha,
    /// Works, and goes in a later release.
    Deprecated,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Stable => "stable",
            Status::Beta => "beta",
            Status::Alpha => "alpha",
            Status::Deprecated => "deprecated",
        })
    }
}

/// A parameter of the path, the query string, a header or a cookie.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub place: String,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// Whether new programs should leave it out.
    pub deprecated: bool,
    /// What counts when it is absent.
    pub default: Option<Value>,
    /// How a list is written, as OpenAPI calls it.
    pub style: Option<String>,
    /// Whether each item of a list is a parameter of its own.
    pub explode: Option<bool>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Whether a call without a body is refused.
    pub required: bool,
    /// The content types.
    pub content: Vec<String>,
    /// The type of the first of them.
    pub ty: Type,
}

/// The answer for one status.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The types by content type; empty when there is no body.
    pub content: Vec<(String, Type)>,
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// `x-looker-status`.
    pub status: Option<Status>,
    /// What it is; mostly an object.
    pub ty: Type,
}

/// An object with its properties.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    /// The properties by name, in their order.
    pub properties: IndexMap<String, Property>,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its type.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether an object without it is refused, and every answer has it.
    pub required: bool,
    /// Whether values in requests are passed over.
    pub read_only: bool,
    /// Whether it never stands in an answer.
    pub write_only: bool,
    /// Whether new programs should leave it out.
    pub deprecated: bool,
    /// What counts when it is absent.
    pub default: Option<Value>,
}

impl fmt::Display for Property {
    /// The type with its flags, `string, nullable, read-only`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ty.fmt(f)?;
        let flags = [
            (self.required, "required"),
            (self.nullable, "nullable"),
            (self.read_only, "read-only"),
            (self.write_only, "write-only"),
            (self.deprecated, "deprecated"),
        ];
        flags.iter().filter(|(set, _)| *set).try_for_each(|(_, flag)| write!(f, ", {flag}"))
    }
}
