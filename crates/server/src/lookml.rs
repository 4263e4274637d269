//! `belvedere lookml`: work on LookML files without a server.

use crate::cli::LookmlCommand;
use anyhow::{Context, Result, ensure};
use belvedere_engine::ServedProject;
use belvedere_lookml::diagnostic::{Diagnostic, Severity};
use belvedere_lookml::project::Project;
use belvedere_lookml::render::{Colour, render_json, render_text};
use belvedere_lookml::syntax::{self, lkml};
use std::fs;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs a subcommand; the code is 1 when it found an error in the files.
pub(crate) fn run(command: &LookmlCommand) -> Result<ExitCode> {
    match command {
        LookmlCommand::Parse { json, stats, paths } => parse(*json, *stats, paths),
        LookmlCommand::Check { json, paths } => check(*json, paths),
    }
}

fn parse(json: bool, stats: bool, paths: &[PathBuf]) -> Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = false;
    let (mut files, mut bytes, mut spent) = (0, 0, Duration::ZERO);
    for path in lkml_files(paths)? {
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name: Arc<str> = path.to_string_lossy().into();
        let started = Instant::now();
        let parsed = syntax::parse_bytes(&name, &content);
        spent += started.elapsed();
        files += 1;
        bytes += content.len();
        failed |= parsed.document.has_errors();
        if json {
            let document = lkml::to_lkml_json(&parsed).unwrap_or_else(|refused| refused.to_json());
            out.write_all(&document)?;
            out.write_all(b"\n")?;
        } else if !stats {
            let source = Arc::clone(parsed.document.source());
            out.write_all(render_text(&parsed.diagnostics, &|_| Some(Arc::clone(&source)), colour()).as_bytes())?;
        }
    }
    if stats {
        writeln!(out, "{files} files, {bytes} bytes, {:.6} s", spent.as_secs_f64())?;
    }
    out.flush()?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check(json: bool, paths: &[PathBuf]) -> Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut worst = None;
    for path in paths {
        let (project, found) = diagnostics(path)?;
        worst = worst.max(found.iter().map(|diagnostic| diagnostic.severity).max());
        let source = |file: &str| Some(Arc::clone(project.file(file)?.document.source()));
        let text =
            if json { render_json(&found, &source) } else { render_text(&found, &source, colour()).into_bytes() };
        out.write_all(&text)?;
        if !json {
            writeln!(out, "{}: {}", path.display(), summary(&found))?;
        }
    }
    out.flush()?;
    Ok(if worst >= Some(Severity::Error) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn diagnostics(path: &Path) -> Result<(Arc<Project>, Vec<Diagnostic>)> {
    ensure!(path.exists(), "{} does not exist", path.display());
    let project = if path.is_dir() {
        ServedProject::open(path).with_context(|| format!("cannot read {}", path.display()))?.snapshot()
    } else {
        let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let text: Arc<str> = String::from_utf8_lossy(&text).into();
        Arc::new(Project::load("file", vec![(path.to_string_lossy().into(), text)]))
    };
    let found = project.diagnostics();
    Ok((project, found))
}

fn summary(found: &[Diagnostic]) -> String {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity >= Severity::Error).count();
    let warnings = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning).count();
    match (errors, warnings) {
        (0, 0) => "no mistakes found".to_owned(),
        _ => format!("{errors} errors, {warnings} warnings"),
    }
}

fn colour() -> Colour {
    let wanted = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if wanted { Colour::Ansi } else { Colour::Plain }
}

/// The files that `paths` name, folders entered, in order.
fn lkml_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
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
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            enter(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "lkml") {
            files.push(path);
        }
    }
    Ok(())
}
