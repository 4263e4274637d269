use std::fs;

use super::*;

fn copy_of_the_contract() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join(contract::VERSION)).unwrap();
    for name in [contract::coverage::FILE, releases::FILE] {
        fs::copy(contract::folder().join(name), copy.path().join(name)).unwrap();
    }
    for entry in fs::read_dir(contract::folder().join(contract::VERSION)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(contract::VERSION).join(path.file_name().unwrap())).unwrap();
    }
    copy
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{} has {from:?}", path.display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn generated(folder: &Path) -> Files {
    generate(folder, &contract::load(folder).unwrap()).unwrap()
}

#[test]
fn the_generated_code_is_what_the_contract_gives() {
    let stale = stale(&generated(&contract::folder()), &crate::workspace().join("crates/api/src/generated")).unwrap();
    assert!(stale.is_empty(), "run `cargo xtask codegen`: {stale:?}");
}

#[test]
fn a_changed_contract_makes_exactly_what_follows_from_it_stale() {
    let folder = copy_of_the_contract();
    let out = tempfile::tempdir().unwrap();
    write(&generated(folder.path()), out.path()).unwrap();
    assert_eq!(stale(&generated(folder.path()), out.path()).unwrap(), Vec::<String>::new());

    edit(&folder.path().join("4.0/session.yaml"), "workspace_id: {type: string", "workspace: {type: string");
    let after = generated(folder.path());
    let expected = ["bodies/session.rs", "documents/openapi-4.0.json", "types/session.rs"];
    assert_eq!(stale(&after, out.path()).unwrap(), expected);
    write(&after, out.path()).unwrap();
    assert_eq!(stale(&after, out.path()).unwrap(), Vec::<String>::new());
    assert!(fs::read_to_string(out.path().join("types/session.rs")).unwrap().contains("pub workspace: Option<String>"));
}

#[test]
fn a_file_that_is_no_longer_made_is_stale_and_goes() {
    let out = tempfile::tempdir().unwrap();
    let files = generated(&contract::folder());
    write(&files, out.path()).unwrap();
    let old = out.path().join("types/spaces.rs");
    fs::write(&old, "").unwrap();
    assert_eq!(stale(&files, out.path()).unwrap(), ["types/spaces.rs"]);
    write(&files, out.path()).unwrap();
    assert!(!old.exists());
}

#[test]
fn an_operation_in_the_coverage_list_needs_no_method() {
    let folder = copy_of_the_contract();
    fs::write(folder.path().join(contract::coverage::FILE), "session\n").unwrap();
    let files = generated(folder.path());
    assert!(!files[Path::new("tags/session.rs")].contains("fn session("));
    assert!(files[Path::new("tags/session.rs")].contains("fn update_session("));
    assert!(files[Path::new("operations.rs")].contains("OperationId::Session"));
}
