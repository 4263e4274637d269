//! What the audit finds in sample programs: `tests/audit`.
//!
//! Each folder but `clean` holds programs with uses of 3.1 planted in them; `tests/audit/expected.txt` lists each of
//! them with its place. The programs in `clean` speak 4.0 and are full of words that mean something in 3.1.

use std::fs;
use std::path::{Path, PathBuf};

use belvedere_contract::audit::Audit;
use belvedere_contract::{Document, Move};

const MOVES: &[Move] = &[
    Move::operation("spaces_not_folders", "space", "folder"),
    Move::operation("spaces_not_folders", "all_spaces", "all_folders"),
    Move::operation("spaces_not_folders", "space_looks", "folder_looks"),
    Move::operation("spaces_not_folders", "space_children", "folder_children"),
    Move::schema("spaces_not_folders", "Space", "Folder"),
    Move::schema("spaces_not_folders", "SpaceBase", "FolderBase"),
    Move::property("spaces_not_folders", "Look", "space", "folder"),
    Move::property("spaces_not_folders", "Look", "space_id", "folder_id"),
    Move::property("spaces_not_folders", "LookWithQuery", "space", "folder"),
    Move::property("spaces_not_folders", "LookWithQuery", "space_id", "folder_id"),
    Move::property("spaces_not_folders", "LookWithDashboards", "space", "folder"),
    Move::property("spaces_not_folders", "LookWithDashboards", "space_id", "folder_id"),
    Move::property("spaces_not_folders", "Dashboard", "space_id", "folder_id"),
    Move::property("spaces_not_folders", "User", "home_space_id", "home_folder_id"),
    Move::property("spaces_not_folders", "User", "personal_space_id", "personal_folder_id"),
    Move::parameter("spaces_not_folders", "search_looks", "space_id", "folder_id"),
    Move::operation("homepages_not_boards", "all_homepages", "all_boards"),
    Move::operation("homepages_not_boards", "create_homepage", "create_board"),
    Move::operation("homepages_not_boards", "create_homepage_item", "create_board_item"),
    Move::schema("homepages_not_boards", "Homepage", "Board"),
    Move::property("homepages_not_boards", "Homepage", "homepage_sections", "board_sections"),
    Move::parameter_gone("lost_parameters", "create_query_task", "image_width"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn blessed(name: &str) -> Document {
    Document::parse(&fs::read(root().join("contract/blessed").join(name)).unwrap()).unwrap()
}

fn audit() -> Audit {
    let (old, new) = (blessed("3.1-23.14.json"), blessed("4.0-26.12.json"));
    Audit::new(("3.1", &old), ("4.0", &new), MOVES)
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit")
}

/// The findings in the programs of a folder, a line each: place, kind, what stands there, what to use.
fn found(audit: &Audit, folder: &Path) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let name = file.strip_prefix(samples()).unwrap().to_string_lossy().into_owned();
        for finding in audit.file(&name, &fs::read(&file).unwrap()) {
            let (line, column, kind, text) = (finding.line, finding.column, finding.kind, &finding.text);
            lines.push(format!("{name}:{line}:{column} {kind} `{text}` {} -> {}", finding.place, finding.instead));
        }
    }
    lines
}

#[test]
fn each_planted_use_is_found_and_nothing_else() {
    let audit = audit();
    let mut folders: Vec<PathBuf> = fs::read_dir(samples()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir() && !folder.ends_with("clean"));
    folders.sort();
    let lines: Vec<String> = folders.iter().flat_map(|folder| found(&audit, folder)).collect();
    let file = samples().join("expected.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&file, format!("{}\n", lines.join("\n"))).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap();
    assert_eq!(lines, expected.lines().collect::<Vec<_>>());
}

#[test]
fn a_clean_program_has_no_findings() {
    assert_eq!(found(&audit(), &samples().join("clean")), Vec::<String>::new());
}

#[test]
fn what_is_no_text_has_no_findings() {
    let audit = audit();
    let mut program = b"import looker_sdk\nsdk.all_spaces()\n".to_vec();
    assert_eq!(audit.file("a.py", &program).len(), 1);
    program.push(0);
    assert!(audit.file("a.py", &program).is_empty());
    assert!(audit.file("a.py", &[0xff, 0xfe, b's', 0]).is_empty());
}

#[test]
fn hostile_programs_are_read_in_linear_time() {
    let audit = audit();
    for (ending, unit) in [
        ("py", "["),
        ("py", "f(x for x in "),
        ("py", "f\"{"),
        ("py", "'''"),
        ("py", "sdk.search_looks(space_id=["),
        ("ts", "`${"),
        ("ts", "{a:"),
        ("ts", "sdk.look("),
        ("ts", "a<b,"),
        ("ts", "/["),
        ("go", "for _, x := range "),
        ("rb", "#{\""),
        ("kt", "x.map { "),
        ("txt", "/api/3.1/{"),
        ("txt", "/api/3.1/looks/5?fields=id("),
        ("sh", "/api/3.1\n$X/spaces/"),
        ("py", "import "),
        ("ts", "import {a, "),
        ("py", "def f(a, "),
        ("py", "x = y = "),
        ("py", "look.look[0]."),
    ] {
        let program = unit.repeat(100_000 / unit.len());
        let begun = std::time::Instant::now();
        audit.file(&format!("a.{ending}"), program.as_bytes());
        let spent = begun.elapsed();
        assert!(spent < std::time::Duration::from_secs(10), "{unit}: {spent:?}");
    }
}
