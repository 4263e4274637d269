//! Who may call which operation. The expectations are written by hand, from what the API is known to do: 401 without a
//! valid token; 403 where the document declares it; 404 where an operation hides itself; lists show the visible part.

mod cost;
mod objects;

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Answer, Caller, TestServer, TestUser};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One operation: how it is called, and what each kind of caller gets.
struct Row {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    body: Option<Value>,
    /// Without a token, with garbage, with one that has expired, with one that was logged out.
    without: u16,
    /// A user without any rights; an administrator who acts as that user gets the same.
    plain: u16,
    admin: u16,
}

fn row(operation: &'static str, call: (&'static str, &'static str), without: u16, plain: u16, admin: u16) -> Row {
    Row { operation, method: call.0, path: call.1, body: None, without, plain, admin }
}

fn with(body: Value, mut row: Row) -> Row {
    row.body = Some(body);
    row
}

/// Operations with code, called about things that exist: `{query}` and the like.
fn matrix() -> Vec<Row> {
    let orders = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    let task = json!({"query_id": "1", "result_format": "json", "deferred": true});
    vec![
        row("login", ("POST", "/login?client_id={client_id}&client_secret={client_secret}"), 200, 200, 200),
        row("login_user", ("POST", "/login/{plain}"), 401, 403, 200),
        row("logout", ("DELETE", "/logout"), 401, 204, 204),
        row("versions", ("GET", "/versions"), 200, 200, 200),
        row("api_spec", ("GET", "/api_spec/4.0/swagger.json"), 401, 200, 200),
        row("all_connections", ("GET", "/connections"), 401, 404, 200),
        row("connection", ("GET", "/connections/shop"), 401, 404, 200),
        row("test_connection", ("PUT", "/connections/shop/test"), 401, 404, 200),
        row("all_lookml_models", ("GET", "/lookml_models"), 401, 200, 200),
        row("lookml_model", ("GET", "/lookml_models/shop"), 401, 404, 200),
        row("lookml_model_explore", ("GET", "/lookml_models/shop/explores/orders"), 401, 404, 200),
        with(json!({"name": "new"}), row("create_lookml_model", ("POST", "/lookml_models"), 401, 404, 501)),
        with(json!({}), row("update_lookml_model", ("PATCH", "/lookml_models/shop"), 401, 404, 501)),
        row("delete_lookml_model", ("DELETE", "/lookml_models/shop"), 401, 404, 501),
        row(
            "model_fieldname_suggestions",
            ("GET", "/models/shop/views/orders/fields/orders.status/suggestions"),
            401,
            404,
            200,
        ),
        row("all_projects", ("GET", "/projects"), 401, 403, 200),
        row("project", ("GET", "/projects/shop"), 401, 403, 200),
        with(orders.clone(), row("create_query", ("POST", "/queries"), 401, 404, 200)),
        row("query", ("GET", "/queries/{query}"), 401, 404, 200),
        row("query_for_slug", ("GET", "/queries/slug/{slug}"), 401, 404, 200),
        row("run_query", ("GET", "/queries/{query}/run/json"), 401, 404, 200),
        with(orders, row("run_inline_query", ("POST", "/queries/run/json"), 401, 404, 200)),
        row(
            "run_url_encoded_query",
            ("GET", "/queries/models/shop/views/orders/run/json?fields=orders.count"),
            401,
            404,
            200,
        ),
        with(task, row("create_query_task", ("POST", "/query_tasks"), 401, 404, 200)),
        row("query_task", ("GET", "/query_tasks/{task}"), 401, 404, 200),
        row("query_task_results", ("GET", "/query_tasks/{task}/results"), 401, 404, 202),
        row("query_task_multi_results", ("GET", "/query_tasks/multi_results?query_task_ids={task}"), 401, 404, 200),
        row("all_running_queries", ("GET", "/running_queries"), 401, 404, 200),
        row("kill_query", ("DELETE", "/running_queries/{task}"), 401, 404, 204),
        with(json!({}), row("create_merge_query", ("POST", "/merge_queries"), 401, 404, 422)),
        row("merge_query", ("GET", "/merge_queries/1"), 401, 404, 404),
        with(json!({"sql": "SELECT 1"}), row("create_sql_query", ("POST", "/sql_queries"), 401, 404, 422)),
        row("sql_query", ("GET", "/sql_queries/x"), 401, 404, 404),
        row("run_sql_query", ("POST", "/sql_queries/x/run/json"), 401, 404, 404),
        row("session", ("GET", "/session"), 401, 200, 200),
        with(json!({"workspace_id": "production"}), row("update_session", ("PATCH", "/session"), 401, 200, 200)),
        row("me", ("GET", "/user"), 401, 200, 200),
        row("all_users", ("GET", "/users"), 401, 200, 200),
        row("user", ("GET", "/users/{admin}"), 401, 200, 200),
        row("search_users", ("GET", "/users/search?first_name=Ada"), 401, 200, 200),
        row("search_users_names", ("GET", "/users/search/names/Ada"), 401, 200, 200),
        with(json!({"first_name": "New"}), row("create_user", ("POST", "/users"), 401, 404, 200)),
        with(json!({"first_name": "Ada"}), row("update_user", ("PATCH", "/users/{admin}"), 401, 403, 200)),
        row("delete_user", ("DELETE", "/users/{victim}"), 401, 403, 204),
        row("user_roles", ("GET", "/users/{admin}/roles"), 401, 404, 200),
        with(json!(["4"]), row("set_user_roles", ("PUT", "/users/{subject}/roles"), 401, 403, 200)),
        row("user_attribute_user_values", ("GET", "/users/{admin}/attribute_values"), 401, 404, 200),
        with(
            json!({"value": "x"}),
            row(
                "set_user_attribute_user_value",
                ("PATCH", "/users/{subject}/attribute_values/{attribute}"),
                401,
                403,
                200,
            ),
        ),
        row(
            "delete_user_attribute_user_value",
            ("DELETE", "/users/{subject}/attribute_values/{attribute}"),
            401,
            403,
            204,
        ),
        row("all_user_credentials_api3s", ("GET", "/users/{admin}/credentials_api3"), 401, 403, 200),
        row("user_credentials_api3", ("GET", "/users/{admin}/credentials_api3/1"), 401, 403, 200),
        row("create_user_credentials_api3", ("POST", "/users/{subject}/credentials_api3"), 401, 403, 200),
        with(
            json!({"purpose": "x"}),
            row("update_user_credentials_api3", ("PATCH", "/users/{admin}/credentials_api3/1"), 401, 403, 200),
        ),
        with(
            json!({"email": "subject@example.com"}),
            row("create_user_credentials_email", ("POST", "/users/{subject}/credentials_email"), 401, 403, 200),
        ),
        row("user_credentials_email", ("GET", "/users/{subject}/credentials_email"), 401, 403, 200),
        with(
            json!({"email": "s@example.com"}),
            row("update_user_credentials_email", ("PATCH", "/users/{subject}/credentials_email"), 401, 403, 200),
        ),
        row(
            "create_user_credentials_email_password_reset",
            ("POST", "/users/{subject}/credentials_email/password_reset"),
            401,
            403,
            200,
        ),
        row(
            "send_user_credentials_email_password_reset",
            ("POST", "/users/{subject}/credentials_email/send_password_reset"),
            401,
            403,
            400,
        ),
        with(
            json!({"address": "smtp.example.com", "from": "bi@example.com"}),
            row("set_smtp_settings", ("POST", "/smtp_settings"), 401, 403, 204),
        ),
        row("smtp_status", ("GET", "/smtp_status"), 401, 404, 200),
        row("password_config", ("GET", "/password_config"), 401, 403, 200),
        with(json!({"min_length": 8}), row("update_password_config", ("PATCH", "/password_config"), 401, 403, 200)),
        row("session_config", ("GET", "/session_config"), 401, 404, 200),
        with(json!({"session_minutes": 60}), row("update_session_config", ("PATCH", "/session_config"), 401, 404, 200)),
        row("get_support_access_allowlist_entries", ("GET", "/support_access/allowlist"), 401, 403, 200),
        with(
            json!({"emails": ["s@example.com"]}),
            row("add_support_access_allowlist_entries", ("POST", "/support_access/allowlist"), 401, 403, 200),
        ),
        row("delete_support_access_allowlist_entry", ("DELETE", "/support_access/allowlist/1"), 401, 403, 204),
        with(
            json!({"duration_in_seconds": 60}),
            row("enable_support_access", ("PUT", "/support_access/enable"), 401, 403, 200),
        ),
        row("disable_support_access", ("PUT", "/support_access/disable"), 401, 403, 200),
        row("support_access_status", ("GET", "/support_access/status"), 401, 403, 200),
        with(
            json!({"device_token": "t", "device_type": "ios"}),
            row("register_mobile_device", ("POST", "/mobile/device"), 401, 404, 200),
        ),
        row("update_mobile_device_registration", ("PATCH", "/mobile/device/{device}"), 401, 404, 200),
        row("deregister_mobile_device", ("DELETE", "/mobile/device/{device}"), 401, 404, 204),
        row("all_user_login_lockouts", ("GET", "/user_login_lockouts"), 401, 404, 200),
        row("search_user_login_lockouts", ("GET", "/user_login_lockouts/search"), 401, 404, 200),
        row("delete_user_login_lockout", ("DELETE", "/user_login_lockout/x"), 401, 404, 404),
        row("search_credentials_email", ("GET", "/credentials_email/search?email=s@%25"), 401, 403, 200),
        row("user_for_credential", ("GET", "/users/credential/email/s@example.com"), 401, 403, 200),
        row("delete_user_credentials_email", ("DELETE", "/users/{subject}/credentials_email"), 401, 403, 204),
        row("create_user_credentials_totp", ("POST", "/users/{subject}/credentials_totp"), 401, 403, 200),
        row("user_credentials_totp", ("GET", "/users/{subject}/credentials_totp"), 401, 403, 200),
        row("delete_user_credentials_totp", ("DELETE", "/users/{subject}/credentials_totp"), 401, 403, 204),
        row("all_user_sessions", ("GET", "/users/{admin}/sessions"), 401, 403, 200),
        row("all_groups", ("GET", "/groups"), 401, 200, 200),
        row("group", ("GET", "/groups/{group}"), 401, 404, 200),
        row("all_group_users", ("GET", "/groups/{group}/users"), 401, 404, 200),
        row("all_group_groups", ("GET", "/groups/{group}/groups"), 401, 404, 200),
        with(json!({"name": "Made by the matrix"}), row("create_group", ("POST", "/groups"), 401, 404, 200)),
        with(json!({"name": "Group"}), row("update_group", ("PATCH", "/groups/{group}"), 401, 403, 200)),
        with(json!({"user_id": "{subject}"}), row("add_group_user", ("POST", "/groups/{group}/users"), 401, 403, 404)),
        row("delete_group", ("DELETE", "/groups/{group}"), 401, 403, 204),
        row("all_roles", ("GET", "/roles"), 401, 200, 200),
        row("role", ("GET", "/roles/3"), 401, 404, 200),
        row("role_users", ("GET", "/roles/2/users"), 401, 404, 200),
        row("role_groups", ("GET", "/roles/2/groups"), 401, 404, 200),
        with(json!(["{subject}"]), row("set_role_users", ("PUT", "/roles/2/users"), 401, 403, 422)),
        row("delete_role", ("DELETE", "/roles/2"), 401, 404, 405),
        row("permission_set", ("GET", "/permission_sets/2"), 401, 404, 200),
        row("model_set", ("GET", "/model_sets/1"), 401, 404, 200),
        row("all_permissions", ("GET", "/permissions"), 401, 200, 200),
        row("user_attribute", ("GET", "/user_attributes/{attribute}"), 401, 404, 200),
        row("all_user_attribute_group_values", ("GET", "/user_attributes/{attribute}/group_values"), 401, 404, 200),
        row("delete_user_attribute", ("DELETE", "/user_attributes/{attribute}"), 401, 404, 204),
        with(
            json!({"redirect_uri": "https://app.example.com/", "display_name": "App"}),
            row("register_oauth_client_app", ("POST", "/oauth_client_apps/com.example.new"), 401, 404, 200),
        ),
        row("all_oauth_client_apps", ("GET", "/oauth_client_apps"), 401, 404, 200),
        row("oauth_client_app", ("GET", "/oauth_client_apps/{app}"), 401, 404, 200),
        with(
            json!({"description": "x"}),
            row("update_oauth_client_app", ("PATCH", "/oauth_client_apps/{app}"), 401, 404, 200),
        ),
        row("invalidate_tokens", ("DELETE", "/oauth_client_apps/{app}/tokens"), 401, 404, 204),
        row("activate_app_user", ("POST", "/oauth_client_apps/{app}/users/{admin}"), 401, 404, 204),
        row("deactivate_app_user", ("DELETE", "/oauth_client_apps/{app}/users/{admin}"), 401, 404, 204),
        row("delete_oauth_client_app", ("DELETE", "/oauth_client_apps/{app}"), 401, 404, 204),
        row("all_workspaces", ("GET", "/workspaces"), 401, 200, 200),
        row("workspace", ("GET", "/workspaces/dev"), 401, 404, 200),
    ]
}

