//! The Swagger 2.0 form of an OpenAPI document, as old clients parse it.
//!
//! What Swagger 2.0 has no word for stands in the extensions that Looker's own document uses: `x-looker-nullable` on
//! every property, `x-looker-values`, `x-looker-deprecated`, `x-looker-write-only`.

use serde_json::{Map, Value, json};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The document without `host` and `schemes`, which belong to the server.
pub(super) fn convert(openapi: &Value, base_path: &str) -> Value {
    let mut paths = openapi["paths"].clone();
    for methods in paths.as_object_mut().into_iter().flat_map(Map::values_mut) {
        for operation in methods.as_object_mut().into_iter().flat_map(Map::values_mut) {
            *operation = self::operation(operation);
        }
    }
    let mut definitions = openapi["components"]["schemas"].clone();
    for definition in definitions.as_object_mut().into_iter().flat_map(Map::values_mut) {
        *definition = schema(definition);
    }
    json!({
        "swagger": "2.0",
        "info": openapi["info"],
        "basePath": base_path,
        "consumes": [JSON],
        "produces": [JSON],
        "tags": openapi["tags"],
        "securityDefinitions": {
            "access_token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": openapi["components"]["securitySchemes"]["access_token"]["description"],
            },
        },
        "security": openapi["security"],
        "paths": paths,
        "definitions": definitions,
    })
}

fn operation(openapi: &Value) -> Value {
    let mut swagger = Map::new();
    let mut parameters: Vec<Value> = openapi["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    for (key, value) in openapi.as_object().into_iter().flatten() {
        match key.as_str() {
            "parameters" | "responses" => {}
            "requestBody" => {
                let content = value["content"].as_object();
                let media: Vec<&String> = content.into_iter().flat_map(Map::keys).collect();
                if media != [JSON] {
                    swagger.insert("consumes".to_owned(), json!(media));
                }
                parameters.extend(body(value));
            }
            _ => {
                swagger.insert(key.clone(), value.clone());
            }
        }
    }
    let produced = produced(openapi);
    if produced != [JSON] && !produced.is_empty() {
        swagger.insert("produces".to_owned(), json!(produced));
    }
    swagger.insert("parameters".to_owned(), Value::Array(parameters));
    let answers = openapi["responses"].as_object().into_iter().flatten();
    let answers: Map<String, Value> = answers.map(|(status, value)| (status.clone(), answer(value))).collect();
    swagger.insert("responses".to_owned(), Value::Object(answers));
    Value::Object(swagger)
}

/// The content types of all answers, each once.
fn produced(operation: &Value) -> Vec<&String> {
    let mut produced = Vec::new();
    for answer in operation["responses"].as_object().into_iter().flat_map(Map::values) {
        for media in answer["content"].as_object().into_iter().flat_map(Map::keys) {
            if !produced.contains(&media) {
                produced.push(media);
            }
        }
    }
    produced
}

fn answer(openapi: &Value) -> Value {
    let mut swagger = Map::new();
    swagger.insert("description".to_owned(), openapi["description"].clone());
    let first = openapi["content"].as_object().and_then(|content| content.values().next());
    if let Some(first) = first {
        swagger.insert("schema".to_owned(), schema(&first["schema"]));
    }
    Value::Object(swagger)
}

/// A parameter. Its schema stands in the parameter itself; an object becomes text, as Swagger has no other way.
fn parameter(openapi: &Value) -> Value {
    let mut swagger = Map::new();
    for (key, value) in openapi.as_object().into_iter().flatten() {
        match key.as_str() {
            "style" | "explode" => {}
            "deprecated" => {
                swagger.insert("x-looker-deprecated".to_owned(), value.clone());
            }
            "schema" if value["type"] == "object" => {
                swagger.insert("type".to_owned(), json!("string"));
            }
            "schema" => {
                swagger.extend(value.as_object().cloned().unwrap_or_default());
                if value["type"] == "array" {
                    swagger.insert("collectionFormat".to_owned(), json!("csv"));
                }
            }
            _ => {
                swagger.insert(key.clone(), value.clone());
            }
        }
    }
    swagger.entry("required").or_insert(Value::Bool(false));
    Value::Object(swagger)
}

/// A body: one parameter, or one for each property of a form.
fn body(openapi: &Value) -> Vec<Value> {
    let content = openapi["content"].as_object();
    let Some((media, first)) = content.and_then(|content| content.iter().next()) else { return Vec::new() };
    if media != FORM {
        let required = &openapi["required"];
        return vec![json!({"name": "body", "in": "body", "required": required, "schema": schema(&first["schema"])})];
    }
    let properties = first["schema"]["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| {
            let mut parameter = json!({"name": name, "in": "formData", "required": false});
            if let (Some(parameter), Some(property)) = (parameter.as_object_mut(), property.as_object()) {
                parameter.extend(property.clone());
            }
            parameter
        })
        .collect()
}

/// A schema with its properties.
fn schema(openapi: &Value) -> Value {
    let Some(entries) = openapi.as_object() else { return openapi.clone() };
    let mut swagger = Map::new();
    for (key, value) in entries {
        match key.as_str() {
            "$ref" => {
                let target = value.as_str().unwrap_or_default().replace("#/components/schemas/", "#/definitions/");
                swagger.insert(key.clone(), Value::String(target));
            }
            "allOf" => swagger.extend(schema(&value[0]).as_object().cloned().unwrap_or_default()),
            "properties" => {
                let properties = value.as_object().into_iter().flatten();
                let properties: Map<String, Value> =
                    properties.map(|(name, value)| (name.clone(), property(value))).collect();
                swagger.insert(key.clone(), Value::Object(properties));
            }
            "items" | "additionalProperties" => {
                swagger.insert(key.clone(), schema(value));
            }
            "enum" => {
                swagger.insert(key.clone(), value.clone());
                swagger.insert("x-looker-values".to_owned(), value.clone());
            }
            "nullable" => {}
            "writeOnly" => {
                swagger.insert("x-looker-write-only".to_owned(), value.clone());
            }
            "deprecated" => {
                swagger.insert("x-looker-deprecated".to_owned(), value.clone());
            }
            _ => {
                swagger.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(swagger)
}

fn property(openapi: &Value) -> Value {
    let mut swagger = schema(openapi);
    if let Some(entries) = swagger.as_object_mut() {
        let nullable = openapi["nullable"].as_bool().unwrap_or(false);
        entries.insert("x-looker-nullable".to_owned(), Value::Bool(nullable));
    }
    swagger
}
