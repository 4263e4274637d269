//! The editions of the API that have a document, and the references that were read last.

use super::reference::Reference;
use crate::State;
use belvedere_api::{Release, releases};
use belvedere_versions::{Version, Versions};
use std::sync::{Arc, Mutex, PoisonError};

/// How many references are kept; each takes a few megabytes.
const KEPT: usize = 2;

/// A version and the releases of it.
#[derive(Debug)]
pub(super) struct Edition {
    /// The version.
    pub(super) version: &'static Version,
    /// The release that this server speaks in it.
    pub(super) served: Release,
    /// The releases that have a document, the newest first.
    pub(super) releases: Vec<Release>,
    /// Whether it stands in lists; a hidden one has its pages, and only who has their address finds them.
    pub(super) listed: bool,
}

impl Edition {
    fn of(version: &'static Version, served: Release, listed: bool) -> Self {
        let served = releases::nearest(served);
        let releases = if grows(version) { releases::known().rev().collect() } else { vec![served] };
        Self { version, served, releases, listed }
    }

    /// The release that is meant by one that may have no document: the nearest that has one.
    pub(super) fn nearest(&self, asked: Release) -> Release {
        if self.releases.len() > 1 { releases::nearest(asked) } else { self.served }
    }

    /// The address of its first page.
    pub(super) fn home(&self) -> String {
        home(self.version, self.served)
    }
}

/// The address that all pages of a release begin with.
pub(super) fn home(version: &Version, release: Release) -> String {
    format!("/api-docs/{}/{release}", version.name())
}

/// Whether a version has more with each release: one that has come to its end is called the same ever after.
fn grows(version: &Version) -> bool {
    version.full_version(Release::new(1, 0)) != version.full_version(releases::NEWEST)
}

/// What the pages are written from.
#[derive(Debug)]
pub(super) struct Library {
    /// Each version, the newest first.
    editions: Arc<[Edition]>,
    current: &'static str,
    shelf: Mutex<Vec<Arc<Reference>>>,
}

impl Library {
    /// Of the versions that the server answers.
    pub(super) fn of(state: &State) -> Self {
        Self::new(state.service.versions(), state.service.release())
    }

    /// Of these versions, on a server of this release.
    pub(super) fn new(versions: &Versions, served: Release) -> Self {
        let edition = |version: &'static Version| Edition::of(version, served, versions.lists(version));
        let mut editions: Vec<Edition> = versions.iter().map(edition).collect();
        editions.reverse();
        Self { editions: editions.into(), current: versions.current().name(), shelf: Mutex::default() }
    }

    /// Each version that stands in lists, the newest first.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Edition> {
        self.editions.iter().filter(|edition| edition.listed)
    }

    /// The version with this name.
    pub(super) fn named(&self, name: &str) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.version.name() == name)
    }

    /// The address where the reference begins: the version for new programs.
    pub(super) fn home(&self) -> String {
        self.named(self.current).map_or_else(|| "/".to_owned(), Edition::home)
    }

    /// The reference of a release, read when it is not at hand; that takes tens of milliseconds.
    pub(super) fn reference(&self, version: &'static Version, release: Release) -> Arc<Reference> {
        if let Some(known) = self.take(version, release) {
            return known;
        }
        let read = Arc::new(Reference::read(Arc::clone(&self.editions), version, release));
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.insert(0, Arc::clone(&read));
        shelf.truncate(KEPT);
        read
    }

    /// The reference, if it is there; it then is the one that was used last.
    fn take(&self, version: &'static Version, release: Release) -> Option<Arc<Reference>> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let at = shelf.iter().position(|known| known.version.name() == version.name() && known.release == release)?;
        shelf[..=at].rotate_right(1);
        Some(Arc::clone(&shelf[0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_has_ended_has_one_release_and_the_others_have_all() {
        let library = Library::new(&Versions::default(), Release::new(26, 12));
        let newest = library.named("4.0").expect("the newest version");
        assert!(newest.releases.len() > 2 && newest.releases.is_sorted_by(|one, other| one > other));
        assert_eq!(newest.nearest(Release::new(26, 13)), Release::new(26, 12));
        let ended = library.named("3.1").expect("the version before it");
        assert_eq!(ended.releases, [Release::new(26, 12)]);
        assert_eq!(ended.nearest(Release::new(21, 0)), Release::new(26, 12));
        assert_eq!(library.home(), "/api-docs/4.0/26.12");
        assert!(library.named("5.0").is_none());
    }

    #[test]
    fn the_references_that_were_used_last_are_kept() {
        let library = Library::new(&Versions::default(), releases::NEWEST);
        let version = library.named("4.0").expect("the newest version").version;
        let read = |year, number| Arc::as_ptr(&library.reference(version, Release::new(year, number)));
        let first = read(26, 22);
        read(26, 12);
        assert_eq!(read(26, 22), first);
        read(26, 10);
        assert_eq!(read(26, 22), first, "used after the one that went");
        assert_eq!(library.shelf.lock().unwrap().len(), KEPT);
    }
}
