//! The projects that are served: their present snapshots, and what replaces them when a file is saved.
//!
//! A snapshot is immutable; a request takes the `Arc` once and is not touched by what happens to the files meanwhile.
//! A file that is saved with a syntax error does not replace its last good state: its explores go on, and the mistake
//! is told.
//!
//! A project that imports another one of the same server sees its files, and is read again with it.

mod files;
mod validate;
mod watch;

pub use files::{FolderFile, ProjectFile, ProjectFiles, Source, files_below, project_name};
pub use validate::Validation;
pub use watch::Watcher;

use arc_swap::{ArcSwap, ArcSwapOption};
use belvedere_lookml::diagnostic::Diagnostic;
use belvedere_lookml::model::Model;
use belvedere_lookml::project::Project;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The projects of a server, by name.
#[derive(Debug, Default)]
pub struct Projects(BTreeMap<Arc<str>, Arc<ServedProject>>);

impl Projects {
    /// The projects of a server. Those that import others of them are read again, with the files of those.
    ///
    /// # Errors
    /// The files of an imported project cannot be read.
    pub fn of(projects: impl IntoIterator<Item = ServedProject>) -> io::Result<Self> {
        let mut projects: Vec<ServedProject> = projects.into_iter().collect();
        let sources = projects.iter().map(|project| (Arc::clone(&project.name), project.source.clone()));
        let neighbours: Arc<BTreeMap<Arc<str>, Source>> = Arc::new(sources.collect());
        for project in &mut projects {
            project.neighbours = Arc::clone(&neighbours);
            if project.snapshot().manifest().is_some_and(|manifest| !manifest.dependencies.is_empty()) {
                project.reload()?;
            }
        }
        Ok(Self(projects.into_iter().map(|project| (Arc::clone(&project.name), Arc::new(project))).collect()))
    }

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

    /// Every model in the words of `locale`, by project and name.
    pub fn models_in(&self, locale: &str) -> Vec<Arc<Model>> {
        let models = self.models().into_iter();
        models.filter_map(|(project, model)| project.model_in(&model.name, locale)).collect()
    }

    /// The model called `name`, with its snapshot. Model names are unique on a server; the first project wins.
    pub fn model(&self, name: &str) -> Option<(Arc<Project>, Arc<Model>)> {
        self.iter().find_map(|project| {
            let snapshot = project.snapshot();
            let model = Arc::clone(snapshot.model(name)?);
            Some((snapshot, model))
        })
    }

    /// The model called `name` with labels and descriptions in the words of `locale`; those of the default locale
    /// where the project does not speak it.
    pub fn model_in(&self, name: &str, locale: &str) -> Option<Arc<Model>> {
        let (project, model) = self.model(name)?;
        project.model_in(&model.name, locale)
    }
}

/// A project and where its files are.
#[derive(Debug)]
pub struct ServedProject {
    name: Arc<str>,
    source: Source,
    /// Where the projects of the server lie, this one among them.
    neighbours: Arc<BTreeMap<Arc<str>, Source>>,
    /// Which of them it imports.
    imports: ArcSwap<BTreeSet<Arc<str>>>,
    snapshot: ArcSwap<Project>,
    saved: ArcSwap<Project>,
    validation: ArcSwapOption<Validation>,
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
    /// Reads the files of `folder`. The project is called as its manifest says, else as the folder.
    ///
    /// # Errors
    /// As [`ProjectFiles::read`].
    pub fn open(folder: &Path) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        let files = ProjectFiles::read(&folder)?;
        let name = files.name(&folder);
        Ok(Self::new(&name, files.files, Source::Folder(folder)))
    }

    /// A project of files that are not on disk.
    pub fn embedded(name: &str, files: Vec<ProjectFile>) -> Self {
        Self::new(name, files.clone(), Source::Memory(files))
    }

    fn new(name: &str, files: Vec<ProjectFile>, source: Source) -> Self {
        let project = Arc::new(Project::load(name, files));
        Self {
            name: name.into(),
            source,
            neighbours: Arc::default(),
            imports: ArcSwap::default(),
            snapshot: ArcSwap::new(Arc::clone(&project)),
            saved: ArcSwap::new(project),
            validation: ArcSwapOption::empty(),
            loading: Mutex::new(()),
        }
    }

    /// The project's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The folder of its files; `None` for a project inside the binary.
    pub fn folder(&self) -> Option<&Path> {
        match &self.source {
            Source::Folder(folder) => Some(folder),
            Source::Memory(_) => None,
        }
    }

    /// Whether it sees the files of the project `name` of the same server.
    pub fn imports(&self, name: &str) -> bool {
        self.imports.load().contains(name)
    }

    /// The state that is served.
    pub fn snapshot(&self) -> Arc<Project> {
        self.snapshot.load_full()
    }

    /// The state of the files as they were last read. It is the served one, unless a file was saved with a syntax
    /// error.
    pub fn as_saved(&self) -> Arc<Project> {
        self.saved.load_full()
    }

    /// Reads the folder again, with those of the projects that it imports, and serves what they hold now. `None` when
    /// nothing changed.
    ///
    /// # Errors
    /// As [`ProjectFiles::read`].
    pub fn reload(&self) -> io::Result<Option<Reloaded>> {
        let _one_at_a_time = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = ProjectFiles::at(&self.source)?;
        let before = self.snapshot();
        let neighbour = |name: &str| self.neighbours.get(name).filter(|_| *name != *self.name).cloned();
        self.imports.store(Arc::new(found.import(before.manifest(), neighbour)?));
        let files = found.files;
        let changed = changed_files(&self.as_saved(), &files);
        if changed.is_empty() {
            return Ok(None);
        }
        let saved = Arc::new(before.update(files.clone()));
        let last_good = |path: &Arc<str>| {
            let is_broken = saved.file(path).is_some_and(|file| file.document.has_errors());
            let good = before.file(path).filter(|file| is_broken && !file.document.has_errors())?;
            Some(Arc::clone(good.document.source()))
        };
        let served: Vec<ProjectFile> = files
            .iter()
            .map(|(path, text)| (Arc::clone(path), last_good(path).unwrap_or_else(|| Arc::clone(text))))
            .collect();
        let keeps_some = served.iter().zip(&files).any(|((_, served), (_, saved))| !Arc::ptr_eq(served, saved));
        let served = if keeps_some { Arc::new(before.update(served)) } else { Arc::clone(&saved) };
        let mut diagnostics = saved.diagnostics();
        diagnostics.sort_by(|a, b| (&a.location.file, a.location.line).cmp(&(&b.location.file, b.location.line)));
        self.saved.store(saved);
        self.snapshot.store(served);
        Ok(Some(Reloaded { changed, diagnostics }))
    }
}

/// Files that were added, changed or removed. Of files that nobody reads only the names count.
fn changed_files(before: &Project, saved: &[ProjectFile]) -> Vec<Arc<str>> {
    let others: HashSet<&str> = before.other_files().map(|path| &**path).collect();
    let is_new = |(path, text): &&ProjectFile| match before.file(path) {
        Some(file) => file.document.text() != &**text,
        None => !others.contains(&**path),
    };
    let mut changed: Vec<Arc<str>> = saved.iter().filter(is_new).map(|(path, _)| Arc::clone(path)).collect();
    let paths: HashSet<&str> = saved.iter().map(|(path, _)| &**path).collect();
    let known = before.files().map(|file| &file.path).chain(before.other_files());
    changed.extend(known.filter(|path| !paths.contains(&***path)).cloned());
    changed
}
