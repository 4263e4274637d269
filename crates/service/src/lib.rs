//! What each operation does: one method per operationId, a file per tag, and the permission table.
//!
//! A method reads its parameters, asks [`Engine`] or [`Store`], and gives an object of the API. Who may call it stands
//! in [`permission`]; what of an object a caller may see is decided in the method.

mod api_auth;
pub mod audit;
mod auth;
mod change;
mod config;
mod connection;
mod criteria;
mod form_token;
mod group;
mod identity;
mod lookml_model;
mod mail;
mod metadata;
pub mod oauth;
mod origin;
pub mod permission;
mod policy;
mod project;
mod proxies;
mod query;
mod remembered;
mod role;
pub mod rules;
mod seal;
mod secret;
mod session;
mod settings;
mod sign_in;
mod text;
mod usage;
mod user;
mod user_attribute;
mod workspace;

use audit::Retention;
use audit::run::Runs;
use belvedere_api::documents::{Document, Form};
use belvedere_api::{Cx, Error, Release, Result, releases};
use belvedere_engine::Engine;
use belvedere_mail::MailServer;
use belvedere_store::Store;
use belvedere_versions::{MarkedDocuments, Version, Versions};
use identity::{Identities, MOST_IDENTITIES};
use indexmap::IndexMap;
use jiff::Timestamp;
use query::KnownQueries;
use sign_in::forgotten::Forgotten;
use sign_in::passwords::Passwords;
use std::fmt;
use std::sync::Arc;
use usage::Gathered;
use user::{MOST_PEOPLE, People};

pub use form_token::FormToken;
pub use origin::{AllowedOrigin, NoOrigin};
pub use policy::{Policy, PolicyError};
pub use proxies::{NoProxy, TrustedProxies};
pub use seal::{SealError, SealingKey};
pub use sign_in::reset::password_reset_token;
pub use sign_in::{BrowserSession, OpenedSession, SecondFactor, SetUp, SignIn, SignInRefusal};
pub use user::{ACCOUNT_SETUP_PATH, PASSWORD_RESET_PATH};

/// What an operator decides. By default the newest release, called directly, by no page of another origin, without mail,
/// and with a key of this process alone.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The release whose documents are served.
    pub release: Release,
    /// The proxies in front that tell where calls come from, and at which address they were made.
    pub trusted_proxies: TrustedProxies,
    /// Name of this node, for the tasks that it works on.
    pub node: String,
    /// Origins whose pages may call the API.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// What is decided about single operations.
    pub policy: Policy,
    /// The versions of the API that are answered.
    pub versions: Versions,
    /// Scheme, host and port that users reach the server at, without a slash at the end; mails lead there.
    pub host_url: Option<Arc<str>>,
    /// The mail server, while no administrator has set another one.
    pub mail_server: Option<MailServer>,
    /// Seals the secrets that are kept to be read again.
    pub sealing_key: SealingKey,
    /// How long the record of what was done and asked is kept.
    pub retention: Retention,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            release: releases::NEWEST,
            trusted_proxies: TrustedProxies::default(),
            node: "1".to_owned(),
            allowed_origins: Vec::new(),
            policy: Policy::default(),
            versions: Versions::default(),
            host_url: None,
            mail_server: None,
            sealing_key: SealingKey::random(),
            retention: Retention::default(),
        }
    }
}

/// Answers the operations of the API.
pub struct Service {
    store: Store,
    engine: Arc<Engine>,
    settings: Settings,
    identities: Identities,
    passwords: Passwords,
    forgotten: Forgotten,
    people: People,
    queries: KnownQueries,
    usage: Gathered,
    runs: Runs,
    documents: MarkedDocuments,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Service {
    /// A service on this state and this engine, inside a runtime.
    pub fn new(store: Store, engine: Arc<Engine>, settings: Settings) -> Self {
        let documents = MarkedDocuments::new(settings.policy.marks());
        let (identities, people) = (Identities::new(MOST_IDENTITIES), People::new(MOST_PEOPLE));
        let (passwords, forgotten) = (Passwords::default(), Forgotten::default());
        let (queries, usage) = (KnownQueries::default(), Gathered::default());
        let runs = Runs::start(store.clone());
        Self { store, engine, settings, identities, passwords, forgotten, people, queries, usage, runs, documents }
    }

    /// The present moment, by the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.engine.clock().now()
    }

    /// The release whose documents are served.
    pub fn release(&self) -> Release {
        self.settings.release
    }

    /// The document of a version, with what the operator has decided. The first time it is made, which takes a while.
    pub fn document(&self, version: &'static Version, form: Form, release: Release) -> Arc<Document> {
        self.documents.served(version, form, release)
    }

    /// The versions of the API that are answered.
    pub fn versions(&self) -> &Versions {
        &self.settings.versions
    }

    /// The proxies in front that tell where calls come from, and at which address they were made.
    pub fn trusted_proxies(&self) -> &TrustedProxies {
        &self.settings.trusted_proxies
    }

    /// Whether pages of this origin may call the API.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.settings.allowed_origins.iter().any(|allowed| allowed.matches(origin))
    }

    /// What the operator has decided about single operations.
    pub fn policy(&self) -> &Policy {
        &self.settings.policy
    }

    /// Refuses a call that its caller may not make, or that the operator does not want.
    ///
    /// # Errors
    /// As the permission table says; 404 or 403 with the operator's reason.
    pub fn authorize(&self, cx: &Cx) -> Result<()> {
        permission::authorize(cx)?;
        self.settings.policy.admit(cx.operation, cx.caller.as_ref().map(|caller| &*caller.security))
    }
}

/// What the store gave, or what its failure is to the caller.
fn stored<T>(result: belvedere_store::Result<T>) -> Result<T> {
    result.map_err(failed)
}

/// A failure of the store is the server's own, but for a text that no store keeps; its words are for the log.
fn failed(failure: belvedere_store::Error) -> Error {
    match failure {
        belvedere_store::Error::Nul => Error::bad_request("A text may not contain the character U+0000"),
        belvedere_store::Error::Busy | belvedere_store::Error::Unreachable(_) => {
            Error::unavailable("The state of the server can not be reached; try again").with_source(failure)
        }
        failure => Error::internal(failure),
    }
}

/// A map of abilities. It names every one that its type knows: clients look them up.
#[allow(clippy::unnecessary_wraps, reason = "every `can` of the contract is optional")]
fn can(abilities: &[(&str, bool)]) -> Option<IndexMap<String, bool>> {
    Some(abilities.iter().map(|(name, has)| ((*name).to_owned(), *has)).collect())
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
