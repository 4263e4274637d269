//! Tag UserAttribute: definitions, values, and what they do to queries.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Answer, Seed, TestServer, TestUser};
use serde_json::{Value, json};

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

fn problem(answer: &Answer) -> (String, String) {
    answer.refused(422);
    let error = &answer.json()["errors"][0];
    let text = |key: &str| error[key].as_str().expect("a text").to_owned();
    (text("field"), text("code"))
}

async fn attribute(server: &TestServer, name: &str) -> String {
    let body = json!({"name": name, "label": name, "type": "string"});
    id(&server.admin().post("/user_attributes").json(&body).await.ok())
}

async fn group(server: &TestServer, name: &str, members: &[&TestUser]) -> String {
    let group = id(&server.admin().post("/groups").json(&json!({"name": name})).await.ok());
    for member in members {
        let path = format!("/groups/{group}/users");
        server.admin().post(&path).json(&json!({"user_id": member.id})).await.ok();
    }
    group
}

/// Value and source of an attribute for a user.
async fn value(server: &TestServer, user: &TestUser, attribute: &str) -> Option<(String, String)> {
    let path = format!("/users/{}/attribute_values?user_attribute_ids={attribute}", user.id);
    let values = server.admin().get(&path).await.ok();
    let value = values.get(0)?;
    let text = |key: &str| value[key].as_str().expect("a text").to_owned();
    Some((text("value"), text("source")))
}

#[tokio::test]
async fn an_attribute_is_made_changed_and_deleted() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body =
        json!({"name": "region", "label": "Region", "type": "string", "default_value": "north", "is_system": true});
    let made = admin.post("/user_attributes").json(&body).await.ok();
    assert_eq!((&made["default_value"], &made["is_system"]), (&json!("north"), &json!(false)));
    let path = format!("/user_attributes/{}", id(&made));
    let changed = admin.patch(&path).json(&json!({"default_value": null, "user_can_edit": true})).await.ok();
    assert_eq!((&changed["default_value"], &changed["label"]), (&Value::Null, &json!("Region")));
    assert_eq!(admin.patch(&path).json(&changed).await.ok(), changed, "the whole object sent back changes nothing");
    for (body, field, code) in [
        (json!({"label": "X", "type": "string"}), "name", "missing_field"),
        (json!({"name": "x", "type": "string"}), "label", "missing_field"),
        (json!({"name": "x", "label": "X"}), "type", "missing_field"),
        (json!({"name": "x", "label": "X", "type": "colour"}), "type", "invalid"),
        (json!({"name": "X y", "label": "X", "type": "string"}), "name", "invalid"),
        (json!({"name": "region", "label": "X", "type": "string"}), "name", "already_exists"),
        (json!({"name": "x", "label": "region", "type": "string"}), "name", "already_exists"),
        (json!({"name": "x", "label": "X", "type": "number", "default_value": "many"}), "default_value", "invalid"),
        (json!({"name": "x", "label": "X", "type": "yesno", "default_value": "maybe"}), "default_value", "invalid"),
        (
            json!({"name": "x", "label": "X", "type": "string", "value_is_hidden": true}),
            "hidden_value_domain_whitelist",
            "invalid",
        ),
    ] {
        let refused = admin.post("/user_attributes").json(&body).await;
        assert_eq!(problem(&refused), (field.to_owned(), code.to_owned()), "{body}");
    }
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.get(&path).await.refused(404);
}

