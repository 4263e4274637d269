//! Runs that fail after their first rows, and readers that leave before the last.

use belvedere_testing::{TestServer, eventually};
use reqwest::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Fails in row 30,000 of 40,000.
fn late() -> Value {
    json!({
        "model": "shop", "view": "numbers", "fields": ["numbers.id", "numbers.padding", "numbers.late"],
        "limit": "-1", "sorts": ["__UNSORTED__"],
    })
}

/// Rows without end.
fn endless_rows() -> Value {
    json!({"model": "shop", "view": "endless", "fields": ["endless.x"], "limit": "-1", "sorts": ["__UNSORTED__"]})
}

/// One row, which never comes.
fn endless_sum() -> Value {
    json!({"model": "shop", "view": "endless", "fields": ["endless.highest"]})
}

/// Reads until there are `bytes`.
async fn read(response: &mut Response, bytes: usize) {
    let mut read = 0;
    while read < bytes {
        read += response.chunk().await.expect("bytes").expect("more").len();
    }
}

#[tokio::test]
async fn json_closes_its_rows_with_the_error() {
    let server = TestServer::shop().await;
    for format in ["json", "json_label"] {
        let rows = server.admin().run(&late(), format, "").await.ok();
        let rows = rows.as_array().expect("an array that is whole");
        assert!(rows.len() > 1, "{format}");
        let (last, before) = rows.split_last().expect("rows");
        let error = last["looker_error"].as_str().expect("the error");
        assert!(error.contains("row 3"), "{format}: {error}");
        let padding = if format == "json" { "numbers.padding" } else { "Numbers Padding" };
        assert!(before.iter().all(|row| row[padding].as_str().is_some_and(|text| text.len() == 200)), "{format}");
    }
}

#[tokio::test]
async fn json_bi_tells_the_error_in_its_last_row() {
    let server = TestServer::shop().await;
    let bi = server.admin().run(&late(), "json_bi", "").await.ok();
    let rows = bi["rows"].as_array().expect("rows");
    assert!(rows.len() > 1);
    assert!(rows[rows.len() - 1]["looker_error"].as_str().is_some_and(|error| error.contains("row 3")));
    assert!(rows[rows.len() - 2]["numbers.id"]["value"].is_u64());
}

#[tokio::test]
async fn json_detail_tells_the_error_behind_its_rows() {
    let server = TestServer::shop().await;
    let answer = server.admin().run(&late(), "json_detail", "").await;
    let detail = answer.ok();
    assert!(detail["data"].as_array().is_some_and(|rows| rows.len() > 1));
    assert_eq!(detail["status"], json!("error"));
    let error = &detail["errors"][0];
    assert_eq!(error["fatal"], json!(true));
    assert!(error["message_details"].as_str().is_some_and(|details| details.contains("row 3")), "{error}");
    let order: Vec<&String> = detail.as_object().expect("an object").keys().collect();
    let place = |key: &str| order.iter().position(|known| *known == key);
    assert!(place("data") < place("errors") && place("errors") < place("status"), "{order:?}");
}

#[tokio::test]
async fn text_and_files_break_off_and_never_look_whole() {
    let server = TestServer::shop().await;
    for format in ["csv", "txt", "md", "html", "arrow"] {
        let mut response = server.admin().run(&late(), format, "").begin().await;
        assert_eq!(response.status(), 200, "{format}");
        let ended = loop {
            match response.chunk().await {
                Ok(Some(_)) => {}
                ended => break ended,
            }
        };
        assert!(ended.is_err(), "{format} ends as if it were whole");
    }
    server.until_nothing_runs().await;
}

#[tokio::test]
async fn a_failure_before_the_first_byte_is_still_an_answer() {
    let server = TestServer::shop().await;
    for format in ["xlsx", "parquet"] {
        let refused = server.admin().run(&late(), format, "").await.refused(400);
        assert!(refused.contains("row 3"), "{format}: {refused}");
    }
    server.until_nothing_runs().await;
}

#[tokio::test]
async fn a_whole_result_of_many_pieces_is_whole() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "numbers", "fields": ["numbers.id"], "limit": "-1", "sorts": ["__UNSORTED__"],
    });
    let csv = server.admin().run(&query, "csv", "").await;
    let mut ids: Vec<u32> = csv.ok_text().lines().skip(1).map(|id| id.parse().expect("a number")).collect();
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..40_000));
    assert!(csv.text().ends_with('\n'));
    server.until_nothing_runs().await;
}

#[tokio::test]
async fn rows_stop_when_their_reader_leaves() {
    let server = TestServer::shop().await;
    for format in ["json", "json_detail", "csv", "html", "ndjson", "arrow"] {
        let mut response = server.admin().run(&endless_rows(), format, "").begin().await;
        read(&mut response, 200_000).await;
        assert_eq!(server.engine.running().list().len(), 1, "{format}");
        drop(response);
        server.until_nothing_runs().await;
    }
}

#[tokio::test]
async fn a_statement_stops_when_its_caller_leaves_before_the_first_row() {
    let server = Arc::new(TestServer::shop().await);
    for format in ["json", "csv"] {
        let waiting = tokio::spawn({
            let server = Arc::clone(&server);
            async move { server.admin().run(&endless_sum(), format, "").await }
        });
        eventually(async || (server.engine.running().list().len() == 1).then_some(())).await;
        waiting.abort();
        server.until_nothing_runs().await;
    }
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.count": 6}]));
}

#[tokio::test]
async fn a_query_that_waits_for_its_place_is_forgotten_with_its_caller() {
    let queue = std::time::Duration::from_mins(1);
    let limits = belvedere_warehouse::Limits { concurrent: 1, queue, ..belvedere_warehouse::Limits::default() };
    let server = Arc::new(TestServer::start(belvedere_testing::Seed::shop().limits(limits)).await);
    let mut first = server.admin().run(&endless_rows(), "csv", "").begin().await;
    read(&mut first, 1).await;
    let waiting = tokio::spawn({
        let server = Arc::clone(&server);
        async move { server.admin().run(&endless_sum(), "json", "").await }
    });
    eventually(async || (server.engine.running().list().len() == 2).then_some(())).await;
    waiting.abort();
    eventually(async || (server.engine.running().list().len() == 1).then_some(())).await;
    drop(first);
    server.until_nothing_runs().await;
}
