//! Types of values.

use std::fmt;

use super::Object;

/// The type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any JSON value.
    Any,
    /// A single value.
    Scalar(Scalar),
    /// A list.
    List(Box<Type>),
    /// An object with free keys.
    Map(Box<Type>),
    /// A named schema.
    Named(String),
    /// An object that is described in place.
    Object(Box<Object>),
    /// One of several.
    OneOf(Vec<Type>),
}

/// A single value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// What it is.
    pub kind: Kind,
    /// The form of it, `int64` or `date-time`.
    pub format: Option<String>,
    /// The only values that it has; empty where there is no such list.
    pub words: Vec<String>,
}

/// What a single value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// What the document calls it.
    Other(String),
}

impl Kind {
    /// The kind by its name in documents.
    pub fn named(name: &str) -> Self {
        match name {
            "string" => Kind::String,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            other => Kind::Other(other.to_owned()),
        }
    }
}

impl Type {
    /// Lists, maps and wrappers taken off, one at a time from the outside in, ending with the innermost.
    pub fn innermost(&self) -> &Type {
        let mut ty = self;
        while let Type::List(inner) | Type::Map(inner) = ty {
            ty = inner;
        }
        ty
    }

    /// The schemas that the type names.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut open = vec![self];
        while let Some(ty) = open.pop() {
            match ty {
                Type::Named(name) => names.push(name.as_str()),
                Type::List(inner) | Type::Map(inner) => open.push(inner),
                Type::OneOf(parts) => open.extend(parts),
                Type::Object(object) => open.extend(object.properties.values().map(|property| &property.ty)),
                Type::Any | Type::Scalar(_) => {}
            }
        }
        names
    }

    /// The single value inside lists and maps.
    pub fn scalar(&self) -> Option<&Scalar> {
        match self.innermost() {
            Type::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Other(name) => name,
        })
    }
}

impl fmt::Display for Type {
    /// As people write it: `integer`, `string[]`, `map<any>`, `Folder[]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("any"),
            Type::Scalar(scalar) => scalar.kind.fmt(f),
            Type::List(inner) => write!(f, "{inner}[]"),
            Type::Map(inner) => write!(f, "map<{inner}>"),
            Type::Named(name) => f.write_str(name),
            Type::Object(_) => f.write_str("object"),
            Type::OneOf(parts) => {
                let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                write!(f, "one of {}", parts.join(", "))
            }
        }
    }
}
