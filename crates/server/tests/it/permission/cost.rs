//! What it costs to know who calls and what they may: nothing, once they are known.

use belvedere_testing::{TestServer, TestUser};
use serde_json::json;

/// A user whose role comes through a group in a group in a group.
async fn member(server: &TestServer) -> TestUser {
    let admin = server.admin();
    let mut inner = None;
    for level in ["inner", "middle", "outer"] {
        let group = admin.post("/groups").json(&json!({"name": level})).await.ok();
        let id = group["id"].as_str().expect("an id").to_owned();
        if let Some(inner) = inner.replace(id.clone()) {
            admin.post(&format!("/groups/{id}/groups")).json(&json!({"group_id": inner})).await.ok();
        }
    }
    let outer = inner.expect("three groups");
    let roles = admin.get("/roles/search?name=viewer").await.ok();
    let role = roles[0]["id"].as_str().expect("a role");
    admin.put(&format!("/roles/{role}/groups")).json(&json!([outer])).await.ok();
    let inner = admin.get("/groups/search?name=inner").await.ok()[0]["id"].as_str().expect("an id").to_owned();
    let user = server.add_plain_user().await;
    admin.post(&format!("/groups/{inner}/users")).json(&json!({"user_id": user.id})).await.ok();
    user
}

#[tokio::test]
async fn whoever_is_known_is_let_in_or_refused_without_a_query() {
    let server = TestServer::shop().await;
    let user = member(&server).await;
    let caller = server.user(&user);
    let calls = async |times: usize| {
        for _ in 0..times {
            caller.get("/session").await.ok();
            caller.get("/lookml_models/shop?fields=name").await.ok();
            caller.get(&format!("/users/{}/sessions", server.ada.id)).await.refused(403);
        }
    };
    calls(1).await;
    let before = server.store.reads();
    calls(10).await;
    assert_eq!(server.store.reads(), before, "what they may do is remembered");

    let other = server.add_plain_user().await;
    let before = server.store.reads();
    server.disable(&other).await;
    calls(10).await;
    assert_eq!(server.store.reads(), before + 1, "after a change of anybody's access it is read once");
}
