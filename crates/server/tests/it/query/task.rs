//! Query tasks: runs in the background that are polled.

use belvedere_testing::{Answer, TestServer, TestUser, eventually};
use serde_json::{Value, json};

fn orders(fields: &[&str]) -> Value {
    json!({
        "model": "shop", "view": "orders", "fields": fields, "sorts": ["orders.id"], "filters": {"orders.id": "1,2"},
    })
}

/// Saves a query and gives its id.
async fn saved(server: &TestServer, query: &Value) -> String {
    let saved = server.admin().post("/queries?fields=id").json(query).await.ok();
    saved["id"].as_str().expect("an id").to_owned()
}

/// Starts a task of a query and gives its id.
async fn started(server: &TestServer, query: &Value, format: &str, how: &str) -> String {
    let body = json!({"query_id": saved(server, query).await, "result_format": format});
    let task = server.admin().post(&format!("/query_tasks?fields=id&{how}")).json(&body).await.ok();
    task["id"].as_str().expect("an id").to_owned()
}

async fn task(server: &TestServer, id: &str) -> Value {
    server.admin().get(&format!("/query_tasks/{id}")).await.ok()
}

/// Waits until a task is over, and gives its status.
async fn ended(server: &TestServer, id: &str) -> String {
    eventually(async || {
        let status = task(server, id).await["status"].as_str().expect("a status").to_owned();
        (status != "added" && status != "running").then_some(status)
    })
    .await
}

async fn results(server: &TestServer, id: &str) -> Answer {
    server.admin().get(&format!("/query_tasks/{id}/results")).await
}

/// What `query_task_multi_results` says of one task.
async fn entry(server: &TestServer, id: &str) -> Value {
    server.admin().get("/query_tasks/multi_results").query("query_task_ids", id).await.ok()[id].clone()
}

#[tokio::test]
async fn a_task_is_told_in_full() {
    let server = TestServer::shop().await;
    let query = saved(&server, &orders(&["orders.id"])).await;
    let body = json!({
        "query_id": query, "result_format": "csv", "source": "spectacles", "deferred": true, "look_id": null,
        "can": {}, "no_such_key": 1,
    });
    let created = server.admin().post("/query_tasks").json(&body).await;
    let mut told = created.ok();
    let id = told["id"].as_str().expect("an id").to_owned();
    assert_eq!(server.admin().get(&format!("/query_tasks/{id}")).await.text(), created.text());
    assert_eq!(told["query"], server.admin().get(&format!("/queries/{query}")).await.ok());
    told["query"] = json!("as everywhere");
    insta::assert_snapshot!(serde_json::to_string_pretty(&told).expect("JSON"));
}

#[tokio::test]
async fn fields_choose_what_is_told_of_a_task() {
    let server = TestServer::shop().await;
    let query = saved(&server, &orders(&["orders.id"])).await;
    let body = json!({"query_id": query, "result_format": "json", "deferred": true});
    let created = server.admin().post("/query_tasks?fields=id&cache=false").json(&body).await.ok();
    let id = created["id"].as_str().expect("an id");
    assert_eq!(created, json!({"id": id}));
    for (fields, told) in [
        ("status", json!({"status": "added"})),
        (
            "query_id, query(model, id(x), nonsense), nonsense",
            json!({"query_id": "1", "query": {"id": "1", "model": "shop"}}),
        ),
        ("nonsense", json!({})),
    ] {
        let answer = server.admin().get(&format!("/query_tasks/{id}")).query("fields", fields).await;
        assert_eq!(answer.ok(), told, "{fields}");
    }
}

