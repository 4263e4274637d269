//! Devices for messages of the mobile application.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{TestServer, TestUser};
use serde_json::{Value, json};

const DEVICES: &str = "/mobile/device";

/// Somebody with the role Viewer, which has `mobile_app_access`.
async fn viewer(server: &TestServer) -> TestUser {
    server.add_user(NewUser { roles: vec![RoleId::new(4)], ..NewUser::default() }).await
}

fn device(token: &str) -> Value {
    json!({"device_token": token, "device_type": "android"})
}

fn path(registered: &Value) -> String {
    format!("{DEVICES}/{}", registered["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn a_device_is_registered_renewed_and_removed() {
    let server = TestServer::shop().await;
    let viewer = viewer(&server).await;
    let caller = server.user(&viewer);
    let made = caller.post(DEVICES).json(&device("abc:DEF-1_2")).await.ok();
    let expected = json!({"id": made["id"], "device_token": "abc:DEF-1_2", "device_type": "android"});
    assert_eq!(made, expected);
    assert_eq!(caller.patch(&path(&made)).await.ok(), made);
    let ios = json!({"device_token": "0a1b", "device_type": "ios"});
    let second = caller.post(DEVICES).json(&ios).await.ok();
    assert_eq!(second["device_type"], "ios");
    assert_ne!(second["id"], made["id"]);
    assert_eq!(caller.delete(&path(&made)).await.status, 204);
    caller.delete(&path(&made)).await.refused(404);
    caller.patch(&path(&made)).await.refused(404);
    assert_eq!(caller.patch(&path(&second)).await.ok(), second);
}

#[tokio::test]
async fn who_registers_a_device_again_gets_the_same_registration() {
    let server = TestServer::shop().await;
    let viewer = viewer(&server).await;
    let caller = server.user(&viewer);
    let made = caller.post(DEVICES).json(&device("t")).await.ok();
    assert_eq!(caller.post(DEVICES).json(&device("t")).await.ok(), made);
    let of_another_system = json!({"device_token": "t", "device_type": "ios"});
    caller.post(DEVICES).json(&of_another_system).await.refused(409);
    assert_eq!(caller.post(DEVICES).json(&device("T")).await.ok()["device_token"], "T", "case is a difference");
    assert_eq!(caller.patch(&path(&made)).await.ok(), made);
}

#[tokio::test]
async fn nobody_sees_or_changes_the_device_of_another() {
    let server = TestServer::shop().await;
    let (viewer, other) = (viewer(&server).await, viewer(&server).await);
    let made = server.user(&viewer).post(DEVICES).json(&device("t")).await.ok();
    for caller in [server.user(&other), server.admin()] {
        for path in [path(&made), format!("{DEVICES}/99"), format!("{DEVICES}/x")] {
            caller.patch(&path).await.refused(404);
            caller.delete(&path).await.refused(404);
        }
        let own = caller.post(DEVICES).json(&device("t")).await.ok();
        assert_ne!(own["id"], made["id"]);
    }
    assert_eq!(server.user(&viewer).patch(&path(&made)).await.ok(), made);
    let as_viewer = server.sudo(&viewer).await;
    assert_eq!(server.bearer(&as_viewer).delete(&path(&made)).await.status, 204, "whoever acts as the user may");
}

#[tokio::test]
async fn devices_are_for_those_with_access_to_the_mobile_application() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    server.user(&paul).post(DEVICES).json(&device("t")).await.refused(404);
    server.anybody().post(DEVICES).json(&device("t")).await.refused(401);
}

#[tokio::test]
async fn what_a_registration_lacks_or_has_wrong_is_named_without_the_token() {
    let server = TestServer::shop().await;
    let long = "s3cret".repeat(400);
    for (body, field) in [
        (json!({"device_type": "ios"}), "device_token"),
        (json!({"device_token": "", "device_type": "ios"}), "device_token"),
        (json!({"device_token": null, "device_type": "ios"}), "device_token"),
        (json!({"device_token": "s3cret x", "device_type": "ios"}), "device_token"),
        (json!({"device_token": "s3cret\u{0}", "device_type": "ios"}), "device_token"),
        (json!({"device_token": "s3crét", "device_type": "ios"}), "device_token"),
        (json!({"device_token": long, "device_type": "ios"}), "device_token"),
        (json!({"device_token": "s3cret"}), "device_type"),
        (json!({"device_token": "s3cret", "device_type": "symbian"}), "device_type"),
    ] {
        let refused = server.admin().post(DEVICES).json(&body).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
        assert!(!refused.text().contains("s3cr"), "{}", refused.text());
    }
}
