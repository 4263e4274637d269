//! Tag Session: the workspace of a token.

use belvedere_testing::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_session_begins_in_production() {
    let server = TestServer::shop().await;
    let session = server.admin().get("/session").await;
    assert_eq!(
        session.ok_text(),
        r#"{"can":{"view":true,"update":true},"workspace_id":"production","sudo_user_id":null}"#
    );
}

#[tokio::test]
async fn a_session_moves_to_dev_and_back_as_often_as_its_bearer_likes() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    for workspace in ["dev", "dev", "production", "dev"] {
        let moved = admin.patch("/session").json(&json!({"workspace_id": workspace})).await.ok();
        assert_eq!(
            moved,
            json!({"can": {"view": true, "update": true}, "workspace_id": workspace, "sudo_user_id": null})
        );
        assert_eq!(admin.get("/session").await.ok(), moved);
    }
}

#[tokio::test]
async fn a_workspace_belongs_to_its_token_alone() {
    let server = TestServer::shop().await;
    server.admin().patch("/session").json(&json!({"workspace_id": "dev"})).await.ok();
    let other = server.login(&server.ada).await;
    assert_eq!(server.bearer(&other).get("/session").await.ok()["workspace_id"], "production");
    assert_eq!(server.admin().get("/session").await.ok()["workspace_id"], "dev");
}

#[tokio::test]
async fn what_a_change_leaves_out_or_may_not_say_stays() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    admin.patch("/session").json(&json!({"workspace_id": "dev"})).await.ok();
    for body in [
        json!({}),
        json!({"workspace_id": null}),
        json!({"sudo_user_id": "7", "can": {"update": false}}),
        json!({"no_such_key": [1, 2, 3]}),
        json!(null),
    ] {
        let session = admin.patch("/session").json(&body).await.ok();
        assert_eq!((&session["workspace_id"], &session["sudo_user_id"]), (&json!("dev"), &json!(null)), "{body}");
    }
    assert_eq!(admin.patch("/session").await.ok()["workspace_id"], "dev", "no body at all");
}

#[tokio::test]
async fn a_workspace_that_there_is_not_is_refused() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    for (body, message) in [
        (json!({"workspace_id": "staging"}), "must be `production` or `dev`"),
        (json!({"workspace_id": "Dev"}), "must be `production` or `dev`"),
        (json!({"workspace_id": ""}), "must be `production` or `dev`"),
        (json!({"workspace_id": 1}), "must be `production` or `dev`"),
        (json!({"workspace_id": ["dev"]}), "must be a text"),
    ] {
        let refused = admin.patch("/session").json(&body).await;
        assert_eq!(refused.refused(422), "Validation Failed", "{body}");
        assert_eq!(
            refused.json()["errors"],
            json!([{
                "field": "workspace_id",
                "code": "invalid",
                "message": message,
                "documentation_url": "http://bi.example.com:19999/r/err/4.0/422/patch/session",
            }]),
            "{body}"
        );
    }
    assert_eq!(admin.get("/session").await.ok()["workspace_id"], "production");
}

#[tokio::test]
async fn dev_is_for_developers() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let refused = server.user(&paul).patch("/session").json(&json!({"workspace_id": "dev"})).await;
    refused.refused(422);
    assert_eq!(refused.json()["errors"][0]["message"], "`dev` needs the permission `develop`");
    let stays = server.user(&paul).patch("/session").json(&json!({"workspace_id": "production"})).await;
    assert_eq!(stays.ok()["workspace_id"], "production");
}

#[tokio::test]
async fn the_session_of_one_who_acts_for_another_names_who_acts() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let token = server.sudo(&paul).await;
    let session = server.bearer(&token).get("/session").await.ok();
    assert_eq!(session["sudo_user_id"], json!(server.ada.id));
    assert_eq!(session["workspace_id"], "production");
    assert_eq!(server.user(&paul).get("/session").await.ok()["sudo_user_id"], json!(null));
}
