//! Runs: of saved queries, of queries that are sent along, and of queries that are written in an address.

use belvedere_store::role;
use belvedere_store::user::NewUser;
use belvedere_testing::{Seed, TestServer, eventually};
use belvedere_warehouse::Limits;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

fn orders(fields: &[&str]) -> Value {
    json!({"model": "shop", "view": "orders", "fields": fields})
}

/// `orders` with more members.
fn with(fields: &[&str], extra: &Value) -> Value {
    let mut query = orders(fields);
    query.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
    query
}

/// The values of a field, row by row.
fn column(rows: &Value, field: &str) -> Vec<Value> {
    rows.as_array().expect("rows").iter().map(|row| row[field].clone()).collect()
}

#[tokio::test]
async fn a_query_that_is_sent_along_is_saved_beside() {
    let server = TestServer::shop().await;
    let query = orders(&["orders.count"]);
    assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.count": 6}]));
    let saved = server.admin().get("/queries/1").await.ok();
    assert_eq!(saved["fields"], json!(["orders.count"]));
    assert_eq!(server.admin().post("/queries").json(&query).await.ok(), saved);
    server.admin().run(&query, "csv", "").await.ok_text();
    server.admin().get("/queries/2").await.refused(404);
}

#[tokio::test]
async fn the_limit_of_a_run_takes_the_place_of_the_query_s() {
    let server = TestServer::shop().await;
    let query = with(&["orders.id"], &json!({"limit": 4, "sorts": ["orders.id"]}));
    let rows = async |how: &str| server.admin().run(&query, "json", how).await.ok().as_array().map(Vec::len);
    assert_eq!(rows("").await, Some(4));
    assert_eq!(rows("limit=2").await, Some(2));
    assert_eq!(rows("limit=0").await, Some(0));
    assert_eq!(rows("limit=-1").await, Some(6));
    assert_eq!(rows("limit=").await, Some(4));
    assert_eq!(rows("limit=null").await, Some(4));
    let refused = server.admin().run(&query, "json", "limit=-2").await;
    assert_eq!(refused.refused(400), "`limit` must be a number of rows, or -1 for all, not -2");
    assert_eq!(server.admin().run(&query, "json", "limit=two").await.refused(400), "`limit` must be an integer");
    let id = server.admin().post("/queries").json(&query).await.ok()["id"].clone();
    let path = format!("/queries/{}/run/json?limit=1", id.as_str().expect("an id"));
    assert_eq!(server.admin().get(&path).await.ok(), json!([{"orders.id": 1}]));
}

#[tokio::test]
async fn five_hundred_rows_come_when_nothing_is_said() {
    let server = TestServer::shop().await;
    let numbers = json!({"model": "shop", "view": "numbers", "fields": ["numbers.id"]});
    let rows = server.admin().run(&numbers, "csv", "").await;
    assert_eq!(rows.ok_text().lines().count(), 501);
    let rows = server.admin().run(&numbers, "csv", "limit=7000").await;
    assert_eq!(rows.ok_text().lines().count(), 7001, "the limit of the explore page is not the API's");
}

#[tokio::test]
async fn rows_come_in_the_order_that_is_asked_for() {
    let server = TestServer::shop().await;
    let ids = async |sorts: &[&str]| {
        let query = with(&["orders.id", "orders.amount"], &json!({"sorts": sorts}));
        let rows = server.admin().run(&query, "json", "").await.ok();
        column(&rows, "orders.id").iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(&["orders.amount"]).await, "5 3 6 4 1 2");
    assert_eq!(ids(&["orders.amount desc"]).await, "2 1 4 6 3 5");
    assert_eq!(ids(&["orders.amount DESC"]).await, "2 1 4 6 3 5");
    assert_eq!(ids(&["", " "]).await, "1 2 3 4 5 6");
    assert_eq!(ids(&[]).await, "1 2 3 4 5 6");
    assert_eq!(ids(&["orders.no_such_field desc", "orders.amount"]).await, "5 3 6 4 1 2");
}

#[tokio::test]
async fn measures_of_the_one_side_are_not_multiplied() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "users", "fields": ["users.average_age", "users.count", "orders.count"],
    });
    // Ada is 36 and has two orders, Cy is 61 and has two, Bo has no age: 97 / 2, whatever the joins repeat.
    let rows = server.admin().run(&query, "json", "").await.ok();
    assert_eq!(rows, json!([{"users.average_age": 48.5, "users.count": 3, "orders.count": 6}]));
}

