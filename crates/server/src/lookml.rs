//! `belvedere lookml`: work on LookML files without a server.

mod check;
mod files;
mod fmt;
mod graph;
mod impact;
mod parse;
mod sql;
mod test;
mod user;

use crate::cli::LookmlCommand;
use anyhow::{Context as _, Result};
use belvedere_engine::{Asker, Compiler};
use belvedere_lookml::render::Colour;
use jiff::Timestamp;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

/// Runs a subcommand; the code is 1 when it found an error in the files.
pub(crate) fn run(command: &LookmlCommand) -> Result<ExitCode> {
    match command {
        LookmlCommand::Parse { json, stats, paths } => parse::parse(*json, *stats, paths),
        LookmlCommand::Check(arguments) => check::check(arguments),
        LookmlCommand::Fmt { check, paths } => fmt::fmt(*check, paths),
        LookmlCommand::Sql(arguments) => sql::sql(arguments),
        LookmlCommand::Test(arguments) => test::test(arguments),
        LookmlCommand::Impact(arguments) => impact::impact(arguments),
        LookmlCommand::Graph(arguments) => graph::graph(arguments),
    }
}

fn colour() -> Colour {
    let wanted = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if wanted { Colour::Ansi } else { Colour::Plain }
}

/// The moment that relative filters count from.
fn moment(written: Option<&str>) -> Result<Timestamp> {
    let Some(written) = written else { return Ok(Timestamp::now()) };
    written.parse().with_context(|| format!("--now {written}: expected a time such as 2026-01-15T12:00Z"))
}

/// A compiler for the dialect `name`, for whoever asks.
fn compiler<'a>(name: &str, asker: Asker<'a>) -> Result<Compiler<'a>> {
    let known =
        || format!("there is no dialect {name}; it is one of {}", Compiler::dialects().collect::<Vec<_>>().join(", "));
    Compiler::new(name, asker).with_context(known)
}

const fn code(failed: bool) -> ExitCode {
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
