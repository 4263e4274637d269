//! The configuration in force: file, environment and flags laid over each other.

use crate::cli::{LogFormat, ServeArguments};
use anyhow::{Context, Result, bail, ensure};
use belvedere_engine::Clock;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

/// The configuration of a server. Each key is a flag of `belvedere serve` under the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address to listen on.
    pub listen: String,
    /// Whether plain HTTP may be served beyond this machine.
    pub behind_proxy: bool,
    /// Folder for state, results and scratch files.
    pub data_dir: PathBuf,
    /// Whether state is kept in memory.
    pub ephemeral: bool,
    /// A fixed moment for `now`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// Folders of LookML projects.
    pub project: Vec<PathBuf>,
    /// Connections by name, each as `duckdb:FILE`.
    pub connection: BTreeMap<String, String>,
    /// Memory that DuckDB may use for each connection, its page cache included, in MiB.
    pub duckdb_memory_mib: u64,
    /// Whether the demonstration is served.
    pub demo: bool,
    /// Size of the demonstration.
    pub demo_scale: f64,
    /// Seed of the demonstration.
    pub demo_seed: u64,
    /// Day that the demonstration leads up to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demo_anchor: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:19999".to_owned(),
            behind_proxy: false,
            data_dir: default_data_dir(),
            ephemeral: false,
            now: None,
            log_format: LogFormat::Text,
            project: Vec::new(),
            connection: BTreeMap::new(),
            duckdb_memory_mib: 2048,
            demo: false,
            demo_scale: 1.0,
            demo_seed: 1,
            demo_anchor: None,
        }
    }
}

/// The user's data folder, as the XDG rules name it.
fn default_data_dir() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let share = variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")));
    share.map_or_else(|| PathBuf::from("belvedere-data"), |share| share.join("belvedere"))
}

impl Config {
    /// Reads the file that `arguments` name, and lays the arguments over it.
    pub fn load(arguments: &ServeArguments) -> Result<Self> {
        let mut config = match &arguments.config {
            Some(file) => Self::read(file)?,
            None => Self::default(),
        };
        config.overlay(arguments)?;
        config.check()?;
        Ok(config)
    }

    fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a configuration", file.display()))
    }

    fn overlay(&mut self, arguments: &ServeArguments) -> Result<()> {
        fn set<T: Clone>(key: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                *key = value.clone();
            }
        }
        set(&mut self.listen, arguments.listen.as_ref());
        set(&mut self.behind_proxy, arguments.behind_proxy.as_ref());
        set(&mut self.data_dir, arguments.data_dir.as_ref());
        set(&mut self.ephemeral, arguments.ephemeral.as_ref());
        set(&mut self.log_format, arguments.log_format.as_ref());
        set(&mut self.duckdb_memory_mib, arguments.duckdb_memory_mib.as_ref());
        set(&mut self.demo, arguments.demo.as_ref());
        set(&mut self.demo_scale, arguments.demo_scale.as_ref());
        set(&mut self.demo_seed, arguments.demo_seed.as_ref());
        self.now = arguments.now.clone().or(self.now.take());
        self.demo_anchor = arguments.demo_anchor.clone().or(self.demo_anchor.take());
        if !arguments.project.is_empty() {
            self.project.clone_from(&arguments.project);
        }
        for connection in &arguments.connection {
            let (name, place) = connection
                .split_once('=')
                .with_context(|| format!("connection `{connection}`: expected NAME=duckdb:FILE"))?;
            self.connection.insert(name.to_owned(), place.to_owned());
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        self.clock()?;
        self.anchor()?;
        self.databases()?;
        ensure!(
            self.demo || !self.project.is_empty(),
            "nothing to serve: give --demo, or --project DIR with --connection NAME=duckdb:FILE"
        );
        ensure!(
            self.demo_scale.is_finite() && self.demo_scale > 0.0,
            "demo-scale {}: expected a number above 0",
            self.demo_scale
        );
        ensure!(self.duckdb_memory_mib >= 16, "duckdb-memory-mib {}: expected at least 16", self.duckdb_memory_mib);
        for address in self.addresses()? {
            ensure!(
                address.ip().is_loopback() || self.behind_proxy,
                "{address} can be reached from other machines, and this server speaks plain HTTP: listen on 127.0.0.1, \
                 or give --behind-proxy when a proxy in front adds TLS"
            );
        }
        Ok(())
    }

    /// The addresses to listen on.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>> {
        let expected = || format!("listen `{}`: expected an address with a port, such as 127.0.0.1:19999", self.listen);
        let addresses: Vec<SocketAddr> = self.listen.to_socket_addrs().with_context(expected)?.collect();
        Ok(addresses)
    }

    /// What time it is.
    pub fn clock(&self) -> Result<Clock> {
        let Some(now) = &self.now else { return Ok(Clock::System) };
        // `2026-01-15T12:00Z`, seconds left out, is what people type; the parser wants them.
        let seconds =
            now.strip_suffix('Z').filter(|time| time.matches(':').count() == 1).map(|time| format!("{time}:00Z"));
        let parsed: Result<Timestamp, _> = seconds.as_deref().unwrap_or(now).parse();
        let now =
            parsed.with_context(|| format!("now `{now}`: expected a time with a zone, such as 2026-01-15T12:00Z"))?;
        Ok(Clock::Fixed(now))
    }

    /// The day that the demonstration leads up to, when one is given.
    pub fn anchor(&self) -> Result<Option<Date>> {
        let parse = |day: &String| {
            day.parse::<Date>().with_context(|| format!("demo-anchor `{day}`: expected a day, such as 2026-01-15"))
        };
        self.demo_anchor.as_ref().map(parse).transpose()
    }

    /// The DuckDB files by the name of their connection.
    pub fn databases(&self) -> Result<Vec<(&str, PathBuf)>> {
        let mut databases = Vec::new();
        for (name, place) in &self.connection {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
            ensure!(plain, "connection `{name}`: a name has letters, digits, `_`, `-` and `.`");
            match place.split_once(':') {
                Some(("duckdb", file)) if !file.is_empty() => databases.push((name.as_str(), PathBuf::from(file))),
                _ => bail!("connection `{name}={place}`: expected duckdb:FILE"),
            }
        }
        Ok(databases)
    }
}

