//! Tag Project: where the LookML comes from.

use belvedere_store::user::NewUser;
use belvedere_testing::{ORIGIN, Seed, TestServer};
use serde_json::{Value, json};

#[tokio::test]
async fn a_project_on_plain_files_has_no_git() {
    let server = TestServer::shop().await;
    let project = server.admin().get("/projects/shop").await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&project.ok()).expect("JSON"));
    assert_eq!(server.admin().get("/projects").await.text(), format!("[{}]", project.text()));
    let some = server.admin().get("/projects?fields=id,%20pull_request_mode,nonsense").await;
    assert_eq!(some.ok(), json!([{"id": "shop", "pull_request_mode": "off"}]));
}

#[tokio::test]
async fn a_project_that_there_is_not_is_not_found() {
    let server = TestServer::shop().await;
    for id in ["store", "Shop", "..", "%2e%2e%2fshop", "shop%2F", "%00"] {
        let refused = server.admin().get(&format!("/projects/{id}")).await;
        assert_eq!(refused.refused(404), "Not found", "{id}");
    }
    let refused = server.admin().get("/projects/store").await;
    assert_eq!(refused.json()["documentation_url"], format!("{ORIGIN}/r/err/4.0/404/get/projects/:project_id"));
}

#[tokio::test]
async fn projects_are_forbidden_to_whoever_may_not_see_lookml() {
    let server = TestServer::shop().await;
    let paul = server.add_plain_user().await;
    for path in ["/projects", "/projects/shop", "/projects/store"] {
        assert_eq!(server.user(&paul).get(path).await.refused(403), "Permission Denied", "{path}");
    }
}

#[tokio::test]
async fn a_file_with_mistakes_does_not_take_the_project_with_it() {
    let broken = "explore: nowhere { from: no_such_view }\nview: torn { dimension: id { sql: ${TABLE}.id ;; ";
    let server = TestServer::start(Seed::shop().file("views/torn.view.lkml", broken)).await;
    assert_eq!(server.admin().get("/projects/shop?fields=id").await.ok(), json!({"id": "shop"}));
    let query = json!({"model": "shop", "view": "orders", "fields": ["orders.count"]});
    assert_eq!(server.admin().run(&query, "json", "").await.ok(), json!([{"orders.count": 6}]));
}

