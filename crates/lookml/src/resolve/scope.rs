//! A model's namespace: the views and explores of all files that it reaches, merged, and what of them is resolved.

use super::assemble::Declared;
use super::dashboard::{self, Resolved};
use super::mistakes::Mistakes;
use super::object::{Entry, Object};
use super::view::ResolvedView;
use super::{derived, explore, field_checks, names, view};
use crate::diagnostic::Diagnostic;
use crate::model::{Explore, ExploreHeader, Model, View};
use crate::project::SourceFile;
use crate::rules;
use crate::suggest::did_you_mean;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The namespace of a model.
pub struct Scope {
    files: Vec<Arc<SourceFile>>,
    /// The files of the project that the model does not reach.
    outside: Vec<Arc<SourceFile>>,
    views: IndexMap<Arc<str>, Slot<ResolvedView>>,
    explores: IndexMap<Arc<str>, ExploreSlot>,
    /// What is wrong with the model as a whole.
    pub(super) mistakes: Mistakes,
    /// The dashboards of its files, and what is wrong with them.
    dashboards: OnceLock<(IndexMap<Arc<str>, Resolved>, Mistakes)>,
    /// Views by the other names that explores give them.
    aliases: OnceLock<HashMap<Arc<str>, Vec<Arc<str>>>>,
    /// Help for unknown names of views.
    similar: Mutex<HashMap<Box<str>, Option<String>>>,
    /// Views that files declare and the model does not have.
    elsewhere: OnceLock<HashMap<Arc<str>, Elsewhere>>,
}

/// Why a model does not have a view that a file declares.
enum Elsewhere {
    /// The syntax of the file is broken.
    Broken(Arc<str>),
    /// The model does not include the file.
    Outside(Arc<str>),
}

impl Elsewhere {
    fn help(&self) -> String {
        match self {
            Self::Broken(path) => format!("`{path}` declares it and has a syntax error"),
            Self::Outside(path) => format!("`{path}` declares it, which the model does not include"),
        }
    }
}

/// For so many unknown names of views help is looked for: each costs a look at all views.
const MOST_SIMILAR: usize = 500;

/// What nobody can judge while an included project is missing.
const LEFT_OPEN_BY_MISSING_PROJECTS: [&str; 15] = [
    "explore-without-view",
    "inaccessible-view",
    "missing-sql",
    "primary-key-for-fanout",
    "unknown-access-grant",
    "unknown-datagroup",
    "unknown-explore",
    "unknown-field",
    "unknown-join",
    "unknown-liquid-variable",
    "unknown-map-layer",
    "unknown-set",
    "unknown-suggestion",
    "unknown-value-format",
    "unknown-view",
];

struct ExploreSlot {
    slot: Slot<Explore>,
    header: OnceLock<ExploreHeader>,
    /// `extension: required`: only others are made of it.
    template: bool,
}

struct Slot<T> {
    declared: Declared,
    resolved: OnceLock<Arc<T>>,
}

impl<T> Slot<T> {
    fn new(declared: Declared) -> Self {
        Self { declared, resolved: OnceLock::new() }
    }
}

impl Scope {
    pub(super) fn new(
        files: Vec<Arc<SourceFile>>,
        outside: Vec<Arc<SourceFile>>,
        views: Vec<(Arc<str>, Declared)>,
        explores: Vec<(Arc<str>, Declared)>,
        mistakes: Mistakes,
    ) -> Self {
        let explore = |declared: Declared| ExploreSlot {
            template: declared.object.text("extension").is_some(),
            slot: Slot::new(declared),
            header: OnceLock::new(),
        };
        Self {
            files,
            outside,
            views: views.into_iter().map(|(name, declared)| (name, Slot::new(declared))).collect(),
            explores: explores.into_iter().map(|(name, declared)| (name, explore(declared))).collect(),
            mistakes,
            dashboards: OnceLock::new(),
            aliases: OnceLock::new(),
            similar: Mutex::default(),
            elsewhere: OnceLock::new(),
        }
    }

    /// The merged object of the view `name`.
    pub(super) fn view_object(&self, name: &str) -> Option<&Arc<Object>> {
        self.views.get(name).map(|slot| &slot.declared.object)
    }

    /// The merged object of the explore `name`.
    pub(super) fn explore_object(&self, name: &str) -> Option<&Arc<Object>> {
        self.explores.get(name).map(|explore| &explore.slot.declared.object)
    }

    /// True when the view `name` lacks what it should inherit, so that nobody can say what is missing in it.
    pub(super) fn is_incomplete_view(&self, name: &str) -> bool {
        self.views.get(name).is_some_and(|slot| slot.declared.incomplete)
    }

    /// True when the explore `name` lacks what it should inherit.
    pub(super) fn is_incomplete_explore(&self, name: &str) -> bool {
        self.explores.get(name).is_some_and(|explore| explore.slot.declared.incomplete)
    }