/// What there is to call about: a saved query and a task of the administrator that waits.
struct Things(Vec<(&'static str, String)>);

impl Things {
    async fn of(server: &TestServer, plain: &str) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let query = json!({"model": "shop", "view": "orders", "fields": ["orders.id"]});
        let query = server.admin().post("/queries").json(&query).await.ok();
        let task = json!({"query_id": query["id"], "result_format": "json", "deferred": true});
        let task = server.admin().post("/query_tasks").json(&task).await.ok();
        let admin = server.admin();
        let subject = admin.post("/users").json(&json!({"first_name": "Subject"})).await.ok();
        let victim = admin.post("/users").json(&json!({"first_name": "Victim"})).await.ok();
        let group = admin.post("/groups").json(&json!({"name": "Group"})).await.ok();
        let attribute = json!({"name": "region", "label": "Region", "type": "string", "user_can_view": false});
        let attribute = admin.post("/user_attributes").json(&attribute).await.ok();
        let app = json!({"redirect_uri": "https://app.example.com/", "display_name": "App"});
        admin.post("/oauth_client_apps/com.example.app").json(&app).await.ok();
        let device = json!({"device_token": "own", "device_type": "android"});
        let device = admin.post("/mobile/device").json(&device).await.ok();
        Self(vec![
            ("{device}", text(&device["id"])),
            ("{app}", "com.example.app".to_owned()),
            ("{subject}", text(&subject["id"])),
            ("{victim}", text(&victim["id"])),
            ("{group}", text(&group["id"])),
            ("{attribute}", text(&attribute["id"])),
            ("{client_id}", server.ada.client_id.clone()),
            ("{client_secret}", server.ada.client_secret.clone()),
            ("{admin}", server.ada.id.clone()),
            ("{plain}", plain.to_owned()),
            ("{query}", text(&query["id"])),
            ("{slug}", text(&query["slug"])),
            ("{task}", text(&task["id"])),
        ])
    }

    fn put_into(&self, path: &str) -> String {
        self.0.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

async fn call(caller: &Caller<'_>, row: &Row, path: &str) -> Answer {
    let call = caller.call(row.method, path);
    match &row.body {
        Some(body) => call.json(body).await,
        None => call.await,
    }
}

#[tokio::test]
async fn everybody_gets_what_they_may() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let things = Things::of(&server, &paul.id).await;
    server.clock.set("2026-01-15T10:00:00Z".parse().expect("a time"));
    let expired = server.login(&server.ada).await;
    server.clock.set("2026-01-15T12:00:00Z".parse().expect("a time"));
    let logged_out = server.login(&server.ada).await;
    server.bearer(&logged_out).delete("/logout").await;
    for row in matrix() {
        let path = things.put_into(row.path);
        let callers = [
            ("nobody", server.anybody(), row.without),
            ("garbage", server.bearer("garbage"), row.without),
            ("an expired token", server.bearer(&expired), row.without),
            ("a token that was logged out", server.bearer(&logged_out), row.without),
            ("a plain user", server.bearer(&server.login(&paul).await), row.plain),
            ("an administrator as the plain user", server.bearer(&server.sudo(&paul).await), row.plain),
            ("an administrator", server.bearer(&server.login(&server.ada).await), row.admin),
        ];
        for (who, caller, expected) in callers {
            let answer = call(&caller, &row, &path).await;
            assert_eq!(answer.status, expected, "{} by {who}: {answer:?}", row.operation);
            let message = match expected {
                401 => "Requires authentication.",
                403 => "Permission Denied",
                404 => "Not found",
                501 => "This server does not implement the operation yet",
                _ => continue,
            };
            assert_eq!(answer.json()["message"], message, "{} by {who}", row.operation);
        }
    }
}

/// One operation of `matrix.txt`, and what each kind of caller gets.
struct Line<'a> {
    operation: &'a str,
    method: &'a str,
    expected: [&'a str; 5],
    path: &'a str,
}

fn lines() -> Vec<Line<'static>> {
    let lines = include_str!("permission/matrix.txt").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [operation, method, plain, viewer, developer, steward, admin, path] = words[..] else {
            panic!("not a line of the matrix: {line}")
        };
        Line { operation, method, expected: [plain, viewer, developer, steward, admin], path }
    };
    lines.map(read).collect()
}

