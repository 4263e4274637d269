//! Which explores and fields differ between two states of a project.

use belvedere_engine::{Compiler, run_error};
use belvedere_lookml::diagnostic::Location;
use belvedere_lookml::model::{Explore, Model};
use belvedere_lookml::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What differs between two states of a project.
#[derive(Debug, Default)]
pub struct Impact {
    /// The explores that differ, by model and name.
    pub explores: Vec<ExploreImpact>,
    /// How many explores there are in the new state.
    pub total: usize,
}

/// An explore that differs.
#[derive(Debug)]
pub struct ExploreImpact {
    pub model: Arc<str>,
    pub name: Arc<str>,
    pub change: Change,
    /// The fields that differ, by name; none for an explore that appears or goes.
    pub fields: Vec<FieldImpact>,
    /// Where it is declared: in the new state, unless it is gone there.
    pub location: Location,
}

/// A field that differs.
#[derive(Debug)]
pub struct FieldImpact {
    /// `view.field`
    pub name: String,
    pub change: Change,
    /// Why, as far as a changed file tells.
    pub cause: Option<Cause>,
}

/// How something differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Its SQL is another.
    Changed,
    /// It is new.
    New,
    /// It is there no longer.
    Gone,
    /// It had SQL and has none now: why.
    Broken(String),
    /// It had no SQL and has some now.
    Mended,
}

impl Change {
    /// The word for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::New => "new",
            Self::Gone => "gone",
            Self::Broken(_) => "broken",
            Self::Mended => "mended",
        }
    }
}

/// A declaration in a changed file that a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// `field`, `view`, `join` or `explore`; `file` where only that is known.
    pub what: &'static str,
    pub location: Location,
}

impl Impact {
    /// Whether queries that run now would not any more.
    pub fn takes_away(&self) -> bool {
        let takes = |change: &Change| matches!(change, Change::Gone | Change::Broken(_));
        self.explores
            .iter()
            .any(|explore| takes(&explore.change) || explore.fields.iter().any(|field| takes(&field.change)))
    }
}

type Side<'p> = (&'p Arc<Model>, &'p Arc<Explore>);

/// Compares the SQL of each field alone, with the joins that it takes. What the new state has taken over from the old
/// one is the same.
pub fn compare(compiler: &Compiler<'_>, old: &Project, new: &Project) -> Impact {
    let (before, after) = (explores(old), explores(new));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let pairs: Vec<(Option<Side<'_>>, Option<Side<'_>>)> = names
        .into_iter()
        .map(|name| (before.get(&name).copied(), after.get(&name).copied()))
        .filter(|pair| !matches!(pair, (Some((_, old)), Some((_, new))) if Arc::ptr_eq(old, new)))
        .collect();
    let changed = changed_files(old, new);
    let explores = each(&pairs, |(old, new)| match (old, new) {
        (Some(old), Some(new)) => explore(compiler, *old, *new, &changed),
        (Some((model, explore)), None) => Some(whole(model, explore, Change::Gone)),
        (None, Some((model, explore))) => Some(whole(model, explore, Change::New)),
        (None, None) => None,
    });
    Impact { explores: explores.into_iter().flatten().collect(), total: after.len() }
}

fn explores(project: &Project) -> BTreeMap<(&str, &str), Side<'_>> {
    let models = project.models();
    models
        .flat_map(|model| model.explores().map(move |explore| ((&*model.name, &*explore.name), (model, explore))))
        .collect()
}

/// Paths of the files whose text differs.
fn changed_files(old: &Project, new: &Project) -> BTreeSet<Arc<str>> {
    let differs = |path: &str| match (old.file(path), new.file(path)) {
        (Some(old), Some(new)) => old.document.text() != new.document.text(),
        _ => true,
    };
    let paths = old.files().chain(new.files()).map(|file| &file.path);
    paths.filter(|path| differs(path)).cloned().collect()
}

/// What `work` makes of each item, on all cores, in the order of the items.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(items.len());
    let next = AtomicUsize::new(0);
    let turn = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(turn)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn whole(model: &Model, explore: &Explore, change: Change) -> ExploreImpact {
    ExploreImpact {
        model: Arc::clone(&model.name),
        name: Arc::clone(&explore.name),
        change,
        fields: Vec::new(),
        location: explore.location.clone(),
    }
}

/// The fields of an explore that differ; `None` when none does.
fn explore(
    compiler: &Compiler<'_>,
    old: Side<'_>,
    new: Side<'_>,
    changed: &BTreeSet<Arc<str>>,
) -> Option<ExploreImpact> {
    let names = |(_, explore): Side<'_>| compiler.selectable(explore).map(|(name, _)| name).collect::<BTreeSet<_>>();
    let (before, after) = (names(old), names(new));
    let sql = |(model, explore): Side<'_>, name: &str| {
        compiler.field(model, explore, name).map_err(|error| run_error(&error, None).text())
    };
    let change = |name: &str| match (before.contains(name), after.contains(name)) {
        (true, false) => Some(Change::Gone),
        (false, true) => Some(match sql(new, name) {
            Ok(_) => Change::New,
            Err(why) => Change::Broken(why),
        }),
        _ => match (sql(old, name), sql(new, name)) {
            (Ok(old), Ok(new)) => (old != new).then_some(Change::Changed),
            (Ok(_), Err(why)) => Some(Change::Broken(why)),
            (Err(_), Ok(_)) => Some(Change::Mended),
            (Err(_), Err(_)) => None,
        },
    };
    let fields: Vec<FieldImpact> = before
        .union(&after)
        .filter_map(|name| {
            let change = change(name)?;
            let side = if change == Change::Gone { old } else { new };
            Some(FieldImpact { cause: cause(side.1, name, changed), name: name.clone(), change })
        })
        .collect();
    (!fields.is_empty()).then(|| ExploreImpact { fields, ..whole(new.0, new.1, Change::Changed) })
}

/// The nearest declaration behind a field that stands in a changed file.
fn cause(explore: &Explore, name: &str, changed: &BTreeSet<Arc<str>>) -> Option<Cause> {
    let (view, field) = explore.field(name)?;
    let candidates = [
        ("field", Some(&field.location)),
        ("view", Some(&view.view.location)),
        ("join", view.join.as_ref().map(|join| &join.location)),
        ("explore", Some(&explore.location)),
    ];
    let mut known = candidates.into_iter().filter_map(|(what, location)| Some((what, location?)));
    if let Some((what, location)) = known.find(|(_, location)| changed.contains(&location.file)) {
        return Some(Cause { what, location: location.clone() });
    }
    let only = changed.first().filter(|_| changed.len() == 1)?;
    Some(Cause { what: "file", location: Location { file: Arc::clone(only), line: 1, ..Location::default() } })
}
