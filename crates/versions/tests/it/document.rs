//! The document of 3.1: counts and facts that are known of the published one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use belvedere_api::{Release, releases};
use belvedere_versions::V3_1;
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| V3_1.document(releases::NEWEST));

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operations() -> impl Iterator<Item = &'static Value> {
    entries(&DOCUMENT["paths"]).flat_map(|(_, methods)| entries(methods)).map(|(_, operation)| operation)
}

fn operation(id: &str) -> &'static Value {
    operations().find(|operation| operation["operationId"] == id).unwrap_or_else(|| panic!("there is no {id}"))
}

fn schema(name: &str) -> &'static Value {
    &DOCUMENT["components"]["schemas"][name]
}

fn counted<'a>(words: impl Iterator<Item = &'a Value>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    words.for_each(|word| *counts.entry(word.as_str().unwrap()).or_default() += 1);
    counts
}

#[test]
fn every_edit_finds_what_it_speaks_of() {
    assert_eq!(V3_1.edited(releases::NEWEST).1, []);
}

#[test]
fn it_has_as_many_operations_paths_and_schemas_as_the_published_one() {
    assert_eq!(operations().count(), 355);
    assert_eq!(entries(&DOCUMENT["paths"]).count(), 238);
    assert_eq!(entries(&DOCUMENT["components"]["schemas"]).count(), 191);
    let methods = entries(&DOCUMENT["paths"]).flat_map(|(_, methods)| entries(methods)).map(|(method, _)| method);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    methods.for_each(|method| *counts.entry(method).or_default() += 1);
    assert_eq!(counts, BTreeMap::from([("delete", 46), ("get", 180), ("patch", 44), ("post", 68), ("put", 17)]));
}

#[test]
fn statuses_and_activities_are_those_of_the_published_one() {
    let counted = |key: &'static str| counted(operations().map(move |operation| &operation[key]));
    assert_eq!(counted("x-looker-status"), BTreeMap::from([("beta", 5), ("deprecated", 32), ("stable", 318)]));
    assert_eq!(counted("x-looker-activity-type"), BTreeMap::from([("db_query", 37), ("non_query", 312), ("none", 6)]));
    assert_eq!(operations().filter(|operation| operation["x-looker-rate-limited"] == true).count(), 9);
    assert_eq!(operations().filter(|operation| !operation["responses"]["429"].is_null()).count(), 141);
    let deprecated = operations().filter(|operation| operation["deprecated"] == true).count();
    assert_eq!(deprecated, 32, "what is deprecated says so twice");
}

#[test]
fn ids_are_integers() {
    assert_eq!(schema("User")["properties"]["id"]["type"], "integer");
    assert_eq!(schema("User")["properties"]["id"]["format"], "int64");
    assert_eq!(schema("User")["properties"]["role_ids"]["items"], json!({"type": "integer", "format": "int64"}));
    let parameter = &operation("user")["parameters"][0];
    assert_eq!((&parameter["name"], &parameter["schema"]["type"]), (&json!("user_id"), &json!("integer")));
    for (name, property) in [("Folder", "id"), ("Dashboard", "id"), ("QueryTask", "id"), ("User", "home_folder_id")] {
        assert_eq!(schema(name)["properties"][property]["type"], "string", "{name}.{property}");
    }
}

#[test]
fn spaces_stand_beside_folders() {
    for (space, folder) in
        [("space", "folder"), ("space_children", "folder_children"), ("create_space", "create_folder")]
    {
        assert_eq!(operation(space)["tags"], json!(["Space"]));
        assert_eq!(operation(space)["x-looker-status"], "deprecated");
        assert_eq!(operation(folder)["tags"], json!(["Folder"]));
    }
    assert!(!DOCUMENT["paths"]["/spaces/{space_id}/children/search"]["get"].is_null());
    let answer = |id: &str| operation(id)["responses"]["200"]["content"]["application/json"]["schema"].clone();
    assert_eq!(answer("all_spaces")["items"]["$ref"], "#/components/schemas/SpaceBase");
    assert_eq!(answer("all_folders")["items"]["$ref"], "#/components/schemas/Folder");
    assert_eq!(answer("space")["$ref"], "#/components/schemas/Space");
    let look = &schema("Look")["properties"];
    assert_eq!(look["space"]["allOf"][0]["$ref"], "#/components/schemas/SpaceBase");
    assert_eq!(look["folder"]["allOf"][0]["$ref"], "#/components/schemas/FolderBase");
    assert_eq!((&look["space_id"]["type"], &look["folder_id"]["type"]), (&json!("string"), &json!("string")));
    assert_eq!(schema("User")["properties"]["personal_space_id"]["type"], "integer");
}

