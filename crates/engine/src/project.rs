//! The projects that are served: their present snapshots, and what replaces them when a file is saved.
//!
//! A snapshot is immutable; a request takes the `Arc` once and is not touched by what happens to the files meanwhile.
//! A file that is saved with a syntax error does not replace its last good state: its explores go on, and the mistake
//! is told.

mod folder;
mod watch;

pub use watch::Watcher;

use arc_swap::ArcSwap;
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::model::Model;
use belvedere_lookml::project::Project;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Path and text of a file of a project.
pub type ProjectFile = (Arc<str>, Arc<str>);

/// The projects of a server, by name.
#[derive(Debug, Default)]
pub struct Projects(BTreeMap<Arc<str>, Arc<ServedProject>>);

impl Projects {
    /// The project called `name`.
    pub fn get(&self, name: &str) -> Option<&Arc<ServedProject>> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<ServedProject>> {
        self.0.values()
    }

    /// Every model with the snapshot that it belongs to, by project and name.
    pub fn models(&self) -> Vec<(Arc<Project>, Arc<Model>)> {
        let snapshots = self.iter().map(|project| project.snapshot());
        snapshots
            .flat_map(|project| {
                project.models().map(|model| (Arc::clone(&project), Arc::clone(model))).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The model called `name`, with its snapshot. Model names are unique on a server; the first project wins.
    pub fn model(&self, name: &str) -> Option<(Arc<Project>, Arc<Model>)> {
        self.iter().find_map(|project| {
            let snapshot = project.snapshot();
            let model = Arc::clone(snapshot.model(name)?);
            Some((snapshot, model))
        })
    }
}

impl FromIterator<ServedProject> for Projects {
    fn from_iter<I: IntoIterator<Item = ServedProject>>(projects: I) -> Self {
        Self(projects.into_iter().map(|project| (Arc::clone(&project.name), Arc::new(project))).collect())
    }
}

/// A project and where its files are.
#[derive(Debug)]
pub struct ServedProject {
    name: Arc<str>,
    folder: Option<PathBuf>,
    snapshot: ArcSwap<Project>,
    /// Held while a new snapshot is made, so that an older state of the folder never replaces a newer one.
    loading: Mutex<()>,
}

/// What came of reading a folder again.
#[derive(Debug)]
pub struct Reloaded {
    /// Files that were added, changed or removed.
    pub changed: Vec<Arc<str>>,
    /// What is wrong with the project now; for files that kept their last good state, with what was saved.
    pub diagnostics: Vec<Diagnostic>,
}

impl ServedProject {
    /// Reads the LookML files of `folder`. The project is called as its manifest says, else as the folder.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        let files = folder::read(&folder)?;
        let fallback =
            folder.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned());
        let name = manifest_name(&files).unwrap_or(fallback);
        Ok(Self::new(&name, files, Some(folder)))
    }

    /// A project of files that are not on disk.
    pub fn embedded(name: &str, files: Vec<ProjectFile>) -> Self {
        Self::new(name, files, None)
    }

    fn new(name: &str, files: Vec<ProjectFile>, folder: Option<PathBuf>) -> Self {
        let project = Project::load(name, files);
        Self { name: name.into(), folder, snapshot: ArcSwap::from_pointee(project), loading: Mutex::new(()) }
    }

    /// The project's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The folder of its files; `None` for a project inside the binary.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The present state.
    pub fn snapshot(&self) -> Arc<Project> {
        self.snapshot.load_full()
    }

    /// Reads the folder again and serves what it holds now. `None` when nothing changed.
    pub fn reload(&self) -> io::Result<Option<Reloaded>> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let _one_at_a_time = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let saved = folder::read(folder)?;
        let before = self.snapshot();
        let changed = changed_files(&before, &saved);
        if changed.is_empty() {
            return Ok(None);
        }
        let fresh = before.update(saved.clone());
        let mut diagnostics = fresh.diagnostics();
        let broken = |path: &str| fresh.file(path).is_some_and(|file| file.document.has_errors());
        let kept: Vec<Arc<str>> =
            changed.iter().filter(|path| broken(path) && before.file(path).is_some()).cloned().collect();
        let served = if kept.is_empty() {
            fresh
        } else {
            let last_good = |path: &Arc<str>| before.file(path).map(|file| Arc::<str>::from(file.document.text()));
            let files = saved.into_iter().map(|(path, text)| {
                let text = if kept.contains(&path) { last_good(&path).unwrap_or(text) } else { text };
                (path, text)
            });
            before.update(files.collect())
        };
        diagnostics.sort_by(|a, b| (&a.location.file, a.location.line).cmp(&(&b.location.file, b.location.line)));
        self.snapshot.store(Arc::new(served));
        Ok(Some(Reloaded { changed, diagnostics }))
    }
}

fn changed_files(before: &Project, saved: &[ProjectFile]) -> Vec<Arc<str>> {
    let is_new = |(path, text): &&ProjectFile| before.file(path).is_none_or(|file| file.document.text() != &**text);
    let mut changed: Vec<Arc<str>> = saved.iter().filter(is_new).map(|(path, _)| Arc::clone(path)).collect();
    let paths: std::collections::HashSet<&str> = saved.iter().map(|(path, _)| &**path).collect();
    changed.extend(before.files().filter(|file| !paths.contains(&*file.path)).map(|file| Arc::clone(&file.path)));
    changed
}

/// `project_name` of the manifest.
fn manifest_name(files: &[ProjectFile]) -> Option<String> {
    let (path, text) = files.iter().find(|(path, _)| &**path == "manifest.lkml")?;
    let parsed = belvedere_lookml::syntax::parse(path, Arc::clone(text));
    let name = parsed.document.items().find(|item| item.key() == "project_name")?;
    Some(name.scalar()?.text().into_owned()).filter(|name| !name.is_empty())
}
