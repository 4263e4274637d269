//! Templates in labels and descriptions, and labels out of a parameter: in explores, and in the results of queries.

use belvedere_store::RoleId;
use belvedere_store::user::NewUser;
use belvedere_testing::{Seed, TestServer};
use serde_json::{Value, json};

const MODEL: &str = r#"
    connection: "shop"
    include: "/views/*.view.lkml"
    explore: orders {
      description: "{{ _model._name }} stands here as it is written"
      join: users {
        view_label: "People of {{ _explore._name }}"
        sql_on: ${orders.user_id} = ${users.id} ;;
        relationship: many_to_one
      }
    }
"#;

const ORDERS: &str = r#"
    view: orders {
      label: "{% if users._in_query %}Their {% endif %}Orders"
      sql_table_name: orders ;;
      parameter: grain {
        type: unquoted
        default_value: "month"
        allowed_value: { label: "By Day" value: "day" }
        allowed_value: { label: "By Month" value: "month" }
      }
      parameter: word { type: string }
      dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; drill_fields: [status, users.name] }
      dimension: user_id { hidden: yes type: number sql: ${TABLE}.user_id ;; }
      dimension: status {
        label: "Status for {{ _user_attributes['company'] | default: 'nobody' }}"
        group_label: "{% if _user_attributes['company'] contains 'x' %}X {% endif %}{{ _view._name | capitalize }}"
        group_item_label: "{{ _field._name }}"
        description: "{% if _filters['orders.status'] != '' and orders.status._is_filtered %}Only {{ _filters['orders.status'] }}{% else %}All{% endif %}"
        sql: ${TABLE}.status ;;
      }
      dimension: worded { label: "{% parameter word %}, {{ word._parameter_value }}" sql: ${TABLE}.status ;; }
      dimension: heading { hidden: yes sql: A heading ;; }
      dimension: headed { view_label: "{{ heading._sql }}" sql: ${TABLE}.status ;; }
      dimension: broken { label: "{% parameter nothing %}" sql: ${TABLE}.status ;; }
      dimension_group: created {
        label: "{{ _model._name }}"
        type: time
        timeframes: [date, month]
        sql: ${TABLE}.created_at ;;
      }
      dimension: period {
        label_from_parameter: grain
        sql: {% if grain._parameter_value == 'day' %}${created_date}{% else %}${created_month}{% endif %} ;;
      }
      measure: count {
        type: count
        label: "Count {% if orders.status._is_selected %}by status{% elsif orders.status._in_query %}of some{% endif %}"
      }
    }
"#;

const USERS: &str = r#"
    view: users {
      sql_table_name: users ;;
      dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
      dimension: name { label: "{% assign n = 'name' %}{{ n | upcase }}" sql: ${TABLE}.name ;; }
    }
"#;

async fn shop() -> TestServer {
    let seed = Seed::shop().file("shop.model.lkml", MODEL).file("views/orders.view.lkml", ORDERS);
    TestServer::start(seed.file("views/users.view.lkml", USERS)).await
}

fn query(fields: &[&str]) -> Value {
    json!({"model": "shop", "view": "orders", "fields": fields, "limit": "1"})
}

/// The first line of the result as text.
async fn header(server: &TestServer, query: &Value, how: &str) -> String {
    let answer = server.admin().run(query, "csv", how).await;
    answer.ok_text().lines().next().expect("a header").to_owned()
}

/// The texts of a field of the explore.
async fn told(server: &TestServer, name: &str) -> Value {
    let explore = server.admin().get("/lookml_models/shop/explores/orders").await.ok();
    let categories = explore["fields"].as_object().expect("fields").values();
    let mut fields = categories.flat_map(|fields| fields.as_array().expect("a list"));
    texts(fields.find(|field| field["name"] == name).unwrap_or_else(|| panic!("there is no {name}")))
}

fn texts(field: &Value) -> Value {
    let keys = ["label", "label_short", "view_label", "field_group_label", "field_group_variant", "description"];
    keys.map(|key| field[key].clone()).into()
}

#[tokio::test]
async fn an_explore_tells_labels_without_a_query() {
    let server = shop().await;
    assert_eq!(
        told(&server, "orders.status").await,
        json!(["Orders Status for nobody", "Status for nobody", "Orders", "Orders", "orders.status", "All"])
    );
    assert_eq!(told(&server, "orders.count").await[1], "Count ");
    assert_eq!(told(&server, "users.name").await[0], "People of orders NAME");
    assert_eq!(
        told(&server, "orders.created_month").await,
        json!(["Orders shop Month", "shop Month", "Orders", "shop Date", "Month", null])
    );
    assert_eq!(told(&server, "orders.worded").await[1], ", ");
    assert_eq!(told(&server, "orders.headed").await[2], "A heading");
    // The label of the parameter's value is for charts.
    assert_eq!(told(&server, "orders.period").await[0], "Orders Period");
    let explore = server.admin().get("/lookml_models/shop/explores/orders").await.ok();
    assert_eq!(explore["description"], "{{ _model._name }} stands here as it is written");
}