#[tokio::test]
async fn dates_are_relative_to_the_present_moment_in_the_zone_of_the_query() {
    let server = TestServer::shop().await;
    let ids = async |zone: Option<&str>, filter: &str| {
        let extra = json!({"filters": {"orders.created_date": filter}, "sorts": ["orders.id"], "query_timezone": zone});
        let rows = server.admin().run(&with(&["orders.id"], &extra), "json", "").await.ok();
        column(&rows, "orders.id").iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    // It is noon of 15 January in UTC, four in the morning of the same day in Los Angeles.
    assert_eq!(ids(None, "today").await, "4");
    assert_eq!(ids(None, "2 days").await, "3 4");
    assert_eq!(ids(None, "this month").await, "1 2 3 4");
    assert_eq!(ids(None, "last month").await, "5 6");
    assert_eq!(ids(Some("America/Los_Angeles"), "today").await, "4");
    // There midnight of the 14th is still the 13th, and midnight of 1 December is still November.
    assert_eq!(ids(Some("America/Los_Angeles"), "2026-01-13").await, "3");
    assert_eq!(ids(Some("America/Los_Angeles"), "last month").await, "5");
    assert_eq!(ids(Some("user_timezone"), "today").await, "4");
    server.clock.set("2026-01-16T00:00:00Z".parse().expect("a time"));
    let later = server.login(&server.ada).await;
    let query = with(&["orders.id"], &json!({"filters": {"orders.created_date": "today"}}));
    assert_eq!(server.bearer(&later).run(&query, "json", "").await.ok(), json!([]));
}

#[tokio::test]
async fn a_zone_that_there_is_not_is_refused() {
    let server = TestServer::shop().await;
    for zone in ["Mars/Olympus_Mons", "'; DROP TABLE orders; --", "../../etc/passwd"] {
        let query = with(&["orders.count"], &json!({"query_timezone": zone}));
        let refused = server.admin().run(&query, "json", "").await;
        assert_eq!(refused.refused(422), "Validation Failed");
        let error = &refused.json()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("query_timezone"), &json!("invalid")), "{zone}");
        assert_eq!(error["message"], format!("\"{zone}\" is not the IANA name of a time zone"));
    }
}

#[tokio::test]
async fn every_parameter_of_a_run_is_understood() {
    let server = TestServer::shop().await;
    let how = concat!(
        "limit=1&apply_formatting=false&apply_vis=false&cache=false&image_width=100&image_height=100",
        "&generate_drill_links=false&force_production=true&cache_only=false&path_prefix=%2Fx&rebuild_pdts=false",
        "&server_table_calcs=false&fields=id&no_such_parameter=1"
    );
    let rows = server.admin().run(&orders(&["orders.count"]), "json", how).await;
    assert_eq!(rows.ok(), json!([{"orders.count": 6}]));
    let refused = server.admin().run(&orders(&["orders.count"]), "json", "cache=perhaps&image_width=wide").await;
    assert_eq!(refused.refused(400), "`cache` must be true or false; `image_width` must be an integer");
    let uncached = server.admin().run(&orders(&["orders.count"]), "json", "cache_only=true").await;
    assert_eq!(uncached.refused(404), "Not found");
}

#[tokio::test]
async fn a_query_written_in_an_address_runs() {
    let server = TestServer::shop().await;
    let base = "/queries/models/shop/views/orders/run/json";
    let rows = server.admin().get(&format!("{base}?fields=orders.status,orders.count&f[orders.amount]=%3E14&sorts=orders.count+desc,orders.status&limit=10")).await;
    assert_eq!(rows.ok(), json!([{"orders.status": "complete", "orders.count": 3}]));
    let encoded = "fields=orders.status%2Corders.count&f%5Borders.status%5D=pending&apply_formatting=true";
    assert_eq!(
        server.admin().get(&format!("{base}?{encoded}")).await.ok(),
        json!([{"orders.status": "pending", "orders.count": "1"}])
    );
    let saved = server.admin().get("/queries/1").await.ok();
    assert_eq!(
        (&saved["fields"], &saved["filters"], &saved["sorts"], &saved["limit"]),
        (
            &json!(["orders.status", "orders.count"]),
            &json!({"orders.amount": ">14"}),
            &json!(["orders.count desc", "orders.status"]),
            &json!("10")
        )
    );
}

#[tokio::test]
async fn the_address_of_a_query_is_one_that_runs_it() {
    let server = TestServer::shop().await;
    for extra in [
        json!({"filters": {"orders.status": "-\"lost, or so\",%&=+#é%", "orders.amount": ">=1, NOT 7"}}),
        json!({"sorts": ["orders.count desc", "orders.status"], "query_timezone": "America/Los_Angeles"}),
        json!({"vis_config": {"type": "looker_grid", "a": [1, {"b": "c&d=é"}]}, "limit": "3"}),
        json!({"filters": {"orders.status": ""}}),
    ] {
        let mut query = with(&["orders.status", "orders.count"], &extra);
        query["limit"] = json!("3");
        let saved = server.admin().post("/queries").json(&query).await.ok();
        let (_, asked) = saved["url"].as_str().expect("an address").split_once('?').expect("a question");
        server.admin().get(&format!("/queries/models/shop/views/orders/run/json?{asked}")).await.ok();
        let next = server.admin().post("/queries").json(&query).await.ok();
        assert_eq!(next, saved, "the address asks the same: {asked}");
        let id: u32 = saved["id"].as_str().and_then(|id| id.parse().ok()).expect("a number");
        server.admin().get(&format!("/queries/{}", id + 1)).await.refused(404);
    }
}

