//! Tag Auth: programs that sign users in by OAuth, and who has consented to them.

use belvedere_testing::{NOW, TestServer};
use serde_json::{Value, json};

const APP: &str = "/oauth_client_apps/com.example.app";
const CALLBACK: &str = "https://app.example.com/oauth";

async fn register(server: &TestServer) -> Value {
    let app = json!({"redirect_uri": CALLBACK, "display_name": "App", "description": "Shows charts"});
    server.admin().post(APP).json(&app).await.ok()
}

#[tokio::test]
async fn an_app_is_registered_changed_and_deleted() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let made = register(&server).await;
    let now = NOW.replace('Z', ".000+00:00");
    assert_eq!(
        made,
        json!({
            "can": {"show": true, "index": true, "create": true, "update": true, "delete": true},
            "client_guid": "com.example.app",
            "redirect_uri": CALLBACK,
            "display_name": "App",
            "description": "Shows charts",
            "enabled": true,
            "group_id": null,
            "tokens_invalid_before": now,
            "activated_users": [],
            "redirect_uris": [CALLBACK],
        })
    );
    assert_eq!(admin.get(APP).await.ok(), made);
    let all = admin.get("/oauth_client_apps").await.ok();
    assert_eq!((&all[0]["client_guid"], &all[1], &all[2]), (&json!("belvedere.api-explorer"), &made, &Value::Null));
    let changed = admin.patch(APP).json(&json!({"display_name": "Charts", "enabled": false})).await.ok();
    assert_eq!((&changed["display_name"], &changed["enabled"]), (&json!("Charts"), &json!(false)));
    assert_eq!(changed["description"], "Shows charts");
    assert_eq!(admin.patch(APP).json(&changed).await.ok(), changed, "what is read can be sent back");
    assert_eq!(admin.delete(APP).await.status, 204);
    admin.get(APP).await.refused(404);
    assert_eq!(admin.delete(APP).await.status, 204, "that there is none is no mistake");
}

#[tokio::test]
async fn the_name_of_an_app_is_free_text_and_belongs_to_one() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body = json!({"redirect_uri": "http://127.0.0.1:7777", "display_name": "CLI"});
    let path = "/oauth_client_apps/Zo%C3%AB's%20app%2F2%3F";
    assert_eq!(admin.post(path).json(&body).await.ok()["client_guid"], "Zoë's app/2?");
    assert_eq!(admin.get(path).await.ok()["display_name"], "CLI");
    admin.post(path).json(&body).await.refused(409);
    for wrong in ["%20", "a%0Ab", &"a".repeat(256)] {
        let refused = admin.post(&format!("/oauth_client_apps/{wrong}")).json(&body).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["field"], "client_guid", "{wrong}");
    }
}

#[tokio::test]
async fn what_a_registration_lacks_or_has_wrong_is_named() {
    let server = TestServer::shop().await;
    for (body, field) in [
        (json!({"display_name": "App"}), "redirect_uri"),
        (json!({"redirect_uri": CALLBACK}), "display_name"),
        (json!({"redirect_uri": CALLBACK, "display_name": " "}), "display_name"),
        (json!({"redirect_uri": CALLBACK, "display_name": "a\nb"}), "display_name"),
        (json!({"redirect_uri": CALLBACK, "display_name": "a", "description": "a\u{7}"}), "description"),
        (json!({"redirect_uri": CALLBACK, "display_name": "a", "description": "a".repeat(4001)}), "description"),
        (json!({"redirect_uri": CALLBACK, "display_name": "a", "group_id": "99"}), "group_id"),
        (json!({"redirect_uri": "/oauth", "display_name": "a"}), "redirect_uri"),
        (json!({"redirect_uri": "javascript:alert(1)", "display_name": "a"}), "redirect_uri"),
        (json!({"redirect_uri": "https://app.example.com/#a", "display_name": "a"}), "redirect_uri"),
        (json!({"redirect_uri": "https://a.example.com;script-src", "display_name": "a"}), "redirect_uri"),
        (json!({"redirect_uris": [CALLBACK, "data:text/html,a"], "display_name": "a"}), "redirect_uris[1]"),
    ] {
        let refused = server.admin().post(APP).json(&body).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
    }
    server.admin().get(APP).await.refused(404);
}

