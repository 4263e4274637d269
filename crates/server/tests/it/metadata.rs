//! Tag Metadata: suggestions for filters.

use belvedere_testing::{Call, Seed, TestServer};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn suggestions<'a>(server: &'a TestServer, field: &str) -> Call<'a> {
    server.admin().get(&format!("/models/shop/views/orders/fields/{field}/suggestions"))
}

fn answer(values: &Value) -> Value {
    json!({
        "suggestions": values,
        "error": null,
        "from_cache": false,
        "hit_limit": false,
        "used_calcite_materialization": false,
    })
}

const LOST: &str = "lost, \"or so\"; DROP TABLE orders; --";

#[tokio::test]
async fn the_values_of_a_field_are_suggested_in_order() {
    let server = TestServer::shop().await;
    let all = suggestions(&server, "orders.status").await;
    assert_eq!(all.ok(), answer(&json!(["complete", LOST, "pending"])));
    let of_the_view = suggestions(&server, "status").await;
    let of_the_view = of_the_view.ok();
    assert_eq!(
        of_the_view["suggestions"],
        all.ok()["suggestions"],
        "a name without a view is one of the explore's own"
    );
    assert_eq!(of_the_view["from_cache"], true);
    let joined = suggestions(&server, "users.city").await;
    assert_eq!(joined.ok()["suggestions"], json!(["Paris", "São Paulo"]));
}

#[tokio::test]
async fn a_term_must_be_contained_whatever_its_letters_mean_elsewhere() {
    let server = TestServer::shop().await;
    for (term, values) in [
        ("", json!(["complete", LOST, "pending"])),
        ("plet", json!(["complete"])),
        ("PLET", json!([])),
        ("e", json!(["complete", LOST, "pending"])),
        ("-complete", json!([])),
        ("complete,pending", json!([])),
        ("%", json!([])),
        ("_", json!([])),
        ("^", json!([])),
        ("NULL", json!([])),
        ("EMPTY", json!([])),
        ("lost, ", json!([LOST])),
        ("\"or so\"", json!([LOST])),
        ("; DROP TABLE orders; --", json!([LOST])),
        ("' OR 1=1 --", json!([])),
        ("\\", json!([])),
        ("{{ 1 }}", json!([])),
        ("${TABLE}", json!([])),
    ] {
        let found = suggestions(&server, "orders.status").query("term", term).await;
        assert_eq!(found.ok(), answer(&values), "{term:?}");
    }
    let nul = suggestions(&server, "orders.status").query("term", "\u{0}").await.ok();
    assert_eq!(nul["suggestions"], json!([]));
    assert!(nul["error"].as_str().is_some_and(|error| error.contains("NUL")), "{nul}");
    assert_eq!(
        suggestions(&server, "users.city").query("term", "ão Pa").await.ok()["suggestions"],
        json!(["São Paulo"])
    );
}

#[tokio::test]
async fn other_filters_narrow_the_suggestions() {
    let server = TestServer::shop().await;
    let filters = json!({"users.city": "Paris"}).to_string();
    let found = suggestions(&server, "orders.status").query("filters", &filters).await;
    assert_eq!(found.ok()["suggestions"], json!(["complete"]));
    let found = suggestions(&server, "orders.status").query("filters[users.city]", "Paris").await;
    assert_eq!(found.ok()["suggestions"], json!(["complete"]));
    let refused = suggestions(&server, "orders.status").query("filters", "[1]").await;
    assert_eq!(refused.refused(400), "`filters` must be an object as JSON text");
}

