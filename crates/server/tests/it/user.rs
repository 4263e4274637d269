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
async fn a_plain_user_knows_of_nobody_else() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let caller = server.user(&paul);
    let me = caller.get("/user").await.ok();
    assert_eq!((&me["id"], &me["display_name"]), (&json!("2"), &json!("Paul Plain")));
    assert_eq!(caller.get("/users/2").await.ok(), me);
    assert_eq!(caller.get("/users").await.ok(), json!([me]));
    assert_eq!(caller.get("/users?ids=1,2").await.ok(), json!([me]));
    assert_eq!(caller.get("/users?ids=1").await.ok(), json!([]));
    assert_eq!(caller.get("/users/1").await.refused(404), "Not found");
    let part = caller.get("/users?limit=1").await;
    assert_eq!(part.header("x-total-count"), Some("1"), "the number of the others is not told either");
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
