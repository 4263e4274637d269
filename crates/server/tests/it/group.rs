//! Tag Group: users and groups in groups, and what they have through them.

use belvedere_store::{role, role_group};
use belvedere_testing::{Answer, TestServer, TestUser};
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

async fn group(server: &TestServer, name: &str) -> String {
    id(&server.admin().post("/groups").json(&json!({"name": name})).await.ok())
}

async fn put_user(server: &TestServer, group: &str, user: &TestUser) -> Answer {
    server.admin().post(&format!("/groups/{group}/users")).json(&json!({"user_id": user.id})).await
}

async fn put_group(server: &TestServer, outer: &str, inner: &str) -> Answer {
    server.admin().post(&format!("/groups/{outer}/groups")).json(&json!({"group_id": inner})).await
}

/// A user who manages groups and roles, and is no administrator.
async fn steward(server: &TestServer) -> TestUser {
    let set = json!({"name": "Steward", "permissions": ["see_users", "manage_groups", "manage_roles"]});
    let set = server.admin().post("/permission_sets").json(&set).await.ok();
    let role = json!({"name": "Steward", "permission_set_id": set["id"], "model_set_id": "1"});
    let role = server.admin().post("/roles").json(&role).await.ok();
    let user = server.add_plain_user().await;
    server.admin().put(&format!("/users/{}/roles", user.id)).json(&json!([role["id"]])).await.ok();
    user
}

#[tokio::test]
async fn a_group_is_made_changed_and_deleted() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let made = admin.post("/groups").json(&json!({"name": " Sales ", "id": "9", "user_count": 7})).await.ok();
    assert_eq!((&made["name"], &made["user_count"]), (&json!("Sales"), &json!(0)));
    assert_eq!((&made["can_add_to_content_metadata"], &made["include_by_default"]), (&json!(true), &json!(false)));
    let path = format!("/groups/{}", id(&made));
    let changed = admin.patch(&path).json(&json!({"can_add_to_content_metadata": false})).await.ok();
    assert_eq!((&changed["name"], &changed["can_add_to_content_metadata"]), (&json!("Sales"), &json!(false)));
    assert_eq!(admin.patch(&path).json(&changed).await.ok(), changed);
    assert_eq!(admin.patch(&path).json(&json!({"name": "Sellers"})).await.ok()["name"], "Sellers");
    admin.patch(&path).json(&json!({"name": null})).await.refused(422);
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.get(&path).await.refused(404);
    admin.delete(&path).await.refused(404);
}

#[tokio::test]
async fn a_name_belongs_to_one_group_whatever_its_case() {
    let server = TestServer::shop().await;
    let sales = group(&server, "Sales").await;
    let refused = server.admin().post("/groups").json(&json!({"name": "SALES"})).await;
    assert_eq!(refused.refused(409), "The resource already exists.");
    let other = group(&server, "Other").await;
    let refused = server.admin().patch(&format!("/groups/{other}")).json(&json!({"name": "sales"})).await;
    assert_eq!(refused.refused(422), "Validation Failed");
    assert_eq!(refused.json()["errors"][0]["code"], "already_exists");
    server.admin().patch(&format!("/groups/{sales}")).json(&json!({"name": "SALES"})).await.ok();
    for body in [json!({}), json!({"name": " "}), json!({"name": "a\nb"})] {
        server.admin().post("/groups").json(&body).await.refused(422);
    }
}

#[tokio::test]
async fn the_group_of_all_users_stays_as_it_is() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let admin = server.admin();
    let all = admin.get("/groups/1").await.ok();
    assert_eq!((&all["name"], &all["include_by_default"]), (&json!("All Users"), &json!(true)));
    assert_eq!((&all["user_count"], &all["contains_current_user"]), (&json!(2), &json!(true)));
    admin.delete("/groups/1").await.refused(403);
    admin.patch("/groups/1").json(&json!({"name": "Everybody"})).await.refused(403);
    admin.delete(&format!("/groups/1/users/{}", paul.id)).await.refused(403);
    admin.put("/roles/4/groups").json(&json!(["1"])).await.refused(422);
    // In another group everybody would have what that one has.
    let other = group(&server, "Other").await;
    put_group(&server, &other, "1").await.refused(403);
}