#[tokio::test]
async fn fields_that_know_their_values_ask_no_database() {
    let view = "view: things {\n  derived_table: { sql: SELECT no_such_column ;; }
        dimension: size { suggestions: [\"small\", \"large\"] }
        dimension: code { suggestions: [CODES] }\n}";
    let codes: Vec<String> = (0..150).map(|code| format!("\"{code}\"")).collect();
    let view = &view.replace("CODES", &codes.join(", "));
    let seed = Seed::shop()
        .file("views/things.view.lkml", view)
        .file("things.model.lkml", "connection: \"shop\"\ninclude: \"/views/things.view.lkml\"\nexplore: things {}\n");
    let server = TestServer::start(seed).await;
    let path = "/models/things/views/things/fields/things.size/suggestions";
    assert_eq!(server.admin().get(path).await.ok(), answer(&json!(["small", "large"])));
    assert_eq!(server.admin().get(path).query("term", "ALL").await.ok(), answer(&json!(["small"])));
    // What an author lists is told whole.
    let path = "/models/things/views/things/fields/things.code/suggestions";
    let codes: Vec<String> = (0..150).map(|code| code.to_string()).collect();
    assert_eq!(server.admin().get(path).await.ok(), answer(&json!(codes)));
}

#[tokio::test]
async fn yes_and_no_are_suggested_by_their_words() {
    let server = TestServer::shop().await;
    assert_eq!(suggestions(&server, "orders.is_large").await.ok()["suggestions"], json!(["No", "Yes"]));
    let found = suggestions(&server, "orders.is_large").query("term", "y").await;
    assert_eq!(found.ok()["suggestions"], json!(["Yes"]));
}

#[tokio::test]
async fn more_than_a_hundred_values_are_cut() {
    let server = TestServer::shop().await;
    let found = server.admin().get("/models/shop/views/numbers/fields/numbers.id/suggestions").await.ok();
    assert_eq!(found["hit_limit"], json!(true));
    assert_eq!(found["suggestions"].as_array().map(Vec::len), Some(100));
}

#[tokio::test]
async fn suggestions_for_what_there_is_not_are_refused() {
    let server = TestServer::shop().await;
    for path in [
        "/models/store/views/orders/fields/orders.status/suggestions",
        "/models/shop/views/returns/fields/orders.status/suggestions",
    ] {
        assert_eq!(server.admin().get(path).await.refused(404), "Not found", "{path}");
    }
    let found = suggestions(&server, "orders.no_such_field").await.ok();
    assert_eq!(found["suggestions"], json!([]));
    assert!(found["error"].as_str().is_some_and(|error| error.contains("orders.no_such_field")), "{found}");
    let found = suggestions(&server, "orders.misspelt").await.ok();
    assert_eq!(found["suggestions"], json!([]));
    assert!(found["error"].as_str().is_some_and(|error| error.contains("no_such_column")), "{found}");
}

#[tokio::test]
async fn values_that_the_model_lists_are_for_those_who_may_see_the_field() {
    const MODEL: &str = r#"
        connection: "shop"
        access_grant: staff { user_attribute: team allowed_values: ["staff"] }
        view: orders {
          dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
          dimension: level { required_access_grants: [staff] suggestions: ["secret"] sql: ${TABLE}.status ;; }
          dimension: open { suggestions: ["public"] sql: ${TABLE}.status ;; }
          dimension: left_out { suggestions: ["secret"] sql: ${TABLE}.status ;; }
        }
        explore: orders { fields: [ALL_FIELDS*, -orders.left_out] }
        explore: staff { view_name: orders required_access_grants: [staff] }
    "#;
    let server = TestServer::start(Seed::shop().file("shop.model.lkml", MODEL)).await;
    let team = json!({"name": "team", "label": "Team", "type": "string"});
    let team = server.admin().post("/user_attributes").json(&team).await.ok()["id"].as_str().expect("an id").to_owned();
    let asked = async |explore: &str, field: &str| {
        server.admin().get(&format!("/models/shop/views/{explore}/fields/orders.{field}/suggestions")).await
    };
    assert_eq!(asked("orders", "open").await.ok()["suggestions"], json!(["public"]));
    for field in ["level", "left_out"] {
        let refused = asked("orders", field).await.ok();
        assert_eq!(refused["suggestions"], json!([]), "{field}");
        assert!(refused["error"].as_str().is_some_and(|error| error.contains(field)), "{refused}");
    }
    asked("staff", "open").await.refused(404);
    let value = format!("/users/{}/attribute_values/{team}", server.ada.id);
    server.admin().patch(&value).json(&json!({"value": "staff"})).await.ok();
    assert_eq!(asked("orders", "level").await.ok()["suggestions"], json!(["secret"]));
    assert_eq!(asked("staff", "open").await.ok()["suggestions"], json!(["public"]));
}

#[tokio::test]
async fn values_stay_fresh_for_as_long_as_the_field_says() {
    const MODEL: &str = r#"
        connection: "shop"
        view: orders {
          dimension: status { sql: ${TABLE}.status ;; }
          dimension: often { suggest_persist_for: "10 minutes" sql: ${TABLE}.status || '.' ;; }
          dimension: always { suggest_persist_for: "0 seconds" sql: ${TABLE}.status || '!' ;; }
        }
        explore: orders {}
    "#;
    let server = TestServer::start(Seed::shop().file("shop.model.lkml", MODEL)).await;
    let from_cache = async |field: &str| {
        let token = server.login(&server.ada).await;
        let path = format!("/models/shop/views/orders/fields/{field}/suggestions");
        server.bearer(&token).get(&path).await.ok()["from_cache"].clone()
    };
    for (field, again, later, much_later) in
        [("status", true, true, false), ("often", true, false, false), ("always", false, false, false)]
    {
        let mut seen = vec![from_cache(field).await, from_cache(field).await];
        for minutes in [11, 6 * 60] {
            server.clock.set(server.clock.now() + SignedDuration::from_mins(minutes));
            seen.push(from_cache(field).await);
        }
        assert_eq!(seen, [false, again, later, much_later].map(Value::from), "{field}");
    }
}

#[tokio::test]
async fn a_field_may_have_its_values_elsewhere() {
    const MODEL: &str = r#"
        connection: "shop"
        access_grant: staff { user_attribute: team allowed_values: ["staff"] }
        view: orders {
          sql_table_name: orders ;;
          filter: state { type: string suggest_dimension: status }
          filter: city { type: string suggest_explore: people suggest_dimension: city }
          filter: person { type: string suggest_explore: people suggest_dimension: users.name }
          filter: secret { type: string suggest_explore: staff suggest_dimension: users.name }
          filter: bare { type: string }
          parameter: grain { type: unquoted allowed_value: { value: "day" } allowed_value: { value: "month" } }
          dimension: status { sql: ${TABLE}.status ;; }
          dimension: slow { suggest_dimension: orders.status sql: no_such_column ;; }
        }
        view: users {
          sql_table_name: users ;;
          dimension: city { sql: ${TABLE}.city ;; }
          dimension: name { sql: ${TABLE}.name ;; }
        }
        explore: orders {}
        explore: people { view_name: users }
        explore: staff { from: users view_name: users required_access_grants: [staff] }
    "#;
    let server = TestServer::start(Seed::shop().file("shop.model.lkml", MODEL)).await;
    let states = json!(["complete", LOST, "pending"]);
    let cities = json!(["Paris", "São Paulo"]);
    for (field, values) in
        [("state", &states), ("slow", &states), ("city", &cities), ("grain", &json!(["day", "month"]))]
    {
        assert_eq!(suggestions(&server, field).await.ok()["suggestions"], *values, "{field}");
    }
    let some = suggestions(&server, "city").query("term", "Par").await.ok();
    assert_eq!(some["suggestions"], json!(["Paris"]));
    assert_ne!(suggestions(&server, "person").await.ok()["suggestions"], json!([]));
    let bare = suggestions(&server, "bare").await.ok();
    assert!(bare["error"].as_str().is_some_and(|error| error.contains("orders.bare")), "{bare}");
    // What the field names elsewhere is for those who may see it there.
    suggestions(&server, "secret").await.refused(404);
}

#[tokio::test]
async fn hostile_names_are_names() {
    let server = TestServer::shop().await;
    for name in [
        "%27%20OR%201%3D1%20--",
        "orders.status%22%3B%20DROP%20TABLE%20orders",
        "%7B%7B%201%20%7D%7D",
        "%24%7BTABLE%7D",
        "...",
    ] {
        let found = suggestions(&server, name).await.ok();
        assert_eq!(found["suggestions"], json!([]), "{name}");
        let error = found["error"].as_str().expect("an error");
        assert!(!error.contains("Parser Error") && !error.contains("Binder Error"), "{error}");
        let path = format!("/models/{name}/views/orders/fields/orders.status/suggestions");
        server.admin().get(&path).await.refused(404);
        let path = format!("/models/shop/views/{name}/fields/orders.status/suggestions");
        server.admin().get(&path).await.refused(404);
    }
}
