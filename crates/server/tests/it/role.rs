//! Tag Role: roles, permission sets and model sets.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Answer, Seed, TestServer, TestUser};
use serde_json::{Value, json};

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item["name"].as_str().expect("a name")).collect()
}

/// A role of these permissions on these models.
async fn role_of(server: &TestServer, name: &str, permissions: &[&str], models: &[&str]) -> String {
    let admin = server.admin();
    let set = json!({"name": name, "permissions": permissions});
    let permission_set = id(&admin.post("/permission_sets").json(&set).await.ok());
    let model_set = id(&admin.post("/model_sets").json(&json!({"name": name, "models": models})).await.ok());
    let role = json!({"name": name, "permission_set_id": permission_set, "model_set_id": model_set});
    id(&admin.post("/roles").json(&role).await.ok())
}

async fn user_with(server: &TestServer, roles: &[&str]) -> TestUser {
    let roles = roles.iter().map(|id| id.parse::<RoleId>().expect("an id")).collect();
    server.add_user(NewUser { roles, ..NewUser::default() }).await
}

fn problem(answer: &Answer) -> (String, String) {
    answer.refused(422);
    let error = &answer.json()["errors"][0];
    let text = |key: &str| error[key].as_str().expect("a text").to_owned();
    (text("field"), text("code"))
}

#[tokio::test]
async fn a_new_server_has_the_default_roles_and_sets() {
    let server = TestServer::shop().await;
    let roles = server.admin().get("/roles").await.ok();
    assert_eq!(names(&roles)[..4], ["Developer", "Admin", "User", "Viewer"]);
    let admin = &roles[1];
    assert_eq!((&admin["id"], &admin["permission_set"]["name"]), (&json!("2"), &json!("Admin")));
    assert_eq!((&admin["model_set"]["name"], &admin["model_set"]["models"]), (&json!("All"), &json!(["shop"])));
    let sets = server.admin().get("/permission_sets?fields=name,built_in,all_access").await.ok();
    assert_eq!(sets[0], json!({"name": "Admin", "built_in": true, "all_access": true}));
    assert_eq!(sets[5], json!({"name": "Viewer", "built_in": false, "all_access": false}));
    let viewer = server.admin().get("/permission_sets/6?fields=permissions").await.ok();
    let expected = [
        "access_data",
        "clear_cache_refresh",
        "download_without_limit",
        "mobile_app_access",
        "schedule_look_emails",
        "schedule_without_limit",
        "see_drill_overlay",
        "see_lookml_dashboards",
        "see_looks",
        "see_user_dashboards",
    ];
    assert_eq!(viewer, json!({"permissions": expected}));
}

#[tokio::test]
async fn permissions_are_listed_with_what_they_build_on() {
    let server = TestServer::shop().await;
    let permissions = server.admin().get("/permissions").await.ok();
    let parent = |name: &str| {
        let list = permissions.as_array().expect("a list");
        list.iter().find(|permission| permission["permission"] == name).expect(name)["parent"].clone()
    };
    assert_eq!(parent("access_data"), Value::Null);
    assert_eq!(parent("explore"), json!("see_looks"));
    assert_eq!(parent("manage_roles"), json!("manage_groups"));
    assert_eq!(parent("deploy"), json!("develop"));
    assert_eq!(permissions.as_array().map(Vec::len), Some(74));
}

#[tokio::test]
async fn what_comes_with_the_product_cannot_be_changed() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    for path in ["/roles/2", "/permission_sets/1", "/model_sets/1"] {
        let refused = admin.patch(path).json(&json!({"name": "Mine"})).await;
        assert_eq!(refused.refused(405), "This resource cannot be modified", "{path}");
        assert_eq!(admin.delete(path).await.refused(405), "This resource cannot be modified", "{path}");
    }
    admin.put("/roles/2/users").json(&json!([])).await.refused(405);
    admin.put("/roles/2/groups").json(&json!([])).await.refused(405);
}

