//! Documents that are ready to be served.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use belvedere_api::Release;
use belvedere_api::documents::{Document, Form};

use crate::version::Version;

/// Version, form and release.
type Key = (usize, Form, Release);

/// A document that is made, or being made.
type Made = Arc<OnceLock<Arc<Document>>>;

/// The document of a version in a form, as it was at a release. It is made when it is first asked for, and kept
/// compressed: there are only so many releases.
pub fn served(version: &'static Version, form: Form, release: Release) -> Arc<Document> {
    static MADE: LazyLock<Mutex<HashMap<Key, Made>>> = LazyLock::new(Mutex::default);
    let key = (std::ptr::from_ref(version) as usize, form, release);
    let made = Arc::clone(MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
    // Two who ask for the same document wait for one; others do not wait for them.
    Arc::clone(made.get_or_init(|| Arc::new(Document::new(form, version.name(), &version.document(release)))))
}
