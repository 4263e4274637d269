//! Merge queries: kept and read.

use belvedere_testing::{Seed, TestServer, TestUser};
use serde_json::{Value, json};

async fn saved(server: &TestServer, fields: &[&str]) -> Value {
    let query = json!({"model": "shop", "view": "orders", "fields": fields});
    server.admin().post("/queries?fields=id,slug").json(&query).await.ok()
}

#[tokio::test]
async fn a_merge_query_is_kept_once_and_read_as_it_was() {
    let server = TestServer::shop().await;
    let first = saved(&server, &["orders.status", "orders.count"]).await;
    let second = saved(&server, &["orders.status", "orders.total_amount"]).await;
    let body = json!({
        "source_queries": [
            {"name": "Counts", "query_id": first["id"]},
            {
                "name": "Amounts", "query_slug": second["slug"],
                "merge_fields": [{"field_name": "orders.status", "source_field_name": "orders.status"}],
            },
        ],
        "sorts": ["orders.count desc"], "limit": "10", "total": true, "vis_config": {"type": "table", "series": {"orders.count": [1, {"bold": true}, null]}, "rows": 5},
    });
    let created = server.admin().post("/merge_queries").json(&body).await.ok();
    assert_eq!(created["source_queries"][1]["query_id"], second["id"]);
    assert_eq!(created["source_queries"][0]["query_slug"], first["slug"]);
    assert_eq!(created["source_queries"][1]["merge_fields"], body["source_queries"][1]["merge_fields"]);
    for key in ["sorts", "limit", "total", "vis_config"] {
        assert_eq!(created[key], body[key], "{key}");
    }
    let id = created["id"].as_str().expect("an id");
    assert_eq!(server.admin().get(&format!("/merge_queries/{id}")).await.ok(), created);
    assert_eq!(server.admin().post("/merge_queries").json(&body).await.ok()["id"], created["id"]);
    let mut other = body.clone();
    other["limit"] = json!("11");
    assert_ne!(server.admin().post("/merge_queries").json(&other).await.ok()["id"], created["id"]);
}

#[tokio::test]
async fn every_mistake_in_its_sources_is_told() {
    let server = TestServer::shop().await;
    let create = async |body: Value| server.admin().post("/merge_queries").json(&body).await;
    let refused =
        create(json!({"source_queries": [{"query_id": "999"}, {"name": "nothing"}, {"query_slug": "x"}]})).await;
    assert_eq!(refused.status, 422);
    let fields: Vec<Value> =
        refused.json()["errors"].as_array().expect("errors").iter().map(|error| error["field"].clone()).collect();
    assert_eq!(
        fields,
        [json!("source_queries[0].query_id"), json!("source_queries[1].query_id"), json!("source_queries[2].query_id")]
    );
    let empty = create(json!({})).await;
    assert_eq!((empty.status, empty.json()["errors"][0]["field"].clone()), (422, json!("source_queries")));
    for id in ["1", "x", "0"] {
        assert_eq!(server.admin().get(&format!("/merge_queries/{id}")).await.refused(404), "Not found");
    }
}

/// A second model, and an explore of the first that a grant keeps back.
async fn two_models() -> TestServer {
    let kept_back = "connection: \"shop\"
        include: \"/views/*.view.lkml\"
        access_grant: finance { user_attribute: department allowed_values: [\"finance\"] }
        explore: orders {}
        explore: secrets { from: orders required_access_grants: [finance] }";
    let other = "connection: \"shop\"
        include: \"/views/*.view.lkml\"
        explore: users {}";
    let server =
        TestServer::start(Seed::shop().file("shop.model.lkml", kept_back).file("other.model.lkml", other)).await;
    let department = json!({"name": "department", "label": "Department", "type": "string", "default_value": "finance"});
    server.admin().post("/user_attributes").json(&department).await.ok();
    server
}

/// Takes the department from a user.
async fn without_department(server: &TestServer, user: &TestUser) {
    let attributes = server.admin().get("/user_attributes?fields=id,name").await.ok();
    let all = attributes.as_array().expect("attributes");
    let id = &all.iter().find(|attribute| attribute["name"] == "department").expect("the attribute")["id"];
    let path = format!("/users/{}/attribute_values/{}", user.id, id.as_str().expect("an id"));
    server.admin().patch(&path).json(&json!({"value": "sales"})).await.ok();
}

#[tokio::test]
async fn nobody_makes_or_reads_a_merge_of_sources_that_are_not_theirs() {
    let server = two_models().await;
    let admin = server.admin();
    let saved = async |model: &str, explore: &str, fields: &[&str]| {
        let query = json!({"model": model, "view": explore, "fields": fields});
        admin.post("/queries?fields=id,slug").json(&query).await.ok()
    };
    let mine = saved("shop", "orders", &["orders.status", "orders.count"]).await;
    let of_model = saved("other", "users", &["users.id", "users.count"]).await;
    let of_grant = saved("shop", "secrets", &["secrets.status", "secrets.count"]).await;
    let user = super::user_permitted(&server, &["access_data", "explore", "see_looks"]).await;
    without_department(&server, &user).await;
    let caller = server.user(&user);

    let source = |query: &Value, by: &str| json!({"name": "q", format!("query_{by}"): query[by]});
    let merge = |sources: Vec<Value>| json!({"source_queries": sources});
    let unknown = caller.post("/merge_queries").json(&merge(vec![json!({"query_id": "987654"})])).await;
    for foreign in [&of_model, &of_grant] {
        for by in ["id", "slug"] {
            let body = merge(vec![source(&mine, "id"), source(foreign, by)]);
            let refused = caller.post("/merge_queries").json(&body).await;
            assert_eq!(refused.status, 422, "{body}: {refused:?}");
            // What there is and what there is not are told alike.
            let error = &refused.json()["errors"][0];
            assert_eq!(error["message"], unknown.json()["errors"][0]["message"], "{body}");
            assert_eq!(error["field"], "source_queries[1].query_id");

            let made = admin.post("/merge_queries").json(&body).await.ok();
            let path = format!("/merge_queries/{}", made["id"].as_str().expect("an id"));
            let hidden = caller.get(&path).await;
            assert_eq!(hidden.refused(404), "Not found", "{body}");
            assert_eq!(hidden.body, caller.get("/merge_queries/987654").await.body, "{body}");
        }
    }
    // A merge of sources of one's own is made, and is the same one for who sees them.
    let body = merge(vec![source(&mine, "id"), source(&mine, "slug")]);
    let made = caller.post("/merge_queries").json(&body).await.ok();
    assert_eq!(admin.post("/merge_queries").json(&body).await.ok()["id"], made["id"]);
    let path = format!("/merge_queries/{}", made["id"].as_str().expect("an id"));
    assert_eq!(caller.get(&path).await.ok()["source_queries"], made["source_queries"]);
}
