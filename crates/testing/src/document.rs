//! The served document as a judge of answers.

use crate::fields::Fields;
use crate::older::loosen;
use serde_json::{Map, Value, json};

/// Statuses that the server in front of the operations gives, whichever is called. As in the original's document no
/// operation declares them; their bodies are of the schema `Error`.
const BEFORE_THE_OPERATION: [u16; 3] = [401, 413, 501];

/// Schemas and their properties that hold whatever was written, where the original's document promises texts
/// (`x-belvedere-opaque` in the contract, and a row of `docs/quirks.md`).
const OPAQUE: [(&str, &str); 1] = [("MergeQuery", "vis_config")];

/// The OpenAPI document of a server.
#[derive(Debug)]
pub struct Document {
    root: Value,
}

/// A call and its answer, as far as the document speaks of them.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The method, `GET`.
    pub method: &'a str,
    /// The path below the base path, without the query string.
    pub path: &'a str,
    /// The value of the parameter `fields`.
    pub fields: Option<&'a str>,
    /// The status of the answer.
    pub status: u16,
    /// The header `Content-Type` of the answer.
    pub content_type: Option<&'a str>,
    /// The body of the answer.
    pub body: &'a [u8],
}

impl Document {
    /// Takes the document.
    pub fn new(mut root: Value) -> Self {
        for (schema, property) in OPAQUE {
            if let Some(Value::Object(property)) =
                root.pointer_mut(&format!("/components/schemas/{schema}/properties/{property}"))
            {
                property.insert("additionalProperties".to_owned(), Value::Bool(true));
            }
        }
        Self { root }
    }

    /// Takes the document of a version that is older than the one with the document `newest`.
    pub fn older(mut root: Value, newest: &Self) -> Self {
        loosen(&mut root, &newest.root);
        Self { root }
    }

    /// The document itself.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// What is wrong with an answer. A path that is no operation's has no promise to break.
    pub fn problems(&self, exchange: &Exchange<'_>) -> Vec<String> {
        let Exchange { method, path, status, body, .. } = *exchange;
        let Some(operation) = self.operation(method, path) else { return Vec::new() };
        let content = match operation["responses"].get(status.to_string()) {
            Some(response) => response.get("content").cloned(),
            None if BEFORE_THE_OPERATION.contains(&status) => Some(error_content()),
            None => return vec![format!("{method} {path} answers {status}, which the document does not declare")],
        };
        // The document gives some a type, but an answer of this status can have no body.
        let content = content.filter(|_| status != 204);
        match content {
            None if body.is_empty() && exchange.content_type.is_none() => Vec::new(),
            None => vec![format!("{method} {path} answers {status} with a body, and the document declares none")],
            // Not ready yet, or nothing left: the document has one form for the result and for its absence.
            Some(_) if matches!(status, 202 | 204) && body.is_empty() => Vec::new(),
            Some(content) => {
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let takes_fields = parameters.into_iter().any(|parameter| parameter["name"] == "fields");
                let fields = exchange.fields.filter(|_| takes_fields && status == 200);
                self.problems_of_body(exchange, &content, fields.and_then(Fields::parse).as_ref())
            }
        }
    }

    fn problems_of_body(&self, exchange: &Exchange<'_>, content: &Value, asked: Option<&Fields>) -> Vec<String> {
        let Exchange { method, path, status, body, .. } = *exchange;
        let sent = exchange.content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let declared = content.as_object().into_iter().flatten();
        let is_result = status == 200 && content.get("text").is_some();
        let Some((_, media)) = declared.clone().find(|(declared, _)| covers(declared, sent, is_result)) else {
            let declared: Vec<&String> = declared.map(|(declared, _)| declared).collect();
            return vec![format!("{method} {path} answers {status} with `{sent}`; the document declares {declared:?}")];
        };
        if sent != "application/json" {
            return Vec::new();
        }
        let body: Value = match serde_json::from_slice(body) {
            Ok(body) => body,
            Err(error) => return vec![format!("the body is not JSON: {error}")],
        };
        // The document calls the rows of a result a text, in whichever format they are.
        if is_result {
            return Vec::new();
        }
        let keys = if status < 400 { Keys::All } else { Keys::Required };
        self.problems_of_value(&media["schema"], keys, asked, &body)
    }

