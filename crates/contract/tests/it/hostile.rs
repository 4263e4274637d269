//! Documents and programs that nobody would write.

use std::sync::LazyLock;

use belvedere_contract::audit::Audit;
use belvedere_contract::release::{Release, at_release, leave_out_prose, releases};
use belvedere_contract::{Document, Error, compare};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON, made of words that documents have.
fn documents() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "#/components/schemas/Look",
        "#/components/schemas/Space",
        "string",
        "integer",
        "array",
        "object",
        "26.12",
        "26.x",
        "stable",
        "beta",
        "query",
        "path",
        "body",
        "/looks/{id}",
        "3.0.0",
        "2.0",
        "get",
        "look",
        "",
    ]);
    let keys = prop::sample::select(vec![
        "openapi",
        "swagger",
        "info",
        "version",
        "paths",
        "/looks/{id}",
        "get",
        "post",
        "parameters",
        "name",
        "in",
        "schema",
        "type",
        "items",
        "properties",
        "required",
        "allOf",
        "oneOf",
        "$ref",
        "components",
        "schemas",
        "Look",
        "Space",
        "definitions",
        "responses",
        "200",
        "content",
        "application/json",
        "requestBody",
        "enum",
        "nullable",
        "x-since",
        "x-until",
        "x-status-before",
        "x-looker-status",
        "operationId",
        "additionalProperties",
        "servers",
        "url",
    ]);
    let leaf = prop_oneof![words.prop_map(Value::from), any::<bool>().prop_map(Value::from), Just(Value::Null)];
    leaf.prop_recursive(6, 96, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..8).prop_map(|entries| {
                Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
            }),
        ]
    })
}

/// The same with a head, so that it is read.
fn with_head(mut value: Value) -> Value {
    if let Some(entries) = value.as_object_mut() {
        entries.insert("openapi".to_owned(), json!("3.0.0"));
        entries.entry("paths").or_insert_with(|| json!({}));
    }
    value
}

proptest! {
    #[test]
    fn no_document_makes_it_panic(old in documents(), new in documents()) {
        let read = |value: &Value| Document::read(&with_head(value.clone())).unwrap_or_default();
        compare(&read(&old), &read(&new), &[]);
        let mut cut = old.clone();
        releases(&cut);
        at_release(&mut cut, Release::new(26, 12));
        leave_out_prose(&mut cut);
        read(&cut);
    }

    #[test]
    fn no_program_makes_the_audit_panic(
        ending in prop::sample::select(vec!["py", "ts", "rb", "go", "kt", "java", "sh", "md"]),
        pieces in prop::collection::vec(prop::sample::select(vec![
            "import looker_sdk\n", "sdk", ".", "look", "(", ")", "[", "]", "{", "}", "\"", "'", "`", "${", "#{", "f\"{", "\\",
            "/api/3.1/", "spaces", "/", "?", "fields=", ",", "=", ":", "=>", "->", "for ", " in ", "x", "\n", "é", "<", ">",
            "const ", "def ", "func ", "5", "|", "do ", "//", "#", "/*", "\"\"\"", "from ", "import ", " as ", "%",
        ]), 0..60),
    ) {
        AUDIT.file(&format!("a.{ending}"), pieces.concat().as_bytes());
    }

    #[test]
    fn no_bytes_make_the_audit_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        AUDIT.file("a.py", &bytes);
        AUDIT.file("a.txt", &bytes);
        let _ = Document::parse(&bytes);
    }
}

static AUDIT: LazyLock<Audit> = LazyLock::new(|| {
    let read = |value: Value| Document::read(&value).unwrap();
    let operation = |id: &str| {
        json!({"operationId": id, "parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Look"}}}}}})
    };
    let look = json!({"type": "object", "properties": {"space": {"$ref": "#/components/schemas/Look"}}});
    let old = json!({"openapi": "3.0.0", "components": {"schemas": {"Look": look}},
        "paths": {"/spaces/{id}": {"get": operation("space")}, "/looks/{id}": {"get": operation("look")}}});
    let new = json!({"openapi": "3.0.0", "paths": {}});
    Audit::new(("3.1", &read(old)), ("4.0", &read(new)), &[])
});

#[test]
fn references_in_circles_end() {
    let joined = |name: &str| json!({"allOf": [{"$ref": format!("#/components/schemas/{name}")}, {"properties": {}}]});
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/a": {"get": {"parameters": [{"$ref": "#/paths/~1a/get/parameters/0"}],
            "requestBody": {"$ref": "#/paths/~1a/get/requestBody"}}}},
        "components": {"schemas": {"A": joined("B"), "B": joined("A"),
            "C": {"type": "array", "items": {"$ref": "#/components/schemas/C"}}}},
    });
    let read = Document::read(&document).unwrap();
    assert_eq!(read.schemas.len(), 3);
    assert_eq!(compare(&read, &read, &[]).changes, []);
}

#[test]
fn what_is_no_document_is_refused() {
    assert!(matches!(Document::parse(b"{"), Err(Error::NotJson(_))));
    assert_eq!(Document::parse(b"[]"), Err(Error::NotADocument("no object at its top")));
    assert_eq!(Document::parse(b"{\"openapi\":\"3.0.0\"}"), Err(Error::NotADocument("no `paths`")));
    let neither = Err(Error::NotADocument("neither `openapi: 3...` nor `swagger: 2.0`"));
    assert_eq!(Document::parse(b"{\"openapi\":\"1.0\",\"paths\":{}}"), neither);
}

#[test]
fn swagger_says_the_same_as_openapi() {
    let openapi = json!({
        "openapi": "3.0.0", "info": {"version": "4.0.26.12"}, "servers": [{"url": "https://x/api/4.0"}],
        "paths": {"/looks/{id}": {"patch": {
            "operationId": "update_look", "x-looker-status": "stable", "tags": ["Look"],
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "ids", "in": "query", "style": "form", "explode": false,
                    "schema": {"type": "array", "items": {"type": "string"}}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Look"}}}},
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Look"}}}}}}}},
        "components": {"schemas": {"Look": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "nullable": true, "readOnly": true},
            "kind": {"type": "string", "enum": ["a", "b"], "writeOnly": true, "deprecated": true}}}}},
    });
    let swagger = json!({
        "swagger": "2.0", "info": {"version": "4.0.26.12"}, "basePath": "/api/4.0",
        "consumes": ["application/json"], "produces": ["application/json"],
        "paths": {"/looks/{id}": {"patch": {
            "operationId": "update_look", "x-looker-status": "stable", "tags": ["Look"],
            "parameters": [
                {"name": "id", "in": "path", "required": true, "type": "string"},
                {"name": "ids", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "csv"},
                {"name": "body", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Look"}}],
            "responses": {"200": {"schema": {"$ref": "#/definitions/Look"}}}}}},
        "definitions": {"Look": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "x-looker-nullable": true, "readOnly": true},
            "kind": {"type": "string", "x-looker-values": ["a", "b"], "x-looker-write-only": true,
                "x-looker-deprecated": true}}}},
    });
    assert_eq!(Document::read(&openapi), Document::read(&swagger));
}
