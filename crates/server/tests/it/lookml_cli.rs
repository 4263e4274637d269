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