    /// Adds a mistake about the unknown view `name`, with the file that declares it or the view that was probably meant.
    /// The same name is often unknown in many places.
    pub(super) fn unknown_view(&self, mistake: Diagnostic, name: &str, mistakes: &mut Mistakes) {
        if let Some(elsewhere) = self.elsewhere().get(name) {
            return mistakes.add(mistake.help(elsewhere.help()));
        }
        let mut similar = self.similar.lock().unwrap_or_else(PoisonError::into_inner);
        if !similar.contains_key(name) && similar.len() < MOST_SIMILAR {
            let found = did_you_mean(name, self.views.keys().map(|name| &**name));
            similar.insert(name.into(), found);
        }
        let help = similar.get(name).cloned().flatten();
        mistakes.add(Diagnostic { help: help.or(mistake.help), ..mistake });
    }

    fn elsewhere(&self) -> &HashMap<Arc<str>, Elsewhere> {
        self.elsewhere.get_or_init(|| {
            let mut found = HashMap::new();
            for file in &self.outside {
                for view in file.content().tops.iter().filter(|top| top.parameter.name == "view" && !top.refinement) {
                    if let Entry::Block(view) = &view.entry {
                        found.insert(Arc::clone(&view.name), Elsewhere::Outside(Arc::clone(&file.path)));
                    }
                }
            }
            for file in self.files.iter().filter(|file| file.document.has_errors()) {
                for item in file.document.items().filter(|item| item.key() == "view") {
                    if let Some(name) = item.block().and_then(|block| block.name()) {
                        found.insert((*name.text()).into(), Elsewhere::Broken(Arc::clone(&file.path)));
                    }
                }
            }
            found
        })
    }

    pub(crate) fn dashboards(&self) -> &IndexMap<Arc<str>, Resolved> {
        &self.read_dashboards().0
    }

    /// What is wrong with the dashboards by themselves.
    pub(super) fn dashboard_mistakes(&self) -> &Mistakes {
        &self.read_dashboards().1
    }

    fn read_dashboards(&self) -> &(IndexMap<Arc<str>, Resolved>, Mistakes) {
        self.dashboards.get_or_init(|| {
            let mut mistakes = Mistakes::default();
            let dashboards = dashboard::dashboards(&self.files, &mut mistakes);
            (dashboards, mistakes)
        })
    }

    /// The explores that the explore `name` extends, as it names them.
    pub(crate) fn parents_of_explore(&self, name: &str) -> Vec<Arc<str>> {
        self.explore_object(name).map(|explore| explore.names("extends")).unwrap_or_default()
    }

    /// The views that the view `name` extends, as it names them.
    pub(crate) fn parents_of_view(&self, name: &str) -> Vec<Arc<str>> {
        self.view_object(name).map(|view| view.names("extends")).unwrap_or_default()
    }

    /// The views whose tables the SQL of the derived table of `name` names.
    pub(crate) fn tables_of_view(&self, name: &str) -> Vec<Arc<str>> {
        let tables = self.view_object(name).map(|view| derived::tables(view)).unwrap_or_default();
        tables.into_iter().filter_map(|table| table.view).collect()
    }

    /// The merged `explore_source` of the data test `name`.
    pub(super) fn test_source(&self, name: &str) -> Option<&Arc<Object>> {
        self.blocks()
            .filter(|(kind, _)| *kind == "test")
            .map(|(_, test)| test)
            .filter(|test| *test.name == *name)
            .last()
            .and_then(|test| test.block("explore_source"))
    }

