//! SQL Runner: statements that are kept and run as they were written.

use belvedere_testing::{Answer, TestServer};
use serde_json::{Value, json};

async fn keep(server: &TestServer, sql: &str) -> Value {
    let body = json!({"connection_name": "shop", "sql": sql});
    server.admin().post("/sql_queries").json(&body).await.ok()
}

async fn run(server: &TestServer, sql: &str, format: &str) -> Answer {
    let slug = keep(server, sql).await["slug"].as_str().expect("a slug").to_owned();
    server.admin().post(&format!("/sql_queries/{slug}/run/{format}")).await
}

const BY_STATUS: &str =
    "SELECT status, COUNT(*) AS n FROM orders WHERE status IS NOT NULL GROUP BY status ORDER BY n DESC, status";

#[tokio::test]
async fn a_statement_is_kept_once() {
    let server = TestServer::shop().await;
    let first = keep(&server, BY_STATUS).await;
    assert_eq!(first["sql"], json!(BY_STATUS));
    assert_eq!(first["connection"]["name"], json!("shop"));
    assert_eq!(first["run_count"], json!(0));
    assert_eq!(keep(&server, &format!("  {BY_STATUS}\n")).await["slug"], first["slug"]);
    assert_ne!(keep(&server, "SELECT 1").await["slug"], first["slug"]);
    let slug = first["slug"].as_str().expect("a slug");
    assert_eq!(server.admin().get(&format!("/sql_queries/{slug}")).await.ok(), first);
    let by_model = json!({"model_name": "shop", "sql": BY_STATUS});
    let by_model = server.admin().post("/sql_queries").json(&by_model).await.ok();
    assert_eq!((&by_model["model_name"], &by_model["connection"]["name"]), (&json!("shop"), &json!("shop")));
}

#[tokio::test]
async fn rows_are_called_what_the_database_calls_them() {
    let server = TestServer::shop().await;
    let rows = run(&server, BY_STATUS, "json").await.ok();
    assert_eq!(rows.as_array().expect("rows").len(), 3);
    assert_eq!(rows[0], json!({"status": "complete", "n": 3}));
    let csv = run(&server, "SELECT 1 AS a, 'x' AS \"B b\"", "csv").await;
    assert_eq!(csv.ok_text(), "a,B b\n1,x\n");
    let detail = run(&server, BY_STATUS, "json_detail").await.ok();
    assert_eq!(detail["fields"]["dimensions"][0]["name"], json!("status"));
    assert_eq!(detail["fields"]["measures"][0]["name"], json!("n"));
    assert_eq!(detail["data"][0]["n"], json!({"value": 3}));
    assert_eq!(run(&server, BY_STATUS, "sql").await.ok_text(), BY_STATUS);
    for format in ["xlsx", "txt", "md", "html", "json_bi", "json_label", "inline_json", "json_fe"] {
        assert_eq!(run(&server, BY_STATUS, format).await.status, 200, "{format}");
    }
}

#[tokio::test]
async fn a_download_is_for_a_file() {
    let server = TestServer::shop().await;
    let slug = keep(&server, BY_STATUS).await["slug"].as_str().expect("a slug").to_owned();
    let run = async |how: &str| server.admin().post(&format!("/sql_queries/{slug}/run/csv{how}")).await;
    let (shown, kept) = (run("").await, run("?download=true").await);
    assert_eq!((shown.header("content-disposition"), kept.header("content-disposition")), (None, Some("attachment")));
    assert_eq!(shown.ok_text(), kept.ok_text());
    assert_eq!(run("?download=false").await.header("content-disposition"), None);
}

#[tokio::test]
async fn runs_are_counted() {
    let server = TestServer::shop().await;
    run(&server, BY_STATUS, "json").await.ok();
    run(&server, BY_STATUS, "csv").await.ok_text();
    let kept = keep(&server, BY_STATUS).await;
    assert_eq!(kept["run_count"], json!(2));
    assert!(kept["last_run_at"].is_string() && kept["last_runtime"].is_number(), "{kept}");
}

#[tokio::test]
async fn only_one_statement_that_reads_is_run() {
    let server = TestServer::shop().await;
    for (sql, said) in [
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELECT 1; DROP TABLE orders", "only"),
        ("DROP TABLE orders", "only a statement that reads"),
        ("INSERT INTO orders SELECT * FROM orders", "only a statement that reads"),
        ("COPY orders TO '/elsewhere/x'", "only a statement that reads"),
        ("ATTACH '/elsewhere/x.db'", "only a statement that reads"),
        ("SET threads = 1", "only a statement that reads"),
        ("PRAGMA database_list", "only a statement that reads"),
        ("CREATE TABLE scratch.x AS SELECT 1", "only a statement that reads"),
        ("-- nothing", "no statement"),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM read_text('/etc/hostname')", "disabled"),
        ("SELECT * FROM no_such_table", "no_such_table"),
    ] {
        let rows = run(&server, sql, "json").await.ok();
        let error = rows[0]["looker_error"].as_str().unwrap_or_else(|| panic!("{sql}: {rows}"));
        assert!(error.contains(said), "{sql}: {error}");
        let refused = run(&server, sql, "csv").await.refused(400);
        assert!(refused.contains(said), "{sql}: {refused}");
    }
    assert_eq!(run(&server, "SELECT COUNT(*) AS n FROM orders;", "json").await.ok(), json!([{"n": 6}]));
}

#[tokio::test]
async fn who_may_not_run_statements_finds_none() {
    let server = TestServer::shop().await;
    let slug = keep(&server, BY_STATUS).await["slug"].as_str().expect("a slug").to_owned();
    let plain = server.add_plain_user().await;
    let paul = server.user(&plain);
    assert_eq!(paul.get(&format!("/sql_queries/{slug}")).await.refused(404), "Not found");
    assert_eq!(paul.post(&format!("/sql_queries/{slug}/run/json")).await.refused(404), "Not found");
    let body = json!({"connection_name": "shop", "sql": "SELECT 1"});
    assert_eq!(paul.post("/sql_queries").json(&body).await.refused(404), "Not found");
}

#[tokio::test]
async fn what_a_statement_needs_is_told() {
    let server = TestServer::shop().await;
    let create = async |body: Value| server.admin().post("/sql_queries").json(&body).await;
    let missing = create(json!({"connection_name": "shop"})).await;
    assert_eq!((missing.status, missing.json()["errors"][0]["field"].clone()), (422, json!("sql")));
    let nowhere = create(json!({"sql": "SELECT 1"})).await;
    assert_eq!((nowhere.status, nowhere.json()["errors"][0]["field"].clone()), (422, json!("connection_name")));
    assert_eq!(create(json!({"sql": "SELECT 1", "connection_name": "looker"})).await.refused(404), "Not found");
    assert_eq!(create(json!({"sql": "SELECT 1", "model_name": "nothing"})).await.refused(404), "Not found");
    for slug in ["x", "aaaaaaaaaaaaaaaaaaaa"] {
        assert_eq!(server.admin().get(&format!("/sql_queries/{slug}")).await.refused(404), "Not found");
    }
}
