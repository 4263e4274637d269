//! `/api/token`: codes and refresh tokens, and how they end.

use super::{
    APP, Browser, CALLBACK, CHALLENGE, VERIFIER, ask, but, by_code, by_refresh, code, code_with, error, me, query,
    register, register_as,
};
use belvedere_service::Settings;
use belvedere_store::event::{self, Wanted};
use belvedere_testing::{Seed, TestServer};
use serde_json::{Value, json};

/// A server with the application, a browser of a person who consents, and the tokens of a first sign-in.
macro_rules! signed_in {
    ($server:ident, $browser:ident, $person:ident, $tokens:ident) => {
        let $server = TestServer::shop().await;
        register(&$server, CALLBACK).await;
        let ($browser, $person) = Browser::of_consenting_person(&$server).await;
        let $tokens = ask(&$server, &by_code(&code(&$browser).await)).await.ok();
    };
}

#[tokio::test]
async fn a_code_gives_a_token_that_acts_as_the_person() {
    signed_in!(server, _browser, person, tokens);
    let keys: Vec<&String> = tokens.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["access_token", "token_type", "expires_in", "refresh_token"]);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let caller = server.bearer(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(caller.get("/user").await.ok()["id"], json!(person.id));
    caller.get("/oauth_client_apps").await.refused(404);
    assert_eq!(caller.get("/session").await.ok()["sudo_user_id"], Value::Null);
}

#[tokio::test]
async fn a_token_is_asked_for_in_json_or_by_a_form_under_either_type() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let form = |code: &str| {
        format!(
            "grant_type=authorization_code&client_id={APP}&redirect_uri={}&code={code}&code_verifier={VERIFIER}",
            super::escaped(CALLBACK)
        )
    };
    let json = |code: &str| by_code(code).to_string();
    for content_type in ["application/json", "application/x-www-form-urlencoded", "application/json;charset=utf-8", ""]
    {
        for write in [&json as &dyn Fn(&str) -> String, &form] {
            let body = write(&code(&browser).await);
            let answer = server.anybody().host_call("POST", "/api/token").body(content_type, body).await;
            assert_eq!(me(&server, &answer.ok()).await, 200, "{content_type}");
        }
    }
}

#[tokio::test]
async fn every_form_of_a_challenge_that_clients_send_is_taken() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let hex = "0123456789abcdef";
    let (of_32_bytes, of_33_bytes) = (hex.repeat(4), hex.repeat(4) + "01");
    let hashed = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3";
    for (client, verifier, challenge) in [
        ("TypeScript", of_33_bytes.as_str(), "eIngE90YrPl9o7fQMck8sgjQnLnlNCXpSgwOMplKoNg="),
        ("Python", VERIFIER, hashed),
        ("Kotlin and Swift", &format!("{VERIFIER}="), "20xwJMOrFO1xeQ7yiiV7MYQenAHee4IKa0W722ftl88="),
        ("the CLI", VERIFIER, CHALLENGE),
        ("the sample of the documentation", &of_32_bytes, "qK5ubukpq+o6/PxSWMjM1vhSc+DUYm0mxyefMlD3fI4="),
    ] {
        let code = code_with(&browser, &[("code_challenge", challenge)]).await;
        let tokens = ask(&server, &but(by_code(&code), "code_verifier", json!(verifier))).await.ok();
        assert_eq!(me(&server, &tokens).await, 200, "{client}");
    }
}