#[tokio::test]
async fn a_task_goes_from_added_to_complete() {
    let server = TestServer::shop().await;
    for (format, content_type, body) in [
        (
            "json",
            "application/json",
            "[{\"orders.id\":1,\"orders.amount\":20},{\"orders.id\":2,\"orders.amount\":1042.5}]",
        ),
        ("csv", "text/csv;charset=utf-8", "Orders ID,Orders Amount\n1,20\n2,1042.5\n"),
        ("txt", "text/plain;charset=utf-8", "Orders ID\tOrders Amount\n1\t20\n2\t1042.5\n"),
        (
            "md",
            "text/plain;charset=utf-8",
            "| Orders ID | Orders Amount |\n| --- | --- |\n| 1 | 20 |\n| 2 | 1042.5 |\n",
        ),
    ] {
        let query = saved(&server, &orders(&["orders.id", "orders.amount"])).await;
        let body_of_task = json!({"query_id": query, "result_format": format});
        let created = server.admin().post("/query_tasks").json(&body_of_task).await.ok();
        assert_eq!(created["status"], "added", "{format}");
        let id = created["id"].as_str().expect("an id");
        assert_eq!(ended(&server, id).await, "complete", "{format}");
        for _ in 0..2 {
            let rows = results(&server, id).await;
            assert_eq!((rows.ok_text(), rows.content_type()), (body, content_type), "results can be read again");
        }
        let told = task(&server, id).await;
        assert!(told["runtime"].as_f64().is_some_and(|seconds| seconds > 0.0), "{told}");
    }
}

#[tokio::test]
async fn the_result_of_a_task_is_that_of_the_same_run() {
    let server = TestServer::shop().await;
    let query = orders(&["orders.id", "orders.status", "orders.amount", "orders.created_time", "orders.is_large"]);
    for format in ["json", "inline_json", "json_bi", "csv", "txt", "md", "html", "gsxml", "sql"] {
        for how in ["", "apply_formatting=true", "limit=1"] {
            let id = started(&server, &query, format, how).await;
            assert_eq!(ended(&server, &id).await, "complete", "{format} {how}");
            let run = server.admin().run(&query, format, how).await;
            let kept = results(&server, &id).await;
            assert_eq!(kept.ok_text(), run.ok_text(), "{format} {how}");
            assert_eq!(kept.content_type(), run.content_type(), "{format} {how}");
        }
    }
    let id = started(&server, &query, "json_detail", "").await;
    assert_eq!(ended(&server, &id).await, "complete");
    let detail = results(&server, &id).await.ok();
    assert_eq!(detail["id"], json!(id));
    assert_eq!(detail["data"], server.admin().run(&query, "json_detail", "").await.ok()["data"]);
}

#[tokio::test]
async fn a_task_that_is_not_ready_says_when_to_ask_again() {
    let server = TestServer::shop().await;
    let endless = json!({"model": "shop", "view": "endless", "fields": ["endless.highest"]});
    let id = started(&server, &endless, "json", "").await;
    eventually(async || (task(&server, &id).await["status"] == "running").then_some(())).await;
    let pending = results(&server, &id).await;
    assert_eq!((pending.status, pending.body.len()), (202, 0));
    assert_eq!(pending.header("retry-after"), Some("1"));
    assert_eq!(entry(&server, &id).await, json!({"status": "running"}));
    let listed = server.admin().get("/running_queries").await.ok();
    assert_eq!(listed[0]["query_task_id"], json!(id));
    assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.status, 204);
    assert_eq!(task(&server, &id).await["status"], "killed");
    server.until_nothing_runs().await;
    assert_eq!(task(&server, &id).await["status"], "killed", "a statement that stops does not change that");
    assert_eq!(results(&server, &id).await.refused(400), "Query was killed");
    assert_eq!(entry(&server, &id).await, json!({"status": "killed"}));
    assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.refused(404), "Not found");
}

#[tokio::test]
async fn a_deferred_task_waits() {
    let server = TestServer::shop().await;
    let query = saved(&server, &orders(&["orders.id"])).await;
    let body = json!({"query_id": query, "result_format": "json", "deferred": true});
    let id = server.admin().post("/query_tasks").json(&body).await.ok()["id"].as_str().expect("an id").to_owned();
    assert_eq!(task(&server, &id).await["status"], "added");
    assert_eq!(results(&server, &id).await.status, 202);
    assert_eq!(entry(&server, &id).await, json!({"status": "added"}));
    assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.status, 204);
    assert_eq!(task(&server, &id).await["status"], "killed");
}