#[tokio::test]
async fn roles_reach_through_groups_in_groups_and_end_at_once() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let paul = server.add_plain_user().await;
    let (top, middle, low) = (group(&server, "Top").await, group(&server, "Middle").await, group(&server, "Low").await);
    admin.put("/roles/3/groups").json(&json!([top])).await.ok();
    put_group(&server, &top, &middle).await.ok();
    put_group(&server, &middle, &low).await.ok();
    let models = async |token: &str| server.bearer(token).get("/lookml_models?fields=name").await.ok();
    assert_eq!(models(&paul.token).await, json!([]));
    put_user(&server, &low, &paul).await.ok();
    assert_eq!(models(&paul.token).await, json!([{"name": "shop"}]), "a token sees a new role at once");

    let roles = format!("/users/{}/roles", paul.id);
    assert_eq!(ids(&admin.get(&roles).await.ok()), ["3"]);
    assert_eq!(admin.get(&format!("{roles}?direct_association_only=true")).await.ok(), json!([]));
    assert_eq!(admin.get(&format!("/users/{}?fields=role_ids", paul.id)).await.ok(), json!({"role_ids": ["3"]}));
    assert_eq!(ids(&admin.get("/roles/3/users").await.ok()), [paul.id.as_str()]);
    assert_eq!(admin.get("/roles/3/users?direct_association_only=true").await.ok(), json!([]));
    assert_eq!(ids(&admin.get("/roles/3/groups").await.ok()), [top.as_str()]);

    let ends: [(&str, &str, Option<Value>); 4] = [
        ("DELETE", "/groups/{low}/users/{paul}", None),
        ("DELETE", "/groups/{middle}/groups/{low}", None),
        ("PUT", "/roles/3/groups", Some(json!([]))),
        ("DELETE", "/groups/{top}", None),
    ];
    for (method, path, body) in ends {
        put_user(&server, &low, &paul).await.ok();
        put_group(&server, &middle, &low).await.ok();
        admin.put("/roles/3/groups").json(&json!([top])).await.ok();
        let token = server.login(&paul).await;
        assert_eq!(models(&token).await, json!([{"name": "shop"}]));
        let path = path.replace("{low}", &low).replace("{middle}", &middle).replace("{top}", &top);
        let call = admin.call(method, &path.replace("{paul}", &paul.id));
        let ended = match body {
            Some(body) => call.json(&body).await,
            None => call.await,
        };
        assert!(ended.status < 300, "{path}: {ended:?}");
        server.bearer(&token).get("/user").await.refused(401);
        let token = server.login(&paul).await;
        assert_eq!(models(&token).await, json!([]), "{path}");
    }
}

#[tokio::test]
async fn a_group_never_comes_to_stand_within_itself() {
    let server = TestServer::shop().await;
    let (a, b, c) = (group(&server, "A").await, group(&server, "B").await, group(&server, "C").await);
    put_group(&server, &a, &b).await.ok();
    put_group(&server, &b, &c).await.ok();
    put_group(&server, &a, &b).await.ok();
    for (outer, inner) in [(&c, &a), (&b, &a), (&a, &a), (&c, &b)] {
        assert_eq!(put_group(&server, outer, inner).await.refused(400), "a group cannot come to stand within itself");
    }
    put_group(&server, &a, "99").await.refused(404);
    server.admin().post(&format!("/groups/{a}/groups")).json(&json!({})).await.refused(400);
    assert_eq!(ids(&server.admin().get(&format!("/groups/{a}/groups")).await.ok()), [b.as_str()]);
    assert_eq!(server.admin().delete(&format!("/groups/{a}/groups/{b}")).await.status, 204);
    server.admin().delete(&format!("/groups/{a}/groups/{b}")).await.refused(404);
}

#[tokio::test]
async fn members_are_added_listed_and_taken_out() {
    let server = TestServer::shop().await;
    let (paul, eve) = (server.add_plain_user().await, server.add_plain_user().await);
    let sales = group(&server, "Sales").await;
    assert_eq!(id(&put_user(&server, &sales, &paul).await.ok()), paul.id);
    put_user(&server, &sales, &paul).await.ok();
    put_user(&server, &sales, &eve).await.ok();
    let users = format!("/groups/{sales}/users");
    assert_eq!(ids(&server.admin().get(&users).await.ok()), [paul.id.as_str(), eve.id.as_str()]);
    let part = server.admin().get(&format!("{users}?limit=1&sorts=id%20desc")).await;
    assert_eq!((ids(&part.ok()), part.header("x-total-count")), (vec![eve.id.as_str()], Some("2")));
    assert_eq!(server.admin().get(&format!("/groups/{sales}?fields=user_count")).await.ok(), json!({"user_count": 2}));
    assert_eq!(server.admin().delete(&format!("{users}/{}", paul.id)).await.status, 204);
    server.admin().delete(&format!("{users}/{}", paul.id)).await.refused(404);
    server.admin().post(&users).json(&json!({"user_id": "99"})).await.refused(404);
    server.admin().post(&users).json(&json!({})).await.refused(400);
    server.admin().post("/groups/99/users").json(&json!({"user_id": paul.id})).await.refused(404);
}

