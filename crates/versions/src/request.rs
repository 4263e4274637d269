//! Bodies of a version's requests, made into what the newest version takes.

use std::collections::HashMap;

use belvedere_api::{Error, Result, documents, releases};
use belvedere_wire::write_value;
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::change::Rewrite;
use crate::edit::Edit;
use crate::version::Version;

/// What the bodies of a version hold, read from its document once, when the first body comes.
#[derive(Debug)]
pub(crate) struct Bodies {
    /// The object that the body of an operation is, or that the items of its list are.
    operations: HashMap<String, usize>,
    objects: Vec<Object>,
}

/// An object in a body.
#[derive(Debug, Default)]
struct Object {
    properties: HashMap<String, Property>,
    rewrites: Vec<&'static Rewrite>,
    /// Whether it, or an object in it, can be anything else than what the newest version takes.
    is_different: bool,
}

#[derive(Debug)]
struct Property {
    /// The name in the newest version, where that is another.
    newest: Option<&'static str>,
    /// Whether the newest version does not have this name.
    is_only_name: bool,
    /// The objects in it.
    object: Option<usize>,
}

impl Bodies {
    pub fn new(version: &Version) -> Self {
        let document = version.document(releases::NEWEST);
        let newest = documents::openapi(releases::NEWEST);
        let mut reader =
            Reader { version, schemas: &document, newest: &newest, known: HashMap::new(), objects: Vec::new() };
        let mut operations = HashMap::new();
        for operation in document["paths"].as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object) {
            for operation in operation.values() {
                let schema = operation.pointer("/requestBody/content/application~1json/schema");
                let object = schema.and_then(reference).map(|name| reader.object(name));
                if let (Some(name), Some(object)) = (operation["operationId"].as_str(), object) {
                    operations.insert(name.to_owned(), object);
                }
            }
        }
        let mut objects = reader.objects;
        spread_differences(&mut objects);
        Self { operations, objects }
    }

    /// The body of a request to an operation, as the newest version takes it.
    pub fn upgraded(&self, operation: &str, body: Bytes) -> Result<Bytes> {
        let Some(&object) = self.operations.get(operation).filter(|object| self.objects[**object].is_different) else {
            return Ok(body);
        };
        // What is no text is refused where bodies are read.
        let Ok(text) = std::str::from_utf8(&body) else { return Ok(body) };
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if !text.starts_with(['{', '[']) {
            return Ok(self.upgraded_form(object, text).into());
        }
        let parsed = serde_json::from_str::<Value>(text);
        let mut value = parsed.map_err(|error| Error::bad_request(format!("the body is not JSON: {error}")))?;
        self.upgrade_value(object, &mut value);
        let mut upgraded = Vec::with_capacity(body.len());
        write_value(&value, &mut upgraded);
        Ok(upgraded.into())
    }

    fn upgrade_value(&self, object: usize, value: &mut Value) {
        let Object { properties, rewrites, is_different } = &self.objects[object];
        if !is_different {
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.upgrade_value(object, item)),
            Value::Object(entries) => {
                let mut upgraded = Map::with_capacity(entries.len());
                let mut renamed = Vec::new();
                for (key, mut entry) in std::mem::take(entries) {
                    let Some(property) = properties.get(&key) else { continue };
                    if let Some(object) = property.object {
                        self.upgrade_value(object, &mut entry);
                    }
                    match property.newest {
                        Some(newest) => renamed.push((newest, entry)),
                        None => {
                            upgraded.insert(key, entry);
                        }
                    }
                }
                // A client that has two names for one thing changes the one that it was written for: the old one.
                upgraded.extend(renamed.into_iter().map(|(name, entry)| (name.to_owned(), entry)));
                *entries = upgraded;
                for rewrite in rewrites {
                    (rewrite.with)(entries);
                }
            }
            _ => {}
        }
    }

    /// A form has no objects in it.
    fn upgraded_form(&self, object: usize, text: &str) -> String {
        let properties = &self.objects[object].properties;
        let upgraded = text.split('&').filter_map(|pair| {
            let (name, rest) = pair.split_at(pair.find(['=', '[']).unwrap_or(pair.len()));
            let property = properties.get(name)?;
            Some(property.newest.map_or_else(|| pair.to_owned(), |newest| format!("{newest}{rest}")))
        });
        upgraded.collect::<Vec<_>>().join("&")
    }

    /// The name that a field of a body has in the version.
    pub fn own_name(&self, operation: &str, field: &str) -> String {
        let object = self.operations.get(operation).map(|object| &self.objects[*object]);
        let plain = field.split(['.', '[']).next().unwrap_or_default();
        let own = object.into_iter().flat_map(|object| &object.properties);
        let own = own.filter(|(_, property)| property.is_only_name && property.newest == Some(plain));
        own.map(|(name, _)| format!("{name}{}", &field[plain.len()..])).next().unwrap_or_else(|| field.to_owned())
    }
}

