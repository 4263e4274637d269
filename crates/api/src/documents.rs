//! The documents that describe the API, as programs read them.
//!
//! Embedded is the newest form with the release that brought each part; the document of a release is made from it,
//! once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use belvedere_wire::{Object, write_string, write_value};
use serde_json::{Map, Value};

use crate::release::Release;

/// The API version that the documents describe.
pub const VERSION: &str = "4.0";

const OPENAPI: &[u8] = include_bytes!("generated/documents/openapi-4.0.json");
const SWAGGER: &[u8] = include_bytes!("generated/documents/swagger-4.0.json");

/// The OpenAPI 3.0 document of a release, for a server that is reached at this origin (`https://host:port`).
pub fn openapi(release: Release, origin: &str) -> Vec<u8> {
    let server = format!("{origin}/api/{VERSION}");
    document(Form::OpenApi, release).with(|object| {
        let servers = object.key("servers");
        servers.push(b'[');
        let mut entry = Object::open(servers);
        write_string(&server, entry.key("url"));
        entry.close();
        servers.push(b']');
    })
}

/// The Swagger 2.0 document of a release, for a server that is reached at this origin. The base path is the one that
/// the original has.
pub fn swagger(release: Release, origin: &str) -> Vec<u8> {
    let (scheme, host) = origin.split_once("://").unwrap_or(("https", origin));
    document(Form::Swagger, release).with(|object| {
        write_string(host, object.key("host"));
        let schemes = object.key("schemes");
        schemes.push(b'[');
        write_string(scheme, schemes);
        schemes.push(b']');
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    OpenApi,
    Swagger,
}

type Made = BTreeMap<(Form, Release), Arc<Parts>>;

/// A document in two parts, between which stands what depends on the server.
struct Parts {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Parts {
    fn with(&self, write: impl FnOnce(&mut Object<'_>)) -> Vec<u8> {
        let mut middle = Vec::new();
        let mut object = Object::open(&mut middle);
        write(&mut object);
        let inner = &middle[1..];
        let mut out = Vec::with_capacity(self.head.len() + inner.len() + self.tail.len() + 2);
        out.extend_from_slice(&self.head);
        out.push(b',');
        out.extend_from_slice(inner);
        out.push(b',');
        out.extend_from_slice(&self.tail);
        out
    }
}

/// The document of a release, made once.
fn document(form: Form, release: Release) -> Arc<Parts> {
    static MADE: Mutex<Made> = Mutex::new(Made::new());
    if let Some(parts) = MADE.lock().unwrap_or_else(PoisonError::into_inner).get(&(form, release)) {
        return Arc::clone(parts);
    }
    let parts = Arc::new(derive(form, release));
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    // A caller may ask for any release: what is remembered stays small.
    if made.len() >= 16 {
        made.clear();
    }
    Arc::clone(made.entry((form, release)).or_insert(parts))
}

fn derive(form: Form, release: Release) -> Parts {
    let embedded = match form {
        Form::OpenApi => OPENAPI,
        Form::Swagger => SWAGGER,
    };
    let mut document: Map<String, Value> = serde_json::from_slice(embedded).expect("generated documents are JSON");
    for part in document.values_mut() {
        at_release(part, release);
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.retain(|_, methods| methods.as_object().is_none_or(|methods| !methods.is_empty()));
    }
    let info = document.get_mut("info").and_then(Value::as_object_mut).expect("documents have a head");
    info.insert("version".to_owned(), Value::from(format!("{VERSION}.{release}")));
    info.insert("x-looker-release-version".to_owned(), Value::from(release.full()));
    split(&document)
}

/// Cuts a document after its `info`: there stands what depends on the server.
fn split(document: &Map<String, Value>) -> Parts {
    let mut head = Vec::new();
    let mut tail = Vec::new();
    let mut before = Object::open(&mut head);
    let mut after = Object::open(&mut tail);
    let mut entries = document.iter();
    for (key, value) in entries.by_ref() {
        write_value(value, before.key(key));
        if key == "info" {
            break;
        }
    }
    for (key, value) in entries {
        write_value(value, after.key(key));
    }
    after.close();
    tail.remove(0);
    Parts { head, tail }
}

/// Removes what came after the release and what was gone by then.
fn at_release(value: &mut Value, release: Release) {
    match value {
        Value::Object(entries) => {
            entries.retain(|_, entry| stands(entry, release));
            for entry in entries.values_mut() {
                at_release(entry, release);
            }
            keep_required(entries);
        }
        Value::Array(items) => {
            items.retain(|item| stands(item, release));
            for item in items {
                at_release(item, release);
            }
        }
        _ => {}
    }
}

fn stands(value: &Value, release: Release) -> bool {
    let named = |key| value.get(key).and_then(Value::as_str).and_then(|text| text.parse::<Release>().ok());
    named("x-since").is_none_or(|since| since <= release) && named("x-until").is_none_or(|until| release < until)
}

/// A property that is gone is no longer required.
fn keep_required(schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).cloned() else { return };
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
    }
}
