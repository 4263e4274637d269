//! Signing in by a person, as the pages do it.

use belvedere_api::Client;
use belvedere_service::{OpenedSession, SignIn, SignInRefusal};
use belvedere_testing::TestServer;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) const EMAIL: &str = "grace@example.com";
pub(crate) const PASSWORD: &str = "Correct-horse-7";

/// A user with e-mail credentials.
pub(crate) struct Person {
    pub(crate) id: String,
}

/// A browser at this network address.
pub(crate) fn client(address: &str) -> Client {
    let user_agent = Some("Firefox/140".to_owned());
    Client { address: Some(address.parse().expect("an address")), user_agent, application: None }
}

/// The session of a sign-in that went well.
#[track_caller]
pub(crate) fn done(sign_in: SignIn) -> OpenedSession {
    match sign_in {
        SignIn::Done(session) => session,
        other => panic!("{other:?}"),
    }
}

impl Person {
    pub(crate) async fn without_password(server: &TestServer) -> Self {
        let body = json!({"first_name": "Grace", "last_name": "Hopper", "credentials_email": {"email": EMAIL}});
        let user = server.admin().post("/users").json(&body).await.ok();
        Self { id: user["id"].as_str().expect("an id").to_owned() }
    }

    pub(crate) async fn with_password(server: &TestServer) -> Self {
        let person = Self::without_password(server).await;
        let token = person.reset_token(server).await;
        server.service.set_password(&token, PASSWORD, &Client::default(), server.ids()).await.expect("it is set");
        person
    }

    /// The token of a new address where the password is set.
    pub(crate) async fn reset_token(&self, server: &TestServer) -> String {
        let path = format!("/users/{}/credentials_email/password_reset?expires=true", self.id);
        token(&server.admin().post(&path).await.ok()["password_reset_url"])
    }

    /// A token that a new API key of theirs gave.
    pub(crate) async fn token_by_key(&self, server: &TestServer) -> String {
        let key = server.admin().post(&format!("/users/{}/credentials_api3", self.id)).await.ok();
        let form = ["client_id", "client_secret"].map(|name| (name, key[name].as_str().expect("a text")));
        let login = server.anybody().post("/login").form(&form).await.ok();
        login["access_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn sign_in(&self, server: &TestServer, password: &str) -> SignIn {
        server.service.sign_in(EMAIL, password, &client("192.0.2.7"), server.ids()).await.expect("an answer")
    }
}

/// What an address ends with.
fn token(address: &Value) -> String {
    address.as_str().and_then(|address| address.rsplit('/').next()).expect("an address").to_owned()
}

async fn set(server: &TestServer, token: &str, password: &str) -> u16 {
    server
        .service
        .set_password(token, password, &Client::default(), server.ids())
        .await
        .map_or_else(|error| error.status(), |()| 200)
}

#[tokio::test]
async fn a_person_signs_in_with_address_and_password() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let session = done(person.sign_in(&server, PASSWORD).await);
    assert!(session.is_persistent);
    assert_eq!(session.expires_at, server.clock.now() + SignedDuration::from_mins(43_200));
    let known = server.service.browser_session(&session.secret).await.expect("an answer").expect("a session");
    assert_eq!(known.user.to_string(), person.id);
    assert_eq!((known.display_name.as_deref(), known.email.as_deref()), (Some("Grace Hopper"), Some(EMAIL)));
    for email in [" grace@example.com ", "GRACE@Example.com"] {
        done(server.service.sign_in(email, PASSWORD, &client("192.0.2.7"), server.ids()).await.expect("an answer"));
    }
    let credentials = server.admin().get(&format!("/users/{}/credentials_email", person.id)).await.ok();
    assert_eq!(credentials["logged_in_at"], "2026-01-15T12:00:00.000+00:00");
    server.service.sign_out(&session.secret, &Client::default()).await.expect("it is ended");
    assert_eq!(server.service.browser_session(&session.secret).await.expect("an answer"), None);
    server.service.sign_out(&session.secret, &Client::default()).await.expect("nothing happens");
}

