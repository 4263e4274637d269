//! Where answers of an older version may be looser than its document.
//!
//! The document of 3.1 is what the product published, and its answers were never held to it. This is the whole list of
//! what is let through; all else is as strict as for the newest version.

use serde_json::{Value, json};

/// Texts that no integer is: ids of LookML content stay what they are where the document says integer.
const NO_INTEGER: &str = r"^(?!-?(0|[1-9][0-9]{0,17})$)";

/// Loosens the document of an older version where the newest is looser.
pub(crate) fn loosen(older: &mut Value, newest: &Value) {
    let schemas = older.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let newest = &newest["components"]["schemas"][name]["properties"];
        for (property, schema) in schema["properties"].as_object_mut().into_iter().flatten() {
            loosen_property(schema, &newest[property]);
            // It had a value once, and null is the only honest one left.
            if name == "Query" && property == "runtime" {
                schema["nullable"] = json!(true);
            }
        }
    }
}

fn loosen_property(schema: &mut Value, newest: &Value) {
    // What may be null in the newest version was null before: the older document did not know it.
    if newest["nullable"] == true {
        schema["nullable"] = json!(true);
    }
    // Maps of any values were described as maps of texts, and any values as texts.
    if newest["additionalProperties"] == json!({}) {
        schema["additionalProperties"] = json!({});
    }
    if schema["format"] == "any" {
        *schema = json!({"nullable": schema["nullable"]});
    }
    let id = |schema: &Value| json!({"anyOf": [schema, {"type": "string", "pattern": NO_INTEGER}]});
    match (schema["type"].as_str(), newest["type"].as_str()) {
        (Some("integer"), Some("string")) => {
            let loose = id(&json!({"type": "integer"}));
            if let (Some(entries), Value::Object(loose)) = (schema.as_object_mut(), loose) {
                entries.shift_remove("type");
                entries.extend(loose);
            }
        }
        (Some("array"), Some("array"))
            if schema["items"]["type"] == "integer" && newest["items"]["type"] == "string" =>
        {
            schema["items"] = id(&json!({"type": "integer"}));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loosened(older: &Value, newest: &Value) -> Value {
        let wrap = |property: &Value| json!({"components": {"schemas": {"Look": {"properties": {"it": property}}}}});
        let mut document = wrap(older);
        loosen(&mut document, &wrap(newest));
        document["components"]["schemas"]["Look"]["properties"]["it"].clone()
    }

    #[test]
    fn only_what_the_newest_version_allows_is_let_through() {
        assert_eq!(loosened(&json!({"type": "string"}), &json!({"type": "string"})), json!({"type": "string"}));
        assert_eq!(
            loosened(&json!({"type": "string"}), &json!({"type": "string", "nullable": true})),
            json!({"type": "string", "nullable": true})
        );
        assert_eq!(loosened(&json!({"type": "integer"}), &json!({"type": "integer"})), json!({"type": "integer"}));
        let id = loosened(&json!({"type": "integer", "nullable": true}), &json!({"type": "string"}));
        let validator = jsonschema::validator_for(&id).unwrap();
        for (value, valid) in
            [(json!(7), true), (json!("7"), false), (json!("shop::orders"), true), (json!(true), false)]
        {
            assert_eq!(validator.is_valid(&value), valid, "{value}");
        }
    }
}
