//! The rules that passwords must keep.

use crate::sign_in::{EMAIL, PASSWORD, Person, done};
use belvedere_api::Client;
use belvedere_service::SignIn;
use belvedere_testing::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn the_rules_are_told_and_changed_one_by_one() {
    let server = TestServer::shop().await;
    let told = server.admin().get("/password_config").await.ok();
    let expected = json!({
        "can": {"show": true, "update": true}, "min_length": 7, "require_numeric": true, "require_upperlower": true,
        "require_special": true, "expiration_enabled": false, "expiration_duration_days": 90, "policy_enabled_at": null,
    });
    assert_eq!(told, expected);
    let changed = server.admin().patch("/password_config").json(&json!({"min_length": 12})).await.ok();
    assert_eq!((&changed["min_length"], &changed["require_special"]), (&json!(12), &json!(true)));
    assert_eq!(server.admin().get("/password_config").await.ok(), changed);
}

#[tokio::test]
async fn a_rule_out_of_its_range_is_refused() {
    let server = TestServer::shop().await;
    for wrong in [
        json!({"min_length": 6}),
        json!({"min_length": 101}),
        json!({"min_length": null}),
        json!({"expiration_duration_days": 29}),
        json!({"expiration_duration_days": 366}),
        json!({"min_length": 10, "expiration_duration_days": 0}),
    ] {
        let before = server.admin().get("/password_config").await.ok();
        server.admin().patch("/password_config").json(&wrong).await.refused(422);
        assert_eq!(server.admin().get("/password_config").await.ok(), before, "{wrong}");
    }
}

#[tokio::test]
async fn a_password_that_breaks_a_rule_is_not_set_and_the_token_works_on() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    server.admin().patch("/password_config").json(&json!({"min_length": 20})).await.ok();
    let token = person.reset_token(&server).await;
    let refused =
        server.service.set_password(&token, PASSWORD, &Client::default(), server.ids()).await.expect_err("it is short");
    assert_eq!((refused.status(), refused.fields()[0].message.as_str()), (422, "must have at least 20 characters"));
    assert!(!matches!(person.sign_in(&server, PASSWORD).await, SignIn::Done(_)));
    server
        .service
        .set_password(&token, "Correct-horse-battery-7", &Client::default(), server.ids())
        .await
        .expect("it is long");
    done(person.sign_in(&server, "Correct-horse-battery-7").await);
}

#[tokio::test]
async fn an_expired_password_must_be_changed_at_the_next_sign_in() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let expiry = json!({"expiration_enabled": true, "expiration_duration_days": 30});
    let changed = server.admin().patch("/password_config").json(&expiry).await.ok();
    assert_eq!(changed["policy_enabled_at"], "2026-01-15T12:00:00.000+00:00");
    server.clock.set("2026-02-14T11:59:59Z".parse().expect("a time"));
    done(person.sign_in(&server, PASSWORD).await);
    server.clock.set("2026-02-14T12:00:00Z".parse().expect("a time"));
    let SignIn::NewPassword(token) = person.sign_in(&server, PASSWORD).await else { panic!("a new password is due") };
    let same = server
        .service
        .set_password(&token, PASSWORD, &Client::default(), server.ids())
        .await
        .expect_err("it is the old one");
    assert_eq!(same.fields()[0].message, "must be another one than before");
    server.service.set_password(&token, "Another-horse-8", &Client::default(), server.ids()).await.expect("it is set");
    done(person.sign_in(&server, "Another-horse-8").await);
}

#[tokio::test]
async fn everybody_can_be_made_to_set_a_new_password() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let forced = server.admin().put("/password_config/force_password_reset_at_next_login_for_all_users").await.ok();
    assert_eq!(forced, Value::String(String::new()));
    let path = format!("/users/{}/credentials_email", person.id);
    assert_eq!(server.admin().get(&path).await.ok()["forced_password_reset_at_next_login"], json!(true));
    let SignIn::NewPassword(token) = person.sign_in(&server, PASSWORD).await else { panic!("a new password is due") };
    assert_eq!(server.service.password_reset_email(&token).await.expect("an answer").as_deref(), Some(EMAIL));
    server.service.set_password(&token, "Another-horse-8", &Client::default(), server.ids()).await.expect("it is set");
    done(person.sign_in(&server, "Another-horse-8").await);
    assert_eq!(server.admin().get(&path).await.ok()["forced_password_reset_at_next_login"], json!(false));
}
