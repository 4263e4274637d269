//! Listings as entries.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use serde_json::{Map, Value};

use super::{Entries, Kind, Listing};

/// Reads every listing of a folder: those of whole versions, then those of what a release adds to one of them.
pub fn read(folder: &Path) -> anyhow::Result<Vec<Listing>> {
    let mut whole = Vec::new();
    let mut more = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    for path in paths {
        let value: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        if value.get("operations").is_some_and(Value::is_array) {
            whole.push(full(&value));
        } else if value.get("operations_added").is_some() {
            more.push(value);
        }
    }
    let extended: Vec<Listing> = more.iter().filter_map(|value| extend(&whole, value)).collect();
    whole.extend(extended);
    Ok(whole)
}

/// A listing of a whole version.
fn full(value: &Value) -> Listing {
    let mut entries = Entries::new();
    for operation in items(value, "operations") {
        let id = text(operation, "id");
        entries.insert(
            (Kind::Operation, id.clone()),
            BTreeMap::from([
                ("method", text(operation, "method")),
                ("path", text(operation, "path")),
                ("tag", text(operation, "tag")),
                ("status", text(operation, "status")),
                ("rate limited", flag(operation, "rate_limited")),
                ("activity", text(operation, "activity_type")),
            ]),
        );
        for parameter in items(operation, "params") {
            let list = if parameter.get("style").is_some() { "commas" } else { "" };
            let mut aspects = BTreeMap::from([
                ("in", text(parameter, "in")),
                ("required", flag(parameter, "required")),
                ("deprecated", flag(parameter, "deprecated")),
                ("list", list.to_owned()),
            ]);
            types(parameter, &mut aspects);
            // The listings tell no format of the items of a list, and nothing of what an object holds.
            if !list.is_empty() {
                aspects.remove("format");
            }
            if aspects.get("type").is_some_and(|ty| ty == "object") {
                aspects.remove("type");
            }
            entries.insert((Kind::Parameter, format!("{id}({})", text(parameter, "name"))), aspects);
        }
        if let Some(body) = operation.get("body").filter(|body| body.is_object()) {
            let mut aspects =
                BTreeMap::from([("required", flag(body, "required")), ("content", words(body, "content"))]);
            types(body, &mut aspects);
            entries.insert((Kind::Body, id.clone()), aspects);
        }
        for (status, answer) in pairs(operation, "responses") {
            let (ty, content) = match answer {
                Value::String(ty) => (ty.clone(), "application/json".to_owned()),
                Value::Object(_) => (text(answer, "type"), words(answer, "content")),
                _ => ("none".to_owned(), String::new()),
            };
            entries
                .insert((Kind::Answer, format!("{id} {status}")), BTreeMap::from([("type", ty), ("content", content)]));
        }
    }
    for (name, schema) in pairs(value, "schemas") {
        let mut required: Vec<String> = words(schema, "required").split(' ').map(str::to_owned).collect();
        required.sort_unstable();
        let aspects = BTreeMap::from([("status", text(schema, "status")), ("required", required.join(" "))]);
        entries.insert((Kind::Schema, name.clone()), aspects);
        for (property, flags) in pairs(schema, "fields") {
            let polymorphic = flags.get("polymorphic").map(Value::to_string).unwrap_or_default();
            let mut aspects = BTreeMap::from([
                ("nullable", flag(flags, "nullable")),
                ("read-only", flag(flags, "read_only")),
                ("write-only", flag(flags, "write_only")),
                ("deprecated", flag(flags, "deprecated")),
                ("polymorphic", polymorphic),
            ]);
            types(flags, &mut aspects);
            // Beside a bare reference the product's document can say nothing.
            if is_schema(value, &text(flags, "type")) {
                aspects.remove("nullable");
            }
            entries.insert((Kind::Property, format!("{name}.{property}")), aspects);
        }
    }
    let release = text(value, "looker_release");
    let release = release.rsplit_once('.').map_or(release.clone(), |(release, _)| release.to_owned());
    Listing { version: text(value, "api_version"), release, entries, open: BTreeSet::new() }
}

