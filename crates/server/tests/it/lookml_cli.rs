//! `belvedere lookml` on files.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const MODEL: &str = "connection: \"db\"\ninclude: \"*.view\"\nexplore: orders {}\n";
const GOOD: &str = "view: orders {\n  dimension: id {\n    type: number\n    sql: ${TABLE}.id ;;\n  }\n}\n";
const BAD: &str = "view: orders {\n  dimension: é { type: numbr }\n  dimension: id { sql: ${ie} ;; }\n}\n";

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

fn lookml(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belvedere"));
    command.current_dir(folder).arg("lookml").args(arguments).output().expect("the binary runs")
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it is text")
}

#[test]
fn a_check_without_mistakes_ends_well() {
    let folder = project(&[("m.model.lkml", MODEL), ("orders.view.lkml", GOOD)]);
    let output = lookml(folder.path(), &["check", "."]);
    assert!(output.status.success());
    assert_eq!(text(&output), ".: no mistakes found\n");
}

#[test]
fn a_check_shows_each_mistake_at_its_place() {
    let folder = project(&[("m.model.lkml", MODEL), ("orders.view.lkml", BAD)]);
    let output = lookml(folder.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output);
    assert!(told.contains(" --> orders.view.lkml:2:24\n"), "{told}");
    assert!(told.contains(" --> orders.view.lkml:3:24\n"), "{told}");
    assert!(told.contains("did you mean `number`?"), "{told}");
    assert!(told.ends_with(".: 2 errors, 0 warnings\n"), "{told}");
}

#[test]
fn annotations_name_files_from_where_the_command_runs() {
    let folder = project(&[("shop/m.model.lkml", MODEL), ("shop/orders.view.lkml", BAD)]);
    let output = lookml(folder.path(), &["check", "--format", "github", "shop"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output);
    let first = told.lines().next().expect("there is a mistake");
    assert_eq!(
        first,
        "::error file=shop/orders.view.lkml,line=2,col=24,title=invalid-value::Unknown dimension type \"numbr\".%0A\
         did you mean `number`?"
    );
}

#[test]
fn sarif_has_rules_results_and_utf16_columns() {
    let folder = project(&[("m.model.lkml", MODEL), ("orders.view.lkml", BAD)]);
    let output = lookml(folder.path(), &["check", "--format", "sarif", "."]);
    let document: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let run = &document["runs"][0];
    assert_eq!(document["version"], "2.1.0");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("there are rules");
    let result = &run["results"][0];
    assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endColumn"]),
        (&2.into(), &24.into(), &29.into())
    );
}

#[test]
fn a_check_can_fail_on_warnings_or_never() {
    let warned = "view: orders { dimension: id { lable: \"x\" } }\n";
    let folder = project(&[("m.model.lkml", MODEL), ("orders.view.lkml", warned)]);
    assert!(lookml(folder.path(), &["check", "."]).status.success());
    assert_eq!(lookml(folder.path(), &["check", "--fail-on", "warning", "."]).status.code(), Some(1));
    fs::write(folder.path().join("orders.view.lkml"), BAD).expect("it can be written");
    assert!(lookml(folder.path(), &["check", "--fail-on", "never", "."]).status.success());
}

