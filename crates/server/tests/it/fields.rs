//! The parameter `fields`: every operation that takes it gives exactly what it names, property by property.
//!
//! What each answer must hold is checked as it arrives; here every operation is asked for every property of its answer.

use belvedere_testing::{Call, TestServer};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An operation that takes `fields`, and a call of it that goes well.
struct Taker {
    operation: &'static str,
    method: &'static str,
    path: String,
    body: Option<Value>,
}

impl Taker {
    fn call<'a>(&self, server: &'a TestServer, fields: &str) -> Call<'a> {
        let call = server.admin().call(self.method, &self.path).query("fields", fields);
        match &self.body {
            Some(body) => call.json(body),
            None => call,
        }
    }
}

async fn takers(server: &TestServer) -> Vec<Taker> {
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"], "vis_config": {"type": "table"}});
    let saved = server.admin().post("/queries").json(&query).await.ok();
    let text = |key: &str| saved[key].as_str().expect("a text").to_owned();
    let task = json!({"query_id": saved["id"], "result_format": "json", "deferred": true});
    let task_id = server.admin().post("/query_tasks").json(&task).await.ok()["id"].as_str().expect("an id").to_owned();
    let get = |operation, path: String| Taker { operation, method: "GET", path, body: None };
    let post =
        |operation, path: &str, body| Taker { operation, method: "POST", path: path.to_owned(), body: Some(body) };
    vec![
        get("versions", "/versions".to_owned()),
        get("all_connections", "/connections".to_owned()),
        get("connection", "/connections/shop".to_owned()),
        get("all_lookml_models", "/lookml_models".to_owned()),
        get("lookml_model", "/lookml_models/shop".to_owned()),
        get("lookml_model_explore", "/lookml_models/shop/explores/orders".to_owned()),
        get("all_projects", "/projects".to_owned()),
        get("project", "/projects/shop".to_owned()),
        post("create_query", "/queries", query),
        get("query", format!("/queries/{}", text("id"))),
        get("query_for_slug", format!("/queries/slug/{}", text("slug"))),
        post("create_query_task", "/query_tasks", task),
        get("query_task", format!("/query_tasks/{task_id}")),
        get("me", "/user".to_owned()),
        get("all_users", "/users".to_owned()),
        get("user", "/users/1".to_owned()),
    ]
}

/// The operations of the document that take `fields`, each with its answer's schema.
fn declared(root: &Value) -> Vec<(String, &Value)> {
    let paths = root["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|methods| methods.as_object().expect("methods").values());
    let takes_fields = |operation: &&Value| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|parameter| parameter["name"] == "fields")
    };
    let answer = |operation: &'_ Value| operation["operationId"].as_str().expect("an id").to_owned();
    operations
        .filter(takes_fields)
        .map(|operation| (answer(operation), &operation["responses"]["200"]["content"]["application/json"]["schema"]))
        .collect()
}

/// The schema behind references, lists and nullable parts.
fn target<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return target(root, root.pointer(reference.trim_start_matches('#')).expect("a schema"));
    }
    match (schema.get("items"), schema.pointer("/allOf/0")) {
        (Some(inner), _) | (_, Some(inner)) => target(root, inner),
        (None, None) => schema,
    }
}

/// The names of the properties that answers have, each with its schema.
fn properties<'a>(root: &'a Value, schema: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let declared = target(root, schema).get("properties").and_then(Value::as_object).into_iter().flatten();
    let readable = declared.filter(|(_, property)| property.get("writeOnly") != Some(&Value::Bool(true)));
    readable.map(|(name, property)| (name.as_str(), property)).collect()
}

#[tokio::test]
async fn every_property_can_be_asked_for_alone() {
    let server = TestServer::shop().await;
    let root = server.document().root();
    let takers = takers(&server).await;
    let mut asked = 0;
    for (operation, schema) in declared(root) {
        let Some(taker) = takers.iter().find(|taker| taker.operation == operation) else { continue };
        for (name, property) in properties(root, schema) {
            let answer = taker.call(&server, name).await.ok();
            let object = if answer.is_array() { &answer[0] } else { &answer };
            let keys: Vec<&String> = object.as_object().expect("an object").keys().collect();
            assert_eq!(keys, [name], "{operation}");
            asked += 1;
            // Blanks and names of nothing do not count; what is within is chosen in the same way.
            if let Some((inner, _)) = properties(root, property).first() {
                let nested = format!(" nonsense( x ), {name} ( {inner} , nonsense ) ");
                taker.call(&server, &nested).await.ok();
            }
        }
    }
    assert!(asked > 300, "only {asked} properties were asked for");
}

#[tokio::test]
async fn every_operation_that_takes_fields_is_asked() {
    let server = TestServer::shop().await;
    let takers = takers(&server).await;
    let asked: BTreeSet<&str> = takers.iter().map(|taker| taker.operation).collect();
    let declared: BTreeSet<String> = declared(server.document().root()).into_iter().map(|(name, _)| name).collect();
    let without_code = ["create_merge_query", "merge_query"];
    let expected = declared.iter().map(String::as_str).filter(|name| !without_code.contains(name));
    assert_eq!(asked, expected.collect());
    for taker in takers {
        let whole = taker.call(&server, "").await.ok();
        let nothing = taker.call(&server, "nonsense").await.ok();
        match nothing.as_array() {
            Some(entries) => assert!(entries.iter().all(|entry| *entry == json!({})), "{}", taker.operation),
            None => assert_eq!(nothing, json!({}), "{}", taker.operation),
        }
        if taker.operation != "create_query_task" {
            assert_eq!(taker.call(&server, " , ").await.ok(), whole, "{}", taker.operation);
        }
    }
}