#[tokio::test]
async fn the_matrix_has_every_operation_of_the_document() {
    let server = TestServer::shop().await;
    let paths = server.document().root()["paths"].as_object().expect("paths");
    let served: BTreeSet<(String, &str, &str)> = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().expect("methods").iter().map(move |method| (path, method)))
        .map(|(path, (method, operation))| {
            (method.to_uppercase(), path.as_str(), operation["operationId"].as_str().expect("an id"))
        })
        .collect();
    let lines = lines();
    let tested: BTreeSet<(String, &str, &str)> =
        lines.iter().map(|line| (line.method.to_owned(), line.path, line.operation)).collect();
    let missing: Vec<_> = served.difference(&tested).collect();
    assert!(missing.is_empty(), "operations without a line: {missing:?}");
    let matrix = matrix();
    let in_detail: BTreeSet<&str> = matrix.iter().map(|row| row.operation).collect();
    assert_eq!(in_detail.len(), matrix.len(), "an operation stands twice");
}

/// Users of every kind that the matrix speaks of, in its order.
async fn callers(server: &TestServer) -> [TestUser; 5] {
    let with_role = async |id| server.add_user(NewUser { roles: vec![RoleId::new(id)], ..NewUser::default() }).await;
    let names = ["see_users", "manage_groups", "manage_roles", "manage_user_attributes", "sudo"];
    let set = json!({"name": "Steward", "permissions": names});
    let set = server.admin().post("/permission_sets").json(&set).await.ok();
    let role = json!({"name": "Steward", "permission_set_id": set["id"], "model_set_id": "1"});
    let role = server.admin().post("/roles").json(&role).await.ok();
    let steward = role["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    [
        server.add_plain_user().await,
        with_role(4).await,
        with_role(1).await,
        with_role(steward).await,
        with_role(2).await,
    ]
}

