//! Merge queries: kept and read.

use belvedere_testing::TestServer;
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