/// A listing of what a release adds and drops, laid over that of the release it counts from. What only a client tells
/// is compared in names, places and types.
fn extend(whole: &[Listing], value: &Value) -> Option<Listing> {
    let base = text(value, "base_release");
    let base = whole.iter().find(|listing| listing.release == base)?;
    let mut entries = base.entries.clone();
    let dropped: Vec<String> =
        items(value, "operations_dropped").filter_map(|id| Some(id.as_str()?.to_owned())).collect();
    let gone: Vec<String> =
        items(value, "schemas_dropped").filter_map(|name| Some(name.as_str()?.to_owned())).collect();
    entries.retain(|(kind, name), _| match kind {
        Kind::Schema | Kind::Property => !gone.iter().any(|schema| owner(name) == schema),
        _ => !dropped.iter().any(|operation| owner(name) == operation),
    });
    let enums = value.get("enums").and_then(Value::as_object);
    for operation in items(value, "operations_added") {
        added_operation(operation, enums, &mut entries);
    }
    for operation in items(value, "operations_changed") {
        let id = text(operation, "id");
        for parameter in items(operation, "params_removed").filter_map(Value::as_str) {
            entries.remove(&(Kind::Parameter, format!("{id}({parameter})")));
        }
        added_parameters(&id, items(operation, "params_added"), enums, &mut entries);
    }
    for (name, fields) in pairs(value, "schemas_added") {
        entries.insert((Kind::Schema, name.clone()), BTreeMap::new());
        added_properties(name, fields.as_object(), enums, &mut entries);
    }
    for (name, change) in pairs(value, "schemas_changed") {
        for property in items(change, "removed").filter_map(Value::as_str) {
            entries.remove(&(Kind::Property, format!("{name}.{property}")));
        }
        added_properties(name, change.get("added").and_then(Value::as_object), enums, &mut entries);
    }
    let open = items(value, "operations_added").map(|operation| text(operation, "id")).collect();
    Some(Listing { version: base.version.clone(), release: text(value, "release"), entries, open })
}

/// The name of the operation or schema that an entry belongs to.
pub(super) fn owner(name: &str) -> &str {
    name.split(['(', ' ', '.']).next().unwrap_or(name)
}

fn added_operation(operation: &Value, enums: Option<&Map<String, Value>>, entries: &mut Entries) {
    let id = text(operation, "id");
    let returns = match text(operation, "returns") {
        nothing if nothing == "None" => "none".to_owned(),
        bytes if bytes.starts_with("Union") => "string".to_owned(),
        ty => ty,
    };
    let aspects = BTreeMap::from([
        ("method", text(operation, "method")),
        ("path", text(operation, "path")),
        ("tag", text(operation, "tag")),
        ("returns", returns),
    ]);
    entries.insert((Kind::Operation, id.clone()), aspects);
    added_parameters(&id, items(operation, "params"), enums, entries);
    if let Some(body) = operation.get("body").filter(|body| body.is_object()) {
        // Clients name what may be written of a type after the type.
        let ty = text(body, "type");
        let ty = ty.strip_prefix("Write").unwrap_or(&ty).to_owned();
        let aspects = BTreeMap::from([("type", ty), ("required", flag(body, "required"))]);
        entries.insert((Kind::Body, id.clone()), aspects);
    }
}

fn added_parameters<'a>(
    id: &str,
    parameters: impl Iterator<Item = &'a Value>,
    enums: Option<&Map<String, Value>>,
    entries: &mut Entries,
) {
    for parameter in parameters {
        let mut aspects = BTreeMap::from([("in", text(parameter, "in")), ("required", flag(parameter, "required"))]);
        client_type(&text(parameter, "type"), enums, &mut aspects);
        entries.insert((Kind::Parameter, format!("{id}({})", text(parameter, "name"))), aspects);
    }
}

fn added_properties(
    schema: &str,
    fields: Option<&Map<String, Value>>,
    enums: Option<&Map<String, Value>>,
    entries: &mut Entries,
) {
    for (name, flags) in fields.into_iter().flatten() {
        let mut aspects = BTreeMap::new();
        client_type(&text(flags, "type"), enums, &mut aspects);
        entries.insert((Kind::Property, format!("{schema}.{name}")), aspects);
    }
}

/// A type as clients name it: points in time by their format, words by the name of an enumeration.
fn client_type(ty: &str, enums: Option<&Map<String, Value>>, aspects: &mut BTreeMap<&'static str, String>) {
    let named = enums.is_some_and(|enums| enums.contains_key(ty));
    let ty = if named { "string" } else { ty };
    match ty {
        "date-time" | "date" => aspects.extend([("type", "string".to_owned()), ("format", ty.to_owned())]),
        _ => aspects.extend([("type", ty.replace("<bool>", "<boolean>"))]),
    }
}

fn types(value: &Value, aspects: &mut BTreeMap<&'static str, String>) {
    let format = value.get("format").or_else(|| value.get("item_format")).and_then(Value::as_str).unwrap_or_default();
    let ty = text(value, "type");
    // Any value has no format, whatever the listing says.
    let format = if ty.starts_with("any") { "" } else { format };
    aspects.extend([("type", ty), ("format", format.to_owned()), ("words", words(value, "enum"))]);
}

fn is_schema(listing: &Value, ty: &str) -> bool {
    listing.get("schemas").is_some_and(|schemas| schemas.get(ty).is_some())
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn pairs<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn words(value: &Value, key: &str) -> String {
    items(value, key).filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

fn flag(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_bool).unwrap_or(false).to_string()
}
