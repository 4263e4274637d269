//! Tag LookmlModel: models, explores, fields.

mod abilities;

use belvedere_store::role;
use belvedere_store::user::NewUser;
use belvedere_testing::{ORIGIN, Seed, TestServer};
use serde_json::{Value, json};

/// A project with a field of every kind.
async fn kinds() -> TestServer {
    let seed = Seed::empty()
        .file("kinds.model.lkml", include_str!("lookml_model/kinds.model.lkml"))
        .file("views/kinds.view.lkml", include_str!("lookml_model/kinds.view.lkml"))
        .file("views/others.view.lkml", include_str!("lookml_model/others.view.lkml"));
    TestServer::start(seed).await
}

async fn explore(server: &TestServer, name: &str) -> Value {
    server.admin().get(&format!("/lookml_models/kinds/explores/{name}")).await.ok()
}

/// The field of an explore.
fn field<'a>(explore: &'a Value, name: &str) -> &'a Value {
    let categories = explore["fields"].as_object().expect("fields").values();
    let mut fields = categories.flat_map(|fields| fields.as_array().expect("a list"));
    fields.find(|field| field["name"] == name).unwrap_or_else(|| panic!("there is no {name}"))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

#[tokio::test]
async fn a_model_is_told_with_its_explores() {
    let server = TestServer::shop().await;
    let model = server.admin().get("/lookml_models/shop").await;
    let explore = |name: &str, label: &str, description: Option<&str>, hidden: bool| {
        json!({
            "description": description, "label": label, "hidden": hidden, "group_label": "Corner Shop", "name": name,
        })
    };
    assert_eq!(
        model.ok(),
        json!({
            "can": {"index": true, "show": true, "create": false, "update": false, "destroy": false},
            "allowed_db_connection_names": ["shop"],
            "explores": [
                explore("orders", "Orders", Some("What was bought."), false),
                explore("users", "Users", None, false),
                explore("numbers", "Numbers", None, true),
                explore("endless", "Endless", None, true),
            ],
            "has_content": true,
            "label": "Corner Shop",
            "name": "shop",
            "project_name": "shop",
            "unlimited_db_connections": false,
        })
    );
    assert_eq!(server.admin().get("/lookml_models").await.text(), format!("[{}]", model.text()));
    let spectacles = server.admin().get("/lookml_models?fields=name,project_name,explores(name)").await;
    assert_eq!(
        spectacles.ok(),
        json!([{
            "explores": [{"name": "orders"}, {"name": "users"}, {"name": "numbers"}, {"name": "endless"}],
            "name": "shop",
            "project_name": "shop",
        }])
    );
}

#[tokio::test]
async fn models_come_by_name_and_in_parts() {
    let model = |connection: &str, explores: &str| format!("connection: \"{connection}\"\n{explores}");
    let view = "\nview: v { dimension: id {} }\nexplore: e { from: v ";
    let seed = Seed::empty()
        .file("zebra.model.lkml", &model("shop", &format!("{view} }}")))
        .file("apple.model.lkml", &model("shop", ""))
        .file("mango.model.lkml", &model("shop", &format!("{view} hidden: yes }}")));
    let server = TestServer::start(seed).await;
    let names = async |query: &str| {
        let models = server.admin().get(&format!("/lookml_models?fields=name&{query}")).await;
        let names: Vec<String> = models
            .ok()
            .as_array()
            .expect("a list")
            .iter()
            .map(|model| model["name"].as_str().expect("a name").to_owned())
            .collect();
        (names.join(" "), models)
    };
    assert_eq!(names("").await.0, "apple mango zebra");
    assert_eq!(names("exclude_empty=true").await.0, "mango zebra");
    assert_eq!(names("exclude_hidden=true").await.0, "zebra");
    assert_eq!(names("include_internal=true&include_self_service=true").await.0, "apple mango zebra");
    let (part, answer) = names("limit=1&offset=1").await;
    assert_eq!((part.as_str(), answer.header("x-total-count")), ("mango", Some("3")));
    let link = |word: &str, offset: u32| {
        format!("<{ORIGIN}/api/4.0/lookml_models?fields=name&limit=1&offset={offset}>; rel=\"{word}\"")
    };
    let links = [link("first", 0), link("prev", 0), link("next", 2), link("last", 2)];
    assert_eq!(answer.header("link"), Some(links.join(", ").as_str()));
    assert_eq!(names("").await.1.header("link"), None);
    assert_eq!(names("offset=2").await.0, "zebra");
    let refused = server.admin().get("/lookml_models?limit=0&exclude_empty=perhaps").await;
    assert_eq!(refused.refused(400), "`exclude_empty` must be true or false");
}

