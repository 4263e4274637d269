//! The document of a release, as the pages read it.

use crate::pages::library::{Edition, home};
use belvedere_api::Release;
use belvedere_versions::Version;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The methods that operations have, in the order in which they are shown.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Everything that the pages of a release say.
#[derive(Debug)]
pub(in crate::pages) struct Reference {
    pub(in crate::pages) version: &'static Version,
    pub(in crate::pages) release: Release,
    /// All that there are, to lead from one to the other.
    pub(super) editions: Arc<[Edition]>,
    document: Value,
    /// Path and method of each operation, by its operationId.
    places: BTreeMap<String, (String, &'static str)>,
}

/// An operation of a document.
#[derive(Debug, Clone, Copy)]
pub(in crate::pages) struct Operation<'a> {
    pub(in crate::pages) method: &'static str,
    pub(in crate::pages) path: &'a str,
    object: &'a Value,
}

impl Reference {
    /// Reads the document of a release.
    pub(in crate::pages) fn read(editions: Arc<[Edition]>, version: &'static Version, release: Release) -> Self {
        let document = version.document(release);
        let mut places = BTreeMap::new();
        for (path, methods) in entries(&document["paths"]) {
            for method in METHODS {
                if let Some(name) = methods[method]["operationId"].as_str() {
                    places.insert(name.to_owned(), (path.to_owned(), method));
                }
            }
        }
        Self { version, release, editions, document, places }
    }

    /// The address that all pages of the release begin with.
    pub(super) fn home(&self) -> String {
        home(self.version, self.release)
    }

    /// The edition as the Explorer writes it, `4.0@26.12`.
    pub(super) fn edition(&self) -> String {
        format!("{}@{}", self.version.name(), self.release)
    }

    /// Title and description of the whole.
    pub(super) fn head(&self) -> (&str, &str) {
        let info = &self.document["info"];
        (text(&info["title"]), text(&info["description"]))
    }

    /// The operation with this operationId.
    pub(super) fn operation(&self, name: &str) -> Option<Operation<'_>> {
        let (path, method) = self.places.get(name)?;
        Some(Operation { method, path, object: &self.document["paths"][path][method] })
    }

    /// The operation that a link of an error means. In `path` a parameter is `:name`, whatever the name.
    pub(in crate::pages) fn operation_at(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let is_parameter = |part: &str| part.starts_with([':', '{']);
        let is_meant = |template: &str| {
            let fits = |(part, asked): (&str, &str)| part == asked || (is_parameter(part) && is_parameter(asked));
            template.split('/').count() == path.split('/').count() && template.split('/').zip(path.split('/')).all(fits)
        };
        let (name, _) = self.places.iter().find(|(_, (path, its))| *its == method && is_meant(path))?;
        self.operation(name)
    }

    /// The tags by name, each with its description and its operations in the order of the document.
    pub(super) fn tags(&self) -> Vec<(&str, &str, Vec<Operation<'_>>)> {
        let mut by_tag: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
        for (path, methods) in entries(&self.document["paths"]) {
            for method in METHODS {
                let operation = Operation { method, path, object: &methods[method] };
                if operation.object.is_object() {
                    by_tag.entry(operation.tag()).or_default().push(operation);
                }
            }
        }
        let described = |tag: &str| {
            let tags = self.document["tags"].as_array().into_iter().flatten();
            tags.into_iter().find(|entry| entry["name"] == *tag).map_or("", |entry| text(&entry["description"]))
        };
        by_tag.into_iter().map(|(tag, operations)| (tag, described(tag), operations)).collect()
    }

    /// The objects by name.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (&str, &Value)> {
        entries(&self.document["components"]["schemas"])
    }

    /// The object with this name.
    pub(super) fn schema(&self, name: &str) -> Option<&Value> {
        self.document["components"]["schemas"].get(name)
    }

    /// The operations that take an object with this name, or give it.
    pub(super) fn users(&self, schema: &str) -> Vec<Operation<'_>> {
        let uses = |operation: &Operation<'_>| {
            let body = operation.body().map(|(_, schema, _)| schema);
            let answers = operation.answers().filter(|(status, _)| status.starts_with('2'));
            let answers = answers.filter_map(|(_, answer)| content(answer).map(|(_, schema)| schema));
            body.into_iter().chain(answers).any(|used| named_part(used) == Some(schema))
        };
        self.places.keys().filter_map(|name| self.operation(name)).filter(uses).collect()
    }
}

