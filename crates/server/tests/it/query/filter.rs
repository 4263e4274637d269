//! Filters: whatever a caller writes, it is a value and never SQL.

use belvedere_testing::{Answer, TestServer};
use serde_json::{Value, json};

const LOST: &str = "lost, \"or so\"; DROP TABLE orders; --";

/// Texts that mean something to SQL, to Liquid, to a template, to a filter expression, or to nobody.
const HOSTILE: [&str; 40] = [
    "'",
    "''",
    "'''",
    "\"",
    "\"\"\"",
    "`",
    "\\",
    "\\'",
    "'; DROP TABLE orders; --",
    "' OR '1'='1",
    "') OR 1=1 --",
    "\"; DROP TABLE orders; --\"",
    "/* */ 1",
    "-- x",
    "$$ OR 1=1 $$",
    "E'\\x27'",
    "\u{0}",
    "a\u{0}b",
    "\n\r\t",
    "\u{202e}\u{2028}\u{feff}",
    "\u{1F600}",
    "ʼ OR 1=1",
    "${TABLE}",
    "${orders.id}",
    "{{ 1 | plus: 1 }}",
    "{% if true %}x{% endif %}",
    "{% condition orders.id %} 1 {% endcondition %}",
    "%",
    "%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%x",
    "_",
    "^",
    "^^",
    "-",
    "--",
    ",",
    ",,,,",
    "((((((((((((((((((((((((((((((((((((((((",
    "[1, 2",
    "NOT NULL OR 1=1",
    "9999999999999999999999999999999999999999999999999999",
];

fn filtered(field: &str, value: &str) -> Value {
    json!({"model": "shop", "view": "orders", "fields": ["orders.count"], "filters": {field: value}})
}

async fn count(server: &TestServer, field: &str, value: &str) -> Value {
    server.admin().run(&filtered(field, value), "json", "").await.ok()
}

/// An answer that is rows, or an error that tells of the filter and of nothing inside.
fn is_orderly(answer: &Answer, value: &str) {
    let rows = answer.ok();
    let Some(row) = rows.as_array().expect("rows").first() else { return };
    let told = row["looker_error"].as_str().unwrap_or_default();
    let is_count = row["orders.count"].as_u64().is_some_and(|count| count <= 6);
    assert!(is_count || !told.is_empty(), "{value:?}: {rows}");
    for word in ["Parser Error", "Binder Error", "Catalog Error", "panicked", "syntax error", "INTERNAL"] {
        assert!(!told.contains(word), "{value:?} reached the database as more than a value: {told}");
    }
}

#[tokio::test]
async fn hostile_filters_are_values() {
    let server = TestServer::shop().await;
    let fields = [
        "orders.status",
        "orders.id",
        "orders.amount",
        "orders.is_large",
        "orders.created_date",
        "orders.created_time",
        "orders.created_month",
        "orders.count",
        "orders.total_amount",
        "users.name",
    ];
    for value in HOSTILE {
        for field in fields {
            let answer = server.admin().run(&filtered(field, value), "json", "").await;
            is_orderly(&answer, value);
        }
    }
    assert_eq!(count(&server, "orders.id", "").await, json!([{"orders.count": 6}]), "everything is still there");
}

#[tokio::test]
async fn hostile_text_is_compared_to_the_letter() {
    let server = TestServer::shop().await;
    let literal = "lost^, ^\"or so^\"; DROP TABLE orders; --";
    assert_eq!(count(&server, "orders.status", literal).await, json!([{"orders.count": 1}]));
    assert_eq!(count(&server, "orders.status", "lost%").await, json!([{"orders.count": 1}]));
    assert_eq!(count(&server, "orders.status", "%DROP TABLE%").await, json!([{"orders.count": 1}]));
    assert_eq!(count(&server, "orders.status", "' OR '1'='1").await, json!([{"orders.count": 0}]));
    assert_eq!(count(&server, "users.name", "%O'Neil").await, json!([{"orders.count": 2}]));
    assert_eq!(count(&server, "users.name", "Bo <b>&</b>").await, json!([{"orders.count": 2}]));
    let sql = server.admin().run(&filtered("orders.status", LOST), "sql", "").await;
    assert!(!sql.ok_text().contains("DROP TABLE orders; --\n"), "{sql:?}");
}

#[tokio::test]
async fn hostile_names_of_fields_are_names() {
    let server = TestServer::shop().await;
    for name in HOSTILE {
        for query in [
            json!({"model": "shop", "view": "orders", "fields": [name]}),
            json!({"model": "shop", "view": "orders", "fields": ["orders.count", name]}),
            json!({"model": "shop", "view": "orders", "fields": ["orders.count"], "filters": {name: "1"}}),
            json!({"model": "shop", "view": "orders", "fields": ["orders.count"], "sorts": [name]}),
            json!({"model": "shop", "view": "orders", "fields": [format!("orders.{name}")]}),
        ] {
            is_orderly(&server.admin().run(&query, "json", "").await, name);
        }
    }
    assert_eq!(count(&server, "orders.id", "").await, json!([{"orders.count": 6}]));
}

#[tokio::test]
async fn filters_say_what_they_say() {
    let server = TestServer::shop().await;
    for (field, value, rows) in [
        ("orders.status", "complete", 3),
        ("orders.status", "complete,pending", 4),
        ("orders.status", "-complete", 3),
        ("orders.status", "NULL", 1),
        ("orders.status", "-NULL", 5),
        ("orders.status", "", 6),
        ("orders.status", "   ", 6),
        ("orders.status", "COMPLETE", 0),
        ("orders.id", "1,3,5", 3),
        ("orders.id", "[2, 4]", 3),
        ("orders.id", "NOT 1", 5),
        ("orders.amount", ">=15", 3),
        ("orders.is_large", "Yes", 2),
        ("orders.is_large", "No", 4),
        ("orders.created_date", "2026/01/02", 1),
        ("orders.created_date", "before 2026-01-01", 2),
        ("orders.created_month", "2026-01", 4),
        ("users.city", "NULL", 2),
    ] {
        let found = count(&server, field, value).await;
        assert_eq!(found, json!([{"orders.count": rows}]), "{field} {value:?}");
    }
    // A measure is filtered after it is added up.
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.status"], "filters": {"orders.count": ">1"},
    });
    assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.status": "complete"}]));
}

#[tokio::test]
async fn a_filter_that_says_nothing_sensible_is_told() {
    let server = TestServer::shop().await;
    for (field, value) in
        [("orders.id", "abc"), ("orders.created_date", "the day after"), ("orders.no_such_field", "1")]
    {
        let rows = count(&server, field, value).await;
        assert!(rows[0]["looker_error"].as_str().is_some_and(|error| error.contains(field)), "{rows}");
    }
}

#[tokio::test]
async fn a_filter_value_may_come_as_a_number_or_a_boolean() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["orders.count"],
        "filters": {"orders.id": 3, "orders.amount": 7.25, "orders.status": null},
    });
    assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.count": 1}]));
    let saved = server.admin().get("/queries/1?fields=filters").await.ok();
    assert_eq!(saved, json!({"filters": {"orders.id": "3", "orders.amount": "7.25"}}));
}