#[tokio::test]
async fn a_model_or_explore_that_there_is_not_is_not_found() {
    let server = TestServer::shop().await;
    for path in [
        "/lookml_models/store",
        "/lookml_models/Shop",
        "/lookml_models/system__activity",
        "/lookml_models/i__looker",
        "/lookml_models/..%2Fshop",
        "/lookml_models/shop%00",
        "/lookml_models/store/explores/orders",
        "/lookml_models/shop/explores/returns",
        "/lookml_models/shop/explores/Orders",
        "/lookml_models/shop/explores/orders%2Fx",
    ] {
        assert_eq!(server.admin().get(path).await.refused(404), "Not found", "{path}");
    }
    let refused = server.admin().get("/lookml_models/shop/explores/returns").await;
    let url = format!("{ORIGIN}/r/err/4.0/404/get/lookml_models/:lookml_model_name/explores/:explore_name");
    assert_eq!(refused.json()["documentation_url"], url);
}

#[tokio::test]
async fn a_user_without_access_sees_no_models() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    let models = server.user(&paul).get("/lookml_models?limit=5").await;
    assert_eq!((models.ok(), models.header("x-total-count")), (json!([]), Some("0")));
}

#[tokio::test]
async fn an_explore_is_told_key_by_key() {
    let server = kinds().await;
    let mut explore = explore(&server, "kinds").await;
    // Fields and the table of measure types have tests of their own.
    explore["fields"] = json!("elsewhere");
    explore["supported_measure_types"] = json!("elsewhere");
    insta::assert_snapshot!(pretty(&explore));
}

#[tokio::test]
async fn fields_are_told_key_by_key() {
    let server = kinds().await;
    let explore = explore(&server, "kinds").await;
    for name in [
        "kinds.id",
        "kinds.string",
        "kinds.tier",
        "kinds.case",
        "kinds.created_month",
        "kinds.shipped_date",
        "kinds.days_waited",
        "kinds.count",
        "kinds.sum",
        "kinds.filtered",
        "kinds.text_filter",
        "kinds.unquoted_parameter",
        "others.name",
        "others.count",
    ] {
        insta::assert_snapshot!(name, pretty(field(&explore, name)));
    }
}

/// What a field says of its type, in one line; what is false or null is left out.
fn traits(field: &Value) -> String {
    let text = |key: &str| field[key].as_str().unwrap_or_default().to_owned();
    let mut words = vec![text("type"), text("align")];
    let flags = [
        ("is_numeric", "numeric"),
        ("can_filter", "filter"),
        ("suggestable", "suggest"),
        ("is_timeframe", "timeframe"),
        ("can_time_filter", "time_filter"),
        ("is_fiscal", "fiscal"),
        ("requires_refresh_on_sort", "refresh"),
    ];
    words.extend(flags.iter().filter(|(key, _)| field[*key] == true).map(|(_, word)| (*word).to_owned()));
    if let Some(style) = field["fill_style"].as_str() {
        words.push(format!("fill:{style}"));
    }
    if let Some(interval) = field["time_interval"].as_object() {
        words.push(format!("{}x{}", interval["name"].as_str().expect("a unit"), interval["count"]));
    }
    let attributes = field["user_attribute_filter_types"].as_array().expect("a list").iter();
    let attributes: Vec<&str> = attributes.map(|kind| kind.as_str().expect("a type")).collect();
    words.push(match attributes[..] {
        [] => "-".to_owned(),
        ["string", "advanced_filter_string"] => "(string)".to_owned(),
        ["number", "advanced_filter_number"] => "(number)".to_owned(),
        ["datetime", "advanced_filter_datetime"] => "(datetime)".to_owned(),
        _ => attributes.join(","),
    });
    words.join(" ")
}

