//! The served document as a judge of answers.

use serde_json::{Map, Value, json};

/// The OpenAPI document of a server.
#[derive(Debug)]
pub struct Document {
    root: Value,
}

impl Document {
    /// Takes the document.
    pub fn new(root: Value) -> Self {
        Self { root }
    }

    /// What is wrong with an answer. `path` is below the base path, without its query string; `fields` are the ones
    /// that the call asked for. A path that is no operation's has no promise to break.
    pub fn problems(&self, method: &str, path: &str, fields: Option<&str>, status: u16, body: &Value) -> Vec<String> {
        let Some(operation) = self.operation(method, path) else { return Vec::new() };
        let Some(response) = operation["responses"].get(status.to_string()) else {
            return vec![format!("{method} {path} answers {status}, which the document does not declare")];
        };
        let Some(schema) = response["content"]["application/json"].get("schema") else { return Vec::new() };
        let fields = fields.filter(|_| status == 200).map(Fields::parse);
        let schema = self.strict(schema, fields.as_ref(), 0);
        match jsonschema::validator_for(&schema) {
            Ok(validator) => validator.iter_errors(body).map(|error| format!("{} at {}", error, error.instance_path())).collect(),
            Err(error) => vec![format!("the schema of {method} {path} is no schema: {error}")],
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let wanted: Vec<&str> = path.split('/').collect();
        let matches = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == wanted.len() && parts.iter().zip(&wanted).all(|(part, name)| part.starts_with('{') || part == name)
        };
        let literal_parts = |template: &str| template.split('/').filter(|part| !part.starts_with('{')).count();
        let paths = self.root["paths"].as_object()?;
        let template = paths.keys().filter(|template| matches(template)).max_by_key(|template| literal_parts(template))?;
        paths[template].get(method.to_lowercase())
    }

    /// A schema that asks for every property that is not write-only, or for the asked ones alone.
    fn strict(&self, schema: &Value, fields: Option<&Fields>, depth: usize) -> Value {
        // Types that hold themselves end here.
        if depth > 12 {
            return json!({});
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.trim_start_matches("#/");
            let target = self.root.pointer(&format!("/{name}")).unwrap_or(&Value::Null);
            return self.strict(target, fields, depth);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let strict = parts.first().map_or(json!({}), |part| self.strict(part, fields, depth));
            return nullable(strict, schema);
        }
        let strict = match schema.get("type").and_then(Value::as_str) {
            Some("array") => json!({"type": "array", "items": self.strict(&schema["items"], fields, depth + 1)}),
            Some("object") if schema.get("properties").is_some() => self.strict_object(schema, fields, depth),
            Some("object") => match schema.get("additionalProperties") {
                Some(values @ Value::Object(_)) => {
                    json!({"type": "object", "additionalProperties": self.strict(values, None, depth + 1)})
                }
                _ => json!({"type": "object"}),
            },
            Some(kind) => {
                let mut plain = json!({"type": kind});
                if let Some(words) = schema.get("enum") {
                    plain["enum"] = words.clone();
                }
                plain
            }
            None => json!({}),
        };
        nullable(strict, schema)
    }

    fn strict_object(&self, schema: &Value, fields: Option<&Fields>, depth: usize) -> Value {
        let declared = schema["properties"].as_object().into_iter().flatten();
        let is_required = |name: &str| {
            schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
        };
        let mut properties = Map::new();
        for (name, property) in declared.filter(|(_, property)| property.get("writeOnly") != Some(&Value::Bool(true))) {
            let inner = match fields {
                None => None,
                Some(fields) => match fields.0.iter().find(|(field, _)| field == name) {
                    Some((_, inner)) => inner.as_ref(),
                    None => continue,
                },
            };
            let mut strict = self.strict(property, inner, depth + 1);
            // What the document leaves open may be null: a server has no value for everything.
            if !is_required(name) {
                strict = json!({"anyOf": [strict, {"type": "null"}]});
            }
            properties.insert(name.clone(), strict);
        }
        let names: Vec<&String> = properties.keys().collect();
        json!({"type": "object", "required": names, "properties": properties, "additionalProperties": false})
    }
}

fn nullable(strict: Value, schema: &Value) -> Value {
    if schema.get("nullable") == Some(&Value::Bool(true)) { json!({"anyOf": [strict, {"type": "null"}]}) } else { strict }
}

/// A `fields` text: names, each with what is asked within it.
#[derive(Debug)]
struct Fields(Vec<(String, Option<Fields>)>);

impl Fields {
    fn parse(text: &str) -> Self {
        Self::level(&mut text.chars().peekable())
    }

    fn level(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Self {
        let mut fields = Vec::new();
        let mut name = String::new();
        let mut inner = None;
        loop {
            match letters.next() {
                Some('(') => inner = Some(Self::level(letters)),
                Some(letter @ (',' | ')')) => {
                    fields.push((std::mem::take(&mut name).trim().to_owned(), inner.take()));
                    if letter == ')' {
                        return Self(fields);
                    }
                }
                Some(letter) => name.push(letter),
                None => {
                    fields.push((name.trim().to_owned(), inner));
                    return Self(fields);
                }
            }
        }
    }
}
