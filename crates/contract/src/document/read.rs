//! Reads OpenAPI 3 and Swagger 2.0.

use std::cell::Cell;

use indexmap::IndexMap;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::{Answer, Body, Document, Kind, Object, Operation, Parameter, Property, Scalar, Schema, Status, Type};
use crate::error::Error;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// How deep types may stand in types, and references in references, before they count as any value.
const MOST_DEPTH: usize = 64;
const MOST_JOINS: u32 = 4096;
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The two forms of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    OpenApi,
    Swagger,
}

pub(super) fn document(value: &Value) -> Result<Document, Error> {
    let form = form(value)?;
    let mut document = Document {
        version: text(value.pointer("/info/version")).unwrap_or_default(),
        base: base(value, form),
        ..Document::default()
    };
    let reader = Reader { root: value, form, joins: Cell::new(MOST_JOINS) };
    let schemas = match form {
        Form::OpenApi => value.pointer("/components/schemas"),
        Form::Swagger => value.get("definitions"),
    };
    for (name, schema) in entries(schemas) {
        document.schemas.insert(name.clone(), reader.schema(schema));
    }
    for (path, methods) in entries(value.get("paths")) {
        for (method, operation) in entries(Some(methods)) {
            if METHODS.contains(&method.as_str()) && operation.is_object() {
                let operation = reader.operation(path, method, methods, operation);
                document.operations.insert(operation.id.clone(), operation);
            }
        }
    }
    Ok(document)
}

fn form(value: &Value) -> Result<Form, Error> {
    if !value.is_object() {
        return Err(Error::NotADocument("no object at its top"));
    }
    if !value.get("paths").is_some_and(Value::is_object) {
        return Err(Error::NotADocument("no `paths`"));
    }
    let starts = |key, with| text(value.get(key)).is_some_and(|version: String| version.starts_with(with));
    if starts("openapi", "3.") {
        Ok(Form::OpenApi)
    } else if starts("swagger", "2.") {
        Ok(Form::Swagger)
    } else {
        Err(Error::NotADocument("neither `openapi: 3...` nor `swagger: 2.0`"))
    }
}

/// The path of the first server, which depends on no host.
fn base(value: &Value, form: Form) -> Option<String> {
    let address = match form {
        Form::OpenApi => text(value.pointer("/servers/0/url"))?,
        Form::Swagger => text(value.get("basePath"))?,
    };
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => &address,
    };
    Some(path.trim_end_matches('/').to_owned())
}

struct Reader<'a> {
    root: &'a Value,
    form: Form,
    /// How many more `allOf` are put together: their parts may name each other in circles.
    joins: Cell<u32>,
}

impl<'a> Reader<'a> {
    fn operation(&self, path: &str, method: &str, shared: &'a Value, value: &'a Value) -> Operation {
        let method = method.to_ascii_uppercase();
        // Parameters of the path count for each operation that does not declare its own of that name.
        let own = items(value.get("parameters")).map(|parameter| self.follow(parameter));
        let mut all: Vec<&'a Value> = own.collect();
        for parameter in items(shared.get("parameters")).map(|parameter| self.follow(parameter)) {
            if !all.iter().any(|own| own.get("name") == parameter.get("name") && own.get("in") == parameter.get("in")) {
                all.push(parameter);
            }
        }
        let is_parameter = |value: &&&Value| !matches!(text(value.get("in")).as_deref(), Some("body" | "formData"));
        Operation {
            id: text(value.get("operationId")).unwrap_or_else(|| format!("{method} {path}")),
            path: path.to_owned(),
            tag: text(value.pointer("/tags/0")).unwrap_or_default(),
            status: status(value).unwrap_or(Status::Stable),
            activity: text(value.get("x-looker-activity-type")),
            rate_limited: flag(value, "x-looker-rate-limited"),
            authenticated: self.authenticated(value),
            parameters: all.iter().filter(is_parameter).map(|value| self.parameter(value)).collect(),
            body: match self.form {
                Form::OpenApi => self.body(value),
                Form::Swagger => self.swagger_body(value, &all),
            },
            answers: self.answers(value),
            method,
        }
    }

