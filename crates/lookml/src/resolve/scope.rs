//! A model's namespace: the views and explores of all files that it reaches, merged, and what of them is resolved.

use super::assemble::Declared;
use super::mistakes::Mistakes;
use super::object::Object;
use super::view::ResolvedView;
use super::{derived, explore, view};
use crate::diagnostic::Diagnostic;
use crate::model::{Explore, ExploreHeader, Model, View};
use crate::project::SourceFile;
use crate::suggest::did_you_mean;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The namespace of a model.
pub struct Scope {
    files: Vec<Arc<SourceFile>>,
    views: IndexMap<Arc<str>, Slot<ResolvedView>>,
    explores: IndexMap<Arc<str>, ExploreSlot>,
    /// What is wrong with the model as a whole.
    pub(super) mistakes: Mistakes,
    /// Help for unknown names of views.
    similar: Mutex<HashMap<Box<str>, Option<String>>>,
}

/// For so many unknown names of views help is looked for: each costs a look at all views.
const MOST_SIMILAR: usize = 500;

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
            views: views.into_iter().map(|(name, declared)| (name, Slot::new(declared))).collect(),
            explores: explores.into_iter().map(|(name, declared)| (name, explore(declared))).collect(),
            mistakes,
            similar: Mutex::default(),
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

    /// Adds a mistake about the unknown view `name`, with the view that was probably meant. The same name is often
    /// unknown in many places.
    pub(super) fn unknown_view(&self, mistake: Diagnostic, name: &str, mistakes: &mut Mistakes) {
        let mut similar = self.similar.lock().unwrap_or_else(PoisonError::into_inner);
        if !similar.contains_key(name) && similar.len() < MOST_SIMILAR {
            let found = did_you_mean(name, self.views.keys().map(|name| &**name));
            similar.insert(name.into(), found);
        }
        let help = similar.get(name).cloned().flatten();
        mistakes.add(Diagnostic { help: help.or(mistake.help), ..mistake });
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

    pub(crate) fn diagnostics(&self, model: &Model) -> Vec<Diagnostic> {
        let mut all = Mistakes::default();
        all.extend(self.mistakes.iter().cloned());
        for explore in model.explores() {
            all.extend(explore.errors.iter().cloned());
            all.extend(explore.views.iter().flat_map(|view| &view.view.errors).cloned());
        }
        derived::check(model, &mut all);
        all.into_vec_of(&model.name)
    }

    /// True when both were gathered from the same files in the same order, with the same mistakes.
    pub(crate) fn reads_the_same(&self, other: &Self) -> bool {
        same_pointers(&self.files, &other.files) && self.mistakes.iter().eq(other.mistakes.iter())
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
        })
    }

    fn declared(&self, read: &Read) -> Option<&Declared> {
        match read {
            Read::View(name) => self.views.get(name).map(|slot| &slot.declared),
            Read::Explore(name) => self.explores.get(name).map(|explore| &explore.slot.declared),
        }
    }
}

/// The name of a declaration that something was resolved from; it need not exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Read {
    View(Arc<str>),
    Explore(Arc<str>),
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