#[tokio::test]
async fn a_wrong_query_in_an_address_is_refused() {
    let server = TestServer::shop().await;
    let run = async |rest: &str| server.admin().get(&format!("/queries/models/{rest}")).await;
    assert_eq!(run("store/views/orders/run/json?fields=orders.id").await.refused(404), "Not found");
    assert_eq!(run("shop/views/returns/run/json?fields=orders.id").await.refused(404), "Not found");
    let message = "Must query at least one dimension or measure";
    assert_eq!(run("shop/views/orders/run/json").await.refused(400), message);
    assert_eq!(run("shop/views/orders/run/json?fields=").await.refused(400), message);
    run("shop/views/orders/run/json?fields=orders.id&limit=x").await.refused(422);
    assert_eq!(
        run("shop/views/orders/run/json?fields=orders.id&vis=%5B1%5D").await.refused(400),
        "`vis` must be a JSON object"
    );
    run("shop/views/orders/run/xml?fields=orders.id").await.refused(400);
}

#[tokio::test]
async fn a_run_of_what_there_is_not_is_refused_before_anything_else() {
    let server = TestServer::shop().await;
    for format in ["json", "json_detail", "csv", "sql"] {
        for (model, view) in [("store", "orders"), ("shop", "returns"), ("system__activity", "history")] {
            let query = json!({"model": model, "view": view, "fields": ["orders.id"]});
            assert_eq!(server.admin().run(&query, format, "").await.refused(404), "Not found", "{model}::{view}");
        }
        assert_eq!(server.admin().get(&format!("/queries/99/run/{format}")).await.refused(404), "Not found");
    }
    let refused = server.admin().run(&json!({}), "json", "").await;
    refused.refused(422);
    assert_eq!(refused.json()["errors"].as_array().map(Vec::len), Some(2), "the same checks as when it is saved");
    let refused = server.admin().run(&with(&["orders.id"], &json!({"limit": "x"})), "json", "").await;
    assert_eq!(refused.refused(422), "Validation Failed");
}

#[tokio::test]
async fn a_hundred_queries_at_once_are_all_answered() {
    let server = Arc::new(TestServer::shop().await);
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let server = Arc::clone(&server);
        calls.spawn(async move {
            let id = number % 6 + 1;
            let query = with(&["orders.id"], &json!({"filters": {"orders.id": id.to_string()}, "limit": number + 1}));
            assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.id": id}]));
        });
    }
    calls.join_all().await;
    server.until_nothing_runs().await;
}

#[tokio::test]
async fn a_connection_that_has_no_place_says_when_to_come_again() {
    let limits = Limits { concurrent: 1, queue: Duration::ZERO, ..Limits::default() };
    let server = TestServer::start(Seed::shop().limits(limits)).await;
    let endless =
        json!({"model": "shop", "view": "endless", "fields": ["endless.x"], "limit": "-1", "sorts": ["__UNSORTED__"]});
    let running = server.admin().run(&endless, "csv", "").begin().await;
    assert_eq!(running.status(), 200);
    for format in ["json", "json_detail", "csv"] {
        let refused = server.admin().run(&orders(&["orders.count"]), format, "").await;
        assert_eq!(refused.refused(429), "Too many requests", "{format}");
        let seconds = refused.header("retry-after").and_then(|after| after.parse::<u32>().ok());
        assert!(seconds.is_some_and(|seconds| seconds > 0), "{refused:?}");
    }
    drop(running);
    let rows = eventually(async || {
        let answer = server.admin().run(&orders(&["orders.count"]), "json", "").await;
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(rows.await, json!([{"orders.count": 6}]));
}

#[tokio::test]
async fn the_flood_of_one_user_does_not_keep_others_out() {
    let limits = Limits { concurrent: 2, per_user: 1, queue: Duration::ZERO };
    let server = TestServer::start(Seed::shop().limits(limits)).await;
    let bo = NewUser { first_name: Some("Bo".to_owned()), roles: vec![role::ADMIN], ..NewUser::default() };
    let bo = server.add_user(bo).await;
    let endless =
        json!({"model": "shop", "view": "endless", "fields": ["endless.x"], "limit": "-1", "sorts": ["__UNSORTED__"]});
    let running = server.admin().run(&endless, "csv", "").begin().await;
    assert_eq!(running.status(), 200);
    let query = orders(&["orders.count"]);
    assert_eq!(server.admin().run(&query, "json", "").await.refused(429), "Too many requests");
    assert_eq!(server.user(&bo).run(&query, "json", "").await.ok(), json!([{"orders.count": 6}]));
    drop(running);
    server.until_nothing_runs().await;
}
