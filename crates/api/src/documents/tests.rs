use super::*;
use crate::releases;

const ORIGIN: &str = "http://localhost:19999";

fn served(form: Form, release: Release, origin: &str) -> Value {
    serde_json::from_slice(&Document::new(form, VERSION, &super::openapi(release)).text(origin)).unwrap()
}

fn openapi(release: Release) -> Value {
    served(Form::OpenApi, release, ORIGIN)
}

fn swagger(release: Release) -> Value {
    served(Form::Swagger, release, ORIGIN)
}

#[test]
fn the_head_tells_version_release_and_server() {
    let openapi = openapi(releases::NEWEST);
    assert_eq!(openapi["openapi"], "3.0.0");
    assert_eq!(openapi["info"]["version"], "4.0.26.22");
    assert_eq!(openapi["info"]["x-looker-release-version"], "26.22.0");
    assert_eq!(openapi["servers"][0]["url"], "http://localhost:19999/api/4.0");
    let swagger = served(Form::Swagger, Release::new(26, 12), "https://bi.example.com");
    assert_eq!(swagger["swagger"], "2.0");
    assert_eq!(swagger["info"]["version"], "4.0.26.12");
    assert_eq!(swagger["host"], "bi.example.com");
    assert_eq!(swagger["schemes"][0], "https");
    assert_eq!(swagger["basePath"], "/api/4.0");
}

#[test]
fn a_host_that_a_client_made_up_stays_a_text() {
    let hostile = r#"http://x","paths":{},"y":""#;
    assert_eq!(served(Form::Swagger, releases::NEWEST, hostile)["host"], r#"x","paths":{},"y":""#);
    assert!(served(Form::OpenApi, releases::NEWEST, hostile)["paths"].as_object().unwrap().len() > 300);
}

#[test]
fn a_release_has_what_came_up_to_it() {
    let properties = |release: Release| openapi(release)["components"]["schemas"]["DBConnection"]["properties"].clone();
    let (newest, older) = (properties(releases::NEWEST), properties(Release::new(26, 12)));
    assert!(newest.get("service_account_rules").is_some() && older.get("service_account_rules").is_none());
    assert!(older.get("service_name").is_some());
    assert!(properties(Release::new(26, 2)).get("service_name").is_none());
    let document = openapi(Release::new(26, 12));
    assert!(document["components"]["schemas"].get("DBConnectionServiceAccountRule").is_none());
}

#[test]
fn parameters_and_operations_come_with_their_release() {
    let names = |release: Release| {
        let document = swagger(release);
        let parameters = document["paths"]["/lookml_models"]["get"]["parameters"].as_array().cloned().unwrap();
        let names = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned());
        (names.collect::<Vec<_>>(), document["paths"].get("/api_spec/{api_version}/{specification}").is_some())
    };
    assert_eq!(names(Release::new(21, 0)), (vec!["fields".to_owned()], false));
    assert_eq!(names(Release::new(21, 14)).0, ["fields", "limit", "offset"]);
    assert!(names(releases::NEWEST).1 && names(releases::NEWEST).0.len() == 7);
}

#[test]
fn an_operation_has_the_status_of_the_release() {
    let status = |release: Release| {
        let operation = openapi(release)["paths"]["/themes/default"]["get"].clone();
        (operation["x-looker-status"].as_str().unwrap().to_owned(), operation["deprecated"] == true)
    };
    assert_eq!(status(Release::new(22, 14)), ("beta".to_owned(), false));
    assert_eq!(status(Release::new(26, 10)), ("stable".to_owned(), false));
    assert_eq!(status(releases::NEWEST), ("deprecated".to_owned(), true));
}

#[test]
fn swagger_says_what_old_clients_look_for() {
    let swagger = swagger(releases::NEWEST);
    let login = &swagger["paths"]["/login"]["post"];
    assert_eq!(login["consumes"][0], "application/x-www-form-urlencoded");
    assert_eq!(login["parameters"][2]["in"], "formData");
    let create = &swagger["paths"]["/queries"]["post"];
    assert_eq!(create["operationId"], "create_query");
    assert_eq!(create["parameters"][1]["schema"]["$ref"], "#/definitions/Query");
    let ids = swagger["paths"]["/users"]["get"]["parameters"].as_array().unwrap();
    let ids = ids.iter().find(|parameter| parameter["name"] == "ids").unwrap();
    assert_eq!((&ids["type"], &ids["collectionFormat"]), (&Value::from("array"), &Value::from("csv")));
    let query = &swagger["definitions"]["Query"]["properties"];
    assert_eq!(query["id"]["readOnly"], true);
    assert_eq!(query["slug"]["x-looker-nullable"], true);
    assert_eq!(query["model"]["x-looker-nullable"], false);
    let task = &swagger["definitions"]["QueryTask"]["properties"]["query"];
    assert_eq!(task["$ref"], "#/definitions/Query");
}

#[test]
fn what_is_for_the_repository_only_is_not_served() {
    for form in [Form::OpenApi, Form::Swagger] {
        let text = Document::new(form, VERSION, &super::openapi(releases::NEWEST)).text(ORIGIN);
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("x-belvedere") && !text.contains("x-status-before"));
    }
}

#[test]
fn the_compressed_form_is_the_same_text() {
    use std::io::Read as _;
    let document = Document::new(Form::Swagger, VERSION, &super::openapi(releases::NEWEST));
    let (mut read, gzip) = (Vec::new(), document.gzip(ORIGIN));
    flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut read).unwrap();
    assert!(read == document.text(ORIGIN));
    assert!(gzip.len() < read.len() / 4);
}
