//! Lists of fields and sets: `[id, users.detail*, -cost]`, inside a view and inside an explore.

use super::cycle::{Knots, path, told};
use super::mistakes::{self, Mistakes};
use super::near::Groups;
use super::object::{EXTENDED, Object, Text};
use super::references::split_name;
use crate::model::{Explore, ExploreView, Field, FieldKind, View};
use indexmap::{IndexMap, IndexSet};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The set of all fields.
const ALL_FIELDS: &str = "ALL_FIELDS";

/// An entry of a list.
#[derive(Debug, Clone, Copy)]
struct Term<'a> {
    /// `-` stands before it.
    remove: bool,
    /// The part before the dot.
    view: Option<&'a str>,
    /// The field or set; empty for `view.*`.
    name: &'a str,
    /// `*` stands behind it: a set.
    set: bool,
}

impl<'a> Term<'a> {
    fn read(text: &'a str) -> Self {
        let (remove, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (rest, set) = rest.strip_suffix('*').map_or((rest, false), |rest| (rest, true));
        let (view, name) = split_name(rest);
        Self { remove, view, name, set }
    }

    /// True when it stands for all fields of the view `own`.
    fn is_all_of(self, own: &str) -> bool {
        self.set
            && match self.view {
                None => self.name == ALL_FIELDS || self.name == own,
                Some(view) => view == own && (self.name == ALL_FIELDS || self.name.is_empty()),
            }
    }
}

/// Names in the order in which they were added, without those that were removed again.
#[derive(Debug, Default)]
struct Selection {
    order: Vec<Option<Arc<str>>>,
    at: HashMap<Arc<str>, usize>,
}

impl Selection {
    fn put(&mut self, name: &Arc<str>, remove: bool) {
        if remove {
            if let Some(at) = self.at.remove(name) {
                self.order[at] = None;
            }
        } else if !self.at.contains_key(name) {
            self.at.insert(Arc::clone(name), self.order.len());
            self.order.push(Some(Arc::clone(name)));
        }
    }

    fn put_all<'n>(&mut self, names: impl IntoIterator<Item = &'n Arc<str>>, remove: bool) {
        for name in names {
            self.put(name, remove);
        }
    }

    fn contains(&self, name: &str) -> bool {
        self.at.contains_key(name)
    }

    fn into_names(self) -> Vec<Arc<str>> {
        self.order.into_iter().flatten().collect()
    }
}

/// A view as far as its own lists need to know it.
pub struct ViewNames<'a> {
    /// Its name.
    pub view: &'a str,
    /// Short names of its fields, in order.
    pub fields: &'a IndexSet<Arc<str>>,
    /// Short names of the fields that are not listed.
    pub unlisted: &'a HashSet<Arc<str>>,
    /// Its dimension groups.
    pub groups: &'a Groups,
}

impl ViewNames<'_> {
    fn knows(&self, name: &str) -> bool {
        self.fields.contains(name) || self.unlisted.contains(name)
    }
}

/// The sets that `view` declares, worked out as far as the view alone can tell.
pub fn sets(names: &ViewNames<'_>, view: &Object, mistakes: &mut Mistakes) -> IndexMap<Arc<str>, Vec<Arc<str>>> {
    let declared: IndexMap<&str, &Arc<Object>> = view.children("set").map(|set| (&*set.name, set)).collect();
    let entries = |index: usize| declared[index].list("fields").unwrap_or_default();
    let edges: Vec<Vec<usize>> = (0..declared.len())
        .map(|index| {
            let used = entries(index).iter().filter_map(|entry| own_set(&entry.value, names.view));
            used.filter_map(|name| declared.get_index_of(name)).collect()
        })
        .collect();
    let knots = Knots::new(&edges);
    for cycle in knots.cycles(&edges) {
        let (at, nodes) = told(&cycle, |set, next| {
            let names_next = |entry: &&Text| own_set(&entry.value, names.view) == Some(&*declared[next].name);
            let written = entries(set).iter().find(names_next);
            written.map_or_else(|| declared[set].location.clone(), |entry| entry.location.clone())
        });
        mistakes.add(mistakes::circular_set(at, &path(nodes.into_iter().map(|set| &*declared[set].name))));
    }
    let mut done: IndexMap<Arc<str>, Vec<Arc<str>>> = IndexMap::new();
    for index in knots.in_order() {
        let set = declared[index];
        let by = format!("{}.{}", names.view, set.name);
        let known = |name: &str| match declared.get_index_of(name) {
            Some(used) if knots.closes_a_cycle(index, used) => Some(&[][..]),
            _ => done.get(name).map(Vec::as_slice),
        };
        let worked_out = in_view(names, entries(index), known, &by, mistakes);
        done.insert(Arc::clone(&set.name), worked_out);
    }
    done.sort_by_cached_key(|name, _| declared.get_index_of(&**name));
    done
}