const DATABASE: &str = "The DuckDB database encountered an error while running this query.";

#[tokio::test]
async fn a_task_that_fails_says_so_in_the_way_of_its_format() {
    let server = TestServer::shop().await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.misspelt"]});
    let details = "Binder Error: Table \"orders\" does not have a column named \"no_such_column\"";
    for format in ["json", "inline_json", "json_bi", "csv", "txt", "md", "html"] {
        let id = started(&server, &query, format, "").await;
        assert_eq!(ended(&server, &id).await, "error", "{format}");
        let refused = results(&server, &id).await;
        assert!(refused.refused(400).starts_with(&format!("{DATABASE} {details}")), "{format}: {refused:?}");
        let entry = entry(&server, &id).await;
        assert_eq!(entry["status"], "error");
        let data = &entry["data"];
        if format == "json_bi" {
            let error = data["rows"][0]["looker_error"].as_str().expect("a row that tells");
            assert!(error.starts_with(DATABASE), "{data}");
            assert_eq!(data["metadata"]["fields"]["dimensions"][0]["name"], "orders.misspelt");
        } else {
            assert_eq!(data["id"], json!(id), "{format}");
            assert!(data["error"].as_str().is_some_and(|error| error.starts_with(DATABASE)), "{format}: {data}");
            assert!(data["runtime"].is_number(), "{format}: {data}");
            assert!(data["sql"].as_str().is_some_and(|sql| sql.contains("no_such_column")), "{format}: {data}");
        }
    }
    let id = started(&server, &query, "json_detail", "").await;
    assert_eq!(ended(&server, &id).await, "error");
    let detail = results(&server, &id).await.ok();
    assert_eq!((&detail["status"], &detail["data"]), (&json!("error"), &json!([])));
    let error = &detail["errors"][0];
    assert_eq!(error["message"], DATABASE);
    assert!(error["message_details"].as_str().is_some_and(|text| text.starts_with(details)), "{error}");
    assert_eq!(error["sql_error_loc"]["line"], json!(2), "{error}");
    assert_eq!(entry(&server, &id).await["data"]["errors"], detail["errors"]);
}

#[tokio::test]
async fn a_task_that_cannot_be_planned_fails_as_a_run_does() {
    let server = TestServer::shop().await;
    for (query, message) in [
        (orders(&["orders.no_such_field"]), "Unknown field `orders.no_such_field` in explore `orders`"),
        (json!({"model": "shop", "view": "orders"}), "Must query at least one dimension or measure"),
    ] {
        for format in ["json", "csv", "json_bi", "sql"] {
            let id = started(&server, &query, format, "").await;
            assert_eq!(ended(&server, &id).await, "error", "{format}");
            assert_eq!(results(&server, &id).await.refused(400), message, "{format}");
        }
        let id = started(&server, &query, "json_detail", "").await;
        assert_eq!(ended(&server, &id).await, "error");
        assert_eq!(results(&server, &id).await.ok()["errors"][0]["message"], message);
    }
}

#[tokio::test]
async fn a_task_that_fails_late_keeps_no_rows() {
    let server = TestServer::shop().await;
    let late = json!({
        "model": "shop", "view": "numbers", "fields": ["numbers.id", "numbers.late"], "limit": "-1",
        "sorts": ["__UNSORTED__"],
    });
    let id = started(&server, &late, "csv", "").await;
    assert_eq!(ended(&server, &id).await, "error");
    assert!(results(&server, &id).await.refused(400).contains("row 3"));
}