#[test]
fn imported_projects_are_found_in_the_folders_that_are_named() {
    let model = "connection: \"db\"\ninclude: \"//block/*.view\"\nexplore: orders {}\n";
    let folder = project(&[("shop/m.model.lkml", model), ("block/orders.view.lkml", GOOD)]);
    assert_eq!(lookml(folder.path(), &["check", "shop"]).status.code(), Some(1));
    assert!(lookml(folder.path(), &["check", "--import", "block=block", "shop"]).status.success());
    let graph = lookml(folder.path(), &["graph", "--import", "block=block", "--format", "mermaid", "shop"]);
    assert!(text(&graph).contains("n0 -->|\"base\"| n1"), "{}", text(&graph));
    let refused = lookml(folder.path(), &["check", "--import", "block", "shop"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("expected NAME=DIR"), "{refused:?}");
}

#[test]
fn projects_that_are_checked_together_import_each_other() {
    let model = "connection: \"db\"\ninclude: \"//block/*.view\"\nexplore: orders {}\n";
    let manifest = "local_dependency: { project: \"block\" }\n";
    let folder = project(&[
        ("shop/m.model.lkml", model),
        ("shop/manifest.lkml", manifest),
        ("elsewhere/manifest.lkml", "project_name: \"block\"\n"),
        ("elsewhere/orders.view.lkml", GOOD),
    ]);
    assert_eq!(lookml(folder.path(), &["check", "shop"]).status.code(), Some(1));
    let together = lookml(folder.path(), &["check", "shop", "elsewhere"]);
    assert!(together.status.success(), "{}", text(&together));
    let sql = lookml(folder.path(), &["sql", "shop", "elsewhere", "--explore", "orders", "--fields", "orders.id"]);
    assert!(sql.status.success() && text(&sql).contains("FROM orders AS orders"), "{sql:?}");
    let unknown = lookml(folder.path(), &["sql", "elsewhere", "--explore", "orders"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no explore orders; there are none"));
}

#[test]
fn a_file_that_is_no_text_is_a_mistake() {
    let folder = project(&[("m.model.lkml", MODEL), ("orders.view.lkml", GOOD)]);
    fs::write(folder.path().join("x.view.lkml"), b"view: x { label: \"\xff\" }\n").expect("it can be written");
    let output = lookml(folder.path(), &["check", "--json", "."]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(found[0]["id"], "not-utf-8");
}

#[test]
fn fmt_writes_files_anew_and_then_has_nothing_to_do() {
    let folder = project(&[("orders.view.lkml", "view:orders{dimension : id{type:number\nsql:${TABLE}.id;;}}")]);
    let path = folder.path().join("orders.view.lkml");
    let before = fs::read_to_string(&path).expect("it is there");
    let checked = lookml(folder.path(), &["fmt", "--check", "."]);
    assert_eq!((checked.status.code(), text(&checked)), (Some(1), "./orders.view.lkml\n".to_owned()));
    assert_eq!(fs::read_to_string(&path).expect("it is there"), before);
    assert!(lookml(folder.path(), &["fmt", "."]).status.success());
    assert_eq!(fs::read_to_string(&path).expect("it is there"), GOOD);
    assert!(lookml(folder.path(), &["fmt", "--check", "."]).status.success());
}

#[test]
fn fmt_leaves_broken_files_alone() {
    let folder = project(&[("orders.view.lkml", "view: orders {\n")]);
    let output = lookml(folder.path(), &["fmt", "."]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(folder.path().join("orders.view.lkml")).expect("it is there"), "view: orders {\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("the file has syntax errors"));
}

#[test]
fn a_model_is_printed_as_a_graph() {
    let folder = project(&[("m.model.lkml", MODEL), ("orders.view.lkml", GOOD)]);
    let mermaid = lookml(folder.path(), &["graph", "--format", "mermaid", "."]);
    assert_eq!(text(&mermaid), "flowchart LR\n  n0([\"orders\"])\n  n1[\"orders\"]\n  n0 -->|\"base\"| n1\n");
    let unknown = lookml(folder.path(), &["graph", "--explore", "order", "."]);
    assert!(!unknown.status.success());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("it has orders"));
}

const SHOP: &str = "connection: \"shop\"\ninclude: \"*.view\"\ninclude: \"*.test\"\n\
    explore: orders { join: users { sql_on: ${orders.user_id} = ${users.id} ;; relationship: many_to_one } }\n\
    explore: users {}\n";
const ORDERS: &str = "view: orders {\n  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }\n\
    dimension: user_id { type: number sql: ${TABLE}.user_id ;; }\n\
    measure: total { type: sum sql: ${TABLE}.amount ;; }\n}\n";
const USERS: &str = "view: users {\n  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }\n\
    dimension: city {}\n  filter: f {}\n}\n";

fn shop() -> tempfile::TempDir {
    project(&[("m.model.lkml", SHOP), ("orders.view.lkml", ORDERS), ("users.view.lkml", USERS)])
}

/// Another state of the shop.
fn changed(changes: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = shop();
    for (file, old, new) in changes {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(text.contains(old), "{file} has {old}");
        fs::write(path, text.replace(old, new)).expect("it can be written");
    }
    folder
}

#[test]
fn the_sql_of_a_query_is_printed_without_a_database() {
    let folder = shop();
    let arguments = ["sql", ".", "--model", "m", "--explore", "orders", "--fields", "users.city,orders.total"];
    let more =
        ["--filter", "users.city=Paris", "--filter", "orders.id=<5", "--sorts", "users.city desc", "--limit", "-1"];
    let output = lookml(folder.path(), &[&arguments[..], &more[..]].concat());
    assert!(output.status.success(), "{output:?}");
    let sql = text(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        sql,
        "SELECT users.city AS \"users.city\", COALESCE(SUM(orders.amount), 0) AS \"orders.total\" FROM orders AS orders \
         LEFT JOIN users AS users ON orders.user_id = users.id WHERE users.city = 'Paris' AND orders.id < 5 \
         GROUP BY 1 ORDER BY 1 DESC"
    );
}

#[test]
fn the_sql_of_every_field_is_printed() {
    let folder = changed(&[("users.view.lkml", "dimension: city {}", "dimension: city { sql: ${nothing} ;; }")]);
    let output = lookml(folder.path(), &["sql", "--json", "."]);
    assert_eq!(output.status.code(), Some(1));
    let rows: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let rows = rows.as_array().expect("a list");
    let names: Vec<String> =
        rows.iter().map(|row| format!("{} {}", row["explore"], row["field"]).replace('"', "")).collect();
    assert_eq!(
        names,
        [
            "orders orders.id",
            "orders orders.user_id",
            "orders orders.total",
            "orders users.id",
            "orders users.city",
            "users users.id",
            "users users.city",
        ]
    );
    let failed: Vec<bool> = rows.iter().map(|row| row["sql"].is_null() && row["error"].is_string()).collect();
    assert_eq!(failed, [false, false, false, false, true, false, true]);
    let told = lookml(folder.path(), &["sql", ".", "--explore", "users"]);
    assert!(text(&told).contains("-- m/users users.city\n-- error: "), "{told:?}");
}

/// The Liquid library would panic on this template.
#[test]
fn a_comment_that_does_not_end_is_a_mistake_like_any_other() {
    let dimension = "dimension: city { sql: {% comment%}{%raw %} ;; }";
    let folder = changed(&[("users.view.lkml", "dimension: city {}", dimension)]);
    let output = lookml(folder.path(), &["sql", ".", "--explore", "users"]);
    assert!(
        text(&output).contains("-- error: Users.city: Liquid: Unclosed block. {% endcomment %} tag expected"),
        "{output:?}"
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn sql_that_nobody_can_write_is_refused_with_what_there_is() {
    let folder = shop();
    let refusals = [
        (&["sql", ".", "--dialect", "oracle"][..], "it is one of duckdb"),
        (&["sql", ".", "--model", "n"], "the project has m"),
        (&["sql", ".", "--explore", "order"], "there are orders, users"),
        (&["sql", ".", "--explore", "users", "--fields", "users.city", "--filter", "x"], "--filter takes FIELD=VALUE"),
        (&["sql", ".", "--now", "soon"], "--now soon"),
    ];
    for (arguments, expected) in refusals {
        let output = lookml(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}

const TEST: &str = "test: sums {\n  explore_source: orders { column: id {} column: total {} sorts: [orders.id: asc] }\n\
    assert: positive { expression: ${orders.total} > 0 ;; }\n  assert: small { expression: ${orders.total} < 50 ;; }\n}\n\
    test: nobody { explore_source: users { column: id {} filters: [users.id: \"9\"] } assert: any { expression: no ;; } }\n";

/// The shop with its tests and its rows: orders of 10, 60 and 70.
fn tested(tests: &str) -> tempfile::TempDir {
    let folder = shop();
    fs::write(folder.path().join("t.test.lkml"), tests).expect("it can be written");
    let orders =
        "CREATE TABLE orders AS SELECT * FROM (VALUES (1, 1, 10), (2, 1, 60), (3, 1, 70)) AS t(id, user_id, amount)";
    let users = "CREATE TABLE users AS SELECT 1 AS id, 'Paris' AS city";
    let tables = [("orders", orders, Vec::new()), ("users", users, Vec::new())];
    belvedere_warehouse::driver::duckdb::create(&folder.path().join("shop.duckdb"), tables).expect("a database");
    folder
}

#[test]
fn data_tests_run_on_imported_views() {
    let folder = tested("");
    let model = "connection: \"shop\"\ninclude: \"//core/*.view\"\ninclude: \"*.test\"\nexplore: users {}\n";
    let test =
        "test: one { explore_source: users { column: id {} } assert: first { expression: ${users.id} = 1 ;; } }\n";
    let spoke = project(&[("spoke.model.lkml", model), ("t.test.lkml", test)]);
    let core = format!("core={}", folder.path().display());
    let database = format!("shop=duckdb:{}", folder.path().join("shop.duckdb").display());
    let output = lookml(spoke.path(), &["test", ".", "--import", &core, "--connection", &database]);
    assert_eq!(text(&output), "pass  spoke/users one\n1 tests, 0 failed\n");
}

#[test]
fn data_tests_tell_the_rows_that_fail() {
    let folder = tested(TEST);
    let output = lookml(folder.path(), &["test", ".", "--connection", "shop=duckdb:shop.duckdb"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(
        text(&output),
        "FAIL  m/orders sums\n\
         \x20       --> t.test.lkml:1\n\
         \x20     Assertion \"small\" failed: expression evaluated to \"No\".\n\
         \x20       orders.id = 2, orders.total = 60\n\
         \x20       orders.id = 3, orders.total = 70\n\
         \x20       2 of 3 rows\n\
         pass  m/users nobody  (its query returned no rows)\n\
         2 tests, 1 failed\n"
    );
    let output = lookml(folder.path(), &["test", ".", "--connection", "shop=duckdb:shop.duckdb", "--json"]);
    let results: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&results[0]["success"], &results[0]["assertions"]), (&false.into(), &2.into()));
    let failure = &results[0]["failures"][0];
    assert_eq!(
        (&failure["assertion"], &failure["rows_failed"], &failure["line"]),
        (&"small".into(), &2.into(), &4.into())
    );
    assert_eq!(failure["examples"][0], serde_json::json!({"orders.id": "2", "orders.total": "60"}));
    let one = lookml(folder.path(), &["test", ".", "--connection", "shop=duckdb:shop.duckdb", "--test", "nobody"]);
    assert!(one.status.success(), "{one:?}");
}

/// The shop where users see the orders of their `id`, and the explore of users only with the right city.
fn guarded(tests: &str) -> tempfile::TempDir {
    let folder = tested(tests);
    let path = folder.path().join("m.model.lkml");
    let explores = SHOP
        .replace("explore: orders {", "explore: orders { access_filter: { field: orders.id user_attribute: own }")
        .replace("explore: users {", "explore: users { required_access_grants: [paris]");
    let grant = "access_grant: paris { user_attribute: city allowed_values: [\"Paris\"] }\n";
    fs::write(path, format!("{explores}{grant}")).expect("it can be written");
    folder
}

#[test]
fn data_tests_run_with_the_access_of_a_user() {
    let folder = guarded(TEST);
    let run = |more: &[&str]| {
        lookml(folder.path(), &[&["test", ".", "--connection", "shop=duckdb:shop.duckdb"], more].concat())
    };
    let author = run(&[]);
    assert_eq!(author.status.code(), Some(1), "the author sees orders of 60 and 70");
    let of_one = run(&["--user-attribute", "own:number=1", "--user-attribute", "city=Paris"]);
    assert_eq!(
        text(&of_one),
        "pass  m/orders sums\npass  m/users nobody  (its query returned no rows)\n2 tests, 0 failed\n"
    );
    let of_two = run(&["--user-attribute", "own:advanced_filter_number=1,3"]);
    assert!(text(&of_two).contains("orders.id = 3, orders.total = 70\n        1 of 2 rows\n"), "{of_two:?}");
    assert!(text(&of_two).ends_with("1 tests, 1 failed\n"), "the explore of users is not there: {of_two:?}");
    assert_eq!(String::from_utf8_lossy(&of_two.stderr), "1 tests left out: the user does not see their explores\n");
    let nobody = run(&["--user-attribute", "own="]);
    assert!(text(&nobody).contains("pass  m/orders sums  (its query returned no rows)"), "{nobody:?}");
}

#[test]
fn sql_is_that_of_a_user() {
    let folder = guarded("");
    let orders = ["sql", ".", "--explore", "orders", "--fields", "orders.id", "--user-attribute", "own=7"];
    let output = lookml(folder.path(), &orders);
    assert!(text(&output).contains("WHERE orders.id = 7"), "{output:?}");
    let users = |more: &[&str]| lookml(folder.path(), &[&["sql", ".", "--explore", "users"], more].concat());
    assert!(users(&["--user-attribute", "city=Paris"]).status.success());
    let refusals = [
        ("city=London", "the user does not see the explore users"),
        ("city", "--user-attribute takes NAME=VALUE or NAME:TYPE=VALUE, not city"),
        ("city:town=Paris", "there is no type town; it is one of string, number"),
    ];
    for (attribute, expected) in refusals {
        let output = users(&["--user-attribute", attribute]);
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(expected), "{attribute}: {told}");
    }
}

#[test]
fn a_data_test_whose_query_fails_fails() {
    let folder =
        tested("test: t { explore_source: orders { column: id {} } assert: a { expression: ${orders.id} > 0 ;; } }\n");
    let path = folder.path().join("orders.view.lkml");
    fs::write(&path, ORDERS.replace("${TABLE}.id", "${TABLE}.no_such_column")).expect("it can be written");
    let output = lookml(folder.path(), &["test", ".", "--connection", "shop=duckdb:shop.duckdb"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("no_such_column"), "{output:?}");
    let elsewhere = lookml(folder.path(), &["test", ".", "--connection", "other=duckdb:shop.duckdb"]);
    assert!(text(&elsewhere).contains("\"shop\" is not configured"), "{elsewhere:?}");
}

#[test]
fn states_with_the_same_sql_have_no_impact() {
    let (old, new) = (shop(), changed(&[("users.view.lkml", "filter: f {}", "filter: f { label: \"F\" }  # new")]));
    let output = lookml(old.path(), &["impact", ".", &new.path().to_string_lossy(), "--fail-on", "any"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output), "the SQL of 2 explores is the same\n");
}

#[test]
fn an_impact_names_what_differs_and_where_that_comes_from() {
    let old = shop();
    let new = changed(&[
        ("orders.view.lkml", "sql: ${TABLE}.amount ;;", "sql: ${TABLE}.amount * 2 ;;"),
        ("users.view.lkml", "dimension: city {}", "dimension: town {}"),
        ("m.model.lkml", "explore: users {}", "explore: people { from: users }"),
    ]);
    let new_path = new.path().to_string_lossy().into_owned();
    let output = lookml(old.path(), &["impact", ".", &new_path]);
    assert_eq!(output.status.code(), Some(1), "something is gone");
    assert_eq!(
        text(&output),
        "m/orders: changed  --> m.model.lkml:4\n\
         \x20 changed orders.total  --> orders.view.lkml:4\n\
         \x20 gone    users.city  --> users.view.lkml:3\n\
         \x20 new     users.town  --> users.view.lkml:3\n\
         m/people: new  --> m.model.lkml:5\n\
         m/users: gone  --> m.model.lkml:5\n\
         explores: 1 changed, 1 gone, 1 new, of 2; fields: 1 changed, 1 gone, 1 new\n"
    );
    let output = lookml(old.path(), &["impact", ".", &new_path, "--json", "--fail-on", "never"]);
    assert!(output.status.success());
    let impact: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(
        impact["explores"][0]["fields"][0],
        serde_json::json!({
            "field": "orders.total", "change": "changed", "error": null, "cause": "field", "file": "orders.view.lkml",
            "line": 4,
        })
    );
    let comment = text(&lookml(old.path(), &["impact", ".", &new_path, "--markdown"]));
    assert!(comment.starts_with("### LookML impact\n"), "{comment}");
    assert!(comment.contains("| `m/orders` | changed | `orders.total` | `orders.view.lkml:4` |\n"), "{comment}");
    assert!(comment.contains("| `m/users` | gone | | `m.model.lkml:5` |\n"), "{comment}");
}

#[test]
fn a_field_that_loses_its_sql_is_broken() {
    let old = shop();
    let new = changed(&[("orders.view.lkml", "sql: ${TABLE}.amount ;;", "sql: ${nothing} ;;")]);
    let output = lookml(old.path(), &["impact", ".", &new.path().to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output);
    assert!(told.contains("broken  orders.total  --> orders.view.lkml:4\n") && told.contains("nothing"), "{told}");
}

#[test]
fn a_join_that_changes_reaches_the_fields_behind_it() {
    let old = shop();
    let new = changed(&[("m.model.lkml", "${orders.user_id} = ${users.id}", "${orders.id} = ${users.id}")]);
    let output = lookml(old.path(), &["impact", ".", &new.path().to_string_lossy()]);
    assert!(output.status.success(), "nothing is gone");
    assert_eq!(
        text(&output),
        "m/orders: changed  --> m.model.lkml:4\n\
         \x20 changed users.city, users.id  --> m.model.lkml:4\n\
         explores: 1 changed, of 2; fields: 2 changed\n"
    );
}