/// The set of the view itself that an entry names.
fn own_set<'a>(entry: &'a str, own: &str) -> Option<&'a str> {
    let term = Term::read(entry);
    (term.set && term.view.is_none_or(|view| view == own) && !term.is_all_of(own)).then_some(term.name)
}

/// The names in a list of a view (a set or `drill_fields`). Entries that depend on the explore stay as they are: sets
/// of other views, and removals of what those may bring.
pub fn in_view<'s>(
    names: &ViewNames<'_>,
    entries: &[Text],
    sets: impl Fn(&str) -> Option<&'s [Arc<str>]>,
    by: &str,
    mistakes: &mut Mistakes,
) -> Vec<Arc<str>> {
    let mut selection = Selection::default();
    if entries.first().is_some_and(|first| first.value.starts_with('-')) {
        selection.put_all(names.fields, false);
    }
    let mut foreign_set = false;
    for entry in entries {
        if *entry.value == *EXTENDED {
            continue;
        }
        let term = Term::read(&entry.value);
        let own = term.view.is_none_or(|view| view == names.view);
        if term.is_all_of(names.view) {
            selection.put_all(names.fields, term.remove);
        } else if term.set && own {
            match sets(term.name) {
                Some(set) => selection.put_all(set, term.remove),
                None => mistakes.add(mistakes::unknown_set(entry.location.clone(), term.name, by)),
            }
        } else if term.set {
            foreign_set = true;
            selection.put(&entry.value, false);
        } else if term.remove && own {
            selection.put(&term.name.into(), true);
            selection.put(&full_name(names.view, term.name), true);
        } else if term.remove {
            selection.put(&(&entry.value[1..]).into(), true);
            if foreign_set {
                selection.put(&entry.value, false);
            }
        } else {
            if own && !names.knows(term.name) {
                let mistake =
                    mistakes::unknown_field(entry.location.clone(), &format!("{}.{}", names.view, term.name), by);
                names.groups.unknown(mistake, term.name, names.fields.iter().map(|name| &**name), mistakes);
            }
            selection.put(&entry.value, false);
        }
    }
    selection.into_names()
}

/// Full names of fields.
type Names = Arc<[Arc<str>]>;

/// Field lists inside an explore: names are full names.
#[derive(Debug)]
pub struct ExploreLists<'e> {
    views: &'e [ExploreView],
    by_alias: HashMap<&'e str, &'e ExploreView>,
    /// Sets that are worked out, by alias and name; `None` while that goes on.
    done: HashMap<(Arc<str>, Arc<str>), Option<Names>>,
}

/// Sets that name sets of other views that name sets: so deep and no deeper.
const DEEPEST: usize = 50;

/// What a list names that is not there.
pub enum Unknown<'e> {
    /// No view goes by this alias.
    View,
    /// The view has no such field.
    Field(&'e ExploreView),
    /// The view has no such set.
    Set,
}

impl<'e> ExploreLists<'e> {
    pub fn new(views: &'e [ExploreView]) -> Self {
        let by_alias = views.iter().map(|view| (&*view.alias, view)).collect();
        Self { views, by_alias, done: HashMap::new() }
    }

    /// Full names of the fields under `alias` that the explore lets in.
    pub fn all_of(view: &ExploreView) -> Vec<Arc<str>> {
        let names = view.view.fields.keys().filter(|name| view.includes(name));
        names.map(|name| full_name(&view.alias, name)).collect()
    }

    /// The set `name` of the view under `alias`. It may hold names of views that are not joined here.
    pub fn set(&mut self, alias: &str, name: &str) -> Option<Names> {
        self.set_at(alias, name, 0)
    }

    fn set_at(&mut self, alias: &str, name: &str, depth: usize) -> Option<Names> {
        let view = *self.by_alias.get(alias)?;
        let entries = view.view.sets.get(name)?;
        let key = (Arc::clone(&view.alias), Arc::from(name));
        if let Some(done) = self.done.get(&key) {
            // A set that is asked for while it is being worked out stands in a circle.
            return Some(done.clone().unwrap_or_default());
        }
        if depth == DEEPEST {
            return Some(Arc::default());
        }
        self.done.insert(key.clone(), None);
        let mut selection = Selection::default();
        for entry in entries {
            // Names of views that are not joined here stay in the set.
            let _ = self.put(&mut selection, entry, alias, depth + 1);
        }
        let set: Names = selection.into_names().into();
        self.done.insert(key, Some(Arc::clone(&set)));
        Some(set)
    }