#[tokio::test]
async fn a_permission_set_takes_known_words_only() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body = json!({"name": "Some", "permissions": ["explore", "access_data", "explore"]});
    let made = admin.post("/permission_sets").json(&body).await.ok();
    assert_eq!((&made["permissions"], &made["built_in"]), (&json!(["access_data", "explore"]), &json!(false)));
    for words in [json!(["explore", "rule_the_world"]), json!([""]), json!(["Explore"])] {
        let body = json!({"name": "Other", "permissions": words});
        let refused = admin.post("/permission_sets").json(&body).await;
        assert_eq!(problem(&refused), ("permissions".to_owned(), "invalid".to_owned()), "{body}");
    }
    let path = format!("/permission_sets/{}", id(&made));
    let refused = admin.patch(&path).json(&json!({"permissions": ["nonsense"]})).await;
    assert_eq!(problem(&refused), ("permissions".to_owned(), "invalid".to_owned()));
    assert_eq!(problem(&admin.post("/permission_sets").json(&json!({})).await).1, "missing_field");
    let refused = admin.post("/permission_sets").json(&json!({"name": "SOME"})).await;
    assert_eq!(problem(&refused), ("name".to_owned(), "already_exists".to_owned()));
    let changed = admin.patch(&path).json(&json!({"permissions": null})).await.ok();
    assert_eq!((&changed["name"], &changed["permissions"]), (&json!("Some"), &json!([])));
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.get(&path).await.refused(404);
}

#[tokio::test]
async fn a_role_joins_sets_that_exist() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let role = json!({"name": "Reader", "permission_set_id": 6, "model_set_id": "1"});
    let made = admin.post("/roles").json(&role).await.ok();
    assert_eq!((&made["permission_set"]["name"], &made["model_set"]["name"]), (&json!("Viewer"), &json!("All")));
    assert_eq!(admin.get(&format!("/roles/{}", id(&made))).await.ok(), made);
    for (body, field, code) in [
        (json!({"name": "X", "model_set_id": "1"}), "permission_set_id", "missing_field"),
        (json!({"name": "X", "permission_set_id": "6"}), "model_set_id", "missing_field"),
        (json!({"name": "X", "permission_set_id": "99", "model_set_id": "1"}), "permission_set_id", "invalid"),
        (json!({"name": "X", "permission_set_id": "6", "model_set_id": "all"}), "model_set_id", "invalid"),
        // There is one role alone with the permissions of administrators.
        (json!({"name": "X", "permission_set_id": "1", "model_set_id": "1"}), "permission_set_id", "invalid"),
        (json!({"permission_set_id": "6", "model_set_id": "1"}), "name", "missing_field"),
        (json!({"name": "reader", "permission_set_id": "6", "model_set_id": "1"}), "name", "already_exists"),
    ] {
        let refused = admin.post("/roles").json(&body).await;
        assert_eq!(problem(&refused), (field.to_owned(), code.to_owned()), "{body}");
    }
    let path = format!("/roles/{}", id(&made));
    let changed = admin.patch(&path).json(&json!({"permission_set_id": "3"})).await.ok();
    assert_eq!((&changed["name"], &changed["permission_set"]["name"]), (&json!("Reader"), &json!("User")));
    admin.patch(&path).json(&json!({"permission_set_id": "1"})).await.refused(422);
    // A set that a role has stays.
    admin.delete("/permission_sets/3").await.refused(400);
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.get(&path).await.refused(404);
}

#[tokio::test]
async fn roles_and_sets_are_found() {
    let server = TestServer::shop().await;
    role_of(&server, "Night shift", &["access_data"], &["night"]).await;
    let found = async |path: &str| server.admin().get(path).await.ok();
    assert_eq!(names(&found("/roles/search?name=night%25").await), ["Night shift"]);
    assert_eq!(names(&found("/roles/search?permission_set_ids=3,6&sorts=name%20desc").await), ["Viewer", "User"]);
    assert_eq!(names(&found("/roles/search?built_in=true&name=Admin").await), ["Admin"]);
    assert_eq!(
        names(&found("/roles/search?built_in=true&name=Viewer&filter_or=true&limit=2").await),
        ["Admin", "Viewer"]
    );
    assert_eq!(names(&found("/roles?ids=4,2").await), ["Admin", "Viewer"]);
    assert_eq!(names(&found("/model_sets/search?models=night").await), ["Night shift"]);
    assert_eq!(names(&found("/model_sets/search?models=nigh").await), Vec::<&str>::new());
    assert_eq!(names(&found("/model_sets/search?all_access=true").await), ["All"]);
    assert_eq!(names(&found("/permission_sets/search?permissions=manage_ci").await), ["Looker CI Users"]);
    assert_eq!(names(&found("/permission_sets/search?name=gemini").await), ["Gemini"]);
    let counted = found("/roles/search/with_user_count?name=Admin&fields=name,user_count").await;
    assert_eq!(counted, json!([{"name": "Admin", "user_count": 1}]));
}

