//! `belvedere lookml`: work on LookML files without a server.

mod check;
mod files;
mod fmt;
mod graph;
mod parse;

use crate::cli::LookmlCommand;
use anyhow::Result;
use belvedere_lookml::render::Colour;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

/// Runs a subcommand; the code is 1 when it found an error in the files.
pub(crate) fn run(command: &LookmlCommand) -> Result<ExitCode> {
    match command {
        LookmlCommand::Parse { json, stats, paths } => parse::parse(*json, *stats, paths),
        LookmlCommand::Check(arguments) => check::check(arguments),
        LookmlCommand::Fmt { check, paths } => fmt::fmt(*check, paths),
        LookmlCommand::Graph { format, model, explore, path } => {
            graph::graph(*format, model.as_deref(), explore.as_deref(), path)
        }
    }
}

fn colour() -> Colour {
    let wanted = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if wanted { Colour::Ansi } else { Colour::Plain }
}

const fn code(failed: bool) -> ExitCode {
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