    /// Adds or removes what an entry stands for.
    fn put(&mut self, selection: &mut Selection, entry: &str, own: &str, depth: usize) -> Result<(), Unknown<'e>> {
        if entry == EXTENDED {
            return Ok(());
        }
        let term = Term::read(entry);
        let alias = term.view.unwrap_or(own);
        if !term.set {
            selection.put(&full_name(alias, term.name), term.remove);
            let view = *self.by_alias.get(alias).ok_or(Unknown::View)?;
            return view.view.field(term.name).map(|_| ()).ok_or(Unknown::Field(view));
        }
        if term.view.is_none() && term.name == ALL_FIELDS {
            for view in self.views {
                selection.put_all(&Self::all_of(view), term.remove);
            }
            return Ok(());
        }
        if let Some(set) = self.set_at(alias, term.name, depth) {
            selection.put_all(&*set, term.remove);
            return Ok(());
        }
        let whole = match term.view {
            None => self.by_alias.get(term.name).ok_or(Unknown::Set)?,
            Some(view) => {
                let found = self.by_alias.get(view).ok_or(Unknown::View)?;
                let all = term.name.is_empty() || term.name == ALL_FIELDS || term.name == view;
                if !all {
                    return Err(Unknown::Set);
                }
                found
            }
        };
        selection.put_all(&Self::all_of(whole), term.remove);
        Ok(())
    }

    /// The fields that a list of an explore or join names, of those that were let in so far. Names without a view
    /// belong to `own`; a list that begins with a removal starts from `all`. Tells each entry that names nothing.
    pub fn select(
        &mut self,
        entries: &[Text],
        own: &str,
        all: &[Arc<str>],
        mut unknown: impl FnMut(&Text, Unknown<'e>),
    ) -> Vec<Arc<str>> {
        let mut selection = Selection::default();
        if entries.first().is_some_and(|first| first.value.starts_with('-')) {
            selection.put_all(all, false);
        }
        for entry in entries {
            if let Err(problem) = self.put(&mut selection, &entry.value, own, 0) {
                unknown(entry, problem);
            }
        }
        all.iter().filter(|name| selection.contains(name)).cloned().collect()
    }

    /// The sets of the explore as the API lists them: declared ones, one for each alias, and that of all fields.
    pub fn api_sets(&mut self) -> Vec<(String, Vec<Arc<str>>)> {
        let mut sets = Vec::new();
        for view in self.views {
            for name in view.view.sets.keys() {
                let fields = self.set(&view.alias, name).unwrap_or_default();
                sets.push((format!("{}.{name}", view.alias), fields.to_vec()));
            }
        }
        let mut all = Vec::new();
        for view in self.views {
            let fields = with_companions(view);
            all.extend(fields.iter().cloned());
            sets.push((view.alias.to_string(), fields));
        }
        sets.push((ALL_FIELDS.into(), all));
        sets
    }
}

/// All fields of a view in an explore; behind each tier the field that sorts it.
fn with_companions(view: &ExploreView) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for field in view.view.fields.values().filter(|field| view.includes(&field.name)) {
        names.push(full_name(&view.alias, &field.name));
        if matches!(field.kind, FieldKind::Tier { .. }) {
            names.push(format!("{}.{}__sort_", view.alias, field.name).into());
        }
    }
    names
}

fn full_name(alias: &str, name: &str) -> Arc<str> {
    format!("{alias}.{name}").into()
}

/// The drill fields of an explore's fields; see [`Explore::drills`]. Fields that say the same share what it means.
#[derive(Debug)]
pub struct Drills<'e> {
    explore: &'e Explore,
    lists: ExploreLists<'e>,
    /// What is worked out, by alias and entries.
    done: HashMap<(Arc<str>, &'e [Arc<str>]), Names>,
}

impl<'e> Drills<'e> {
    pub(crate) fn new(explore: &'e Explore) -> Self {
        Self { explore, lists: ExploreLists::new(&explore.views), done: HashMap::new() }
    }

    /// The full names that `drill_fields` of `field` mean under the alias of `view`.
    pub fn of(&mut self, view: &ExploreView, field: &'e Field) -> Arc<[Arc<str>]> {
        if field.drill_fields.is_empty() {
            return Arc::default();
        }
        let key = (Arc::clone(&view.alias), &*field.drill_fields);
        if let Some(done) = self.done.get(&key) {
            return Arc::clone(done);
        }
        let mut selection = Selection::default();
        for entry in &field.drill_fields {
            // What names nothing here is left out below.
            let _ = self.lists.put(&mut selection, entry, &view.alias, 0);
        }
        let mut names = selection.into_names();
        names.retain(|name| self.explore.field(name).is_some_and(|(view, field)| view.includes(&field.name)));
        let names: Names = names.into();
        self.done.insert(key, Arc::clone(&names));
        names
    }
}

/// The fields of a view by their places in it, for [`ExploreView::included`].
pub fn names_in(view: &View, alias: &str, selected: &[Arc<str>]) -> Vec<Arc<str>> {
    let short = selected.iter().filter_map(|name| name.strip_prefix(alias)?.strip_prefix('.'));
    short.filter_map(|name| view.fields.get_key_value(name)).map(|(name, _)| Arc::clone(name)).collect()
}
