//! Runs of queries, and results that are taken.

use belvedere_store::History;
use belvedere_store::event::Wanted;
use belvedere_store::history::{self, Status};
use belvedere_testing::{TestServer, eventually};
use serde_json::{Value, json};

/// Waits until this many runs are recorded, and gives them in the order in which they ended.
async fn runs(server: &TestServer, count: usize) -> Vec<History> {
    let mut runs = eventually(async || {
        let read = server.store.read(async |db| history::newest(db, &Wanted::default(), 10_000).await).await;
        Some(read.expect("runs")).filter(|runs| runs.len() >= count)
    })
    .await;
    assert_eq!(runs.len(), count, "{runs:?}");
    runs.sort_by_key(|run| run.id);
    runs
}

fn orders() -> Value {
    json!({
        "model": "shop", "view": "orders", "fields": ["orders.id"], "sorts": ["orders.id"],
        "filters": {"orders.id": "1,2", "orders.status": "-a-filter-value"},
    })
}

fn endless() -> Value {
    json!({"model": "shop", "view": "endless", "fields": ["endless.x"], "limit": "-1", "sorts": ["__UNSORTED__"]})
}

#[tokio::test]
async fn a_run_tells_who_asked_what_and_how_it_was_answered() {
    let server = TestServer::shop().await;
    let acting = server.sudo(&server.ada).await;
    let call = server.bearer(&acting).run(&orders(), "csv", "").header("x-looker-appid", "PY SDK 26.12");
    assert_eq!(call.await.status, 200);
    let saved = server.admin().post("/queries?fields=id").json(&orders()).await.ok();
    let run = runs(&server, 1).await.remove(0);
    assert_eq!((run.operation.as_str(), run.source.as_str()), ("run_inline_query", "api4"));
    assert_eq!(run.user_id.to_string(), server.ada.id);
    assert_eq!(run.sudo_user_id, Some(run.user_id), "an administrator may act as itself");
    assert_eq!((run.model.as_deref(), run.view.as_deref()), (Some("shop"), Some("orders")));
    assert_eq!(run.connection_name.as_deref(), Some("shop"));
    assert_eq!(json!(run.query_id.map(|id| id.to_string())), saved["id"]);
    assert_eq!((run.result_format.as_str(), run.result_source.as_deref()), ("csv", Some("query")));
    assert_eq!((run.status, run.rows), (Status::Complete, Some(2)));
    assert!(run.runtime > 0.0 && run.runtime < 60.0, "{}", run.runtime);
    assert_eq!((run.ip_address.as_deref(), run.application.as_deref()), (Some("127.0.0.1"), Some("PY SDK 26.12")));
    assert!(!format!("{run:?}").contains("a-filter-value"));
}

#[tokio::test]
async fn every_format_is_a_run_and_the_cache_is_told() {
    let server = TestServer::shop().await;
    let formats = [
        "json",
        "json_bi",
        "json_detail",
        "json_fe",
        "csv",
        "txt",
        "html",
        "md",
        "xlsx",
        "sql",
        "json_label",
        "inline_json",
    ];
    for format in formats {
        assert_eq!(server.admin().run(&orders(), format, "").await.status, 200, "{format}");
        // The rows of the first are in the cache before the next asks.
        server.until_nothing_runs().await;
    }
    let runs = runs(&server, formats.len()).await;
    for (run, format) in runs.iter().zip(formats) {
        assert_eq!((run.result_format.as_str(), run.status), (format, Status::Complete));
        let source = match format {
            "json" => Some("query"),
            "sql" => None,
            _ => Some("cache"),
        };
        assert_eq!((run.result_source.as_deref(), run.rows), (source, source.map(|_| 2)), "{format}");
    }
}

