//! The configuration in force: file, environment and flags laid over each other.

use crate::certificate;
use crate::cli::{LogFormat, MailArguments, ServeArguments};
use crate::hidden::Hidden;
use crate::mail;
use crate::store::{self, StoreAddress};
use anyhow::{Context, Result, bail, ensure};
use belvedere_api::{Release, releases};
use belvedere_engine::Clock;
use belvedere_http::ConnectionLimits;
use belvedere_mail::SUBMISSION;
use belvedere_service::audit::Retention;
use belvedere_service::{AllowedOrigin, Policy, TrustedProxies};
use belvedere_versions::{Version, Versions};
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
    /// Whether TLS is spoken, with a certificate that the server makes where none is given.
    pub tls: bool,
    /// The file of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_certificate: Option<PathBuf>,
    /// The file of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_key: Option<PathBuf>,
    /// Addresses and networks of the proxies in front, which let plain HTTP be served beyond this machine.
    pub behind_proxy: Vec<String>,
    /// Scheme, host and port that users reach the server at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_url: Option<String>,
    /// The mail server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_address: Option<String>,
    /// Its port.
    pub smtp_port: u16,
    /// Whom mails come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_from: Option<String>,
    /// Who signs in to the mail server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_user_name: Option<String>,
    /// With which password.
    #[serde(skip_serializing)]
    pub smtp_password: Option<Hidden>,
    /// Whether the connection to it is encrypted where it offers that.
    pub smtp_enable_starttls_auto: bool,
    /// Folder for state, results and scratch files.
    pub data_dir: PathBuf,
    /// The file of the key that seals the secrets in the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealing_key: Option<PathBuf>,
    /// The PostgreSQL database of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreAddress>,
    /// A file with the people that the server shall have when it starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PathBuf>,
    /// Whether state is kept in memory.
    pub ephemeral: bool,
    /// Days that sign-ins and changes stay recorded; 0 for ever.
    pub event_days: u32,
    /// Days that runs of queries stay recorded; 0 for ever.
    pub history_days: u32,
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
    /// The release of the API that the server is.
    pub api_release: String,
    /// Origins whose pages may call the API.
    pub allowed_origin: Vec<String>,
    /// Calls that each user may make in a minute; 0 for any number.
    pub rate_limit: u32,
    /// Connections that callers may have at once.
    pub max_connections: usize,
    /// Versions of the API that are not answered.
    pub withdraw_version: Vec<String>,
    /// Versions of the API that are answered, but told to nobody.
    pub hide_version: Vec<String>,
    /// Operations that are switched off, each with the reason.
    pub switch_off: BTreeMap<String, String>,
    /// Operations that require a permission beside their own.
    pub also_require: BTreeMap<String, String>,
    /// Operations, and parameters of operations, that answer as if they were gone.
    pub brown_out: Vec<String>,
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
            tls: false,
            tls_certificate: None,
            tls_key: None,
            behind_proxy: Vec::new(),
            host_url: None,
            smtp_address: None,
            smtp_port: SUBMISSION,
            smtp_from: None,
            smtp_user_name: None,
            smtp_password: None,
            smtp_enable_starttls_auto: true,
            data_dir: default_data_dir(),
            sealing_key: None,
            store: None,
            state: None,
            ephemeral: false,
            event_days: 365,
            history_days: 90,
            now: None,
            log_format: LogFormat::Text,
            project: Vec::new(),
            connection: BTreeMap::new(),
            duckdb_memory_mib: 2048,
            api_release: releases::NEWEST.to_string(),
            allowed_origin: Vec::new(),
            rate_limit: 0,
            max_connections: ConnectionLimits::default().most,
            withdraw_version: Vec::new(),
            hide_version: Vec::new(),
            switch_off: BTreeMap::new(),
            also_require: BTreeMap::new(),
            brown_out: Vec::new(),
            demo: false,
            demo_scale: 1.0,
            demo_seed: 1,
            demo_anchor: None,
        }
    }
}

