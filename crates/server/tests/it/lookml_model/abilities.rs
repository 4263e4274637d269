//! What an explore announces is what its queries can do: each announcement is held against the ability.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Answer, Seed, TestServer};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MODEL: &str = "connection: \"shop\"
    fiscal_month_offset: 3
    view: sales {
      dimension: id { type: number primary_key: yes }
      dimension: status {}
      dimension: is_big { type: yesno sql: ${TABLE}.amount > 3 ;; }
      dimension: zip { type: zipcode sql: ${TABLE}.status ;; }
      dimension: band { type: tier tiers: [0, 4] style: integer sql: ${TABLE}.amount ;; }
      dimension: kind { case: { when: { sql: ${TABLE}.amount > 3 ;; label: \"big\" } else: \"small\" } }
      dimension: place { type: location sql_latitude: ${TABLE}.amount ;; sql_longitude: ${TABLE}.amount ;; }
      dimension: away { type: distance start_location_field: place end_location_field: place units: miles }
      dimension_group: sold { type: time sql: ${TABLE}.sold_at ;; }
      dimension_group: since { type: duration sql_start: ${TABLE}.sold_at ;; sql_end: TIMESTAMP '2026-01-01' ;; }
      measure: count { type: count }
      measure: total { type: sum sql: ${TABLE}.amount ;; }
      measure: average { type: average sql: ${TABLE}.amount ;; }
      measure: least { type: min sql: ${TABLE}.amount ;; }
      measure: most { type: max sql: ${TABLE}.amount ;; }
      measure: median { type: median sql: ${TABLE}.amount ;; }
      measure: high { type: percentile percentile: 90 sql: ${TABLE}.amount ;; }
      measure: kinds { type: count_distinct sql: ${TABLE}.status ;; }
      measure: once { type: sum_distinct sql_distinct_key: ${id} ;; sql: ${TABLE}.amount ;; }
      measure: names { type: list list_field: status }
      measure: half { type: number sql: ${total} / 2 ;; }
      measure: word { type: string sql: MAX(${TABLE}.status) ;; }
      measure: has_big { type: yesno sql: ${total} > 10 ;; }
      measure: last { type: date sql: MAX(${TABLE}.sold_at) ;; }
      measure: running { type: running_total sql: ${total} ;; }
      measure: share { type: percent_of_total sql: ${total} ;; }
      measure: change { type: percent_of_previous sql: ${total} ;; }
      measure: before { type: period_over_period based_on: total based_on_time: sold_month period: month }
    }
    explore: sales {}";

const SALES: &str = "CREATE TABLE sales AS SELECT * FROM (VALUES
    (1, 'a', 1, TIMESTAMP '2025-11-30 23:30:00'), (2, 'b', 2, TIMESTAMP '2025-12-03 12:00:00'),
    (3, NULL, 4, TIMESTAMP '2025-12-20 12:00:00'), (4, 'c', 8, TIMESTAMP '2026-01-05 12:00:00')
) AS v(id, status, amount, sold_at)";

async fn sales() -> TestServer {
    TestServer::start(Seed::empty().file("kinds.model.lkml", MODEL).table("sales", SALES)).await
}

async fn explore(server: &TestServer) -> Value {
    server.admin().get("/lookml_models/kinds/explores/sales").await.ok()
}

async fn run(server: &TestServer, format: &str, more: Value) -> Answer {
    let mut query = json!({"model": "kinds", "view": "sales"});
    query.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    server.admin().run(&query, format, "").await
}

/// The rows of a query, or `None` where it is refused.
async fn rows(server: &TestServer, more: Value) -> Option<Vec<Value>> {
    let answer = run(server, "json", more).await;
    let rows = (answer.status == 200).then(|| answer.json())?;
    let rows = rows.as_array().expect("rows").clone();
    rows.iter().all(|row| row.get("looker_error").is_none()).then_some(rows)
}

#[tokio::test]
async fn totals_subtotals_and_pivots_are_announced_and_there() {
    let server = sales().await;
    let told = explore(&server).await;
    let two = json!(["sales.status", "sales.id", "sales.total"]);
    let detail =
        run(&server, "json_detail", json!({"fields": two, "total": true, "subtotals": ["sales.status"]})).await.ok();
    let has_totals = detail["totals_data"]["sales.total"]["value"] == json!(15);
    assert_eq!((&told["can_total"], &detail["has_totals"]), (&json!(has_totals), &json!(has_totals)));
    let has_subtotals = detail["subtotals_data"]["1"].as_array().is_some_and(|rows| rows.len() == 4);
    assert_eq!((&told["can_subtotal"], &detail["has_subtotals"]), (&json!(has_subtotals), &json!(has_subtotals)));

    let pivoted = json!({"fields": two, "pivots": ["sales.status"]});
    let sql = run(&server, "sql", pivoted.clone()).await;
    let ranks = sql.ok_text().contains("z__pivot_col_rank");
    let detail = run(&server, "json_detail", pivoted).await.ok();
    assert_eq!((&told["can_pivot_in_db"], &detail["supports_pivot_in_db"]), (&json!(ranks), &json!(ranks)));
}

#[tokio::test]
async fn zones_and_the_place_of_null_are_as_announced() {
    let server = sales().await;
    let told = explore(&server).await;
    let days = async |zone: &str| {
        let query = json!({"fields": ["sales.sold_date"], "filters": {"sales.id": "1"}, "query_timezone": zone});
        rows(&server, query).await.expect("rows")
    };
    let converts = days("UTC").await != days("Europe/Berlin").await;
    assert_eq!(told["has_timezone_support"], json!(converts));

    let nulls = async |direction: &str| {
        let query = json!({"fields": ["sales.status"], "sorts": [format!("sales.status {direction}")]});
        let rows = rows(&server, query).await.expect("rows");
        rows.iter().position(|row| row["sales.status"].is_null()).expect("a null")
    };
    let treatment = match (nulls("asc").await, nulls("desc").await) {
        (0, 0) => "first",
        (0, _) => "low",
        (_, 0) => "high",
        (..) => "last",
    };
    assert_eq!(told["null_sort_treatment"], treatment);
}

#[tokio::test]
async fn nothing_is_explained_or_estimated_and_so_it_is_announced() {
    let server = sales().await;
    let told = explore(&server).await;
    let body = json!({"connection_name": "shop", "sql": "EXPLAIN SELECT 1"});
    let saved = server.admin().post("/sql_queries").json(&body).await.ok();
    let slug = saved["slug"].as_str().expect("a slug");
    let shown = server.admin().post(&format!("/sql_queries/{slug}/run/json")).await;
    let explains = shown.status == 200 && shown.json()[0].get("looker_error").is_none();
    assert_eq!(told["can_explain"], json!(explains));

    let connection = server.admin().get("/connections/shop").await.ok();
    let estimates = &connection["dialect"]["supports_cost_estimate"];
    assert_eq!(told["supports_cost_estimate"], *estimates);
    assert_eq!((&connection["can"]["cost_estimate"], &connection["cost_estimate_enabled"]), (estimates, estimates));
}

#[tokio::test]
async fn an_explore_on_a_connection_that_is_not_there_announces_nothing() {
    let model = MODEL.replace("connection: \"shop\"", "connection: \"elsewhere\"");
    let server = TestServer::start(Seed::empty().file("kinds.model.lkml", &model)).await;
    let told = explore(&server).await;
    for ability in ["can_total", "can_subtotal", "can_pivot_in_db", "can_explain", "has_timezone_support"] {
        assert_eq!(told[ability], json!(false), "{ability}");
    }
    assert!(rows(&server, json!({"fields": ["sales.count"], "total": true})).await.is_none());
}

#[tokio::test]
async fn only_who_may_save_content_is_told_so() {
    let server = sales().await;
    let admin = server.admin();
    let set = json!({"name": "Read", "permissions": ["access_data", "see_lookml_dashboards"]});
    let set = admin.post("/permission_sets").json(&set).await.ok();
    let role = json!({"name": "Reader", "permission_set_id": set["id"], "model_set_id": "1"});
    let role = admin.post("/roles").json(&role).await.ok();
    let role = role["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let reader = server.add_user(NewUser { roles: vec![RoleId::new(role)], ..NewUser::default() }).await;
    let told = server.user(&reader).get("/lookml_models/kinds/explores/sales?fields=can_save").await.ok();
    assert_eq!((told, &explore(&server).await["can_save"]), (json!({"can_save": false}), &json!(true)));
}

/// All dimensions and measures, as the explore tells them.
async fn fields(server: &TestServer) -> Vec<Value> {
    let told = explore(server).await;
    let of = |category: &str| told["fields"][category].as_array().expect("a list").clone();
    [of("dimensions"), of("measures")].concat()
}

/// A query that selects a field, with what the field asks for beside it.
fn selecting(name: &str) -> Value {
    match name {
        "sales.before" => json!(["sales.sold_month", name]),
        _ => json!(["sales.sold_date", name]),
    }
}

#[tokio::test]
async fn each_field_is_filtered_by_as_it_announces() {
    let server = sales().await;
    for field in fields(&server).await {
        let name = field["name"].as_str().expect("a name");
        let value = match field["type"].as_str().expect("a type") {
            "yesno" | "date_yesno" => "Yes",
            "location" => "inside box from 2, 1 to 1, 2",
            _ => "-NULL",
        };
        let query = json!({"fields": ["sales.sold_month", "sales.count"], "filters": {name: value}});
        let is_filtered = rows(&server, query).await.is_some();
        // `date_raw` can stand in filters of models, and is hidden from users.
        if field["type"] != "date_raw" {
            assert_eq!(field["can_filter"], json!(is_filtered), "{name}");
        }
    }
}

#[tokio::test]
async fn each_field_is_sorted_by_as_it_announces_and_says_whether_its_values_follow_the_sort() {
    let server = sales().await;
    for field in fields(&server).await.iter().filter(|field| field["hidden"] == false) {
        let name = field["name"].as_str().expect("a name");
        let query = json!({"fields": selecting(name), "sorts": [name]});
        assert_eq!(field["sortable"], json!(rows(&server, query).await.is_some()), "{name}");
        if field["measure"] == false {
            continue;
        }
        let values = async |direction: &str| {
            let shown = selecting(name);
            let by = shown[0].as_str().expect("a name").to_owned();
            let query = json!({"fields": shown, "sorts": [format!("{by} {direction}")]});
            let rows = rows(&server, query).await.expect("rows");
            rows.iter().map(|row| (row[&by].to_string(), row[name].to_string())).collect::<BTreeMap<_, _>>()
        };
        let follows = values("asc").await != values("desc").await;
        assert_eq!(field["requires_refresh_on_sort"], json!(follows), "{name}");
    }
}

#[tokio::test]
async fn missing_values_are_filled_where_a_field_announces_it() {
    let server = sales().await;
    for field in fields(&server).await.iter().filter(|field| field["measure"] == false && field["hidden"] == false) {
        let name = field["name"].as_str().expect("a name");
        let mut query = json!({"fields": [name, "sales.count"], "fill_fields": [name]});
        // One moment, as seconds are many; a list of values is not filled where it is filtered.
        if field["fill_style"] == "range" {
            query["filters"] = json!({"sales.id": "1"});
        }
        let detail = run(&server, "json_detail", query).await.ok();
        let filled = detail["fill_fields"].as_array().is_some_and(|filled| filled.iter().any(|it| it == name));
        assert_eq!(field["fill_style"].is_string(), filled, "{name}: {}", detail["errors"]);
    }
}
