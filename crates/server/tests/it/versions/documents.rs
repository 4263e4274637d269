//! Documents of each version and each release.

use belvedere_testing::TestServer;
use serde_json::{Value, json};

fn operations(document: &Value) -> usize {
    let paths = document["paths"].as_object().expect("paths");
    paths.values().filter_map(Value::as_object).map(serde_json::Map::len).sum()
}

#[tokio::test]
async fn each_version_has_its_documents() {
    let server = TestServer::shop().await;
    for (version, full, count) in [("3.1", "3.1.0", 355), ("4.0", "4.0.26.22", 501)] {
        let anybody = server.anybody().speaking(version);
        let openapi = anybody.get("/openapi.json").await.ok();
        let swagger = anybody.get("/swagger.json").await.ok();
        assert_eq!((&openapi["info"]["version"], operations(&openapi)), (&json!(full), count));
        assert_eq!((&swagger["info"]["version"], operations(&swagger)), (&json!(full), count));
        assert_eq!(swagger["basePath"], format!("/api/{version}"));
        assert_eq!(openapi["servers"][0]["url"], format!("http://bi.example.com:19999/api/{version}"));
        let spec = server.admin().get(&format!("/api_spec/{version}/swagger.json")).await.ok();
        assert!(spec == swagger);
    }
    server.admin().get("/api_spec/3.0/swagger.json").await.refused(404);
    server.admin().get("/api_spec/3.1/nonsense.json").await.refused(404);
}

#[tokio::test]
async fn the_versions_are_told_alike_in_each() {
    let server = TestServer::shop().await;
    let versions = server.anybody().host_call("GET", "/versions").await.ok();
    for version in ["3.1", "4.0"] {
        assert_eq!(server.anybody().speaking(version).get("/versions").await.ok(), versions);
    }
    let told: Vec<_> = versions["supported_versions"].as_array().expect("versions").iter().collect();
    assert_eq!((&told[0]["version"], &told[0]["status"]), (&json!("3.1"), &json!("deprecated")));
    assert_eq!((&told[1]["version"], &told[1]["status"]), (&json!("4.0"), &json!("current")));
    for version in told {
        let url = version["swagger_url"].as_str().expect("an address");
        let path = url.strip_prefix("http://bi.example.com:19999").expect("an address here");
        assert_eq!(server.anybody().host_call("GET", path).await.ok()["info"]["version"], version["full_version"]);
    }
}

#[tokio::test]
async fn a_release_that_is_known_has_its_document() {
    let server = TestServer::shop().await;
    let count = async |release: &str| {
        let document = server.anybody().get("/openapi.json").query("release", release).await.ok();
        (document["info"]["version"].as_str().expect("a version").to_owned(), operations(&document))
    };
    assert_eq!(count("26.12").await, ("4.0.26.12".to_owned(), 483));
    assert_eq!(count("26.12.3").await, ("4.0.26.12".to_owned(), 483));
    assert_eq!(count("26.22").await, ("4.0.26.22".to_owned(), 501));
    assert!(count("21.0").await.1 < 430);
}

#[tokio::test]
async fn a_release_that_nobody_knows_is_refused_with_the_nearest() {
    let server = TestServer::shop().await;
    let refused =
        async |release: &str| server.anybody().get("/swagger.json").query("release", release).await.refused(400);
    for (release, nearest) in [("26.13", "26.12"), ("99.0", "26.22"), ("1.0", "7.14"), ("26.21", "26.22")] {
        let message = refused(release).await;
        assert_eq!(message, format!("the release {release} is not known; the nearest one that is known is {nearest}"));
    }
    for nonsense in ["", "x", "26", "26.12.x", "-26.12", "26.12.3.4"] {
        assert!(refused(nonsense).await.contains("such as 26.22"), "{nonsense}");
    }
}

#[tokio::test]
async fn an_operation_has_the_status_of_the_release() {
    let server = TestServer::shop().await;
    let status = async |release: &str| {
        let document = server.anybody().get("/swagger.json").query("release", release).await.ok();
        let operation = &document["paths"]["/themes/default"]["get"];
        (operation["x-looker-status"].as_str().expect("a status").to_owned(), operation["deprecated"] == true)
    };
    assert_eq!(status("22.14").await, ("beta".to_owned(), false));
    assert_eq!(status("26.10").await, ("stable".to_owned(), false));
    assert_eq!(status("26.22").await, ("deprecated".to_owned(), true));
}

#[tokio::test]
async fn a_document_comes_compressed_to_whom_takes_it_so() {
    let server = TestServer::shop().await;
    for path in ["/api/4.0/openapi.json", "/api/3.1/swagger.json"] {
        let plain = server.anybody().host_call("GET", path).await;
        assert_eq!((plain.header("content-encoding"), plain.content_type()), (None, "application/json"));
        let packed = server.anybody().host_call("GET", path).header("accept-encoding", "br, gzip").begin().await;
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        assert_eq!(packed.headers()["vary"], "Accept-Encoding, Origin");
        let packed = packed.bytes().await.expect("a body");
        assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() < plain.body.len() / 5);
        // A client that unpacks by itself reads the same text.
        let client = reqwest::Client::builder().gzip(true).build().expect("a client");
        let address = server.address(path);
        let unpacked = client.get(address).header("host", "bi.example.com:19999").send().await.expect("an answer");
        assert!(unpacked.bytes().await.expect("a body") == plain.body);
    }
}