#[tokio::test]
async fn a_permission_on_models_holds_for_those_of_its_role() {
    let web = r#"connection: "shop" include: "/views/*.view.lkml" explore: users {}"#;
    let server = TestServer::start(Seed::shop().file("web.model.lkml", web)).await;
    let explorer = role_of(&server, "Explorer", &["access_data", "see_looks", "explore"], &["shop", "gone"]).await;
    let looker = role_of(&server, "Looker", &["access_data", "see_looks"], &["web"]).await;
    let paul = user_with(&server, &[&explorer, &looker]).await;
    let caller = server.user(&paul);
    let models = caller.get("/lookml_models?fields=name").await.ok();
    assert_eq!(names(&models), ["shop", "web"]);
    let query = |model: &str| json!({"model": model, "view": "users", "fields": ["users.count"]});
    caller.run(&query("shop"), "json", "").await.ok();
    caller.run(&query("web"), "json", "").await.refused(404);
    // A model set that changes counts for the next call of the same token.
    let set = id(&server.admin().get("/model_sets/search?name=Explorer").await.ok()[0]);
    server.admin().patch(&format!("/model_sets/{set}")).json(&json!({"models": ["web"]})).await.ok();
    caller.run(&query("web"), "json", "").await.ok();
    caller.run(&query("shop"), "json", "").await.refused(404);
    assert_eq!(names(&caller.get("/lookml_models?fields=name").await.ok()), ["web"]);
}

#[tokio::test]
async fn a_change_of_a_permission_set_counts_at_once() {
    let server = TestServer::shop().await;
    let paul = user_with(&server, &["4"]).await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    server.user(&paul).run(&query, "json", "").await.refused(404);
    let more = json!({"permissions": ["access_data", "see_looks", "explore"]});
    server.admin().patch("/permission_sets/6").json(&more).await.ok();
    server.user(&paul).run(&query, "json", "").await.ok();
    server.admin().patch("/permission_sets/6").json(&json!({"permissions": ["access_data"]})).await.ok();
    server.user(&paul).run(&query, "json", "").await.refused(404);
}

#[tokio::test]
async fn everybody_knows_the_own_roles_and_sets_alone() {
    let server = TestServer::shop().await;
    let paul = user_with(&server, &["4"]).await;
    let caller = server.user(&paul);
    assert_eq!(names(&caller.get("/roles").await.ok()), ["Viewer"]);
    assert_eq!(names(&caller.get("/roles/search?name=%25").await.ok()), ["Viewer"]);
    assert_eq!(names(&caller.get("/permission_sets").await.ok()), ["Viewer"]);
    assert_eq!(names(&caller.get("/model_sets").await.ok()), ["All"]);
    caller.get("/roles/2").await.refused(404);
    caller.get("/permission_sets/1").await.refused(404);
    caller.get("/roles/4/users").await.refused(404);
    assert_eq!(names(&caller.get(&format!("/users/{}/roles", paul.id)).await.ok()), ["Viewer"]);
    caller.get("/users/1/roles").await.refused(404);
}

