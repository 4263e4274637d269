//! The record: who did what, and who asked what.

mod cli;
mod history;

use crate::sign_in::{EMAIL, PASSWORD, Person, client, done};
use belvedere_api::Client;
use belvedere_service::Settings;
use belvedere_service::audit::{Retention, recorded};
use belvedere_service::{SignIn, SignInRefusal};
use belvedere_store::Event;
use belvedere_store::event::{self, Wanted};
use belvedere_testing::{Seed, TestServer};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// All events, oldest first.
async fn events(server: &TestServer) -> Vec<Event> {
    let newest = server.store.read(async |db| event::newest(db, &Wanted::default(), 10_000).await).await;
    let mut events = newest.expect("events");
    events.reverse();
    events
}

/// The names of the events behind the first `known`.
async fn names_after(server: &TestServer, known: usize) -> Vec<String> {
    events(server).await.into_iter().skip(known).map(|event| event.name).collect()
}

async fn last(server: &TestServer) -> Event {
    events(server).await.pop().expect("an event")
}

/// What only those may know whose it is, and what no event may tell.
const VALUE: &str = "value-of-an-attribute";

/// A call of an operation by the administrator: method, path, body, and what of the answer later calls name.
type Step = (&'static str, &'static str, &'static str, &'static str, Option<(&'static str, &'static str)>);

/// There is no mail server: the call fails when the way to a password is made.
const MAILED: &str = "send_user_credentials_email_password_reset";

