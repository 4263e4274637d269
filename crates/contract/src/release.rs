//! Releases of the product, and the document of each.
//!
//! A version of the API grows with each release. Its newest document says of each part which release brought it; the
//! document of an earlier release follows from that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::error::Error;

/// The first release that has the part.
const SINCE: &str = "x-since";
/// The first release that no longer has the part.
const UNTIL: &str = "x-until";
/// Statuses that an operation had before a release: `{"22.16": beta}`.
const STATUS_BEFORE: &str = "x-status-before";

/// A release, `26.22`: the year and a number within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    year: u16,
    number: u16,
}

impl Release {
    /// The release with this number in this year (two digits).
    pub const fn new(year: u16, number: u16) -> Self {
        Self { year, number }
    }

    /// The year, two digits.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The number within the year.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Year, number and patch, as `looker_release_version` and the documents have it: `26.22.0`.
    pub fn full(self) -> String {
        format!("{self}.0")
    }

    /// Whether a part that came with `since` and was gone with `until` stands in this release.
    pub fn is_within(self, since: Option<Self>, until: Option<Self>) -> bool {
        since.is_none_or(|since| since <= self) && until.is_none_or(|until| self < until)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.year, self.number)
    }
}

impl FromStr for Release {
    type Err = Error;

    /// Reads `26.12`; a patch number after it is passed over.
    fn from_str(text: &str) -> Result<Self, Error> {
        let numbers: Option<Vec<u16>> = text.split('.').map(number).collect();
        match numbers.as_deref() {
            Some([year, number] | [year, number, _]) => Ok(Self::new(*year, *number)),
            _ => Err(Error::NotARelease(text.to_owned())),
        }
    }
}

