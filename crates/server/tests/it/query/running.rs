//! The statements that run now: who sees them, and who stops them.

use belvedere_store::query_task::{self, NewQueryTask};
use belvedere_testing::{TestServer, TestUser, eventually};
use reqwest::Response;
use serde_json::{Value, json};
use std::sync::Arc;

fn endless_rows() -> Value {
    json!({"model": "shop", "view": "endless", "fields": ["endless.x"], "limit": "-1", "sorts": ["__UNSORTED__"]})
}

fn endless_sum() -> Value {
    json!({"model": "shop", "view": "endless", "fields": ["endless.highest"]})
}

/// The rest of an answer, or why there is none.
async fn rest(mut response: Response) -> Result<String, reqwest::Error> {
    let mut rest = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        rest.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(rest).expect("text"))
}

async fn running(server: &TestServer) -> Vec<Value> {
    server.admin().get("/running_queries").await.ok().as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_statement_is_listed_while_it_runs() {
    let server = TestServer::shop().await;
    assert_eq!(running(&server).await, Vec::<Value>::new());
    let response = server.admin().run(&endless_rows(), "csv", "").begin().await;
    server.clock.set("2026-01-15T12:00:02.5Z".parse().expect("a time"));
    let listed = eventually(async || {
        let mut listed = running(&server).await;
        // The query is saved beside its run, and need not be first.
        listed.pop().filter(|running| !running["query"].is_null())
    });
    let mut listed = listed.await;
    assert_eq!(listed["query"]["model"], "shop");
    listed["query"] = json!("as everywhere");
    insta::assert_snapshot!(serde_json::to_string_pretty(&listed).expect("JSON"));
    drop(response);
    server.until_nothing_runs().await;
    assert_eq!(running(&server).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_run_that_is_killed_in_mid_stream_says_so() {
    let server = TestServer::shop().await;
    for (format, ending) in [
        ("json", Some("{\"looker_error\":\"Query was cancelled\"}]")),
        ("json_bi", Some("{\"looker_error\":\"Query was cancelled\"}]}")),
        ("csv", None),
    ] {
        let mut response = server.admin().run(&endless_rows(), format, "").begin().await;
        response.chunk().await.expect("bytes").expect("rows");
        let id = running(&server).await[0]["query_task_id"].as_str().expect("an id").to_owned();
        let killed = server.admin().delete(&format!("/running_queries/{id}")).await;
        assert_eq!((killed.status, killed.body.len()), (204, 0));
        match (rest(response).await, ending) {
            (Ok(rest), Some(ending)) => assert!(rest.ends_with(ending), "{format}: {}", &rest[rest.len() - 80..]),
            (Err(_), None) => {}
            (ended, _) => panic!("{format} ends with {ended:?}"),
        }
        server.until_nothing_runs().await;
        assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.refused(404), "Not found");
    }
}

#[tokio::test]
async fn a_run_of_rows_that_are_remembered_can_be_killed_too() {
    let server = TestServer::shop().await;
    // A name that each row repeats: what is on its way would fit into no buffer, and little is remembered.
    let long = "n".repeat(2000);
    let many = json!({
        "model": "shop", "view": "numbers", "fields": ["numbers.id", long], "limit": "-1", "sorts": ["__UNSORTED__"],
        "dynamic_fields": json!([{"dimension": long, "expression": "1"}]).to_string(),
    });
    server.admin().run(&many, "csv", "").await.ok_text();
    // A run is listed until its last byte is on its way, which its reader may have a moment before.
    server.until_nothing_runs().await;
    let mut response = server.admin().run(&many, "json", "cache_only=true").begin().await;
    response.chunk().await.expect("bytes").expect("rows");
    let id = running(&server).await[0]["query_task_id"].as_str().expect("an id").to_owned();
    assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.status, 204);
    let rest = rest(response).await.expect("a whole body");
    assert!(rest.ends_with("{\"looker_error\":\"Query was cancelled\"}]"), "{}", &rest[rest.len() - 80..]);
    server.until_nothing_runs().await;
}

#[tokio::test]
async fn a_run_that_is_killed_before_its_first_row_says_so() {
    let server = Arc::new(TestServer::shop().await);
    let call = |format: &'static str| {
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.admin().run(&endless_sum(), format, "").await })
    };
    for format in ["json", "json_detail", "csv"] {
        let waiting = call(format);
        let id = eventually(async || server.engine.running().list().pop().map(|running| running.task_id)).await;
        assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.status, 204);
        let answer = waiting.await.expect("an answer");
        match format {
            "json" => assert_eq!(answer.ok(), json!([{"looker_error": "Query was cancelled"}])),
            "json_detail" => assert_eq!(answer.ok()["errors"][0]["message"], "Query was cancelled"),
            _ => assert_eq!(answer.refused(400), "Query was cancelled"),
        }
        server.until_nothing_runs().await;
    }
}

#[tokio::test]
async fn nothing_that_does_not_run_is_killed() {
    let server = TestServer::shop().await;
    for id in ["0", "1", "no-such-id", "0123456789abcdef0123456789abcdef", "%27%20OR%201=1", "..%2F1"] {
        assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.refused(404), "Not found", "{id}");
    }
}

#[tokio::test]
async fn nobody_but_an_administrator_kills_what_another_runs() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let sudo = server.sudo(&paul).await;
    let response = server.admin().run(&endless_rows(), "csv", "").begin().await;
    let id = running(&server).await[0]["query_task_id"].as_str().expect("an id").to_owned();
    let path = format!("/running_queries/{id}");
    for caller in [server.user(&paul), server.bearer(&sudo)] {
        assert_eq!(caller.delete(&path).await.refused(404), "Not found");
        assert_eq!(caller.get("/running_queries").await.refused(404), "Not found");
    }
    assert_eq!(running(&server).await.len(), 1, "it runs on");
    assert_eq!(server.admin().delete(&path).await.status, 204);
    rest(response).await.expect_err("it broke off");
}

/// A task of `user` that waits, put where tasks are.
async fn waiting_task(server: &TestServer, user: &TestUser, id: u128) -> String {
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    let query = server.admin().post("/queries?fields=id").json(&query).await.ok();
    let new = NewQueryTask {
        id: belvedere_store::QueryTaskId::new(id),
        query_id: query["id"].as_str().expect("an id").parse().expect("a number"),
        user_id: user.id.parse().expect("a number"),
        result_format: "json".to_owned(),
        options: serde_json::Map::new(),
    };
    let now = server.clock.now();
    let task = server.store.write(async |tx| query_task::insert(tx, new, now).await).await.expect("a task");
    task.id.to_string()
}

#[tokio::test]
async fn a_user_kills_tasks_of_their_own() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let own = waiting_task(&server, &paul, 1).await;
    let foreign = waiting_task(&server, &server.ada, 2).await;
    let kill = async |id: &str| server.user(&paul).delete(&format!("/running_queries/{id}")).await;
    assert_eq!(kill(&foreign).await.refused(404), "Not found");
    assert_eq!(kill(&own).await.status, 204);
    assert_eq!(kill(&own).await.refused(404), "Not found", "it is over");
    let status = async |id: &str| server.admin().get(&format!("/query_tasks/{id}?fields=status")).await.ok();
    assert_eq!(status(&own).await, json!({"status": "killed"}));
    assert_eq!(status(&foreign).await, json!({"status": "added"}));
}
