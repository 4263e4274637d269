//! The tables of the generated code against the files of the contract, read anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use belvedere_api::{OPERATIONS, Operation, Parameter, ParameterKind as Kind, ParameterPlace, Property, Table};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contract")
}

fn fragments() -> Vec<Value> {
    let files = std::fs::read_dir(folder().join("4.0")).unwrap().map(|entry| entry.unwrap().path());
    let yaml = files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    yaml.map(|path| serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

/// Every operation with its tag, method and path.
fn declared(fragments: &[Value]) -> BTreeMap<String, (Value, String, String, String)> {
    let mut declared = BTreeMap::new();
    for fragment in fragments {
        for (path, methods) in fragment["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().unwrap() {
                let tag = fragment["tags"][0]["name"].as_str().unwrap().to_owned();
                let id = operation["operationId"].as_str().unwrap().to_owned();
                declared.insert(id, (operation.clone(), tag, method.to_uppercase(), path.clone()));
            }
        }
    }
    declared
}

fn component<'a>(fragments: &'a [Value], value: &'a Value) -> &'a Value {
    let Some(reference) = value["$ref"].as_str() else { return value };
    let pointer = &reference[1..];
    fragments.iter().find_map(|fragment| fragment.pointer(pointer)).unwrap_or_else(|| panic!("{reference}"))
}

#[test]
fn the_table_has_every_operation_as_its_file_declares_it() {
    let fragments = fragments();
    let declared = declared(&fragments);
    assert_eq!(OPERATIONS.len(), declared.len());
    let coverage = std::fs::read_to_string(folder().join("coverage.txt")).unwrap();
    for operation in OPERATIONS {
        let (value, tag, method, path) = &declared[operation.name()];
        let name = operation.name();
        assert_eq!((operation.tag, operation.method.as_str(), operation.path), (&**tag, &**method, &**path), "{name}");
        assert_eq!(operation.status.as_str(), value["x-looker-status"], "{name}");
        assert_eq!(operation.activity.as_str(), value["x-looker-activity-type"], "{name}");
        assert_eq!(operation.is_rate_limited, value["x-looker-rate-limited"], "{name}");
        assert_eq!(operation.needs_token, value.get("security").is_none(), "{name}");
        assert_eq!(operation.since.map(|release| release.to_string()).as_deref(), value["x-since"].as_str(), "{name}");
        assert_eq!(operation.has_code, !coverage.lines().any(|line| line == name), "{name}");
        assert_eq!(value["responses"].get(operation.success.to_string()).is_some(), operation.success < 300, "{name}");
        let content = value["requestBody"]["content"].as_object().into_iter().flat_map(|content| content.keys());
        assert!(operation.body.iter().eq(content), "{name}");
        assert_eq!(operation.body_is_required, value["requestBody"]["required"] == true, "{name}");
        parameters(operation, value, &fragments);
    }
}

fn parameters(operation: &Operation, value: &Value, fragments: &[Value]) {
    let declared = value["parameters"].as_array().into_iter().flatten().map(|parameter| {
        let parameter = component(fragments, parameter);
        let place = if parameter["in"] == "path" { ParameterPlace::Path } else { ParameterPlace::Query };
        let kind = match (parameter["schema"]["type"].as_str().unwrap(), parameter["schema"]["format"].as_str()) {
            ("integer", _) => Kind::Integer,
            ("boolean", _) => Kind::Boolean,
            ("array", _) => Kind::List,
            ("object", _) => Kind::Object,
            ("string", None) => Kind::String,
            ("string", Some("date-time")) => Kind::Timestamp,
            other => panic!("{other:?}"),
        };
        (
            parameter["name"].as_str().unwrap(),
            place,
            kind,
            parameter["required"] == true,
            parameter["deprecated"] == true,
        )
    });
    let told = |p: &Parameter| (p.name, p.place, p.kind, p.required, p.deprecated);
    assert_eq!(
        operation.parameters.iter().map(told).collect::<Vec<_>>(),
        declared.collect::<Vec<_>>(),
        "{}",
        operation.name()
    );
}

#[test]
fn the_tables_of_answers_have_every_property_that_their_schema_declares() {
    let fragments = fragments();
    let mut seen = BTreeMap::new();
    for operation in OPERATIONS {
        if let Some(table) = operation.answers {
            collect(table(), &mut seen);
        }
    }
    for (name, table) in &seen {
        let pointer = format!("/components/schemas/{name}/properties");
        let properties = fragments.iter().find_map(|fragment| fragment.pointer(&pointer)).unwrap().as_object().unwrap();
        let declared = properties.iter().filter(|(_, property)| property["writeOnly"] != true).map(|(key, _)| key);
        assert!(table.properties().iter().map(Property::name).eq(declared), "{name}");
    }
    assert!(seen.contains_key("LookmlModelExploreFieldTimeInterval"), "nested types are reached");
}

fn collect(table: &'static Table, seen: &mut BTreeMap<&'static str, &'static Table>) {
    if seen.insert(table.name(), table).is_none() {
        for nested in table.properties().iter().filter_map(Property::table) {
            collect(nested, seen);
        }
    }
}
