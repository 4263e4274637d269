//! Versions of the API.

use std::fmt;
use std::sync::OnceLock;

use belvedere_api::{Release, documents};
use belvedere_contract::Move;
use serde_json::Value;

use crate::change::Change;
use crate::document::{Edited, Missing};
use crate::moves;
use crate::request::Bodies;
use crate::route::{self, Route};
use crate::v3_1;

/// The newest version, which the code speaks.
pub static V4_0: Version = Version::new(documents::VERSION, Standing::Current, &[]);

/// The version before it, as it was when it ended.
pub static V3_1: Version =
    Version::new("3.1", Standing::Deprecated, v3_1::CHANGES).frozen(v3_1::RELEASE, v3_1::FULL_VERSION);

/// A version of the API.
pub struct Version {
    name: &'static str,
    standing: Standing,
    changes: &'static [&'static Change],
    frozen: Option<Frozen>,
    routes: OnceLock<Vec<Route>>,
    bodies: OnceLock<Bodies>,
}

/// A version that grows no more.
#[derive(Debug, Clone, Copy)]
struct Frozen {
    /// The release at which it stopped.
    at: Release,
    /// Version and patch, as the document has it.
    full_version: &'static str,
}

/// What a client may expect of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// For new programs.
    Current,
    /// Supported.
    Stable,
    /// Not ready.
    Experimental,
    /// Nearly ready.
    Beta,
    /// Programs should go on to a newer one.
    Deprecated,
}

impl Standing {
    /// The word of the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Stable => "stable",
            Self::Experimental => "experimental",
            Self::Beta => "beta",
            Self::Deprecated => "deprecated",
        }
    }
}

impl Version {
    /// The version with this name, which differs from the newest by these changes, in their order.
    pub const fn new(name: &'static str, standing: Standing, changes: &'static [&'static Change]) -> Self {
        Self { name, standing, changes, frozen: None, routes: OnceLock::new(), bodies: OnceLock::new() }
    }

    /// The same version, which has nothing that came after a release, and always this full version.
    #[must_use]
    pub const fn frozen(mut self, at: Release, full_version: &'static str) -> Self {
        self.frozen = Some(Frozen { at, full_version });
        self
    }

    /// The name as it stands in paths, `3.1`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What a client may expect of it.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What makes it different from the newest version.
    pub fn changes(&self) -> &'static [&'static Change] {
        self.changes
    }

    /// The path that its operations stand below, `/api/3.1`.
    pub fn base_path(&self) -> String {
        format!("/api/{}", self.name)
    }

    /// Version and release together, `4.0.26.22`.
    pub fn full_version(&self, release: Release) -> String {
        match self.frozen {
            Some(frozen) => frozen.full_version.to_owned(),
            None => format!("{}.{release}", self.name),
        }
    }

    /// The release whose parts of the newest version it has, on a server of this release.
    fn basis(&self, release: Release) -> Release {
        self.frozen.map_or(release, |frozen| frozen.at)
    }

    /// The release at which it stopped to grow.
    pub(crate) fn frozen_at(&self) -> Option<Release> {
        self.frozen.map(|frozen| frozen.at)
    }

    /// The operations of the version in the order of the newest, and how each is answered.
    pub fn routes(&'static self) -> &'static [Route] {
        self.routes.get_or_init(|| route::all(self))
    }

    /// The bodies of its requests.
    pub(crate) fn bodies(&'static self) -> &'static Bodies {
        self.bodies.get_or_init(|| Bodies::new(self))
    }

    /// The OpenAPI document of the version on a server of this release.
    pub fn document(&self, release: Release) -> Value {
        self.edited(release).0
    }

    /// The document, and what its changes speak of that is not in it: nothing, unless a change is wrong.
    pub fn edited(&self, release: Release) -> (Value, Vec<Missing>) {
        let basis = self.basis(release);
        let mut edited = Edited::new(documents::openapi(basis));
        for change in self.changes {
            edited.apply(change);
        }
        let (mut document, missing) = edited.finish();
        if !self.changes.is_empty() {
            // Nothing is left that is older or newer; this leaves out the schemas that nothing uses any more.
            belvedere_contract::release::at_release(&mut document, basis);
            document["info"]["title"] = Value::from(format!("Looker API {}, served by Belvedere", self.name));
        }
        documents::set_head(&mut document, &self.full_version(release), release);
        (document, missing)
    }

    /// What an application must change that goes from the older of this version and the newest to the other one.
    /// Types that changed are not among it: the documents show them.
    pub fn moves(&self) -> Vec<Move> {
        let direction = if older(self.name, documents::VERSION) {
            moves::Direction::ToNewest
        } else {
            moves::Direction::FromNewest
        };
        self.changes.iter().flat_map(|change| moves::of(change, direction)).collect()
    }
}

/// Whether a version stands before another one.
fn older(name: &str, other: &str) -> bool {
    let numbers = |name: &str| name.split('.').map(|part| part.parse::<u32>().unwrap_or(0)).collect::<Vec<_>>();
    numbers(name) < numbers(other)
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Version").field("name", &self.name).field("changes", &self.changes).finish_non_exhaustive()
    }
}

/// The versions that a server answers, oldest first. Some may be hidden: they are answered, but told to nobody.
#[derive(Debug, Clone)]
pub struct Versions {
    answered: Vec<&'static Version>,
    hidden: Vec<&'static str>,
}

impl Default for Versions {
    fn default() -> Self {
        Self::new([&V3_1, &V4_0])
    }
}

impl Versions {
    /// These versions, and the newest in any case.
    pub fn new(versions: impl IntoIterator<Item = &'static Version>) -> Self {
        let mut versions: Vec<_> = versions.into_iter().filter(|version| version.name != V4_0.name).collect();
        versions.push(&V4_0);
        versions.sort_by_key(|version| {
            version.name.split('.').map(|part| part.parse::<u32>().unwrap_or(0)).collect::<Vec<_>>()
        });
        Self { answered: versions, hidden: Vec::new() }
    }

    /// The same versions, with another one hidden. The newest cannot be.
    #[must_use]
    pub fn hiding(mut self, version: &'static Version) -> Self {
        if version.name != V4_0.name {
            self.hidden.push(version.name);
        }
        self
    }

    /// Each version, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &'static Version> {
        self.answered.iter().copied()
    }

    /// Those that are told to clients and readers, oldest first.
    pub fn listed(&self) -> impl Iterator<Item = &'static Version> {
        self.iter().filter(|version| self.lists(version))
    }

    /// Whether a version is told to clients and readers.
    pub fn lists(&self, version: &Version) -> bool {
        !self.hidden.contains(&version.name)
    }

    /// Those that are not the newest, which the code speaks.
    pub fn others(&self) -> impl Iterator<Item = &'static Version> {
        self.iter().filter(|version| !version.changes.is_empty())
    }

    /// The version with this name.
    pub fn get(&self, name: &str) -> Option<&'static Version> {
        self.iter().find(|version| version.name == name)
    }

    /// The version for new programs.
    pub fn current(&self) -> &'static Version {
        self.listed().find(|version| version.standing == Standing::Current).unwrap_or(&V4_0)
    }
}