    /// What is wrong with a value as a whole object of the schema with this name.
    ///
    /// # Panics
    /// When the document has no such schema.
    pub fn problems_of_schema(&self, name: &str, value: &Value) -> Vec<String> {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        self.problems_of_value(&schema, Keys::All, None, value)
    }

    fn problems_of_value(&self, schema: &Value, keys: Keys, asked: Option<&Fields>, value: &Value) -> Vec<String> {
        let schema = self.strict(schema, keys, asked, 0);
        match jsonschema::options().should_validate_formats(true).build(&schema) {
            Ok(validator) => {
                validator.iter_errors(value).map(|error| format!("{error} at `{}`", error.instance_path())).collect()
            }
            Err(error) => vec![format!("it is judged by no schema: {error}")],
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let wanted: Vec<&str> = path.split('/').collect();
        let matches = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == wanted.len()
                && parts.iter().zip(&wanted).all(|(part, name)| part.starts_with('{') || part == name)
        };
        let literal_parts = |template: &str| template.split('/').filter(|part| !part.starts_with('{')).count();
        let paths = self.root["paths"].as_object()?;
        let template =
            paths.keys().filter(|template| matches(template)).max_by_key(|template| literal_parts(template))?;
        // HEAD is GET without the body, and has no entry of its own.
        paths[template].get(method.to_lowercase())
    }

    /// A schema that lets through what the document promises and nothing else.
    fn strict(&self, schema: &Value, keys: Keys, asked: Option<&Fields>, depth: usize) -> Value {
        // Types that hold themselves end here.
        if depth > 12 {
            return json!({});
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(reference.trim_start_matches('#'));
            let target = target.unwrap_or_else(|| panic!("the document has no {reference}"));
            return self.strict(target, keys, asked, depth);
        }
        if let Some([part]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            return nullable(self.strict(part, keys, asked, depth), schema);
        }
        let strict = match schema.get("type").and_then(Value::as_str) {
            Some("array") => json!({"type": "array", "items": self.strict(&schema["items"], keys, asked, depth + 1)}),
            Some("object") if schema.get("properties").is_some() => self.strict_object(schema, keys, asked, depth),
            Some("object") => match schema.get("additionalProperties") {
                Some(values @ Value::Object(_)) => {
                    json!({"type": "object", "additionalProperties": self.strict(values, keys, None, depth + 1)})
                }
                _ => json!({"type": "object"}),
            },
            Some(kind) => {
                let mut plain = json!({"type": kind});
                for key in ["enum", "format"] {
                    if let Some(value) = schema.get(key) {
                        plain[key] = value.clone();
                    }
                }
                plain
            }
            None => schema.get("anyOf").map_or_else(|| json!({}), |any| json!({"anyOf": any})),
        };
        nullable(strict, schema)
    }

    fn strict_object(&self, schema: &Value, keys: Keys, asked: Option<&Fields>, depth: usize) -> Value {
        let declared = schema["properties"].as_object().into_iter().flatten();
        let mut properties = Map::new();
        for (name, property) in declared.filter(|(_, property)| property.get("writeOnly") != Some(&Value::Bool(true))) {
            let within = match asked {
                None => None,
                Some(asked) => match asked.get(name) {
                    Some(within) => within,
                    None => continue,
                },
            };
            properties.insert(name.clone(), self.strict(property, keys, within, depth + 1));
        }
        let required = match keys {
            Keys::All => properties.keys().cloned().map(Value::from).collect(),
            Keys::Required => schema.get("required").cloned().unwrap_or_else(|| json!([])),
        };
        json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
    }
}

/// Which properties an object must have.
#[derive(Debug, Clone, Copy)]
enum Keys {
    /// All that are not write-only: the rule for answers.
    All,
    /// Those that the schema requires: the rule for errors, which tell what there is to tell.
    Required,
}

/// Content types of results that are no `text/...`.
const RESULTS: [&str; 5] = [
    "application/sql",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.arrow.stream",
    "application/vnd.apache.parquet",
];

/// Whether a declared content type covers the one that was sent. `text` stands for every format of a result.
fn covers(declared: &str, sent: &str, is_result: bool) -> bool {
    match declared {
        "text" => is_result && (sent.starts_with("text/") || RESULTS.contains(&sent)),
        declared => declared == sent,
    }
}

fn error_content() -> Value {
    json!({"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}})
}

fn nullable(strict: Value, schema: &Value) -> Value {
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        json!({"anyOf": [strict, {"type": "null"}]})
    } else {
        strict
    }
}
