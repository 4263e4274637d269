//! Tag ApiAuth: tokens, how they are asked for and how they end.

use belvedere_store::user::NewUser;
use belvedere_testing::{Answer, ORIGIN, TestServer, TestUser};
use serde_json::{Value, json};
use std::collections::HashSet;

const FORM: &str = "application/x-www-form-urlencoded";

fn form(user: &TestUser) -> String {
    format!("client_id={}&client_secret={}", user.client_id, user.client_secret)
}

fn credentials(user: &TestUser) -> Value {
    json!({"client_id": user.client_id, "client_secret": user.client_secret})
}

/// The token of a login that went well.
fn token(login: &Answer) -> String {
    login.ok()["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_login_answers_with_exactly_four_keys() {
    let server = TestServer::shop().await;
    let login = server.anybody().post("/login").body(FORM, form(&server.ada)).await;
    let token = token(&login);
    assert_eq!(token.len(), 40);
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
    assert_eq!(
        login.ok_text(),
        format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600,"refresh_token":null}}"#)
    );
    assert_eq!(login.content_type(), "application/json");
}

#[tokio::test]
async fn a_login_is_understood_in_every_encoding_that_clients_use() {
    let server = TestServer::shop().await;
    let ada = &server.ada;
    let login = || server.anybody().post("/login");
    let json = credentials(ada).to_string();
    let in_query = format!("/login?{}", form(ada));
    let go = format!("grant_type=client_credentials&{}&scope=", form(ada));
    for (how, call) in [
        ("a form", login().body(FORM, form(ada))),
        ("a form with a charset", login().body("application/x-www-form-urlencoded; charset=utf-8", form(ada))),
        ("a form with fields that are nobody's business", login().body(FORM, go)),
        ("a form without a type", login().body("", form(ada))),
        ("JSON", login().body("application/json", json.clone())),
        ("JSON with a charset", login().body("application/json;charset=utf-8", json.clone())),
        ("JSON under the type of a form", login().body(FORM, json.clone())),
        ("JSON under a type of its own", login().body("text/plain", json)),
        ("the query string", server.anybody().post(&in_query)),
        ("the query string and an empty object", server.anybody().post(&in_query).body("application/json", "{}")),
        ("the query string and an empty form", server.anybody().post(&in_query).body(FORM, "")),
    ] {
        let token = token(&call.await);
        assert_eq!(server.bearer(&token).get("/user").await.ok()["id"], json!(ada.id), "{how}");
    }
}

#[tokio::test]
async fn the_body_of_a_login_wins_over_the_query_string() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let login = server.anybody().post(&format!("/login?{}", form(&server.ada))).body(FORM, form(&paul)).await;
    assert_eq!(server.bearer(&token(&login)).get("/user").await.ok()["id"], json!(paul.id));
    let mixed = format!("client_secret={}", paul.client_secret);
    let login = server.anybody().post(&format!("/login?{}", form(&server.ada))).body(FORM, mixed).await;
    login.refused(404);
}