#[tokio::test]
async fn whoever_is_refused_learns_nothing_of_why() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let body = json!({"first_name": "New", "credentials_email": {"email": "new@example.com"}});
    server.admin().post("/users").json(&body).await.ok();
    let mut times = Vec::new();
    let mut refused = async |what: &str, email: &str, password: &str| {
        let started = Instant::now();
        let answer = server.service.sign_in(email, password, &client("192.0.2.7"), server.ids()).await;
        times.push((what.to_owned(), started.elapsed()));
        assert!(matches!(answer, Ok(SignIn::Refused(SignInRefusal::WrongCredentials))), "{what}: {answer:?}");
    };
    refused("an unknown address", "nobody@example.com", PASSWORD).await;
    refused("a wrong password", EMAIL, "wrong").await;
    refused("no password", EMAIL, "").await;
    refused("a password with a blank behind", EMAIL, "Correct-horse-7 ").await;
    server.clock.set(server.clock.now() + SignedDuration::from_mins(5));
    refused("a user without a password", "new@example.com", "").await;
    refused("no address", "", PASSWORD).await;
    refused("no address that there could be", "grace@example.com' OR 1=1 --", PASSWORD).await;
    refused("no text that is kept", "grace@example.com\0", PASSWORD).await;
    refused("an address that looks alike", "gr\u{430}ce@example.com", PASSWORD).await;
    server.clock.set(server.clock.now() + SignedDuration::from_mins(5));
    refused("a password without end", EMAIL, &"x".repeat(100_000)).await;
    server.admin().patch(&format!("/users/{}", person.id)).json(&json!({"is_disabled": true})).await.ok();
    refused("a user who is disabled", EMAIL, PASSWORD).await;
    for (what, time) in times {
        assert!(time >= Duration::from_millis(500), "{what}: {time:?}");
    }
}

#[tokio::test]
async fn a_reset_token_works_once() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    let token = person.reset_token(&server).await;
    assert_eq!(server.service.password_reset_email(&token).await.expect("an answer").as_deref(), Some(EMAIL));
    assert_eq!(set(&server, &token, PASSWORD).await, 200);
    assert_eq!(server.service.password_reset_email(&token).await.expect("an answer"), None);
    assert_eq!(set(&server, &token, "Another-horse-8").await, 404);
    done(person.sign_in(&server, PASSWORD).await);
    let token = person.reset_token(&server).await;
    let (one, other) =
        tokio::join!(set(&server, &token, "Another-horse-8"), set(&server, &token, "Yet-another-horse-9"));
    assert_eq!([one, other].iter().filter(|status| **status == 200).count(), 1, "{one} {other}");
}

#[tokio::test]
async fn a_reset_token_ends_after_an_hour_or_with_the_next_one() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    let replaced = person.reset_token(&server).await;
    let late = person.reset_token(&server).await;
    assert_eq!(set(&server, &replaced, PASSWORD).await, 404);
    server.clock.set(server.clock.now() + SignedDuration::from_mins(60));
    assert_eq!(set(&server, &late, PASSWORD).await, 404);
    let admin = server.bearer(&server.login(&server.ada).await);
    let path = format!("/users/{}/credentials_email", person.id);
    let told = admin.get(&path).await.ok();
    assert_eq!((&told["password_reset_url"], &told["password_reset_url_expired"]), (&Value::Null, &json!(true)));
    let lasting = admin.post(&format!("{path}/password_reset")).await.ok();
    assert_eq!(lasting["password_reset_url_expired"], json!(false));
    server.clock.set(server.clock.now() + SignedDuration::from_hours(24 * 365));
    assert_eq!(set(&server, &token(&lasting["password_reset_url"]), PASSWORD).await, 200);
}

#[tokio::test]
async fn a_reset_token_ends_with_the_address_that_it_may_have_been_sent_to() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    let user = format!("/users/{}", person.id);
    let credentials = format!("{user}/credentials_email");
    let sent = person.reset_token(&server).await;
    let same = json!({"email": EMAIL, "forced_password_reset_at_next_login": true});
    server.admin().patch(&credentials).json(&same).await.ok();
    assert!(server.service.password_reset_email(&sent).await.expect("an answer").is_some(), "it is the same address");
    server.admin().patch(&credentials).json(&json!({"email": "grace.hopper@example.com"})).await.ok();
    assert_eq!(set(&server, &sent, PASSWORD).await, 404);
    let sent = person.reset_token(&server).await;
    server.admin().patch(&user).json(&json!({"is_disabled": true})).await.ok();
    server.admin().post(&format!("{user}/update_emails")).json(&json!({"email": "gone@example.com"})).await.ok();
    server.admin().patch(&user).json(&json!({"is_disabled": false})).await.ok();
    assert_eq!(set(&server, &sent, PASSWORD).await, 404);
}

#[tokio::test]
async fn the_address_of_a_reset_is_told_once() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    let path = format!("/users/{}/credentials_email", person.id);
    let made = server.admin().post(&format!("{path}/password_reset")).await.ok();
    let reset = made["password_reset_url"].as_str().expect("an address");
    let token = token(&made["password_reset_url"]);
    assert_eq!(reset, format!("http://bi.example.com:19999/password/reset/{token}"));
    assert_eq!(made["account_setup_url"], format!("http://bi.example.com:19999/account/setup/{token}"));
    assert_eq!(token.len(), 40);
    assert_eq!(server.admin().get(&path).await.ok()["password_reset_url"], Value::Null);
    assert_eq!(set(&server, &token, PASSWORD).await, 200);
    let made = server.admin().post(&format!("{path}/password_reset")).await.ok();
    assert_eq!(made["account_setup_url"], Value::Null, "the account is set up");
    server.admin().post("/users/999/credentials_email/password_reset").await.refused(404);
    let ada = format!("/users/{}/credentials_email/password_reset", server.ada.id);
    server.admin().post(&ada).await.refused(404);
}