    fn authenticated(&self, operation: &Value) -> bool {
        let needs = operation.get("security").or_else(|| self.root.get("security")).and_then(Value::as_array);
        needs.is_some_and(|needs| !needs.is_empty())
    }

    fn parameter(&self, value: &'a Value) -> Parameter {
        // Swagger 2.0 writes the type into the parameter itself.
        let schema = value.get("schema").unwrap_or(value);
        let list = self.form == Form::Swagger && schema.get("items").is_some();
        let format = list.then(|| text(value.get("collectionFormat")).unwrap_or_else(|| "csv".to_owned()));
        let (style, explode) = match format.as_deref() {
            Some("multi") => (Some("form".to_owned()), Some(true)),
            Some("pipes") => (Some("pipeDelimited".to_owned()), Some(false)),
            Some("ssv") => (Some("spaceDelimited".to_owned()), Some(false)),
            Some(_) => (Some("form".to_owned()), Some(false)),
            None => (text(value.get("style")), value.get("explode").and_then(Value::as_bool)),
        };
        Parameter {
            name: text(value.get("name")).unwrap_or_default(),
            place: text(value.get("in")).unwrap_or_default(),
            required: flag(value, "required"),
            ty: self.ty(schema, 0),
            deprecated: flag(value, "deprecated") || flag(value, "x-looker-deprecated"),
            default: schema.get("default").cloned(),
            style,
            explode,
        }
    }

    fn body(&self, operation: &'a Value) -> Option<Body> {
        let value = self.follow(operation.get("requestBody")?);
        let content: Vec<(&String, &Value)> = entries(value.get("content")).collect();
        let (_, first) = content.first()?;
        Some(Body {
            required: flag(value, "required"),
            ty: first.get("schema").map_or(Type::Any, |schema| self.ty(schema, 0)),
            content: content.iter().map(|(media, _)| (*media).clone()).collect(),
        })
    }