#[tokio::test]
async fn users_are_given_a_role_and_lose_it() {
    let server = TestServer::shop().await;
    let (paul, eve) = (server.add_plain_user().await, server.add_plain_user().await);
    let admin = server.admin();
    let users = |body: Value| admin.put("/roles/4/users").json(&body);
    users(json!([paul.id, eve.id, paul.id])).await.ok();
    server.user(&paul).get("/lookml_models/shop").await.ok();
    assert_eq!(users(json!([eve.id])).await.ok().as_array().map(Vec::len), Some(1));
    server.user(&paul).get("/user").await.refused(401);
    server.user(&eve).get("/user").await.ok();
    assert_eq!(problem(&users(json!(["99"])).await), ("body".to_owned(), "invalid".to_owned()));
    assert_eq!(problem(&users(json!(["x"])).await), ("body".to_owned(), "invalid".to_owned()));
    assert_eq!(server.user(&eve).get("/user?fields=role_ids").await.ok(), json!({"role_ids": ["4"]}));
    let roles = format!("/users/{}/roles", eve.id);
    assert_eq!(problem(&admin.put(&roles).json(&json!(["99"])).await).1, "invalid");
    assert_eq!(names(&admin.put(&roles).json(&json!([3, 4])).await.ok()), ["User", "Viewer"]);
    // A role that is deleted takes the tokens of those who had it.
    let extra = role_of(&server, "Extra", &["access_data"], &["shop"]).await;
    admin.put(&roles).json(&json!([3, 4, extra])).await.ok();
    let token = server.login(&eve).await;
    assert_eq!(admin.delete(&format!("/roles/{extra}")).await.status, 204);
    server.bearer(&token).get("/user").await.refused(401);
}

#[tokio::test]
async fn who_manages_model_sets_reaches_the_own_models_alone() {
    let server = TestServer::shop().await;
    let own = role_of(&server, "Keeper", &["access_data", "manage_modelsets_restricted"], &["shop", "web"]).await;
    let paul = user_with(&server, &[&own]).await;
    let caller = server.user(&paul);
    let made = caller.post("/model_sets").json(&json!({"name": "Mine", "models": ["shop"]})).await.ok();
    let refused = caller.post("/model_sets").json(&json!({"name": "More", "models": ["shop", "secret"]})).await;
    assert_eq!(problem(&refused), ("models".to_owned(), "invalid".to_owned()));
    let mine = format!("/model_sets/{}", id(&made));
    caller.patch(&mine).json(&json!({"models": ["secret"]})).await.refused(422);
    let foreign = server.admin().post("/model_sets").json(&json!({"name": "Foreign", "models": ["secret"]})).await.ok();
    let foreign = format!("/model_sets/{}", id(&foreign));
    caller.patch(&foreign).json(&json!({"models": ["shop"]})).await.refused(403);
    caller.delete(&foreign).await.refused(404);
    assert_eq!(caller.patch(&mine).json(&json!({"models": ["web"]})).await.ok()["models"], json!(["web"]));
    assert_eq!(caller.delete(&mine).await.status, 204);
}

#[tokio::test]
async fn abilities_follow_from_the_permission_table() {
    let server = TestServer::shop().await;
    let paul = user_with(&server, &["4"]).await;
    let of = async |path: &str, who: &TestUser| server.user(who).get(path).await.ok()["can"].clone();
    assert_eq!(of("/roles/4", &server.ada).await, json!({"show": true, "index": true, "update": true}));
    assert_eq!(of("/roles/2", &server.ada).await, json!({"show": true, "index": true, "update": false}));
    assert_eq!(of("/roles/4", &paul).await, json!({"show": true, "index": true, "update": false}));
    assert_eq!(of("/users/1", &server.ada).await["sudo"], json!(true));
    assert_eq!(of("/users/2", &paul).await["sudo"], json!(false));
    assert_eq!(of("/groups/1", &paul).await["update"], json!(false));
}

#[tokio::test]
async fn a_search_for_more_than_can_be_looked_for_is_refused() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let list = |count: u32| (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    for (path, asker) in [
        ("/model_sets/search?models=", server.user(&paul)),
        ("/model_sets/search?filter_or=true&models=", server.user(&paul)),
        ("/permission_sets/search?permissions=", server.user(&paul)),
        ("/credentials_email/search?emails=", server.admin()),
    ] {
        asker.get(&format!("{path}{}", list(100))).await.ok();
        for count in [101, 10_000] {
            let refused = asker.get(&format!("{path}{}", list(count))).await.refused(400);
            assert!(refused.ends_with("may have at most 100 texts"), "{refused}");
        }
    }
    let sorts = "first_name desc,id,".repeat(3000);
    server.admin().get(&format!("/users?sorts={}", sorts.replace(' ', "%20"))).await.ok();
}