#[tokio::test]
async fn the_servers_own_attributes_follow_from_the_user() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let names = admin.get("/user_attributes?fields=name,is_system").await.ok();
    let expected = ["email", "first_name", "last_name", "full_name", "id", "landing_page", "locale", "number_format"];
    let expected: Vec<Value> = expected.iter().map(|name| json!({"name": name, "is_system": true})).collect();
    assert_eq!(names, json!(expected));
    let values = admin.get("/users/1/attribute_values?fields=name,value,source").await.ok();
    assert_eq!(
        values,
        json!([
            {"name": "first_name", "value": "Ada", "source": "User"},
            {"name": "last_name", "value": "Admin", "source": "User"},
            {"name": "full_name", "value": "Ada Admin", "source": "User"},
            {"name": "id", "value": "1", "source": "User"},
            {"name": "landing_page", "value": "/browse", "source": "Default"},
            {"name": "locale", "value": "en", "source": "Default"},
            {"name": "number_format", "value": "1,234.56", "source": "Default"},
        ])
    );
    admin.patch("/user_attributes/5").json(&json!({"label": "Number"})).await.refused(404);
    admin.delete("/user_attributes/5").await.refused(404);
    admin.patch("/users/1/attribute_values/5").json(&json!({"value": "7"})).await.refused(404);
    admin.patch("/user_attributes/6").json(&json!({"default_value": "//evil.example.com"})).await.refused(422);
    admin.patch("/user_attributes/6").json(&json!({"default_value": "/folders/1"})).await.ok();
    assert_eq!(admin.delete("/user_attributes/8").await.status, 204);
}

#[tokio::test]
async fn a_users_own_value_goes_before_groups_and_these_before_the_default() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let paul = server.add_plain_user().await;
    let region = attribute(&server, "region").await;
    let own = format!("/users/{}/attribute_values/{region}", paul.id);
    let pair = |value: &str, source: &str| Some((value.to_owned(), source.to_owned()));
    assert_eq!(value(&server, &paul, &region).await, None);
    let unset = format!("/users/{}/attribute_values?user_attribute_ids={region}&include_unset=true", paul.id);
    assert_eq!(admin.get(&format!("{unset}&fields=value,source")).await.ok(), json!([{"value": null, "source": null}]));

    admin.patch(&format!("/user_attributes/{region}")).json(&json!({"default_value": "none"})).await.ok();
    assert_eq!(value(&server, &paul, &region).await, pair("none", "Default"));
    let (north, south) = (group(&server, "North", &[&paul]).await, group(&server, "South", &[&paul]).await);
    let values = json!([{"group_id": south, "value": "s"}, {"group_id": north, "value": "n"}]);
    let path = format!("/user_attributes/{region}/group_values");
    let ranks = admin.post(&path).json(&values).await.ok();
    assert_eq!((&ranks[0]["group_id"], &ranks[0]["rank"], &ranks[1]["rank"]), (&json!(south), &json!(1), &json!(2)));
    assert_eq!(value(&server, &paul, &region).await, pair("s", "Group: South"));
    // With ranks of their own the order does not matter, and the lowest wins.
    let values = json!([{"group_id": south, "value": "s", "rank": 9}, {"group_id": north, "value": "n", "rank": 2}]);
    admin.post(&path).json(&values).await.ok();
    assert_eq!(value(&server, &paul, &region).await, pair("n", "Group: North"));
    let all =
        format!("/users/{}/attribute_values?user_attribute_ids={region}&all_values=true&fields=value,rank", paul.id);
    let all_values = json!([{"value": "n", "rank": 2}, {"value": "s", "rank": 9}, {"value": "none", "rank": null}]);
    assert_eq!(admin.get(&all).await.ok(), all_values);

    let set = admin.patch(&own).json(&json!({"value": "own"})).await.ok();
    assert_eq!((&set["value"], &set["source"], &set["user_id"]), (&json!("own"), &json!("User"), &json!(paul.id)));
    assert_eq!(value(&server, &paul, &region).await, pair("own", "User"));
    assert_eq!(admin.delete(&own).await.status, 204);
    admin.delete(&own).await.refused(404);
    let group_value = format!("/groups/{north}/attribute_values/{region}");
    assert_eq!(admin.patch(&group_value).json(&json!({"value": "x"})).await.ok()["rank"], json!(2));
    assert_eq!(value(&server, &paul, &region).await, pair("x", "Group: North"));
    assert_eq!(admin.delete(&group_value).await.status, 204);
    assert_eq!(value(&server, &paul, &region).await, pair("s", "Group: South"));
    let east = group(&server, "East", &[]).await;
    let added = admin.patch(&format!("/groups/{east}/attribute_values/{region}")).json(&json!({"value": "e"})).await;
    assert_eq!(added.ok()["rank"], json!(10), "a group that had no value comes last");
}

