//! Requests of 3.1, made into what 4.0 takes.

use belvedere_api::{Error, FieldCode};
use belvedere_versions::{Endpoint as _, V3_1};
use serde_json::{Value, json};

use crate::route;

fn query(name: &str, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    route(&V3_1, name).upgrade_query(pairs.collect())
}

fn body(name: &str, body: &Value) -> Value {
    let upgraded = route(&V3_1, name).upgrade_body(body.to_string().into()).unwrap();
    serde_json::from_slice(&upgraded).unwrap()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn parameters_have_the_names_of_the_version() {
    assert_eq!(
        query("search_looks", &[("space_id", "4"), ("title", "a")]),
        pairs(&[("folder_id", "4"), ("title", "a")])
    );
    assert_eq!(query("search_dashboards", &[("space_id[]", "4")]), pairs(&[("folder_id[]", "4")]));
}

#[test]
fn parameters_that_the_version_does_not_have_say_nothing() {
    assert_eq!(query("all_users", &[("limit", "1"), ("offset", "2"), ("ids", "3")]), pairs(&[("ids", "3")]));
    assert_eq!(query("search_looks", &[("folder_id", "4")]), []);
    assert_eq!(query("create_query_task", &[("image_width", "100"), ("limit", "5")]), pairs(&[("limit", "5")]));
    assert_eq!(query("space_children", &[("limit", "1"), ("page", "2")]), pairs(&[("page", "2")]));
    let address = [("fields", "orders.count"), ("f[orders.id]", "1")];
    assert_eq!(query("run_url_encoded_query", &address), pairs(&address));
}

#[test]
fn sorts_name_properties_of_the_version() {
    let sorts = |name: &str, sorts: &str| query(name, &[("sorts", sorts)])[0].1.clone();
    assert_eq!(sorts("search_homepages", "title desc"), "title desc");
    assert_eq!(sorts("all_homepage_items", " homepage_section_id desc,id"), " board_section_id desc,id");
    assert_eq!(sorts("search_dashboards", "space_id,folder_id asc"), "folder_id,folder_id asc");
}

#[test]
fn bodies_have_the_names_of_the_version() {
    assert_eq!(
        body("create_homepage_item", &json!({"homepage_section_id": 4, "look_id": 2, "custom_title": "x"})),
        json!({"look_id": 2, "custom_title": "x", "board_section_id": 4})
    );
    assert_eq!(body("update_look", &json!({"title": "x", "space_id": "3"})), json!({"title": "x", "folder_id": "3"}));
    assert_eq!(body("create_space", &json!({"name": "x", "parent_id": "1"})), json!({"name": "x", "parent_id": "1"}));
    assert_eq!(body("update_user", &json!({"home_space_id": 3})), json!({"home_folder_id": 3}));
}

#[test]
fn an_object_may_come_back_whole() {
    let look = json!({"id": 1, "space_id": "3", "folder_id": "2", "user": {"id": 1}, "space": {"id": "2"}});
    let upgraded = body("update_look", &look);
    assert_eq!(upgraded["folder_id"], "3", "the old name is the one that an old client changes");
    assert!(upgraded.get("space_id").is_none() && upgraded.get("space").is_none());
}

#[test]
fn what_the_version_does_not_know_says_nothing() {
    assert_eq!(
        body("update_user", &json!({"first_name": "A", "can_manage_api3_creds": true, "nonsense": 1})),
        json!({"first_name": "A"})
    );
}

#[test]
fn open_values_keep_their_keys_and_their_order() {
    let upgraded = route(&V3_1, "create_dashboard_element").upgrade_body(
        br#"{"note_text":"x","query":{"model":"m","view":"v","vis_config":{"space_id":1,"b":{"z":1,"a":2}}}}"#[..]
            .into(),
    );
    assert_eq!(
        String::from_utf8(upgraded.unwrap().to_vec()).unwrap(),
        r#"{"note_text":"x","query":{"model":"m","view":"v","vis_config":{"space_id":1,"b":{"z":1,"a":2}}}}"#
    );
}

#[test]
fn a_form_is_upgraded_too() {
    let upgraded = route(&V3_1, "update_look").upgrade_body("title=a+b&space_id=3&nonsense=1".into()).unwrap();
    assert_eq!(upgraded, "title=a+b&folder_id=3");
}

#[test]
fn a_body_that_means_the_same_in_both_is_not_read() {
    let broken = bytes::Bytes::from_static(b"{ not json");
    assert_eq!(route(&V3_1, "run_inline_query").upgrade_body(broken.clone()).unwrap(), broken);
    assert_eq!(route(&V3_1, "create_space").upgrade_body(broken.clone()).unwrap(), broken);
}

#[test]
fn hostile_bodies_are_refused_or_passed_on() {
    let look = route(&V3_1, "update_look");
    let deep = "[".repeat(100_000);
    assert_eq!(look.upgrade_body(deep.into()).unwrap_err().status(), 400);
    assert_eq!(look.upgrade_body("{\"space_id\":".into()).unwrap_err().status(), 400);
    let no_text = bytes::Bytes::from_static(b"\xff\xfe{");
    assert_eq!(look.upgrade_body(no_text.clone()).unwrap(), no_text);
    for odd in ["[[{\"space_id\":1}],2,null]", "[]", "{\"space_id\":{\"space_id\":[]}}"] {
        assert!(look.upgrade_body(odd.into()).is_ok());
    }
}

#[test]
fn a_refusal_names_fields_as_the_version_does() {
    let item = route(&V3_1, "create_homepage_item");
    let told = item.told(Error::invalid("board_section_id", "no such section"));
    assert_eq!((told.fields()[0].field.as_str(), told.fields()[0].code), ("homepage_section_id", FieldCode::Invalid));
    // Both names are the version's own.
    let look = route(&V3_1, "update_look").told(Error::missing_field("folder_id"));
    assert_eq!(look.fields()[0].field, "folder_id");
}