/// Reads the schemas of a document.
struct Reader<'a> {
    version: &'a Version,
    schemas: &'a Value,
    newest: &'a Value,
    known: HashMap<String, usize>,
    objects: Vec<Object>,
}

impl Reader<'_> {
    fn object(&mut self, name: &str) -> usize {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let place = self.objects.len();
        self.known.insert(name.to_owned(), place);
        self.objects.push(Object::default());
        let newest = newest_name(self.version, name);
        let edits = || self.version.changes().iter().flat_map(|change| change.edits);
        let renamed: HashMap<&str, &'static str> = edits()
            .filter_map(|edit| match *edit {
                Edit::Property { schema, name, of } if schema == newest => Some((name, of)),
                _ => None,
            })
            .collect();
        let rewrites = self.version.changes().iter().flat_map(|change| change.upgrade);
        let rewrites: Vec<_> = rewrites.filter(|rewrite| rewrite.schema == newest).collect();
        let schemas = self.schemas;
        let described = schemas["components"]["schemas"][name]["properties"].as_object();
        let names: Vec<&String> = described.into_iter().flat_map(Map::keys).collect();
        let mut properties = HashMap::new();
        for (name, schema) in described.into_iter().flatten() {
            let newest = renamed.get(name.as_str()).copied();
            let is_only_name = newest.is_some_and(|newest| !names.iter().any(|name| *name == newest));
            let object = reference(schema).map(|target| self.object(target));
            properties.insert(name.clone(), Property { newest, is_only_name, object });
        }
        let known = self.newest["components"]["schemas"][newest]["properties"].as_object();
        let lacks = known.into_iter().flat_map(Map::keys).any(|name| !properties.contains_key(name));
        let is_different = lacks || !renamed.is_empty() || !rewrites.is_empty();
        self.objects[place] = Object { properties, rewrites, is_different };
        place
    }
}

/// The name that a schema of the version has in the newest.
fn newest_name<'a>(version: &Version, name: &'a str) -> &'a str {
    let edits = version.changes().iter().flat_map(|change| change.edits);
    let mut renamed = edits.filter_map(|edit| match *edit {
        Edit::Schema { name: own, of } if own == name => Some(of),
        _ => None,
    });
    renamed.next().unwrap_or(name)
}

/// The schema that a schema refers to, itself or in a list.
fn reference(schema: &Value) -> Option<&str> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return target.rsplit('/').next();
    }
    if let Some(part) = schema.pointer("/allOf/0") {
        return reference(part);
    }
    reference(schema.get("items")?)
}

/// What holds something different is different.
fn spread_differences(objects: &mut [Object]) {
    loop {
        let different: Vec<bool> = objects.iter().map(|object| object.is_different).collect();
        let mut spread = false;
        for object in objects.iter_mut().filter(|object| !object.is_different) {
            let holds = object.properties.values().filter_map(|property| property.object).any(|held| different[held]);
            object.is_different = holds;
            spread |= holds;
        }
        if !spread {
            return;
        }
    }
}
