//! `belvedere audit`.

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn belvedere(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belvedere"));
    command.args(arguments).arg("--data-dir").arg(folder);
    command.env_remove("BELVEDERE_STORE").output().expect("it runs")
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = belvedere(folder, &[&["audit"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn names(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let told: Value = serde_json::from_str(&printed(folder, &[arguments, &["--json"]].concat())).expect("JSON");
    let entries = told.as_array().expect("a list").iter();
    entries.map(|entry| entry["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn what_the_command_line_does_is_in_the_record_that_it_prints() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let made = belvedere(folder, &["admin", "create", "--email", "ada@example.com"]);
    assert!(made.status.success(), "{made:?}");
    assert!(belvedere(folder, &["admin", "reset-credential", "ada@example.com"]).status.success());
    assert_eq!(names(folder, &[]), ["create_administrator", "reset_credential"]);
    assert_eq!(names(folder, &["--limit", "1"]), ["reset_credential"]);
    assert_eq!(names(folder, &["--name", "create_administrator,login"]), ["create_administrator"]);
    assert_eq!(names(folder, &["--since", "1h", "--until", "2000-01-01"]), Vec::<String>::new());
    assert_eq!(names(folder, &["--user", "1"]), Vec::<String>::new(), "nobody is known on the command line");

    let told: Value = serde_json::from_str(&printed(folder, &["--json", "--limit", "1"])).expect("JSON");
    let entry = &told[0];
    assert_eq!((&entry["user_id"], &entry["is_api_call"]), (&Value::Null, &json!(false)));
    assert_eq!(entry["attributes"]["user_id"], "1");
    let text = printed(folder, &[]);
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains(" create_administrator user_id=1 client_id="), "{text}");
    let secret = String::from_utf8(made.stdout).expect("text");
    let secret = secret.split_once(" / ").and_then(|(_, rest)| rest.split_whitespace().next()).expect("a secret");
    assert!(!text.contains(secret));
}

#[test]
fn a_record_that_is_not_there_and_a_time_that_is_none_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = belvedere(folder.path(), &["audit"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no state in"));
    assert!(belvedere(folder.path(), &["admin", "create"]).status.success());
    let refused = belvedere(folder.path(), &["audit", "--since", "yesterday"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("such as 24h or 7d"), "{refused:?}");
    let refused = belvedere(folder.path(), &["audit", "--user", "nobody@example.com"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no user has the address"), "{refused:?}");
}
