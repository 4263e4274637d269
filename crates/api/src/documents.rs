//! The documents that describe the API, as programs read them.
//!
//! Embedded is the newest OpenAPI document of the newest version, with the release that brought each part. Everything
//! else is made from it: the document of a release, that of another version, and the Swagger form of each.

mod gzip;
mod swagger;

use belvedere_contract::{Release, release};
use belvedere_wire::{Object, write_string, write_value};
use serde_json::{Map, Value};

use crate::generated::operations::OPERATIONS;
use gzip::Piece;

/// The newest version of the API.
pub const VERSION: &str = "4.0";

const OPENAPI: &[u8] = include_bytes!("generated/documents/openapi-4.0.json");

/// The OpenAPI 3.0 document of the newest version with all its releases in it: each part tells the release that
/// brought it.
pub fn whole() -> Value {
    serde_json::from_slice(OPENAPI).expect("generated documents are JSON")
}

/// The OpenAPI 3.0 document of the newest version, as it was at a release.
pub fn openapi(at: Release) -> Value {
    let mut document = whole();
    release::at_release(&mut document, at);
    set_head(&mut document, &format!("{VERSION}.{at}"), at);
    mark_what_has_no_code(&mut document);
    document
}

/// `x-implemented: false` stands at each operation that answers 501; at the others there is no such key.
fn mark_what_has_no_code(document: &mut Value) {
    for operation in OPERATIONS.iter().filter(|operation| !operation.has_code) {
        let method = operation.method.as_str().to_ascii_lowercase();
        let path = document.get_mut("paths").and_then(|paths| paths.get_mut(operation.path));
        let object = path.and_then(|path| path.get_mut(&method)).and_then(Value::as_object_mut);
        if let Some(object) = object {
            object.insert("x-implemented".to_owned(), Value::Bool(false));
        }
    }
}

/// Says in the head of a document which version and which release it describes.
pub fn set_head(document: &mut Value, full_version: &str, release: Release) {
    if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
        info.insert("version".to_owned(), Value::from(full_version));
        info.insert("x-looker-release-version".to_owned(), Value::from(release.full()));
    }
}

/// The form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// OpenAPI 3.0.
    OpenApi,
    /// Swagger 2.0, which old clients build themselves from.
    Swagger,
}

/// A document that is ready to be served: it is kept compressed, in two pieces between which stands what depends on
/// the address of the server.
#[derive(Debug)]
pub struct Document {
    form: Form,
    /// `/api/4.0`
    base_path: String,
    head: Piece,
    tail: Piece,
}

impl Document {
    /// The document of the version with this name, from its OpenAPI form.
    pub fn new(form: Form, version: &str, openapi: &Value) -> Self {
        let base_path = format!("/api/{version}");
        let (head, tail) = match form {
            Form::OpenApi => split(openapi),
            Form::Swagger => split(&swagger::convert(openapi, &base_path)),
        };
        Self { form, base_path, head: Piece::begin(&head), tail: Piece::end(&tail) }
    }

    /// The text, for a server that is reached at this origin (`https://host:port`).
    pub fn text(&self, origin: &str) -> Vec<u8> {
        let server = self.server(origin);
        let mut text = Vec::with_capacity(self.head.length() + server.len() + self.tail.length());
        self.head.inflate_into(&mut text);
        text.extend_from_slice(&server);
        self.tail.inflate_into(&mut text);
        text
    }

    /// The same text in gzip form. Nothing but what depends on the server is compressed anew.
    pub fn gzip(&self, origin: &str) -> Vec<u8> {
        gzip::join(&self.head, &self.server(origin), &self.tail)
    }

    /// What stands between the pieces.
    fn server(&self, origin: &str) -> Vec<u8> {
        let mut text = Vec::new();
        let mut object = Object::open(&mut text);
        match self.form {
            Form::OpenApi => {
                let servers = object.key("servers");
                servers.push(b'[');
                let mut server = Object::open(servers);
                write_string(&format!("{origin}{}", self.base_path), server.key("url"));
                server.close();
                servers.push(b']');
            }
            Form::Swagger => {
                let (scheme, host) = origin.split_once("://").unwrap_or(("https", origin));
                write_string(host, object.key("host"));
                let schemes = object.key("schemes");
                schemes.push(b'[');
                write_string(scheme, schemes);
                schemes.push(b']');
            }
        }
        // The object's brace becomes the comma behind the head; another one follows.
        text[0] = b',';
        text.push(b',');
        text
    }
}

/// Cuts a document after its `info`: there stands what depends on the server.
fn split(document: &Value) -> (Vec<u8>, Vec<u8>) {
    let empty = Map::new();
    let mut head = Vec::new();
    let mut tail = Vec::new();
    let mut before = Object::open(&mut head);
    let mut after = Object::open(&mut tail);
    let mut entries = document.as_object().unwrap_or(&empty).iter();
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
    (head, tail)
}

#[cfg(test)]
mod tests;
