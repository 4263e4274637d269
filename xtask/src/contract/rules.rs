//! What holds for every contract beyond its syntax.

use std::collections::{BTreeMap, BTreeSet};

use super::fragments::place;
use super::model::{Api, BodyType, Operation, Place, Schema, Type};
use super::problem::Problems;

/// The largest number of properties that the mask of an answer can hold.
const MOST_PROPERTIES: usize = 128;

/// Looks for everything that contradicts itself.
pub fn check(api: &Api, problems: &mut Problems) {
    let mut seen = BTreeMap::new();
    for operation in &api.operations {
        let at = at(api, operation);
        if let Some(other) = seen.insert(&operation.id, operation) {
            problems.add(&at, format!("`{} {}` has the same operationId", other.method, other.path));
        }
        operation_rules(api, operation, &at, problems);
    }
    for (name, schema) in &api.schemas {
        schema_rules(api, name, schema, problems);
    }
    let used = reachable(api);
    for (name, schema) in &api.schemas {
        if !used.contains(name.as_str()) {
            problems.add(schema_place(api, name, schema), "no operation uses this schema");
        }
    }
}

fn at(api: &Api, operation: &Operation) -> String {
    format!("{}: {}", place(&api.tags[operation.tag].module), operation.id)
}

fn schema_place(api: &Api, name: &str, schema: &Schema) -> String {
    let module = schema.tag.map_or("openapi", |tag| api.tags[tag].module.as_str());
    format!("{}: {name}", place(module))
}

fn operation_rules(api: &Api, operation: &Operation, at: &str, problems: &mut Problems) {
    let snake = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !operation.id.bytes().all(snake) {
        problems.add(at, "an operationId is lower case with underscores");
    }
    let declared: Vec<&str> = operation.path_parameters().map(|parameter| parameter.name.as_str()).collect();
    if declared != path_names(&operation.path) {
        problems.add(at, format!("the path has {:?}, the parameters say {declared:?}", path_names(&operation.path)));
    }
    let mut names = BTreeSet::new();
    for parameter in &operation.parameters {
        if !names.insert(&parameter.name) {
            problems.add(at, format!("parameter `{}` is declared twice", parameter.name));
        }
        if parameter.place == Place::Path && !parameter.required {
            problems.add(at, format!("path parameter `{}` must be required", parameter.name));
        }
        if let Some(name) = parameter.ty.reference() {
            problems.add(at, format!("parameter `{}` cannot be a {name}", parameter.name));
        }
    }
    if operation.successes().next().is_none() {
        problems.add(at, "no answer for a call that goes well");
    }
    let answers = operation.answers.iter().flat_map(|answer| answer.content.iter().map(|(_, ty)| ty));
    for ty in answers.chain(body_types(operation)) {
        known(api, ty, at, problems);
    }
}

/// The names between braces in a path, in their order.
fn path_names(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn body_types(operation: &Operation) -> Vec<&Type> {
    match operation.body.as_ref().map(|body| &body.ty) {
        None => Vec::new(),
        Some(BodyType::Type(ty)) => vec![ty],
        Some(BodyType::Inline(schema)) => schema.properties.iter().map(|property| &property.ty).collect(),
    }
}

fn schema_rules(api: &Api, name: &str, schema: &Schema, problems: &mut Problems) {
    let at = schema_place(api, name, schema);
    if schema.description.is_empty() {
        problems.add(&at, "`description` is missing");
    }
    if schema.properties.len() > MOST_PROPERTIES {
        problems.add(&at, format!("more than {MOST_PROPERTIES} properties"));
    }
    for property in &schema.properties {
        let at = format!("{at}.{}", property.name);
        if property.read_only && property.write_only {
            problems.add(&at, "read-only and write-only at once");
        }
        if matches!(&property.ty, Type::Enum(words) if words.is_empty()) {
            problems.add(&at, "`enum` is empty");
        }
        known(api, &property.ty, &at, problems);
    }
}

fn known(api: &Api, ty: &Type, at: &str, problems: &mut Problems) {
    if let Some(name) = ty.reference().filter(|name| !api.schemas.contains_key(*name)) {
        problems.add(at, format!("there is no schema `{name}`"));
    }
}

/// The schemas that operations name, themselves or through others.
fn reachable(api: &Api) -> BTreeSet<&str> {
    let mut open: Vec<&str> = Vec::new();
    for operation in &api.operations {
        let answers = operation.answers.iter().flat_map(|answer| answer.content.iter().map(|(_, ty)| ty));
        open.extend(answers.chain(body_types(operation)).filter_map(Type::reference));
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            let properties = api.schemas.get(name).into_iter().flat_map(|schema| &schema.properties);
            open.extend(properties.filter_map(|property| property.ty.reference()));
        }
    }
    seen
}