#[tokio::test]
async fn every_way_to_ask_is_told_by_its_operation() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let query = admin.post("/queries?fields=id").json(&orders()).await.ok()["id"].as_str().expect("an id").to_owned();
    admin.get(&format!("/queries/{query}/run/json")).await.ok();
    runs(&server, 1).await;
    admin.get("/queries/models/shop/views/orders/run/json?fields=orders.count").await.ok();
    runs(&server, 2).await;
    admin.get("/models/shop/views/orders/fields/orders.status/suggestions").await.ok();
    runs(&server, 3).await;
    let sql = json!({"connection_name": "shop", "sql": "SELECT 1 AS x UNION ALL SELECT 2"});
    let slug = admin.post("/sql_queries").json(&sql).await.ok()["slug"].as_str().expect("a slug").to_owned();
    admin.post(&format!("/sql_queries/{slug}/run/csv")).await;
    runs(&server, 4).await;
    let task = json!({"query_id": query, "result_format": "json", "source": "spectacles"});
    let task = admin.post("/query_tasks?fields=id").json(&task).await.ok()["id"].as_str().expect("an id").to_owned();
    runs(&server, 5).await;
    let results = format!("/query_tasks/{task}/results");
    eventually(async || (admin.get(&results).await.status == 200).then_some(())).await;
    let runs = runs(&server, 6).await;
    let told: Vec<(&str, &str, Option<i64>)> =
        runs.iter().map(|run| (run.operation.as_str(), run.source.as_str(), run.rows)).collect();
    assert_eq!(
        told,
        [
            ("run_query", "api4", Some(2)),
            ("run_url_encoded_query", "api4", Some(1)),
            ("model_fieldname_suggestions", "suggest", told[2].2),
            ("run_sql_query", "sql_runner", Some(2)),
            ("create_query_task", "spectacles", Some(2)),
            ("query_task_results", "spectacles", Some(2)),
        ]
    );
    assert!(runs.iter().all(|run| run.status == Status::Complete), "{runs:?}");
    assert_eq!(runs[3].sql_query_slug.map(|slug| slug.to_string()), Some(slug));
    assert_eq!(runs[4].query_task_id.map(|id| id.to_string()), Some(task));
    assert_eq!((runs[0].query_id, runs[1].query_id.is_some()), (runs[4].query_id, true));
}

#[tokio::test]
async fn a_run_that_fails_or_that_nobody_waits_for_is_told_too() {
    let server = TestServer::shop().await;
    let unknown = json!({"model": "shop", "view": "orders", "fields": ["orders.nothing"]});
    server.admin().run(&unknown, "json", "").await;
    server.admin().run(&orders(), "json", "cache_only=true").await.refused(404);
    let told = runs(&server, 2).await;
    assert!(told.iter().all(|run| run.status == Status::Error && run.result_source.is_none()), "{told:?}");

    drop(server.admin().run(&endless(), "csv", "").begin().await);
    assert_eq!(runs(&server, 3).await[2].status, Status::Killed);

    let mut response = server.admin().run(&endless(), "csv", "").begin().await;
    response.chunk().await.expect("bytes").expect("rows");
    let running = server.admin().get("/running_queries").await.ok();
    let id = running[0]["query_task_id"].as_str().expect("an id").to_owned();
    assert_eq!(server.admin().delete(&format!("/running_queries/{id}")).await.status, 204);
    while let Ok(Some(_)) = response.chunk().await {}
    server.until_nothing_runs().await;
    let run = runs(&server, 4).await.remove(3);
    assert!(run.status == Status::Killed && run.rows > Some(0), "{run:?}");
}

#[tokio::test]
async fn whoever_may_not_ask_has_not_asked() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    server.user(&paul).run(&orders(), "json", "").await.refused(404);
    server.admin().run(&orders(), "json", "").await.ok();
    assert_eq!(runs(&server, 1).await[0].user_id.to_string(), server.ada.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_in_good_order_loses_no_run() {
    let server = TestServer::shop().await;
    for _ in 0..20 {
        server.admin().run(&orders(), "json", "").await.ok();
    }
    let unread = server.admin().run(&endless(), "csv", "").begin().await;
    server.service.close().await;
    let read = server.store.read(async |db| history::newest(db, &Wanted::default(), 100).await).await;
    let runs = read.expect("runs");
    assert_eq!(runs.len(), 21);
    assert_eq!(runs.iter().filter(|run| run.status == Status::Complete).count(), 20);
    drop(unread);
    assert_eq!(server.admin().run(&orders(), "json", "").begin().await.status(), 503);
}