#[tokio::test]
async fn a_login_is_found_under_the_paths_of_old_clients() {
    let server = TestServer::shop().await;
    for path in ["/login", "/login/", "/api/login", "/api//login", "//login", "/api/4.0//login", "/api/4.0/login/"] {
        let login = server.anybody().host_call("POST", path).meaning("/login").body(FORM, form(&server.ada)).await;
        assert_eq!(server.bearer(&token(&login)).get("/user").await.ok()["id"], json!(server.ada.id), "{path}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_not_found() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let disabled = server.add_user(NewUser { is_disabled: true, ..NewUser::default() }).await;
    let (ada, unknown) = (&server.ada, "A".repeat(20));
    for (what, id, secret) in [
        ("an unknown key", unknown.as_str(), ada.client_secret.as_str()),
        ("a wrong secret", &ada.client_id, "x"),
        ("a secret in another case", &ada.client_id, &ada.client_secret.to_lowercase()),
        ("the secret of another key", &ada.client_id, &paul.client_secret),
        ("the hash of the secret", &ada.client_id, &"0".repeat(64)),
        ("no secret", &ada.client_id, ""),
        ("no id", "", &ada.client_secret),
        ("nothing", "", ""),
        ("a user who may not sign in", &disabled.client_id, &disabled.client_secret),
        ("no id that there could be", "' OR 1=1 --", "' OR 1=1 --"),
    ] {
        let login = server.anybody().post("/login").form(&[("client_id", id), ("client_secret", secret)]).await;
        assert_eq!(login.status, 404, "{what}");
        assert_eq!(
            login.text(),
            format!(r#"{{"message":"Not found","documentation_url":"{ORIGIN}/r/err/4.0/404/post/login"}}"#),
            "{what}"
        );
        // Or the fourth failure in a row would lock the key.
        server.login(ada).await;
    }
    server.anybody().post("/login").await.refused(404);
    server.anybody().post("/login").json(&json!({})).await.refused(404);
    server.anybody().post("/login").json(&json!(null)).await.refused(404);
}

#[tokio::test]
async fn a_login_that_cannot_be_read_says_so() {
    let server = TestServer::shop().await;
    for (content_type, body, message) in [
        ("application/json", "{\"client_id\":", "the body is not JSON: EOF while parsing a value at line 1 column 13"),
        ("application/json", "[1]", "the body must be a JSON object"),
        ("application/json", "\"text\"", "the body must be a JSON object"),
        ("application/json", "client_id=x", "the body is not JSON: expected value at line 1 column 1"),
    ] {
        let refused = server.anybody().post("/login").body(content_type, body).await;
        assert_eq!(refused.refused(400), message, "{body}");
    }
    let refused = server.anybody().post("/login").body(FORM, b"client_id=\xff".as_slice()).await;
    assert_eq!(refused.refused(400), "the body is not UTF-8 text");
}

#[tokio::test]
async fn a_login_does_not_mind_an_old_token() {
    let server = TestServer::shop().await;
    let login = server.bearer("long gone").post("/login").body(FORM, form(&server.ada)).await;
    assert_eq!(server.bearer(&token(&login)).get("/user").await.ok()["id"], json!(server.ada.id));
}

#[tokio::test]
async fn a_token_is_taken_in_every_form_that_clients_use() {
    let server = TestServer::shop().await;
    let token = &server.ada.token;
    for header in [
        format!("token {token}"),
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("TOKEN {token}"),
        format!("Bearer  {token} "),
    ] {
        let me = server.anybody().get("/user").header("authorization", &header).await;
        assert_eq!(me.ok()["id"], json!(server.ada.id), "{header}");
    }
}

#[tokio::test]
async fn without_a_valid_token_authentication_is_required() {
    let server = TestServer::shop().await;
    let token = &server.ada.token;
    for header in [
        String::new(),
        token.clone(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {token}"),
        format!("Bearer {token}x"),
        format!("Bearer {}", &token[1..]),
        format!("Bearer {}", token.to_lowercase()),
        format!("Bearer {token} {token}"),
        format!("Bearer {token}, Bearer {token}"),
        "Bearer ' OR 1=1 --".to_owned(),
    ] {
        let refused = server.anybody().get("/user").header("authorization", &header).await;
        assert_eq!(refused.status, 401, "{header}");
        assert_eq!(
            refused.text(),
            format!(
                r#"{{"message":"Requires authentication.","documentation_url":"{ORIGIN}/r/err/4.0/401/get/user"}}"#
            ),
            "{header}"
        );
    }
    server.anybody().get("/user").await.refused(401);
    server.anybody().get(&format!("/user?access_token={token}")).await.refused(401);
    server.anybody().get("/user").header("proxy-authorization", &format!("Bearer {token}")).await.refused(401);
}

#[tokio::test]
async fn tokens_live_side_by_side_until_each_is_logged_out() {
    let server = TestServer::shop().await;
    let mut tokens = HashSet::from([server.ada.token.clone()]);
    for _ in 0..3 {
        tokens.insert(server.login(&server.ada).await);
    }
    assert_eq!(tokens.len(), 4, "every login makes a token of its own");
    let ended = server.login(&server.ada).await;
    let logout = server.bearer(&ended).delete("/logout").await;
    assert_eq!((logout.status, logout.body.len(), logout.header("content-type")), (204, 0, None));
    server.bearer(&ended).get("/user").await.refused(401);
    server.bearer(&ended).delete("/logout").await.refused(401);
    for token in tokens {
        server.bearer(&token).get("/user").await.ok();
    }
}

#[tokio::test]
async fn a_logout_is_found_under_the_paths_of_old_clients() {
    let server = TestServer::shop().await;
    for path in ["/logout", "/api/logout", "/api//logout", "/api/4.0/logout/"] {
        let token = server.login(&server.ada).await;
        let logout = server.bearer(&token).host_call("DELETE", path).meaning("/logout").await;
        assert_eq!(logout.status, 204, "{path}");
        server.bearer(&token).get("/user").await.refused(401);
    }
}

#[tokio::test]
async fn a_token_ends_after_an_hour() {
    let server = TestServer::shop().await;
    let used = server.login(&server.ada).await;
    let unused = server.login(&server.ada).await;
    server.bearer(&used).get("/user").await.ok();
    server.clock.set("2026-01-15T12:59:59.999Z".parse().expect("a time"));
    server.bearer(&used).get("/user").await.ok();
    server.bearer(&unused).get("/user").await.ok();
    let later = server.login(&server.ada).await;
    server.clock.set("2026-01-15T13:00:00Z".parse().expect("a time"));
    server.bearer(&used).get("/user").await.refused(401);
    server.bearer(&unused).get("/user").await.refused(401);
    server.bearer(&used).delete("/logout").await.refused(401);
    server.bearer(&later).get("/user").await.ok();
}

#[tokio::test]
async fn a_user_who_is_disabled_is_out_at_once() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let sudo = server.sudo(&paul).await;
    server.user(&paul).get("/user").await.ok();
    server.bearer(&sudo).get("/user").await.ok();
    server.disable(&paul).await;
    server.user(&paul).get("/user").await.refused(401);
    server.bearer(&sudo).get("/user").await.refused(401);
    server.anybody().post("/login").body(FORM, form(&paul)).await.refused(404);
    server.admin().post(&format!("/login/{}", paul.id)).await.refused(404);
}

#[tokio::test]
async fn an_administrator_acts_as_another_user() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let login = server.admin().post(&format!("/login/{}", paul.id)).await;
    let token = token(&login);
    assert_eq!(
        login.ok_text(),
        format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600,"refresh_token":null}}"#)
    );
    let acting = server.bearer(&token);
    assert_eq!(acting.get("/user").await.ok()["id"], json!(paul.id));
    acting.get("/projects").await.refused(403);
    assert_eq!(acting.delete("/logout").await.status, 204);
    acting.get("/user").await.refused(401);
    assert_eq!(server.admin().get("/user").await.ok()["id"], json!(server.ada.id), "the other token lives on");
    server.user(&paul).get("/user").await.ok();
}