/// Digits alone: `parse` would take a sign.
fn number(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Every release that a document names, in order: those that brought, changed or ended something.
pub fn releases(document: &Value) -> BTreeSet<Release> {
    let mut found = BTreeSet::new();
    collect(document, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<Release>) {
    match value {
        Value::Object(entries) => {
            found.extend([SINCE, UNTIL].iter().filter_map(|key| named(entries.get(*key)?)));
            found.extend(statuses_before(entries).keys());
            entries.values().for_each(|entry| collect(entry, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// Makes the document of a release out of the newest: what came later is gone, what ended later is there, operations
/// have the status of that release, and schemas that nothing uses any more are left out. What says so is removed.
pub fn at_release(document: &mut Value, release: Release) {
    cut(document, release);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.retain(|_, methods| methods.as_object().is_none_or(|methods| !methods.is_empty()));
    }
    leave_out_unused(document);
}

fn cut(value: &mut Value, release: Release) {
    match value {
        Value::Object(entries) => {
            entries.retain(|_, entry| stands(entry, release));
            set_status(entries, release);
            entries.retain(|key, _| ![SINCE, UNTIL, STATUS_BEFORE].contains(&key.as_str()));
            entries.values_mut().for_each(|entry| cut(entry, release));
            keep_required(entries);
        }
        Value::Array(items) => {
            items.retain(|item| stands(item, release));
            for item in items {
                cut(item, release);
            }
        }
        _ => {}
    }
}

fn named(value: &Value) -> Option<Release> {
    value.as_str()?.parse().ok()
}

fn stands(value: &Value, release: Release) -> bool {
    let at = |key| value.get(key).and_then(named);
    release.is_within(at(SINCE), at(UNTIL))
}

fn statuses_before(entries: &Map<String, Value>) -> BTreeMap<Release, String> {
    let before = entries.get(STATUS_BEFORE).and_then(Value::as_object).into_iter().flatten();
    before.filter_map(|(release, status)| Some((release.parse().ok()?, status.as_str()?.to_owned()))).collect()
}

/// The status before the first change that is still to come.
fn set_status(entries: &mut Map<String, Value>, release: Release) {
    let Some((_, status)) = statuses_before(entries).into_iter().find(|(changed, _)| release < *changed) else {
        return;
    };
    if status != "deprecated" {
        entries.remove("deprecated");
    }
    entries.insert("x-looker-status".to_owned(), Value::String(status));
}

/// A property that is gone is no longer required.
fn keep_required(schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let names: BTreeSet<String> = properties.keys().cloned().collect();
    let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) else { return };
    required.retain(|name| name.as_str().is_some_and(|name| names.contains(name)));
    // OpenAPI has no empty list there.
    if required.is_empty() {
        schema.remove("required");
    }
}

/// Removes what is for people to read: it may be improved at any time, and nothing is promised by it.
pub fn leave_out_prose(document: &mut Value) {
    strip(document, Keys::Words);
}

/// What the keys of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Words of OpenAPI.
    Words,
    /// Names that the API gave.
    Names,
}

fn strip(value: &mut Value, keys: Keys) {
    const PROSE: [&str; 3] = ["description", "summary", "example"];
    const NAMED: [&str; 6] = ["paths", "properties", "schemas", "definitions", "responses", "content"];
    match value {
        Value::Object(entries) => {
            if keys == Keys::Words {
                entries.retain(|key, _| !PROSE.contains(&key.as_str()));
            }
            for (key, entry) in entries {
                let named = keys == Keys::Words && NAMED.contains(&key.as_str());
                strip(entry, if named { Keys::Names } else { Keys::Words });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, Keys::Words)),
        _ => {}
    }
}

/// Where schemas stand: in OpenAPI 3 and in Swagger 2.
const SCHEMAS: [&str; 2] = ["/components/schemas", "/definitions"];

fn leave_out_unused(document: &mut Value) {
    for pointer in SCHEMAS {
        let Some(schemas) = document.pointer(pointer).and_then(Value::as_object) else { continue };
        let mut open = Vec::new();
        for (key, part) in document.as_object().into_iter().flatten() {
            if key != "components" && key != "definitions" {
                references(part, &mut open);
            }
        }
        let mut used = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(schema) = schemas.get(&name).filter(|_| !used.contains(&name)) {
                references(schema, &mut open);
                used.insert(name);
            }
        }
        if let Some(schemas) = document.pointer_mut(pointer).and_then(Value::as_object_mut) {
            schemas.retain(|name, _| used.contains(name));
        }
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            let target = entries.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit_once('/'));
            found.extend(target.map(|(_, name)| name.to_owned()));
            entries.values().for_each(|entry| references(entry, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn releases_are_ordered_by_year_and_number() {
        let release = |text: &str| text.parse::<Release>().unwrap();
        assert!(release("26.8") < release("26.12"));
        assert!(release("25.20") < release("26.0"));
        assert_eq!(release("26.12.3"), Release::new(26, 12));
        assert_eq!(release("26.12").to_string(), "26.12");
        for text in ["", "26", "26.", "26.x", "26.12.", "26.12.3.4", "-1.2", "+1.2", "99999.1", "26 .12"] {
            assert!(text.parse::<Release>().is_err(), "{text:?}");
        }
    }

    fn document() -> Value {
        json!({
            "paths": {
                "/looks": {"get": {
                    "operationId": "all_looks",
                    "x-looker-status": "deprecated", "deprecated": true,
                    "x-status-before": {"22.16": "beta", "26.12": "stable"},
                    "parameters": [{"name": "limit", "x-since": "21.14"}, {"name": "fields"}],
                    "responses": {"200": {"content": {"application/json": {"schema": {
                        "type": "array", "items": {"$ref": "#/components/schemas/Look"}}}}}},
                }},
                "/runs": {"post": {"operationId": "create_run", "x-since": "25.6", "x-until": "26.22",
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}}}},
            },
            "components": {"schemas": {
                "Look": {"required": ["id", "owner"], "properties": {
                    "id": {}, "owner": {"x-since": "26.4", "$ref": "#/components/schemas/User"}}},
                "User": {"properties": {"looks": {"items": {"$ref": "#/components/schemas/Look"}}}},
                "Run": {"properties": {}},
            }},
        })
    }

    fn at(year: u16, number: u16) -> Value {
        let mut document = document();
        at_release(&mut document, Release::new(year, number));
        document
    }

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn a_release_has_what_came_up_to_it_and_has_not_ended() {
        assert_eq!(keys(&at(21, 0)["paths"]), ["/looks"]);
        assert_eq!(keys(&at(25, 6)["paths"]), ["/looks", "/runs"]);
        assert_eq!(keys(&at(26, 22)["paths"]), ["/looks"]);
        assert_eq!(at(21, 0)["paths"]["/looks"]["get"]["parameters"], json!([{"name": "fields"}]));
        assert_eq!(at(26, 2)["components"]["schemas"]["Look"]["required"], json!(["id"]));
    }

    #[test]
    fn schemas_that_nothing_uses_are_left_out() {
        assert_eq!(keys(&at(26, 2)["components"]["schemas"]), ["Look", "Run"]);
        assert_eq!(keys(&at(26, 22)["components"]["schemas"]), ["Look", "User"]);
    }

    #[test]
    fn an_operation_has_the_status_of_the_release() {
        let status = |year, number| {
            let operation = at(year, number)["paths"]["/looks"]["get"].clone();
            (operation["x-looker-status"].as_str().unwrap().to_owned(), operation.get("deprecated").is_some())
        };
        assert_eq!(status(22, 14), ("beta".to_owned(), false));
        assert_eq!(status(22, 16), ("stable".to_owned(), false));
        assert_eq!(status(26, 12), ("deprecated".to_owned(), true));
    }

    #[test]
    fn prose_is_no_property_of_that_name() {
        let mut document = json!({"info": {"description": "x"}, "definitions": {"Look": {
            "description": "A Look.", "properties": {"description": {"type": "string", "description": "Text."}}}}});
        leave_out_prose(&mut document);
        let kept = json!({"info": {}, "definitions": {"Look": {"properties": {"description": {"type": "string"}}}}});
        assert_eq!(document, kept);
    }

    #[test]
    fn a_document_names_its_releases() {
        let named: Vec<String> = releases(&document()).iter().map(ToString::to_string).collect();
        assert_eq!(named, ["21.14", "22.16", "25.6", "26.4", "26.12", "26.22"]);
    }
}
