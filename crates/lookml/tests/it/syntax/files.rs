//! The files of `test_data`.

use super::dump::dump;
use belvedere_lookml::diagnostic::Severity;
use belvedere_lookml::render::{Colour, render_text};
use belvedere_lookml::syntax::{Parsed, lkml, parse};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it is read").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "lkml")).collect();
    files.sort();
    assert!(files.len() > 10, "{} is not the folder of test files", folder.display());
    files
}

fn read(path: &Path) -> Parsed {
    let name: Arc<str> = path.file_name().expect("it has a name").to_string_lossy().into();
    parse(&name, fs::read_to_string(path).expect("it is UTF-8"))
}

/// Compares with the file beside `path` that has another ending, or writes that file.
fn expect(path: &Path, ending: &str, actual: &str) {
    let expected = path.with_extension(ending);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&expected, actual).expect("it can be written");
        return;
    }
    let text = fs::read_to_string(&expected).unwrap_or_default();
    assert!(text == actual, "{} is not what came out:\n{actual}", expected.display());
}

fn tree_and_diagnostics(parsed: &Parsed) -> String {
    let source = Arc::clone(parsed.document.source());
    let diagnostics = render_text(&parsed.diagnostics, &|_| Some(Arc::clone(&source)), Colour::Plain);
    let tree = dump(&parsed.document);
    if diagnostics.is_empty() { tree } else { format!("{tree}---\n{diagnostics}") }
}

#[test]
fn files_that_count_have_their_tree_and_their_dictionary() {
    for path in files("ok") {
        let parsed = read(&path);
        assert!(!parsed.document.has_errors(), "{}: {:#?}", path.display(), parsed.diagnostics);
        expect(&path, "txt", &tree_and_diagnostics(&parsed));
        let json = lkml::to_lkml_json(&parsed).expect("the file counts");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("it is JSON");
        expect(&path, "json", &format!("{json:#}\n"));
    }
}

#[test]
fn broken_files_have_their_diagnostics_and_the_rest_of_their_tree() {
    for path in files("err") {
        let parsed = read(&path);
        assert!(parsed.document.has_errors(), "{}", path.display());
        expect(&path, "txt", &tree_and_diagnostics(&parsed));
        let refused = lkml::to_lkml_json(&parsed).expect_err("the file is refused");
        let first = parsed.diagnostics.iter().find(|mistake| mistake.severity == Severity::Fatal);
        let first = first.expect("a refused file has a reason");
        assert_eq!(refused.to_string(), format!("line {}: {}", first.location.line, first.message));
        let json: serde_json::Value = serde_json::from_slice(&refused.to_json()).expect("it is JSON");
        assert_eq!(json, serde_json::json!({ "error": refused.to_string() }));
    }
}

#[test]
fn every_mistake_says_what_would_be_right() {
    for path in [files("ok"), files("err")].concat() {
        for mistake in read(&path).diagnostics {
            assert!(mistake.help.is_some(), "{}: {}", path.display(), mistake.message);
            assert!(mistake.location.line > 0, "{}: {}", path.display(), mistake.message);
        }
    }
}