#[tokio::test]
async fn an_app_may_have_several_addresses() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let addresses = json!(["https://a.example.com/", "http://localhost:8080/", "myapp://callback"]);
    let body = json!({"redirect_uris": addresses, "display_name": "App"});
    let made = admin.post(APP).json(&body).await.ok();
    assert_eq!((&made["redirect_uri"], &made["redirect_uris"]), (&json!("https://a.example.com/"), &addresses));
    let changed = admin.patch(APP).json(&json!({"redirect_uri": "https://b.example.com/"})).await.ok();
    assert_eq!(
        changed["redirect_uris"],
        json!(["https://b.example.com/", "http://localhost:8080/", "myapp://callback"])
    );
}

#[tokio::test]
async fn consent_is_given_and_taken_back_by_oneself_or_an_administrator() {
    let server = TestServer::shop().await;
    register(&server).await;
    let (paul, admin) = (server.add_plain_user().await, server.admin());
    let of = |user: &str| format!("{APP}/users/{user}");
    for _ in 0..2 {
        assert_eq!(server.user(&paul).post(&of(&paul.id)).await.status, 204, "repeating it does no harm");
    }
    assert_eq!(admin.post(&of(&server.ada.id)).await.status, 204);
    let users = admin.get(APP).await.ok()["activated_users"].clone();
    let ids: Vec<_> = users.as_array().expect("users").iter().map(|user| user["id"].clone()).collect();
    assert_eq!(json!(ids), json!([server.ada.id, paul.id]));
    server.user(&paul).post(&of(&server.ada.id)).await.refused(404);
    server.user(&paul).delete(&of(&server.ada.id)).await.refused(404);
    assert_eq!(server.user(&paul).delete(&of(&paul.id)).await.status, 204);
    assert_eq!(admin.delete(&of(&paul.id)).await.status, 204, "without a consent it is the same");
    assert_eq!(admin.get(APP).await.ok()["activated_users"].as_array().map(Vec::len), Some(1));
    admin.post(&of("99")).await.refused(404);
    admin.post(&format!("/oauth_client_apps/com.example.nothing/users/{}", paul.id)).await.refused(404);
}

#[tokio::test]
async fn a_group_that_is_gone_leaves_nobody_who_may_use_the_app() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    register(&server).await;
    let group = admin.post("/groups").json(&json!({"name": "Testers"})).await.ok()["id"].clone();
    assert_eq!(admin.patch(APP).json(&json!({"group_id": group})).await.ok()["group_id"], group);
    admin.delete(&format!("/groups/{}", group.as_str().expect("an id"))).await;
    let app = admin.get(APP).await.ok();
    assert_eq!(app["group_id"], group);
    assert_eq!(admin.patch(APP).json(&app).await.ok(), app);
    assert_eq!(admin.patch(APP).json(&json!({"group_id": null})).await.ok()["group_id"], json!(null));
}

#[tokio::test]
async fn invalidated_tokens_are_dated() {
    let server = TestServer::shop().await;
    register(&server).await;
    server.clock.set("2026-01-15T12:30:00Z".parse().expect("a time"));
    assert_eq!(server.admin().delete(&format!("{APP}/tokens")).await.status, 204);
    let app = server.admin().get(APP).await.ok();
    assert_eq!(app["tokens_invalid_before"], "2026-01-15T12:30:00.000+00:00");
    server.admin().delete("/oauth_client_apps/com.example.nothing/tokens").await.refused(404);
}

#[tokio::test]
async fn only_the_newest_release_knows_of_several_addresses() {
    let server = TestServer::shop().await;
    let app = |document: &Value| document["components"]["schemas"]["OauthClientApp"]["properties"].clone();
    let before = server.anybody().get("/openapi.json?release=26.12").await.ok();
    assert!(app(server.document().root()).get("redirect_uris").is_some());
    assert!(app(&before).get("redirect_uris").is_none() && app(&before).get("redirect_uri").is_some());
}
