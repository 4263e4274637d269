//! Turns the document of a version into typed data.

use std::collections::BTreeSet;

use belvedere_contract::Release;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::fragments::{Fragment, place};
use super::model::{self, Answer, Api, Body, BodyType, Operation, Parameter, Place, Property, Schema, Tag, Type};
use super::problem::Problems;

/// Reads the typed form of an assembled document.
pub fn api(
    version: &str,
    fragments: &[Fragment],
    document: Value,
    uncovered: &BTreeSet<String>,
    problems: &mut Problems,
) -> Api {
    let tags = tags(fragments, problems);
    let schemas = schemas(fragments, &tags, problems);
    let mut reader = Reader { tags: &tags, uncovered, problems };
    let operations = reader.operations(&document, fragments);
    Api { version: version.to_owned(), tags, operations, schemas, document }
}

fn tags(fragments: &[Fragment], problems: &mut Problems) -> Vec<Tag> {
    let mut tags = Vec::new();
    for fragment in fragments {
        let declared = fragment.content.get("tags").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match declared {
            [] => {}
            [tag] => tags.push(Tag {
                name: text(tag, "name", &place(&fragment.module), problems),
                module: fragment.module.clone(),
                description: text(tag, "description", &place(&fragment.module), problems),
            }),
            _ => problems.add(place(&fragment.module), "a file holds one tag"),
        }
    }
    tags
}

fn schemas(fragments: &[Fragment], tags: &[Tag], problems: &mut Problems) -> IndexMap<String, Schema> {
    let mut schemas = IndexMap::new();
    for fragment in fragments {
        let tag = tags.iter().position(|tag| tag.module == fragment.module);
        let declared = fragment.content.pointer("/components/schemas").and_then(Value::as_object);
        for (name, value) in declared.into_iter().flatten() {
            let at = format!("{}: {name}", place(&fragment.module));
            if let Some(schema) = schema(value, tag, &at, problems) {
                status(value, &["stable", "beta", "alpha", "deprecated"], &at, problems);
                release(value, "x-since", &at, problems);
                schemas.insert(name.clone(), schema);
            }
        }
    }
    schemas
}

fn schema(value: &Value, tag: Option<usize>, at: &str, problems: &mut Problems) -> Option<Schema> {
    if value.get("type").and_then(Value::as_str) != Some("object") {
        problems.add(at, "a schema must have `type: object`");
        return None;
    }
    let required: Vec<&str> =
        value.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut properties = Vec::new();
    for (name, property) in value.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let at = format!("{at}.{name}");
        properties.push(Property {
            name: name.clone(),
            ty: property_type(property, &at, problems),
            nullable: flag(property, "nullable"),
            required: required.contains(&name.as_str()),
            // Callers do send it, whatever the product's document says.
            read_only: flag(property, "readOnly") && !flag(property, "x-belvedere-taken"),
            write_only: flag(property, "writeOnly"),
            deprecated: flag(property, "deprecated"),
            since: release(property, "x-since", &at, problems),
            until: release(property, "x-until", &at, problems),
            description: text(property, "description", &at, problems),
        });
    }
    for name in required {
        if !properties.iter().any(|property| property.name == name) {
            problems.add(at, format!("`{name}` is required but not a property"));
        }
    }
    let description = value.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Schema { description, tag, properties })
}

/// The type of a property. One that is marked opaque keeps any values, whatever the document says of them.
fn property_type(property: &Value, at: &str, problems: &mut Problems) -> Type {
    match ty(property, at, problems) {
        Type::Map(_) if flag(property, "x-belvedere-opaque") => Type::Map(Box::new(Type::Any)),
        ty => ty,
    }
}

/// The type of a value.
fn ty(value: &Value, at: &str, problems: &mut Problems) -> Type {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let Some(name) = reference.strip_prefix("#/components/schemas/") else {
            return unknown(format!("`{reference}` is not a schema"), at, problems);
        };
        return Type::Ref(name.to_owned());
    }
    if let Some(parts) = value.get("allOf").and_then(Value::as_array) {
        let [part] = parts.as_slice() else {
            return unknown("`allOf` is only for one reference", at, problems);
        };
        return ty(part, at, problems);
    }
    let format = value.get("format").and_then(Value::as_str);
    match (value.get("type").and_then(Value::as_str), format) {
        (None, None) => Type::Any,
        (Some("string"), Some("date-time")) => Type::Timestamp,
        (Some("string"), Some("date")) => Type::Date,
        (Some("string"), None | Some("uri-reference")) => words(value).map_or(Type::String, Type::Enum),
        (Some("integer"), Some("int64")) => Type::Integer,
        (Some("number"), Some("float" | "double")) => Type::Number,
        (Some("boolean"), None) => Type::Boolean,
        (Some("array"), None) => {
            let Some(items) = value.get("items") else { return unknown("a list needs `items`", at, problems) };
            Type::Array(Box::new(ty(items, at, problems)))
        }
        (Some("object"), None) => {
            let Some(values) = value.get("additionalProperties") else {
                return unknown("an object in place needs `additionalProperties`; name others", at, problems);
            };
            Type::Map(Box::new(ty(values, at, problems)))
        }
        (kind, format) => {
            let (kind, format) = (kind.unwrap_or("no type"), format.unwrap_or("none"));
            unknown(format!("{kind} with format {format} is not used here"), at, problems)
        }
    }
}

