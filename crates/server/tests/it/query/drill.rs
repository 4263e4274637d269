//! What stands in cells beside values: `html`, `link`s, and the ways to drill into them.

use super::user_permitted;
use belvedere_testing::{Caller, Seed, TestServer};
use serde_json::{Value, json};

const MODEL: &str = r#"
    connection: "shop"
    include: "/views/*.view.lkml"
    access_grant: insiders { user_attribute: team allowed_values: ["inside"] }
    explore: orders {
      join: users { sql_on: ${orders.user_id} = ${users.id} ;; relationship: many_to_one }
    }
"#;

const ORDERS: &str = r#"
    view: orders {
      sql_table_name: orders ;;
      drill_fields: [id, amount, users.name]
      dimension: id {
        primary_key: yes
        type: number
        sql: ${TABLE}.id ;;
        link: { label: "Order {{ value }}" url: "/orders/{{ value }}?by={{ users.name._value | url_encode }}" icon_url: "/icon.png" }
        link: { label: "Anything" url: "{{ orders.status._value }}" }
      }
      dimension: user_id { hidden: yes type: number sql: ${TABLE}.user_id ;; }
      dimension: status {
        sql: ${TABLE}.status ;;
        drill_fields: [users.name, amount]
        html: {% if value == 'complete' %}<b>{{ rendered_value }}</b>{% else %}{{ value }} of {{ row['orders.count'] }}{% endif %} ;;
      }
      dimension: amount { type: number sql: ${TABLE}.amount ;; value_format_name: usd }
      dimension_group: created { type: time timeframes: [time, date, month, month_name] sql: ${TABLE}.created_at ;; }
      measure: count { type: count html: {{ linked_value }} ;; }
      measure: complete_count { type: count filters: [status: "complete"] }
      measure: secret_count { type: count filters: [users.city: "Paris"] }
      measure: plain_count { type: count drill_fields: [users.city] }
      measure: bare_count { type: number sql: ${count} ;; drill_fields: [] html: [{{ linked_value }}|{{ link }}] ;; }
      filter: only { type: string }
    }
"#;

const USERS: &str = r#"
    view: users {
      sql_table_name: users ;;
      dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
      dimension: name { sql: ${TABLE}.name ;; html: <i title="{{ value }}">{{ value }}</i> ;; }
      dimension: city { required_access_grants: [insiders] sql: ${TABLE}.city ;; }
    }
"#;

async fn shop() -> TestServer {
    let seed = Seed::shop().file("shop.model.lkml", MODEL).file("views/orders.view.lkml", ORDERS);
    TestServer::start(seed.file("views/users.view.lkml", USERS)).await
}

fn query(fields: &[&str]) -> Value {
    json!({"model": "shop", "view": "orders", "fields": fields})
}

/// Cells with their links.
async fn detail(caller: Caller<'_>, query: &Value) -> Value {
    caller.run(query, "json_detail", "generate_drill_links=true").await.ok()
}

fn url(link: &Value) -> &str {
    link["url"].as_str().expect("an address")
}

/// How many rows a drill shows.
async fn rows_behind(server: &TestServer, link: &Value) -> usize {
    let (path, parameters) = url(link).split_once('?').expect("an address of a query");
    let explore = path.strip_prefix("/explore/shop/").expect("an explore of the model");
    let run = format!("/queries/models/shop/views/{explore}/run/json?{parameters}");
    server.admin().get(&run).await.ok().as_array().expect("rows").len()
}

#[tokio::test]
async fn the_rows_behind_a_measure_are_those_that_it_counts() {
    let server = shop().await;
    let mut query = query(&["orders.status", "orders.created_month", "orders.count"]);
    query["filters"] = json!({"orders.created_date": "after 2025-12-15", "orders.count": ">0"});
    let detail = detail(server.admin(), &query).await;
    for row in detail["data"].as_array().expect("rows") {
        let cell = &row["orders.count"];
        assert_eq!(
            rows_behind(&server, &cell["links"][0]).await as u64,
            cell["value"].as_u64().expect("a count"),
            "{row}"
        );
    }
    let row = &detail["data"][0];
    assert_eq!(row["orders.created_month"]["value"], "2026-01");
    let link = &row["orders.count"]["links"][0];
    let status = if row["orders.status"]["value"] == "complete" { ("complete", 3) } else { ("pending", 1) };
    assert_eq!(
        *link,
        json!({
            "label": format!("Show All {}", status.1), "label_prefix": "Show All", "label_value": status.1.to_string(),
            "type": "measure_default",
            "url": format!(
                "/explore/shop/orders?fields=orders.id,orders.amount,users.name&f[orders.status]={}\
                 &f[orders.created_month]=2026-01&f[orders.created_date]=after+2025-12-15&query_timezone=UTC&limit=500",
                status.0,
            ),
        }),
    );
}

