//! The belvedere server: command line, configuration, and how the parts are put together.
//!
//! This is the only crate that reports to a person at a terminal, and so the only one with `anyhow`.

mod admin;
mod api;
mod audit;
mod certificate;
pub mod cli;
mod config;
mod credentials;
mod demo;
mod hidden;
mod ids;
mod lookml;
mod mail;
mod private;
mod sealing;
mod serve;
mod state;
mod store;

pub use config::Config;
pub use store::StoreAddress;

use anyhow::Result;
use clap::Parser;
use std::process::ExitCode;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let command = cli::Cli::parse().command;
    let done: Result<ExitCode> = match command {
        cli::Command::Serve(arguments) => serve::serve(&arguments).map(|()| ExitCode::SUCCESS),
        cli::Command::Admin(command) => admin::run(&command).map(|()| ExitCode::SUCCESS),
        cli::Command::Audit(arguments) => audit::run(&arguments).map(|()| ExitCode::SUCCESS),
        cli::Command::Api(command) => api::run(&command),
        cli::Command::Lookml(command) => lookml::run(&command),
    };
    done.unwrap_or_else(|error| {
        eprintln!("belvedere: {error:#}");
        ExitCode::FAILURE
    })
}