#[tokio::test]
async fn a_wrong_request_gets_nothing_and_uses_nothing_up() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    register_as(&server, "com.example.other", CALLBACK).await;
    register_as(&server, "com.example.disabled", CALLBACK).await;
    server.admin().patch("/oauth_client_apps/com.example.disabled").json(&json!({"enabled": false})).await.ok();
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let right = by_code(&code(&browser).await);
    for (field, value, status, reason) in [
        ("code_verifier", json!("eBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), 400, "invalid_grant"),
        ("code_verifier", json!(CHALLENGE), 400, "invalid_grant"),
        ("code_verifier", json!(""), 400, "invalid_request"),
        ("code_verifier", Value::Null, 400, "invalid_request"),
        ("code_verifier", json!(7), 400, "invalid_request"),
        ("redirect_uri", json!("https://app.example.com/oauth/"), 400, "invalid_grant"),
        ("redirect_uri", json!("https://APP.example.com/oauth"), 400, "invalid_grant"),
        ("redirect_uri", json!("https://app.example.com/oauth?"), 400, "invalid_grant"),
        ("redirect_uri", Value::Null, 400, "invalid_request"),
        ("code", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 400, "invalid_grant"),
        ("code", json!("' OR 1=1 --"), 400, "invalid_grant"),
        ("code", Value::Null, 400, "invalid_request"),
        ("client_id", json!("com.example.other"), 400, "invalid_grant"),
        ("client_id", json!("com.example.nothing"), 401, "invalid_client"),
        ("client_id", json!("a\nb"), 401, "invalid_client"),
        ("client_id", json!("com.example.disabled"), 400, "unauthorized_client"),
        ("client_id", Value::Null, 400, "invalid_request"),
        ("grant_type", json!("password"), 400, "unsupported_grant_type"),
        ("grant_type", json!("client_credentials"), 400, "unsupported_grant_type"),
        ("grant_type", Value::Null, 400, "invalid_request"),
    ] {
        let refused = ask(&server, &but(right.clone(), field, value.clone())).await;
        assert_eq!(error(&refused), (status, reason.to_owned()), "{field} {value}");
    }
    let post =
        |content_type: &str, body: String| server.anybody().host_call("POST", "/api/token").body(content_type, body);
    let twice = "grant_type=refresh_token&grant_type=refresh_token&client_id=a&refresh_token=b";
    let deep = "[".repeat(16_000);
    for body in ["", "{", "[1]", "null", "\"a\"", twice, "{\"client_id\":", &deep] {
        let refused = post("application/json", body.to_owned()).await;
        assert_eq!(error(&refused), (400, "invalid_request".to_owned()), "{body}");
    }
    let refused = post("application/json", format!("{{\"code\":\"{}\"}}", "a".repeat(100_000))).await;
    assert_eq!(error(&refused), (413, "invalid_request".to_owned()));
    assert_eq!(server.anybody().host_call("GET", "/api/token").await.status, 405);
    assert_eq!(me(&server, &ask(&server, &right).await.ok()).await, 200, "the code is still there");
}

#[tokio::test]
async fn a_code_works_for_five_minutes() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let (late, in_time) = (by_code(&code(&browser).await), by_code(&code(&browser).await));
    server.clock.set("2026-01-15T12:04:59Z".parse().expect("a time"));
    ask(&server, &in_time).await.ok();
    server.clock.set("2026-01-15T12:05:00Z".parse().expect("a time"));
    assert_eq!(error(&ask(&server, &late).await), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn a_code_that_comes_again_ends_all_that_it_gave() {
    signed_in!(server, browser, _person, other);
    let request = by_code(&code(&browser).await);
    let tokens = ask(&server, &request).await.ok();
    let refreshed = ask(&server, &by_refresh(&tokens["refresh_token"])).await.ok();
    let wrong = but(request.clone(), "code_verifier", json!(CHALLENGE));
    assert_eq!(error(&ask(&server, &wrong).await), (400, "invalid_grant".to_owned()));
    assert_eq!(me(&server, &tokens).await, 200, "whoever has the code alone ends nothing");
    for _ in 0..2 {
        assert_eq!(error(&ask(&server, &request).await), (400, "invalid_grant".to_owned()));
    }
    assert_eq!((me(&server, &tokens).await, me(&server, &refreshed).await), (401, 401));
    let refused = ask(&server, &by_refresh(&tokens["refresh_token"])).await;
    assert_eq!(error(&refused), (400, "invalid_grant".to_owned()));
    assert_eq!(me(&server, &other).await, 200, "another sign-in lives on");
}

#[tokio::test]
async fn of_many_who_use_a_code_at_once_at_most_one_keeps_a_token() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let request = by_code(&code(&browser).await);
    let ask = || ask(&server, &request);
    let (first, second, third, fourth) = tokio::join!(ask(), ask(), ask(), ask());
    let all = [first, second, third, fourth];
    let given: Vec<Value> =
        all.iter().filter(|answer| answer.status == 200).map(belvedere_testing::Answer::json).collect();
    assert_eq!(given.len(), 1, "{all:?}");
    assert_eq!(me(&server, &given[0]).await, 401, "the code came again");
}

#[tokio::test]
async fn a_refresh_token_gives_tokens_for_a_month_and_stays_the_same() {
    signed_in!(server, _browser, person, tokens);
    let refresh = &tokens["refresh_token"];
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("refresh_token", refresh.as_str().expect("a token")),
    ];
    let by_form = server.anybody().host_call("POST", "/api/token").form(&form).await.ok();
    assert_eq!(&by_form["refresh_token"], refresh);
    assert_ne!(by_form["access_token"], tokens["access_token"]);
    assert_eq!((me(&server, &by_form).await, me(&server, &tokens).await), (200, 200));
    server.clock.set("2026-01-15T13:00:00Z".parse().expect("a time"));
    assert_eq!(me(&server, &tokens).await, 401);
    server.clock.set("2026-02-14T11:59:59Z".parse().expect("a time"));
    let last = ask(&server, &by_refresh(refresh)).await.ok();
    let user = server.bearer(last["access_token"].as_str().expect("a token")).get("/user").await.ok();
    assert_eq!(user["id"], json!(person.id));
    server.clock.set("2026-02-14T12:00:00Z".parse().expect("a time"));
    assert_eq!(error(&ask(&server, &by_refresh(refresh)).await), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn a_refresh_token_is_of_use_to_its_application_alone() {
    signed_in!(server, _browser, _person, tokens);
    register_as(&server, "com.example.other", CALLBACK).await;
    let right = by_refresh(&tokens["refresh_token"]);
    for (field, value, reason) in [
        ("client_id", json!("com.example.other"), "invalid_grant"),
        ("redirect_uri", json!("https://app.example.com/"), "invalid_grant"),
        ("refresh_token", tokens["access_token"].clone(), "invalid_grant"),
        ("refresh_token", json!(""), "invalid_request"),
        ("refresh_token", Value::Null, "invalid_request"),
    ] {
        let refused = ask(&server, &but(right.clone(), field, value.clone())).await;
        assert_eq!(error(&refused), (400, reason.to_owned()), "{field} {value}");
    }
    assert_eq!(server.bearer(tokens["refresh_token"].as_str().expect("a token")).get("/user").await.status, 401);
    assert_eq!(me(&server, &ask(&server, &right).await.ok()).await, 200);
}

/// Ways to end what an application has got of a person: a call of an administrator, and whether a new sign-in works.
const ENDINGS: [(&str, &str, Option<&str>); 7] = [
    ("DELETE", "/oauth_client_apps/com.example.app/tokens", None),
    ("DELETE", "/oauth_client_apps/com.example.app/users/{person}", None),
    ("DELETE", "/oauth_client_apps/com.example.app", None),
    ("PATCH", "/oauth_client_apps/com.example.app", Some(r#"{"enabled": false}"#)),
    ("PATCH", "/oauth_client_apps/com.example.app", Some(r#"{"group_id": "{group}"}"#)),
    ("PATCH", "/users/{person}", Some(r#"{"is_disabled": true}"#)),
    ("DELETE", "/users/{person}", None),
];

#[tokio::test]
async fn what_ends_an_application_or_a_person_ends_the_tokens_at_once() {
    for (method, path, body) in ENDINGS {
        signed_in!(server, browser, person, tokens);
        let waiting = code(&browser).await;
        let group = server.admin().post("/groups").json(&json!({"name": "Testers"})).await.ok()["id"].clone();
        let put = |text: &str| text.replace("{person}", &person.id).replace("{group}", group.as_str().expect("an id"));
        let call = server.admin().call(method, &put(path));
        let ended = match body {
            Some(body) => call.body("application/json", put(body)).await,
            None => call.await,
        };
        assert!(ended.status < 300, "{ended:?}");
        let what = format!("{method} {path} {body:?}");
        assert_eq!(me(&server, &tokens).await, 401, "{what}");
        for request in [by_refresh(&tokens["refresh_token"]), by_code(&waiting)] {
            let refused = ask(&server, &request).await;
            assert!(matches!(refused.status, 400 | 401), "{what}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn a_logout_ends_the_refresh_token_too_and_no_other_sign_in() {
    signed_in!(server, browser, _person, tokens);
    let other = ask(&server, &by_code(&code(&browser).await)).await.ok();
    let logout = server.bearer(tokens["access_token"].as_str().expect("a token")).host_call("DELETE", "/api/logout");
    assert_eq!(logout.meaning("/logout").await.status, 204);
    assert_eq!(me(&server, &tokens).await, 401);
    let refused = ask(&server, &by_refresh(&tokens["refresh_token"])).await;
    assert_eq!(error(&refused), (400, "invalid_grant".to_owned()));
    assert_eq!(me(&server, &other).await, 200);
}

#[tokio::test]
async fn an_application_of_a_group_serves_its_members_alone() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, person) = Browser::of_consenting_person(&server).await;
    let admin = server.admin();
    let group = async |name: &str| admin.post("/groups").json(&json!({"name": name})).await.ok()["id"].clone();
    let (outer, inner) = (group("Outer").await, group("Inner").await);
    let path = |group: &Value, what: &str| format!("/groups/{}/{what}", group.as_str().expect("an id"));
    admin.patch("/oauth_client_apps/com.example.app").json(&json!({"group_id": outer})).await.ok();
    let location = browser.get(&format!("/auth?{}", query(&[]))).await.location();
    assert!(location.contains("error=access_denied") && !location.contains("code="), "{location}");
    admin.post(&path(&outer, "groups")).json(&json!({"group_id": inner})).await.ok();
    admin.post(&path(&inner, "users")).json(&json!({"user_id": person.id})).await.ok();
    let tokens = ask(&server, &by_code(&code(&browser).await)).await.ok();
    assert_eq!(me(&server, &tokens).await, 200);
    assert_eq!(admin.delete(&path(&inner, &format!("users/{}", person.id))).await.status, 204);
    assert_eq!(me(&server, &tokens).await, 401);
    let refused = ask(&server, &by_refresh(&tokens["refresh_token"])).await;
    assert_eq!(error(&refused), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn a_page_of_a_listed_origin_gets_its_token() {
    const PAGE: &str = "https://app.example.com";
    let allowed_origins = vec![PAGE.parse().expect("an origin")];
    let settings = Settings { allowed_origins, ..Settings::default() };
    let server = TestServer::ruled(Seed::shop(), settings, None).await;
    register(&server, CALLBACK).await;
    let call = |method| server.anybody().host_call(method, "/api/token").header("origin", PAGE);
    let preflight = call("OPTIONS")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,x-looker-appid")
        .await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(PAGE)));
    let allowed = preflight.header("access-control-allow-headers").expect("headers");
    assert!(allowed.contains("content-type") && allowed.contains("x-looker-appid"), "{allowed}");
    let (browser, _) = Browser::of_consenting_person(&server).await;
    let tokens = call("POST").json(&by_code(&code(&browser).await)).await;
    assert_eq!((tokens.status, tokens.header("access-control-allow-origin")), (200, Some(PAGE)));
    let refused = call("POST").json(&by_refresh(&json!("a"))).await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (400, Some(PAGE)));
    assert_eq!(refused.header("access-control-allow-credentials"), None);
    let foreign = ask(&server, &by_refresh(&json!("a"))).await;
    assert_eq!(foreign.header("access-control-allow-origin"), None);
    let path = format!("/auth?{}", query(&[]));
    let page = server.anybody().host_call("GET", &path).header("origin", PAGE).await;
    assert_eq!((page.status, page.header("access-control-allow-origin")), (200, None), "pages are not for pages");
}

#[tokio::test]
async fn consents_tokens_and_refused_grants_are_in_the_record() {
    let server = TestServer::shop().await;
    register(&server, CALLBACK).await;
    let (browser, person) = Browser::of_person(&server).await;
    let page = browser.get(&format!("/auth?{}", query(&[]))).await;
    let allowed = browser.answer(&page, &query(&[]), "allow").await;
    let brought = super::brought(&allowed.location(), CALLBACK);
    let code = brought.iter().find(|(name, _)| name == "code").map(|(_, code)| code.clone()).expect("a code");
    let tokens = ask(&server, &by_code(&code)).await.ok();
    let refresh = tokens["refresh_token"].as_str().expect("a token").to_owned();
    ask(&server, &by_refresh(&json!(refresh))).await.ok();
    error(&ask(&server, &by_code(&code)).await);
    error(&ask(&server, &by_code("a-guess")).await);
    let wanted = Wanted { user: person.id.parse().ok(), ..Wanted::default() };
    let mut events = server.store.read(async |db| event::newest(db, &wanted, 4).await).await.expect("events");
    events.reverse();
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    let consent = "activate_oauth_client_app_user";
    assert_eq!(names, [consent, "exchange_authorization_code", "refresh_token", "refuse_token"]);
    assert!(events.iter().all(|event| event.attributes["app_client_guid"] == APP && !event.is_api_call));
    assert!(events[3].attributes["reason"].as_str().is_some_and(|reason| reason.contains("was used before")));
    let told = format!("{events:?}");
    let access = tokens["access_token"].as_str().expect("a token");
    assert!(!told.contains(&code) && !told.contains(&refresh) && !told.contains(access), "{told}");
}