#[tokio::test]
async fn several_tasks_are_asked_for_at_once() {
    let server = TestServer::shop().await;
    let query = orders(&["orders.id"]);
    let json_task = started(&server, &query, "json", "").await;
    let csv_task = started(&server, &query, "csv", "").await;
    for id in [&json_task, &csv_task] {
        assert_eq!(ended(&server, id).await, "complete");
    }
    let unknown = "0123456789abcdef0123456789abcdef";
    let expected = json!({
        &csv_task: {"status": "complete", "data": "Orders ID\n1\n2\n"},
        unknown: {"status": "missing"},
        &json_task: {"status": "complete", "data": [{"orders.id": 1}, {"orders.id": 2}]},
        "no <id>": {"status": "missing"},
    });
    let ids = [&csv_task, unknown, &json_task, "no <id>"];
    let multi = "/query_tasks/multi_results";
    let together = server.admin().get(multi).query("query_task_ids", &ids.join(",")).await;
    assert_eq!(together.ok(), expected);
    let order: Vec<String> = together.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(order, ids, "in the order in which they were asked for");
    let as_json = serde_json::to_string(&ids).expect("JSON");
    assert_eq!(server.admin().get(multi).query("query_task_ids", &as_json).await.ok(), expected);
    let quoted = format!("\"{}\"", ids.join(","));
    assert_eq!(server.admin().get(multi).query("query_task_ids", &quoted).await.ok(), expected);
    let mut one_by_one = server.admin().get(multi);
    for id in ids {
        one_by_one = one_by_one.query("query_task_ids", id);
    }
    assert_eq!(one_by_one.await.ok(), expected);
    assert_eq!(
        server
            .admin()
            .get(multi)
            .query("query_task_ids", &format!("{json_task},{json_task}"))
            .await
            .ok()
            .as_object()
            .map(serde_json::Map::len),
        Some(1)
    );
    let twice = server.admin().get(multi).query("query_task_ids", &format!("{unknown},{unknown}")).await;
    assert_eq!(twice.ok_text().matches(unknown).count(), 1, "no key twice: {twice:?}");
    for query in ["", "?query_task_ids=", "?query_task_ids=null"] {
        assert_eq!(server.admin().get(&format!("{multi}{query}")).await.refused(400), "`query_task_ids` is missing");
    }
}

#[tokio::test]
async fn a_task_whose_rows_are_gone_is_expired() {
    let server = TestServer::shop().await;
    let query = orders(&["orders.id"]);
    let (gone, kept) = (started(&server, &query, "json", "").await, started(&server, &query, "csv", "").await);
    for id in [&gone, &kept] {
        assert_eq!(ended(&server, id).await, "complete");
    }
    server.engine.forget_task(&gone);
    assert_eq!(results(&server, &gone).await.refused(404), "Not found");
    let both = server.admin().get(&format!("/query_tasks/multi_results?query_task_ids={gone},{kept}")).await;
    let data = "Orders ID\n1\n2\n";
    assert_eq!(both.ok(), json!({&gone: {"status": "expired"}, &kept: {"status": "complete", "data": data}}));
}

#[tokio::test]
async fn a_task_of_what_there_is_not_is_refused() {
    let server = TestServer::shop().await;
    let query = saved(&server, &orders(&["orders.id"])).await;
    let create = async |body: &Value| server.admin().post("/query_tasks").json(body).await;
    for id in [json!("99"), json!(99), json!("x"), json!("")] {
        let refused = create(&json!({"query_id": id, "result_format": "json"})).await;
        assert_eq!(refused.refused(404), "Not found", "{id}");
    }
    let by_number = create(&json!({"query_id": 1, "result_format": "json"})).await;
    assert_eq!(by_number.ok()["query_id"], json!("1"), "an id may be a number");
    let refused = create(&json!({"query_id": query, "result_format": "xml"})).await;
    refused.refused(422);
    assert_eq!(refused.json()["errors"][0]["field"], "result_format");
    let refused = create(&json!({})).await;
    refused.refused(422);
    let fields: Vec<Value> =
        refused.json()["errors"].as_array().expect("a list").iter().map(|error| error["field"].clone()).collect();
    assert_eq!(fields, ["query_id", "result_format"]);
    let refused = create(&json!({"query_id": query, "result_format": "odc"})).await;
    assert_eq!(refused.refused(501), "This server does not implement the operation yet");
    let refused =
        server.admin().post("/query_tasks?limit=-2").json(&json!({"query_id": query, "result_format": "json"})).await;
    assert_eq!(refused.refused(400), "`limit` must be a number of rows, or -1 for all, not -2");
    for id in ["0123456789abcdef0123456789abcdef", "1", "x", "..%2F1", "0123456789ABCDEF0123456789ABCDEF"] {
        assert_eq!(server.admin().get(&format!("/query_tasks/{id}")).await.refused(404), "Not found", "{id}");
        assert_eq!(server.admin().get(&format!("/query_tasks/{id}/results")).await.refused(404), "Not found", "{id}");
    }
}

