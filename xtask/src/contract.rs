//! The contract: the API as data, in `contract/`.

pub mod blessed;
pub mod coverage;
pub mod fragments;
pub mod model;
pub mod problem;
pub mod read;
pub mod rules;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use model::Api;
use problem::Problems;

/// The version that the fragments describe.
pub const VERSION: &str = "4.0";

/// What can be done with the contract.
#[derive(Subcommand)]
pub enum Task {
    /// Checks that the contract agrees with itself, that released documents are untouched, and that the generated
    /// code is what the contract gives.
    Check {
        /// The folder of the contract.
        #[arg(long)]
        contract: Option<PathBuf>,
    },
}

/// Does one of them.
pub fn run(task: &Task) -> anyhow::Result<()> {
    let Task::Check { contract } = task;
    let folder = contract.clone().unwrap_or_else(folder);
    let api = load(&folder)?;
    if contract.is_none() {
        crate::codegen::run(&crate::codegen::Arguments::check())?;
    }
    println!(
        "contract {VERSION}: {}, {} without code yet, {}",
        problem::count(api.operations.len(), "operation"),
        api.operations.iter().filter(|operation| !operation.implemented).count(),
        problem::count(api.schemas.len(), "schema"),
    );
    Ok(())
}

/// The folder of the contract in this workspace.
pub fn folder() -> PathBuf {
    crate::workspace().join("contract")
}

/// Reads and checks a contract. The error lists every mistake.
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
    blessed::check(folder, problems);
    Ok(api)
}

#[cfg(test)]
mod tests;
