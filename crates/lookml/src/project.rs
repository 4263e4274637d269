//! A project: its files, parsed, and its models.
//!
//! A [`Project`] is an immutable snapshot. Nothing here reads a disk: files come in as path and text, and a changed
//! file makes a new snapshot that takes over whatever the change does not touch.

mod constants;
mod glob;
mod include;

pub use constants::Constants;
pub(crate) use include::Includes;

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::parameters::{FILE, MANIFEST};
use crate::resolve::{self, FileContent, Mistakes, mistakes, read};
use crate::syntax::{self, Document};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};
use std::sync::{Arc, OnceLock};

/// An immutable snapshot of a project: parsed files by path, models resolved on demand.
///
/// Share it by [`Arc`]. It always exists: what is wrong with a project is in [`Project::diagnostics`], and the rest
/// works.
#[derive(Debug)]
pub struct Project {
    name: Arc<str>,
    files: Files,
    models: IndexMap<Arc<str>, Slot>,
    diagnostics: Vec<Diagnostic>,
}

/// The files of a project.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// LookML, by path.
    pub(crate) sources: BTreeMap<Arc<str>, Arc<SourceFile>>,
    /// Everything else that may be named in an `include`: dashboards, strings, documents.
    pub(crate) others: BTreeSet<Arc<str>>,
}

/// A LookML file of a project.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the root of the project, with `/`.
    pub path: Arc<str>,
    /// Hash of the text.
    pub hash: u64,
    /// The tree.
    pub document: Arc<Document>,
    /// What is wrong with the syntax.
    pub diagnostics: Vec<Diagnostic>,
    constants: Arc<Constants>,
    content: OnceLock<FileContent>,
}

/// A model file, with its model once somebody asked for it.
#[derive(Debug)]
struct Slot {
    file: Arc<SourceFile>,
    model: OnceLock<Arc<Model>>,
}

impl Project {
    /// Parses the files of the project `name`: pairs of path (from the root, with `/`) and text. Of several files with
    /// one path the last counts.
    pub fn load(name: &str, files: Vec<(Arc<str>, Arc<str>)>) -> Self {
        Self::build(name.into(), files, None)
    }

    /// A new snapshot with `files` in the place of all files. Files whose text did not change keep their tree; models
    /// and explores that read only unchanged files are carried over.
    pub fn update(&self, files: Vec<(Arc<str>, Arc<str>)>) -> Self {
        Self::build(Arc::clone(&self.name), files, Some(self))
    }

    fn build(name: Arc<str>, texts: Vec<(Arc<str>, Arc<str>)>, before: Option<&Self>) -> Self {
        let (lookml, others): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(path, _)| is_lookml(path));
        let parsed: BTreeMap<Arc<str>, Parsed> =
            lookml.into_iter().map(|(path, text)| (Arc::clone(&path), Parsed::new(path, text, before))).collect();
        let (constants, mut diagnostics) = constants_of(&parsed);
        let none = Arc::new(Constants::default());
        let sources = parsed.into_iter().map(|(path, parsed)| {
            let constants = constants.get(root_of(&path)).unwrap_or(&none);
            (path, parsed.seeing(constants))
        });
        let files = Files { sources: sources.collect(), others: others.into_iter().map(|(path, _)| path).collect() };
        let models = slots(&files, &mut diagnostics);
        let project = Self { name, files, models, diagnostics };
        if let Some(before) = before {
            project.carry_over(before);
        }
        project
    }

    /// Resolves the models that were in use before, taking over what did not change.
    fn carry_over(&self, before: &Self) {
        for (name, slot) in &self.models {
            let Some(old) = before.models.get(name).and_then(|slot| slot.model.get()) else { continue };
            let model = self.assemble(name, slot);
            let model = if model.scope.reads_the_same(&old.scope) {
                Arc::clone(old)
            } else {
                model.scope.carry_over(&model, old);
                Arc::new(model)
            };
            // The slot is new and not yet shared, so that nobody else can have filled it.
            let _ = slot.model.set(model);
        }
    }

    fn assemble(&self, name: &Arc<str>, slot: &Slot) -> Model {
        resolve::assemble(&self.name, name, &slot.file, &self.files)
    }

    fn model_of(&self, name: &Arc<str>, slot: &'_ Slot) -> Arc<Model> {
        Arc::new(self.assemble(name, slot))
    }

    /// The name it was loaded under.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Its LookML files, by path.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.sources.values().map(|file| &**file)
    }

    /// The LookML file at `path`.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.sources.get(path).map(|file| &**file)
    }

    /// Its models, by path of their files.
    pub fn models(&self) -> impl Iterator<Item = &Arc<Model>> {
        self.models.iter().map(|(name, slot)| slot.model.get_or_init(|| self.model_of(name, slot)))
    }

    /// The model `name`. A model file with a syntax error gives a model without explores.
    pub fn model(&self, name: &str) -> Option<&Arc<Model>> {
        let (_, name, slot) = self.models.get_full(name)?;
        Some(slot.model.get_or_init(|| self.model_of(name, slot)))
    }

    /// Everything wrong with the project, each mistake once, by file and place. Resolves everything.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = Mistakes::default();
        for file in self.files.sources.values() {
            all.extend(file.diagnostics.iter().cloned());
            all.extend(file.content().diagnostics.iter().cloned());
        }
        all.extend(self.diagnostics.iter().cloned());
        for model in self.models() {
            all.extend(model.diagnostics());
        }
        let mut all = all.into_vec();
        all.sort_by(|a, b| {
            let place = |mistake: &Diagnostic| (mistake.location.span.start, mistake.location.span.end, mistake.id);
            a.location.file.cmp(&b.location.file).then_with(|| place(a).cmp(&place(b)))
        });
        all
    }
}

