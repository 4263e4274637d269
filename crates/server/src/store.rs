//! Where the state lies, and which node this is.

use crate::config::Config;
use crate::ids::RandomIds;
use anyhow::{Context, Result, ensure};
use belvedere_api::Ids as _;
use belvedere_engine::Clock;
use belvedere_store::{Location, PostgresUrl, Store, query_task};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// The address of a database, which may hold a password. Printed, it has none.
///
/// Any text is one, so that nobody repeats it in a complaint: `location` says what is wrong.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct StoreAddress(String);

impl FromStr for StoreAddress {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.parse::<PostgresUrl>().map_or(Err(fmt::Error), |url| url.fmt(f))
    }
}

impl fmt::Debug for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreAddress(..)")
    }
}

impl Serialize for StoreAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where the configuration puts the state.
pub(crate) fn location(config: &Config) -> Result<Location> {
    let Some(StoreAddress(address)) = &config.store else {
        let file = Location::File(config.data_dir.join("state.sqlite"));
        return Ok(if config.ephemeral { Location::Memory } else { file });
    };
    ensure!(
        !config.ephemeral,
        "the state is kept in memory with --ephemeral, or in the database of --store, not in both"
    );
    Ok(Location::Postgres(address.parse().context("store")?))
}

/// Opens the state. Tasks that this node left unfinished when it was stopped have failed.
pub(crate) async fn open(config: &Config, node: &str, clock: Clock) -> Result<Store> {
    let store = Store::open(location(config)?).await.with_context(|| match &config.store {
        Some(address) => format!("cannot open the state in {address}"),
        None => "cannot open the state".to_owned(),
    })?;
    let now = clock.now();
    let ended = "The server was stopped while the query ran.";
    store.write(async |tx| query_task::fail_abandoned(tx, node, ended, now).await).await?;
    Ok(store)
}

/// The name of this node among those on the same database: that of its data folder, which no two nodes share.
pub(crate) fn node(config: &Config) -> Result<String> {
    if config.store.is_none() {
        return Ok("1".to_owned());
    }
    let file = config.data_dir.join("node");
    named_in(&file).with_context(|| format!("cannot use {}", file.display()))
}

fn named_in(file: &Path) -> std::io::Result<String> {
    match fs::read_to_string(file) {
        Ok(name) => return Ok(name.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let name = RandomIds.alphanumeric(20);
    fs::write(file, format!("{name}\n"))?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(store: &str) -> Config {
        Config { store: store.parse().ok(), ..Config::default() }
    }

    #[test]
    fn the_password_of_the_database_is_not_shown() {
        let config = config("postgres://ada:s3cret@db.example.com/looker");
        assert!(matches!(location(&config), Ok(Location::Postgres(_))));
        let printed = toml::to_string_pretty(&config).expect("it is printed");
        assert!(printed.contains(r#"store = "postgres://ada@db.example.com:5432/looker?sslmode=prefer""#), "{printed}");
        assert!(!printed.contains("s3cret") && !format!("{config:?}").contains("s3cret"));
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_being_shown() {
        for wrong in ["s3cret", "mysql://ada:s3cret@host/db", "postgres://ada@host/db?password=s3cret"] {
            let problem = format!("{:#}", location(&config(wrong)).expect_err("it is refused"));
            assert!(problem.starts_with("store: ") && !problem.contains("s3cret"), "{problem}");
        }
        let both = Config { ephemeral: true, ..config("postgres://ada@host/db") };
        assert!(location(&both).expect_err("it is refused").to_string().contains("--ephemeral"));
    }

    #[test]
    fn a_node_is_named_by_its_data_folder() {
        let (here, there) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let node = |folder: &Path| {
            let config = Config { data_dir: folder.to_owned(), ..config("postgres://ada@host/db") };
            node(&config).expect("a name")
        };
        assert_eq!(node(here.path()), node(here.path()));
        assert_ne!(node(here.path()), node(there.path()));
    }
}
