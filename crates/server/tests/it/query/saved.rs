//! Saved queries: immutable, one per form.

use super::user_permitted;
use belvedere_testing::{ORIGIN, TestServer};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

fn statuses() -> Value {
    json!({"model": "shop", "view": "orders", "fields": ["orders.status", "orders.count"]})
}

/// A query that says something of everything.
fn everything() -> Value {
    json!({
        "model": "shop",
        "view": "orders",
        "fields": ["orders.status", "orders.count", "pct"],
        "pivots": ["orders.created_month"],
        "fill_fields": ["orders.created_month"],
        "filters": {"orders.status": "-NULL", "orders.created_date": "7 days", "orders.amount": ">1, <2"},
        "filter_expression": "${orders.amount} > 1",
        "sorts": ["orders.count desc 0", "orders.status"],
        "limit": "20",
        "column_limit": "5",
        "total": true,
        "row_total": "right",
        "subtotals": ["orders.status"],
        "vis_config": {"type": "looker_grid", "a": {"z": [1, null, true], "b": "<b>"}, "0": 1.5},
        "filter_config": {"orders.status": [{"type": "=", "values": [{"constant": "x"}, {}], "id": 0, "error": false}]},
        "visible_ui_sections": "data",
        "dynamic_fields": "[{\"table_calculation\":\"pct\",\"expression\":\"1\",\"label\":\"Pct\"}]",
        "client_id": "abcdefghijklmnopqrstuv",
        "query_timezone": "America/Los_Angeles",
    })
}

#[tokio::test]
async fn a_query_is_kept_as_it_was_written() {
    let server = TestServer::shop().await;
    let created = server.admin().post("/queries").json(&everything()).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&created.ok()).expect("JSON"));
    assert_eq!(server.admin().get("/queries/1").await.text(), created.text());
    let sent = everything();
    for (key, value) in sent.as_object().expect("an object") {
        assert_eq!(&created.json()[key], value, "{key}");
        let order = value.as_object().map(|map| map.keys().collect::<Vec<_>>());
        assert_eq!(created.json()[key].as_object().map(|map| map.keys().collect()), order, "the order of {key}");
    }
}

#[tokio::test]
async fn a_plain_query_is_told_with_its_addresses() {
    let server = TestServer::shop().await;
    let query = server.admin().post("/queries").json(&statuses()).await.ok();
    let slug = query["slug"].as_str().expect("a slug");
    let client_id = query["client_id"].as_str().expect("a client id");
    assert_eq!((slug.len(), client_id.len()), (32, 22));
    assert_ne!(&slug[..22], client_id);
    assert_eq!(query["share_url"], format!("{ORIGIN}/x/{slug}"));
    let url = "/explore/shop/orders?fields=orders.status,orders.count&limit=500";
    assert_eq!(query["url"], url);
    assert_eq!(query["expanded_share_url"], format!("{ORIGIN}{url}&origin=share-expanded"));
    let nothing = [
        "pivots",
        "fill_fields",
        "filters",
        "filter_expression",
        "sorts",
        "limit",
        "column_limit",
        "total",
        "row_total",
        "subtotals",
        "vis_config",
        "filter_config",
        "visible_ui_sections",
        "dynamic_fields",
        "query_timezone",
    ];
    for key in nothing {
        assert_eq!(query[key], json!(null), "{key}");
    }
    assert_eq!(query["has_table_calculations"], json!(false));
}

