//! A project: its files, parsed, and its models.
//!
//! A [`Project`] is an immutable snapshot. Nothing here reads a disk: files come in as path and text, and a changed
//! file makes a new snapshot that takes over whatever the change does not touch.

mod constants;
mod file;
mod glob;
mod include;
mod manifest;
mod strings;

pub use constants::Constants;
pub use file::{FileKind, SourceFile};
pub(crate) use include::Includes;
pub use manifest::{Constant, Dependency, Export, LocalizationSettings, Manifest};
pub use strings::{Localization, Strings, Translation};

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::parameters::MANIFEST;
use crate::resolve::{self, Mistakes, mistakes, read};
use file::Parsed;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// An immutable snapshot of a project: parsed files by path, models resolved on demand.
///
/// Share it by [`Arc`]. It always exists: what is wrong with a project is in [`Project::diagnostics`], and the rest
/// works.
#[derive(Debug)]
pub struct Project {
    name: Arc<str>,
    files: Files,
    manifest: Option<Manifest>,
    localization: Option<Arc<Localization>>,
    models: IndexMap<Arc<str>, Slot>,
    /// Models in the words of a locale, by model and locale.
    localized: Mutex<Localized>,
    diagnostics: Vec<Diagnostic>,
}

/// Models in the words of a locale, by model and locale.
type Localized = HashMap<(Arc<str>, String), Arc<Model>>;

/// The files of a project.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// LookML, dashboards and strings, by path.
    pub(crate) sources: BTreeMap<Arc<str>, Arc<SourceFile>>,
    /// Everything else that may be named in an `include`.
    pub(crate) others: BTreeSet<Arc<str>>,
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
        let (read, others): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(path, _)| FileKind::of(path).is_read());
        let parsed: BTreeMap<Arc<str>, Parsed> = read
            .into_iter()
            .map(|(path, text)| {
                let before = before.and_then(|project| project.files.sources.get(&path));
                (Arc::clone(&path), Parsed::new(path, text, before))
            })
            .collect();
        let mut diagnostics = Vec::new();
        let manifests = manifests(&parsed, &mut diagnostics);
        let others: BTreeSet<Arc<str>> = others.into_iter().map(|(path, _)| path).collect();
        let present = |root: &str| begins_with(parsed.keys(), root) || has_folder(&others, root);
        let constants = manifest::constants(&name, &manifests, present, &mut diagnostics);
        let none = Arc::new(Constants::default());
        let sources = parsed.into_iter().map(|(path, parsed)| {
            let constants = constants.get(root_of(&path)).unwrap_or(&none);
            (path, parsed.seeing(constants))
        });
        let files = Files { sources: sources.collect(), others };
        let manifest = manifests.get("").cloned();
        let localization = localization(manifest.as_ref(), &files, &mut diagnostics);
        let models = slots(&files, &mut diagnostics);
        let project = Self { name, files, manifest, localization, models, localized: Mutex::default(), diagnostics };
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
        let locale = self.localization.as_ref().map_or("", |localization| localization.default_locale());
        self.assemble_in(name, slot, locale)
    }

    fn assemble_in(&self, name: &Arc<str>, slot: &Slot, locale: &str) -> Model {
        let translation = self.localization.as_ref().map(|localization| localization.in_locale(locale));
        resolve::assemble(&self.name, name, &slot.file, &self.files, translation.unwrap_or_default())
    }

    fn model_of(&self, name: &Arc<str>, slot: &'_ Slot) -> Arc<Model> {
        Arc::new(self.assemble(name, slot))
    }

    /// The name it was loaded under.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// What its `manifest.lkml` says; `None` when it has none or it is broken.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// Its languages, when the manifest has `localization_settings`.
    pub fn localization(&self) -> Option<&Arc<Localization>> {
        self.localization.as_ref()
    }

    /// Its files that are read, by path: LookML, dashboards and strings.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.sources.values().map(|file| &**file)
    }

    /// Paths of its files that are not read, such as documents and scripts.
    pub fn other_files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.others.iter()
    }

    /// The file at `path` that is read.
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

    /// The model `name` with labels and descriptions in the words of `locale`. [`Project::model`] has those of the
    /// default locale; the same model comes back for a locale without a strings file.
    pub fn model_in(&self, name: &str, locale: &str) -> Option<Arc<Model>> {
        let has_words = |localization: &Arc<Localization>| {
            locale != localization.default_locale() && localization.locales().any(|known| known == locale)
        };
        if !self.localization.as_ref().is_some_and(has_words) {
            return self.model(name).cloned();
        }
        let (_, name, slot) = self.models.get_full(name)?;
        let key = (Arc::clone(name), locale.to_owned());
        let mut localized = self.localized.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(localized.entry(key).or_insert_with(|| Arc::new(self.assemble_in(name, slot, locale)))))
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
        resolve::check_dashboards(self, &mut all);
        let mut all = all.into_vec();
        all.sort_by(|a, b| {
            let place = |mistake: &Diagnostic| (mistake.location.span.start, mistake.location.span.end, mistake.id);
            a.location.file.cmp(&b.location.file).then_with(|| place(a).cmp(&place(b)))
        });
        all
    }
}

/// The manifests of the project and of those that it imports, by their roots.
fn manifests(files: &BTreeMap<Arc<str>, Parsed>, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Manifest> {
    let mut all = BTreeMap::new();
    for (path, file) in files.iter().filter(|(path, _)| FileKind::of(path) == FileKind::Manifest) {
        if file.document.has_errors() {
            continue;
        }
        let content = read(&file.document, &MANIFEST, &Constants::default());
        let mut mistakes = Mistakes::default();
        all.insert(root_of(path).to_owned(), Manifest::read(&content, &mut mistakes));
        diagnostics.extend(mistakes.into_vec());
    }
    all
}

/// The languages that the manifest asks for. Strings files count wherever they lie in the project itself.
fn localization(
    manifest: Option<&Manifest>,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Arc<Localization>> {
    let settings = manifest?.localization.as_ref()?;
    let own = files.sources.values().filter(|file| root_of(&file.path).is_empty());
    let locales: BTreeMap<String, Arc<Strings>> = own
        .filter_map(|file| Some((strings::locale_of(&file.path)?.to_owned(), Arc::clone(file.strings.as_ref()?))))
        .collect();
    if !locales.contains_key(&settings.default_locale) {
        diagnostics.push(mistakes::missing_strings(settings.location.clone(), &settings.default_locale));
    }
    Some(Arc::new(Localization::new(settings, locales)))
}

/// True when one of the sorted `paths` lies below `folder`.
fn begins_with<'a>(mut paths: impl Iterator<Item = &'a Arc<str>>, folder: &str) -> bool {
    paths.any(|path| path.starts_with(folder))
}

fn has_folder(paths: &BTreeSet<Arc<str>>, folder: &str) -> bool {
    paths
        .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
        .next()
        .is_some_and(|path| path.starts_with(folder))
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
pub const IMPORTS: &str = "imported_projects/";

/// The folder of the project that `path` belongs to: empty, or that of an imported project with its final `/`.
pub(crate) fn root_of(path: &str) -> &str {
    let Some(rest) = path.strip_prefix(IMPORTS) else { return "" };
    rest.find('/').map_or("", |end| &path[..=IMPORTS.len() + end])
}

/// The folder that `path` lies in, with its final `/`; empty at the root.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |end| &path[..=end])
}

/// The name of the model that `path` makes, if it is a model file.
fn model_name(path: &str) -> Option<&str> {
    let name = path[folder_of(path).len()..].strip_suffix(".model.lkml")?;
    (!name.is_empty()).then_some(name)
}
