//! Four failures in a row lock credentials for a network address, for five minutes.

use crate::sign_in::{EMAIL, PASSWORD, Person, client, done};
use belvedere_service::{SignIn, SignInRefusal};
use belvedere_testing::{TestServer, TestUser};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::Duration;

async fn fail(server: &TestServer, user: &TestUser, times: usize) {
    for _ in 0..times {
        let form = [("client_id", user.client_id.as_str()), ("client_secret", "wrong")];
        server.anybody().post("/login").form(&form).await.refused(404);
    }
}

#[tokio::test]
async fn an_api_key_is_locked_after_four_failures_in_a_row() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    fail(&server, &paul, 3).await;
    server.login(&paul).await;
    fail(&server, &paul, 4).await;
    let right = [("client_id", paul.client_id.as_str()), ("client_secret", paul.client_secret.as_str())];
    let locked = server.anybody().post("/login").form(&right).await;
    assert!(locked.refused(429).contains("login attempts exceeded"), "clients look for these words");
    assert_eq!(locked.header("retry-after"), Some("300"));
    let wrong = [("client_id", paul.client_id.as_str()), ("client_secret", "wrong")];
    server.anybody().post("/login").form(&wrong).await.refused(429);
    server.login(&server.ada).await;
    server.clock.set(server.clock.now() + SignedDuration::from_secs(299));
    server.anybody().post("/login").form(&right).await.refused(429);
    server.clock.set(server.clock.now() + SignedDuration::from_secs(1));
    server.login(&paul).await;
}

#[tokio::test]
async fn failures_are_forgotten_after_five_minutes() {
    let server = TestServer::shop().await;
    fail(&server, &server.ada, 3).await;
    server.clock.set(server.clock.now() + SignedDuration::from_mins(5));
    fail(&server, &server.ada, 3).await;
    server.login(&server.ada).await;
}

#[tokio::test]
async fn a_lockout_is_told_and_can_be_lifted() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let person = Person::with_password(&server).await;
    let admin = server.bearer(&server.ada.token);
    assert_eq!(admin.get("/user_login_lockouts").await.ok(), json!([]));
    fail(&server, &paul, 4).await;
    let locked = admin.get("/user_login_lockouts").await.ok();
    let key = locked[0]["key"].as_str().expect("a key").to_owned();
    let expected = json!([{
        "can": {"show": true, "delete": true}, "key": key, "auth_type": "api", "ip": "127.0.0.1", "user_id": paul.id,
        "remote_id": null, "full_name": "Paul Plain", "email": null, "fail_count": 4,
        "lockout_at": "2026-01-15T12:00:00.000+00:00",
    }]);
    assert_eq!(locked, expected);
    for _ in 0..4 {
        person.sign_in(&server, "wrong").await;
    }
    let found = async |query: &str| {
        let found = admin.get(&format!("/user_login_lockouts/search?{query}")).await.ok();
        found.as_array().expect("a list").iter().map(|row| row["auth_type"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(found("sorts=auth_type desc").await, ["email", "api"]);
    assert_eq!(found("auth_type=api").await, ["api"]);
    assert_eq!(found("auth_type=saml").await, [Value::Null; 0]);
    assert_eq!(found("full_name=paul%25").await, ["api"]);
    assert_eq!(found("email=grace@%25").await, ["email"]);
    assert_eq!(found("email=grace@%25&auth_type=api").await, [Value::Null; 0]);
    assert_eq!(found("email=grace@%25&auth_type=api&filter_or=true&sorts=auth_type").await, ["api", "email"]);
    assert_eq!(found("remote_id=%25").await, [Value::Null; 0]);
    assert_eq!(found("limit=1&offset=1&sorts=auth_type").await, ["email"]);
    let path = format!("/user_login_lockout/{key}");
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.delete(&path).await.refused(404);
    server.login(&paul).await;
}

#[tokio::test]
async fn a_locked_password_is_refused_from_that_address_alone() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    for _ in 0..4 {
        let refused = person.sign_in(&server, "wrong").await;
        assert!(matches!(refused, SignIn::Refused(SignInRefusal::WrongCredentials)), "{refused:?}");
    }
    let locked = SignInRefusal::LockedOut { remaining: Duration::from_mins(5) };
    for password in [PASSWORD, "wrong"] {
        let refused = person.sign_in(&server, password).await;
        assert!(matches!(refused, SignIn::Refused(refusal) if refusal == locked), "{refused:?}");
    }
    let elsewhere = server.service.sign_in(EMAIL, PASSWORD, &client("192.0.2.8"), server.ids()).await;
    done(elsewhere.expect("an answer"));
    server.clock.set(server.clock.now() + SignedDuration::from_mins(5));
    done(person.sign_in(&server, PASSWORD).await);
}

#[tokio::test]
async fn of_many_guesses_at_once_four_are_answered() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let guess = || person.sign_in(&server, "wrong");
    let (one, two, three, four, five, six) = tokio::join!(guess(), guess(), guess(), guess(), guess(), guess());
    let answers = [one, two, three, four, five, six];
    let wrong = answers.iter().filter(|answer| matches!(answer, SignIn::Refused(SignInRefusal::WrongCredentials)));
    assert_eq!(wrong.count(), 4);
    assert!(matches!(person.sign_in(&server, PASSWORD).await, SignIn::Refused(SignInRefusal::LockedOut { .. })));
}

#[tokio::test]
async fn who_tries_many_names_is_locked_out_by_address() {
    let server = TestServer::shop().await;
    for index in 0..100 {
        let form = [("client_id", format!("{index:020}")), ("client_secret", "wrong".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        server.anybody().post("/login").form(&form).await.refused(404);
    }
    let right = [("client_id", server.ada.client_id.as_str()), ("client_secret", server.ada.client_secret.as_str())];
    server.anybody().post("/login").form(&right).await.refused(429);
    let locked = server.admin().get("/user_login_lockouts").await.ok();
    assert_eq!(locked.as_array().expect("a list").len(), 1);
    assert_eq!((&locked[0]["user_id"], &locked[0]["fail_count"]), (&Value::Null, &json!(100)));
    server.admin().delete(&format!("/user_login_lockout/{}", locked[0]["key"].as_str().expect("a key"))).await;
    server.login(&server.ada).await;
}
