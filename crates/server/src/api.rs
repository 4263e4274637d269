//! `belvedere api`: documents of the API, what they differ in, and what of it an application uses.

mod audit;
mod usage;

use crate::cli::{ApiCommand, DiffFormat};
use anyhow::{Context, Result, bail};
use belvedere_api::{Release, documents, releases};
use belvedere_contract::report::changelog::{self, changelog, history};
use belvedere_contract::report::{self, Colour};
use belvedere_contract::{Document, Move, compare};
use belvedere_versions::{Version, Versions};
use serde_json::Value;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// Runs a subcommand; the code is 1 when a promise is broken or the audit found something.
pub(crate) fn run(command: &ApiCommand) -> Result<ExitCode> {
    match command {
        ApiCommand::Diff { old, new, format } => diff(old, new, *format),
        ApiCommand::Audit { from, to, json, paths } => audit::run(from, to, *json, paths),
        ApiCommand::Changelog { since } => print_changelog(since.as_deref()),
        ApiCommand::Usage { breaking_for, data_dir, json } => {
            usage::run(data_dir.as_deref(), breaking_for.as_deref(), *json)
        }
        ApiCommand::Document { name } => {
            print(&serde_json::to_string(&Named::find(name)?.value)?)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn diff(old: &str, new: &str, format: DiffFormat) -> Result<ExitCode> {
    let (old, new) = (Named::find(old)?, Named::find(new)?);
    let comparison = compare(&old.read()?, &new.read()?, &moves(&old, &new));
    print(&match format {
        DiffFormat::Text => report::text(&comparison, colour()),
        DiffFormat::Json => serde_json::to_string_pretty(&report::json(&comparison))?,
        DiffFormat::Markdown => report::markdown(&comparison),
    })?;
    Ok(if comparison.breaks() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What each release of the newest version brought.
fn print_changelog(since: Option<&str>) -> Result<ExitCode> {
    let since = since.map(str::parse::<belvedere_contract::Release>).transpose()?;
    let history = history(changelog::documents(&documents::whole(), since))?;
    print(&changelog(documents::VERSION, &history))?;
    Ok(ExitCode::SUCCESS)
}

/// A document as the command line names it: a version of this server, `3.1` or `4.0@26.12`, or a file.
struct Named {
    name: String,
    version: Option<&'static Version>,
    value: Value,
}

impl Named {
    fn find(name: &str) -> Result<Self> {
        let (version, release) = match name.split_once('@') {
            Some((version, release)) => (version, Some(release)),
            None => (name, None),
        };
        if let Some(version) = Versions::default().get(version) {
            let release = release.map(str::parse::<Release>).transpose().with_context(|| format!("`{name}`"))?;
            let mut value = version.document(release.unwrap_or(releases::NEWEST));
            if let Some(entries) = value.as_object_mut() {
                entries.insert("servers".to_owned(), serde_json::json!([{"url": version.base_path()}]));
            }
            return Ok(Self { name: name.to_owned(), version: Some(version), value });
        }
        if !Path::new(name).exists() {
            let known: Vec<&str> = Versions::default().iter().map(Version::name).collect();
            bail!(
                "`{name}` is no file and no version; versions are {}, with @26.12 for a release",
                known.join(" and ")
            );
        }
        let text = fs::read(name).with_context(|| format!("cannot read {name}"))?;
        let value = serde_json::from_slice(&text).with_context(|| format!("{name} is not JSON"))?;
        Ok(Self { name: name.to_owned(), version: None, value })
    }

    fn read(&self) -> Result<Document> {
        Document::read(&self.value).with_context(|| self.name.clone())
    }

    /// The name in addresses, `3.1`: that of the version, or what the document's head says.
    fn version_name(&self, document: &Document) -> String {
        match self.version {
            Some(version) => version.name().to_owned(),
            None => document.version.splitn(3, '.').take(2).collect::<Vec<_>>().join("."),
        }
    }
}

/// What the step from one version to the other moves; nothing is known of files.
fn moves(old: &Named, new: &Named) -> Vec<Move> {
    match (old.version, new.version) {
        (Some(old), Some(new)) if old.name() != new.name() => old.moves().into_iter().chain(new.moves()).collect(),
        _ => Vec::new(),
    }
}

/// Whoever reads only the beginning has read enough.
fn print(text: &str) -> Result<()> {
    match writeln!(io::stdout().lock(), "{}", text.trim_end()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn colour() -> Colour {
    let wanted = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if wanted { Colour::Ansi } else { Colour::Plain }
}
