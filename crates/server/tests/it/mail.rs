//! Mail: which mail server is set, and who may ask for one. That mails arrive is tested with a mail server of another
//! maker, in `tests/clients`.

use crate::oauth::Browser;
use crate::sign_in::{EMAIL, Person};
use belvedere_service::Settings;
use belvedere_store::setting;
use belvedere_testing::{Seed, TestServer};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const FORGOT: &str = "/password/forgot";

/// A server that knows its address.
async fn server() -> TestServer {
    let settings = Settings { host_url: Some("https://bi.example.com".into()), ..Settings::default() };
    TestServer::ruled(Seed::shop(), settings, None).await
}

fn smtp(others: &Value) -> Value {
    let mut settings = json!({"address": "smtp.example.com", "from": "Reports <bi@example.com>"});
    for (field, value) in others.as_object().expect("an object") {
        settings[field] = value.clone();
    }
    settings
}

/// A mail server that takes calls and says nothing.
async fn silent() -> (TcpListener, Value) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, smtp(&json!({"address": "127.0.0.1", "port": port})))
}

#[tokio::test]
async fn the_password_of_a_mail_server_lies_sealed() {
    let server = server().await;
    let settings = smtp(&json!({"user_name": "bi", "password": "mail-s3cret"}));
    let set = server.admin().post("/smtp_settings").json(&settings).await;
    assert_eq!((set.status, set.body.len()), (204, 0));
    let kept = server.store.read(async |db| setting::get(db, "smtp_settings").await).await.expect("a read");
    let kept = kept.expect("a setting");
    assert!(kept.contains("smtp.example.com") && !kept.contains("s3cret"), "{kept}");
    let again = server.admin().post("/smtp_settings").json(&settings).await;
    assert_eq!(again.status, 204);
    let anew = server.store.read(async |db| setting::get(db, "smtp_settings").await).await.expect("a read");
    assert_ne!(anew, Some(kept), "nobody sees that it is the same password");
}

#[tokio::test]
async fn a_mail_server_that_could_not_be_used_is_refused_by_field() {
    let server = server().await;
    let refused = async |field: &str, others: Value| {
        let refused = server.admin().post("/smtp_settings").json(&smtp(&others)).await;
        refused.refused(422);
        assert_eq!(refused.json()["errors"][0]["field"], field, "{others}");
    };
    refused("address", json!({"address": null})).await;
    for address in ["", "smtp.example.com:587", "smtp://a", "a b", "a\r\nb", "user@a"] {
        refused("address", json!({"address": address})).await;
    }
    for from in ["", "bi", "bi@example.com\r\nBcc: eve@example.com", "a@example.com, b@example.com"] {
        refused("from", json!({"from": from})).await;
    }
    for port in [0, -1, 65536] {
        refused("port", json!({"port": port})).await;
    }
    refused("password", json!({"user_name": "bi"})).await;
    refused("user_name", json!({"password": "s3cret"})).await;
    refused("user_name", json!({"user_name": "a\0b", "password": "s3cret"})).await;
    refused("auth_type", json!({"auth_type": "cram_md5"})).await;
    refused("ssl_version", json!({"ssl_version": "TLSv1_1"})).await;
    refused("client_id", json!({"client_id": "x"})).await;
    let clear = json!({"user_name": "bi", "password": "s3cret", "enable_starttls_auto": false});
    refused("enable_starttls_auto", clear.clone()).await;
    refused("default_smtp", json!({"default_smtp": true})).await;
    for (field, value) in [("address", "localhost"), ("ssl_version", "TLSv1_2")] {
        let mut settings = smtp(&clear);
        settings["address"] = json!("localhost");
        settings[field] = json!(value);
        assert_eq!(server.admin().post("/smtp_settings").json(&settings).await.status, 204);
    }
}

#[tokio::test]
async fn without_a_mail_server_or_an_address_it_is_said_what_is_missing() {
    let server = TestServer::shop().await;
    let person = Person::without_password(&server).await;
    let token = person.reset_token(&server).await;
    let path = format!("/users/{}/credentials_email/send_password_reset", person.id);
    let message = server.admin().post(&path).await.refused(400);
    assert!(message.contains("set_smtp_settings"), "{message}");
    let status = server.admin().get("/smtp_status").await.ok();
    assert_eq!((&status["is_valid"], &status["node_count"]), (&json!(false), &json!(1)));
    assert_eq!(status["node_status"][0]["message"], json!(message));
    server.admin().post("/smtp_settings").json(&smtp(&json!({}))).await;
    let message = server.admin().post(&path).await.refused(400);
    assert!(message.contains("--host-url"), "{message}");
    assert_eq!(server.admin().get("/smtp_status").await.ok()["node_status"][0]["message"], json!(message));
    let way = server.service.password_reset_email(&token).await.expect("an answer");
    assert_eq!(way.as_deref(), Some(EMAIL), "the way that was given before works on");
    let page = Browser::new(&server).get(FORGOT).await;
    assert!(page.status == 200 && page.text.contains("Ask an administrator"), "{page:?}");
}

#[tokio::test]
async fn nobody_is_written_to_who_has_no_address_here() {
    let server = server().await;
    let (_listener, settings) = silent().await;
    server.admin().post("/smtp_settings").json(&settings).await;
    let path = format!("/users/{}/credentials_email/send_password_reset", server.ada.id);
    server.admin().post(&path).await.refused(404);
    server.admin().post("/users/999/credentials_email/send_password_reset").await.refused(404);
}

#[tokio::test]
async fn whoever_has_forgotten_waits_for_no_mail_server_and_learns_of_nobody() {
    let server = server().await;
    Person::with_password(&server).await;
    let (_listener, settings) = silent().await;
    server.admin().post("/smtp_settings").json(&settings).await;
    let browser = Browser::new(&server);
    let page = browser.get(FORGOT).await;
    assert!(page.header("content-security-policy").contains("form-action 'self' ;"));
    let mut answers = Vec::new();
    for email in [EMAIL, "nobody@example.com", "no address", ""] {
        let started = Instant::now();
        let answer = browser.post(FORGOT, &[("form_token", page.form_token()), ("email", email)]).await;
        assert!(started.elapsed() < Duration::from_secs(5), "{email}: {:?}", started.elapsed());
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{email}");
        answers.push(answer.text.replace(&format!("<strong>{email}</strong>"), ""));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let foreign = browser.post(FORGOT, &[("email", EMAIL)]).await;
    assert_eq!(foreign.status, 403);
    let evil = browser.post(FORGOT, &[("form_token", page.form_token()), ("email", "<script>")]).await;
    assert!(!evil.text.contains("<script>"), "{evil:?}");
}

#[tokio::test]
async fn one_network_asks_for_only_so_many_mails() {
    let server = server().await;
    let (_listener, settings) = silent().await;
    server.admin().post("/smtp_settings").json(&settings).await;
    let browser = Browser::new(&server);
    let page = browser.get(FORGOT).await;
    let ask = async |number: usize| {
        let email = format!("nobody{number}@example.com");
        browser.post(FORGOT, &[("form_token", page.form_token()), ("email", &email)]).await
    };
    for number in 0..50 {
        assert_eq!(ask(number).await.status, 200, "{number}");
    }
    let refused = ask(50).await;
    assert!(refused.status == 429 && refused.text.contains("too many mails"), "{refused:?}");
}