#[tokio::test]
async fn acting_as_another_is_found_under_the_paths_of_old_clients() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    for path in ["/login", "/api/login", "/api//login"] {
        let path = format!("{path}/{}", paul.id);
        let meant = format!("/login/{}", paul.id);
        let login = server.admin().host_call("POST", &path).meaning(&meant).await;
        assert_eq!(server.bearer(&token(&login)).get("/user").await.ok()["id"], json!(paul.id), "{path}");
    }
    let associative = server.admin().post(&format!("/login/{}?associative=false", paul.id)).await;
    assert_eq!(associative.status, 200, "a parameter of older releases is passed over");
}

#[tokio::test]
async fn nobody_acts_as_a_user_that_there_is_not() {
    let server = TestServer::shop().await;
    for id in ["99", "0", "-1", "01", "1.0", "ada", "1%2F2", "%20", "9223372036854775808"] {
        let refused = server.admin().post(&format!("/login/{id}")).await;
        assert_eq!(refused.refused(404), "Not found", "{id}");
    }
}

#[tokio::test]
async fn only_administrators_act_as_others() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let sudo = server.sudo(&paul).await;
    for caller in [server.user(&paul), server.bearer(&sudo)] {
        for id in [&server.ada.id, &paul.id, "99"] {
            let refused = caller.post(&format!("/login/{id}")).await;
            assert_eq!(refused.status, 403, "{refused:?}");
            assert_eq!(
                refused.text(),
                format!(
                    r#"{{"message":"Permission Denied","documentation_url":"{ORIGIN}/r/err/4.0/403/post/login/:user_id"}}"#
                )
            );
        }
    }
}

#[tokio::test]
async fn whoever_acts_for_another_does_so_only_while_being_an_administrator() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let eve = server.add_user(NewUser { roles: vec![belvedere_store::role::ADMIN], ..NewUser::default() }).await;
    let acting = token(&server.user(&eve).post(&format!("/login/{}", paul.id)).await);
    server.bearer(&acting).get("/user").await.ok();
    server.disable(&eve).await;
    server.bearer(&acting).get("/user").await.refused(401);
    server.user(&paul).get("/user").await.ok();
}