impl SourceFile {
    /// What the file says; nothing when its syntax is broken.
    pub(crate) fn content(&self) -> &FileContent {
        self.content.get_or_init(|| {
            if self.document.has_errors() || is_lock_file(&self.path) {
                return FileContent::default();
            }
            let parent = if is_manifest(&self.path) { &MANIFEST } else { &FILE };
            read(&self.document, parent, &self.constants)
        })
    }
}

/// A file that is parsed, before it is known which constants it sees.
struct Parsed {
    path: Arc<str>,
    hash: u64,
    document: Arc<Document>,
    diagnostics: Vec<Diagnostic>,
    before: Option<Arc<SourceFile>>,
}

impl Parsed {
    fn new(path: Arc<str>, text: Arc<str>, before: Option<&Project>) -> Self {
        let before = before.and_then(|project| project.files.sources.get(&path));
        if let Some(same) = before.filter(|file| *file.document.text() == *text) {
            return Self {
                path,
                hash: same.hash,
                document: Arc::clone(&same.document),
                diagnostics: same.diagnostics.clone(),
                before: Some(Arc::clone(same)),
            };
        }
        let hash = hash(&text);
        let syntax::Parsed { document, diagnostics } = syntax::parse(&path, text);
        Self { path, hash, document, diagnostics, before: None }
    }

    fn seeing(self, constants: &Arc<Constants>) -> Arc<SourceFile> {
        match self.before {
            Some(same) if same.constants == *constants => same,
            _ => Arc::new(SourceFile {
                path: self.path,
                hash: self.hash,
                document: self.document,
                diagnostics: self.diagnostics,
                constants: Arc::clone(constants),
                content: OnceLock::new(),
            }),
        }
    }
}

/// The constants of each project in the files, by its root (an imported project has its own), and their mistakes.
fn constants_of(files: &BTreeMap<Arc<str>, Parsed>) -> (BTreeMap<String, Arc<Constants>>, Vec<Diagnostic>) {
    let mut all = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for file in files.values().filter(|file| is_manifest(&file.path) && !file.document.has_errors()) {
        let content = read(&file.document, &MANIFEST, &Constants::default());
        let (constants, mistakes) = resolve::constants(&content);
        all.insert(root_of(&file.path).to_owned(), Arc::new(constants));
        diagnostics.extend(mistakes);
    }
    (all, diagnostics)
}

/// The model files, by the names of their models; of several with one name the last counts.
fn slots(files: &Files, diagnostics: &mut Vec<Diagnostic>) -> IndexMap<Arc<str>, Slot> {
    let mut models: IndexMap<Arc<str>, Slot> = IndexMap::new();
    for file in files.sources.values().filter(|file| root_of(&file.path).is_empty()) {
        let Some(name) = model_name(&file.path) else { continue };
        let slot = Slot { file: Arc::clone(file), model: OnceLock::new() };
        if let Some(other) = models.insert(name.into(), slot) {
            for file in [&other.file, file] {
                diagnostics.push(mistakes::duplicate_model(file.document.location(resolve::START), name));
            }
        }
    }
    models
}

/// Where imported projects are shown.
const IMPORTS: &str = "imported_projects/";

/// The folder of the project that `path` belongs to: empty, or that of an imported project with its final `/`.
pub(crate) fn root_of(path: &str) -> &str {
    let Some(rest) = path.strip_prefix(IMPORTS) else { return "" };
    rest.find('/').map_or("", |end| &path[..=IMPORTS.len() + end])
}

/// The folder that `path` lies in, with its final `/`; empty at the root.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |end| &path[..=end])
}

/// True for files in the language itself. Dashboards are YAML.
fn is_lookml(path: &str) -> bool {
    path.strip_suffix(".lkml").is_some_and(|stem| !stem.ends_with(".dashboard"))
}

fn is_manifest(path: &str) -> bool {
    path.strip_prefix(root_of(path)) == Some("manifest.lkml")
}

fn is_lock_file(path: &str) -> bool {
    path.strip_prefix(root_of(path)) == Some("manifest_lock.lkml")
}

/// The name of the model that `path` makes, if it is a model file.
fn model_name(path: &str) -> Option<&str> {
    let name = path[folder_of(path).len()..].strip_suffix(".model.lkml")?;
    (!name.is_empty()).then_some(name)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}