#[tokio::test]
async fn what_follows_from_the_type_of_a_field() {
    let server = kinds().await;
    let explore = explore(&server, "kinds").await;
    for (name, expected) in [
        ("kinds.id", "number right numeric filter (number)"),
        ("kinds.string", "string left filter suggest (string)"),
        ("kinds.yesno", "yesno left filter suggest fill:enumeration (string)"),
        ("kinds.tier", "tier left filter suggest fill:enumeration (string)"),
        ("kinds.case", "string left filter suggest fill:enumeration (string)"),
        ("kinds.zipcode", "zipcode left filter suggest string,advanced_filter_string,zipcode"),
        ("kinds.location", "location left filter (string)"),
        ("kinds.distance", "distance right numeric filter (number)"),
        ("kinds.money", "number right numeric filter (number)"),
        ("kinds.unsuggested", "string left (string)"),
        ("kinds.created_raw", "date_raw left -"),
        ("kinds.created_time", "date_time left filter timeframe time_filter secondx1 (datetime)"),
        ("kinds.created_date", "date_date left filter timeframe fill:range dayx1 (datetime)"),
        ("kinds.created_week", "date_week left filter timeframe fill:range dayx7 (datetime)"),
        ("kinds.created_month", "date_month left filter timeframe fill:range monthx1 (datetime)"),
        ("kinds.created_quarter", "date_quarter left filter timeframe fill:range monthx3 (datetime)"),
        ("kinds.created_year", "date_year left filter timeframe fill:range yearx1 (datetime)"),
        ("kinds.created_hour", "date_hour left filter timeframe time_filter fill:range hourx1 (datetime)"),
        ("kinds.created_hour6", "date_hour6 left filter timeframe time_filter fill:range hourx6 (datetime)"),
        ("kinds.created_minute", "date_minute left filter timeframe time_filter fill:range minutex1 (datetime)"),
        ("kinds.created_minute15", "date_minute15 left filter timeframe time_filter fill:range minutex15 (datetime)"),
        ("kinds.created_second", "date_second left filter timeframe time_filter fill:range secondx1 (datetime)"),
        (
            "kinds.created_millisecond250",
            "date_millisecond250 left filter timeframe time_filter millisecondx250 (datetime)",
        ),
        ("kinds.created_microsecond", "date_microsecond left filter timeframe time_filter microsecondx1 (datetime)"),
        ("kinds.created_time_of_day", "date_time_of_day left filter suggest (string)"),
        ("kinds.created_hour_of_day", "date_hour_of_day right numeric filter fill:enumeration (number)"),
        ("kinds.created_day_of_week", "date_day_of_week left filter suggest fill:enumeration (string)"),
        ("kinds.created_day_of_week_index", "date_day_of_week_index right numeric filter fill:enumeration (number)"),
        ("kinds.created_day_of_month", "date_day_of_month right numeric filter fill:enumeration (number)"),
        ("kinds.created_day_of_year", "date_day_of_year right numeric filter fill:enumeration (number)"),
        ("kinds.created_week_of_year", "date_week_of_year right numeric filter fill:enumeration (number)"),
        ("kinds.created_month_name", "date_month_name left filter suggest fill:enumeration (string)"),
        ("kinds.created_month_num", "date_month_num right numeric filter fill:enumeration (number)"),
        ("kinds.created_quarter_of_year", "date_quarter_of_year left filter suggest fill:enumeration (string)"),
        (
            "kinds.created_fiscal_month_num",
            "date_fiscal_month_num right numeric filter fiscal fill:enumeration (number)",
        ),
        (
            "kinds.created_fiscal_quarter",
            "date_fiscal_quarter left filter timeframe fiscal fill:range monthx3 (datetime)",
        ),
        (
            "kinds.created_fiscal_quarter_of_year",
            "date_fiscal_quarter_of_year left filter suggest fiscal fill:enumeration (string)",
        ),
        ("kinds.created_fiscal_year", "date_fiscal_year left filter timeframe fiscal fill:range yearx1 (datetime)"),
        ("kinds.created", "yesno left filter suggest fill:enumeration (string)"),
        ("kinds.shipped_date", "date_date left filter timeframe dayx1 (datetime)"),
        ("kinds.hours_waited", "duration_hour right numeric filter (number)"),
        ("kinds.days_waited", "duration_day right numeric filter (number)"),
        ("kinds.count", "count right numeric filter (number)"),
        ("kinds.count_distinct", "count_distinct right numeric filter (number)"),
        ("kinds.sum", "sum right numeric filter (number)"),
        ("kinds.average", "average right numeric filter (number)"),
        ("kinds.min", "min right numeric filter (number)"),
        ("kinds.max", "max right numeric filter (number)"),
        ("kinds.median", "median right numeric filter (number)"),
        ("kinds.percentile", "percentile right numeric filter (number)"),
        ("kinds.list", "list left -"),
        ("kinds.number", "number right numeric filter (number)"),
        ("kinds.text", "string left filter (string)"),
        ("kinds.any", "yesno left filter (string)"),
        ("kinds.latest", "date left filter (datetime)"),
        ("kinds.running", "running_total right numeric refresh -"),
        ("kinds.share", "percent_of_total right numeric -"),
        ("kinds.change", "percent_of_previous right numeric refresh -"),
    ] {
        assert_eq!(traits(field(&explore, name)), expected, "{name}");
    }
}

