//! The documents that describe the API, as programs read them.
//!
//! Embedded is the newest form with the release that brought each part; the document of a release is made from it,
//! once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use belvedere_wire::{Object, write_string, write_value};
use serde_json::{Map, Value};

use crate::release::Release;

/// The API version that the documents describe.
pub const VERSION: &str = "4.0";

const OPENAPI: &[u8] = include_bytes!("generated/documents/openapi-4.0.json");
const SWAGGER: &[u8] = include_bytes!("generated/documents/swagger-4.0.json");

/// The OpenAPI 3.0 document of a release, for a server that is reached at this origin (`https://host:port`).
pub fn openapi(release: Release, origin: &str) -> Vec<u8> {
    let server = format!("{origin}/api/{VERSION}");
    document(Form::OpenApi, release).with(|object| {
        let servers = object.key("servers");
        servers.push(b'[');
        let mut entry = Object::open(servers);
        write_string(&server, entry.key("url"));
        entry.close();
        servers.push(b']');
    })
}

/// The Swagger 2.0 document of a release, for a server that is reached at this origin. The base path is the one that
/// the original has.
pub fn swagger(release: Release, origin: &str) -> Vec<u8> {
    let (scheme, host) = origin.split_once("://").unwrap_or(("https", origin));
    document(Form::Swagger, release).with(|object| {
        write_string(host, object.key("host"));
        let schemes = object.key("schemes");
        schemes.push(b'[');
        write_string(scheme, schemes);
        schemes.push(b']');
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    OpenApi,
    Swagger,
}

type Made = BTreeMap<(Form, Release), Arc<Parts>>;

/// A document in two parts, between which stands what depends on the server.
struct Parts {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Parts {
    fn with(&self, write: impl FnOnce(&mut Object<'_>)) -> Vec<u8> {
        let mut middle = Vec::new();
        let mut object = Object::open(&mut middle);
        write(&mut object);
        let inner = &middle[1..];
        let mut out = Vec::with_capacity(self.head.len() + inner.len() + self.tail.len() + 2);
        out.extend_from_slice(&self.head);
        out.push(b',');
        out.extend_from_slice(inner);
        out.push(b',');
        out.extend_from_slice(&self.tail);
        out
    }
}

/// The document of a release, made once.
fn document(form: Form, release: Release) -> Arc<Parts> {
    static MADE: Mutex<Made> = Mutex::new(Made::new());
    if let Some(parts) = MADE.lock().unwrap_or_else(PoisonError::into_inner).get(&(form, release)) {
        return Arc::clone(parts);
    }
    let parts = Arc::new(derive(form, release));
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    // A caller may ask for any release: what is remembered stays small.
    if made.len() >= 16 {
        made.clear();
    }
    Arc::clone(made.entry((form, release)).or_insert(parts))
}

fn derive(form: Form, release: Release) -> Parts {
    let embedded = match form {
        Form::OpenApi => OPENAPI,
        Form::Swagger => SWAGGER,
    };
    let mut document: Map<String, Value> = serde_json::from_slice(embedded).expect("generated documents are JSON");
    for part in document.values_mut() {
        at_release(part, release);
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.retain(|_, methods| methods.as_object().is_none_or(|methods| !methods.is_empty()));
    }
    let info = document.get_mut("info").and_then(Value::as_object_mut).expect("documents have a head");
    info.insert("version".to_owned(), Value::from(format!("{VERSION}.{release}")));
    info.insert("x-looker-release-version".to_owned(), Value::from(release.full()));
    split(&document)
}

/// Cuts a document after its `info`: there stands what depends on the server.
fn split(document: &Map<String, Value>) -> Parts {
    let mut head = Vec::new();
    let mut tail = Vec::new();
    let mut before = Object::open(&mut head);
    let mut after = Object::open(&mut tail);
    let mut entries = document.iter();
    for (key, value) in entries.by_ref() {
        write_value(value, before.key(key));
        if key == "info" {
            break;
        }
    }
    for (key, value) in entries {
        write_value(value, after.key(key));
    }
    after.close();
    tail.remove(0);
    Parts { head, tail }
}

/// Removes what came after the release and what was gone by then.
fn at_release(value: &mut Value, release: Release) {
    match value {
        Value::Object(entries) => {
            entries.retain(|_, entry| stands(entry, release));
            for entry in entries.values_mut() {
                at_release(entry, release);
            }
            keep_required(entries);
        }
        Value::Array(items) => {
            items.retain(|item| stands(item, release));
            for item in items {
                at_release(item, release);
            }
        }
        _ => {}
    }
}

fn stands(value: &Value, release: Release) -> bool {
    let named = |key| value.get(key).and_then(Value::as_str).and_then(|text| text.parse::<Release>().ok());
    named("x-since").is_none_or(|since| since <= release) && named("x-until").is_none_or(|until| release < until)
}

/// A property that is gone is no longer required.
fn keep_required(schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).cloned() else { return };
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "http://localhost:19999";

    fn parsed(bytes: &[u8]) -> Value {
        serde_json::from_slice(bytes).unwrap()
    }

    #[test]
    fn the_head_tells_version_release_and_server() {
        let openapi = parsed(&openapi(Release::NEWEST, ORIGIN));
        assert_eq!(openapi["openapi"], "3.0.0");
        assert_eq!(openapi["info"]["version"], "4.0.26.22");
        assert_eq!(openapi["info"]["x-looker-release-version"], "26.22.0");
        assert_eq!(openapi["servers"][0]["url"], "http://localhost:19999/api/4.0");
        let swagger = parsed(&swagger(Release::new(26, 12), "https://bi.example.com"));
        assert_eq!(swagger["swagger"], "2.0");
        assert_eq!(swagger["info"]["version"], "4.0.26.12");
        assert_eq!(swagger["host"], "bi.example.com");
        assert_eq!(swagger["schemes"][0], "https");
        assert_eq!(swagger["basePath"], "/api/4.0");
    }

    #[test]
    fn a_host_that_a_client_made_up_stays_a_text() {
        let hostile = r#"http://x","paths":{},"y":""#;
        assert_eq!(parsed(&swagger(Release::NEWEST, hostile))["host"], r#"x","paths":{},"y":""#);
        assert!(parsed(&openapi(Release::NEWEST, hostile))["paths"].as_object().unwrap().len() > 10);
    }

    #[test]
    fn a_release_has_what_came_up_to_it() {
        let properties = |release: Release| {
            let document = parsed(&openapi(release, ORIGIN));
            document["components"]["schemas"]["DBConnection"]["properties"].clone()
        };
        let (newest, older) = (properties(Release::NEWEST), properties(Release::new(26, 12)));
        assert!(newest.get("service_account_rules").is_some() && older.get("service_account_rules").is_none());
        assert!(older.get("service_name").is_some());
        assert!(properties(Release::new(26, 2)).get("service_name").is_none());
        let document = parsed(&openapi(Release::new(26, 12), ORIGIN));
        assert!(document["components"]["schemas"].get("DBConnectionServiceAccountRule").is_none());
    }

    #[test]
    fn parameters_and_operations_come_with_their_release() {
        let names = |release: Release| {
            let document = parsed(&swagger(release, ORIGIN));
            let parameters = document["paths"]["/lookml_models"]["get"]["parameters"].as_array().cloned().unwrap();
            let names = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned());
            (names.collect::<Vec<_>>(), document["paths"].get("/api_spec/{api_version}/{specification}").is_some())
        };
        assert_eq!(names(Release::new(21, 0)), (vec!["fields".to_owned()], false));
        assert_eq!(names(Release::new(21, 14)).0, ["fields", "limit", "offset"]);
        assert!(names(Release::NEWEST).1 && names(Release::NEWEST).0.len() == 7);
    }

    #[test]
    fn swagger_says_what_old_clients_look_for() {
        let swagger = parsed(&swagger(Release::NEWEST, ORIGIN));
        let login = &swagger["paths"]["/login"]["post"];
        assert_eq!(login["consumes"][0], "application/x-www-form-urlencoded");
        assert_eq!(login["parameters"][2]["in"], "formData");
        let create = &swagger["paths"]["/queries"]["post"];
        assert_eq!(create["operationId"], "create_query");
        assert_eq!(create["parameters"][1]["schema"]["$ref"], "#/definitions/Query");
        let ids = &swagger["paths"]["/users"]["get"]["parameters"][6];
        assert_eq!((&ids["type"], &ids["collectionFormat"]), (&Value::from("array"), &Value::from("csv")));
        let query = &swagger["definitions"]["Query"]["properties"];
        assert_eq!(query["id"]["readOnly"], true);
        assert_eq!(query["slug"]["x-looker-nullable"], true);
        assert_eq!(query["model"]["x-looker-nullable"], false);
        let task = &swagger["definitions"]["QueryTask"]["properties"]["query"];
        assert_eq!(task["$ref"], "#/definitions/Query");
    }

    #[test]
    fn what_is_for_the_repository_only_is_not_served() {
        for document in [openapi(Release::NEWEST, ORIGIN), swagger(Release::NEWEST, ORIGIN)] {
            assert!(!String::from_utf8(document).unwrap().contains("x-belvedere"));
        }
    }
}
