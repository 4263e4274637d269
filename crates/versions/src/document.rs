//! Edits of documents.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::change::Change;
use crate::edit::{Edit, Is, Of};
use crate::text;

const SCHEMAS: &str = "#/components/schemas/";

/// A document that is being made into that of another version.
#[derive(Debug)]
pub struct Edited {
    document: Value,
    /// Path and method of each operation.
    places: HashMap<String, (String, String)>,
    missing: Vec<Missing>,
}

/// A part of the document that an edit speaks of and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The id of the change.
    pub change: &'static str,
    /// The part.
    pub part: String,
}

impl Edited {
    /// The OpenAPI document of the newest version.
    pub fn new(document: Value) -> Self {
        let mut places = HashMap::new();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if let Some(id) = operation["operationId"].as_str() {
                    places.insert(id.to_owned(), (path.clone(), method.clone()));
                }
            }
        }
        Self { document, places, missing: Vec::new() }
    }

    /// Makes the edits of a change, in their order. What is not there is remembered and passed over.
    pub fn apply(&mut self, change: &Change) {
        for edit in change.edits {
            if let Err(part) = self.edit(edit, change.words) {
                self.missing.push(Missing { change: change.id, part });
            }
        }
    }

    /// The document, and what edits spoke of that is not in it.
    pub fn finish(mut self) -> (Value, Vec<Missing>) {
        if let Some(paths) = self.document["paths"].as_object_mut() {
            paths.retain(|_, methods| methods.as_object().is_none_or(|methods| !methods.is_empty()));
        }
        self.drop_tags();
        (self.document, self.missing)
    }

    fn edit(&mut self, edit: &Edit, words: &[(&str, &str)]) -> Result<(), String> {
        match *edit {
            Edit::NoOperations(names) => names.iter().try_for_each(|name| self.remove_operation(name)),
            Edit::Operation { name, of, path, tag } => {
                let mut operation = self.operation(of)?.clone();
                text::replace_in(&mut operation, words);
                operation["tags"] = json!([tag]);
                let method = self.places[of].1.clone();
                self.add_operation(name, path, &method, operation);
                Ok(())
            }
            Edit::Lost { name, like, path, summary, description } => {
                let mut operation = self.operation(like)?.clone();
                operation["summary"] = json!(summary);
                operation["description"] = json!(description);
                operation["x-implemented"] = json!(false);
                let method = self.places[like].1.clone();
                self.add_operation(name, path, &method, operation);
                Ok(())
            }
            Edit::Tag { name, description } => {
                let tags = self.document["tags"].as_array_mut().ok_or("tags")?;
                tags.push(json!({"name": name, "description": description}));
                Ok(())
            }
            Edit::Status { operations, status } => self.each(operations, |operation| {
                operation.insert("x-looker-status".to_owned(), json!(status));
                match status {
                    "deprecated" => operation.insert("deprecated".to_owned(), json!(true)),
                    _ => operation.remove("deprecated"),
                };
            }),
            Edit::RateLimited(limited) => {
                for operation in self.operations() {
                    let is_limited = operation["operationId"].as_str().is_some_and(|id| limited.contains(&id));
                    operation["x-looker-rate-limited"] = json!(is_limited);
                }
                Ok(())
            }
            Edit::NoParameters { operation, names } => {
                let parameters = self.parameters(operation)?;
                let before = parameters.len();
                parameters.retain(|parameter| parameter["name"].as_str().is_none_or(|name| !names.contains(&name)));
                if parameters.len() + names.len() == before { Ok(()) } else { Err(format!("{operation}: {names:?}")) }
            }
            Edit::Parameter { operation, name, described, .. } => {
                let mut parameter = json!({"name": name, "in": "query"});
                extend(&mut parameter, described);
                self.parameters(operation)?.push(parameter);
                Ok(())
            }
            Edit::Parameters { name, are, operations } => {
                operations.iter().try_for_each(|operation| self.change_parameter(operation, name, are))
            }
            Edit::NoBody(operation) => self.each(&[operation], |operation| {
                operation.shift_remove("requestBody");
            }),
            Edit::Body { operation, schema, required } => self.each(&[operation], |operation| {
                let content = json!({"application/json": {"schema": {"$ref": format!("{SCHEMAS}{schema}")}}});
                operation.insert("requestBody".to_owned(), json!({"required": required, "content": content}));
            }),
            Edit::NoAnswer { status, of } => self.remove_answer(status, of),
            Edit::Answers { operation, schema, .. } => {
                let success = self.operation(operation)?.pointer_mut("/responses/200/content/application~1json/schema");
                let success = success.ok_or_else(|| format!("{operation}: 200"))?;
                let target = match success.get_mut("items") {
                    Some(items) => items,
                    None => success,
                };
                *target = json!({"$ref": format!("{SCHEMAS}{schema}")});
                Ok(())
            }
            Edit::Answer { operation, status, described } => {
                let mut answer = json!({});
                extend(&mut answer, described);
                self.operation(operation)?["responses"][status] = answer;
                Ok(())
            }
            Edit::Media { operation, content } => {
                let answers = self.operation(operation)?["responses"].as_object_mut();
                for answer in answers.into_iter().flat_map(Map::values_mut) {
                    let Some(known) = answer["content"].as_object_mut() else { continue };
                    let first = known.values().next().cloned().unwrap_or_default();
                    known.extend(content.iter().map(|media| ((*media).to_owned(), first.clone())));
                }
                Ok(())
            }
            Edit::Schema { name, of } => {
                // The version may describe it with a schema of its own that the newest version still has.
                if self.schema(name).is_err() {
                    let mut schema = self.schema(of)?.clone();
                    text::replace_in(&mut schema, words);
                    self.add_schema(name, schema);
                }
                Ok(())
            }
            Edit::SchemaStatus { schema, status } => {
                self.schema(schema)?["x-looker-status"] = json!(status);
                Ok(())
            }
            Edit::OwnSchema { name, described } => {
                let mut schema = json!({"type": "object", "x-looker-status": "stable"});
                extend(&mut schema, described);
                self.add_schema(name, schema);
                Ok(())
            }
            Edit::NoProperties { schema, names } => {
                let properties = self.properties(schema)?;
                names.iter().try_for_each(|name| {
                    properties.shift_remove(*name).map(|_| ()).ok_or_else(|| format!("{schema}.{name}"))
                })
            }
            Edit::Property { schema, name, of } => {
                let properties = self.properties(schema)?;
                let mut property = properties.get(of).cloned().ok_or_else(|| format!("{schema}.{of}"))?;
                text::replace_in(&mut property, words);
                properties.insert(name.to_owned(), property);
                Ok(())
            }
            Edit::OwnProperty { schema, name, described, .. } => {
                let mut property = json!({});
                extend(&mut property, described);
                self.properties(schema)?.insert(name.to_owned(), property);
                Ok(())
            }
            Edit::Properties { schema, are, names } => {
                names.iter().try_for_each(|name| self.change_property(schema, name, are))
            }
        }
    }

    fn operation(&mut self, id: &str) -> Result<&mut Value, String> {
        let (path, method) = self.places.get(id).ok_or_else(|| id.to_owned())?;
        Ok(&mut self.document["paths"][path][method])
    }

    fn operations(&mut self) -> impl Iterator<Item = &mut Value> {
        let paths = self.document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
        paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut)
    }

    fn each(&mut self, ids: &[&str], change: impl Fn(&mut Map<String, Value>)) -> Result<(), String> {
        ids.iter().try_for_each(|id| {
            let operation = self.operation(id)?.as_object_mut().ok_or_else(|| (*id).to_owned())?;
            change(operation);
            Ok(())
        })
    }

    fn remove_operation(&mut self, id: &str) -> Result<(), String> {
        let (path, method) = self.places.remove(id).ok_or_else(|| id.to_owned())?;
        if let Some(methods) = self.document["paths"][path].as_object_mut() {
            methods.shift_remove(&method);
        }
        Ok(())
    }

    fn add_operation(&mut self, id: &str, path: &str, method: &str, mut operation: Value) {
        operation["operationId"] = json!(id);
        self.places.insert(id.to_owned(), (path.to_owned(), method.to_owned()));
        self.document["paths"][path][method] = operation;
    }

    fn parameters(&mut self, operation: &str) -> Result<&mut Vec<Value>, String> {
        let parameters = self.operation(operation)?.get_mut("parameters").and_then(Value::as_array_mut);
        parameters.ok_or_else(|| format!("{operation}: parameters"))
    }

    fn change_parameter(&mut self, operation: &str, name: &str, are: Is) -> Result<(), String> {
        let parameters = self.parameters(operation)?;
        let parameter = parameters.iter_mut().find(|parameter| parameter["name"] == name);
        let parameter = parameter.ok_or_else(|| format!("{operation}: {name}"))?;
        match are {
            Is::Current => {
                parameter.as_object_mut().and_then(|parameter| parameter.shift_remove("deprecated"));
            }
            _ => change(&mut parameter["schema"], are),
        }
        Ok(())
    }

    fn remove_answer(&mut self, status: &str, of: Of) -> Result<(), String> {
        let ids: Vec<String> = match of {
            Of::Operations(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
            Of::ReadsBut(others) => {
                let reads = self.places.iter().filter(|(_, (_, method))| method == "get");
                reads.map(|(id, _)| id.clone()).filter(|id| !others.contains(&id.as_str())).collect()
            }
        };
        ids.iter().try_for_each(|id| {
            let answers = self.operation(id)?["responses"].as_object_mut();
            let removed = answers.and_then(|answers| answers.shift_remove(status));
            // That an operation has no such answer is what is wanted; only a list must not name it in vain.
            match (removed, of) {
                (None, Of::Operations(_)) => Err(format!("{id}: {status}")),
                _ => Ok(()),
            }
        })
    }

    fn schema(&mut self, name: &str) -> Result<&mut Value, String> {
        let schema = self.document["components"]["schemas"].get_mut(name);
        schema.ok_or_else(|| name.to_owned())
    }

    fn add_schema(&mut self, name: &str, schema: Value) {
        self.document["components"]["schemas"][name] = schema;
    }

    fn properties(&mut self, schema: &str) -> Result<&mut Map<String, Value>, String> {
        let properties = self.schema(schema)?.get_mut("properties").and_then(Value::as_object_mut);
        properties.ok_or_else(|| format!("{schema}: properties"))
    }

    fn change_property(&mut self, schema: &str, name: &str, are: Is) -> Result<(), String> {
        if are == Is::Optional {
            let required = self.schema(schema)?.get_mut("required").and_then(Value::as_array_mut);
            required.ok_or_else(|| format!("{schema}: required"))?.retain(|required| required != name);
            return Ok(());
        }
        let property = self.properties(schema)?.get_mut(name).ok_or_else(|| format!("{schema}.{name}"))?;
        change(property, are);
        Ok(())
    }

    /// Leaves out the tags that no operation has any more.
    fn drop_tags(&mut self) {
        let used: HashSet<String> =
            self.operations().filter_map(|operation| operation["tags"][0].as_str().map(str::to_owned)).collect();
        if let Some(tags) = self.document["tags"].as_array_mut() {
            tags.retain(|tag| tag["name"].as_str().is_some_and(|name| used.contains(name)));
        }
    }
}