#[tokio::test]
async fn group_values_are_replaced_as_a_whole_or_not_at_all() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let region = attribute(&server, "region").await;
    let north = group(&server, "North", &[]).await;
    let path = format!("/user_attributes/{region}/group_values");
    admin.post(&path).json(&json!([{"group_id": north, "value": "n"}])).await.ok();
    let before = admin.get(&path).await.ok();
    for body in [
        json!([{"group_id": "99", "value": "x"}]),
        json!([{"value": "x"}]),
        json!([{"group_id": north, "value": "a"}, {"group_id": north, "value": "b"}]),
    ] {
        admin.post(&path).json(&body).await.refused(422);
        assert_eq!(admin.get(&path).await.ok(), before, "{body}");
    }
    assert_eq!(admin.post(&path).json(&json!([])).await.ok(), json!([]));
    admin.post("/user_attributes/99/group_values").json(&json!([])).await.refused(404);
}

#[tokio::test]
async fn hidden_values_are_used_and_never_shown() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body = json!({
        "name": "api_token", "label": "Token", "type": "string", "value_is_hidden": true,
        "hidden_value_domain_whitelist": "https://a.example.com/*, https://b.example.com", "default_value": "s3cret-default",
    });
    let made = admin.post("/user_attributes").json(&body).await;
    let token = id(&made.ok());
    assert!(!made.text().contains("s3cret"));
    let set = admin.patch(&format!("/users/1/attribute_values/{token}")).json(&json!({"value": "s3cret-own"})).await;
    assert_eq!((&set.ok()["value"], &set.ok()["value_is_hidden"]), (&json!(""), &json!(true)));
    let north = group(&server, "North", &[]).await;
    let values = json!([{"group_id": north, "value": "s3cret-group"}]);
    let path = format!("/user_attributes/{token}");
    let answers = [
        admin.post(&format!("{path}/group_values")).json(&values).await,
        admin.get(&format!("{path}/group_values")).await,
        admin.get(&path).await,
        admin.get("/user_attributes").await,
        admin.get("/users/1/attribute_values?all_values=true").await,
    ];
    for answer in answers {
        answer.ok();
        assert!(!answer.text().contains("s3cret"), "{answer:?}");
    }
    // No order tells on which side of another value a hidden one is.
    let order = async |other: &str| {
        let other = json!({"name": "other", "label": "Other", "type": "string", "default_value": other});
        let other = id(&admin.post("/user_attributes").json(&other).await.ok());
        let sorted = admin.get("/user_attributes?fields=name&sorts=default_value").await.ok();
        assert_eq!(admin.delete(&format!("/user_attributes/{other}")).await.status, 204);
        sorted
    };
    assert_eq!(order("a").await, order("z").await);
    // What is hidden stays hidden, and goes to no further place.
    let change = |body: Value| admin.patch(&path).json(&body);
    assert_eq!(problem(&change(json!({"value_is_hidden": false})).await).0, "value_is_hidden");
    let wider = json!({"hidden_value_domain_whitelist": "https://a.example.com/*, https://evil.example.com"});
    assert_eq!(problem(&change(wider).await).0, "hidden_value_domain_whitelist");
    assert_eq!(
        problem(&change(json!({"hidden_value_domain_whitelist": null})).await).0,
        "hidden_value_domain_whitelist"
    );
    change(json!({"hidden_value_domain_whitelist": "https://b.example.com"})).await.ok();
    change(json!({"hidden_value_domain_whitelist": "https://a.example.com/*"})).await.refused(422);
}

