//! Tag Connection: users' databases.

use belvedere_testing::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_connection_is_told_without_what_is_secret() {
    let server = TestServer::shop().await;
    let mut connection = server.admin().get("/connections/shop").await.ok();
    // The folder is another one on every run.
    let file = connection["database"].take();
    assert!(file.as_str().is_some_and(|file| file.ends_with("/shop.duckdb")), "{file}");
    insta::assert_snapshot!(serde_json::to_string_pretty(&connection).expect("JSON"));
    let listed = server.admin().get("/connections?fields=name,dialect_name,dialect(name,label)").await.ok();
    assert_eq!(
        listed,
        json!([{"name": "shop", "dialect": {"name": "duckdb", "label": "DuckDB"}, "dialect_name": "duckdb"}])
    );
}

#[tokio::test]
async fn a_connection_that_there_is_not_is_not_found() {
    let server = TestServer::shop().await;
    for name in ["store", "Shop", "scratch", "sqlite", "..%2Fshop", "%00", "shop%2F"] {
        assert_eq!(server.admin().get(&format!("/connections/{name}")).await.refused(404), "Not found", "{name}");
        let test = server.admin().put(&format!("/connections/{name}/test")).await;
        assert_eq!(test.refused(404), "Not found", "{name}");
    }
}

/// Name, status and message of each test.
fn outcomes(results: &Value) -> Vec<(&str, &str, &str)> {
    let rows = results.as_array().expect("a list").iter();
    rows.map(|row| {
        let text = |key: &str| row[key].as_str().expect("a text");
        (text("name"), text("status"), text("message"))
    })
    .collect()
}

#[tokio::test]
async fn a_connection_is_tested_in_every_way_that_its_dialect_names() {
    let server = TestServer::shop().await;
    let dialect = server.admin().get("/connections/shop?fields=dialect(connection_tests)").await.ok();
    assert_eq!(dialect, json!({"dialect": {"connection_tests": ["connect", "kill", "query"]}}));
    let results = server.admin().put("/connections/shop/test").await.ok();
    assert_eq!(
        outcomes(&results),
        [
            ("connect", "success", "Can connect"),
            ("kill", "success", "Queries are cancelled"),
            ("query", "success", "Can run simple select query"),
        ]
    );
    assert_eq!(results[1]["connection_string"], json!(null));
    assert_eq!(results[0]["can"], json!({}));
}

#[tokio::test]
async fn tests_are_chosen_in_every_spelling_of_a_list() {
    let server = TestServer::shop().await;
    for query in ["tests=query,connect", "tests=%5B%22connect%22,%22query%22%5D", "tests=query&tests=connect"] {
        let results = server.admin().put(&format!("/connections/shop/test?{query}")).await.ok();
        let names: Vec<&str> = outcomes(&results).into_iter().map(|(name, ..)| name).collect();
        assert_eq!(names, ["connect", "query"], "{query}");
    }
    assert_eq!(server.admin().put("/connections/shop/test?tests=database_timezone").await.ok(), json!([]));
}
