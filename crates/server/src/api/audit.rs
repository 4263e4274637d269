//! `belvedere api audit`: what of an older version an application uses.

use super::{Named, moves, print};
use anyhow::{Context, Result, ensure};
use belvedere_contract::audit::{Audit, Finding};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Folders of what others wrote and of what is made.
const PASSED_OVER: [&str; 7] = ["node_modules", "vendor", "target", "dist", "build", "venv", "__pycache__"];
/// Files that are larger hold no program.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

pub(super) fn run(from: &str, to: &str, json: bool, paths: &[PathBuf]) -> Result<ExitCode> {
    let (from, to) = (Named::find(from)?, Named::find(to)?);
    let (old, new) = (from.read()?, to.read()?);
    let (old_name, new_name) = (from.version_name(&old), to.version_name(&new));
    let audit = Audit::new((&old_name, &old), (&new_name, &new), &moves(&from, &to));
    let mut found = Vec::new();
    let files = files(paths)?;
    for path in &files {
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.to_string_lossy();
        found.extend(audit.file(&name, &content).into_iter().map(|finding| (path.as_path(), finding)));
    }
    print(&if json { to_json(&found) } else { to_text(&found, files.len(), &new_name) })?;
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn to_text(found: &[(&Path, Finding)], files: usize, to: &str) -> String {
    let mut out = String::new();
    for (path, finding) in found {
        let (line, column, text) = (finding.line, finding.column, &finding.text);
        let _ = writeln!(out, "{}:{line}:{column}: {} `{text}`", path.display(), finding.kind);
        let _ = writeln!(out, "    {}", finding.what);
        let _ = writeln!(out, "    use instead: {}", finding.instead);
    }
    let places = if found.len() == 1 { "place".to_owned() } else { "places".to_owned() };
    let _ = writeln!(out, "{} {places} to change for {to} in {files} files", found.len());
    out
}

fn to_json(found: &[(&Path, Finding)]) -> String {
    let entries: Vec<Value> = found
        .iter()
        .map(|(path, finding)| {
            json!({
                "file": path.to_string_lossy(),
                "line": finding.line,
                "column": finding.column,
                "text": finding.text,
                "kind": finding.kind.to_string(),
                "place": finding.place,
                "what": finding.what,
                "instead": finding.instead,
            })
        })
        .collect();
    Value::Array(entries).to_string()
}

/// The files that the paths name, folders entered, in order. Links are not followed.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        ensure!(path.exists(), "{} does not exist", path.display());
        if path.is_dir() {
            enter(path, &mut files).with_context(|| format!("cannot read {}", path.display()))?;
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn enter(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && !PASSED_OVER.contains(&name.as_ref()) {
            enter(&entry.path(), files)?;
        } else if kind.is_file() && entry.metadata()?.len() <= MOST_BYTES {
            files.push(entry.path());
        }
    }
    Ok(())
}
