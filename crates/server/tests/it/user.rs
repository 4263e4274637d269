//! Tag User: people.

use belvedere_store::user::NewUser;
use belvedere_testing::{Answer, ORIGIN, TestServer};
use serde_json::{Value, json};

/// A server whose users are Ada (1), Paul (2), Zoe (3), Bob (4) and Mia (5), who may not sign in.
async fn five_users() -> TestServer {
    let server = TestServer::start(belvedere_testing::Seed::empty()).await;
    server.add_plain_user().await;
    for (first, last, email) in [("Zoe", "Young", "zoe@example.com"), ("Bob", "Young", "bob@example.com")] {
        let name = |name: &str| Some(name.to_owned());
        let new = NewUser { first_name: name(first), last_name: name(last), email: name(email), ..NewUser::default() };
        server.add_user(new).await;
    }
    let mia = NewUser { first_name: Some("Mia".to_owned()), is_disabled: true, ..NewUser::default() };
    server.add_user(mia).await;
    server
}

/// A token of the user with this number.
async fn token_of(server: &TestServer, id: i64) -> String {
    let login = server.admin().post(&format!("/login/{id}")).await.ok();
    login["access_token"].as_str().expect("a token").to_owned()
}

fn first_names(answer: &Answer) -> Vec<String> {
    let users = answer.ok();
    let names = users.as_array().expect("a list").iter().map(|user| user["first_name"].as_str().expect("a name"));
    names.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_caller_is_told_in_full() {
    let server = TestServer::shop().await;
    let me = server.admin().get("/user").await;
    insta::assert_snapshot!(pretty(&me.ok()));
    assert_eq!(server.admin().get("/users/1").await.text(), me.text());
    let listed = server.admin().get("/users").await;
    assert_eq!(listed.text(), format!("[{}]", me.text()));
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

#[tokio::test]
async fn fields_choose_what_is_told_of_a_user() {
    let server = TestServer::shop().await;
    let url = format!("{ORIGIN}/api/4.0/users/1/credentials_api3/1");
    for (fields, told) in [
        ("id", json!({"id": "1"})),
        ("id,first_name", json!({"id": "1", "first_name": "Ada"})),
        ("  first_name ,\tid ", json!({"id": "1", "first_name": "Ada"})),
        ("id,no_such_field", json!({"id": "1"})),
        ("no_such_field", json!({})),
        ("credentials_api3(client_id)", json!({"credentials_api3": [{"client_id": server.ada.client_id}]})),
        ("id,credentials_api3( url , nonsense )", json!({"id": "1", "credentials_api3": [{"url": url}]})),
        ("id(x,y)", json!({"id": "1"})),
        ("id,", json!({"id": "1"})),
    ] {
        assert_eq!(server.admin().get("/user").query("fields", fields).await.ok(), told, "{fields}");
        assert_eq!(server.admin().get("/users/1").query("fields", fields).await.ok(), told, "{fields}");
        assert_eq!(server.admin().get("/users").query("fields", fields).await.ok(), json!([told]), "{fields}");
    }
    let whole = server.admin().get("/user").await.ok();
    for fields in ["", " ", ",", " , "] {
        assert_eq!(server.admin().get("/user").query("fields", fields).await.ok(), whole, "{fields:?}");
    }
}

#[tokio::test]
async fn no_secret_is_ever_told() {
    let server = five_users().await;
    for path in ["/user", "/users/1", "/users", "/users?fields=credentials_api3"] {
        let answer = server.admin().get(path).await;
        answer.ok();
        for secret in [&server.ada.client_secret, &server.ada.token] {
            assert!(!answer.text().contains(secret.as_str()), "{path}");
        }
        assert!(!answer.text().contains("hash"), "{path}");
    }
}

#[tokio::test]
async fn users_come_by_id_unless_another_order_is_asked_for() {
    let server = five_users().await;
    let sorted = async |sorts: &str| {
        first_names(&server.admin().get("/users?fields=first_name").query("sorts", sorts).await).join(" ")
    };
    assert_eq!(sorted("").await, "Ada Paul Zoe Bob Mia");
    assert_eq!(sorted("first_name").await, "Ada Bob Mia Paul Zoe");
    assert_eq!(sorted("first_name desc").await, "Zoe Paul Mia Bob Ada");
    assert_eq!(sorted("last_name desc, first_name ASC").await, "Bob Zoe Paul Ada Mia");
    assert_eq!(sorted("id desc").await, "Mia Bob Zoe Paul Ada");
    assert_eq!(sorted("no_such_field desc,first_name").await, "Ada Bob Mia Paul Zoe");
    let refused = server.admin().get("/users").query("sorts", "first_name upwards").await;
    assert_eq!(refused.refused(400), "`sorts`: `first_name upwards` must end with `asc` or `desc`");
}

#[tokio::test]
async fn ids_are_taken_in_every_spelling_of_a_list() {
    let server = five_users().await;
    for query in [
        "ids=1,3,4",
        "ids=1%2C3%2C4",
        "ids=%5B1,3,4%5D",
        "ids=%5B%221%22,%223%22,%224%22%5D",
        "ids=%221,3,4%22",
        "ids=1&ids=3&ids=4",
        "ids[]=1&ids[]=3&ids[]=4",
        "ids=%201%20,%203,4,",
        "ids=4,3,1,1",
    ] {
        let found = server.admin().get(&format!("/users?fields=first_name&{query}")).await;
        assert_eq!(first_names(&found), ["Ada", "Zoe", "Bob"], "{query}");
    }
    for (query, names) in [("ids=99", 0), ("ids=nobody", 0), ("ids=5,99,-1,05", 1), ("ids=", 5), ("ids=null", 5)] {
        let found = server.admin().get(&format!("/users?fields=first_name&{query}")).await;
        assert_eq!(first_names(&found).len(), names, "{query}");
    }
}

#[tokio::test]
async fn a_part_of_the_users_leads_to_the_others() {
    let server = five_users().await;
    let users = format!("{ORIGIN}/api/4.0/users");
    for (query, names, links) in [
        (
            "fields=id%2Cfirst_name&limit=2",
            vec!["Ada", "Paul"],
            vec![("first", "limit=2&offset=0"), ("next", "limit=2&offset=2"), ("last", "limit=2&offset=4")],
        ),
        (
            "fields=id%2Cfirst_name&limit=2&offset=2",
            vec!["Zoe", "Bob"],
            vec![
                ("first", "limit=2&offset=0"),
                ("prev", "limit=2&offset=0"),
                ("next", "limit=2&offset=4"),
                ("last", "limit=2&offset=4"),
            ],
        ),
        (
            "fields=id%2Cfirst_name&offset=4&limit=2",
            vec!["Mia"],
            vec![("first", "limit=2&offset=0"), ("prev", "limit=2&offset=2"), ("last", "limit=2&offset=4")],
        ),
        (
            "fields=id%2Cfirst_name&page=2&per_page=3",
            vec!["Bob", "Mia"],
            vec![("first", "limit=3&offset=0"), ("prev", "limit=3&offset=0"), ("last", "limit=3&offset=3")],
        ),
        (
            "fields=id%2Cfirst_name&limit=5",
            vec!["Ada", "Paul", "Zoe", "Bob", "Mia"],
            vec![("first", "limit=5&offset=0"), ("last", "limit=5&offset=0")],
        ),
        (
            "fields=id%2Cfirst_name&limit=2&offset=9",
            vec![],
            vec![("first", "limit=2&offset=0"), ("prev", "limit=2&offset=7"), ("last", "limit=2&offset=4")],
        ),
    ] {
        let part = server.admin().get(&format!("/users?{query}")).await;
        assert_eq!(first_names(&part), names, "{query}");
        assert_eq!(part.header("x-total-count"), Some("5"), "{query}");
        let link = |(word, window): &(&str, &str)| format!("<{users}?fields=id%2Cfirst_name&{window}>; rel=\"{word}\"");
        let links: Vec<String> = links.iter().map(link).collect();
        assert_eq!(part.header("link"), Some(links.join(", ").as_str()), "{query}");
    }
}

#[tokio::test]
async fn a_list_that_is_given_whole_leads_nowhere() {
    let server = five_users().await;
    for query in ["", "offset=1", "page=2", "limit=&offset=", "limit=null"] {
        let whole = server.admin().get(&format!("/users?{query}")).await;
        assert_eq!(whole.status, 200, "{query}");
        assert_eq!((whole.header("link"), whole.header("x-total-count")), (None, None), "{query}");
    }
    assert_eq!(first_names(&server.admin().get("/users?offset=3").await), ["Bob", "Mia"]);
}

#[tokio::test]
async fn links_lead_through_the_whole_list() {
    let server = five_users().await;
    let mut path = Some("/users?fields=first_name&sorts=first_name%20desc,id&limit=2".to_owned());
    let mut names = Vec::new();
    while let Some(next) = path {
        let part = server.admin().get(&next).await;
        names.extend(first_names(&part));
        let links = part.header("link").expect("links").split(", ").map(str::to_owned).collect::<Vec<_>>();
        assert!(links.iter().all(|link| !link.contains(',')), "a comma ends a link for some clients: {links:?}");
        let next = links.iter().find_map(|link| link.strip_suffix("; rel=\"next\""));
        let base = format!("{ORIGIN}/api/4.0");
        path = next.map(|link| link[1..link.len() - 1].strip_prefix(&base).expect("the same server").to_owned());
    }
    assert_eq!(names, ["Zoe", "Paul", "Mia", "Bob", "Ada"]);
}

#[tokio::test]
async fn a_part_that_cannot_be_is_refused() {
    let server = TestServer::shop().await;
    for (query, message) in [
        ("limit=0", "`limit` must be at least 1, not 0"),
        ("limit=-1", "`limit` must be at least 1, not -1"),
        ("limit=2&offset=-1", "`offset` must be at least 0, not -1"),
        ("per_page=0", "`per_page` must be at least 1, not 0"),
        ("page=0&per_page=2", "`page` must be at least 1, not 0"),
        ("limit=two", "`limit` must be an integer"),
        ("limit=1.5", "`limit` must be an integer"),
        ("limit=99999999999999999999", "`limit` must be an integer"),
        ("limit=x&offset=y", "`limit` must be an integer; `offset` must be an integer"),
    ] {
        assert_eq!(server.admin().get(&format!("/users?{query}")).await.refused(400), message, "{query}");
    }
    let far = server.admin().get("/users?limit=9223372036854775807&offset=9223372036854775807").await;
    assert_eq!(far.ok(), json!([]));
}

#[tokio::test]
async fn others_are_told_by_their_names_alone() {
    let server = five_users().await;
    let paul = token_of(&server, 2).await;
    let caller = server.bearer(&paul);
    let me = caller.get("/user").await.ok();
    assert_eq!(
        (&me["id"], &me["display_name"], &me["can"]["show_details"]),
        (&json!("2"), &json!("Paul Plain"), &json!(true))
    );
    assert_eq!(caller.get("/users/2").await.ok(), me);
    let zoe = caller.get("/users/3").await.ok();
    assert_eq!((&zoe["first_name"], &zoe["display_name"]), (&json!("Zoe"), &json!("Zoe Young")));
    for private in ["email", "credentials_api3", "credentials_email", "group_ids", "role_ids", "locale", "ui_state"] {
        assert_eq!(zoe[private], Value::Null, "{private}");
    }
    assert_eq!(zoe["can"]["show_details"], json!(false));
    // That Mia is disabled is not told either.
    assert_eq!(caller.get("/users/5?fields=is_disabled").await.ok(), json!({"is_disabled": false}));
}

#[tokio::test]
async fn what_is_not_shown_of_others_cannot_be_searched_for() {
    let server = five_users().await;
    let paul = token_of(&server, 2).await;
    let caller = server.bearer(&paul);
    let found = async |query: &str| first_names(&caller.get(&format!("/users/search?fields=first_name&{query}")).await);
    assert_eq!(found("last_name=young").await, ["Zoe", "Bob"]);
    assert_eq!(found("email=%25").await, Vec::<String>::new());
    assert_eq!(found("is_disabled=true").await, Vec::<String>::new());
    assert_eq!(found("is_disabled=false").await, ["Paul"]);
    assert_eq!(found("filter_or=true&email=zoe@example.com&first_name=bob").await, ["Bob"]);
    let named = caller.get("/users/search/names/zoe@%25?fields=first_name").await;
    assert_eq!(first_names(&named), Vec::<String>::new());
    // An order by the address would tell it as well.
    assert_eq!(found("sorts=email%20desc").await, ["Ada", "Paul", "Zoe", "Bob", "Mia"]);
    let named = server.admin().get("/users/search/names/zoe@%25?fields=first_name").await;
    assert_eq!(first_names(&named), ["Zoe"]);
}

#[tokio::test]
async fn users_are_found_by_every_criterion() {
    let server = five_users().await;
    let found = async |query: &str| {
        first_names(&server.admin().get(&format!("/users/search?fields=first_name&{query}")).await).join(" ")
    };
    for (query, names) in [
        ("", "Ada Paul Zoe Bob Mia"),
        ("first_name=ZOE", "Zoe"),
        ("first_name=zo", ""),
        ("first_name=%25o%25", "Zoe Bob"),
        ("first_name=_ob", "Bob"),
        ("full_name=bob%20young", "Bob"),
        ("full_name=%25young", "Zoe Bob"),
        ("email=bob@EXAMPLE.com", "Bob"),
        ("email=IS%20NULL", "Ada Paul Mia"),
        ("last_name=is%20null", "Mia"),
        ("last_name=NOT%20NULL", "Ada Paul Zoe Bob"),
        ("id=1,4,x,99", "Ada Bob"),
        ("is_disabled=true", "Mia"),
        ("is_disabled=true&first_name=ada", ""),
        ("is_disabled=true&first_name=ada&filter_or=true", "Ada Mia"),
        ("filter_or=true", "Ada Paul Zoe Bob Mia"),
        ("verified_looker_employee=true", ""),
        ("embed_user=false", "Ada Paul Zoe Bob Mia"),
        ("is_service_account=true", ""),
        ("group_id=1", "Ada Paul Zoe Bob Mia"),
        ("group_id=99", ""),
        ("content_metadata_id=1", ""),
        ("last_name=young&sorts=first_name", "Bob Zoe"),
        ("first_name=%27%20OR%201=1%20--", ""),
    ] {
        assert_eq!(found(query).await, names, "{query}");
    }
    let part = server.admin().get("/users/search?last_name=young&limit=1").await;
    assert_eq!((part.header("x-total-count"), part.json().as_array().map(Vec::len)), (Some("2"), Some(1)));
}

#[tokio::test]
async fn a_user_that_there_is_not_is_not_found() {
    let server = TestServer::shop().await;
    for id in ["2", "0", "-1", "01", "1.0", "+1", "ada", "%201", "1%2F1", "1'--", "9223372036854775808"] {
        let refused = server.admin().get(&format!("/users/{id}")).await;
        assert_eq!(refused.refused(404), "Not found", "{id}");
        assert_eq!(refused.json()["documentation_url"], format!("{ORIGIN}/r/err/4.0/404/get/users/:user_id"));
    }
}

#[tokio::test]
async fn a_name_with_markup_stays_a_text() {
    let server = TestServer::shop().await;
    let name = "Bobby \"</script>\" & \\ \u{2028}\u{1F600} Ünïcode";
    let bobby = NewUser { first_name: Some(name.to_owned()), ..NewUser::default() };
    let bobby = server.add_user(bobby).await;
    let told = server.user(&bobby).get("/user?fields=first_name").await;
    assert_eq!(told.ok(), json!({"first_name": name}));
    assert!(told.text().contains(r#"Bobby \"\u003c/script\u003e\" \u0026 \\ "#), "{}", told.text());
}

#[tokio::test]
async fn a_user_is_made_changed_and_deleted() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body = json!({
        "first_name": "Grace", "last_name": "Hopper", "locale": "en_US", "home_folder_id": "7",
        "ui_state": {"z": "1", "a": "b"}, "credentials_email": {"email": "grace@example.com"},
        "id": "77", "display_name": "ignored",
    });
    let made = admin.post("/users").json(&body).await.ok();
    assert_eq!((&made["id"], &made["display_name"]), (&json!("2"), &json!("Grace Hopper")));
    assert_eq!((&made["email"], &made["home_folder_id"]), (&json!("grace@example.com"), &json!("7")));
    assert_eq!(made["ui_state"].to_string(), r#"{"z":"1","a":"b"}"#, "with its keys in their order");
    assert_eq!((&made["group_ids"], &made["role_ids"]), (&json!(["1"]), &json!([])));

    // What is absent stays, null clears, a value replaces.
    let changed = admin.patch("/users/2").json(&json!({"last_name": null, "locale": "de"})).await.ok();
    assert_eq!((&changed["first_name"], &changed["last_name"]), (&json!("Grace"), &Value::Null));
    assert_eq!((&changed["locale"], &changed["ui_state"]), (&json!("de"), &made["ui_state"]));
    // Clients send whole objects back.
    assert_eq!(admin.patch("/users/2").json(&changed).await.ok(), changed);

    assert_eq!(admin.delete("/users/2").await.status, 204);
    admin.get("/users/2").await.refused(404);
    admin.delete("/users/2").await.refused(404);
    assert_eq!(admin.post("/users").await.ok()["id"], json!("3"), "an id is never given again, and a body not needed");
}

#[tokio::test]
async fn texts_that_cannot_be_names_are_refused_with_their_field() {
    let server = TestServer::shop().await;
    let long = "x".repeat(256);
    for (body, field) in [
        (json!({"first_name": "a\r\nSet-Cookie: x=y"}), "first_name"),
        (json!({"last_name": long}), "last_name"),
        (json!({"locale": "en; DROP TABLE"}), "locale"),
        (json!({"credentials_email": {"email": "nobody"}}), "credentials_email.email"),
        (json!({"first_name": {"a": 1}}), "first_name"),
    ] {
        let refused = server.admin().post("/users").json(&body).await;
        assert_eq!(refused.refused(422), "Validation Failed", "{body}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
    }
    assert_eq!(server.admin().get("/users?fields=id").await.ok(), json!([{"id": "1"}]), "nothing was made");
}

#[tokio::test]
async fn an_address_opens_one_account_whatever_its_case() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let made = |email: &str| admin.post("/users").json(&json!({"credentials_email": {"email": email}}));
    made("ada@example.com").await.ok();
    for taken in ["ada@example.com", "ADA@Example.COM", " ada@example.com "] {
        let refused = made(taken).await;
        assert_eq!(refused.refused(422), "Validation Failed", "{taken}");
        assert_eq!(refused.json()["errors"][0]["code"], "already_exists", "{taken}");
    }
    // Cyrillic and full-width letters look the same: no address has them.
    for alike in
        ["\u{0430}da@example.com", "ada@ex\u{0430}mple.com", "\u{ff41}da@example.com", "ada\u{200b}@example.com"]
    {
        let refused = made(alike).await;
        assert_eq!(refused.refused(422), "Validation Failed", "{alike}");
        assert_eq!(refused.json()["errors"][0]["code"], "invalid", "{alike}");
    }
    let bob = admin.post("/users").json(&json!({"first_name": "Bob"})).await.ok();
    let path = format!("/users/{}/credentials_email", bob["id"].as_str().expect("an id"));
    admin.post(&path).json(&json!({"email": "ADA@example.com"})).await.refused(422);
    admin.post(&path).json(&json!({"email": "bob@example.com"})).await.ok();
    let second = admin.post(&path).json(&json!({"email": "robert@example.com"})).await;
    assert_eq!(second.refused(409), "The resource already exists.");
    admin.patch(&path).json(&json!({"email": "Ada@Example.com"})).await.refused(422);
    let changed = admin.patch(&path).json(&json!({"email": "robert@example.com"})).await.ok();
    assert_eq!((&changed["email"], &changed["is_disabled"]), (&json!("robert@example.com"), &json!(false)));
    let owner = admin.get("/users/credential/email/ROBERT@example.com?fields=id,email").await.ok();
    assert_eq!(owner, json!({"id": bob["id"], "email": "robert@example.com"}));
    let found = admin.get("/credentials_email/search?emails=robert@example.com,x@y.z&fields=user_id").await.ok();
    assert_eq!(found, json!([{"user_id": bob["id"]}]));
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.delete(&path).await.refused(404);
    let id = bob["id"].as_str().expect("an id");
    assert_eq!(admin.get(&format!("/users/{id}?fields=email")).await.ok(), json!({"email": null}));
}

#[tokio::test]
async fn a_user_has_several_keys_and_each_secret_is_shown_once() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let admin = server.admin();
    let keys = format!("/users/{}/credentials_api3", paul.id);
    let first = admin.post(&keys).await.ok();
    let second = admin.post(&keys).await.ok();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    assert_eq!((text(&first["client_id"]).len(), text(&first["client_secret"]).len()), (20, 24));
    assert_ne!(first["client_secret"], second["client_secret"]);
    let listed = admin.get(&keys).await;
    assert_eq!(listed.ok().as_array().map(Vec::len), Some(3));
    assert!(!listed.text().contains(&text(&first["client_secret"])));

    let user = |key: &Value| belvedere_testing::TestUser {
        client_id: text(&key["client_id"]),
        client_secret: text(&key["client_secret"]),
        ..paul.clone()
    };
    let (of_first, of_second) = (server.login(&user(&first)).await, server.login(&user(&second)).await);
    let key = format!("{keys}/{}", text(&first["id"]));
    let named = admin.patch(&key).json(&json!({"purpose": "nightly"})).await.ok();
    assert_eq!(named["purpose"], "nightly");
    // A key dies with the tokens made from it, and takes no other along.
    assert_eq!(admin.delete(&key).await.status, 204);
    server.bearer(&of_first).get("/user").await.refused(401);
    server.bearer(&of_second).get("/user").await.ok();
    let form = [("client_id", text(&first["client_id"])), ("client_secret", text(&first["client_secret"]))];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.anybody().post("/login").form(&form).await.refused(404);
    admin.get(&key).await.refused(404);
}

#[tokio::test]
async fn keys_of_others_are_found_under_no_address() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let eve = server.add_plain_user().await;
    let caller = server.user(&paul);
    let own = caller.get(&format!("/users/{}/credentials_api3", paul.id)).await.ok();
    let key = own[0]["id"].as_str().expect("an id").to_owned();
    // Ada's key is 1; under Paul's address there is no such key, and Ada's address is not Paul's to ask.
    caller.get(&format!("/users/{}/credentials_api3/1", paul.id)).await.refused(404);
    caller.get("/users/1/credentials_api3/1").await.refused(403);
    caller.get(&format!("/users/{}/credentials_api3/{key}", eve.id)).await.refused(403);
    server.admin().delete(&format!("/users/{}/credentials_api3/{key}", eve.id)).await.refused(404);
    // Making and deleting one's own needs to be allowed.
    let keys = format!("/users/{}/credentials_api3", paul.id);
    caller.post(&keys).await.refused(403);
    caller.delete(&format!("{keys}/{key}")).await.refused(403);
    caller.patch(&format!("/users/{}", paul.id)).json(&json!({"can_manage_api3_creds": true})).await.refused(403);
    let allow = json!({"can_manage_api3_creds": true});
    server.admin().patch(&format!("/users/{}", paul.id)).json(&allow).await.ok();
    let made = caller.post(&keys).await.ok();
    caller.post(&format!("/users/{}/credentials_api3", eve.id)).await.refused(403);
    assert_eq!(caller.delete(&format!("{keys}/{}", made["id"].as_str().expect("an id"))).await.status, 204);
}

#[tokio::test]
async fn a_user_may_change_what_is_personal_and_nothing_else() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let caller = server.user(&paul);
    let path = format!("/users/{}", paul.id);
    let me = caller.patch(&path).json(&json!({"first_name": "Pål", "ui_state": {"a": "1"}})).await.ok();
    assert_eq!((&me["first_name"], &me["ui_state"]), (&json!("Pål"), &json!({"a": "1"})));
    assert_eq!(caller.patch(&path).json(&me).await.ok(), me, "the whole object sent back changes nothing");
    caller.patch(&path).json(&json!({"is_disabled": true})).await.refused(403);
    caller.patch("/users/1").json(&json!({"first_name": "Eve"})).await.refused(403);
    caller.patch("/users/99").json(&json!({"first_name": "Eve"})).await.refused(403);
    caller.delete("/users/1").await.refused(403);
    caller.delete(&path).await.refused(403);
    let name = server.admin().get("/users/1?fields=first_name").await.ok();
    assert_eq!(name, json!({"first_name": "Ada"}));
}

#[tokio::test]
async fn a_token_dies_with_what_its_user_loses() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let lives = async |token: &str| server.bearer(token).get("/user").await.status == 200;
    let paul = server.add_plain_user().await;
    let path = format!("/users/{}", paul.id);

    admin.patch(&path).json(&json!({"is_disabled": true})).await.ok();
    assert!(!lives(&paul.token).await);
    admin.patch(&path).json(&json!({"is_disabled": false})).await.ok();
    assert!(!lives(&paul.token).await, "an old token stays dead");

    let token = server.login(&paul).await;
    admin.put(&format!("{path}/roles")).json(&json!(["3", "4"])).await.ok();
    assert!(lives(&token).await, "a new role ends nothing");
    admin.put(&format!("{path}/roles")).json(&json!(["4"])).await.ok();
    assert!(!lives(&token).await);

    let (token, acting) = (server.login(&paul).await, server.sudo(&paul).await);
    assert_eq!(admin.delete(&path).await.status, 204);
    assert!(!lives(&token).await && !lives(&acting).await);
}