#[tokio::test]
async fn measures_whose_rows_joins_repeat_are_told_in_their_symmetric_form() {
    let server = kinds().await;
    let forms = |explore: &Value, names: &[&str]| -> Vec<(String, Value)> {
        let told = |name: &&str| {
            let field = field(explore, name);
            (field["type"].as_str().expect("a type").to_owned(), field["sql"].clone())
        };
        names.iter().map(told).collect()
    };
    let names = ["others.count", "others.total", "others.mean", "others.middle", "others.highest"];
    let joined = explore(&server, "kinds").await;
    let number = json!("${TABLE}.number ");
    let form = |word: &str, sql: &Value| (word.to_owned(), sql.clone());
    // Many kinds find one other: the rows of `others` are repeated, and with them those of their twins.
    assert_eq!(
        forms(&joined, &names),
        [
            form("count_distinct", &json!("others.id ")),
            form("sum_distinct", &number),
            form("average_distinct", &number),
            form("median_distinct", &number),
            form("max", &number),
        ]
    );
    assert_eq!(forms(&joined, &["twins.count"]), [form("count_distinct", &json!("twins.id "))]);
    assert_eq!(forms(&joined, &["kinds.count"]), [form("count", &json!("kinds.count"))]);
    let alone = explore(&server, "small").await;
    assert_eq!(
        forms(&alone, &names),
        [
            form("count", &json!("others.count")),
            form("sum", &number),
            form("average", &number),
            form("median", &number),
            form("max", &number),
        ]
    );
}

#[tokio::test]
async fn values_that_a_field_can_have_are_told_where_they_are_known() {
    let server = kinds().await;
    let explore = explore(&server, "kinds").await;
    let labels = |name: &str| {
        let enumerations = field(&explore, name)["enumerations"].as_array().cloned();
        enumerations.map(|values| {
            let texts = values.iter().map(|value| value["label"].as_str().expect("a label").to_owned());
            texts.collect::<Vec<_>>().join("|")
        })
    };
    assert_eq!(labels("kinds.yesno").as_deref(), Some("Yes|No"));
    assert_eq!(labels("kinds.tier").as_deref(), Some("Below 0|0 to 4|5 to 9|10 or Above|Undefined"));
    assert_eq!(labels("kinds.case").as_deref(), Some("small|large|unknown"));
    let week = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";
    assert_eq!(labels("kinds.created_day_of_week").as_deref(), Some(week));
    assert!(labels("kinds.created_month_name").is_some_and(|months| months.starts_with("January|February|March|")));
    assert_eq!(labels("kinds.unquoted_parameter").as_deref(), Some("By Day|By Month"));
    for name in ["kinds.id", "kinds.string", "kinds.created_day_of_month", "kinds.created_date", "kinds.count"] {
        assert_eq!(labels(name), None, "{name}");
    }
    let suggestions = |name: &str| field(&explore, name)["suggestions"].clone();
    assert_eq!(suggestions("kinds.tier"), json!(["Below 0", "0 to 4", "5 to 9", "10 or Above", "Undefined"]));
    assert_eq!(suggestions("kinds.chosen"), json!(["x", "y"]));
    assert_eq!(suggestions("kinds.yesno"), json!(null));
    assert_eq!(suggestions("kinds.created_day_of_week"), json!(null));
    let borrowed = field(&explore, "kinds.borrowed");
    assert_eq!(
        (&borrowed["suggest_explore"], &borrowed["suggest_dimension"]),
        (&json!("small"), &json!("others.name"))
    );
}