/// Adds the entries of an object that is written as JSON.
fn extend(value: &mut Value, described: &str) {
    let more: Value = serde_json::from_str(described).expect("what describes a part is JSON");
    if let (Some(entries), Value::Object(more)) = (value.as_object_mut(), more) {
        entries.extend(more);
    }
}

/// Makes a schema what it is in the version.
fn change(schema: &mut Value, are: Is) {
    match are {
        Is::Integer => retype(schema, "integer", Some("int64")),
        Is::Integers => retype(&mut schema["items"], "integer", Some("int64")),
        Is::TextMap => schema["additionalProperties"] = json!({"type": "string"}),
        Is::Text => retype(schema, "string", Some("any")),
        Is::Address(_) | Is::Uri => schema["format"] = json!("uri"),
        Is::Nullable => schema["nullable"] = json!(true),
        Is::NotNullable => remove(schema, "nullable"),
        Is::ReadOnly => schema["readOnly"] = json!(true),
        Is::Current => remove(schema, "deprecated"),
        Is::Optional => {}
        Is::Described(described) => {
            *schema = json!({});
            extend(schema, described);
        }
        Is::Without(word) => {
            let words = if schema.get("enum").is_some() { &mut schema["enum"] } else { &mut schema["items"]["enum"] };
            if let Some(words) = words.as_array_mut() {
                words.retain(|known| known != word);
            }
        }
    }
}

fn remove(schema: &mut Value, key: &str) {
    if let Some(entries) = schema.as_object_mut() {
        entries.shift_remove(key);
    }
}

/// Type and format stand in front of the rest.
fn retype(schema: &mut Value, kind: &str, format: Option<&str>) {
    let Some(entries) = schema.as_object_mut() else { return };
    let rest = std::mem::take(entries);
    entries.insert("type".to_owned(), json!(kind));
    if let Some(format) = format {
        entries.insert("format".to_owned(), json!(format));
    }
    entries.extend(rest.into_iter().filter(|(key, _)| key != "type" && key != "format"));
}