#[tokio::test]
async fn a_drill_says_what_a_measure_and_a_pivot_filter_by() {
    let server = shop().await;
    let cells = detail(server.admin(), &query(&["orders.created_month", "orders.complete_count"])).await;
    assert_eq!(cells["data"][0]["orders.complete_count"]["value"], 3);
    assert_eq!(rows_behind(&server, &cells["data"][0]["orders.complete_count"]["links"][0]).await, 3);
    // The row is of a status of its own: rows of that would not be those that count.
    let cells = detail(server.admin(), &query(&["orders.status", "orders.complete_count"])).await;
    assert_eq!(cells["data"][0]["orders.complete_count"].get("links"), None);
    let mut pivoted = query(&["orders.created_month", "orders.status", "orders.count"]);
    pivoted["pivots"] = json!(["orders.status"]);
    pivoted["total"] = json!(true);
    pivoted["row_total"] = json!("right");
    let cells = detail(server.admin(), &pivoted).await;
    let rows = cells["data"].as_array().expect("rows").iter().chain([&cells["totals_data"]]);
    let mut followed = 0;
    for row in rows {
        for (key, cell) in row["orders.count"].as_object().expect("cells") {
            match cell["value"].as_u64() {
                Some(count) => assert_eq!(rows_behind(&server, &cell["links"][0]).await as u64, count, "{key}: {cell}"),
                None => assert_eq!(cell.get("links"), None),
            }
            followed += 1;
        }
    }
    assert_eq!(followed, 15, "two months and the totals, under four values and the row totals");
}

#[tokio::test]
async fn a_dimension_is_drilled_by_its_fields_or_a_finer_time() {
    let server = shop().await;
    let cells = detail(server.admin(), &query(&["orders.status", "orders.created_month", "orders.count"])).await;
    let row = cells["data"].as_array().expect("rows").iter().find(|row| row["orders.status"]["value"] == "pending");
    let row = row.expect("the pending order");
    let labels = |cell: &Value| -> Vec<Value> {
        cell["links"].as_array().expect("links").iter().map(|link| link["label"].clone()).collect()
    };
    assert_eq!(labels(&row["orders.status"]), ["by Users Name", "by Amount"]);
    assert_eq!(labels(&row["orders.created_month"]), ["by Created Date", "by Created Time"]);
    assert_eq!(
        row["orders.status"]["links"][0],
        json!({
            "label": "by Users Name", "label_prefix": "by", "label_value": "Users Name",
            "type": "drill", "type_label": "Drill into pending",
            "type_label_prefix": "Drill into", "type_label_value": "pending",
            "url": "/explore/shop/orders?fields=users.name,orders.created_month,orders.count&f[orders.status]=pending\
                    &query_timezone=UTC&limit=500",
        }),
    );
    assert_eq!(rows_behind(&server, &row["orders.status"]["links"][0]).await, 1);
}

#[tokio::test]
async fn links_of_the_model_are_written_for_each_row() {
    let server = shop().await;
    let mut query = query(&["orders.id", "users.name", "orders.status"]);
    query["sorts"] = json!(["orders.id"]);
    for format in ["json_detail", "json_bi", "json_fe"] {
        let cells = server.admin().run(&query, format, "generate_drill_links=true").await.ok();
        let rows = if format == "json_bi" { &cells["rows"] } else { &cells["data"] };
        assert_eq!(
            rows[2]["orders.id"]["links"],
            json!([
                {"label": "Order 3", "icon_url": "/icon.png", "type": "url",
                 "url": "/orders/3?by=Bo+%3Cb%3E%26%3C%2Fb%3E"},
                {"label": "Anything", "url": "pending", "type": "url"},
            ]),
            "{format}"
        );
        assert_eq!(rows[5]["orders.id"]["links"].as_array().map(Vec::len), Some(1), "an address without text is none");
    }
    let plain = server.admin().run(&query, "json_detail", "").await.ok();
    assert_eq!(plain["data"][0]["orders.id"], json!({"value": 1}), "nobody asked for links");
}