/// The user's data folder, as the XDG rules name it.
pub(crate) fn default_data_dir() -> PathBuf {
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
        set(&mut self.tls, arguments.tls.as_ref());
        self.tls_certificate = arguments.tls_certificate.clone().or(self.tls_certificate.take());
        self.tls_key = arguments.tls_key.clone().or(self.tls_key.take());
        set(&mut self.data_dir, arguments.data_dir.as_ref());
        set(&mut self.ephemeral, arguments.ephemeral.as_ref());
        set(&mut self.event_days, arguments.event_days.as_ref());
        set(&mut self.history_days, arguments.history_days.as_ref());
        set(&mut self.log_format, arguments.log_format.as_ref());
        set(&mut self.duckdb_memory_mib, arguments.duckdb_memory_mib.as_ref());
        set(&mut self.api_release, arguments.api_release.as_ref());
        set(&mut self.rate_limit, arguments.rate_limit.as_ref());
        set(&mut self.max_connections, arguments.max_connections.as_ref());
        set(&mut self.demo, arguments.demo.as_ref());
        set(&mut self.demo_scale, arguments.demo_scale.as_ref());
        set(&mut self.demo_seed, arguments.demo_seed.as_ref());
        self.store = arguments.store.clone().or(self.store.take());
        self.state = arguments.state.clone().or(self.state.take());
        self.now = arguments.now.clone().or(self.now.take());
        self.demo_anchor = arguments.demo_anchor.clone().or(self.demo_anchor.take());
        if !arguments.behind_proxy.is_empty() {
            self.behind_proxy.clone_from(&arguments.behind_proxy);
        }
        if !arguments.project.is_empty() {
            self.project.clone_from(&arguments.project);
        }
        for connection in &arguments.connection {
            let (name, place) = connection
                .split_once('=')
                .with_context(|| format!("connection `{connection}`: expected NAME=duckdb:FILE"))?;
            self.connection.insert(name.to_owned(), place.to_owned());
        }
        self.overlay_mail(&arguments.mail);
        self.sealing_key = arguments.sealing_key.clone().or(self.sealing_key.take());
        self.overlay_api(arguments)
    }

    fn overlay_mail(&mut self, arguments: &MailArguments) {
        self.host_url = arguments.host_url.clone().or(self.host_url.take());
        self.smtp_address = arguments.smtp_address.clone().or(self.smtp_address.take());
        self.smtp_port = arguments.smtp_port.unwrap_or(self.smtp_port);
        self.smtp_from = arguments.smtp_from.clone().or(self.smtp_from.take());
        self.smtp_user_name = arguments.smtp_user_name.clone().or(self.smtp_user_name.take());
        self.smtp_password = arguments.smtp_password.clone().or(self.smtp_password.take());
        self.smtp_enable_starttls_auto = arguments.smtp_enable_starttls_auto.unwrap_or(self.smtp_enable_starttls_auto);
    }

    fn overlay_api(&mut self, arguments: &ServeArguments) -> Result<()> {
        if !arguments.allowed_origin.is_empty() {
            self.allowed_origin.clone_from(&arguments.allowed_origin);
        }
        if !arguments.withdraw_version.is_empty() {
            self.withdraw_version.clone_from(&arguments.withdraw_version);
        }
        if !arguments.hide_version.is_empty() {
            self.hide_version.clone_from(&arguments.hide_version);
        }
        if !arguments.brown_out.is_empty() {
            self.brown_out.clone_from(&arguments.brown_out);
        }
        for entry in &arguments.switch_off {
            let (operation, reason) = entry.split_once('=').unwrap_or((entry, "no reason is given"));
            self.switch_off.insert(operation.to_owned(), reason.to_owned());
        }
        for entry in &arguments.also_require {
            let (operation, permission) = entry
                .split_once('=')
                .with_context(|| format!("also-require `{entry}`: expected OPERATION=PERMISSION"))?;
            self.also_require.insert(operation.to_owned(), permission.to_owned());
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        self.clock()?;
        self.anchor()?;
        self.databases()?;
        store::location(self)?;
        certificate::check(self)?;
        mail::check(self)?;
        self.release()?;
        self.allowed_origins()?;
        self.trusted_proxies()?;
        self.versions()?;
        self.policy()?;
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
        ensure!(self.max_connections > 0, "max-connections 0: expected at least 1, or nobody gets in");
        for address in self.addresses()? {
            ensure!(
                address.ip().is_loopback() || !self.behind_proxy.is_empty() || self.uses_tls(),
                "{address} can be reached from other machines, and plain HTTP lets everybody between read along: give \
                 --tls-certificate and --tls-key, or --tls for a certificate that is made, or --behind-proxy with the \
                 address of a proxy in front that adds TLS; or listen on 127.0.0.1"
            );
        }
        Ok(())
    }

    /// Whether TLS is spoken.
    pub fn uses_tls(&self) -> bool {
        self.tls || self.tls_certificate.is_some()
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

    /// How long the record of what was done and asked is kept.
    pub fn retention(&self) -> Retention {
        let days = |days: u32| Some(days).filter(|days| *days > 0);
        Retention { event_days: days(self.event_days), history_days: days(self.history_days) }
    }

    /// The release of the API that the server is.
    pub fn release(&self) -> Result<Release> {
        let release = self.api_release.parse::<Release>();
        let release = release
            .with_context(|| format!("api-release `{}`: expected a release, such as 26.22", self.api_release))?;
        let nearest = releases::nearest(release);
        ensure!(nearest == release, "api-release {release}: there is no such release; the nearest is {nearest}");
        Ok(release)
    }

    /// Origins whose pages may call the API.
    pub fn allowed_origins(&self) -> Result<Vec<AllowedOrigin>> {
        self.allowed_origin.iter().map(|origin| origin.parse().context("allowed-origin")).collect()
    }

    /// The proxies in front whose word is believed.
    pub fn trusted_proxies(&self) -> Result<TrustedProxies> {
        TrustedProxies::read(self.behind_proxy.iter().map(String::as_str)).context("behind-proxy")
    }

    /// The versions of the API that are answered.
    pub fn versions(&self) -> Result<Versions> {
        let known = Versions::default();
        let older = |setting: &str, name: &String| {
            let list = || known.others().map(Version::name).collect::<Vec<_>>().join(", ");
            let found = known.others().find(|version| version.name() == name);
            found.with_context(|| format!("{setting} `{name}`: expected an older version, which is {}", list()))
        };
        let withdraw = |name| older("withdraw-version", name).map(Version::name);
        let withdrawn = self.withdraw_version.iter().map(withdraw).collect::<Result<Vec<_>>>()?;
        let mut versions = Versions::new(known.iter().filter(|version| !withdrawn.contains(&version.name())));
        for name in &self.hide_version {
            versions = versions.hiding(older("hide-version", name)?);
        }
        Ok(versions)
    }

    /// What is decided about single operations.
    pub fn policy(&self) -> Result<Policy> {
        let mut policy = Policy::default();
        for (operation, reason) in &self.switch_off {
            policy.switch_off(operation, reason).context("switch-off")?;
        }
        for (operation, permission) in &self.also_require {
            policy.also_require(operation, permission).context("also-require")?;
        }
        for what in &self.brown_out {
            policy.brown_out(what).context("brown-out")?;
        }
        Ok(policy)
    }

    /// The DuckDB files by the name of their connection.
    pub fn databases(&self) -> Result<Vec<(&str, PathBuf)>> {
        databases(self.connection.iter().map(|(name, place)| (name.as_str(), place.as_str())))
    }
}

/// The DuckDB files by the name of their connection, out of names and places (`duckdb:FILE`).
pub(crate) fn databases<'a>(connections: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Vec<(&'a str, PathBuf)>> {
    let mut databases = Vec::new();
    for (name, place) in connections {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        ensure!(plain, "connection `{name}`: a name has letters, digits, `_`, `-` and `.`");
        match place.split_once(':') {
            Some(("duckdb", file)) if !file.is_empty() => databases.push((name, PathBuf::from(file))),
            _ => bail!("connection `{name}={place}`: expected duckdb:FILE"),
        }
    }
    Ok(databases)
}