#[tokio::test]
async fn labels_follow_from_names_unless_they_are_written() {
    let server = kinds().await;
    let explore = explore(&server, "kinds").await;
    let labels = |name: &str| {
        let field = field(&explore, name);
        ["label", "label_short", "field_group_label", "field_group_variant"]
            .map(|key| field[key].as_str().unwrap_or("-").to_owned())
            .join(" | ")
    };
    for (name, expected) in [
        ("kinds.other_id", "Kinds of Things Other ID | Other ID | - | Other ID"),
        ("kinds.renamed", "Kinds of Things New Name | New Name | - | New Name"),
        ("kinds.yesno", "Kinds of Things Yesno (Yes / No) | Yesno (Yes / No) | - | Yesno (Yes / No)"),
        (
            "kinds.created_day_of_week",
            "Kinds of Things Created Day of Week | Created Day of Week | Created Date | Day of Week",
        ),
        ("kinds.shipped_month", "Kinds of Things Sent Month | Sent Month | Dates of Shipping | Month"),
        ("others.id", "The Others ID | ID | - | ID"),
        ("twins.count", "Twins Count | Count | - | Count"),
    ] {
        assert_eq!(labels(name), expected, "{name}");
    }
    let twin = field(&explore, "twins.count");
    assert_eq!(
        (&twin["view"], &twin["scope"], &twin["original_view"]),
        (&json!("twins"), &json!("twins"), &json!("others"))
    );
}

#[tokio::test]
async fn the_measures_that_can_be_made_of_each_type_of_dimension() {
    let server = kinds().await;
    let table = explore(&server, "kinds").await["supported_measure_types"].clone();
    let rows = table.as_array().expect("a list");
    assert_eq!(rows.len(), 81);
    let words: Vec<&str> = rows.iter().map(|row| row["dimension_type"].as_str().expect("a type")).collect();
    let first =
        ["number", "distance", "string", "unquoted", "yesno", "location", "location_bin_level", "zipcode", "time"];
    assert!(words.starts_with(&first));
    assert!(words.ends_with(&["duration_minute", "duration_second", "tier"]));
    let of = |word: &str| {
        let found: Vec<&Value> = rows.iter().filter(|row| row["dimension_type"] == word).collect();
        assert_eq!(found.len(), 1, "{word}");
        found[0]["measure_types"].clone()
    };
    let numeric = json!(["count_distinct", "sum", "average", "min", "max", "median"]);
    for word in ["number", "distance", "duration", "duration_day", "date_day_of_month", "date_month_number"] {
        assert_eq!(of(word), numeric, "{word}");
    }
    for word in ["string", "unquoted", "yesno", "location", "zipcode", "tier", "date_day_of_week", "date_month_name"] {
        assert_eq!(of(word), json!(["count_distinct", "list"]), "{word}");
    }
    for word in ["date_date", "date_week", "date_hour12", "date_minute15", "date_millisecond250", "time", "turtle_look"]
    {
        assert_eq!(of(word), json!(["count_distinct"]), "{word}");
    }
}