#[tokio::test]
async fn every_operation_is_let_through_or_refused_as_the_matrix_says() {
    let server = TestServer::shop().await;
    let callers = callers(&server).await;
    server.clock.set("2026-01-15T10:00:00Z".parse().expect("a time"));
    let expired = server.login(&server.ada).await;
    server.clock.set("2026-01-15T12:00:00Z".parse().expect("a time"));
    // The one that ends its own token comes last.
    let mut lines = lines();
    lines.sort_by_key(|line| line.operation == "logout");
    let mut wrong = Vec::new();
    for line in lines {
        // Ids of nothing: what is let through finds nothing there, and changes nothing.
        let path: String = line
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "0" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let is_public = matches!(line.operation, "login" | "versions");
        if !is_public {
            for caller in [server.anybody(), server.bearer(&expired)] {
                caller.call(line.method, &path).await.refused(401);
            }
        }
        for (user, expected) in callers.iter().zip(line.expected) {
            let answer = server.user(user).call(line.method, &path).begin().await;
            let status = answer.status().as_u16();
            let fits = match expected {
                "may" => !matches!(status, 401 | 403 | 500),
                refused => status.to_string() == refused,
            };
            if !fits {
                wrong.push(format!(
                    "{} {path} ({}) as {}: {status}, not {expected}",
                    line.method, line.operation, user.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn whoever_is_refused_learns_nothing_from_how() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let things = Things::of(&server, &paul.id).await;
    let plain = server.user(&paul);
    for (real, made_up) in [
        ("/queries/{query}", "/queries/99"),
        ("/queries/slug/{slug}", "/queries/slug/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("/queries/{query}/run/json", "/queries/99/run/json"),
        ("/query_tasks/{task}", "/query_tasks/0123456789abcdef0123456789abcdef"),
        ("/query_tasks/{task}/results", "/query_tasks/0123456789abcdef0123456789abcdef/results"),
        ("/lookml_models/shop", "/lookml_models/store"),
        ("/lookml_models/shop/explores/orders", "/lookml_models/shop/explores/returns"),
        ("/connections/shop", "/connections/store"),
        ("/projects/shop", "/projects/store"),
        ("/users/{admin}/roles", "/users/99/roles"),
        ("/users/{admin}/attribute_values", "/users/99/attribute_values"),
        ("/users/{admin}/credentials_api3", "/users/99/credentials_api3"),
        ("/users/{admin}/credentials_api3/1", "/users/99/credentials_api3/99"),
        ("/users/{admin}/credentials_email", "/users/nobody/credentials_email"),
        ("/users/{admin}/sessions", "/users/99/sessions"),
        ("/groups/{group}", "/groups/99"),
        ("/groups/{group}/users", "/groups/99/users"),
        ("/roles/2", "/roles/99"),
        ("/roles/2/users", "/roles/99/users"),
        ("/permission_sets/2", "/permission_sets/99"),
        ("/model_sets/1", "/model_sets/99"),
        ("/user_attributes/{attribute}", "/user_attributes/99"),
        ("/oauth_client_apps/{app}", "/oauth_client_apps/com.example.nothing"),
    ] {
        let (real, made_up) = (plain.get(&things.put_into(real)).await, plain.get(made_up).await);
        assert_eq!((real.status, real.text()), (made_up.status, made_up.text()));
    }
}

#[tokio::test]
async fn a_body_is_not_even_read_for_whoever_may_not_call() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    for body in ["{\"model\":", "", "[1]"] {
        let refused = server.anybody().post("/queries").body("application/json", body).await;
        assert_eq!(refused.status, 401, "{body}");
        let refused = server.user(&paul).post("/queries").body("application/json", body).await;
        assert_eq!(refused.status, 404, "{body}");
    }
    let large = "x".repeat(70_000);
    server.anybody().post("/queries").body("application/json", large.clone()).await.refused(401);
    server.user(&paul).post("/queries").body("application/json", large).await.refused(404);
}

#[tokio::test]
async fn what_is_refused_has_no_effect() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    server.user(&paul).post("/queries").json(&query).await.refused(404);
    server.user(&paul).run(&query, "json", "").await.refused(404);
    server.anybody().post("/queries").json(&query).await.refused(401);
    server.admin().get("/queries/1").await.refused(404);
}
