//! The rules for sessions of browsers.

use crate::sign_in::{PASSWORD, Person, done};
use belvedere_testing::TestServer;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn the_rules_are_told_and_changed_one_by_one() {
    let server = TestServer::shop().await;
    let expected = json!({
        "can": {"show": true, "update": true}, "allow_persistent_sessions": true, "session_minutes": 43200,
        "unlimited_sessions_per_user": true, "use_inactivity_based_logout": false, "track_session_location": false,
    });
    assert_eq!(server.admin().get("/session_config").await.ok(), expected);
    let change = json!({"session_minutes": 30, "allow_persistent_sessions": false});
    let changed = server.admin().patch("/session_config").json(&change).await.ok();
    assert_eq!((&changed["session_minutes"], &changed["unlimited_sessions_per_user"]), (&json!(30), &json!(true)));
    assert_eq!(server.admin().get("/session_config").await.ok(), changed);
    for wrong in [json!({"session_minutes": 4}), json!({"session_minutes": 43201}), json!({"session_minutes": null})] {
        server.admin().patch("/session_config").json(&wrong).await.refused(422);
    }
    assert_eq!(server.admin().get("/session_config").await.ok(), changed);
}

#[tokio::test]
async fn a_session_lasts_as_long_as_the_rule_at_its_sign_in() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let rules = json!({"session_minutes": 5, "allow_persistent_sessions": false});
    server.admin().patch("/session_config").json(&rules).await.ok();
    let session = done(person.sign_in(&server, PASSWORD).await);
    assert!(!session.is_persistent);
    assert_eq!(session.expires_at, server.clock.now() + SignedDuration::from_mins(5));
    server.clock.set(session.expires_at - SignedDuration::from_secs(1));
    assert!(server.service.browser_session(&session.secret).await.expect("an answer").is_some());
    server.clock.set(session.expires_at);
    assert_eq!(server.service.browser_session(&session.secret).await.expect("an answer"), None);
}

#[tokio::test]
async fn with_logout_by_inactivity_use_puts_the_end_off() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let rules = json!({"session_minutes": 5, "use_inactivity_based_logout": true});
    server.admin().patch("/session_config").json(&rules).await.ok();
    let session = done(person.sign_in(&server, PASSWORD).await);
    for minutes in [4, 8, 12] {
        let now = session.expires_at + SignedDuration::from_mins(minutes - 5);
        server.clock.set(now);
        let used = server.service.browser_session(&session.secret).await.expect("an answer").expect("it is used");
        assert_eq!(used.expires_at, now + SignedDuration::from_mins(5));
    }
    let told = server.admin().get(&format!("/users/{}/sessions", person.id)).await.ok();
    assert_eq!(told[0]["extended_count"], json!(3));
    assert_eq!(told[0]["extended_at"], "2026-01-15T12:12:00.000+00:00");
    server.clock.set(session.expires_at + SignedDuration::from_mins(12));
    assert_eq!(server.service.browser_session(&session.secret).await.expect("an answer"), None);
}

#[tokio::test]
async fn where_a_user_has_one_session_a_sign_in_ends_the_one_before() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let first = done(person.sign_in(&server, PASSWORD).await);
    let second = done(person.sign_in(&server, PASSWORD).await);
    assert!(server.service.browser_session(&first.secret).await.expect("an answer").is_some());
    server.admin().patch("/session_config").json(&json!({"unlimited_sessions_per_user": false})).await.ok();
    let third = done(person.sign_in(&server, PASSWORD).await);
    for (session, lives) in [(first, false), (second, false), (third, true)] {
        assert_eq!(server.service.browser_session(&session.secret).await.expect("an answer").is_some(), lives);
    }
}