fn unknown(message: impl Into<String>, at: &str, problems: &mut Problems) -> Type {
    problems.add(at, message);
    Type::Any
}

fn words(value: &Value) -> Option<Vec<String>> {
    let words = value.get("enum")?.as_array()?;
    Some(words.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

struct Reader<'a> {
    tags: &'a [Tag],
    uncovered: &'a BTreeSet<String>,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    /// The operations in the order of the files, as the fragments hold them.
    fn operations(&mut self, document: &Value, fragments: &[Fragment]) -> Vec<Operation> {
        let mut operations = Vec::new();
        for fragment in fragments {
            let Some(tag) = self.tags.iter().position(|tag| tag.module == fragment.module) else { continue };
            let paths = fragment.content.get("paths").and_then(Value::as_object);
            for (path, methods) in paths.into_iter().flatten() {
                for method in methods.as_object().into_iter().flat_map(Map::keys) {
                    let resolved = document.get("paths").and_then(|paths| paths.get(path)?.get(method));
                    if let Some(value) = resolved {
                        operations.push(self.operation(path, method, value, tag));
                    }
                }
            }
        }
        operations
    }

    fn operation(&mut self, path: &str, method: &str, value: &Value, tag: usize) -> Operation {
        let file = place(&self.tags[tag].module);
        let id = text(value, "operationId", &format!("{file}: {method} {path}"), self.problems);
        let at = format!("{file}: {id}");
        Operation {
            tag,
            method: method.to_owned(),
            path: path.to_owned(),
            summary: text(value, "summary", &at, self.problems),
            description: text(value, "description", &at, self.problems),
            status: status(value, &["stable", "beta", "alpha", "deprecated"], &at, self.problems),
            activity: word(value, "x-looker-activity-type", &["db_query", "non_query", "none"], &at, self.problems),
            rate_limited: flag(value, "x-looker-rate-limited"),
            authenticated: value.get("security").and_then(Value::as_array).is_none_or(|needs| !needs.is_empty()),
            open_query: flag(value, "x-belvedere-open-query"),
            since: release(value, "x-since", &at, self.problems),
            until: release(value, "x-until", &at, self.problems),
            deprecated_since: release(value, "x-deprecated-since", &at, self.problems),
            parameters: self.parameters(value, &at),
            body: self.body(value, &at),
            answers: self.answers(value, &at),
            implemented: !self.uncovered.contains(&id),
            id,
        }
    }

    fn parameters(&mut self, operation: &Value, at: &str) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for value in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let name = text(value, "name", at, self.problems);
            let at = format!("{at} {name}");
            let place = match value.get("in").and_then(Value::as_str) {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                _ => {
                    self.problems.add(&at, "`in` must be `path` or `query`");
                    continue;
                }
            };
            let schema = value.get("schema").unwrap_or(&Value::Null);
            parameters.push(Parameter {
                place,
                required: flag(value, "required"),
                ty: ty(schema, &at, self.problems),
                deprecated: flag(value, "deprecated"),
                since: release(value, "x-since", &at, self.problems),
                until: release(value, "x-until", &at, self.problems),
                deprecated_since: release(value, "x-deprecated-since", &at, self.problems),
                description: text(value, "description", &at, self.problems),
                name,
            });
        }
        parameters
    }

    fn body(&mut self, operation: &Value, at: &str) -> Option<Body> {
        let content = operation.pointer("/requestBody/content")?.as_object()?;
        let value = content.values().next()?.get("schema")?;
        let ty = if value.get("properties").is_some() {
            BodyType::Inline(schema(value, None, at, self.problems)?)
        } else {
            BodyType::Type(ty(value, at, self.problems))
        };
        let required = operation.get("requestBody").is_some_and(|body| flag(body, "required"));
        Some(Body { required, content: content.keys().cloned().collect(), ty })
    }

    fn answers(&mut self, operation: &Value, at: &str) -> Vec<Answer> {
        let mut answers = Vec::new();
        for (status, value) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
            let Ok(status) = status.parse() else {
                self.problems.add(at, format!("`{status}` is not a status"));
                continue;
            };
            let mut content = Vec::new();
            for (media, body) in value.get("content").and_then(Value::as_object).into_iter().flatten() {
                let schema = body.get("schema").unwrap_or(&Value::Null);
                content.push((media.clone(), ty(schema, &format!("{at} {status}"), self.problems)));
            }
            answers.push(Answer { status, content });
        }
        answers
    }
}

fn text(value: &Value, key: &str, at: &str, problems: &mut Problems) -> String {
    match value.get(key).and_then(Value::as_str).map(str::trim) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => {
            problems.add(at, format!("`{key}` is missing"));
            String::new()
        }
    }
}

fn word(value: &Value, key: &str, known: &[&str], at: &str, problems: &mut Problems) -> String {
    let word = text(value, key, at, problems);
    if !word.is_empty() && !known.contains(&word.as_str()) {
        problems.add(at, format!("`{key}` must be one of {}", known.join(", ")));
    }
    word
}

fn status(value: &Value, known: &[&str], at: &str, problems: &mut Problems) -> String {
    word(value, "x-looker-status", known, at, problems)
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn release(value: &Value, key: &str, at: &str, problems: &mut Problems) -> Option<Release> {
    let given = value.get(key)?;
    let release = given.as_str().and_then(model::release);
    if release.is_none() {
        problems.add(at, format!("`{key}` must be a release in quotes, such as \"26.12\""));
    }
    release
}