#[tokio::test]
async fn the_same_question_is_the_same_query() {
    let server = TestServer::shop().await;
    let first = server.admin().post("/queries").json(&statuses()).await;
    let with = |extra: &Value| {
        let mut body = statuses();
        let extra = extra.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(extra);
        body
    };
    for body in [
        statuses(),
        json!({"fields": ["orders.status", "orders.count"], "view": "orders", "model": "shop"}),
        with(
            &json!({"limit": null, "sorts": null, "pivots": [], "filters": {}, "row_total": "", "dynamic_fields": ""}),
        ),
        with(&json!({"id": "99", "slug": "x", "can": {"run": false}, "url": "/", "share_url": "http://evil"})),
        with(&json!({"no_such_key": {"a": [1]}})),
        with(&json!({"fields": "orders.status,orders.count"})),
        with(&json!({"fields": "[\"orders.status\", \"orders.count\"]"})),
        first.json(),
    ] {
        let again = server.admin().post("/queries").json(&body).await;
        assert_eq!(again.ok_text(), first.ok_text(), "{body}");
    }
    for body in [
        with(&json!({"limit": "500"})),
        with(&json!({"sorts": ["orders.count"]})),
        with(&json!({"fields": ["orders.count", "orders.status"]})),
        with(&json!({"filters": {"orders.status": ""}})),
        with(&json!({"total": false})),
        with(&json!({"vis_config": {"type": "table"}})),
    ] {
        let other = server.admin().post("/queries").json(&body).await.ok();
        assert_ne!(other["id"], first.json()["id"], "{body}");
        assert_ne!(other["slug"], first.json()["slug"], "{body}");
    }
}

#[tokio::test]
async fn numbers_may_be_sent_as_numbers_or_as_texts() {
    let server = TestServer::shop().await;
    let limited = |limit: Value| json!({"model": "shop", "view": "orders", "fields": ["orders.id"], "limit": limit});
    let first = server.admin().post("/queries").json(&limited(json!(10))).await.ok();
    assert_eq!(first["limit"], json!("10"), "the document calls it a text");
    assert_eq!(server.admin().post("/queries").json(&limited(json!("10"))).await.ok()["id"], first["id"]);
    for limit in [json!(0), json!("0"), json!(-1), json!("-1")] {
        let text = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
        assert_eq!(server.admin().post("/queries").json(&limited(limit)).await.ok()["limit"], json!(text));
    }
    let spectacles = json!({
        "model": "shop", "view": "orders", "fields": ["orders.id"], "limit": 0, "filter_expression": "1=2",
    });
    let created = server.admin().post("/queries?fields=id,share_url").json(&spectacles).await.ok();
    let keys: Vec<&String> = created.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "share_url"]);
}

#[tokio::test]
async fn a_query_is_found_by_id_slug_and_client_id() {
    let server = TestServer::shop().await;
    let created = server.admin().post("/queries").json(&statuses()).await;
    let query = created.ok();
    let text = |key: &str| query[key].as_str().expect("a text").to_owned();
    for path in [
        format!("/queries/{}", text("id")),
        format!("/queries/slug/{}", text("slug")),
        format!("/queries/slug/{}", text("client_id")),
    ] {
        assert_eq!(server.admin().get(&path).await.ok_text(), created.text(), "{path}");
        let some = server.admin().get(&format!("{path}?fields=id,%20view,nonsense")).await;
        assert_eq!(some.ok(), json!({"id": "1", "view": "orders"}), "{path}");
    }
    let slug = text("slug");
    for wrong in ["2", "0", "-1", "01", "1.0", "one", "", "1%20", "%271%27", &slug, "9223372036854775808"] {
        if !wrong.is_empty() {
            let refused = server.admin().get(&format!("/queries/{wrong}")).await;
            assert_eq!(refused.refused(404), "Not found", "{wrong}");
        }
    }
    for wrong in ["1", "x", &slug[1..], &slug.to_lowercase(), &"A".repeat(22), &"A".repeat(32), "%00", "..%2F1"] {
        let refused = server.admin().get(&format!("/queries/slug/{wrong}")).await;
        assert_eq!(refused.refused(404), "Not found", "{wrong}");
    }
}