#[tokio::test]
async fn a_user_is_told_as_the_list_tells_it_after_every_change() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let paul = server.add_plain_user().await.id;
    let path = format!("/users/{paul}");
    let group = admin.post("/groups").json(&json!({"name": "Sales"})).await.ok();
    let group = format!("/groups/{}", group["id"].as_str().expect("an id"));
    let changes = [
        ("PATCH", path.clone(), json!({"first_name": "Paulo", "ui_state": {"theme": "dark"}})),
        ("POST", format!("{path}/credentials_email"), json!({"email": "paulo@example.com"})),
        ("PATCH", format!("{path}/credentials_email"), json!({"forced_password_reset_at_next_login": true})),
        ("DELETE", format!("{path}/credentials_email"), Value::Null),
        ("POST", format!("{path}/credentials_api3"), Value::Null),
        ("POST", format!("{path}/credentials_totp"), json!({})),
        ("PUT", format!("{path}/roles"), json!(["3", "4"])),
        ("POST", format!("{group}/users"), json!({"user_id": paul})),
        ("DELETE", group.clone(), Value::Null),
    ];
    for (method, address, body) in changes {
        let before = admin.get(&path).await.ok();
        let changed = admin.call(method, &address).json(&body).await;
        assert!(changed.status < 300, "{method} {address}: {changed:?}");
        let after = admin.get(&path).await.ok();
        assert_ne!(before, after, "{method} {address}");
        assert_eq!(after, admin.get(&format!("/users?ids={paul}")).await.ok()[0], "{method} {address}");
    }
}

