//! Each rule of the catalogue has a case that breaks it, and the pages that are written from tables are fresh.

use belvedere_lookml::{parameters, rules};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rules that no small file can break, with the test that does.
const ELSEWHERE: [&str; 5] = [
    "extends-too-deep",  // hostile.rs
    "file-too-large",    // its text would have to be 256 MiB
    "more-mistakes",     // syntax/recovery.rs
    "nested-too-deeply", // syntax/recovery.rs
    "not-utf-8",         // syntax/text.rs
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn texts(name: &str, ending: &str) -> Vec<String> {
    let files = fs::read_dir(folder(name)).expect("the folder is there").map(|entry| entry.expect("it is read").path());
    let files = files.filter(|path| path.extension().is_some_and(|found| found == ending));
    files.map(|path| fs::read_to_string(path).expect("it is UTF-8")).collect()
}

#[test]
fn each_rule_is_broken_by_a_case() {
    let mut broken: BTreeSet<String> = ELSEWHERE.iter().map(ToString::to_string).collect();
    for text in texts("tests/cases", "md") {
        let words = text.lines().filter_map(|line| {
            let (severity, rest) = line.split_once(' ')?;
            ["fatal", "error", "warning", "info"].contains(&severity).then(|| rest.split(' ').next())?
        });
        broken.extend(words.map(str::to_owned));
    }
    for text in texts("test_data/err", "txt").into_iter().chain(texts("test_data/ok", "txt")) {
        let headings = text.lines().filter_map(|line| line.split_once('[')?.1.split_once("]: "));
        broken.extend(headings.map(|(id, _)| id.to_owned()));
    }
    let missing: Vec<&str> = rules::catalogue().map(|rule| rule.id).filter(|id| !broken.contains(*id)).collect();
    assert!(missing.is_empty(), "no case breaks {missing:?}");
}

#[test]
fn the_pages_written_from_tables_are_fresh() {
    let pages = [("parameters.md", parameters::reference()), ("rules.md", rules::reference())];
    for (name, page) in pages {
        let path = folder("../../docs/lookml").join(name);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
            fs::write(&path, &page).expect("it can be written");
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == page, "{} is stale: UPDATE_EXPECTED=1 writes it anew", path.display());
    }
}
