//! Two servers on one database of PostgreSQL: what one ends or changes counts on the other within a second.

use crate::sign_in::{PASSWORD, Person, done};
use belvedere_api::Client;
use belvedere_service::SignIn;
use belvedere_testing::{TestServer, TestUser, eventually};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a change may take until the other node knows of it.
const SECOND: Duration = Duration::from_secs(1);

/// Waits until the node gives this status for the bearer of a token.
async fn until(node: &TestServer, token: &str, status: u16) {
    let seen = eventually(async || (node.bearer(token).get("/user").await.status == status).then_some(()));
    let seen = tokio::time::timeout(SECOND, seen).await;
    assert!(seen.is_ok(), "the other node does not answer {status} within a second");
}

/// A user who has called the other node already, which remembers the token now.
async fn known(here: &TestServer, there: &TestServer) -> TestUser {
    let user = here.add_plain_user().await;
    there.user(&user).get("/user").await.ok();
    user
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_made_on_one_node_opens_the_other() {
    let [here, there] = TestServer::two_nodes().await;
    let user = here.add_plain_user().await;
    let token = there.login(&user).await;
    let id = |me: Value| me["id"].clone();
    assert_eq!(id(here.bearer(&token).get("/user").await.ok()), json!(user.id));
    assert_eq!(id(there.user(&user).get("/user").await.ok()), json!(user.id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_ends_the_token_on_both_nodes() {
    let [here, there] = TestServer::two_nodes().await;
    let user = known(&here, &there).await;
    assert_eq!(here.user(&user).delete("/logout").await.status, 204);
    until(&there, &user.token, 401).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_disabled_or_deleted_on_one_node_is_shut_out_of_both() {
    let [here, there] = TestServer::two_nodes().await;
    let (disabled, deleted) = (known(&here, &there).await, known(&here, &there).await);
    here.admin().patch(&format!("/users/{}", disabled.id)).json(&json!({"is_disabled": true})).await.ok();
    until(&there, &disabled.token, 401).await;
    assert_eq!(here.admin().delete(&format!("/users/{}", deleted.id)).await.status, 204);
    until(&there, &deleted.token, 401).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_key_ends_its_tokens_on_both_nodes() {
    let [here, there] = TestServer::two_nodes().await;
    let user = known(&here, &there).await;
    let keys = format!("/users/{}/credentials_api3", user.id);
    let key = here.admin().get(&keys).await.ok()[0]["id"].as_str().expect("a key").to_owned();
    assert_eq!(here.admin().delete(&format!("{keys}/{key}")).await.status, 204);
    until(&there, &user.token, 401).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_sessions_and_tokens_on_both_nodes() {
    let [here, there] = TestServer::two_nodes().await;
    let person = Person::with_password(&here).await;
    let session = done(person.sign_in(&there, PASSWORD).await);
    let token = person.token_by_key(&there).await;
    there.bearer(&token).get("/user").await.ok();
    let reset = person.reset_token(&here).await;
    here.service.set_password(&reset, "Another-horse-8", &Client::default(), here.ids()).await.expect("it is set");
    until(&there, &token, 401).await;
    assert_eq!(there.service.browser_session(&session.secret).await.expect("an answer"), None);
    assert!(matches!(person.sign_in(&there, PASSWORD).await, SignIn::Refused(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_given_or_taken_on_one_node_counts_on_the_other() {
    let [here, there] = TestServer::two_nodes().await;
    let user = known(&here, &there).await;
    let roles = format!("/users/{}/roles", user.id);
    let sees = async || there.user(&user).get("/lookml_models/shop/explores/orders").await.status;
    assert_eq!(sees().await, 404, "a plain user sees no explore");
    // Who loses a role is signed out.
    for (given, expected) in [(json!(["2"]), 200), (json!([]), 401)] {
        here.admin().put(&roles).json(&given).await.ok();
        let mut seen = 0;
        let asking = async {
            while seen != expected {
                seen = sees().await;
            }
        };
        let in_time = tokio::time::timeout(SECOND, asking).await.is_ok();
        assert!(in_time, "with the roles {given} the other node still answers {seen} and not {expected}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_a_task_lie_on_the_node_that_ran_it() {
    let [here, there] = TestServer::two_nodes().await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    let query = here.admin().post("/queries").json(&query).await.ok()["id"].clone();
    let task = json!({"query_id": query, "result_format": "json"});
    let task = here.admin().post("/query_tasks").json(&task).await.ok()["id"].as_str().expect("a task").to_owned();
    let results = format!("/query_tasks/{task}/results");
    let rows = eventually(async || {
        let answer = here.admin().get(&results).await;
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(rows.await, json!([{"orders.count": 6}]));
    assert_eq!(there.admin().get(&format!("/query_tasks/{task}")).await.ok()["status"], "complete");
    there.admin().get(&results).await.refused(404);
}