    fn swagger_body(&self, operation: &Value, parameters: &[&'a Value]) -> Option<Body> {
        let within = |place: &str| {
            let place = Value::from(place);
            parameters.iter().filter(move |value| value.get("in") == Some(&place)).collect::<Vec<_>>()
        };
        let content = |usual: &str| {
            let named: Vec<String> = items(operation.get("consumes")).filter_map(|media| text(Some(media))).collect();
            if named.is_empty() { vec![usual.to_owned()] } else { named }
        };
        if let Some(body) = within("body").first() {
            let ty = body.get("schema").map_or(Type::Any, |schema| self.ty(schema, 0));
            return Some(Body { required: flag(body, "required"), content: content(JSON), ty });
        }
        let fields = within("formData");
        if fields.is_empty() {
            return None;
        }
        let mut object = Object::default();
        for field in fields {
            let property = self.property(field, flag(field, "required"), 0);
            object.properties.insert(text(field.get("name")).unwrap_or_default(), property);
        }
        let required = object.properties.values().any(|property| property.required);
        Some(Body { required, content: content(FORM), ty: Type::Object(Box::new(object)) })
    }

    fn answers(&self, operation: &'a Value) -> IndexMap<String, Answer> {
        let produces = operation.get("produces").or_else(|| self.root.get("produces"));
        let produces: Vec<String> = items(produces).filter_map(|media| text(Some(media))).collect();
        let mut answers = IndexMap::new();
        for (status, value) in entries(operation.get("responses")) {
            let value = self.follow(value);
            let content = match self.form {
                Form::OpenApi => entries(value.get("content"))
                    .map(|(media, body)| {
                        (media.clone(), body.get("schema").map_or(Type::Any, |schema| self.ty(schema, 0)))
                    })
                    .collect(),
                Form::Swagger => {
                    let ty = value.get("schema").map(|schema| self.ty(schema, 0));
                    ty.into_iter()
                        .flat_map(|ty| produces.iter().map(move |media| (media.clone(), ty.clone())))
                        .collect()
                }
            };
            answers.insert(status.clone(), Answer { content });
        }
        answers
    }

    fn schema(&self, value: &'a Value) -> Schema {
        Schema { status: status(value), ty: self.ty(value, 0) }
    }

    fn ty(&self, value: &'a Value, depth: usize) -> Type {
        if depth > MOST_DEPTH {
            return Type::Any;
        }
        if let Some(target) = text(value.get("$ref")) {
            return Type::Named(last(&target).to_owned());
        }
        let parts = |key| value.get(key).and_then(Value::as_array);
        if let Some(parts) = parts("allOf") {
            return match parts.as_slice() {
                [only] => self.ty(only, depth + 1),
                _ => self.joined(value, depth + 1),
            };
        }
        if let Some(parts) = parts("oneOf").or_else(|| parts("anyOf")) {
            return Type::OneOf(parts.iter().map(|part| self.ty(part, depth + 1)).collect());
        }
        match kind(value) {
            None if value.get("properties").is_some() => Type::Object(Box::new(self.object(value, depth))),
            None => Type::Any,
            Some("array") => {
                let inner = value.get("items").map_or(Type::Any, |items| self.ty(items, depth + 1));
                Type::List(Box::new(inner))
            }
            Some("object") => match value.get("additionalProperties") {
                Some(values) if value.get("properties").is_none() && *values != Value::Bool(false) => {
                    Type::Map(Box::new(self.ty(values, depth + 1)))
                }
                _ => Type::Object(Box::new(self.object(value, depth))),
            },
            Some(kind) => {
                Type::Scalar(Scalar { kind: Kind::named(kind), format: text(value.get("format")), words: words(value) })
            }
        }
    }

    fn object(&self, value: &'a Value, depth: usize) -> Object {
        let required: Vec<&str> = items(value.get("required")).filter_map(Value::as_str).collect();
        let properties = entries(value.get("properties")).map(|(name, property)| {
            (name.clone(), self.property(property, required.contains(&name.as_str()), depth + 1))
        });
        Object { properties: properties.collect() }
    }

    /// The properties of all parts of an `allOf`, and those beside it.
    fn joined(&self, value: &'a Value, depth: usize) -> Type {
        let Some(left) = self.joins.get().checked_sub(1) else { return Type::Any };
        self.joins.set(left);
        let mut object = Object::default();
        let mut seen = FxHashSet::default();
        let mut open = vec![value];
        while let Some(part) = open.pop().map(|part| self.follow(part)) {
            if seen.insert(std::ptr::from_ref(part)) {
                object.properties.extend(self.object(part, depth).properties);
                open.extend(items(part.get("allOf")));
            }
        }
        Type::Object(Box::new(object))
    }

    fn property(&self, value: &'a Value, required: bool, depth: usize) -> Property {
        let flags = |keys: &[&str]| keys.iter().any(|key| flag(value, key));
        let null = items(value.get("type")).any(|kind| kind == "null");
        Property {
            ty: self.ty(value, depth),
            nullable: null || flags(&["nullable", "x-looker-nullable", "x-nullable"]),
            required,
            read_only: flags(&["readOnly"]),
            write_only: flags(&["writeOnly", "x-looker-write-only"]),
            deprecated: flags(&["deprecated", "x-looker-deprecated"]),
            default: value.get("default").cloned(),
        }
    }

    /// What a reference inside the document stands for, through as many as there are.
    fn follow(&self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..MOST_DEPTH {
            let Some(target) = value.get("$ref").and_then(Value::as_str) else { break };
            match target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) {
                Some(found) => value = found,
                None => break,
            }
        }
        value
    }
}

/// The status that stands at an operation or a schema.
fn status(value: &Value) -> Option<Status> {
    match text(value.get("x-looker-status")).as_deref() {
        Some("stable") => Some(Status::Stable),
        Some("beta") => Some(Status::Beta),
        Some("alpha") => Some(Status::Alpha),
        Some("deprecated") => Some(Status::Deprecated),
        _ => flag(value, "deprecated").then_some(Status::Deprecated),
    }
}

/// The type by its name; of several the first that is not null.
fn kind(value: &Value) -> Option<&str> {
    match value.get("type")? {
        Value::String(kind) if kind != "any" => Some(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}

fn words(value: &Value) -> Vec<String> {
    let listed = value.get("enum").or_else(|| value.get("x-looker-values"));
    let word = |word: &Value| match word {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    items(listed).filter_map(word).collect()
}

fn last(target: &str) -> &str {
    target.rsplit_once('/').map_or(target, |(_, name)| name)
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}