#[cfg(test)]
mod tests {
    use super::Config;
    use crate::cli::ServeArguments;
    use belvedere_engine::Clock;

    fn arguments() -> ServeArguments {
        ServeArguments { demo: Some(true), ..ServeArguments::default() }
    }

    fn problem(arguments: &ServeArguments) -> String {
        format!("{:#}", Config::load(arguments).expect_err("it is refused"))
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("belvedere.toml");
        std::fs::write(&file, "demo = true\nlisten = \"127.0.0.1:1\"\ndemo_seed = 7\n").expect("written");
        let listen = Some("127.0.0.1:2".to_owned());
        let config = Config::load(&ServeArguments { config: Some(file), listen, ..ServeArguments::default() });
        let config = config.expect("it loads");
        assert_eq!((config.listen.as_str(), config.demo_seed, config.demo), ("127.0.0.1:2", 7, true));
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("belvedere.toml");
        std::fs::write(&file, "demmo = true\n").expect("written");
        assert!(problem(&ServeArguments { config: Some(file), ..arguments() }).contains("demmo"));
    }

    #[test]
    fn now_is_read_with_and_without_seconds() {
        for now in ["2026-01-15T12:00Z", "2026-01-15T12:00:00Z", "2026-01-15T13:00:00+01:00"] {
            let config = Config::load(&ServeArguments { now: Some(now.to_owned()), ..arguments() }).expect("it loads");
            assert_eq!(config.clock().expect("a clock"), Clock::Fixed("2026-01-15T12:00:00Z".parse().expect("a time")));
        }
        assert!(problem(&ServeArguments { now: Some("noon".to_owned()), ..arguments() }).contains("2026-01-15T12:00Z"));
    }

    #[test]
    fn plain_http_stays_on_this_machine_unless_a_proxy_is_named() {
        let open = ServeArguments { listen: Some("0.0.0.0:80".to_owned()), ..arguments() };
        assert!(problem(&open).contains("--behind-proxy"));
        assert!(Config::load(&ServeArguments { behind_proxy: Some(true), ..open }).is_ok());
    }

    #[test]
    fn a_connection_needs_a_kind_and_a_file() {
        for wrong in ["shop", "shop=", "shop=duckdb:", "shop=mysql:x", "a/b=duckdb:x"] {
            problem(&ServeArguments { connection: vec![wrong.to_owned()], ..arguments() });
        }
    }

    #[test]
    fn a_server_with_nothing_to_serve_says_what_to_give() {
        assert!(problem(&ServeArguments::default()).contains("--demo"));
    }
}
