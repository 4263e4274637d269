//! The pages that people open: the API Explorer, the API reference, and the way there from errors.

use belvedere_testing::{Answer, ORIGIN, TestServer};
use serde_json::Value;

const EDITION: &str = "/api-docs/4.0/26.22";

async fn page(server: &TestServer, path: &str) -> Answer {
    server.anybody().host_call("GET", path).await
}

/// Where a path leads to, when it leads elsewhere.
async fn way(server: &TestServer, path: &str) -> Option<String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let answer = client.get(server.address(path)).send().await.expect("an answer");
    let to = answer.headers().get(reqwest::header::LOCATION)?;
    assert_eq!(answer.status(), 307, "{path}");
    to.to_str().ok().map(str::to_owned)
}

/// What stands between `<` and `>` must be ours: nothing of a page comes from outside, and nothing runs.
fn assert_is_safe(answer: &Answer) {
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    let text = answer.text();
    for inline in ["style=", "onclick", "<style", "javascript:"] {
        assert!(!text.contains(inline), "{inline}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_has_every_operation_and_every_object_of_the_document() {
    let server = TestServer::shop().await;
    let index = page(&server, EDITION).await;
    assert_eq!(index.status, 200);
    assert_is_safe(&index);
    let index = index.text();
    let document = server.anybody().get("/openapi.json").await.ok();
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|methods| methods.as_object().into_iter().flatten());
    let names: Vec<&str> = operations.filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    assert!(names.len() > 30);
    for name in &names {
        assert!(index.contains(&format!("href=\"{EDITION}/operations/{name}\"")), "{name}");
    }
    for name in document["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(index.contains(&format!("href=\"{EDITION}/schemas/{name}\"")), "{name}");
    }
    for name in names {
        let operation = page(&server, &format!("{EDITION}/operations/{name}")).await;
        assert_eq!(operation.status, 200, "{name}");
        assert_is_safe(&operation);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_operation_says_what_it_takes_and_gives() {
    let server = TestServer::shop().await;
    let answer = page(&server, &format!("{EDITION}/operations/create_query")).await;
    let text = answer.text();
    for part in [
        "Create a query",
        "id=\"parameter-fields\"",
        "id=\"status-200\"",
        "id=\"status-422\"",
        "id=\"status-429\"",
        "id=\"status-501\"",
        "<span class=\"flag required\">required</span>",
        "<span class=\"flag nullable\">nullable</span>",
        &format!("href=\"{EDITION}/schemas/Query\""),
        "href=\"/api-explorer#/4.0@26.22/operations/create_query\"",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_object_names_its_properties_and_who_uses_it() {
    let server = TestServer::shop().await;
    let answer = page(&server, &format!("{EDITION}/schemas/QueryTask")).await;
    let text = answer.text();
    for part in [
        "id=\"property-status\"",
        &format!("href=\"{EDITION}/schemas/Query\""),
        &format!("href=\"{EDITION}/operations/create_query_task\""),
        "<span class=\"flag read-only\">read-only</span>",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_code_is_marked_in_the_document_and_in_the_reference() {
    let server = TestServer::shop().await;
    let document = server.anybody().get("/openapi.json").await.ok();
    let absent = |operation: &Value| operation.get("x-implemented") == Some(&Value::Bool(false));
    let operations = document["paths"].as_object().expect("paths").iter().flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (method, path, operation))
    });
    let operations: Vec<_> = operations.collect();
    let (missing, built): (Vec<_>, Vec<_>) = operations.into_iter().partition(|(.., operation)| absent(operation));
    assert!(built.iter().any(|(.., operation)| operation["operationId"] == "run_inline_query"));
    let Some((method, path, operation)) = missing.iter().find(|(_, path, _)| !path.contains('{')) else { return };
    let call = server.admin().call(&method.to_ascii_uppercase(), path);
    assert_eq!(call.await.status, 501, "{method} {path}");
    let name = operation["operationId"].as_str().expect("a name");
    let page_of = async |name: &str| page(&server, &format!("{EDITION}/operations/{name}")).await;
    assert!(page_of(name).await.text().contains("answers 501"));
    assert!(!page_of("run_inline_query").await.text().contains("not built"));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_the_reference_lead_to_an_edition() {
    let server = TestServer::shop().await;
    for (path, to) in [
        ("/", "/api-docs"),
        ("/api-docs", EDITION),
        ("/api-docs/", EDITION),
        ("/api-docs/4.0", EDITION),
        ("/api-docs/index.html", "/api-explorer"),
        ("/api-docs/4.0/26.22.3", EDITION),
        ("/api-docs/4.0/99.9/operations/me", "/api-docs/4.0/26.22/operations/me"),
    ] {
        let answer = way(&server, path).await;
        assert_eq!(answer.as_deref(), Some(to), "{path}");
    }
    for path in [
        "/api-docs/5.0",
        "/api-docs/4.0/nonsense",
        "/api-docs/4.0/26.22/operations/nothing",
        "/api-docs/4.0/26.22/schemas/Nothing",
        "/api-docs/4.0/26.22/operations/%3Cscript%3E",
        "/api-explorer/nothing.js",
        "/r/err/5.0/404/get/looks",
    ] {
        let answer = page(&server, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_is_safe(&answer);
        assert!(!answer.text().contains("<script"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_an_error_leads_to_the_operation_at_its_status() {
    let server = TestServer::shop().await;
    let refused = server.admin().get("/queries/12345").await;
    assert_eq!(refused.status, 404);
    let url = refused.json()["documentation_url"].as_str().expect("an address").to_owned();
    assert_eq!(url, format!("{ORIGIN}/r/err/4.0/404/get/queries/:query_id"));
    let to = way(&server, url.trim_start_matches(ORIGIN)).await.expect("a way");
    assert_eq!(to, format!("{EDITION}/operations/query#status-404"));
    let shown = page(&server, to.split('#').next().expect("a path")).await;
    assert!(shown.text().contains("id=\"status-404\""));
    assert_eq!(way(&server, "/r/err/4.0/404/get/nothing/like/it").await.as_deref(), Some(EDITION));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_before_the_newest_has_its_own_pages() {
    let server = TestServer::shop().await;
    let page_of = async |release: &str| page(&server, &format!("/api-docs/4.0/{release}/schemas/DBConnection")).await;
    let (older, newer) = (page_of("26.12").await, page_of("26.22").await);
    let rules = "id=\"property-service_account_rules\"";
    assert!(newer.text().contains(rules) && !older.text().contains(rules));
    assert!(older.text().contains("id=\"property-name\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_is_in_the_binary_when_it_was_built_with_its_pages() {
    let server = TestServer::shop().await;
    let answer = page(&server, "/api-explorer").await;
    assert_is_safe(&answer);
    let text = answer.text();
    if !cfg!(feature = "web") {
        assert_eq!(answer.status, 404);
        assert!(text.contains("make build") && text.contains("--features web"));
        return;
    }
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-cache")));
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("require-trusted-types-for 'script'"));
    let script = text.split('"').find(|part| part.ends_with("js")).expect("a script");
    let script = page(&server, script).await;
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_learns_which_editions_there_are() {
    let server = TestServer::shop().await;
    let editions = server.anybody().host_call("GET", "/api-explorer/editions.json").await.ok();
    let newest = &editions[0];
    assert_eq!((&newest["version"], &newest["release"]), (&Value::from("4.0"), &Value::from("26.22")));
    let releases = newest["releases"].as_array().expect("releases");
    assert!(releases.contains(&Value::from("26.12")) && releases.len() > 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_only_read() {
    let server = TestServer::shop().await;
    for path in ["/", "/api-explorer", "/api-docs", EDITION] {
        assert_eq!(server.anybody().host_call("POST", path).await.status, 405, "{path}");
    }
}