    /// The blocks at the top of the model's files, views and explores apart, with their keys.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (&'static str, &Arc<Object>)> {
        let tops = self.files.iter().flat_map(|file| &file.content().tops);
        tops.filter_map(|top| match &top.entry {
            Entry::Block(block) if !matches!(top.parameter.name, "view" | "explore") => {
                Some((top.parameter.name, block))
            }
            _ => None,
        })
    }

    /// True for explores that only others are made of.
    pub(super) fn is_template(&self, explore: &str) -> bool {
        self.explores.get(explore).is_some_and(|explore| explore.template)
    }

    pub(super) fn resolved_view(&self, model: &Model, name: &str) -> Option<&Arc<ResolvedView>> {
        let slot = self.views.get(name)?;
        Some(slot.resolved.get_or_init(|| Arc::new(view::resolve(model, &slot.declared.object))))
    }

    pub(crate) fn view(&self, model: &Model, name: &str) -> Option<&Arc<View>> {
        self.resolved_view(model, name).map(|resolved| &resolved.view)
    }

    pub(crate) fn view_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.views.keys()
    }

    pub(crate) fn explore(&self, model: &Model, name: &str) -> Option<&Arc<Explore>> {
        let explore = self.explores.get(name).filter(|explore| !explore.template)?;
        let slot = &explore.slot;
        Some(slot.resolved.get_or_init(|| Arc::new(explore::resolve(model, &slot.declared.object))))
    }

    pub(crate) fn explore_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.explores.iter().filter(|(_, explore)| !explore.template).map(|(name, _)| name)
    }

    pub(crate) fn explore_header(&self, model: &Model, name: &str) -> Option<&ExploreHeader> {
        let explore = self.explores.get(name).filter(|explore| !explore.template)?;
        Some(explore.header.get_or_init(|| explore::header(model, &explore.slot.declared.object)))
    }

    /// True when a file includes something of a project that is not there.
    pub(super) fn lacks_projects(&self) -> bool {
        self.mistakes.iter().any(|mistake| mistake.id == rules::UNKNOWN_PROJECT.id)
    }

    pub(crate) fn diagnostics(&self, model: &Model) -> Vec<Diagnostic> {
        let mut all = Mistakes::default();
        all.extend(self.mistakes.iter().cloned());
        for explore in model.explores() {
            all.extend(explore.errors.iter().cloned());
            all.extend(explore.views.iter().flat_map(|view| &view.view.errors).cloned());
        }
        for (_, block) in self.blocks() {
            names::check(model, block, &mut all);
        }
        derived::check(model, &mut all);
        field_checks::check_suggestions(model, &mut all);
        all.tell_once(&rules::FISCAL_WITHOUT_OFFSET);
        if self.lacks_projects() {
            // What the files of a project that is not there declare cannot be known.
            all.forget(&LEFT_OPEN_BY_MISSING_PROJECTS);
        }
        all.into_vec_of(&model.name)
    }

    /// True when both were gathered from the same files in the same order, with the same mistakes.
    pub(crate) fn reads_the_same(&self, other: &Self) -> bool {
        same_pointers(&self.files, &other.files)
            && self.mistakes.iter().eq(other.mistakes.iter())
            && (other.elsewhere.get().is_none() || same_pointers(&self.outside, &other.outside))
    }

    /// Takes over from `old` the views and explores that depend on nothing that changed.
    pub(crate) fn carry_over(&self, model: &Model, old: &Model) {
        if !same_settings(model, old) {
            return;
        }
        for (name, slot) in &self.views {
            let Some(before) = old.scope.views.get(name) else { continue };
            let Some(resolved) = before.resolved.get() else { continue };
            if resolved.view.errors.is_empty() && self.all_the_same(&resolved.reads, &old.scope) {
                let _ = slot.resolved.set(Arc::clone(resolved));
            }
        }
        for (name, explore) in &self.explores {
            let Some(before) = old.scope.explores.get(name) else { continue };
            let Some(resolved) = before.slot.resolved.get() else { continue };
            let reads = explore::reads(old, &before.slot.declared.object);
            if resolved.errors.is_empty() && self.all_the_same(&reads, &old.scope) {
                let _ = explore.slot.resolved.set(Arc::clone(resolved));
            }
        }
    }

    fn all_the_same(&self, reads: &[Read], old: &Self) -> bool {
        reads.iter().all(|read| match (self.declared(read), old.declared(read)) {
            (Some(new), Some(old)) => new.is_same(old),
            (new, old) => new.is_none() && old.is_none(),
        }) && reads.iter().all(|read| match read {
            Read::Alias(name) => self.views_of_alias(name) == old.views_of_alias(name),
            Read::View(_) | Read::Explore(_) => true,
        })
    }

    /// The names of the views that go by `alias` somewhere in the model: the view of that name, and what joins and
    /// explores call so.
    pub(super) fn views_of_alias(&self, alias: &str) -> Vec<Arc<str>> {
        let aliases = self.aliases.get_or_init(|| {
            let mut all: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
            for explore in self.explores.values() {
                for (alias, view) in explore::aliases(&explore.slot.declared.object) {
                    let views = all.entry(alias).or_default();
                    if !views.contains(&view) {
                        views.push(view);
                    }
                }
            }
            all
        });
        let own = self.views.get_key_value(alias).map(|(name, _)| Arc::clone(name));
        own.into_iter().chain(aliases.get(alias).into_iter().flatten().cloned()).collect()
    }

    fn declared(&self, read: &Read) -> Option<&Declared> {
        match read {
            Read::View(name) => self.views.get(name).map(|slot| &slot.declared),
            Read::Explore(name) => self.explores.get(name).map(|explore| &explore.slot.declared),
            Read::Alias(_) => None,
        }
    }
}

/// The name of a declaration that something was resolved from; it need not exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Read {
    View(Arc<str>),
    Explore(Arc<str>),
    /// The views that go by a name somewhere in the model.
    Alias(Arc<str>),
}

/// True when both hold the very same things in the same order.
pub(super) fn same_pointers<T>(a: &[Arc<T>], b: &[Arc<T>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
}

/// True when nothing changed that views and explores take from their model.
fn same_settings(a: &Model, b: &Model) -> bool {
    a.label == b.label
        && a.project == b.project
        && a.connection == b.connection
        && a.week_start_day == b.week_start_day
        && a.fiscal_month_offset == b.fiscal_month_offset
        && a.case_sensitive == b.case_sensitive
        && a.named_value_formats == b.named_value_formats
        && a.access_grants == b.access_grants
        && a.persistence == b.persistence
        && a.datagroups.keys().eq(b.datagroups.keys())
        && a.map_layers == b.map_layers
        && a.translation.is_same(&b.translation)
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<_> = self.files.iter().map(|file| &file.path).collect();
        f.debug_struct("Scope")
            .field("files", &files)
            .field("views", &self.views.len())
            .field("explores", &self.explores.len())
            .finish_non_exhaustive()
    }
}
