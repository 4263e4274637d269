//! `belvedere lookml check`

use super::files::{Loaded, project};
use super::{code, colour};
use crate::cli::{CheckArguments, FailOn, ReportFormat};
use anyhow::Result;
use belvedere_lookml::diagnostic::{Diagnostic, Severity};
use belvedere_lookml::render::{render_github, render_json, render_sarif, render_text};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Checks projects and reports what is wrong with them.
pub fn check(arguments: &CheckArguments) -> Result<ExitCode> {
    let format = if arguments.json { ReportFormat::Json } else { arguments.format };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut worst = None;
    for path in &arguments.paths {
        let Loaded { project, not_text } = project(path, &arguments.imports, &arguments.paths)?;
        let mut found = not_text;
        found.extend(project.diagnostics());
        worst = worst.max(found.iter().map(|diagnostic| diagnostic.severity).max());
        let source = |file: &str| Some(Arc::clone(project.file(file)?.document.source()));
        match format {
            ReportFormat::Text => {
                out.write_all(render_text(&found, &source, colour()).as_bytes())?;
                writeln!(out, "{}: {}", path.display(), summary(&found))?;
            }
            ReportFormat::Json => out.write_all(&render_json(&found, &source))?,
            ReportFormat::Sarif => out.write_all(render_sarif(&found, &source, &folder(path)).as_bytes())?,
            ReportFormat::Github => out.write_all(render_github(&found, &source, &folder(path)).as_bytes())?,
        }
    }
    out.flush()?;
    let limit = match arguments.fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Never => None,
    };
    Ok(code(limit.is_some_and(|limit| worst >= Some(limit))))
}

/// What stands before the paths of a project's files, seen from where the command runs.
fn folder(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let relative = text.strip_prefix("./").unwrap_or(&text);
    if !path.is_dir() || relative == "." { String::new() } else { relative.to_owned() }
}

fn summary(found: &[Diagnostic]) -> String {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity >= Severity::Error).count();
    let warnings = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning).count();
    match (errors, warnings) {
        (0, 0) => "no mistakes found".to_owned(),
        _ => format!("{errors} errors, {warnings} warnings"),
    }
}
