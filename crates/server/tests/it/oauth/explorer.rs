//! The API Explorer, which signs people in as every other application does, at the path of its own page.

use super::{
    APP, Browser, CALLBACK, ask, brought, but, by_code, by_refresh, code, code_with, error, escaped, me, query,
    register,
};
use crate::forwarded::behind;
use crate::sign_in::{EMAIL, PASSWORD, Person};
use belvedere_testing::TestServer;
use serde_json::{Value, json};

const GUID: &str = "belvedere.api-explorer";
const PAGE: &str = "/api-explorer";
const REGISTRATION: &str = "/oauth_client_apps/belvedere.api-explorer";

/// What the Explorer asks for in the place of the usual.
const ASKED: [(&str, &str); 2] = [("client_id", GUID), ("redirect_uri", PAGE)];

fn address() -> String {
    format!("/auth?{}", query(&ASKED))
}

/// The body of a request of the Explorer for a token.
fn explorer_by_code(code: &str) -> Value {
    but(but(by_code(code), "client_id", json!(GUID)), "redirect_uri", json!(PAGE))
}

/// Signs in and lets the Explorer in, as a person without a session does who has not been asked before.
async fn let_in(browser: &Browser<'_>) -> Vec<(String, String)> {
    let page = browser.get(&address()).await;
    assert_eq!(browser.sign_in(&page, &query(&ASKED), EMAIL, PASSWORD).await.status, 303);
    let page = browser.get(&address()).await;
    assert!(page.text.contains("Let API Explorer in?"), "{page:?}");
    let allowed = browser.answer(&page, &query(&ASKED), "allow").await;
    assert_eq!(allowed.status, 302);
    brought(&allowed.location(), PAGE)
}

/// A browser of a person who is signed in to the Explorer, and the tokens.
async fn signed_in(server: &TestServer) -> (Browser<'_>, Person, Value) {
    let person = Person::with_password(server).await;
    let browser = Browser::new(server);
    let brought = let_in(&browser).await;
    let tokens = ask(server, &explorer_by_code(&brought[0].1)).await.ok();
    (browser, person, tokens)
}

#[tokio::test]
async fn a_person_signs_in_to_the_explorer_which_nobody_had_to_register() {
    let server = TestServer::shop().await;
    let person = Person::with_password(&server).await;
    let browser = Browser::new(&server);
    let sign_in = browser.get(&address()).await;
    assert!(sign_in.text.contains("to go on to <strong>API Explorer</strong>"), "{sign_in:?}");
    let policy = sign_in.header("content-security-policy");
    assert!(policy.contains("form-action 'self' ; frame-ancestors 'none'"), "{policy}");
    let brought = let_in(&browser).await;
    assert_eq!((brought[0].0.as_str(), brought[1].clone()), ("code", ("state".to_owned(), "TS-SDK".to_owned())));
    let tokens = ask(&server, &explorer_by_code(&brought[0].1)).await.ok();
    let caller = server.bearer(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(caller.get("/user").await.ok()["id"], json!(person.id));
    let again = browser.get(&address()).await;
    assert!(again.location().starts_with("/api-explorer?code="), "the second time nothing is asked: {again:?}");
}

#[tokio::test]
async fn whoever_does_not_let_the_explorer_in_comes_back_to_it_with_nothing() {
    let server = TestServer::shop().await;
    Person::with_password(&server).await;
    let browser = Browser::new(&server);
    let page = browser.get(&address()).await;
    browser.sign_in(&page, &query(&ASKED), EMAIL, PASSWORD).await;
    let page = browser.get(&address()).await;
    let denied = brought(&browser.answer(&page, &query(&ASKED), "deny").await.location(), PAGE);
    assert_eq!(denied[0], ("error".to_owned(), "access_denied".to_owned()));
    assert_eq!(denied[2], ("state".to_owned(), "TS-SDK".to_owned()));
    assert_eq!(server.admin().get(REGISTRATION).await.ok()["activated_users"], json!([]));
}

#[tokio::test]
async fn the_explorer_is_at_no_other_address() {
    let server = TestServer::shop().await;
    let (browser, ..) = signed_in(&server).await;
    for elsewhere in [
        &server.address(PAGE),
        "https://evil.example.com/api-explorer",
        "//evil.example.com/api-explorer",
        "/\\evil.example.com/api-explorer",
        "/api-explorer/",
        "/api-explorer?next=//evil.example.com",
        "/api-explorer#",
        "/api-explorer\r\n",
        "/API-explorer",
        "/api-docs",
        "api-explorer",
        "javascript:alert(1)",
        "",
    ] {
        let shown = browser.get(&format!("/auth?client_id={GUID}&redirect_uri={}", escaped(elsewhere))).await;
        assert_eq!((shown.status, shown.header("location")), (400, ""), "{elsewhere}");
    }
}

#[tokio::test]
async fn the_browser_stays_where_it_is_whatever_a_proxy_says_that_the_server_is_called() {
    let server = behind("127.0.0.1").await;
    let browser = Browser::new(&server);
    let wrong = query(&[ASKED[0], ASKED[1], ("code_challenge_method", "plain")]);
    for headers in [
        &[("x-forwarded-host", "evil.example.com"), ("x-forwarded-proto", "https")][..],
        &[("host", "evil.example.com")],
    ] {
        let told = browser.get_with(&format!("/auth?{wrong}"), headers).await;
        assert!(told.location().starts_with("/api-explorer?error=invalid_request&"), "{told:?}");
    }
}

#[tokio::test]
async fn a_code_for_the_explorer_is_of_no_use_elsewhere_and_no_other_is_of_use_there() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, person, _) = signed_in(&server).await;
    server.admin().post(&format!("/oauth_client_apps/{APP}/users/{}", person.id)).await;
    let own = explorer_by_code(&code_with(&browser, &ASKED).await);
    let other = by_code(&code(&browser).await);
    for wrong in [
        but(own.clone(), "client_id", json!(APP)),
        but(own.clone(), "redirect_uri", json!(CALLBACK)),
        but(own.clone(), "redirect_uri", json!(server.address(PAGE))),
        but(other.clone(), "client_id", json!(GUID)),
        but(but(other.clone(), "client_id", json!(GUID)), "redirect_uri", json!(PAGE)),
    ] {
        assert_eq!(error(&ask(&server, &wrong).await), (400, "invalid_grant".to_owned()), "{wrong}");
    }
    assert_eq!(me(&server, &ask(&server, &own).await.ok()).await, 200);
    let again = ask(&server, &own).await;
    assert_eq!(error(&again), (400, "invalid_grant".to_owned()), "a code works once");
}

