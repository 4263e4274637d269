//! The document that the server serves, in its newest form; it derives all others itself.

use serde_json::Value;

use crate::contract::fragments::strip_own_keys;
use crate::contract::model::Api;

use super::Files;

/// Adds the OpenAPI document.
pub fn write(api: &Api, files: &mut Files) {
    let mut openapi = api.document.clone();
    strip_own_keys(&mut openapi);
    files.insert(format!("documents/openapi-{}.json", api.version).into(), lines(&openapi));
}

/// JSON with a line for each path and schema, so that a change to one shows as one changed line.
pub fn lines(document: &Value) -> String {
    let mut text = String::new();
    object(document, 0, &mut text);
    text.push('\n');
    text
}

/// Objects that hold many entries, by their depth and key.
fn is_opened(key: &str, depth: usize) -> bool {
    matches!((key, depth), ("paths" | "components", 1) | ("schemas", 2))
}

fn object(value: &Value, depth: usize, text: &mut String) {
    let Some(entries) = value.as_object() else {
        text.push_str(&value.to_string());
        return;
    };
    text.push('{');
    for (index, (key, entry)) in entries.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&Value::from(key.as_str()).to_string());
        text.push(':');
        if is_opened(key, depth + 1) {
            object(entry, depth + 1, text);
        } else {
            text.push_str(&entry.to_string());
        }
    }
    text.push_str("\n}");
}