#[tokio::test]
async fn a_client_id_belongs_to_one_query() {
    let server = TestServer::shop().await;
    let with = |client_id: &str, field: &str| json!({"model": "shop", "view": "orders", "fields": [field], "client_id": client_id});
    let mine = "0123456789abcdefABCDEF";
    let first = server.admin().post("/queries").json(&with(mine, "orders.id")).await.ok();
    assert_eq!(first["client_id"], mine);
    assert_eq!(server.admin().post("/queries").json(&with(mine, "orders.id")).await.ok(), first);
    let other = server.admin().post("/queries").json(&with("zzzzzzzzzzzzzzzzzzzzzz", "orders.id")).await.ok();
    assert_eq!(other, first, "the query keeps its first client id");
    let taken = server.admin().post("/queries").json(&with(mine, "orders.status")).await;
    taken.refused(422);
    assert_eq!(
        (&taken.json()["errors"][0]["field"], &taken.json()["errors"][0]["code"]),
        (&json!("client_id"), &json!("already_exists"))
    );
    for wrong in ["short", "0123456789abcdefABCDEF0", "0123456789abcdefABCDE-", "0123456789abcdefABCDé"] {
        let refused = server.admin().post("/queries").json(&with(wrong, "orders.amount")).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["message"], "must be 22 letters and digits", "{wrong}");
    }
}