#[test]
fn homepages_stand_in_the_place_of_boards() {
    assert!(operations().all(|operation| !operation["operationId"].as_str().unwrap().contains("_board")));
    assert!(entries(&DOCUMENT["components"]["schemas"]).all(|(name, _)| !name.starts_with("Board")));
    assert_eq!(operation("update_homepage_section")["tags"], json!(["Homepage"]));
    let homepage = &schema("Homepage")["properties"];
    assert!(
        homepage["board_sections"].is_null()
            && homepage["homepage_sections"]["items"]["$ref"] == "#/components/schemas/HomepageSection"
    );
    assert_eq!(homepage["section_order"]["items"]["type"], "integer");
    let texts = DOCUMENT["paths"]["/homepage_items/{homepage_item_id}"].to_string();
    assert!(!texts.replace("dashboard", "").contains("board"), "{texts}");
}

#[test]
fn what_came_to_4_0_alone_is_not_there() {
    for id in ["api_spec", "search_alerts", "create_embed_secret", "connection_tables", "get_model", "copy_look"] {
        assert!(operations().all(|operation| operation["operationId"] != id), "{id}");
    }
    for (name, property) in [("User", "is_service_account"), ("AccessToken", "refresh_token"), ("Dashboard", "url")] {
        assert!(schema(name)["properties"][property].is_null(), "{name}.{property}");
    }
    let names = |id: &str| -> Vec<&str> {
        let parameters = operation(id)["parameters"].as_array().unwrap();
        parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect()
    };
    assert_eq!(names("all_users"), ["fields", "page", "per_page", "sorts", "ids"]);
    assert!(names("search_looks").contains(&"space_id") && !names("search_looks").contains(&"folder_id"));
}

#[test]
fn what_4_0_no_longer_has_is_there() {
    assert_eq!(operation("backup_configuration")["x-implemented"], false);
    assert_eq!(operation("create_lookml_dashboard_render_task")["parameters"][0]["schema"]["type"], "string");
    assert_eq!(schema("Query")["properties"]["runtime"]["type"], "number");
    assert_eq!(schema("GitStatus")["properties"]["can"]["additionalProperties"]["type"], "boolean");
    assert_eq!(schema("UserIdOnly")["properties"].as_object().map(Map::len), Some(1));
    let sizes = operation("create_query_task")["parameters"].as_array().unwrap();
    assert_eq!(sizes.iter().filter(|parameter| parameter["name"].as_str().unwrap().starts_with("image_")).count(), 2);
}

#[test]
fn flags_are_those_of_the_published_one() {
    assert!(schema("Query")["properties"]["pivots"]["nullable"].is_null());
    assert_eq!(schema("Look")["properties"]["public"]["nullable"], true);
    assert!(schema("UserAttribute")["required"].as_array().is_none_or(Vec::is_empty));
    assert_eq!(schema("User")["properties"]["url"]["format"], "uri");
    assert_eq!(schema("Query")["properties"]["vis_config"]["additionalProperties"]["type"], "string");
    let page = operation("search_looks")["parameters"].as_array().unwrap();
    assert!(page.iter().all(|parameter| parameter["deprecated"].is_null()));
}

#[test]
fn it_is_the_same_whichever_release_the_server_has() {
    let mut older = V3_1.document(Release::new(23, 0));
    assert_eq!(older["info"]["version"], "3.1.0");
    assert_eq!(older["info"]["x-looker-release-version"], "23.0.0");
    older["info"] = DOCUMENT["info"].clone();
    assert!(older == *DOCUMENT);
}

#[test]
fn every_part_that_only_3_1_has_is_described() {
    for operation in operations() {
        for key in ["summary", "description"] {
            assert!(operation[key].as_str().is_some_and(|text| text.len() > 3), "{operation}");
        }
    }
    for (name, schema) in entries(&DOCUMENT["components"]["schemas"]) {
        assert!(schema["description"].is_string(), "{name}");
        for (property, schema) in entries(&schema["properties"]) {
            assert!(schema["description"].is_string(), "{name}.{property}");
        }
    }
    assert!(DOCUMENT["tags"].as_array().unwrap().iter().all(|tag| tag["description"].is_string()));
}

#[test]
fn nothing_of_another_version_is_left_in_it() {
    let text = DOCUMENT.to_string();
    for word in ["x-since", "x-until", "x-status-before", "x-belvedere"] {
        assert!(!text.contains(word), "{word}");
    }
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(!schema(name).is_null(), "{name} is referred to and not there");
    }
}
