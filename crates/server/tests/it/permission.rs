//! Who may call which operation. The expectations are written by hand, from what the API is known to do: 401 without a
//! valid token; 403 where the document declares it; 404 where an operation hides itself; lists show the visible part.

use belvedere_testing::{Answer, Caller, TestServer};
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

/// Every operation of the contract. `{query}` and the like stand for things that exist.
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
        with(json!({}), row("create_merge_query", ("POST", "/merge_queries"), 401, 404, 501)),
        row("merge_query", ("GET", "/merge_queries/1"), 401, 404, 501),
        with(json!({"sql": "SELECT 1"}), row("create_sql_query", ("POST", "/sql_queries"), 401, 404, 501)),
        row("sql_query", ("GET", "/sql_queries/x"), 401, 404, 501),
        row("run_sql_query", ("POST", "/sql_queries/x/run/json"), 401, 404, 501),
        row("session", ("GET", "/session"), 401, 200, 200),
        with(json!({"workspace_id": "production"}), row("update_session", ("PATCH", "/session"), 401, 200, 200)),
        row("me", ("GET", "/user"), 401, 200, 200),
        row("all_users", ("GET", "/users"), 401, 200, 200),
        row("user", ("GET", "/users/{admin}"), 401, 404, 200),
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
        Self(vec![
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

#[tokio::test]
async fn the_matrix_has_every_operation_of_the_document() {
    let server = TestServer::shop().await;
    let paths = server.document().root()["paths"].as_object().expect("paths").values();
    let methods = paths.flat_map(|methods| methods.as_object().expect("methods").values());
    let served: BTreeSet<&str> = methods.map(|operation| operation["operationId"].as_str().expect("an id")).collect();
    let matrix = matrix();
    let tested: BTreeSet<&str> = matrix.iter().map(|row| row.operation).collect();
    assert_eq!(tested, served);
    assert_eq!(tested.len(), matrix.len(), "an operation stands twice");
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
        ("/users/{admin}", "/users/99"),
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