#[cfg(test)]
mod tests {
    use super::Config;
    use crate::cli::ServeArguments;
    use belvedere_engine::Clock;
    use belvedere_versions::Version;

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
        assert!(problem(&open).contains("--tls-certificate"));
        let behind = |proxy: &str| ServeArguments { behind_proxy: vec![proxy.to_owned()], ..open.clone() };
        assert!(Config::load(&behind("10.0.0.0/8")).is_ok());
        assert!(problem(&behind("true")).contains("such as 10.0.0.7, 10.0.0.0/8 or ::1"));
        assert!(problem(&behind("")).contains("`` is no proxy"));
        assert!(Config::load(&ServeArguments { tls: Some(true), ..open.clone() }).is_ok());
        let file = |name: &str| Some(std::path::PathBuf::from(name));
        let given = ServeArguments { tls_certificate: file("a.crt"), tls_key: file("a.key"), ..open.clone() };
        assert!(Config::load(&given).is_ok());
        assert!(problem(&ServeArguments { tls_certificate: file("a.crt"), ..open.clone() }).contains("--tls-key"));
        assert!(problem(&ServeArguments { tls_key: file("a.key"), ..open }).contains("--tls-certificate"));
    }

    #[test]
    fn at_least_one_caller_gets_in() {
        let most = |connections: usize| ServeArguments { max_connections: Some(connections), ..arguments() };
        assert!(Config::load(&most(1)).is_ok());
        assert!(problem(&most(0)).contains("expected at least 1"));
    }

    #[test]
    fn a_connection_needs_a_kind_and_a_file() {
        for wrong in ["shop", "shop=", "shop=duckdb:", "shop=mysql:x", "a/b=duckdb:x"] {
            problem(&ServeArguments { connection: vec![wrong.to_owned()], ..arguments() });
        }
    }

    #[test]
    fn decisions_about_operations_name_operations() {
        let of = |switch_off: &str| ServeArguments { switch_off: vec![switch_off.to_owned()], ..arguments() };
        assert!(Config::load(&of("create_query=no new queries")).is_ok());
        assert!(problem(&of("create_querry=x")).contains("did you mean `create_query`?"));
        let of = |also_require: &str| ServeArguments { also_require: vec![also_require.to_owned()], ..arguments() };
        assert!(Config::load(&of("create_query=develop")).is_ok());
        assert!(problem(&of("create_query")).contains("OPERATION=PERMISSION"));
        assert!(problem(&of("create_query=devlop")).contains("did you mean `develop`?"));
        let of = |brown_out: &str| ServeArguments { brown_out: vec![brown_out.to_owned()], ..arguments() };
        assert!(Config::load(&of("all_users.page")).is_ok());
        assert!(problem(&of("all_users.pages")).contains("did you mean `page`?"));
    }

    #[test]
    fn only_an_older_version_can_be_withdrawn_or_hidden() {
        let withdraw = |version: &str| ServeArguments { withdraw_version: vec![version.to_owned()], ..arguments() };
        let hide = |version: &str| ServeArguments { hide_version: vec![version.to_owned()], ..arguments() };
        let versions = |arguments: &ServeArguments| Config::load(arguments).expect("it loads").versions().unwrap();
        let withdrawn = versions(&withdraw("3.1"));
        assert_eq!(withdrawn.iter().map(Version::name).collect::<Vec<_>>(), ["4.0"]);
        let hidden = versions(&hide("3.1"));
        assert_eq!(hidden.iter().map(Version::name).collect::<Vec<_>>(), ["3.1", "4.0"]);
        assert_eq!(hidden.listed().map(Version::name).collect::<Vec<_>>(), ["4.0"]);
        for wrong in ["4.0", "2.0", ""] {
            assert!(problem(&withdraw(wrong)).contains("an older version, which is 3.1"), "{wrong}");
            assert!(problem(&hide(wrong)).contains("an older version, which is 3.1"), "{wrong}");
        }
    }

    #[test]
    fn origins_and_releases_are_checked_at_the_start() {
        let origin = ServeArguments { allowed_origin: vec!["example.com".to_owned()], ..arguments() };
        assert!(problem(&origin).contains("https://app.example.com"));
        let release = ServeArguments { api_release: Some("newest".to_owned()), ..arguments() };
        assert!(problem(&release).contains("such as 26.22"));
    }

    #[test]
    fn a_server_with_nothing_to_serve_says_what_to_give() {
        assert!(problem(&ServeArguments::default()).contains("--demo"));
    }
}