#[tokio::test]
async fn a_validation_is_kept_until_the_next() {
    let server = TestServer::shop().await;
    let before = server.admin().get("/projects/shop/validate").await;
    assert_eq!((before.status, before.text()), (204, ""));
    let validation = server.admin().post("/projects/shop/validate").await.ok();
    assert_eq!(validation["errors"], json!([]));
    assert_eq!(validation["models_not_validated"], json!([]));
    let digest = validation["project_digest"].as_str().expect("a digest");
    assert!(digest.len() == 40 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    assert!(validation["computation_time"].is_f64(), "{validation}");
    let kept = server.admin().get("/projects/shop/validate").await.ok();
    assert_eq!(
        kept,
        json!({
            "errors": [], "project_digest": digest, "models_not_validated": [], "computation_time": null,
            "stale": false,
        })
    );
}

#[tokio::test]
async fn a_mistake_is_told_in_the_shape_of_the_product() {
    let view = "view: torn {\n  dimension: id { sql: ${nothing} ;; }\n  dimension: x { lable: \"X\" }\n}\n";
    let model = "connection: \"shop\"\ninclude: \"/views/torn.view\"\nexplore: torn {}\n";
    let seed = Seed::empty().file("torn.model.lkml", model).file("views/torn.view.lkml", view);
    let server = TestServer::start(seed).await;
    let validation = server.admin().post("/projects/shop/validate").await.ok();
    let unknown = "Unknown or inaccessible field \"torn.nothing\" referenced in \"torn.id\". Check for typos or append a \
                   timeframe to the name if the field is type \"time\".";
    let misspelt = "Unknown or unexpected parameter \"lable\" in \"dimension\".";
    assert_eq!(
        validation["errors"],
        json!([
            {
                "code": null, "severity": "error", "kind": "error", "message": unknown, "field_name": "torn.id",
                "file_path": "shop/views/torn.view.lkml", "line_number": 2, "model_id": "torn", "explore": null,
                "help_url": null, "params": {"level": "error"}, "sanitized_message": unknown,
            },
            {
                "code": null, "severity": "warning", "kind": "error", "message": misspelt, "field_name": null,
                "file_path": "shop/views/torn.view.lkml", "line_number": 3, "model_id": null, "explore": null,
                "help_url": null, "params": {"level": "warning", "scope": "phase_zero"}, "sanitized_message": misspelt,
            },
        ])
    );
    let some = server.admin().get("/projects/shop/validate?fields=errors(severity),stale").await.ok();
    assert_eq!(some, json!({"errors": [{"severity": "error"}, {"severity": "warning"}], "stale": false}));
}

#[tokio::test]
async fn a_model_file_that_cannot_be_parsed_is_not_validated() {
    let seed = Seed::shop().file("more/other.model.lkml", "connection: \"shop\"\nexplore: orders {\n");
    let server = TestServer::start(seed).await;
    let validation = server.admin().post("/projects/shop/validate").await.ok();
    let not_validated = json!([{"name": "other", "project_file_id": "more/other.model.lkml"}]);
    assert_eq!(validation["models_not_validated"], not_validated);
    let errors = validation["errors"].as_array().expect("a list");
    let torn: Vec<&Value> = errors.iter().filter(|error| error["severity"] == "fatal").collect();
    assert_eq!(torn.len(), 1, "{validation}");
    assert_eq!((&torn[0]["params"], &torn[0]["sanitized_message"]), (&json!({}), &Value::Null));
    assert_eq!(torn[0]["file_path"], "shop/more/other.model.lkml");
}

#[tokio::test]
async fn files_are_listed_by_path_and_told_one_by_one() {
    let server = TestServer::start(Seed::shop().file("readme.md", "# Shop")).await;
    let files = server.admin().get("/projects/shop/files?fields=id,type,title,extension,mime_type").await.ok();
    let file = |id: &str, kind: &str, title: &str| json!({"id": id, "type": kind, "title": title, "extension": "lkml", "mime_type": "text/plain"});
    assert_eq!(
        files,
        json!([
            {"id": "readme.md", "type": "document", "title": "readme.md", "extension": "md", "mime_type": "text/markdown"},
            file("shop.model.lkml", "model", "shop.model"),
            file("views/numbers.view.lkml", "view", "numbers.view"),
            file("views/orders.view.lkml", "view", "orders.view"),
            file("views/users.view.lkml", "view", "users.view"),
        ])
    );
    let one = server.admin().get("/projects/shop/files/file?file_id=views/orders.view.lkml").await.ok();
    assert_eq!(
        one,
        json!({
            "can": {}, "id": "views/orders.view.lkml", "path": "views/orders.view.lkml", "title": "orders.view",
            "type": "view", "extension": "lkml", "mime_type": "text/plain", "editable": false, "git_status": null,
        })
    );
}

#[tokio::test]
async fn no_path_leads_out_of_the_project() {
    let server = TestServer::shop().await;
    let paths = ["../shop.model.lkml", "/etc/passwd", "views/../shop.model.lkml", "views", "shop.model.lkml%00", "."];
    for path in paths {
        let refused = server.admin().get(&format!("/projects/shop/files/file?file_id={path}")).await;
        assert_eq!(refused.refused(404), "Not found", "{path}");
    }
    assert_eq!(server.admin().get("/projects/shop/files/file").await.status, 400);
}

#[tokio::test]
async fn a_folder_without_git_is_one_branch() {
    let server = TestServer::shop().await;
    let branch = server.admin().get("/projects/shop/git_branch").await.ok();
    let expected = json!({
        "can": {}, "name": "master", "remote": null, "remote_name": null, "error": null, "message": null,
        "owner_name": null, "readonly": true, "personal": false, "is_local": true, "is_remote": false,
        "is_production": true, "ahead_count": null, "behind_count": null, "commit_at": null, "ref": null,
        "remote_ref": null,
    });
    assert_eq!(branch, expected);
    assert_eq!(server.admin().get("/projects/shop/git_branches").await.ok(), json!([expected]));
    assert_eq!(server.admin().get("/projects/shop/git_branch/master").await.ok(), expected);
    assert_eq!(server.admin().get("/projects/shop/git_branch/feature%2Fx").await.refused(404), "Not found");
    let workspace = server.admin().get("/projects/shop/current_workspace?fields=workspace_id,git_branch(name)").await;
    assert_eq!(workspace.ok(), json!({"workspace_id": "production", "git_branch": {"name": "master"}}));
}

#[tokio::test]
async fn a_manifest_is_told_with_imports_and_languages() {
    let server = TestServer::shop().await;
    assert_eq!(server.admin().get("/projects/shop/manifest").await.refused(404), "Not found");
    let manifest = "project_name: \"shop\"\n\
        local_dependency: { project: \"base\" }\n\
        remote_dependency: block { url: \"https://example.com/block\" ref: \"v1\" }\n\
        localization_settings: { default_locale: en localization_level: permissive }\n";
    let seed = Seed::shop().file("manifest.lkml", manifest).file("en.strings.json", "{}");
    let server = TestServer::start(seed).await;
    assert_eq!(
        server.admin().get("/projects/shop/manifest").await.ok(),
        json!({
            "can": {}, "name": "shop",
            "imports": [
                {"name": "base", "url": null, "ref": null, "is_remote": false},
                {"name": "block", "url": "https://example.com/block", "ref": "v1", "is_remote": true},
            ],
            "localization_settings": {"default_locale": "en", "localization_level": "permissive"},
        })
    );
}

const TESTS: &str = r#"
test: ids_are_unique {
  explore_source: orders {
    column: id {}
    column: count {}
    filters: [orders.status: "-NULL"]
    sorts: [orders.count: desc]
    limit: 1
  }
  assert: one_row { expression: ${orders.count} = 1 ;; }
}
test: amounts {
  explore_source: orders { column: id {} column: amount {} sorts: [orders.id: asc] }
  assert: positive { expression: ${orders.amount} > 0 ;; }
  assert: small { expression: ${orders.amount} < 1000 ;; }
  assert: no_answer { expression: "perhaps" ;; }
  assert: broken { expression: ${orders.nothing} = 1 ;; }
}
test: refused_by_the_database {
  explore_source: orders { column: misspelt {} }
  assert: any { expression: yes ;; }
}
test: nothing_there {
  explore_source: orders { column: id {} filters: [orders.id: "99"] }
  assert: never_looked_at { expression: ${orders.id} = 1 ;; }
}
"#;

async fn tested() -> TestServer {
    let model = "connection: \"shop\"\ninclude: \"/views/*.view\"\ninclude: \"/tests.lkml\"\nexplore: orders {}\n";
    TestServer::start(Seed::shop().file("tested.model.lkml", model).file("tests.lkml", TESTS)).await
}

#[tokio::test]
async fn data_tests_are_listed_with_the_address_of_their_query() {
    let server = tested().await;
    let tests = server.admin().get("/projects/shop/lookml_tests").await.ok();
    let names: Vec<&Value> = tests.as_array().expect("a list").iter().map(|test| &test["name"]).collect();
    assert_eq!(names, ["ids_are_unique", "amounts", "refused_by_the_database", "nothing_there"]);
    let parameters = "fields=orders.id,orders.count&f[orders.status]=-NULL&sorts=orders.count+desc&limit=1&dynamic_fields=\
        [%7B%22category%22%3A%22table_calculation%22,%22table_calculation%22%3A%22looker_assert_one_row%22,\
        %22label%22%3A%22One+Row%22,%22expression%22%3A%22%24%7Borders.count%7D+%3D+1%22,%22_type_hint%22%3A%22yesno\
        %22%7D]";
    assert_eq!(tests[0]["query_url_params"], parameters);
    assert_eq!(
        (&tests[0]["model_name"], &tests[0]["explore_name"], &tests[0]["file"], &tests[0]["line"]),
        (&json!("tested"), &json!("orders"), &json!("shop/tests.lkml"), &json!(2))
    );
    let elsewhere = server.admin().get("/projects/shop/lookml_tests?file_id=shop.model.lkml").await;
    assert_eq!(elsewhere.ok(), json!([]));
}

#[tokio::test]
async fn a_data_test_tells_each_assertion_that_does_not_hold() {
    let server = tested().await;
    let run = async |test: &str| {
        let results = server.admin().get(&format!("/projects/shop/lookml_tests/run?test={test}")).await.ok();
        assert_eq!(results.as_array().map(Vec::len), Some(1), "{results}");
        results[0].clone()
    };
    assert_eq!(
        run("ids_are_unique").await,
        json!({
            "can": {}, "model_name": "tested", "test_name": "ids_are_unique", "assertions_count": 1,
            "assertions_failed": 0, "errors": [], "warnings": [], "success": true,
        })
    );
    let amounts = run("amounts").await;
    assert_eq!((&amounts["success"], &amounts["assertions_count"]), (&json!(false), &json!(4)));
    assert_eq!(amounts["assertions_failed"], 3);
    let messages: Vec<&str> = amounts["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| error["message"].as_str().expect("text"))
        .collect();
    assert_eq!(messages[0], "Assertion \"small\" failed: expression evaluated to \"No\".");
    assert_eq!(messages[1], "Assertion \"no_answer\" failed: expression evaluated to \"perhaps\".");
    assert!(messages[2].starts_with("Assertion \"broken\" failed: ") && messages[2].contains("orders.nothing"));
    assert_eq!(
        amounts["errors"][0],
        json!({
            "code": null, "severity": "error", "kind": null,
            "message": "Assertion \"small\" failed: expression evaluated to \"No\".",
            "field_name": null, "file_path": "shop/tests.lkml", "line_number": 15, "model_id": "tested",
            "explore": "orders", "help_url": null,
            "params": {
                "__FILE": "shop/tests.lkml", "__LINE_NUM": 15, "model_id": "tested", "explore": "orders",
                "field_name": null, "level": "error",
            },
            "sanitized_message": "Assertion (?) failed: expression evaluated to \"No\".",
        })
    );
}

#[tokio::test]
async fn a_data_test_whose_query_fails_is_fatal_and_one_without_rows_a_warning() {
    let server = tested().await;
    let results = server.admin().get("/projects/shop/lookml_tests/run?file_id=tests.lkml&model=tested").await.ok();
    assert_eq!(results.as_array().map(Vec::len), Some(4));
    let refused = &results[2];
    assert_eq!((&refused["assertions_failed"], &refused["success"]), (&json!(0), &json!(false)));
    assert_eq!(refused["errors"][0]["severity"], "fatal");
    let message = refused["errors"][0]["message"].as_str().expect("text");
    assert!(message.starts_with("Query execution failed:  - ") && message.contains("no_such_column"), "{message}");
    let empty = &results[3];
    assert_eq!((&empty["success"], &empty["errors"]), (&json!(true), &json!([])));
    assert_eq!(empty["warnings"][0]["severity"], "warning");
}

#[tokio::test]
async fn whoever_does_not_develop_on_the_project_is_told_nothing() {
    let server = tested().await;
    let viewer = server.add_user(NewUser::default()).await;
    let paths = ["validate", "lookml_tests", "lookml_tests/run", "git_branch", "git_branches", "current_workspace"];
    for path in paths {
        let refused = server.user(&viewer).get(&format!("/projects/shop/{path}")).await;
        assert_eq!(refused.refused(404), "Not found", "{path}");
        assert_eq!(server.admin().get(&format!("/projects/store/{path}")).await.refused(404), "Not found", "{path}");
    }
    assert_eq!(server.user(&viewer).post("/projects/shop/validate").await.refused(404), "Not found");
}
