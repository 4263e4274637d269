//! The contract: the API as data, in `contract/`.

pub mod blessed;
pub mod changelog;
pub mod coverage;
pub mod facts;
pub mod fragments;
pub mod model;
pub mod problem;
pub mod promise;
pub mod read;
pub mod rules;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use belvedere_contract::{Release, report};
use clap::Subcommand;
use serde_json::Value;

use model::Api;
use problem::Problems;

/// The version that the fragments describe.
pub const VERSION: &str = "4.0";

/// What can be done with the contract.
#[derive(Subcommand)]
pub enum Task {
    /// Checks that the contract agrees with itself, that released documents are untouched and what they promise is
    /// kept, and that the generated code and the changelog are what the contract gives.
    Check {
        /// The folder of the contract.
        #[arg(long)]
        contract: Option<PathBuf>,
    },
    /// Blesses the document of a release: from then on it never changes, and what it promises is kept.
    Bless {
        /// The version, such as 4.0.
        version: String,
        /// The release, such as 26.22.
        release: String,
        /// The document in a file, in place of the one that the contract gives.
        #[arg(long)]
        document: Option<PathBuf>,
    },
    /// Writes what each release brought, from the contract.
    Changelog,
    /// Compares our documents with listings of the product's own.
    Facts {
        /// The folder with the listings.
        folder: PathBuf,
        /// The document of a version in a file, as VERSION=FILE, in place of the one that the server makes.
        #[arg(long, value_name = "VERSION=FILE")]
        document: Vec<String>,
    },
}

/// Does one of them.
pub fn run(task: &Task) -> anyhow::Result<()> {
    match task {
        Task::Check { contract } => check(contract.as_deref()),
        Task::Bless { version, release, document: given } => {
            let release: Release = release.parse()?;
            let document = match given {
                Some(file) => serde_json::from_slice(&std::fs::read(file)?)?,
                None => document(version, Some(release))?.with_context(|| format!("there is no version {version}"))?,
            };
            blessed::bless(&folder(), version, release, document)
        }
        Task::Changelog => changelog::write(&load(&folder())?),
        Task::Facts { folder, document: given } => facts::compare(folder, |version, release| {
            match given.iter().find_map(|given| given.strip_prefix(version)?.strip_prefix('=')) {
                Some(file) => Ok(Some(serde_json::from_slice(&std::fs::read(file)?)?)),
                None => document(version, release.parse().ok()),
            }
        }),
    }
}

fn check(contract: Option<&Path>) -> anyhow::Result<()> {
    let folder = contract.map_or_else(folder, Path::to_owned);
    let mut problems = Problems::default();
    let api = read(&folder, &mut problems)?;
    let since = promise::check(&api, &blessed::read(&folder, &mut problems), &mut problems);
    problems.into_result()?;
    if contract.is_none() {
        crate::codegen::run(&crate::codegen::Arguments::check())?;
        changelog::check(&api)?;
    }
    println!(
        "contract {VERSION}: {}, {} without code yet, {}",
        problem::count(api.operations.len(), "operation"),
        api.operations.iter().filter(|operation| !operation.implemented).count(),
        problem::count(api.schemas.len(), "schema"),
    );
    if let Some(since) = since {
        println!("since {}, the newest blessed document: {}", since.old, report::summary(&since));
    }
    Ok(())
}

/// The folder of the contract in this workspace.
pub fn folder() -> PathBuf {
    crate::workspace().join("contract")
}

/// Reads a contract that agrees with itself. The error lists every mistake.
pub fn load(folder: &Path) -> anyhow::Result<Api> {
    let mut problems = Problems::default();
    let api = read(folder, &mut problems)?;
    problems.into_result()?;
    Ok(api)
}

fn read(folder: &Path, problems: &mut Problems) -> anyhow::Result<Api> {
    let uncovered = coverage::read(folder, problems);
    let fragments = fragments::read(&folder.join(VERSION), problems)?;
    let document = fragments::assemble(&fragments, problems);
    let api = read::api(VERSION, &fragments, document, &uncovered, problems);
    rules::check(&api, problems);
    coverage::check(&uncovered, &api, problems);
    Ok(api)
}

/// The document of a version at a release; none where there is no such version. Versions that are lists of changes
/// are code: the server makes their documents.
fn document(version: &str, release: Option<Release>) -> anyhow::Result<Option<Value>> {
    if version == VERSION {
        let whole = promise::whole(&load(&folder())?);
        let release = release.or_else(|| promise::newest(&whole)).context("the contract names no release")?;
        return Ok(Some(promise::at(&whole, version, release)));
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--package", "belvedere-server", "--", "api", "document", version])
        .current_dir(crate::workspace())
        .stderr(std::process::Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the server gives no document of {version}");
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}

#[cfg(test)]
mod tests;
