//! `belvedere api`: documents, what they differ in, and what of an old version programs use.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn belvedere(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_belvedere")).arg("api").args(arguments).current_dir(root).output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = belvedere(arguments);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

/// A document in a file, changed from one of this server.
fn changed(name: &str, from: &str, to: &str) -> (tempfile::TempDir, String) {
    let document = text(&belvedere(&["document", name]));
    assert!(document.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.json");
    fs::write(&path, document.replacen(from, to, 1)).unwrap();
    let path = path.to_string_lossy().into_owned();
    (folder, path)
}

#[test]
fn a_later_release_of_the_same_version_breaks_no_promise() {
    let output = belvedere(&["diff", "4.0@26.12", "4.0@26.22"]);
    assert_eq!(output.status.code(), Some(0));
    let text = text(&output);
    let added = "  [parameter-added]\n    move_dashboard(project_name): new parameter `project_name`: string\n";
    assert!(text.contains(added), "{text}");
    let gone = "Announced: would break, but was deprecated before\n  [operation-removed]\n    \
                `create_ci_run` is gone; it was POST /projects/{project_id}/ci/run (deprecated)\n";
    assert!(text.starts_with(gone), "{text}");
    assert!(text.lines().last().unwrap().starts_with("4.0.26.12 -> 4.0.26.22: "), "{text}");
}

#[test]
fn the_way_back_breaks_promises_and_says_which() {
    let output = belvedere(&["diff", "4.0@26.22", "4.0@26.12", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(report["breaking"], true);
    let changes = report["changes"].as_array().unwrap();
    let gone = changes.iter().find(|change| change["place"]["parameter"] == "project_name").unwrap();
    assert_eq!(gone["rule"], "parameter-removed");
    assert_eq!(gone["class"], "breaking");
    assert_eq!(gone["place"]["operation"], "move_dashboard");
    assert_eq!(gone["instead"], "keep it; mark it `deprecated` in one release and remove it in a later one");
}

#[test]
fn a_file_is_compared_with_a_version() {
    let (_folder, path) = changed("4.0", "\"operationId\":\"all_looks\"", "\"operationId\":\"looks\"");
    let output = belvedere(&["diff", "4.0", &path, "--format", "markdown"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "# 4.0.26.22 to 4.0.26.22\n\n1 breaking.\n\n## Breaking\n\n\
        Programs that rely on what was promised may fail.\n\n\
        - `all_looks` is called `looks` (GET /looks) now; it was GET /looks (`operation-renamed`). The operationId is the \
        name of the method in every SDK. Instead: keep the operationId; only another version may have another name.\n";
    assert_eq!(text(&output), expected);
}

#[test]
fn the_step_between_versions_knows_what_became_of_old_names() {
    let report = text(&belvedere(&["diff", "3.1", "4.0@26.12", "--format", "json"]));
    let report: Value = serde_json::from_str(&report).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let at = |rule: &str, key: &str, name: &str| {
        let found = changes.iter().find(|change| change["rule"] == rule && change["place"][key] == name);
        found.unwrap_or_else(|| panic!("{rule} {name}"))["after"].clone()
    };
    assert_eq!(at("operation-renamed", "operation", "space"), "`folder` (GET /folders/{folder_id})");
    assert_eq!(at("schema-renamed", "schema", "Homepage"), "Board");
    assert_eq!(at("base-url-changed", "kind", "document"), "/api/4.0");
    // As the product's own two documents have it: 139 integers and 4 lists of them became text.
    let retyped = changes.iter().filter(|change| {
        change["rule"] == "parameter-type-changed"
            && change["before"].as_str().is_some_and(|before| before.starts_with("integer"))
            && !change["place"]["operation"].as_str().is_some_and(|id| id.contains("homepage") || id.contains("space"))
    });
    assert!(retyped.count() > 100);
}

#[test]
fn every_blessed_document_is_kept_by_the_version_that_is_served() {
    for (blessed, served) in [
        ("contract/blessed/4.0-26.12.json", "4.0@26.12"),
        ("contract/blessed/4.0-26.22.json", "4.0@26.22"),
        ("contract/blessed/3.1-23.14.json", "3.1"),
    ] {
        let report = text(&belvedere(&["diff", blessed, served]));
        assert!(report.ends_with("no difference\n"), "{blessed}: {report}");
    }
}

#[test]
fn the_audit_names_file_line_column_and_what_to_use() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("node_modules")).unwrap();
    let program = "import looker_sdk\nsdk = looker_sdk.init40()\nspace = sdk.space(\"5\")\n";
    fs::write(folder.path().join("spaces.py"), program).unwrap();
    fs::write(folder.path().join("node_modules/spaces.py"), program).unwrap();
    let path = folder.path().to_string_lossy().into_owned();
    let output = belvedere(&["audit", "--from", "3.1", "--to", "4.0", &path]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "{path}/spaces.py:3:13: operation `space`\n    \
         `space` is called `folder` (GET /folders/{{folder_id}}) now; it was GET /spaces/{{space_id}}\n    \
         use instead: `folder` (GET /folders/{{folder_id}})\n1 place to change for 4.0 in 1 files\n"
    );
    assert_eq!(text(&output), expected);
    let json = text(&belvedere(&["audit", "--from", "3.1", "--to", "4.0", "--json", &path]));
    let found: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&found[0]["line"], &found[0]["column"], &found[0]["place"]), (&3.into(), &13.into(), &"space".into()));
}

#[test]
fn a_program_of_the_newer_version_passes_the_audit() {
    let clean = "crates/contract/tests/audit/clean";
    let output = belvedere(&["audit", "--from", "3.1", "--to", "4.0", clean]);
    assert_eq!((output.status.code(), text(&output).lines().count()), (Some(0), 1));
}

#[test]
fn the_changelog_is_that_of_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let checked_in = fs::read_to_string(root.join("docs/api-changelog/4.0.md")).unwrap();
    assert_eq!(text(&belvedere(&["changelog"])).trim_end(), checked_in.trim_end());
    let since = text(&belvedere(&["changelog", "--since", "26.12"]));
    assert!(since.contains("\n## 26.22\n") && !since.contains("\n## 26.12\n"), "{since}");
}

#[test]
fn what_is_no_document_is_refused_with_what_would_be_one() {
    let unknown = refused(&["diff", "3.1", "5.0"]);
    assert_eq!(
        unknown,
        "belvedere: `5.0` is no file and no version; versions are 3.1 and 4.0, with @26.12 for a release\n"
    );
    let release = refused(&["diff", "4.0@x", "4.0"]);
    assert_eq!(release, "belvedere: `4.0@x`: `x` is not a release: a release is a year and a number, such as 26.12\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json").to_string_lossy().into_owned();
    fs::write(&path, "{}").unwrap();
    assert_eq!(
        refused(&["diff", &path, "4.0"]),
        format!("belvedere: {path}: neither an OpenAPI 3 nor a Swagger 2.0 document: it has no `paths`\n")
    );
}
