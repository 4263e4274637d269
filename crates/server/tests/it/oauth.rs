//! OAuth with PKCE: the pages behind `/auth`, the tokens of `/api/token`, and every way to be refused.

mod browser;
mod explorer;
mod grant;
mod page;

use belvedere_testing::{Answer, TestServer};
pub(crate) use browser::Browser;
use serde_json::{Value, json};

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const APP: &str = "com.example.app";
pub(crate) const CALLBACK: &str = "https://app.example.com/oauth";

/// Registers the application, which goes back to `redirect_uri`.
pub(crate) async fn register(server: &TestServer, redirect_uri: &str) {
    register_as(server, APP, redirect_uri).await;
}

async fn register_as(server: &TestServer, client_guid: &str, redirect_uri: &str) {
    let app = json!({"redirect_uri": redirect_uri, "display_name": "Charts", "description": "Shows charts.\nMany."});
    server.admin().post(&format!("/oauth_client_apps/{client_guid}")).json(&app).await.ok();
}

/// The query string of `/auth`, with some parameters in the place of the usual ones; without those that are empty.
pub(crate) fn query(others: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "cors_api"),
        ("state", "TS-SDK"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
    ];
    let is_other = |name: &str| others.iter().any(|(other, _)| *other == name);
    let pairs = usual.iter().filter(|(name, _)| !is_other(name)).chain(others).filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}

/// As a part of an address.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let escape = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

/// The parameters of an address that a browser is sent to, which must begin with `uri` and `?` or `&`.
#[track_caller]
fn brought(location: &str, uri: &str) -> Vec<(String, String)> {
    let query = location.strip_prefix(uri).unwrap_or_else(|| panic!("{location} is not {uri}"));
    assert!(query.starts_with(['?', '&']), "{location}");
    belvedere_api::pairs(&query[1..])
}

/// What a browser that is signed in and whose user has consented brings back.
async fn code_with(browser: &Browser<'_>, others: &[(&str, &str)]) -> String {
    let uri = others.iter().find(|(name, _)| *name == "redirect_uri").map_or(CALLBACK, |(_, uri)| uri);
    let location = browser.get(&format!("/auth?{}", query(others))).await.location();
    let brought = brought(&location, uri);
    assert_eq!(brought[0].0, "code", "{location}");
    brought[0].1.clone()
}

pub(crate) async fn code(browser: &Browser<'_>) -> String {
    code_with(browser, &[]).await
}

/// The body of a request for a token by a code.
pub(crate) fn by_code(code: &str) -> Value {
    json!({
        "grant_type": "authorization_code",
        "client_id": APP,
        "redirect_uri": CALLBACK,
        "code": code,
        "code_verifier": VERIFIER,
    })
}

pub(crate) fn by_refresh(token: &Value) -> Value {
    json!({"grant_type": "refresh_token", "client_id": APP, "refresh_token": token})
}

pub(crate) async fn ask(server: &TestServer, body: &Value) -> Answer {
    server.anybody().host_call("POST", "/api/token").json(body).await
}

/// A body with one field changed, or without it.
fn but(mut body: Value, field: &str, value: Value) -> Value {
    if value.is_null() {
        body.as_object_mut().expect("an object").shift_remove(field);
    } else {
        body[field] = value;
    }
    body
}

/// The error of an answer of the token endpoint.
#[track_caller]
fn error(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert!(body["error_description"].as_str().is_some_and(|text| !text.is_empty()), "{answer:?}");
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
    (answer.status, body["error"].as_str().expect("an error").to_owned())
}

/// The status of a call with a token of an answer.
async fn me(server: &TestServer, tokens: &Value) -> u16 {
    server.bearer(tokens["access_token"].as_str().expect("a token")).get("/user").await.status
}