/// Calls of every operation that is recorded, each after what it needs.
const STEPS: &[Step] = &[
    ("login", "POST", "/login?client_id={client_id}&client_secret={client_secret}", "", None),
    ("create_user", "POST", "/users", r#"{"first_name": "Alan"}"#, Some(("user", "/id"))),
    ("update_user", "PATCH", "/users/{user}", r#"{"last_name": "Turing"}"#, None),
    ("create_user_credentials_email", "POST", "/users/{user}/credentials_email", r#"{"email": "a@example.com"}"#, None),
    (
        "update_user_credentials_email",
        "PATCH",
        "/users/{user}/credentials_email",
        r#"{"email": "t@example.com"}"#,
        None,
    ),
    (
        "create_user_credentials_email_password_reset",
        "POST",
        "/users/{user}/credentials_email/password_reset",
        "",
        Some(("secret_1", "/password_reset_url")),
    ),
    (
        "set_smtp_settings",
        "POST",
        "/smtp_settings",
        r#"{"address": "127.0.0.1", "port": {closed_port}, "from": "bi@example.com"}"#,
        None,
    ),
    (MAILED, "POST", "/users/{user}/credentials_email/send_password_reset", "", None),
    ("create_user_credentials_api3", "POST", "/users/{user}/credentials_api3", "", Some(("key", "/id"))),
    (
        "create_user_credentials_api3",
        "POST",
        "/users/{user}/credentials_api3",
        "",
        Some(("secret_2", "/client_secret")),
    ),
    ("update_user_credentials_api3", "PATCH", "/users/{user}/credentials_api3/{key}", r#"{"purpose": "x"}"#, None),
    ("delete_user_credentials_api3", "DELETE", "/users/{user}/credentials_api3/{key}", "", None),
    ("create_user_credentials_totp", "POST", "/users/{user}/credentials_totp", "{}", None),
    ("delete_user_credentials_totp", "DELETE", "/users/{user}/credentials_totp", "", None),
    ("login_user", "POST", "/login/{user}", "", Some(("secret_3", "/access_token"))),
    ("delete_user_session", "DELETE", "/users/{person}/sessions/{session}", "", None),
    ("delete_user_login_lockout", "DELETE", "/user_login_lockout/{lockout}", "", None),
    (
        "register_mobile_device",
        "POST",
        "/mobile/device",
        r#"{"device_token": "token-of-ios", "device_type": "ios"}"#,
        Some(("device", "/id")),
    ),
    (
        "register_mobile_device",
        "POST",
        "/mobile/device",
        r#"{"device_token": "token-of-android", "device_type": "android"}"#,
        Some(("secret_4", "/device_token")),
    ),
    ("deregister_mobile_device", "DELETE", "/mobile/device/{device}", "", None),
    ("create_group", "POST", "/groups", r#"{"name": "Sales"}"#, Some(("group", "/id"))),
    ("create_group", "POST", "/groups", r#"{"name": "West"}"#, Some(("inner", "/id"))),
    ("update_group", "PATCH", "/groups/{group}", r#"{"name": "Trade"}"#, None),
    ("add_group_group", "POST", "/groups/{group}/groups", r#"{"group_id": "{inner}"}"#, None),
    ("delete_group_from_group", "DELETE", "/groups/{group}/groups/{inner}", "", None),
    ("add_group_user", "POST", "/groups/{group}/users", r#"{"user_id": "{user}"}"#, None),
    ("delete_group_user", "DELETE", "/groups/{group}/users/{user}", "", None),
    (
        "create_permission_set",
        "POST",
        "/permission_sets",
        r#"{"name": "Askers", "permissions": ["explore"]}"#,
        Some(("permissions", "/id")),
    ),
    ("update_permission_set", "PATCH", "/permission_sets/{permissions}", r#"{"permissions": ["develop"]}"#, None),
    ("create_model_set", "POST", "/model_sets", r#"{"name": "Shop", "models": ["shop"]}"#, Some(("models", "/id"))),
    ("update_model_set", "PATCH", "/model_sets/{models}", r#"{"models": ["store"]}"#, None),
    (
        "create_role",
        "POST",
        "/roles",
        r#"{"name": "Asker", "permission_set_id": "{permissions}", "model_set_id": "{models}"}"#,
        Some(("role", "/id")),
    ),
    ("update_role", "PATCH", "/roles/{role}", r#"{"name": "Seeker"}"#, None),
    ("set_role_groups", "PUT", "/roles/{role}/groups", r#"["{group}"]"#, None),
    ("set_role_users", "PUT", "/roles/{role}/users", r#"["{user}"]"#, None),
    ("set_user_roles", "PUT", "/users/{user}/roles", "[]", None),
    (
        "create_user_attribute",
        "POST",
        "/user_attributes",
        r#"{"name": "region", "label": "Region", "type": "string", "default_value": "value-of-an-attribute"}"#,
        Some(("attribute", "/id")),
    ),
    ("update_user_attribute", "PATCH", "/user_attributes/{attribute}", r#"{"label": "Area"}"#, None),
    (
        "set_user_attribute_user_value",
        "PATCH",
        "/users/{user}/attribute_values/{attribute}",
        r#"{"value": "value-of-an-attribute"}"#,
        None,
    ),
    ("delete_user_attribute_user_value", "DELETE", "/users/{user}/attribute_values/{attribute}", "", None),
    (
        "set_user_attribute_group_values",
        "POST",
        "/user_attributes/{attribute}/group_values",
        r#"[{"group_id": "{group}", "value": "value-of-an-attribute"}]"#,
        None,
    ),
    (
        "update_user_attribute_group_value",
        "PATCH",
        "/groups/{group}/attribute_values/{attribute}",
        r#"{"value": "value-of-an-attribute"}"#,
        None,
    ),
    ("delete_user_attribute_group_value", "DELETE", "/groups/{group}/attribute_values/{attribute}", "", None),
    ("delete_user_attribute", "DELETE", "/user_attributes/{attribute}", "", None),
    (
        "register_oauth_client_app",
        "POST",
        "/oauth_client_apps/com.example.app",
        r#"{"redirect_uri": "https://app.example.com/", "display_name": "Charts", "description": ""}"#,
        None,
    ),
    ("update_oauth_client_app", "PATCH", "/oauth_client_apps/com.example.app", r#"{"display_name": "Plots"}"#, None),
    ("activate_app_user", "POST", "/oauth_client_apps/com.example.app/users/{user}", "", None),
    ("deactivate_app_user", "DELETE", "/oauth_client_apps/com.example.app/users/{user}", "", None),
    ("invalidate_tokens", "DELETE", "/oauth_client_apps/com.example.app/tokens", "", None),
    ("delete_oauth_client_app", "DELETE", "/oauth_client_apps/com.example.app", "", None),
    ("update_password_config", "PATCH", "/password_config", r#"{"min_length": 8}"#, None),
    (
        "add_support_access_allowlist_entries",
        "POST",
        "/support_access/allowlist",
        r#"{"emails": ["s@example.com"], "reason": "case 7"}"#,
        Some(("entry", "/0/id")),
    ),
    ("delete_support_access_allowlist_entry", "DELETE", "/support_access/allowlist/{entry}", "", None),
    ("enable_support_access", "PUT", "/support_access/enable", r#"{"duration_in_seconds": 60}"#, None),
    ("disable_support_access", "PUT", "/support_access/disable", "", None),
    ("update_session_config", "PATCH", "/session_config", r#"{"session_minutes": 60}"#, None),
    (
        "force_password_reset_at_next_login_for_all_users",
        "PUT",
        "/password_config/force_password_reset_at_next_login_for_all_users",
        "",
        None,
    ),
    ("create_embed_user", "POST", "/users/embed_user", r#"{"external_user_id": "e1"}"#, Some(("embed", "/id"))),
    ("", "GET", "/users/{embed}/credentials_embed", "", Some(("embed_key", "/0/id"))),
    ("delete_user_credentials_embed", "DELETE", "/users/{embed}/credentials_embed/{embed_key}", "", None),
    (
        "create_service_account",
        "POST",
        "/users/service_accounts",
        r#"{"service_account_name": "Robot"}"#,
        Some(("robot", "/id")),
    ),
    ("update_service_account", "PATCH", "/users/service_accounts/{robot}", r#"{"is_disabled": true}"#, None),
    ("delete_service_account", "DELETE", "/users/service_accounts/{robot}", "", None),
    ("update_user", "PATCH", "/users/{user}", r#"{"is_disabled": true}"#, None),
    ("wipeout_user_emails", "POST", "/users/{user}/update_emails", r#"{"email": "gone@example.com"}"#, None),
    ("delete_user_credentials_email", "DELETE", "/users/{user}/credentials_email", "", None),
    ("delete_user", "DELETE", "/users/{user}", "", None),
    ("delete_role", "DELETE", "/roles/{role}", "", None),
    ("delete_permission_set", "DELETE", "/permission_sets/{permissions}", "", None),
    ("delete_model_set", "DELETE", "/model_sets/{models}", "", None),
    ("delete_group", "DELETE", "/groups/{inner}", "", None),
    ("logout", "DELETE", "/logout", "", None),
];

fn filled(template: &str, known: &BTreeMap<&str, String>) -> String {
    known.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// A server with a lockout and with a session of a browser, and the names by which the steps call them.
async fn prepared() -> (TestServer, BTreeMap<&'static str, String>) {
    let settings = Settings { host_url: Some("https://bi.example.com".into()), ..Settings::default() };
    let server = TestServer::ruled(Seed::shop(), settings, None).await;
    let person = Person::with_password(&server).await;
    done(person.sign_in(&server, PASSWORD).await);
    let other = server.add_plain_user().await;
    for _ in 0..4 {
        let wrong = [("client_id", other.client_id.as_str()), ("client_secret", "wrong-secret")];
        server.anybody().post("/login").form(&wrong).await;
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let first = |answer: Value, property: &str| answer[0][property].as_str().expect("an entry").to_owned();
    let sessions = server.admin().get(&format!("/users/{}/sessions", person.id)).await.ok();
    let lockouts = server.admin().get("/user_login_lockouts").await.ok();
    let known = BTreeMap::from([
        ("client_id", server.ada.client_id.clone()),
        ("client_secret", server.ada.client_secret.clone()),
        ("session", first(sessions, "id")),
        ("lockout", first(lockouts, "key")),
        ("closed_port", closed.port().to_string()),
        ("person", person.id),
    ]);
    (server, known)
}

#[tokio::test]
async fn every_operation_that_changes_people_permissions_or_credentials_is_an_event() {
    let (server, mut known) = prepared().await;
    let names: BTreeMap<&str, &str> = recorded().map(|(operation, name)| (operation.as_str(), name)).collect();
    let token = server.login(&server.ada).await;
    let mut done_before = events(&server).await.len();
    let mut called = BTreeSet::new();
    for (operation, method, path, body, keep) in STEPS {
        let call = server.bearer(&token).call(method, &filled(path, &known));
        let body = filled(body, &known);
        let answer = if body.is_empty() { call.await } else { call.body("application/json", body).await };
        assert!((200..300).contains(&answer.status) || *operation == MAILED, "{operation}: {answer:?}");
        if let Some((name, pointer)) = keep {
            let kept = answer.json().pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
            known.insert(name, kept);
        }
        if operation.is_empty() {
            continue;
        }
        let events = events(&server).await;
        assert_eq!(events.len(), done_before + 1, "{operation} is recorded once");
        done_before = events.len();
        let event = events.last().expect("an event");
        assert_eq!(event.name, names[operation]);
        let by = (event.user_id.map(|id| id.to_string()), event.sudo_user_id, event.is_admin, event.is_api_call);
        assert_eq!(by, (Some(server.ada.id.clone()), None, true, true), "{operation}");
        assert_eq!(event.attributes["ip"], "127.0.0.1", "{operation}");
        assert!(event.attributes.contains_key("request_id"), "{operation}");
        called.insert(*operation);
    }
    let never_called: Vec<_> = names.keys().filter(|operation| !called.contains(*operation)).collect();
    assert!(never_called.is_empty(), "no step calls {never_called:?}");

    let told = format!("{:?}", events(&server).await);
    let secrets = known.iter().filter(|(name, _)| name.contains("secret")).map(|(_, secret)| secret.as_str());
    for secret in secrets.chain([PASSWORD, VALUE, token.as_str(), "wrong-secret"]) {
        let secret = secret.rsplit('/').next().expect("a text");
        assert!(!secret.is_empty() && !told.contains(secret), "an event tells {secret}");
    }
}

#[tokio::test]
async fn an_event_tells_what_decides_on_access() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let set = json!({"name": "Askers", "permissions": ["explore", "see_looks"]});
    let set = admin.post("/permission_sets").json(&set).await.ok();
    let event = last(&server).await;
    assert_eq!((event.category.as_str(), &event.attributes["permission_set_id"]), ("permission_set", &set["id"]));
    assert_eq!(event.attributes["permissions"], set["permissions"]);

    let paul = server.add_plain_user().await;
    admin.put("/roles/4/users").json(&json!([server.ada.id, paul.id])).await.ok();
    admin.put("/roles/4/users").json(&json!([server.ada.id])).await.ok();
    let attributes = last(&server).await.attributes;
    assert_eq!(
        (&attributes["role_id"], &attributes["user_ids"], &attributes["removed_user_ids"]),
        (&json!("4"), &json!([server.ada.id]), &json!([paul.id]))
    );

    admin.patch(&format!("/users/{}", paul.id)).json(&json!({"is_disabled": true})).await.ok();
    let event = last(&server).await;
    assert_eq!((event.name.as_str(), &event.attributes["is_disabled"]), ("update_user", &json!(true)));
    assert_eq!(event.attributes["user_id"], paul.id.as_str());

    let groups = async |name: &str| {
        let group = admin.post("/groups").json(&json!({"name": name})).await.ok();
        group["id"].as_str().expect("an id").to_owned()
    };
    let (outer, inner) = (groups("Outer").await, groups("Inner").await);
    admin.post(&format!("/groups/{outer}/groups")).json(&json!({"group_id": inner})).await.ok();
    let attributes = last(&server).await.attributes;
    assert_eq!((&attributes["parent_group_id"], &attributes["adding_group_id"]), (&json!(outer), &json!(inner)));
}

#[tokio::test]
async fn what_is_refused_or_changes_nothing_is_no_event() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let before = events(&server).await.len();
    server.user(&paul).post("/groups").json(&json!({"name": "Mine"})).await;
    server.admin().post("/groups").json(&json!({"name": ""})).await;
    server.admin().delete("/groups/999").await.refused(404);
    assert_eq!(server.admin().delete("/oauth_client_apps/com.example.nothing").await.status, 204);
    server.admin().delete("/users/999").await.refused(404);
    let embedded = json!({"external_user_id": "e1"});
    server.admin().post("/users/embed_user").json(&embedded).await.ok();
    server.admin().post("/users/embed_user").json(&embedded).await.ok();
    let device = json!({"device_token": "t", "device_type": "ios"});
    let registered = server.admin().post("/mobile/device").json(&device).await.ok();
    assert_eq!(server.admin().post("/mobile/device").json(&device).await.ok(), registered);
    server.admin().delete("/mobile/device/999").await.refused(404);
    assert_eq!(names_after(&server, before).await, ["create_embed_user", "register_mobile_device"]);
}

#[tokio::test]
async fn whoever_acts_in_the_place_of_a_user_is_told_too() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let acting = server.sudo(&paul).await;
    let event = last(&server).await;
    assert_eq!(
        (event.name.as_str(), event.user_id.map(|id| id.to_string())),
        ("login_user", Some(server.ada.id.clone()))
    );
    assert_eq!(event.attributes["user_id"], paul.id.as_str());

    server.bearer(&acting).patch(&format!("/users/{}", paul.id)).json(&json!({"last_name": "X"})).await.ok();
    let event = last(&server).await;
    let who = (event.user_id.map(|id| id.to_string()), event.sudo_user_id.map(|id| id.to_string()), event.is_admin);
    assert_eq!(who, (Some(paul.id.clone()), Some(server.ada.id.clone()), false));
}

#[tokio::test]
async fn failed_logins_are_told_until_they_are_locked_out_without_what_was_sent() {
    let server = TestServer::shop().await;
    let before = events(&server).await.len();
    let login = async |id: &str, secret: &str| {
        server.anybody().post("/login").form(&[("client_id", id), ("client_secret", secret)]).await.status
    };
    for _ in 0..4 {
        assert_eq!(login(&server.ada.client_id, "a-guess").await, 404);
    }
    assert_eq!(login(&server.ada.client_id, &server.ada.client_secret).await, 429);
    assert_eq!(login("AAAAAAAAAAAAAAAAAAAA", "a-guess").await, 404);
    let told: Vec<Event> = events(&server).await.into_iter().skip(before).collect();
    assert!(told.iter().all(|event| event.name == "failed_login" && event.category == "auth"), "{told:?}");
    let owners: Vec<Option<String>> = told.iter().map(|event| event.user_id.map(|id| id.to_string())).collect();
    let ada = Some(server.ada.id.clone());
    assert_eq!(owners, [ada.clone(), ada.clone(), ada.clone(), ada, None]);
    let locked: Vec<bool> = told.iter().map(|event| event.attributes.contains_key("locked_out")).collect();
    assert_eq!(locked, [false, false, false, true, false]);
    let told = format!("{told:?}");
    assert!(!told.contains("a-guess") && !told.contains("AAAAAAAAAA"), "{told}");
}

#[tokio::test]
async fn what_a_person_does_with_pages_is_told_without_what_was_typed() {
    let server = TestServer::shop().await;
    let before = events(&server).await.len();
    let person = Person::with_password(&server).await;
    let session = done(person.sign_in(&server, PASSWORD).await);
    server.service.sign_out(&session.secret, &client("192.0.2.7")).await.expect("it is ended");
    server.service.sign_out(&session.secret, &client("192.0.2.7")).await.expect("nothing happens");
    let wrong = person.sign_in(&server, "Typed-in-vain-1").await;
    assert!(matches!(wrong, SignIn::Refused(SignInRefusal::WrongCredentials)));
    let password_as_address = server.service.sign_in(PASSWORD, PASSWORD, &Client::default(), server.ids()).await;
    assert!(matches!(password_as_address, Ok(SignIn::Refused(_))));
    let told: Vec<Event> = events(&server).await.into_iter().skip(before).collect();
    let names: Vec<&str> = told.iter().map(|event| event.name.as_str()).collect();
    let reset = "create_user_credentials_email_password_reset";
    assert_eq!(names, ["create_user", reset, "set_password", "login", "logout", "failed_login", "failed_login"]);
    for event in &told[2..6] {
        assert_eq!((event.user_id.map(|id| id.to_string()), event.is_api_call), (Some(person.id.clone()), false));
    }
    assert_eq!(
        (&told[3].attributes["ip"], &told[3].attributes["application"]),
        (&json!("192.0.2.7"), &json!("Firefox/140"))
    );
    assert_eq!((&told[5].attributes["reason"], told[6].user_id), (&json!("wrong_credentials"), None));
    let told = format!("{told:?}");
    assert!(!told.contains(PASSWORD) && !told.contains("Typed-in-vain") && !told.contains(&session.secret), "{told}");
    assert!(!told[told.len() / 2..].contains(EMAIL), "an address is told where it is changed, not where it is typed");
}

#[tokio::test]
async fn what_is_older_than_the_operator_keeps_it_is_forgotten() {
    let retention = Retention { event_days: Some(30), history_days: None };
    let server = TestServer::ruled(Seed::shop(), Settings { retention, ..Settings::default() }, None).await;
    let before = events(&server).await.len();
    server.clock.set(server.clock.now() + SignedDuration::from_hours(24 * 30));
    let token = server.login(&server.ada).await;
    server.service.forget_old_records().await.expect("it is forgotten");
    assert_eq!(events(&server).await.len(), before + 1, "what is thirty days old stays");
    server.clock.set(server.clock.now() + SignedDuration::from_secs(1));
    server.bearer(&token).delete("/logout").await;
    server.service.forget_old_records().await.expect("it is forgotten");
    assert_eq!(names_after(&server, 0).await, ["login", "logout"]);
}
