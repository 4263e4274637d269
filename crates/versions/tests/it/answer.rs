//! Answers: what is written is what the document of the version says.

use std::time::Duration;

use belvedere_api::{Json, Layout, Reply, Resource, Shape, Window, Written, releases, types};
use belvedere_versions::{Endpoint as _, Route, V3_1};
use serde_json::{Value, json};

use crate::route;

#[allow(clippy::unnecessary_wraps, reason = "nearly every property of the contract is optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// What a route answers with an object of the newest version.
#[allow(clippy::needless_pass_by_value, reason = "an answer is used up by being given")]
fn answered<T: Resource>(route: &'static Route, fields: Option<&str>, value: T) -> Value {
    let query: Vec<_> = fields.map(|fields| ("fields".to_owned(), fields.to_owned())).into_iter().collect();
    let shape = route.shape(route.operation.unwrap(), &query);
    let Reply::Json(json) = route.downgrade(Reply::Json(Json::of(&value, &shape))).unwrap() else { panic!("no JSON") };
    serde_json::from_slice(&json.0).unwrap()
}

#[test]
fn every_object_is_written_as_the_document_describes_it() {
    let document = V3_1.document(releases::NEWEST);
    let schemas = &document["components"]["schemas"];
    for route in V3_1.routes() {
        let Some(layout) = route.layout() else { continue };
        let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
        let success = operation["responses"]["200"]["content"]["application/json"]["schema"].clone();
        let name = success.get("items").unwrap_or(&success)["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        assert_object(layout, name, schemas, 0);
    }
}

fn assert_object(layout: &'static Layout, name: &str, schemas: &Value, depth: usize) {
    let properties = schemas[name]["properties"].as_object().unwrap_or_else(|| panic!("there is no {name}"));
    let answered =
        properties.iter().filter(|(_, property)| property["writeOnly"] != true).map(|(name, _)| name.as_str());
    let (mut described, mut written): (Vec<_>, Vec<_>) = (answered.collect(), layout.names().collect());
    described.sort_unstable();
    written.sort_unstable();
    assert_eq!(written, described, "{name}");
    for (place, column) in layout.columns().iter().enumerate() {
        let property = &properties[column.name];
        let kind = property["items"]["type"].as_str().or(property["type"].as_str());
        if column.written == Written::Integer {
            // The user of a Look is made out of its id.
            assert!(kind == Some("integer") || column.name == "user", "{name}.{}", column.name);
        }
        let target = property.get("items").unwrap_or(property);
        let target = target["$ref"].as_str().or(target["allOf"][0]["$ref"].as_str());
        if let (Some(nested), Some(target)) = (layout.nested(place), target) {
            // Types that hold themselves end here.
            if depth < 4 {
                assert_object(nested, target.rsplit('/').next().unwrap(), schemas, depth + 1);
            }
        }
    }
}

#[test]
fn ids_are_integers_unless_they_are_none() {
    let user = types::User {
        id: text("7"),
        role_ids: Some(vec!["2".to_owned(), "10".to_owned()]),
        personal_folder_id: text("12"),
        home_folder_id: text("12"),
        ..types::User::default()
    };
    let answer =
        answered(route(&V3_1, "me"), Some("id,role_ids,personal_folder_id,personal_space_id,home_space_id"), user);
    let expected = json!({
        "home_space_id": "12", "id": 7, "personal_folder_id": 12, "personal_space_id": 12, "role_ids": [2, 10]
    });
    assert_eq!(answer, expected);
    let content = types::ContentFavorite { dashboard_id: text("shop::overview"), ..types::ContentFavorite::default() };
    let answer = answered(route(&V3_1, "content_favorite"), Some("dashboard_id"), content);
    assert_eq!(answer, json!({"dashboard_id": "shop::overview"}));
}

#[test]
fn a_look_holds_its_user_and_its_space() {
    let folder = types::FolderBase { id: text("3"), name: "Sales".to_owned(), ..types::FolderBase::default() };
    let look = types::LookWithQuery {
        id: text("5"),
        user_id: text("1"),
        folder: Some(folder),
        folder_id: text("3"),
        ..types::LookWithQuery::default()
    };
    let fields = "id,user,user_id,space(id),folder(name),space_id,folder_id";
    let answer = answered(route(&V3_1, "look"), Some(fields), look.clone());
    let expected = json!({
        "folder": {"name": "Sales"}, "folder_id": "3", "id": 5, "space": {"id": "3"}, "space_id": "3",
        "user": {"id": 1}, "user_id": 1
    });
    assert_eq!(answer, expected);
    let nobody = types::LookWithQuery { user_id: None, ..look };
    assert_eq!(answered(route(&V3_1, "look"), Some("user"), nobody), json!({"user": null}));
}

#[test]
fn only_what_differs_beyond_tables_is_read_again() {
    let look = types::Look { user_id: text("1"), ..types::Look::default() };
    let looks = route(&V3_1, "all_looks");
    let shape = looks.shape(looks.operation.unwrap(), &[("fields".to_owned(), "user".to_owned())]);
    let reply = Reply::Json(Json::of(&vec![look], &shape));
    let Reply::Json(Json(body)) = looks.downgrade(reply).unwrap() else { panic!("no JSON") };
    assert_eq!(String::from_utf8(body).unwrap(), r#"[{"user":{"id":1}}]"#);
    // What is no JSON would be refused if it were read.
    let me = route(&V3_1, "me");
    let untouched = me.downgrade(Reply::Json(Json(b"{".to_vec()))).unwrap();
    assert!(matches!(untouched, Reply::Json(Json(body)) if body == b"{"));
}

#[test]
fn formats_that_came_later_are_left_out() {
    let formats = [types::IntegrationSupportedFormats::Csv, types::IntegrationSupportedFormats::JsonBi];
    let integration = types::Integration { supported_formats: Some(formats.to_vec()), ..types::Integration::default() };
    let answer = answered(route(&V3_1, "integration"), Some("supported_formats"), integration);
    assert_eq!(answer, json!({"supported_formats": ["csv"]}));
}

#[test]
fn a_list_of_folders_has_whole_folders() {
    let folder = || types::FolderBase { id: text("1"), ..types::FolderBase::default() };
    let fields = Some("id,dashboards,looks");
    assert_eq!(
        answered(route(&V3_1, "all_folders"), fields, folder()),
        json!({"id": "1", "dashboards": null, "looks": null})
    );
    assert_eq!(answered(route(&V3_1, "all_spaces"), fields, folder()), json!({"id": "1"}));
}

#[test]
fn sections_of_homepages_have_their_own_names() {
    let item = types::BoardItem { id: text("9"), board_section_id: text("4"), ..types::BoardItem::default() };
    let section = types::BoardSection {
        board_id: text("2"),
        board_items: Some(vec![item]),
        item_order: Some(vec!["9".to_owned()]),
        ..types::BoardSection::default()
    };
    let fields = "homepage_id,homepage_items(id,homepage_section_id,section_fetch_time),item_order,is_header,board_id";
    let answer = answered(route(&V3_1, "homepage_section"), Some(fields), section);
    let expected = json!({
        "homepage_id": 2,
        "homepage_items": [{"homepage_section_id": 4, "id": 9, "section_fetch_time": null}],
        "item_order": [9],
        "is_header": false
    });
    assert_eq!(answer, expected);
}

#[test]
fn addresses_lead_to_the_version() {
    let user = types::User { url: text("https://bi.example.com/api/4.0/users/1"), ..types::User::default() };
    let answer = answered(route(&V3_1, "me"), Some("url"), user);
    assert_eq!(answer, json!({"url": "https://bi.example.com/api/3.1/users/1"}));
    let swagger_url = text("https://bi.example.com/api/4.0/swagger.json");
    let element = types::ApiVersionElement { swagger_url, ..types::ApiVersionElement::default() };
    let versions = types::ApiVersion { current_version: Some(element), ..types::ApiVersion::default() };
    let answer = answered(route(&V3_1, "versions"), Some("current_version(swagger_url)"), versions);
    assert_eq!(answer, json!({"current_version": {"swagger_url": "https://bi.example.com/api/4.0/swagger.json"}}));
}

#[test]
fn a_part_of_a_list_comes_without_the_way_to_others() {
    let users = route(&V3_1, "all_users");
    let page = Reply::Page { body: Json(b"[]".to_vec()), window: Window::default(), count: 0, total: Some(0) };
    assert!(matches!(users.downgrade(page).unwrap(), Reply::Json(Json(body)) if body == b"[]"));
}

#[test]
fn a_task_that_still_runs_has_no_content() {
    let pending = || Reply::Pending { retry_after: Duration::from_secs(1) };
    assert!(matches!(route(&V3_1, "query_task_results").downgrade(pending()).unwrap(), Reply::Empty));
    assert!(matches!(route(&V3_1, "render_task_results").downgrade(pending()).unwrap(), Reply::Pending { .. }));
}

#[test]
fn results_pass_untouched() {
    let run = route(&V3_1, "run_inline_query");
    assert!(run.layout().is_none());
    assert_eq!(run.shape(run.operation.unwrap(), &[("fields".to_owned(), "id".to_owned())]), Shape::whole());
    let body = bytes::Bytes::from_static(br#"[{"users.id":"1"}]"#);
    let reply = Reply::Text { content_type: "application/json".into(), body: body.clone() };
    assert!(matches!(run.downgrade(reply).unwrap(), Reply::Text { body: same, .. } if same == body));
}

#[test]
fn an_object_of_another_type_than_the_declared_one_is_written_as_it_is() {
    let me = route(&V3_1, "me");
    let other = types::UserPublic { id: text("1"), ..types::UserPublic::default() };
    let written = Json::of(&other, &me.shape(me.operation.unwrap(), &[]));
    let whole: Value = serde_json::from_slice(&written.0).unwrap();
    assert_eq!((&whole["id"], whole.as_object().unwrap().len()), (&json!("1"), 9));
}

#[test]
fn an_empty_answer_stays_empty() {
    assert!(matches!(route(&V3_1, "delete_space").downgrade(Reply::Empty).unwrap(), Reply::Empty));
}
