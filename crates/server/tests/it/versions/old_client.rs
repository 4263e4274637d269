//! What a client that was written for 3.1 does.

use belvedere_testing::{TestServer, eventually};
use serde_json::{Value, json};

fn orders() -> Value {
    json!({"model": "shop", "view": "orders", "fields": ["orders.status", "orders.count"], "sorts": ["orders.status"]})
}

#[tokio::test]
async fn it_logs_in_with_its_key_and_out_again() {
    let server = TestServer::shop().await;
    let nobody = server.anybody().speaking("3.1");
    let key = format!("client_id={}&client_secret={}", server.ada.client_id, server.ada.client_secret);
    let by_query = nobody.post(&format!("/login?{key}")).await.ok();
    let by_form = nobody.post("/login").body("application/x-www-form-urlencoded", key).await.ok();
    for login in [by_query, by_form] {
        assert_eq!(login.as_object().map(serde_json::Map::len), Some(3), "{login}");
        let token = login["access_token"].as_str().expect("a token").to_owned();
        let client = server.bearer(&token).speaking("3.1");
        assert_eq!(client.get("/user").await.ok()["id"], 1);
        assert_eq!(client.delete("/logout").await.status, 204);
        assert_eq!(client.get("/user").await.refused(401), "Requires authentication.");
    }
}

#[tokio::test]
async fn it_sends_and_gets_ids_as_integers() {
    let server = TestServer::shop().await;
    let client = server.admin().speaking("3.1");
    let made = client.post("/queries").json(&orders()).await.ok();
    let id = made["id"].as_i64().expect("an integer");
    assert_eq!(made["runtime"], Value::Null);
    assert_eq!(client.get(&format!("/queries/{id}")).await.ok()["id"], id);
    let newest = server.admin().get(&format!("/queries/{id}")).await.ok();
    assert_eq!(newest["id"], id.to_string());
    let task = client.post("/query_tasks").json(&json!({"query_id": id, "result_format": "json"})).await.ok();
    assert_eq!(task["query_id"], id);
    let of_text = client.post("/query_tasks").json(&json!({"query_id": id.to_string(), "result_format": "csv"})).await;
    assert_eq!(of_text.ok()["query_id"], id);
    let some = client.get(&format!("/users?ids=[{}]&fields=id", server.ada.id)).await.ok();
    assert_eq!(some, json!([{"id": 1}]));
}

#[tokio::test]
async fn it_runs_queries_and_reads_rows_as_they_are() {
    let server = TestServer::shop().await;
    for format in ["json", "csv", "json_detail", "txt", "md", "html", "json_bi"] {
        let old = server.admin().speaking("3.1").run(&orders(), format, "limit=10").await;
        let newest = server.admin().run(&orders(), format, "limit=10").await;
        assert_eq!(old.content_type(), newest.content_type(), "{format}");
        // A detailed result tells when it ran and how long.
        if !format.starts_with("json_") {
            assert_eq!(old.ok_text(), newest.ok_text(), "{format}");
        }
    }
    let id = server.admin().post("/queries").json(&orders()).await.ok()["id"].as_str().expect("an id").to_owned();
    let rows = server.admin().speaking("3.1").get(&format!("/queries/{id}/run/json")).await.ok();
    assert_eq!(rows, server.admin().get(&format!("/queries/{id}/run/json")).await.ok());
}

#[tokio::test]
async fn a_task_that_still_runs_has_no_content() {
    let server = TestServer::shop().await;
    let slow = json!({"model": "shop", "view": "numbers", "fields": ["numbers.n"], "limit": "-1"});
    let id = server.admin().post("/queries").json(&slow).await.ok()["id"].clone();
    let client = server.admin().speaking("3.1");
    let task =
        client.post("/query_tasks").json(&json!({"query_id": id, "result_format": "csv", "deferred": true})).await;
    let path = format!("/query_tasks/{}/results", task.ok()["id"].as_str().expect("an id"));
    let waiting = client.get(&path).await;
    assert_eq!((waiting.status, waiting.header("retry-after")), (204, None));
    assert_eq!(server.admin().get(&path).await.status, 202);
}

#[tokio::test]
async fn the_results_of_a_task_are_the_same_in_both() {
    let server = TestServer::shop().await;
    let client = server.admin().speaking("3.1");
    let id = client.post("/queries").json(&orders()).await.ok()["id"].clone();
    let task = client.post("/query_tasks").json(&json!({"query_id": id, "result_format": "csv"})).await.ok();
    let path = format!("/query_tasks/{}/results", task["id"].as_str().expect("an id"));
    let rows = eventually(async || Some(client.get(&path).await).filter(|answer| answer.status == 200)).await;
    assert_eq!(rows.text(), server.admin().get(&path).await.ok_text());
    assert!(rows.text().lines().count() > 2);
}

#[tokio::test]
async fn fields_are_chosen_by_the_names_of_the_version() {
    let server = TestServer::shop().await;
    let client = server.admin().speaking("3.1");
    let fields = "id,home_space_id,home_folder_id,credentials_api3(id),nonsense,is_service_account";
    let user = client.get(&format!("/user?fields={fields}")).await.ok();
    let mut names: Vec<&String> = user.as_object().expect("an object").keys().collect();
    names.sort_unstable();
    assert_eq!(names, ["credentials_api3", "home_folder_id", "home_space_id", "id"]);
    assert!(user["credentials_api3"][0]["id"].is_i64());
}

