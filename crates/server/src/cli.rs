//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The open server that speaks Looker's API.
#[derive(Debug, Parser)]
#[command(name = "belvedere", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve projects over the API.
    Serve(ServeArguments),
    /// Work on LookML files without a server.
    #[command(subcommand)]
    Lookml(LookmlCommand),
}

/// `belvedere serve`. Each flag is also an environment variable and a key of the configuration file; a flag wins over
/// the environment, and the environment over the file.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArguments {
    /// Serve the demonstration: the project `thelook` with its data.
    #[arg(long, env = "BELVEDERE_DEMO", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub demo: Option<bool>,
    /// Size of the demonstration: 1 is about 100,000 order items.
    #[arg(long, env = "BELVEDERE_DEMO_SCALE", value_name = "FACTOR")]
    pub demo_scale: Option<f64>,
    /// Seed of the demonstration's data.
    #[arg(long, env = "BELVEDERE_DEMO_SEED", value_name = "NUMBER")]
    pub demo_seed: Option<u64>,
    /// Day that the demonstration's data leads up to; today when it is not given.
    #[arg(long, env = "BELVEDERE_DEMO_ANCHOR", value_name = "YYYY-MM-DD")]
    pub demo_anchor: Option<String>,
    /// A folder with a LookML project; may be given several times.
    #[arg(long, env = "BELVEDERE_PROJECT", value_delimiter = ',', value_name = "DIR")]
    pub project: Vec<PathBuf>,
    /// A connection that models name, as NAME=duckdb:FILE; may be given several times.
    #[arg(long, env = "BELVEDERE_CONNECTION", value_delimiter = ',', value_name = "NAME=duckdb:FILE")]
    pub connection: Vec<String>,
    /// Memory that DuckDB may use for each connection, its page cache included, in MiB.
    #[arg(long, env = "BELVEDERE_DUCKDB_MEMORY_MIB", value_name = "MIB")]
    pub duckdb_memory_mib: Option<u64>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "BELVEDERE_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Serve plain HTTP beyond this machine, because a proxy in front adds TLS.
    #[arg(long, env = "BELVEDERE_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub behind_proxy: Option<bool>,
    /// Folder for state, results and scratch files.
    #[arg(long, env = "BELVEDERE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Keep state in memory: users, credentials and queries end with the process.
    #[arg(long, env = "BELVEDERE_EPHEMERAL", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub ephemeral: Option<bool>,
    /// The moment that relative filters count from, such as 2026-01-15T12:00Z; the clock when it is not given.
    #[arg(long, env = "BELVEDERE_NOW", value_name = "TIME")]
    pub now: Option<String>,
    /// Form of the log.
    #[arg(long, env = "BELVEDERE_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
    /// Configuration file.
    #[arg(long, env = "BELVEDERE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the configuration in force and stop.
    #[arg(long)]
    pub print_config: bool,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object per line.
    Json,
}

/// `belvedere lookml`.
#[derive(Debug, Subcommand)]
pub enum LookmlCommand {
    /// Parse files and print what is in them.
    Parse {
        /// Print one JSON document per file, in the dict shape of the Python package `lkml`; `{"error": ...}` for a
        /// file that cannot be parsed.
        #[arg(long)]
        json: bool,
        /// Print files, bytes and seconds of parsing alone.
        #[arg(long)]
        stats: bool,
        /// Files, or folders with `.lkml` files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Check projects, and print what is wrong with its place. Ends with 1 when there is an error.
    Check {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Folders of projects, or single files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}
