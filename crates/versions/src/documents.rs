//! Documents that are ready to be served.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use belvedere_api::documents::{Document, Form};
use belvedere_api::{OperationId, Release};
use serde_json::Value;

use crate::version::Version;

/// Version, form and release.
type Key = (usize, Form, Release);

/// A document that is made, or being made.
type Made = Arc<OnceLock<Arc<Document>>>;

/// Documents that were made before.
type Kept = Mutex<HashMap<Key, Made>>;

/// The document of a version in a form, as it was at a release. It is made when it is first asked for, and kept
/// compressed: there are only so many releases.
pub fn served(version: &'static Version, form: Form, release: Release) -> Arc<Document> {
    static KEPT: LazyLock<Kept> = LazyLock::new(Mutex::default);
    kept(&KEPT, version, form, release, || version.document(release))
}

fn kept(
    kept: &Kept,
    version: &'static Version,
    form: Form,
    release: Release,
    make: impl FnOnce() -> Value,
) -> Arc<Document> {
    let key = (std::ptr::from_ref(version) as usize, form, release);
    let made = Arc::clone(kept.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
    // Two who ask for the same document wait for one; others do not wait for them.
    Arc::clone(made.get_or_init(|| Arc::new(Document::new(form, version.name(), &make()))))
}

/// What stands beside an operation in the documents of one server: keys and their values.
pub type Marks = BTreeMap<OperationId, Vec<(&'static str, Value)>>;

/// The documents of a server that says something of its own about operations.
#[derive(Debug, Default)]
pub struct MarkedDocuments {
    marks: Marks,
    kept: Kept,
}

impl MarkedDocuments {
    /// Documents in which these marks stand. Those of an older version have them at the operations that came of the
    /// marked ones.
    pub fn new(marks: Marks) -> Self {
        Self { marks, kept: Kept::default() }
    }

    /// As [`served`], with the marks.
    pub fn served(&self, version: &'static Version, form: Form, release: Release) -> Arc<Document> {
        if self.marks.is_empty() {
            return served(version, form, release);
        }
        kept(&self.kept, version, form, release, || self.marked(version, release))
    }

    fn marked(&self, version: &'static Version, release: Release) -> Value {
        let mut document = version.document(release);
        let marks = self.by_name(version);
        let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
        let operations = paths.filter_map(|(_, methods)| methods.as_object_mut()).flatten();
        for operation in operations.filter_map(|(_, operation)| operation.as_object_mut()) {
            let name = operation.get("operationId").and_then(Value::as_str);
            for (key, value) in name.and_then(|name| marks.get(name)).into_iter().flat_map(|marks| *marks) {
                operation.insert((*key).to_owned(), value.clone());
            }
        }
        document
    }

    /// The marks by the names that the operations have in a version.
    fn by_name(&self, version: &'static Version) -> HashMap<&'static str, &Vec<(&'static str, Value)>> {
        if version.changes().is_empty() {
            return self.marks.iter().map(|(id, marks)| (id.as_str(), marks)).collect();
        }
        let routes = version.routes().iter();
        routes.filter_map(|route| Some((route.name, self.marks.get(&route.operation?.id)?))).collect()
    }
}