#[tokio::test]
async fn fields_choose_within_an_explore() {
    let server = kinds().await;
    let chosen = async |fields: &str| {
        server.admin().get("/lookml_models/kinds/explores/kinds").query("fields", fields).await.ok()
    };
    assert_eq!(
        chosen("id, view_name,sql_table_name,joins( name , type,relationship)").await,
        json!({
            "id": "kinds::kinds",
            "sql_table_name": "main.kinds  AS kinds",
            "view_name": "kinds",
            "joins": [
                {"name": "others", "relationship": "many_to_one", "type": "inner"},
                {"name": "twins", "relationship": "one_to_one", "type": "left_outer"},
            ],
        })
    );
    let names = chosen("fields(measures(name),nonsense(name))").await;
    assert_eq!(names["fields"].as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(names["fields"]["measures"][0], json!({"name": "kinds.count"}));
    let spectacles = chosen("fields").await;
    for dimension in spectacles["fields"]["dimensions"].as_array().expect("a list") {
        for key in ["name", "type", "tags", "sql", "lookml_link", "hidden"] {
            assert!(dimension.get(key).is_some(), "{key} of {dimension}");
        }
    }
    assert_eq!(chosen("nonsense").await, json!({}));
    let with_drills =
        server.admin().get("/lookml_models/kinds/explores/kinds?fields=id&add_drills_metadata=true").await;
    assert_eq!(with_drills.ok(), json!({"id": "kinds::kinds"}));
}

#[tokio::test]
async fn what_a_grant_keeps_back_is_not_there() {
    let server = kinds().await;
    let explore = explore(&server, "kinds").await;
    let dimensions = explore["fields"]["dimensions"].as_array().expect("a list");
    assert!(dimensions.iter().all(|field| field["name"] != "kinds.insider"));
    for word in ["insider\"", "insider_", "kinds.old_insider"] {
        assert!(!explore.to_string().contains(word), "{word} in {explore}");
    }
    let refused = server.admin().get("/lookml_models/kinds/explores/secret").await;
    assert_eq!(refused.refused(404), "Not found");
    let model = server.admin().get("/lookml_models/kinds?fields=explores(name)").await.ok();
    assert_eq!(model, json!({"explores": [{"name": "kinds"}, {"name": "small"}]}));
    let query = json!({"model": "kinds", "view": "secret", "fields": ["others.count"]});
    server.admin().run(&query, "sql", "").await.refused(404);
    let query = json!({"model": "kinds", "view": "small", "fields": ["others.count"]});
    server.admin().run(&query, "sql", "").await.ok_text();
}

#[tokio::test]
async fn an_explore_with_mistakes_tells_them() {
    let view = "view: torn { dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
        measure: total { type: sum sql: ${no_such_field} ;; } }\n";
    let model = "connection: \"shop\"\ninclude: \"/views/torn.view.lkml\"\nexplore: torn {
        join: nowhere { sql_on: ${torn.id} = ${nowhere.id} ;; }\n}\n";
    let seed = Seed::empty().file("torn.model.lkml", model).file("views/torn.view.lkml", view);
    let server = TestServer::start(seed).await;
    let explore = server.admin().get("/lookml_models/torn/explores/torn").await.ok();
    let errors = explore["errors"].as_array().expect("what is wrong");
    assert!(!errors.is_empty());
    let told = explore["errors"].to_string();
    assert!(told.contains("nowhere"), "{told}");
    assert_eq!(field(&explore, "torn.id")["type"], "number", "what is right is served");
}

#[tokio::test]
async fn map_layers_comparisons_of_periods_and_errors_of_fields_are_told() {
    let model = r#"
connection: "shop"
map_layer: regions { url: "https://example.com/regions.json" property_key: "id" max_zoom_level: 9 }
explore: kinds { view_name: v }
view: v {
  derived_table: { sql: SELECT 1 AS id ;; persist_for: "1 hour" indexes: ["id"] }
  dimension: id { type: number primary_key: yes }
  dimension: region { map_layer_name: regions }
  dimension: state { map_layer_name: us_states }
  dimension: broken { sql: ${nothing} ;; }
  dimension_group: created { type: time timeframes: [date, year] sql: ${gone} ;; }
  measure: count { type: count }
  measure: change {
    type: period_over_period based_on: count based_on_time: created_date period: year kind: relative_change
  }
}
"#;
    let server = TestServer::start(Seed::empty().file("kinds.model.lkml", model)).await;
    let told = explore(&server, "kinds").await;
    assert_eq!(told["index_fields"], json!(["id"]));
    assert_eq!(
        field(&told, "v.region")["map_layer"],
        json!({
            "url": "https://example.com/regions.json", "name": "regions", "feature_key": null, "property_key": "id",
            "property_label_key": null, "projection": null, "format": "topojson", "extents_json_url": null,
            "max_zoom_level": 9, "min_zoom_level": null,
        })
    );
    assert_eq!(field(&told, "v.state")["map_layer"], Value::Null);
    assert_eq!(
        field(&told, "v.change")["period_over_period_params"],
        json!({
            "based_on": "v.count", "based_on_time": "v.created_date", "period": "year", "kind": "relative_change",
            "value_to_date": false,
        })
    );
    let error = |name: &str| field(&told, name)["error"].as_str().unwrap_or_default().to_owned();
    assert!(error("v.broken").starts_with("Unknown or inaccessible field \"v.nothing\""), "{}", error("v.broken"));
    assert!(error("v.created_year").starts_with("Unknown or inaccessible field \"v.gone\""));
    assert_eq!(field(&told, "v.id")["error"], Value::Null);
}

