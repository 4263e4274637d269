//! Tag Config: what this server speaks, and the documents that clients build themselves from.

use belvedere_testing::{ORIGIN, TestServer};
use serde_json::{Value, json};

#[tokio::test]
async fn the_versions_are_told_without_a_token() {
    let server = TestServer::shop().await;
    let versions = server.anybody().get("/versions").await;
    let element = format!(
        r#"{{"version":"4.0","full_version":"4.0.26.22","status":"current","swagger_url":"{ORIGIN}/api/4.0/swagger.json"}}"#
    );
    let older = format!(
        r#"{{"version":"3.1","full_version":"3.1.0","status":"deprecated","swagger_url":"{ORIGIN}/api/3.1/swagger.json"}}"#
    );
    assert_eq!(
        versions.ok_text(),
        format!(
            concat!(
                r#"{{"looker_release_version":"26.22.0","current_version":{element},"supported_versions":[{older},{element}],"#,
                r#""api_server_url":"{origin}","web_server_url":"{origin}"}}"#
            ),
            element = element,
            older = older,
            origin = ORIGIN
        )
    );
    assert_eq!(server.anybody().host_call("GET", "/versions").meaning("/versions").await.ok(), versions.ok());
    assert_eq!(server.admin().get("/versions").await.ok(), versions.ok());
    assert_eq!(server.bearer("long gone").get("/versions").await.ok(), versions.ok());
}

#[tokio::test]
async fn fields_choose_among_the_versions_too() {
    let server = TestServer::shop().await;
    let fields = "looker_release_version, current_version(version,status), nonsense";
    let versions = server.anybody().get("/versions").query("fields", fields).await;
    assert_eq!(
        versions.ok(),
        json!({"looker_release_version": "26.22.0", "current_version": {"version": "4.0", "status": "current"}})
    );
}

#[tokio::test]
async fn the_documents_are_served_without_a_token() {
    let server = TestServer::shop().await;
    let swagger = server.anybody().get("/swagger.json").await;
    assert_eq!(swagger.content_type(), "application/json");
    let swagger = swagger.ok();
    assert_eq!(swagger["swagger"], "2.0");
    assert_eq!(swagger["basePath"], "/api/4.0");
    assert_eq!(swagger["host"], "bi.example.com:19999");
    assert_eq!(swagger["schemes"], json!(["http"]));
    assert_eq!(swagger["info"]["x-looker-release-version"], "26.22.0");
    let openapi = server.anybody().get("/openapi.json").await.ok();
    assert_eq!(openapi["openapi"], "3.0.0");
    assert_eq!(openapi["servers"], json!([{"url": "http://bi.example.com:19999/api/4.0"}]));
    assert_eq!(operations(&swagger), operations(&openapi));
    assert_eq!(server.bearer("long gone").get("/swagger.json").await.ok(), swagger);
}

/// Every operationId of a document with method and path.
fn operations(document: &Value) -> Vec<(String, String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().expect("methods").iter().map(move |(method, operation)| {
            (operation["operationId"].as_str().expect("an id").to_owned(), method.clone(), path.clone())
        })
    });
    operations.collect()
}

#[tokio::test]
async fn the_document_of_an_older_release_is_served_on_request() {
    let server = TestServer::shop().await;
    let versions =
        |document: Value| (document["info"]["version"].clone(), document["info"]["x-looker-release-version"].clone());
    for path in ["/swagger.json?release=26.12", "/openapi.json?release=26.12"] {
        let document = server.anybody().get(path).await.ok();
        assert_eq!(versions(document), (json!("4.0.26.12"), json!("26.12.0")), "{path}");
    }
    for path in ["/swagger.json?release=newest", "/openapi.json?release=", "/swagger.json?release=26"] {
        let refused = server.anybody().get(path).await;
        assert_eq!(refused.refused(400), "`release` must be a release such as 26.22", "{path}");
    }
}

#[tokio::test]
async fn a_document_is_an_operation_too() {
    let server = TestServer::shop().await;
    for (specification, alone) in [("swagger.json", "/swagger.json"), ("openapi.json", "/openapi.json")] {
        let document = server.admin().get(&format!("/api_spec/4.0/{specification}")).await;
        assert_eq!(document.ok(), server.anybody().get(alone).await.ok());
    }
    for path in ["/api_spec/3.0/swagger.json", "/api_spec/4.0/swagger.yaml", "/api_spec/4.0/..%2Fswagger.json"] {
        assert_eq!(server.admin().get(path).await.refused(404), "Not found", "{path}");
    }
}

#[tokio::test]
async fn a_host_that_a_client_makes_up_stays_out_of_addresses() {
    let server = TestServer::shop().await;
    for host in ["x\",\"y\":\"", "a b", "<script>", "x/../y"] {
        let versions = server.anybody().get("/versions").header("host", host).await;
        // A header that HTTP forbids is refused before anything reads it.
        if versions.status == 200 {
            assert_eq!(versions.json()["api_server_url"], "http://localhost", "{host}");
        } else {
            assert_eq!(versions.status, 400, "{host}");
        }
    }
}

#[tokio::test]
async fn the_server_is_alive() {
    let server = TestServer::shop().await;
    let alive = server.anybody().host_call("GET", "/alive").await;
    assert_eq!((alive.ok_text(), alive.content_type()), ("", "application/json"));
}