impl<'a> Operation<'a> {
    /// The operationId.
    pub(in crate::pages) fn name(self) -> &'a str {
        text(&self.object["operationId"])
    }

    pub(super) fn tag(self) -> &'a str {
        self.object["tags"][0].as_str().unwrap_or("Other")
    }

    pub(super) fn summary(self) -> &'a str {
        text(&self.object["summary"])
    }

    pub(super) fn description(self) -> &'a str {
        text(&self.object["description"])
    }

    /// How far its form is promised.
    pub(super) fn status(self) -> &'a str {
        self.object["x-looker-status"].as_str().unwrap_or("stable")
    }

    /// Whether this server has code for it.
    pub(super) fn is_implemented(self) -> bool {
        self.object["x-implemented"] != false
    }

    pub(super) fn needs_token(self) -> bool {
        self.object["security"].as_array().is_none_or(|ways| !ways.is_empty())
    }

    /// The parameters in one place, `path` or `query`.
    pub(super) fn parameters(self, place: &'static str) -> impl Iterator<Item = &'a Value> {
        let all = self.object["parameters"].as_array().into_iter().flatten();
        all.filter(move |parameter| parameter["in"] == place)
    }

    /// Content type and schema of the body, and whether it must be there.
    pub(super) fn body(self) -> Option<(&'a str, &'a Value, bool)> {
        let body = self.object.get("requestBody")?;
        let (content_type, schema) = content(body)?;
        Some((content_type, schema, body["required"] == true))
    }

    /// The answers by status.
    pub(super) fn answers(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        entries(&self.object["responses"])
    }
}

/// The entries of an object; none where there is no object.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// A text; empty where there is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The usual content type of a body or an answer, and its schema. JSON is the usual one where it is offered.
pub(super) fn content(holder: &Value) -> Option<(&str, &Value)> {
    let offered = || entries(&holder["content"]);
    let usual = offered().find(|(content_type, _)| content_type.contains("json")).or_else(|| offered().next());
    usual.map(|(content_type, media)| (content_type, &media["schema"]))
}

/// The name of the object that a schema refers to, alone or with flags beside it.
pub(super) fn ref_name(schema: &Value) -> Option<&str> {
    let reference = schema.get("$ref").or_else(|| schema["allOf"].get(0)?.get("$ref"))?;
    reference.as_str()?.strip_prefix("#/components/schemas/")
}

/// The name of the object that a schema is made of: the thing itself, or what a list or a map holds.
pub(super) fn named_part(schema: &Value) -> Option<&str> {
    let mut schema = schema;
    loop {
        if let Some(name) = ref_name(schema) {
            return Some(name);
        }
        schema = schema.get("items").or_else(|| schema.get("additionalProperties"))?;
    }
}

/// A type in two parts around the name of its object: `Folder[]` is `("", Some("Folder"), "[]")`.
pub(super) fn type_parts(schema: &Value) -> (String, Option<&str>, String) {
    if let Some(name) = ref_name(schema) {
        return (String::new(), Some(name), String::new());
    }
    match (schema["type"].as_str(), schema.get("items"), schema.get("additionalProperties")) {
        (Some("array"), Some(items), _) => {
            let (before, name, after) = type_parts(items);
            (before, name, format!("{after}[]"))
        }
        (Some("object"), _, Some(values @ Value::Object(_))) => {
            let (before, name, after) = type_parts(values);
            (format!("map of {before}"), name, after)
        }
        (Some(plain), ..) => match schema["format"].as_str() {
            Some(format) => (format!("{plain}, {format}"), None, String::new()),
            None => (plain.to_owned(), None, String::new()),
        },
        (None, ..) => ("any".to_owned(), None, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use belvedere_api::releases;
    use belvedere_versions::V4_0;
    use serde_json::json;

    fn newest() -> Reference {
        Reference::read([].into(), &V4_0, releases::NEWEST)
    }

    fn type_text(schema: &Value) -> String {
        let (before, name, after) = type_parts(schema);
        format!("{before}{}{after}", name.unwrap_or_default())
    }

    #[test]
    fn types_are_told_as_people_read_them() {
        let look = json!({"$ref": "#/components/schemas/Look"});
        for (schema, text) in [
            (json!({"type": "string"}), "string"),
            (json!({"type": "integer", "format": "int64"}), "integer, int64"),
            (json!({}), "any"),
            (look.clone(), "Look"),
            (json!({"allOf": [look], "nullable": true}), "Look"),
            (json!({"type": "array", "items": {"type": "array", "items": look}}), "Look[][]"),
            (json!({"type": "object", "additionalProperties": {"type": "boolean"}}), "map of boolean"),
            (json!({"type": "object", "additionalProperties": {}}), "map of any"),
            (json!({"type": "object"}), "object"),
        ] {
            assert_eq!(type_text(&schema), text);
        }
    }

    #[test]
    fn the_link_of_an_error_finds_its_operation() {
        let reference = newest();
        let found = |method, path| reference.operation_at(method, path).map(Operation::name);
        assert_eq!(found("get", "/queries/:query_id"), Some("query"));
        assert_eq!(found("get", "/queries/:anything"), Some("query"));
        assert_eq!(found("post", "/queries/run/:result_format"), Some("run_inline_query"));
        assert_eq!(found("get", "/queries/:query_id/run/:result_format"), Some("run_query"));
        for (method, path) in [("get", "/queries/1"), ("patch", "/queries/:query_id"), ("get", "/"), ("", "")] {
            assert_eq!(found(method, path), None);
        }
    }

    #[test]
    fn every_operation_has_its_place_and_a_tag() {
        let reference = newest();
        let listed: usize = reference.tags().iter().map(|(.., operations)| operations.len()).sum();
        assert_eq!(listed, reference.places.len());
        assert!(listed > 30);
    }
}
