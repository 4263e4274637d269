//! Support access: open for a while, for those on a list.

use belvedere_testing::TestServer;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn access_is_open_until_it_closes_by_itself_or_is_closed() {
    let server = TestServer::shop().await;
    let status = async || server.admin().get("/support_access/status").await.ok();
    let enable = async |seconds: i64| {
        server.admin().put("/support_access/enable").json(&json!({"duration_in_seconds": seconds})).await
    };
    let closed = json!({"open": false, "open_until": null});
    assert_eq!(status().await, closed);
    let open = json!({"open": true, "open_until": "2026-01-15T13:00:00.000+00:00"});
    assert_eq!(enable(3600).await.ok(), open);
    assert_eq!(status().await, open);
    // Opened again, it closes at another time.
    let longer = enable(7200).await.ok();
    assert_ne!(longer["open_until"], open["open_until"]);
    assert_eq!(server.admin().put("/support_access/disable").await.ok(), closed);
    assert_eq!(status().await, closed);
    enable(60).await.ok();
    let token = server.login(&server.ada).await;
    server.clock.set(server.clock.now() + SignedDuration::from_secs(60));
    assert_eq!(server.bearer(&token).get("/support_access/status").await.ok(), closed);
}

#[tokio::test]
async fn a_time_that_is_none_is_refused() {
    let server = TestServer::shop().await;
    for seconds in [json!(0), json!(-1), json!(366 * 24 * 60 * 60), Value::Null] {
        let body = json!({"duration_in_seconds": seconds});
        let refused = server.admin().put("/support_access/enable").json(&body).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["field"], "duration_in_seconds", "{seconds}");
    }
}

#[tokio::test]
async fn the_list_keeps_each_address_once_with_its_reason() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let add = async |emails: &[&str], reason: &str| {
        let body = json!({"emails": emails, "reason": reason});
        admin.post("/support_access/allowlist").json(&body).await.ok()
    };
    let grace =
        json!({"first_name": "Grace", "last_name": "Hopper", "credentials_email": {"email": "grace@example.com"}});
    admin.post("/users").json(&grace).await.ok();
    add(&["grace@example.com", "s@vendor.example"], "case 7").await;
    let listed = add(&["GRACE@example.com"], "another").await;
    let told: Vec<[&Value; 4]> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| ["id", "email", "full_name", "reason"].map(|name| &entry[name]))
        .collect();
    assert_eq!(
        told,
        [
            [&json!("1"), &json!("grace@example.com"), &json!("Grace Hopper"), &json!("case 7")],
            [&json!("2"), &json!("s@vendor.example"), &Value::Null, &json!("case 7")],
        ]
    );
    assert_eq!(admin.get("/support_access/allowlist").await.ok(), listed);
    assert_eq!(admin.delete("/support_access/allowlist/1").await.status, 204);
    admin.delete("/support_access/allowlist/1").await.refused(404);
    admin.delete("/support_access/allowlist/x").await.refused(404);
    let listed = add(&["t@vendor.example"], "").await;
    assert_eq!((&listed[0]["id"], &listed[1]["id"], &listed[1]["reason"]), (&json!("2"), &json!("3"), &Value::Null));
}

#[tokio::test]
async fn what_is_no_address_and_too_much_of_everything_is_refused() {
    let server = TestServer::shop().await;
    let many: Vec<String> = (0..1001).map(|number| format!("s{number}@example.com")).collect();
    for (body, field) in [
        (json!({"emails": []}), "emails"),
        (json!({"reason": "x"}), "emails"),
        (json!({"emails": ["nobody"]}), "emails"),
        (json!({"emails": many}), "emails"),
        (json!({"emails": ["s@example.com"], "reason": "x".repeat(1001)}), "reason"),
    ] {
        let refused = server.admin().post("/support_access/allowlist").json(&body).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["field"], field);
    }
    assert_eq!(server.admin().get("/support_access/allowlist").await.ok(), json!([]));
}