#[tokio::test]
async fn there_is_always_an_administrator_and_nobody_deletes_oneself() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    admin.delete("/users/1").await.refused(403);
    admin.patch("/users/1").json(&json!({"is_disabled": true})).await.refused(403);
    admin.put("/users/1/roles").json(&json!([])).await.refused(403);
    admin.get("/user").await.ok();
    let eve = server.add_user(NewUser { roles: vec![belvedere_store::role::ADMIN], ..NewUser::default() }).await;
    // With a second one the first may go, but not through a token that the first acts by.
    let acting = server.sudo(&eve).await;
    server.bearer(&acting).delete("/users/1").await.refused(403);
    assert_eq!(server.user(&eve).delete("/users/1").await.status, 204);
    server.user(&eve).put(&format!("/users/{}/roles", eve.id)).json(&json!(["4"])).await.refused(403);
}

#[tokio::test]
async fn service_accounts_have_operations_of_their_own() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body = json!({"service_account_name": "Nightly"});
    let made = admin.post("/users/service_accounts").json(&body).await.ok();
    assert_eq!((&made["service_account_name"], &made["is_service_account"]), (&json!("Nightly"), &json!(true)));
    let id = made["id"].as_str().expect("an id");
    let path = format!("/users/service_accounts/{id}");
    let key = admin.post(&format!("/users/{id}/credentials_api3")).await.ok();
    let key = [("client_id", &key["client_id"]), ("client_secret", &key["client_secret"])];
    let key: Vec<(&str, &str)> = key.iter().map(|(name, value)| (*name, value.as_str().expect("a text"))).collect();
    let token = server.anybody().post("/login").form(&key).await.ok();
    let token = token["access_token"].as_str().expect("a token");
    assert_eq!(server.bearer(token).get("/user?fields=display_name").await.ok(), json!({"display_name": "Nightly"}));
    let found = admin.get("/users/search?is_service_account=true&fields=id").await.ok();
    assert_eq!(found, json!([{"id": id}]));
    admin.post(&format!("/users/{id}/credentials_email")).json(&json!({"email": "n@x.com"})).await.refused(422);
    admin.patch("/users/service_accounts/1").json(&body).await.refused(404);
    let off = admin.patch(&path).json(&json!({"is_disabled": true})).await.ok();
    assert_eq!((&off["is_disabled"], &off["service_account_name"]), (&json!(true), &json!("Nightly")));
    server.bearer(token).get("/user").await.refused(401);
    assert_eq!(admin.delete(&path).await.status, 204);
    admin.delete(&path).await.refused(404);
    admin.delete("/users/service_accounts/1").await.refused(404);
}