#[tokio::test]
async fn the_tasks_of_others_are_not_found() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let id = started(&server, &orders(&["orders.id"]), "json", "").await;
    assert_eq!(ended(&server, &id).await, "complete");
    for path in [format!("/query_tasks/{id}"), format!("/query_tasks/{id}/results")] {
        assert_eq!(server.user(&paul).get(&path).await.refused(404), "Not found");
    }
    let multi = format!("/query_tasks/multi_results?query_task_ids={id}");
    assert_eq!(server.user(&paul).get(&multi).await.refused(404), "Not found");
    let other = server
        .add_user(belvedere_store::user::NewUser { roles: vec![belvedere_store::role::ADMIN], ..Default::default() })
        .await;
    assert_eq!(
        server.user(&other).get(&format!("/query_tasks/{id}/results")).await.ok(),
        json!([{"orders.id": 1}, {"orders.id": 2}]),
        "administrators see all"
    );
}

/// A caller with a role of these permissions on all models.
async fn with_permissions(server: &TestServer, permissions: &[&str]) -> TestUser {
    let set = json!({"name": permissions.join(" "), "permissions": permissions});
    let set = server.admin().post("/permission_sets").json(&set).await.ok()["id"].clone();
    let role = json!({"name": permissions.join(" "), "permission_set_id": set, "model_set_id": "1"});
    let role = server.admin().post("/roles").json(&role).await.ok();
    let user = server.add_plain_user().await;
    server.admin().put(&format!("/users/{}/roles", user.id)).json(&json!([role["id"]])).await.ok();
    user
}

#[tokio::test]
async fn who_may_not_see_sql_gets_it_from_no_task() {
    let server = TestServer::shop().await;
    let user = with_permissions(&server, &["access_data", "see_looks"]).await;
    let seeing = with_permissions(&server, &["access_data", "see_looks", "see_sql"]).await;
    let start = async |user: &TestUser, fields: &[&str], format: &str| {
        let body = json!({"query_id": saved(&server, &orders(fields)).await, "result_format": format});
        server.user(user).post("/query_tasks").json(&body).await
    };
    assert_eq!(start(&user, &["orders.id"], "sql").await.refused(404), "Not found");
    let text = start(&seeing, &["orders.id"], "sql").await.ok()["id"].as_str().expect("an id").to_owned();
    assert_eq!(ended(&server, &text).await, "complete");
    let text = format!("/query_tasks/{text}/results");
    assert!(server.user(&seeing).get(&text).await.ok_text().starts_with("SELECT"));
    for format in ["json", "json_detail"] {
        for (caller, told) in [(&user, false), (&seeing, true)] {
            let id = start(caller, &["orders.misspelt"], format).await.ok()["id"].as_str().expect("an id").to_owned();
            assert_eq!(ended(&server, &id).await, "error");
            let caller = server.user(caller);
            let multi = caller.get("/query_tasks/multi_results").query("query_task_ids", &id).await;
            let alone = caller.get(&format!("/query_tasks/{id}/results")).await;
            let shown = format!("{}{}", multi.ok_text(), alone.text());
            assert_eq!(shown.contains("SELECT"), told, "{format}: {shown}");
        }
    }
    // What was allowed once is asked for again by somebody to whom it is not any more.
    let set = json!({"permissions": ["access_data", "see_looks"]});
    let sets = server.admin().get("/permission_sets/search?name=access_data%20see_looks%20see_sql").await.ok();
    let path = format!("/permission_sets/{}", sets[0]["id"].as_str().expect("an id"));
    server.admin().patch(&path).json(&set).await.ok();
    server.user(&seeing).get(&text).await.refused(404);
}
