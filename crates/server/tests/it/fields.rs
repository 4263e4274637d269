//! The parameter `fields`: every operation that takes it gives exactly what it names, property by property.
//!
//! What each answer must hold is checked as it arrives; here every operation is asked for every property of its answer.

use crate::sign_in::{PASSWORD, Person, done};
use belvedere_api::OPERATIONS;
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
    /// Whether each call makes a thing of its own.
    fn makes_another(&self) -> bool {
        matches!(
            self.operation,
            "create_query_task" | "create_user_credentials_api3" | "create_service_account" | "validate_project"
        )
    }

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
    let admin = server.admin();
    admin.post("/users/1/credentials_email").json(&json!({"email": "ada@example.com"})).await.ok();
    admin.post("/users/1/credentials_totp").await.ok();
    let person = Person::with_password(server).await;
    done(person.sign_in(server, PASSWORD).await);
    let app = json!({"redirect_uri": "https://app.example.com/oauth", "display_name": "App", "description": "Shows"});
    admin.post("/oauth_client_apps/app").json(&app).await.ok();
    for _ in 0..4 {
        let form = [("client_id", "B0B0B0B0B0B0B0B0B0B0"), ("client_secret", "wrong")];
        server.anybody().post("/login").form(&form).await.refused(404);
    }
    admin.post("/support_access/allowlist").json(&json!({"emails": ["s@example.com"], "reason": "x"})).await.ok();
    let embed = admin.post("/users/embed_user").json(&json!({"external_user_id": "7"})).await.ok();
    let embed = embed["id"].as_str().expect("an id").to_owned();
    admin.patch("/groups/1/attribute_values/7").json(&json!({"value": "de"})).await.ok();
    admin.post("/projects/shop/validate").await.ok();
    let get = |operation, path: String| Taker { operation, method: "GET", path, body: None };
    let post =
        |operation, path: &str, body| Taker { operation, method: "POST", path: path.to_owned(), body: Some(body) };
    vec![
        get("versions", "/versions".to_owned()),
        get("smtp_status", "/smtp_status".to_owned()),
        get("all_connections", "/connections".to_owned()),
        get("connection", "/connections/shop".to_owned()),
        get("all_lookml_models", "/lookml_models".to_owned()),
        get("lookml_model", "/lookml_models/shop".to_owned()),
        get("lookml_model_explore", "/lookml_models/shop/explores/orders".to_owned()),
        get("all_projects", "/projects".to_owned()),
        get("project", "/projects/shop".to_owned()),
        get("project_workspace", "/projects/shop/current_workspace".to_owned()),
        get("all_project_files", "/projects/shop/files".to_owned()),
        get("project_file", "/projects/shop/files/file?file_id=shop.model.lkml".to_owned()),
        post("validate_project", "/projects/shop/validate", json!({})),
        get("project_validation_results", "/projects/shop/validate".to_owned()),
        post("create_query", "/queries", query),
        post(
            "create_merge_query",
            "/merge_queries",
            json!({"source_queries": [{"query_id": text("id"), "name": "first", "merge_fields": []}]}),
        ),
        get("query", format!("/queries/{}", text("id"))),
        get("query_for_slug", format!("/queries/slug/{}", text("slug"))),
        post("create_query_task", "/query_tasks", task),
        get("query_task", format!("/query_tasks/{task_id}")),
        get("me", "/user".to_owned()),
        get("all_users", "/users".to_owned()),
        get("user", "/users/1".to_owned()),
        get("all_user_credentials_api3s", "/users/1/credentials_api3".to_owned()),
        get("user_credentials_email", "/users/1/credentials_email".to_owned()),
        get("search_credentials_email", "/credentials_email/search".to_owned()),
        get("all_user_credentials_embeds", format!("/users/{embed}/credentials_embed")),
        get("all_user_sessions", format!("/users/{}/sessions", person.id)),
        get("get_support_access_allowlist_entries", "/support_access/allowlist".to_owned()),
        get("all_user_login_lockouts", "/user_login_lockouts".to_owned()),
        get("all_oauth_client_apps", "/oauth_client_apps".to_owned()),
        get("user_credentials_totp", "/users/1/credentials_totp".to_owned()),
        post("create_user_credentials_api3", "/users/1/credentials_api3", json!({})),
        post("create_service_account", "/users/service_accounts", json!({"service_account_name": "Nightly"})),
        get("user_attribute_user_values", "/users/1/attribute_values".to_owned()),
        get("user_roles", "/users/1/roles".to_owned()),
        get("search_roles_with_user_count", "/roles/search/with_user_count".to_owned()),
        get("permission_set", "/permission_sets/2".to_owned()),
        get("model_set", "/model_sets/1".to_owned()),
        get("group", "/groups/1".to_owned()),
        get("search_groups_with_hierarchy", "/groups/search/with_hierarchy".to_owned()),
        get("search_groups_with_roles", "/groups/search/with_roles".to_owned()),
        get("user_attribute", "/user_attributes/1".to_owned()),
        get("all_user_attribute_group_values", "/user_attributes/7/group_values".to_owned()),
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

/// The name of the schema of an answer, or of the entries of a list.
fn schema_name(schema: &Value) -> String {
    let reference = schema.get("$ref").or_else(|| schema.pointer("/items/$ref")).and_then(Value::as_str);
    reference.and_then(|reference| reference.rsplit('/').next()).unwrap_or_default().to_owned()
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

/// Types of which a new server has no object: nobody signs in by such an account.
const WITHOUT_OBJECT: [&str; 5] =
    ["CredentialsGoogle", "CredentialsLDAP", "CredentialsLookerOpenid", "CredentialsOIDC", "CredentialsSaml"];

#[tokio::test]
async fn every_type_that_fields_choose_from_is_asked() {
    let server = TestServer::shop().await;
    let takers = takers(&server).await;
    let has_code = |name: &str| OPERATIONS.iter().any(|operation| operation.name() == name && operation.has_code);
    let of_operations: BTreeSet<(String, String)> = declared(server.document().root())
        .into_iter()
        .filter(|(operation, _)| has_code(operation))
        .map(|(operation, schema)| (operation, schema_name(schema)))
        // A text has no properties.
        .filter(|(_, schema)| !schema.is_empty())
        .collect();
    let asked: BTreeSet<&str> = of_operations
        .iter()
        .filter(|(operation, _)| takers.iter().any(|taker| taker.operation == operation))
        .map(|(_, schema)| schema.as_str())
        .chain(WITHOUT_OBJECT)
        .collect();
    let declared: BTreeSet<&str> = of_operations.iter().map(|(_, schema)| schema.as_str()).collect();
    assert_eq!(declared.difference(&asked).collect::<Vec<_>>(), Vec::<&&str>::new());
    for taker in takers {
        let whole = taker.call(&server, "").await.ok();
        let nothing = taker.call(&server, "nonsense").await.ok();
        match nothing.as_array() {
            Some(entries) => assert!(entries.iter().all(|entry| *entry == json!({})), "{}", taker.operation),
            None => assert_eq!(nothing, json!({}), "{}", taker.operation),
        }
        if !taker.makes_another() {
            assert_eq!(taker.call(&server, " , ").await.ok(), whole, "{}", taker.operation);
        }
    }
}