#[tokio::test]
async fn all_that_a_query_lacks_is_told_at_once() {
    let server = TestServer::shop().await;
    let url = format!("{ORIGIN}/r/err/4.0/422/post/queries");
    let entry = |field: &str| {
        format!(
            r#"{{"field":"{field}","code":"missing_field","message":"is not present","documentation_url":"{url}"}}"#
        )
    };
    for body in [json!({}), json!({"model": null, "view": null}), json!({"fields": ["orders.id"]}), json!(null)] {
        let refused = server.admin().post("/queries").json(&body).await;
        assert_eq!(refused.status, 422, "{body}");
        assert_eq!(
            refused.text(),
            format!(
                r#"{{"message":"Validation Failed","errors":[{},{}],"documentation_url":"{url}"}}"#,
                entry("model"),
                entry("view")
            ),
            "{body}"
        );
    }
    server.admin().post("/queries").await.refused(422);
    let refused = server.admin().post("/queries").json(&json!({"model": "shop"})).await;
    refused.refused(422);
    assert_eq!(refused.json()["errors"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn values_of_a_wrong_type_are_told_with_their_place() {
    let server = TestServer::shop().await;
    for (wrong, told) in [
        (json!({"limit": "ten"}), vec![("limit", "must be a whole number of rows, or -1 for all")]),
        (json!({"limit": -2}), vec![("limit", "must be a whole number of rows, or -1 for all")]),
        (json!({"limit": 1.5}), vec![("limit", "must be a whole number of rows, or -1 for all")]),
        (json!({"limit": "99999999999999999999"}), vec![("limit", "must be a whole number of rows, or -1 for all")]),
        (json!({"column_limit": "x"}), vec![("column_limit", "must be a whole number of rows, or -1 for all")]),
        (json!({"limit": [10]}), vec![("limit", "must be a text")]),
        (json!({"fields": {"a": 1}}), vec![("fields[0]", "must be a text")]),
        (json!({"fields": ["orders.id", ["orders.status"]]}), vec![("fields[1]", "must be a text")]),
        (json!({"filters": ["orders.id"]}), vec![("filters", "must be an object")]),
        (json!({"filters": {"orders.id": {"a": 1}}}), vec![("filters.orders.id", "must be a text")]),
        (json!({"total": "perhaps"}), vec![("total", "must be true or false")]),
        (json!({"vis_config": 7}), vec![("vis_config", "must be an object")]),
        (
            json!({"total": "perhaps", "sorts": [{}], "row_total": []}),
            vec![("sorts[0]", "must be a text"), ("total", "must be true or false"), ("row_total", "must be a text")],
        ),
    ] {
        let mut body = json!({"model": "shop", "view": "orders"});
        body.as_object_mut().expect("an object").extend(wrong.as_object().expect("an object").clone());
        let refused = server.admin().post("/queries").json(&body).await;
        refused.refused(422);
        let errors = refused.json()["errors"].clone();
        let entries = errors.as_array().expect("a list").iter();
        let text = |entry: &Value, key: &str| entry[key].as_str().expect("a text").to_owned();
        let found: BTreeSet<_> = entries.map(|entry| (text(entry, "field"), text(entry, "message"))).collect();
        let told = told.into_iter().map(|(field, message)| (field.to_owned(), message.to_owned())).collect();
        assert_eq!(found, told, "{wrong}");
        assert!(errors.as_array().expect("a list").iter().all(|entry| entry["code"] == "invalid"), "{errors}");
    }
}

#[tokio::test]
async fn a_query_on_what_there_is_not_is_not_found() {
    let server = TestServer::shop().await;
    for (model, view) in [
        ("store", "orders"),
        ("Shop", "orders"),
        ("shop", "returns"),
        ("shop", "Orders"),
        ("", ""),
        ("shop", ""),
        ("system__activity", "history"),
        ("i__looker", "history"),
        ("main", "user"),
        ("../shop", "orders"),
    ] {
        let refused = server.admin().post("/queries").json(&json!({"model": model, "view": view})).await;
        assert_eq!(refused.refused(404), "Not found", "{model}::{view}");
        assert_eq!(refused.json()["documentation_url"], format!("{ORIGIN}/r/err/4.0/404/post/queries"));
    }
}

#[tokio::test]
async fn what_cannot_be_planned_can_be_saved_all_the_same() {
    let server = TestServer::shop().await;
    let query = json!({
        "model": "shop", "view": "orders", "fields": ["no.such_field"], "sorts": ["", " "], "filters": {"x": "y"},
    });
    let created = server.admin().post("/queries").json(&query).await.ok();
    assert_eq!(created["fields"], json!(["no.such_field"]));
    let bare = server.admin().post("/queries").json(&json!({"model": "shop", "view": "orders"})).await.ok();
    assert_eq!(bare["fields"], json!(null));
}

#[tokio::test]
async fn callers_who_create_the_same_query_at_once_get_the_same_one() {
    let server = Arc::new(TestServer::shop().await);
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let server = Arc::clone(&server);
        calls.spawn(async move { server.admin().post("/queries").json(&statuses()).await.ok().to_string() });
    }
    let answers: BTreeSet<String> = calls.join_all().await.into_iter().collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    for id in 2..=21 {
        server.admin().get(&format!("/queries/{id}")).await.refused(404);
    }
}

#[tokio::test]
async fn a_query_is_there_for_whoever_reads_it_next() {
    let server = TestServer::shop().await;
    for number in 1..30 {
        let query = json!({"model": "shop", "view": "orders", "limit": number});
        let id = server.admin().post("/queries").json(&query).await.ok()["id"].clone();
        let path = format!("/queries/{}?fields=limit", id.as_str().expect("an id"));
        assert_eq!(server.admin().get(&path).await.ok(), json!({"limit": number.to_string()}));
    }
}

#[tokio::test]
async fn who_may_see_data_alone_asks_no_question_of_their_own() {
    let server = TestServer::shop().await;
    let saved = server.admin().post("/queries").json(&statuses()).await.ok();
    let id = saved["id"].as_str().expect("an id");
    let reader = user_permitted(&server, &["access_data"]).await;
    // Not even one that is saved already.
    for path in ["/queries", "/queries/run/json"] {
        assert_eq!(server.user(&reader).post(path).json(&statuses()).await.refused(404), "Not found", "{path}");
    }
    assert_eq!(server.user(&reader).get(&format!("/queries/{id}?fields=id")).await.ok(), json!({"id": id}));
    server.user(&reader).get(&format!("/queries/{id}/run/json")).await.ok();
    let asker = user_permitted(&server, &["access_data", "explore"]).await;
    assert_eq!(server.user(&asker).post("/queries").json(&statuses()).await.ok()["id"], saved["id"]);
}

#[tokio::test]
async fn a_saved_query_is_read_once() {
    let server = TestServer::shop().await;
    let saved = server.admin().post("/queries").json(&statuses()).await.ok();
    server.store.close().await;
    let path = format!("/queries/{}", saved["id"].as_str().expect("an id"));
    assert_eq!(server.admin().get(&path).await.ok(), saved);
    assert_eq!(server.admin().post("/queries").json(&statuses()).await.ok(), saved);
}
