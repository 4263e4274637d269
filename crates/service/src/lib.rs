//! What each operation does: one method per operationId, a file per tag, and the permission table.
//!
//! A method reads its parameters, asks [`Engine`] or [`Store`], and gives an object of the API. Who may call it stands
//! in [`permission`]; what of an object a caller may see is decided in the method.

mod api_auth;
mod config;
mod connection;
mod identity;
mod lookml_model;
mod metadata;
pub mod permission;
mod project;
mod query;
mod secret;
mod session;
mod user;

use belvedere_api::{Cx, Error, Release, Result};
use belvedere_engine::Engine;
use belvedere_store::Store;
use identity::Identities;
use indexmap::IndexMap;
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;

/// What an operator decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The release whose documents are served.
    pub release: Release,
    /// Whether a proxy in front tells the address that callers used.
    pub behind_proxy: bool,
    /// Name of this node, for the tasks that it works on.
    pub node: String,
}

/// Answers the operations of the API.
pub struct Service {
    store: Store,
    engine: Arc<Engine>,
    settings: Settings,
    identities: Identities,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Service {
    /// A service on this state and this engine.
    pub fn new(store: Store, engine: Arc<Engine>, settings: Settings) -> Self {
        Self { store, engine, settings, identities: Identities::default() }
    }

    /// The present moment, by the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.engine.clock().now()
    }

    /// The release whose documents are served.
    pub fn release(&self) -> Release {
        self.settings.release
    }

    /// Whether a proxy in front tells the address that callers used.
    pub fn is_behind_proxy(&self) -> bool {
        self.settings.behind_proxy
    }

    /// Refuses a call that its caller may not make.
    pub fn authorize(&self, cx: &Cx) -> Result<()> {
        permission::authorize(cx)
    }
}

/// A failure of the store is the server's own; its words are for the log.
fn stored<T>(result: belvedere_store::Result<T>) -> Result<T> {
    result.map_err(Error::internal)
}

/// A map of abilities, all of which the caller has.
fn abilities(names: &[&str]) -> Option<IndexMap<String, bool>> {
    abilities_but(&[], names)
}

/// A map of abilities, of which the caller has all but those in `lacking`. A map names every ability that its type
/// knows: clients look them up.
#[allow(clippy::unnecessary_wraps, reason = "every `can` of the contract is optional")]
fn abilities_but(lacking: &[&str], names: &[&str]) -> Option<IndexMap<String, bool>> {
    Some(names.iter().map(|name| ((*name).to_owned(), !lacking.contains(name))).collect())
}