#[tokio::test]
async fn labels_are_in_the_language_of_the_caller() {
    let seed = Seed::empty()
        .file("manifest.lkml", "localization_settings: { default_locale: en localization_level: permissive }")
        .file("en.strings.json", r#"{"shop_label": "Shop", "orders_label": "Orders", "id_label": "Number"}"#)
        .file("de.strings.json", r#"{"shop_label": "Laden", "orders_label": "Bestellungen", "id_label": "Nummer"}"#)
        .file(
            "shop.model.lkml",
            "connection: \"shop\" label: \"shop_label\" explore: orders { label: \"orders_label\" } \
             view: orders { sql_table_name: orders ;; dimension: id { label: \"id_label\" type: number } }",
        )
        .table("orders", "CREATE TABLE orders AS SELECT 7 AS id");
    let server = TestServer::start(seed).await;
    let locale = Some("de".to_owned());
    let greta = server.add_user(NewUser { roles: vec![role::ADMIN], locale, ..NewUser::default() }).await;
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.id"]});
    let told = async |caller: belvedere_testing::Caller<'_>| {
        let model = caller.get("/lookml_models/shop?fields=label,explores(label)").await.ok();
        let listed = caller.get("/lookml_models?fields=label").await.ok();
        let explore = caller.get("/lookml_models/shop/explores/orders").await.ok();
        let rows = caller.run(&query, "csv", "").await;
        [
            model["label"].clone(),
            model["explores"][0]["label"].clone(),
            listed[0]["label"].clone(),
            explore["label"].clone(),
            field(&explore, "orders.id")["label_short"].clone(),
            json!(rows.ok_text()),
        ]
    };
    let english = ["Shop", "Orders", "Shop", "Orders", "Number", "Orders Number\n7\n"];
    let german = ["Laden", "Bestellungen", "Laden", "Bestellungen", "Nummer", "Orders Nummer\n7\n"];
    assert_eq!(told(server.admin()).await, english);
    assert_eq!(told(server.user(&greta)).await, german);
}

#[tokio::test]
async fn a_calendar_shows_in_the_fields_of_its_groups_alone() {
    let text = "connection: \"shop\"
        view: days {
          dimension: day { type: date datatype: date }
          dimension: name {}
          dimension: number { type: number }
          calendar_definition: {
            reference_date: day
            timeframe_mapping: { custom_week: name custom_year: number }
            timeframe_ordinal_mapping: { custom_week: number custom_year: number }
          }
        }
        view: sales {
          dimension_group: sold { type: custom_calendar based_on_calendar: days sql: ${TABLE}.sold_at ;; }
        }
        explore: sales {}";
    let server = TestServer::start(Seed::empty().file("kinds.model.lkml", text)).await;
    let sales = explore(&server, "sales").await;
    assert_eq!((&sales["scopes"], &sales["joins"]), (&json!(["sales"]), &json!([])));
    let dimensions = sales["fields"]["dimensions"].as_array().expect("a list");
    let told = |name: &str| dimensions.iter().map(|field| field[name].clone()).collect::<Vec<_>>();
    assert_eq!(told("name"), ["sales.sold_custom_week", "sales.sold_custom_year"]);
    assert_eq!(told("type"), ["string", "number"]);
    assert_eq!(told("label_short"), ["Sold Custom Week", "Sold Custom Year"]);
    assert_eq!(told("dimension_group"), ["sales.sold", "sales.sold"]);
    assert_eq!(told("sql"), ["${TABLE}.sold_at ", "${TABLE}.sold_at "]);
}

#[tokio::test]
async fn a_comparison_in_a_calendar_of_ones_own_has_no_parameters() {
    let text = "connection: \"shop\"
        view: days {
          dimension: day { type: date datatype: date }
          dimension: year { type: number }
          calendar_definition: {
            reference_date: day
            timeframe_mapping: { custom_year: year }
            timeframe_ordinal_mapping: { custom_year: year }
          }
        }
        view: sales {
          dimension_group: sold { type: custom_calendar based_on_calendar: days sql: ${TABLE}.sold_at ;; }
          measure: count { type: count }
          measure: before {
            type: period_over_period based_on: count based_on_time: sold_custom_year custom_calendar_period: custom_year
          }
        }
        explore: sales {}";
    let server = TestServer::start(Seed::empty().file("kinds.model.lkml", text)).await;
    let sales = explore(&server, "sales").await;
    let before = field(&sales, "sales.before");
    assert_eq!((&before["type"], &before["period_over_period_params"]), (&json!("period_over_period"), &Value::Null));
}