#[tokio::test]
async fn groups_are_found_with_their_parents_and_roles() {
    let server = TestServer::shop().await;
    let (sales, north) = (group(&server, "Sales").await, group(&server, "Sales North").await);
    put_group(&server, &sales, &north).await.ok();
    server.admin().put("/roles/4/groups").json(&json!([north])).await.ok();
    let found = async |path: &str| server.admin().get(path).await.ok();
    assert_eq!(ids(&found("/groups/search?name=sales%25").await), [sales.as_str(), north.as_str()]);
    assert_eq!(ids(&found("/groups/search?name=SALES").await), [sales.as_str()]);
    assert_eq!(ids(&found("/groups/search?name=nothing&id=1&filter_or=true").await), ["1"]);
    assert_eq!(ids(&found("/groups/search?external_group_id=NOT%20NULL").await), Vec::<&str>::new());
    let with_parents = found("/groups/search/with_hierarchy?name=sales%20north&fields=parent_group_ids,role_ids").await;
    assert_eq!(with_parents, json!([{"parent_group_ids": [sales], "role_ids": ["4"]}]));
    let with_roles = found("/groups/search/with_roles?name=sales%20north&fields=roles(id,name)").await;
    assert_eq!(with_roles, json!([{"roles": [{"id": "4", "name": "Viewer"}]}]));
    assert_eq!(ids(&found("/groups?ids=1,99&sorts=name").await), ["1"]);
    assert_eq!(ids(&found("/groups?sorts=name%20desc&limit=1").await), [north.as_str()]);
}

#[tokio::test]
async fn who_sees_no_users_knows_the_own_groups_alone() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let (outer, inner, other) =
        (group(&server, "Outer").await, group(&server, "Inner").await, group(&server, "Other").await);
    put_group(&server, &outer, &inner).await.ok();
    put_user(&server, &inner, &paul).await.ok();
    let caller = server.user(&paul);
    assert_eq!(ids(&caller.get("/groups").await.ok()), ["1", outer.as_str(), inner.as_str()]);
    assert_eq!(caller.get("/groups/search?name=Other").await.ok(), json!([]));
    for path in ["", "/users", "/groups"] {
        caller.get(&format!("/groups/{other}{path}")).await.refused(404);
        caller.get(&format!("/groups/{inner}{path}")).await.ok();
    }
    assert_eq!(caller.get(&format!("/users/search?group_id={other}")).await.ok(), json!([]));
}

#[tokio::test]
async fn who_manages_groups_makes_no_administrators() {
    let server = TestServer::shop().await;
    let steward = steward(&server).await;
    let token = server.login(&steward).await;
    let caller = server.bearer(&token);
    let (admins, inner, plain) =
        (group(&server, "Admins").await, group(&server, "Inner").await, group(&server, "Plain").await);
    // The role of administrators reaches `Inner` through the group that it is in.
    let eve = server.add_plain_user().await;
    let admin_group = admins.parse().expect("an id");
    let given = server.store.write(async |tx| role_group::set_of_role(tx, role::ADMIN, &[admin_group]).await);
    given.await.expect("a role");
    put_group(&server, &admins, &inner).await.ok();
    for group in [&admins, &inner] {
        let user = json!({"user_id": steward.id});
        caller.post(&format!("/groups/{group}/users")).json(&user).await.refused(403);
        caller.post(&format!("/groups/{group}/groups")).json(&json!({"group_id": plain})).await.refused(403);
        caller.patch(&format!("/groups/{group}")).json(&json!({"name": "Mine"})).await.refused(403);
        caller.delete(&format!("/groups/{group}")).await.refused(403);
        caller.delete(&format!("/groups/{group}/users/{}", eve.id)).await.refused(403);
    }
    caller.post(&format!("/groups/{plain}/users")).json(&json!({"user_id": eve.id})).await.ok();
    assert_eq!(caller.delete(&format!("/groups/{plain}")).await.status, 204);
    // Nor by roles.
    caller.put(&format!("/users/{}/roles", steward.id)).json(&json!(["2"])).await.refused(403);
    caller.put("/users/1/roles").json(&json!([])).await.refused(403);
    caller.put("/roles/2/users").json(&json!([steward.id])).await.refused(405);
    caller.put("/roles/2/groups").json(&json!([plain])).await.refused(405);
}