#[tokio::test]
async fn who_signs_out_of_the_explorer_is_signed_out_of_the_browser() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, person, tokens) = signed_in(&server).await;
    server.admin().post(&format!("/oauth_client_apps/{APP}/users/{}", person.id)).await;
    let others = ask(&server, &by_code(&code(&browser).await)).await.ok();
    let sign_out = async |tokens: &Value| {
        let caller = server.bearer(tokens["access_token"].as_str().expect("a token"));
        assert_eq!(caller.delete("/logout").await.status, 204);
    };
    sign_out(&others).await;
    assert_eq!(browser.get(&address()).await.status, 302, "another application is another matter");
    sign_out(&tokens).await;
    let asked = browser.get(&address()).await;
    assert!(asked.status == 200 && asked.text.contains("type=\"password\""), "{asked:?}");
    let explorer_by_refresh = but(by_refresh(&tokens["refresh_token"]), "client_id", json!(GUID));
    assert_eq!(error(&ask(&server, &explorer_by_refresh).await), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn an_administrator_decides_over_the_explorer_as_over_other_applications() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let registered = admin.get(REGISTRATION).await.ok();
    assert_eq!(
        registered,
        json!({
            "can": {"show": true, "index": true, "create": true, "update": true, "delete": true},
            "client_guid": GUID,
            "redirect_uri": PAGE,
            "display_name": "API Explorer",
            "description": "The page of this server that shows its API and makes calls.",
            "enabled": true,
            "group_id": null,
            "tokens_invalid_before": "1970-01-01T00:00:00.000+00:00",
            "activated_users": [],
            "redirect_uris": [PAGE],
        })
    );
    assert_eq!(admin.patch(REGISTRATION).json(&registered).await.ok(), registered, "what is read can be sent back");
    let (browser, person, tokens) = signed_in(&server).await;
    assert_eq!(admin.delete(&format!("{REGISTRATION}/tokens")).await.status, 204);
    assert_eq!(me(&server, &tokens).await, 401);
    let refused = async |change: Value| {
        admin.patch(REGISTRATION).json(&change).await.ok();
        brought(&browser.get(&address()).await.location(), PAGE)[0].1.clone()
    };
    assert_eq!(refused(json!({"enabled": false})).await, "unauthorized_client");
    let group = admin.post("/groups").json(&json!({"name": "Testers"})).await.ok()["id"].clone();
    assert_eq!(refused(json!({"enabled": true, "group_id": group})).await, "access_denied");
    admin.patch(REGISTRATION).json(&json!({"group_id": null})).await.ok();
    assert_eq!(admin.delete(&format!("{REGISTRATION}/users/{}", person.id)).await.status, 204);
    assert!(browser.get(&address()).await.text.contains("Let API Explorer in?"), "the consent was taken back");
}

#[tokio::test]
async fn the_explorer_can_be_deleted_and_registered_again() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let (browser, _, tokens) = signed_in(&server).await;
    assert_eq!(admin.delete(REGISTRATION).await.status, 204);
    assert_eq!((browser.get(&address()).await.status, me(&server, &tokens).await), (400, 401));
    let body = json!({"redirect_uri": PAGE, "display_name": "Explorer"});
    admin.post(REGISTRATION).json(&body).await.ok();
    let page = browser.get(&address()).await;
    assert!(page.text.contains("Let Explorer in?"), "{page:?}");
    let allowed = browser.answer(&page, &query(&ASKED), "allow").await;
    let code = brought(&allowed.location(), PAGE)[0].1.clone();
    assert_eq!(me(&server, &ask(&server, &explorer_by_code(&code)).await.ok()).await, 200);
}
