//! Reads the YAML files of a version and puts them together into one document.

use std::path::Path;

use anyhow::Context;
use serde_json::{Map, Value};

use super::problem::Problems;

/// The file that holds what all tags share.
const ROOT: &str = "openapi";
/// Keys that are for this repository only: they are read here and never served.
const OWN_KEYS: &str = "x-belvedere-";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One file of the contract.
#[derive(Debug)]
pub struct Fragment {
    /// The name without its ending: the module of the tag.
    pub module: String,
    /// What stands in it.
    pub content: Value,
}

/// Reads every fragment of a folder, in the order of their names with the shared one first.
pub fn read(folder: &Path, problems: &mut Problems) -> anyhow::Result<Vec<Fragment>> {
    let mut fragments = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        match serde_saphyr::from_str::<Value>(&text) {
            Ok(content) => fragments.push(Fragment { module, content }),
            Err(error) => problems.add(place(&module), format!("not YAML: {error}")),
        }
    }
    fragments.sort_by(|a, b| (a.module != ROOT, &a.module).cmp(&(b.module != ROOT, &b.module)));
    Ok(fragments)
}

/// The file of a fragment as problems name it.
pub fn place(module: &str) -> String {
    format!("{module}.yaml")
}

/// Puts the fragments together into one document: shared parameters and answers stand in full at each use, each
/// operation has the tag of its file, and nothing refers to them any more.
pub fn assemble(fragments: &[Fragment], problems: &mut Problems) -> Value {
    let mut document = Map::new();
    let mut tags = Vec::new();
    let mut paths = Map::new();
    let mut components: Map<String, Value> = Map::new();
    for fragment in fragments {
        let Some(content) = fragment.content.as_object() else {
            problems.add(place(&fragment.module), "must be a mapping");
            continue;
        };
        for (key, value) in content {
            match key.as_str() {
                "tags" => tags.extend(value.as_array().cloned().unwrap_or_default()),
                "paths" => merge_paths(&mut paths, value, fragment, problems),
                "components" => merge_components(&mut components, value, fragment, problems),
                "openapi" | "info" | "security" if fragment.module == ROOT => {
                    document.insert(key.clone(), value.clone());
                }
                _ => problems.add(place(&fragment.module), format!("`{key}` has no place here")),
            }
        }
    }
    for path in paths.values_mut().filter_map(Value::as_object_mut) {
        for operation in path.values_mut() {
            resolve_shared(operation, &components, problems);
        }
    }
    components.retain(|key, _| key == "schemas" || key == "securitySchemes");
    document.insert("tags".to_owned(), Value::Array(tags));
    document.insert("paths".to_owned(), Value::Object(paths));
    document.insert("components".to_owned(), Value::Object(components));
    Value::Object(document)
}

/// Removes the keys that are for this repository only.
pub fn strip_own_keys(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.retain(|key, _| !key.starts_with(OWN_KEYS));
            entries.values_mut().for_each(strip_own_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_own_keys),
        _ => {}
    }
}

fn merge_paths(paths: &mut Map<String, Value>, more: &Value, fragment: &Fragment, problems: &mut Problems) {
    let tag = fragment.content.pointer("/tags/0/name").cloned().unwrap_or_default();
    for (path, methods) in more.as_object().into_iter().flatten() {
        let known = paths.entry(path.clone()).or_insert_with(|| Value::Object(Map::new()));
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let at = format!("{}: {method} {path}", place(&fragment.module));
            if !METHODS.contains(&method.as_str()) {
                problems.add(at, "not a method");
                continue;
            }
            let mut operation = operation.clone();
            let Some(entries) = operation.as_object_mut() else {
                problems.add(at, "an operation must be a mapping");
                continue;
            };
            if entries.insert("tags".to_owned(), Value::Array(vec![tag.clone()])).is_some() {
                problems.add(&at, "`tags` follows from the file; leave it out");
            }
            let twice = known.as_object_mut().and_then(|known| known.insert(method.clone(), operation));
            if twice.is_some() {
                problems.add(at, "declared twice");
            }
        }
    }
}

fn merge_components(components: &mut Map<String, Value>, more: &Value, fragment: &Fragment, problems: &mut Problems) {
    for (kind, entries) in more.as_object().into_iter().flatten() {
        if kind != "schemas" && fragment.module != ROOT {
            problems.add(place(&fragment.module), format!("`{kind}` that tags share belong in {}", place(ROOT)));
        }
        let known = components.entry(kind.clone()).or_insert_with(|| Value::Object(Map::new()));
        let Some(known) = known.as_object_mut() else { continue };
        for (name, entry) in entries.as_object().into_iter().flatten() {
            if known.insert(name.clone(), entry.clone()).is_some() {
                problems.add(format!("{}: {name}", place(&fragment.module)), "declared twice");
            }
        }
    }
}

/// Puts shared parameters and answers in the place of references to them.
fn resolve_shared(operation: &mut Value, components: &Map<String, Value>, problems: &mut Problems) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or("?").to_owned();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for parameter in parameters {
        resolve(parameter, "parameters", components, &id, problems);
    }
    let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for answer in answers {
        resolve(answer, "responses", components, &id, problems);
    }
}

fn resolve(slot: &mut Value, kind: &str, components: &Map<String, Value>, id: &str, problems: &mut Problems) {
    let Some(reference) = slot.get("$ref").and_then(Value::as_str) else { return };
    let found = reference
        .strip_prefix("#/components/")
        .and_then(|rest| rest.strip_prefix(kind))
        .and_then(|rest| rest.strip_prefix('/'))
        .and_then(|name| components.get(kind)?.get(name));
    match found {
        Some(value) => *slot = value.clone(),
        None => problems.add(id, format!("`{reference}` does not exist")),
    }
}
