//! What an operator decides: origins of pages, a limit of calls, operations switched off or kept back.

use belvedere_service::{Policy, Settings};
use belvedere_store::api_usage;
use belvedere_testing::{Answer, Seed, TestServer};
use belvedere_versions::{V3_1, Versions};
use serde_json::json;
use std::num::NonZeroU32;

async fn with_policy(decide: impl FnOnce(&mut Policy)) -> TestServer {
    let mut policy = Policy::default();
    decide(&mut policy);
    TestServer::ruled(Seed::shop(), Settings { policy, ..Settings::default() }, None).await
}

fn message(answer: &Answer) -> String {
    answer.json()["message"].as_str().expect("a message").to_owned()
}

#[tokio::test]
async fn an_operation_that_is_switched_off_says_why_and_the_others_answer() {
    let server = with_policy(|policy| policy.switch_off("all_users", "users come from the directory").unwrap()).await;
    let answer = server.admin().get("/users").await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        message(&answer),
        "The operation all_users is switched off on this server: users come from the directory"
    );
    server.admin().get("/user").await.ok();
}

#[tokio::test]
async fn the_documents_of_every_version_tell_what_was_decided() {
    let server = with_policy(|policy| {
        policy.switch_off("folder", "folders are closed").unwrap();
        policy.also_require("me", "see_system_activity").unwrap();
        policy.brown_out("all_users.page").unwrap();
    })
    .await;
    let document = server.anybody().get("/openapi.json").await.ok();
    let operation = |path: &str| document["paths"][path]["get"].clone();
    assert_eq!(operation("/folders/{folder_id}")["x-switched-off"], "folders are closed");
    assert_eq!(operation("/user")["x-also-requires"], "see_system_activity");
    assert_eq!(operation("/users")["x-browned-out"], json!(["page"]));
    assert_eq!(operation("/looks").as_object().expect("an operation").keys().find(|key| key.ends_with("-off")), None);
    let older = server.anybody().host_call("GET", "/api/3.1/swagger.json").await.ok();
    assert_eq!(older["paths"]["/spaces/{space_id}"]["get"]["x-switched-off"], "folders are closed");
}

#[tokio::test]
async fn who_may_not_call_an_operation_does_not_learn_what_the_operator_decided_about_it() {
    let server = with_policy(|policy| policy.switch_off("all_connections", "a secret reason").unwrap()).await;
    let paul = server.add_plain_user().await;
    assert_eq!(message(&server.user(&paul).get("/connections").await), "Not found");
    assert_eq!(message(&server.anybody().get("/connections").await), "Requires authentication.");
}

#[tokio::test]
async fn a_permission_more_keeps_an_operation_back() {
    let server = with_policy(|policy| policy.also_require("me", "see_system_activity").unwrap()).await;
    let paul = server.add_plain_user().await;
    let answer = server.user(&paul).get("/user").await;
    assert_eq!(answer.status, 404);
    assert_eq!(message(&answer), "The operation me requires the permission see_system_activity on this server");
    server.admin().get("/user").await.ok();
}

#[tokio::test]
async fn a_brown_out_answers_as_if_the_thing_were_gone() {
    let server = with_policy(|policy| {
        policy.brown_out("all_users.page").unwrap();
        policy.brown_out("default_theme").unwrap();
    })
    .await;
    // Page 5 is empty; without the parameter the list is whole.
    let users = server.admin().get("/users?page=5&per_page=10").await.ok();
    assert_eq!(users.as_array().expect("a list").len(), 1);
    let gone = server.admin().get("/themes/default").await;
    assert_eq!(gone.status, 404);
    assert!(message(&gone).contains("will be removed"), "{gone:?}");
}

#[tokio::test]
async fn a_user_who_calls_too_often_is_told_when_to_come_back() {
    let limit = NonZeroU32::new(5);
    let server = TestServer::ruled(Seed::shop(), Settings::default(), limit).await;
    for _ in 0..5 {
        server.admin().get("/user").await.ok();
    }
    let refused = server.admin().get("/user").await;
    assert_eq!(refused.status, 429);
    // Five a minute: the next is let in after twelve seconds.
    let wait: u64 = refused.header("retry-after").expect("a time").parse().expect("seconds");
    assert!((1..=12).contains(&wait), "{wait}");
    let paul = server.add_plain_user().await;
    server.user(&paul).get("/user").await.ok();
}

#[tokio::test]
async fn a_withdrawn_version_says_so() {
    let settings = Settings { versions: Versions::new([]), ..Settings::default() };
    let server = TestServer::ruled(Seed::shop(), settings, None).await;
    for path in ["/api/3.1/user", "/api/3.1/swagger.json", "/api/3.1"] {
        let answer = server.admin().host_call("GET", path).await;
        assert_eq!(
            (answer.status, message(&answer).as_str()),
            (404, "Version 3.1 of the API is withdrawn on this server; use 4.0")
        );
    }
    let versions = server.anybody().host_call("GET", "/versions").await.ok();
    let told = versions["supported_versions"].as_array().expect("a list");
    assert!(told.iter().all(|version| version["version"] != "3.1"), "{versions}");
}