#[tokio::test]
async fn a_reset_of_a_user_who_is_disabled_opens_nothing() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    let token = person.reset_token(&server).await;
    server.admin().patch(&format!("/users/{}", person.id)).json(&json!({"is_disabled": true})).await.ok();
    assert_eq!(set(&server, &token, PASSWORD).await, 404);
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_token() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let session = done(person.sign_in(&server, PASSWORD).await);
    let token = person.token_by_key(&server).await;
    server.bearer(&token).get("/user").await.ok();
    let reset = person.reset_token(&server).await;
    assert_eq!(set(&server, &reset, "Another-horse-8").await, 200);
    server.bearer(&token).get("/user").await.refused(401);
    assert_eq!(server.service.browser_session(&session.secret).await.expect("an answer"), None);
    assert!(matches!(person.sign_in(&server, PASSWORD).await, SignIn::Refused(_)));
    done(person.sign_in(&server, "Another-horse-8").await);
}

#[tokio::test]
async fn an_address_opens_one_account_in_whichever_case_and_look() {
    let server = TestServer::shop().await;
    Person::with_password(&server).await;
    for email in ["grace@example.com", "GRACE@EXAMPLE.COM", " Grace@example.com "] {
        let body = json!({"first_name": "Eve", "credentials_email": {"email": email}});
        server.admin().post("/users").json(&body).await.refused(422);
    }
    // Another letter that looks the same, and forms that Unicode calls compatible.
    for email in
        ["gr\u{430}ce@example.com", "grace@ex\u{430}mple.com", "\u{ff47}race@example.com", "grace@example.com\u{200b}"]
    {
        let body = json!({"first_name": "Eve", "credentials_email": {"email": email}});
        server.admin().post("/users").json(&body).await.refused(422);
    }
    let eve = server.add_plain_user().await;
    let body = json!({"email": "Grace@Example.com"});
    server.admin().post(&format!("/users/{}/credentials_email", eve.id)).json(&body).await.refused(422);
    let found = server.admin().get("/users/search?email=grace@example.com").await.ok();
    assert_eq!(found.as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn the_sessions_of_a_user_are_told_and_ended() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let session = done(person.sign_in(&server, PASSWORD).await);
    let sessions = format!("/users/{}/sessions", person.id);
    let told = server.admin().get(&sessions).await.ok();
    let id = told[0]["id"].as_str().expect("an id");
    let path = format!("{sessions}/{id}");
    let expected = json!({
        "can": {}, "id": id, "ip_address": "192.0.2.7", "browser": "Firefox/140", "operating_system": null,
        "city": null, "state": null, "country": null, "credentials_type": "email", "extended_at": null,
        "extended_count": 0, "sudo_user_id": null, "created_at": "2026-01-15T12:00:00.000+00:00",
        "expires_at": "2026-02-14T12:00:00.000+00:00", "url": format!("http://bi.example.com:19999/api/4.0{path}"),
    });
    assert_eq!(told, json!([expected]));
    assert_eq!(server.admin().get(&path).await.ok(), expected);
    assert_eq!(server.admin().get(&format!("/users/{}", person.id)).await.ok()["sessions"], told);
    let paul = server.add_plain_user().await;
    server.user(&paul).get(&sessions).await.refused(403);
    server.user(&paul).delete(&path).await.refused(403);
    let elsewhere = format!("/users/{}/sessions/{id}", paul.id);
    server.admin().get(&elsewhere).await.refused(404);
    server.admin().delete(&elsewhere).await.refused(404);
    assert_eq!(server.admin().delete(&path).await.status, 204);
    server.admin().delete(&path).await.refused(404);
    assert_eq!(server.service.browser_session(&session.secret).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_session_ends_with_its_user_and_its_credentials() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let lives = async |secret: &str| server.service.browser_session(secret).await.expect("an answer").is_some();
    let session = done(person.sign_in(&server, PASSWORD).await);
    let user = format!("/users/{}", person.id);
    server.admin().patch(&user).json(&json!({"is_disabled": true})).await.ok();
    assert!(!lives(&session.secret).await);
    server.admin().patch(&user).json(&json!({"is_disabled": false})).await.ok();
    let session = done(person.sign_in(&server, PASSWORD).await);
    server.admin().delete(&format!("{user}/credentials_email")).await;
    assert!(!lives(&session.secret).await);
}