#[tokio::test]
async fn a_result_tells_labels_of_its_query() {
    let server = shop().await;
    let mut asked = query(&["orders.count", "orders.status"]);
    asked["filters"] = json!({"orders.status": "complete"});
    assert_eq!(header(&server, &asked, "").await, "Orders Status for nobody,Orders Count by status");
    asked["fields"] = json!(["users.name", "orders.count"]);
    assert_eq!(header(&server, &asked, "").await, "People of orders NAME,Their Orders Count of some");
    asked["filters"] = json!({"orders.status": ""});
    assert_eq!(header(&server, &asked, "").await, "People of orders NAME,Their Orders Count");
}

#[tokio::test]
async fn the_detail_of_a_result_tells_the_same_texts() {
    let server = shop().await;
    let mut asked = query(&["orders.status"]);
    asked["filters"] = json!({"orders.status": "-\"<b>\"", "users.name": "-EMPTY"});
    let expected = json!([
        "Their Orders Status for nobody",
        "Status for nobody",
        "Their Orders",
        "Orders",
        "orders.status",
        "Only -\"<b>\"",
    ]);
    let detail = server.admin().run(&asked, "json_detail", "").await.ok();
    assert_eq!(texts(&detail["fields"]["dimensions"][0]), expected);
    assert_eq!(texts(&detail["applied_filters"]["orders.status"]["field"]), expected);
    let bi = server.admin().run(&asked, "json_bi", "").await.ok();
    let field = &bi["metadata"]["fields"]["dimensions"][0];
    assert_eq!([&field["label"], &field["description"]], [&expected[0], &expected[5]]);
}

#[tokio::test]
async fn a_label_is_told_to_each_reader_in_their_own_way() {
    let server = shop().await;
    let company = json!({"name": "company", "label": "Company", "type": "string", "user_can_view": true});
    let attribute = server.admin().post("/user_attributes").json(&company).await.ok();
    let asked = query(&["orders.status"]);
    // The same rows, which the second reader may have out of the cache.
    for name in ["Apricot", "<b>Birch, \"B\"</b>"] {
        let user = server.add_user(NewUser { roles: vec![RoleId::new(1)], ..NewUser::default() }).await;
        let path = format!("/users/{}/attribute_values/{}", user.id, attribute["id"].as_str().expect("an id"));
        server.admin().patch(&path).json(&json!({"value": name})).await.ok();
        let rows = server.user(&user).run(&asked, "json_label", "").await.ok();
        assert!(rows[0].get(format!("Orders Status for {name}")).is_some(), "{rows}");
        let html = server.user(&user).run(&asked, "html", "").await;
        assert!(!html.ok_text().contains("<b>"), "{}", html.text());
    }
}

#[tokio::test]
async fn a_parameter_is_told_as_it_is_given() {
    let server = shop().await;
    let mut asked = query(&["orders.worded"]);
    assert_eq!(header(&server, &asked, "").await, "\"Orders ,\"");
    asked["filters"] = json!({"orders.word": "it's"});
    assert_eq!(header(&server, &asked, "").await, "\"Orders 'it''s', 'it''s'\"");
}

#[tokio::test]
async fn a_label_that_cannot_be_rendered_stands_as_it_is_written() {
    let server = shop().await;
    assert_eq!(header(&server, &query(&["orders.broken"]), "").await, "Orders {% parameter nothing %}");
}

#[tokio::test]
async fn a_chart_calls_a_field_by_the_value_of_its_parameter() {
    let server = shop().await;
    let mut asked = query(&["orders.period"]);
    assert_eq!(header(&server, &asked, "").await, "Orders Period");
    assert_eq!(header(&server, &asked, "apply_vis=true").await, "By Month");
    asked["filters"] = json!({"orders.grain": "day"});
    assert_eq!(header(&server, &asked, "apply_vis=true").await, "By Day");
    assert_eq!(header(&server, &asked, "").await, "Orders Period");
    asked["vis_config"] = json!({"series_labels": {"orders.period": "When"}});
    assert_eq!(header(&server, &asked, "apply_vis=true").await, "When");
}

#[tokio::test]
async fn the_label_of_a_custom_field_is_no_template() {
    let server = shop().await;
    let mut asked = query(&["mine"]);
    let label = "{{ _model._name }}";
    let custom = json!([{"measure": "mine", "based_on": "orders.status", "type": "count_distinct", "label": label}]);
    asked["dynamic_fields"] = custom.to_string().into();
    assert_eq!(header(&server, &asked, "").await, label);
    let detail = server.admin().run(&asked, "json_detail", "").await.ok();
    let measure = &detail["fields"]["measures"][0];
    assert_eq!([&measure["label"], &measure["label_short"]], [label, label]);
}

#[tokio::test]
async fn drills_are_called_as_the_fields_are() {
    let server = shop().await;
    let detail = server.admin().run(&query(&["orders.id"]), "json_detail", "generate_drill_links=true").await.ok();
    let links = detail["data"][0]["orders.id"]["links"].as_array().expect("links").iter();
    let labels: Vec<&Value> = links.map(|link| &link["label_value"]).collect();
    assert_eq!(labels, ["Status for nobody", "People of orders NAME"]);
}
