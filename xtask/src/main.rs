//! Tasks of the workspace.

mod ci;
mod codegen;
mod contract;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the Rust code and the documents that follow from the contract.
    Codegen(codegen::Arguments),
    /// Works on the contract itself.
    #[command(subcommand)]
    Contract(contract::Task),
    /// Checks the invariants of ARCHITECTURE.md.
    Tidy,
    /// Runs all that a merge must pass.
    Ci,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Codegen(arguments) => codegen::run(&arguments),
        Task::Contract(task) => contract::run(&task),
        Task::Tidy => tidy::tidy(&workspace()),
        Task::Ci => ci::ci(&workspace()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root folder of the workspace.
fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}