#[tokio::test]
async fn an_embed_user_is_made_once() {
    let server = TestServer::shop().await;
    let body = json!({"external_user_id": "customer-7"});
    let made = server.admin().post("/users/embed_user").json(&body).await.ok();
    assert_eq!(server.admin().post("/users/embed_user").json(&body).await.ok(), made);
    let id = made["id"].as_str().expect("an id");
    let owner = server.admin().get("/users/credential/embed/customer-7?fields=id,is_embed_user").await.ok();
    assert_eq!(owner, json!({"id": id, "is_embed_user": true}));
    let embeds = server.admin().get(&format!("/users/{id}/credentials_embed")).await.ok();
    assert_eq!(embeds[0]["external_user_id"], "customer-7");
    let found = server.admin().get("/users/search?embed_user=true&fields=id").await.ok();
    assert_eq!(found, json!([{"id": id}]));
    let embed = embeds[0]["id"].as_str().expect("an id");
    server.admin().get(&format!("/users/1/credentials_embed/{embed}")).await.refused(404);
    assert_eq!(server.admin().delete(&format!("/users/{id}/credentials_embed/{embed}")).await.status, 204);
    server.admin().get("/users/credential/embed/customer-7").await.refused(404);
}

#[tokio::test]
async fn nobody_has_credentials_that_this_server_knows_no_sign_in_for() {
    let server = TestServer::shop().await;
    for kind in ["google", "ldap", "looker_openid", "oidc", "saml"] {
        let path = format!("/users/1/credentials_{kind}");
        server.admin().get(&path).await.refused(404);
        server.admin().delete(&path).await.refused(404);
        server.admin().get(&format!("/users/credential/{kind}/x")).await.refused(404);
    }
    assert_eq!(server.admin().get("/users/1/sessions").await.ok(), json!([]));
    server.admin().get("/users/1/sessions/1").await.refused(404);
    server.admin().delete("/users/1/sessions/1").await.refused(404);
}

#[tokio::test]
async fn the_addresses_of_a_disabled_user_can_be_overwritten() {
    let server = TestServer::shop().await;
    let admin = server.admin();
    let body = json!({"credentials_email": {"email": "paul@example.com"}});
    admin.post("/users").json(&body).await.ok();
    let gone = json!({"email": "gone@example.com"});
    admin.post("/users/2/update_emails").json(&gone).await.refused(422);
    admin.patch("/users/2").json(&json!({"is_disabled": true})).await.ok();
    let user = admin.post("/users/2/update_emails").json(&gone).await.ok();
    assert_eq!((&user["email"], &user["credentials_email"]["email"]), (&gone["email"], &gone["email"]));
    admin.post("/users").json(&json!({"credentials_email": {"email": "free@example.com"}})).await.ok();
    admin.post("/users/2/update_emails").json(&json!({"email": "FREE@example.com"})).await.refused(409);
}
