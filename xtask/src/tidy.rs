//! The invariants of ARCHITECTURE.md that a machine can hold: which crate may use which, and what no source says.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates from the highest to the lowest; a crate may use only those below it.
const LAYERS: [&str; 18] = [
    "testing",
    "server",
    "http",
    "service",
    "engine",
    "versions",
    "api",
    "store",
    "mail",
    "results",
    "warehouse",
    "query",
    "lookml",
    "expressions",
    "wire",
    "contract",
    "demo",
    "testbed",
];

/// Dependencies that only some crates may have: the one place that speaks to what they stand for.
const OWNED: [(&str, &[&str]); 11] = [
    ("axum", &["http"]),
    ("hyper", &["http"]),
    ("hyper-util", &["http"]),
    ("tower", &["http"]),
    ("tower-http", &["http"]),
    ("sqlx", &["store"]),
    ("sea-query", &["store"]),
    ("duckdb", &["warehouse"]),
    ("lettre", &["mail"]),
    ("anyhow", &["server", "xtask"]),
    ("clap", &["server", "xtask"]),
];

/// Crates that do no I/O, have no async and no clock.
const PURE: [&str; 4] = ["contract", "expressions", "lookml", "query"];

/// What sources of the pure crates never name.
const IMPURE: [&str; 8] =
    ["std::fs", "std::net", "std::process", "async fn", "SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"];

/// What no source says, in any crate.
const UNFINISHED: [&str; 4] = ["todo!(", "unimplemented!(", "#[ignore", "dbg!("];

/// Lines of one file beyond which it holds more than one idea.
const MAX_LINES: usize = 900;

/// Checks every invariant; the error lists each breach.
pub fn tidy(root: &Path) -> Result<()> {
    let mut breaches = Vec::new();
    dependencies(root, &mut breaches)?;
    sources(root, &mut breaches)?;
    if breaches.is_empty() {
        println!("the invariants hold");
        return Ok(());
    }
    bail!("{} breaches of the invariants in ARCHITECTURE.md:\n- {}", breaches.len(), breaches.join("\n- "))
}

/// The name of a package without the project's prefix.
fn short(name: &str) -> &str {
    name.strip_prefix("belvedere-").unwrap_or(name)
}

fn dependencies(root: &Path, breaches: &mut Vec<String>) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(["metadata", "--format-version=1", "--no-deps"]).current_dir(root).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata printed no JSON")?;
    let layer: BTreeMap<&str, usize> = LAYERS.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let user = short(package["name"].as_str().unwrap_or_default());
        let mut names = Vec::new();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let full_name = dependency["name"].as_str().unwrap_or_default();
            let is_ours = dependency["path"].is_string();
            let used = if is_ours { short(full_name) } else { full_name };
            let is_test = dependency["kind"] == "dev";
            if is_ours && !may_use(&layer, user, used, is_test) {
                breaches.push(format!("crate {user} uses {used}, which is not below it"));
            }
            let owners = OWNED.iter().find(|(name, _)| !is_ours && *name == used);
            if let Some((_, owners)) = owners.filter(|(_, owners)| !is_test && !owners.contains(&user)) {
                breaches.push(format!("crate {user} names {used}, which only {owners:?} may"));
            }
            if !is_test {
                names.push(used.to_owned());
            }
        }
        let both = ["query", "warehouse"].iter().all(|name| names.iter().any(|used| used == name));
        if both && user != "engine" {
            breaches.push(format!("crate {user} uses query and warehouse together, which only engine may"));
        }
    }
    Ok(())
}

fn may_use(layer: &BTreeMap<&str, usize>, user: &str, used: &str, is_test: bool) -> bool {
    match (layer.get(user), layer.get(used)) {
        (Some(user_layer), Some(used_layer)) => {
            user_layer < used_layer || (is_test && user == "server" && used == "testing") || (is_test && user == "demo")
        }
        // Tasks of the workspace stand outside.
        _ => user == "xtask",
    }
}

fn sources(root: &Path, breaches: &mut Vec<String>) -> Result<()> {
    let mut files = Vec::new();
    for folder in ["crates", "demo", "xtask"] {
        rust_files(&root.join(folder), &mut files)?;
    }
    for file in files {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let is_generated = name.contains("/generated/");
        let lines = text.lines().count();
        if lines > MAX_LINES && !is_generated {
            breaches.push(format!("{name} has {lines} lines, more than {MAX_LINES}: does it still hold one idea?"));
        }
        // This file names what it forbids.
        if name.ends_with("tidy.rs") {
            continue;
        }
        let pure = PURE.iter().any(|pure| name.starts_with(&format!("crates/{pure}/src")));
        let forbidden = UNFINISHED.iter().chain(IMPURE.iter().filter(|_| pure));
        for word in forbidden.filter(|word| text.contains(**word)) {
            breaches.push(format!("{name} says `{word}`"));
        }
    }
    Ok(())
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
