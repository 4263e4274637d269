//! Tag Project: where the LookML comes from.

use belvedere_testing::{ORIGIN, Seed, TestServer};
use serde_json::json;

#[tokio::test]
async fn a_project_on_plain_files_has_no_git() {
    let server = TestServer::shop().await;
    let project = server.admin().get("/projects/shop").await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&project.ok()).expect("JSON"));
    assert_eq!(server.admin().get("/projects").await.text(), format!("[{}]", project.text()));
    let some = server.admin().get("/projects?fields=id,%20pull_request_mode,nonsense").await;
    assert_eq!(some.ok(), json!([{"id": "shop", "pull_request_mode": "off"}]));
}

#[tokio::test]
async fn a_project_that_there_is_not_is_not_found() {
    let server = TestServer::shop().await;
    for id in ["store", "Shop", "..", "%2e%2e%2fshop", "shop%2F", "%00"] {
        let refused = server.admin().get(&format!("/projects/{id}")).await;
        assert_eq!(refused.refused(404), "Not found", "{id}");
    }
    let refused = server.admin().get("/projects/store").await;
    assert_eq!(refused.json()["documentation_url"], format!("{ORIGIN}/r/err/4.0/404/get/projects/:project_id"));
}

#[tokio::test]
async fn projects_are_forbidden_to_whoever_may_not_see_lookml() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    for path in ["/projects", "/projects/shop", "/projects/store"] {
        assert_eq!(server.user(&paul).get(path).await.refused(403), "Permission Denied", "{path}");
    }
}

#[tokio::test]
async fn a_file_with_mistakes_does_not_take_the_project_with_it() {
    let broken = "explore: nowhere { from: no_such_view }\nview: torn { dimension: id { sql: ${TABLE}.id ;; ";
    let server = TestServer::start(Seed::shop().file("views/torn.view.lkml", broken)).await;
    assert_eq!(server.admin().get("/projects/shop?fields=id").await.ok(), json!({"id": "shop"}));
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.count": 6}]));
}