#[tokio::test]
async fn html_is_the_author_s_and_values_in_it_are_text() {
    let server = shop().await;
    let mut query = query(&["users.name", "orders.status", "orders.count"]);
    query["sorts"] = json!(["users.name", "orders.status"]);
    let cells = server.admin().run(&query, "json_detail", "").await.ok();
    let bo = &cells["data"][1];
    assert_eq!(bo["users.name"]["value"], "Bo <b>&</b>");
    assert_eq!(bo["users.name"]["html"], "<i title=\"Bo &lt;b&gt;&amp;&lt;/b&gt;\">Bo &lt;b&gt;&amp;&lt;/b&gt;</i>");
    assert_eq!(bo["orders.status"]["html"], "<b>complete</b>");
    assert_eq!(cells["data"][2]["orders.status"]["html"], "pending of 1");
    assert_eq!(cells["data"][3]["orders.status"]["html"], "lost, &quot;or so&quot;; DROP TABLE orders; -- of 1");
    let count = cells["data"][2]["orders.count"]["html"].as_str().expect("markup");
    assert!(count.starts_with("<a href=\"/explore/shop/orders?fields=") && count.ends_with("\">1</a>"), "{count}");
    assert!(count.contains("&amp;f[users.name]=%22Bo+%3Cb%3E"), "{count}");
    // The table holds it where values are formatted; no other format does.
    let html = server.admin().run(&query, "html", "apply_formatting=true").await;
    assert!(html.ok_text().contains("<td><b>complete</b></td>"), "{html:?}");
    assert!(!html.ok_text().contains("<td><i title=\"Bo <b>"), "{html:?}");
    for (format, how) in
        [("html", ""), ("csv", "apply_formatting=true"), ("json", "apply_formatting=true"), ("json_bi", "")]
    {
        let body = server.admin().run(&query, format, how).await;
        assert!(!body.ok_text().contains("<i title"), "{format}: {body:?}");
    }
    let bare = server.admin().run(&self::query(&["orders.bare_count"]), "json_detail", "").await.ok();
    assert_eq!(bare["data"][0]["orders.bare_count"].get("links"), None);
}

#[tokio::test]
async fn a_drill_shows_nothing_that_the_reader_may_not_see() {
    let server = shop().await;
    let fields = ["orders.created_month", "orders.plain_count", "orders.count"];
    // Nobody is an insider: the city is unknown, and with it the way to it.
    let cells = detail(server.admin(), &query(&fields)).await.to_string();
    assert!(cells.contains("measure_default") && !cells.contains("city"), "{cells}");
    let secret = detail(server.admin(), &query(&["orders.created_month", "orders.secret_count"])).await;
    assert!(!secret["data"].to_string().contains("Paris"), "{secret}");
    assert_eq!(secret["data"][0]["orders.secret_count"].get("links"), None);
    let team = json!({"name": "team", "label": "Team", "type": "string", "default_value": "inside"});
    server.admin().post("/user_attributes").json(&team).await.ok();
    let cells = detail(server.admin(), &query(&fields)).await;
    let link = &cells["data"][0]["orders.plain_count"]["links"][0];
    assert!(url(link).starts_with("/explore/shop/orders?fields=users.city&"), "{link}");
    let secret = detail(server.admin(), &query(&["orders.created_month", "orders.secret_count"])).await;
    assert!(url(&secret["data"][0]["orders.secret_count"]["links"][0]).contains("f[users.city]=Paris"), "{secret}");
}

#[tokio::test]
async fn who_may_not_drill_has_the_links_of_the_model_alone() {
    let server = shop().await;
    let fields = ["orders.id", "orders.status", "orders.count"];
    let saved = server.admin().post("/queries").json(&query(&fields)).await.ok();
    let run = format!(
        "/queries/{}/run/json_detail?generate_drill_links=true&path_prefix=%2Fembed",
        saved["id"].as_str().expect("an id")
    );
    let viewer = user_permitted(&server, &["access_data"]).await;
    let cells = server.user(&viewer).get(&run).await.ok();
    let row = &cells["data"][0];
    assert_eq!(row["orders.id"]["links"][0]["type"], "url");
    assert_eq!((row["orders.status"].get("links"), row["orders.count"].get("links")), (None, None));
    assert_eq!(row["orders.count"]["html"], "1", "there is no address for it");
    let driller = user_permitted(&server, &["access_data", "see_drill_overlay"]).await;
    let cells = server.user(&driller).get(&run).await.ok();
    assert!(url(&cells["data"][0]["orders.count"]["links"][0]).starts_with("/embed/explore/shop/orders?"), "{cells}");
}

#[tokio::test]
async fn the_result_of_a_task_has_its_links() {
    let server = shop().await;
    let saved = server.admin().post("/queries").json(&query(&["orders.created_month", "orders.count"])).await.ok();
    let task = json!({"query_id": saved["id"], "result_format": "json_detail"});
    let made = server.admin().post("/query_tasks?generate_drill_links=true&path_prefix=%2Fx").json(&task).await.ok();
    assert_eq!((&made["generate_links"], &made["path_prefix"]), (&json!(true), &json!("/x")));
    let results = format!("/query_tasks/{}/results", made["id"].as_str().expect("an id"));
    let cells = belvedere_testing::eventually(async || {
        let answer = server.admin().get(&results).await;
        (answer.status == 200).then(|| answer.json())
    });
    let cells = cells.await;
    assert!(url(&cells["data"][0]["orders.count"]["links"][0]).starts_with("/x/explore/"), "{cells}");
}