#[tokio::test]
async fn addresses_lead_to_the_version_that_was_asked() {
    let server = TestServer::shop().await;
    let url = server.admin().speaking("3.1").get("/user?fields=url").await.ok()["url"].clone();
    assert_eq!(url, "http://bi.example.com:19999/api/3.1/users/1");
    let path = url.as_str().and_then(|url| url.strip_prefix("http://bi.example.com:19999")).expect("an address");
    assert_eq!(server.admin().host_call("GET", path).await.ok()["url"], url);
}

#[tokio::test]
async fn refusals_lead_to_the_documentation_of_the_version() {
    let server = TestServer::shop().await;
    let client = server.admin().speaking("3.1");
    let base = "http://bi.example.com:19999/r/err/3.1";
    for (path, status, place) in [
        ("/queries/999999", 404, "404/get/queries/:query_id"),
        ("/queries/shop", 404, "404/get/queries/:query_id"),
        ("/backup_configuration", 501, "501/get/backup_configuration"),
    ] {
        let refused = client.get(path).await;
        refused.refused(status);
        assert_eq!(refused.json()["documentation_url"], format!("{base}/{place}"));
    }
    let missing = client.post("/queries").json(&json!({})).await;
    missing.refused(422);
    assert_eq!(missing.json()["errors"][0]["documentation_url"], format!("{base}/422/post/queries"));
    let stranger = server.anybody().speaking("3.1").get("/spaces/1").await;
    assert_eq!(stranger.refused(401), "Requires authentication.");
    assert_eq!(stranger.json()["documentation_url"], format!("{base}/401/get/spaces/:space_id"));
}

#[tokio::test]
async fn what_the_version_does_not_have_is_not_found() {
    let server = TestServer::shop().await;
    let client = server.admin().speaking("3.1");
    for path in ["/api_spec/3.1/swagger.json", "/boards", "/alerts/search", "/nonsense", "/folders/1/nonsense"] {
        assert_eq!(client.get(path).await.refused(404), "Not found", "{path}");
    }
    assert_eq!(server.admin().speaking("3.0").get("/user").await.refused(404), "Not found");
    let odd = client.put("/user").await;
    assert_eq!((odd.status, odd.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn what_has_another_name_answers_as_the_operation_that_it_became() {
    let server = TestServer::shop().await;
    for (old, newest) in [
        ("/spaces", "/folders"),
        ("/spaces/1", "/folders/1"),
        ("/spaces/1/children", "/folders/1/children"),
        ("/homepages", "/boards"),
        ("/homepage_items/1", "/board_items/1"),
        ("/homepage_sections", "/board_sections"),
    ] {
        for caller in [server.admin(), server.anybody()] {
            let old = caller.clone().speaking("3.1").get(old).await;
            assert_eq!(old.status, caller.get(newest).await.status, "{newest}");
        }
    }
}

#[tokio::test]
async fn operations_that_are_lost_need_a_token_and_are_not_implemented() {
    let server = TestServer::shop().await;
    let path = "/backup_configuration";
    server.anybody().speaking("3.1").get(path).await.refused(401);
    server.bearer("nonsense").speaking("3.1").get(path).await.refused(401);
    server.admin().speaking("3.1").get(path).await.refused(501);
    server.admin().speaking("3.1").patch(path).json(&json!({})).await.refused(501);
}

#[tokio::test]
async fn parts_of_lists_come_without_links() {
    let server = TestServer::shop().await;
    let newest = server.admin().get("/users?limit=1").await;
    newest.ok();
    assert!(newest.header("link").is_some() && newest.header("x-total-count").is_some());
    let old = server.admin().speaking("3.1").get("/users?per_page=1&page=1").await;
    assert_eq!(old.ok().as_array().map(Vec::len), Some(1));
    assert!(old.header("link").is_none() && old.header("x-total-count").is_none());
}

#[tokio::test]
async fn parameters_that_came_later_are_passed_over() {
    let server = TestServer::shop().await;
    server.add_plain_user().await;
    let users = async |path: &str| {
        let users = server.admin().speaking("3.1").get(path).await.ok();
        users.as_array().map(Vec::len)
    };
    assert_eq!(users("/users").await, Some(2));
    assert_eq!(users("/users?limit=1").await, Some(2));
    assert_eq!(users("/users?per_page=1").await, Some(1));
}

#[tokio::test]
async fn a_session_changes_in_one_version_and_is_seen_in_the_other() {
    let server = TestServer::shop().await;
    let client = server.admin().speaking("3.1");
    let moved = client.patch("/session").json(&json!({"workspace_id": "dev"})).await.ok();
    assert_eq!((&moved["workspace_id"], &moved["sudo_user_id"]), (&json!("dev"), &Value::Null));
    assert_eq!(server.admin().get("/session").await.ok()["workspace_id"], "dev");
    let plain = server.add_plain_user().await;
    let sudo = server.sudo(&plain).await;
    assert_eq!(server.bearer(&sudo).speaking("3.1").get("/session").await.ok()["sudo_user_id"], 1);
}
