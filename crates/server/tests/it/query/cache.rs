//! Rows that were read before answer again, in every format.

use belvedere_testing::TestServer;
use serde_json::{Value, json};

fn by_status() -> Value {
    json!({
        "model": "shop", "view": "orders", "fields": ["orders.status", "orders.count"], "sorts": ["orders.status"],
    })
}

/// What a run says of where its rows come from.
async fn source(server: &TestServer, query: &Value, how: &str) -> (bool, String, bool, String) {
    // A token lives no longer than rows do.
    let token = server.login(&server.ada).await;
    let detail = server.bearer(&token).run(query, "json_detail", how).await.ok();
    let text = |key: &str| detail[key].as_str().expect("a text").to_owned();
    let flag = |key: &str| detail[key].as_bool().expect("a flag");
    (flag("from_cache"), text("result_source"), flag("expired"), text("ran_at"))
}

const NOON: &str = "2026-01-15T12:00:00+00:00";

fn queried(at: &str) -> (bool, String, bool, String) {
    (false, "query".to_owned(), false, at.to_owned())
}

fn cached(at: &str) -> (bool, String, bool, String) {
    (true, "cache".to_owned(), false, at.to_owned())
}

#[tokio::test]
async fn rows_are_read_once_an_hour() {
    let server = TestServer::shop().await;
    let query = by_status();
    assert_eq!(source(&server, &query, "").await, queried(NOON));
    server.clock.set("2026-01-15T12:59:59Z".parse().expect("a time"));
    assert_eq!(source(&server, &query, "").await, cached(NOON));
    server.clock.set("2026-01-15T13:00:00Z".parse().expect("a time"));
    let later = "2026-01-15T13:00:00+00:00";
    assert_eq!(source(&server, &query, "").await, queried(later));
    assert_eq!(source(&server, &query, "").await, cached(later));
}

#[tokio::test]
async fn every_format_and_every_limit_of_its_own() {
    let server = TestServer::shop().await;
    let query = by_status();
    let fresh = server.admin().run(&query, "csv", "cache=false").await.ok_text().to_owned();
    assert_eq!(server.admin().run(&query, "csv", "cache_only=true").await.ok_text(), fresh);
    for format in ["json", "json_bi", "txt", "md", "html", "json_label", "ndjson", "xlsx", "arrow", "parquet"] {
        assert_eq!(server.admin().run(&query, format, "cache_only=true").await.status, 200, "{format}");
    }
    assert_eq!(server.admin().run(&query, "csv", "cache_only=true&limit=1").await.refused(404), "Not found");
}

#[tokio::test]
async fn a_run_past_the_cache_renews_it() {
    let server = TestServer::shop().await;
    let query = by_status();
    assert_eq!(source(&server, &query, "").await, queried(NOON));
    server.clock.set("2026-01-15T12:30:00Z".parse().expect("a time"));
    let later = "2026-01-15T12:30:00+00:00";
    assert_eq!(source(&server, &query, "cache=false").await, queried(later));
    assert_eq!(source(&server, &query, "").await, cached(later));
}

#[tokio::test]
async fn cache_only_takes_rows_of_any_age() {
    let server = TestServer::shop().await;
    let query = by_status();
    assert_eq!(server.admin().run(&query, "json", "cache_only=true").await.refused(404), "Not found");
    assert_eq!(source(&server, &query, "").await, queried(NOON));
    server.clock.set("2026-01-20T12:00:00Z".parse().expect("a time"));
    let stale = (true, "stale_cache".to_owned(), true, NOON.to_owned());
    assert_eq!(source(&server, &query, "cache_only=true").await, stale);
}

#[tokio::test]
async fn the_explore_says_how_long_its_rows_are_fresh() {
    let seed = belvedere_testing::Seed::shop().file(
        "brief.model.lkml",
        "connection: \"shop\"\ninclude: \"/views/*.view.lkml\"\npersist_for: \"5 minutes\"\nexplore: orders {\n  join: users {\n    \
         sql_on: ${orders.user_id} = ${users.id} ;;\n    relationship: many_to_one\n  }\n}\n",
    );
    let server = TestServer::start(seed).await;
    let mut query = by_status();
    query["model"] = json!("brief");
    assert_eq!(source(&server, &query, "").await, queried(NOON));
    server.clock.set("2026-01-15T12:04:59Z".parse().expect("a time"));
    assert_eq!(source(&server, &query, "").await, cached(NOON));
    server.clock.set("2026-01-15T12:05:00Z".parse().expect("a time"));
    assert_eq!(source(&server, &query, "").await, queried("2026-01-15T12:05:00+00:00"));
}

#[tokio::test]
async fn a_result_that_broke_off_is_not_kept() {
    let server = TestServer::shop().await;
    let late = json!({
        "model": "shop", "view": "numbers", "fields": ["numbers.id", "numbers.padding", "numbers.late"],
        "limit": "-1", "sorts": ["__UNSORTED__"],
    });
    assert_eq!(server.admin().run(&late, "json", "").await.status, 200);
    assert_eq!(server.admin().run(&late, "json", "cache_only=true").await.refused(404), "Not found");
}

#[tokio::test]
async fn a_pivoted_result_with_totals_is_kept_whole() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.created_month", "orders.status", "orders.count"],
        "pivots": ["orders.status"], "total": true, "row_total": "right",
    });
    let fresh = server.admin().run(&query, "csv", "").await.ok_text().to_owned();
    assert_eq!(server.admin().run(&query, "csv", "cache_only=true").await.ok_text(), fresh);
}