#[tokio::test]
async fn users_see_and_set_what_they_may() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let (paul, eve) = (server.add_plain_user().await, server.add_plain_user().await);
    let level = async |name: &str, view: bool, edit: bool| {
        let body = json!({
            "name": name, "label": name, "type": "string", "default_value": name,
            "user_can_view": view, "user_can_edit": edit,
        });
        id(&admin.post("/user_attributes").json(&body).await.ok())
    };
    let (none, view, edit) =
        (level("none", false, false).await, level("view", true, false).await, level("edit", true, true).await);
    let caller = server.user(&paul);
    let own = format!("/users/{}/attribute_values", paul.id);
    let asked = format!("{own}?user_attribute_ids={none},{view},{edit}&fields=name");
    assert_eq!(caller.get(&asked).await.ok(), json!([{"name": "view"}, {"name": "edit"}]));
    caller.get(&format!("/user_attributes/{none}")).await.refused(404);
    caller.get(&format!("/user_attributes/{view}")).await.ok();
    let value = json!({"value": "mine"});
    caller.patch(&format!("{own}/{edit}")).json(&value).await.ok();
    caller.patch(&format!("{own}/{view}")).json(&value).await.refused(403);
    caller.patch(&format!("{own}/{none}")).json(&value).await.refused(403);
    caller.delete(&format!("{own}/{view}")).await.refused(403);
    // Values of others are neither seen nor set.
    let foreign = format!("/users/{}/attribute_values", eve.id);
    caller.get(&foreign).await.refused(404);
    caller.patch(&format!("{foreign}/{edit}")).json(&value).await.refused(403);
    caller.delete(&format!("{foreign}/{edit}")).await.refused(403);
    caller.patch("/users/99/attribute_values/1").json(&value).await.refused(403);
    caller.get(&format!("/user_attributes/{edit}/group_values")).await.refused(404);
    assert_eq!(caller.delete(&format!("{own}/{edit}")).await.status, 204);
}

#[tokio::test]
async fn values_decide_on_the_rows_of_a_query() {
    let model = r#"
        connection: "shop"
        include: "/views/*.view.lkml"
        explore: orders {
          access_filter: { field: orders.status user_attribute: status }
        }
    "#;
    let server = TestServer::start(Seed::shop().file("shop.model.lkml", model)).await;
    let admin = server.admin();
    let paul = server.add_user(NewUser { roles: vec![RoleId::new(3)], ..NewUser::default() }).await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    let count = async |user: &TestUser| server.user(user).run(&query, "json", "").await.ok()[0]["orders.count"].clone();
    assert_eq!(count(&paul).await, json!(0), "without the attribute there are no rows");
    let status = attribute(&server, "status").await;
    assert_eq!(count(&paul).await, json!(0));
    assert_eq!(count(&server.ada).await, json!(0), "nor for administrators");
    let set = |value: &str| {
        admin.patch(&format!("/users/{}/attribute_values/{status}", paul.id)).json(&json!({"value": value}))
    };
    set("complete").await.ok();
    assert_eq!(count(&paul).await, json!(3));
    set("pending").await.ok();
    assert_eq!(count(&paul).await, json!(1), "the same token sees a new value at once");
    set("complete' OR '1'='1").await.ok();
    assert_eq!(count(&paul).await, json!(0));
    // A plain text is taken literally; a filter expression is one only for its type.
    set("complete,pending").await.ok();
    assert_eq!(count(&paul).await, json!(0));
    let advanced = json!({"type": "advanced_filter_string"});
    admin.patch(&format!("/user_attributes/{status}")).json(&advanced).await.ok();
    assert_eq!(count(&paul).await, json!(4));
    assert_eq!(admin.delete(&format!("/users/{}/attribute_values/{status}", paul.id)).await.status, 204);
    assert_eq!(count(&paul).await, json!(0));
}
