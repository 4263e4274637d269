//! The same data through 3.1 and 4.0.

use belvedere_api::Method;
use belvedere_testing::TestServer;
use belvedere_versions::V3_1;
use serde_json::Value;

/// Whether an answer of 3.1 says what one of 4.0 says, where both say something: an integer may be a text of digits,
/// and addresses lead to the version.
fn agree(old: &Value, newest: &Value) -> bool {
    match (old, newest) {
        (Value::Object(old), Value::Object(newest)) => {
            old.iter().all(|(key, old)| newest.get(key).is_none_or(|newest| agree(old, newest)))
        }
        (Value::Array(old), Value::Array(newest)) => {
            old.len() == newest.len() && old.iter().zip(newest).all(|(old, newest)| agree(old, newest))
        }
        (Value::Number(old), Value::String(newest)) => old.to_string() == *newest,
        (Value::String(old), Value::String(newest)) => {
            *old == newest.replace("/api/4.0/", "/api/3.1/") || old == newest
        }
        (old, newest) => old == newest,
    }
}

#[tokio::test]
async fn everything_that_can_be_read_says_the_same_in_both() {
    let server = TestServer::shop().await;
    server.add_plain_user().await;
    let mut read = 0;
    for route in V3_1.routes() {
        let Some(newest) = route.operation.filter(|operation| operation.has_code) else { continue };
        let needs_more = newest.parameters.iter().any(|parameter| parameter.required);
        if route.method != Method::Get || needs_more {
            continue;
        }
        // Each answer is validated against the document of its version as it arrives.
        let old = server.admin().speaking("3.1").get(route.path).await;
        let newest = server.admin().get(newest.path).await;
        assert_eq!(old.status, newest.status, "{}: {old:?}", route.name);
        if old.status == 200 {
            assert!(agree(&old.json(), &newest.json()), "{}: {old:?} {newest:?}", route.name);
            read += 1;
        }
    }
    assert!(read >= 7, "only {read} operations answered");
}

#[tokio::test]
async fn what_needs_an_id_says_the_same_too() {
    let server = TestServer::shop().await;
    let path = "/lookml_models/shop/explores/orders";
    for path in ["/users/1", "/lookml_models/shop", path, "/connections/shop", "/projects/shop"] {
        let old = server.admin().speaking("3.1").get(path).await.ok();
        assert!(agree(&old, &server.admin().get(path).await.ok()), "{path}");
    }
    assert_eq!(server.admin().speaking("3.1").get("/users/1").await.ok()["id"], 1);
}

#[tokio::test]
async fn answers_of_the_newest_version_do_not_know_of_the_older_one() {
    let server = TestServer::shop().await;
    let before = server.admin().get("/user").await;
    server.admin().speaking("3.1").get("/user").await.ok();
    assert_eq!(server.admin().get("/user").await.ok_text(), before.ok_text());
    assert!(!before.text().contains("home_space_id") && !before.text().contains("/api/3.1"));
}