#[tokio::test]
async fn a_hidden_version_answers_and_stands_in_no_list() {
    let settings = Settings { versions: Versions::default().hiding(&V3_1), ..Settings::default() };
    let server = TestServer::ruled(Seed::shop(), settings, None).await;
    for path in ["/api/3.1/user", "/api/3.1/swagger.json"] {
        server.admin().host_call("GET", path).await.ok();
    }
    let reference = server.anybody().host_call("GET", "/api-docs/3.1/23.14").await;
    assert_eq!(reference.status, 200);
    let versions = server.anybody().host_call("GET", "/versions").await.ok();
    let told = versions["supported_versions"].as_array().expect("a list");
    assert_eq!(told.iter().map(|version| &version["version"]).collect::<Vec<_>>(), ["4.0"]);
    for (list, entry) in [("/api-docs/4.0/26.22", "/api-docs/3.1/"), ("/api-explorer/editions.json", "\"3.1\"")] {
        let page = server.anybody().host_call("GET", list).await;
        assert!(!page.text().contains(entry), "{list}");
    }
}

const PAGE: &str = "https://app.example.com";

async fn with_page() -> TestServer {
    let allowed_origins = vec![PAGE.parse().expect("an origin")];
    TestServer::ruled(Seed::shop(), Settings { allowed_origins, ..Settings::default() }, None).await
}

#[tokio::test]
async fn a_page_of_a_listed_origin_may_read_answers() {
    let server = with_page().await;
    let answer = server.admin().get("/user").header("origin", PAGE).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert!(answer.header("access-control-expose-headers").expect("a list").contains("Link"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let refused = server.anybody().get("/user").header("origin", PAGE).await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some(PAGE)));
    let versions = server.anybody().host_call("GET", "/versions").header("origin", PAGE).await;
    assert_eq!(versions.header("access-control-allow-origin"), Some(PAGE));
}

#[tokio::test]
async fn a_preflight_needs_no_token() {
    let server = with_page().await;
    let preflight = server
        .anybody()
        .host_call("OPTIONS", "/api/4.0/queries/run/json")
        .header("origin", PAGE)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,x-looker-appid")
        .meaning("/queries/run/{result_format}")
        .begin()
        .await;
    assert_eq!(preflight.status(), 204);
    let header = |name: &str| preflight.headers()[name].to_str().expect("a text").to_owned();
    assert_eq!(header("access-control-allow-origin"), PAGE);
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        assert!(header("access-control-allow-methods").contains(method));
    }
    for name in ["authorization", "content-type", "x-looker-appid"] {
        assert!(header("access-control-allow-headers").contains(name));
    }
}

#[tokio::test]
async fn other_pages_and_signing_in_get_nothing() {
    let server = with_page().await;
    for origin in ["https://evil.example.com", "http://app.example.com", "null"] {
        let answer = server.admin().get("/user").header("origin", origin).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "{origin}");
    }
    let form = [("client_id", server.ada.client_id.as_str()), ("client_secret", server.ada.client_secret.as_str())];
    let login = server.anybody().post("/login").form(&form).header("origin", PAGE).await;
    assert_eq!((login.status, login.header("access-control-allow-origin")), (200, None));
    let options = server.anybody().host_call("OPTIONS", "/api/4.0/user").begin().await;
    assert_eq!(options.status(), 405);
}

#[tokio::test]
async fn who_calls_what_is_deprecated_is_counted() {
    let server = TestServer::shop().await;
    let deprecated = server.admin().get("/users?page=1").header("x-looker-appid", "PY SDK 26.12").await;
    assert!(deprecated.header("deprecation").expect("a notice").starts_with('@'));
    server.admin().get("/users?page=1").header("x-looker-appid", "PY SDK 26.12").await.ok();
    server.admin().get("/users?page=1").header("x-looker-appid", "report of Ada").await.ok();
    server.admin().get("/users").header("x-looker-appid", "PY SDK 26.12").await.ok();
    server.service.write_usage().await.expect("it is written");
    let rows = server.store.read(async |db| api_usage::all(db).await).await.expect("rows");
    let told: Vec<_> = rows.iter().map(|row| (row.thing.as_str(), row.application.as_str(), row.calls)).collect();
    assert_eq!(told, [("all_users.page", "PY SDK 26.12", 2), ("all_users.page", "report of Ada", 1)]);
    assert!(rows.iter().all(|row| row.client_id == server.ada.client_id && row.user_id.to_string() == server.ada.id));
}

#[tokio::test]
async fn what_an_older_version_is_asked_is_counted_too() {
    let server = TestServer::shop().await;
    server.admin().speaking("3.1").get("/user").await.ok();
    server.service.write_usage().await.expect("it is written");
    let rows = server.store.read(async |db| api_usage::all(db).await).await.expect("rows");
    let told: Vec<_> = rows.iter().map(|row| (row.version.as_str(), row.thing.as_str())).collect();
    assert_eq!(told, [("3.1", "me")]);
}

#[tokio::test]
async fn decisions_are_told_by_name() {
    let mut policy = Policy::default();
    let mistake = policy.switch_off("run_inline_querry", "x").unwrap_err().to_string();
    assert_eq!(mistake, "there is no operation `run_inline_querry`; did you mean `run_inline_query`?");
    let mistake = policy.brown_out("all_users.pgae").unwrap_err().to_string();
    assert_eq!(mistake, "the operation `all_users` has no parameter `pgae`; did you mean `page`?");
    assert_eq!(json!(policy.reason(belvedere_api::OperationId::AllUsers)), json!(null));
}
