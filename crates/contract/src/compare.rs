//! Compares two documents.
//!
//! Operations are matched by their operationId, else by method and path; schemas and properties by name. What
//! a version change moved comes in as [`Move`]s. Each schema is looked at once for each direction in which operations
//! use it: what only beta operations meet breaks no promise, and what nobody can send or receive is no difference.

mod names;
mod object;
mod operation;
mod relation;
mod users;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use crate::change::{Announced, Change, Class, Place, Promise};
use crate::document::{Document, Operation, Status, Type};
use crate::moves::Move;
use crate::rule::Rule;

use names::Names;
use users::Users;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// From the caller to the server.
    Request,
    /// From the server to the caller.
    Response,
}

/// What two documents differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The version of the older document, `4.0.26.12`.
    pub old: String,
    /// The version of the newer document.
    pub new: String,
    /// The differences: operations first, in the order of the older document, then schemas.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// The differences of a class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.class == class)
    }

    /// Whether a promise is broken.
    pub fn breaks(&self) -> bool {
        self.of(Class::Breaking).next().is_some()
    }
}

/// Compares an older document with a newer one.
pub fn compare(old: &Document, new: &Document, moves: &[Move]) -> Comparison {
    let names = Names::new(old, new, moves);
    let users = Users::new(old, |id| names.operation(id).is_some());
    let mut comparer = Comparer { old, new, names, users, changes: Vec::new() };
    comparer.head();
    comparer.operations();
    comparer.schemas();
    Comparison { old: old.version.clone(), new: new.version.clone(), changes: comparer.changes }
}

struct Comparer<'a> {
    old: &'a Document,
    new: &'a Document,
    names: Names<'a>,
    users: Users<'a>,
    changes: Vec<Change>,
}

/// Whom a difference concerns.
#[derive(Debug, Clone)]
struct Concerned {
    promise: Promise,
    /// The operations, where the place does not name one.
    callers: Vec<String>,
}

impl Comparer<'_> {
    fn head(&mut self) {
        if let (Some(old), Some(new)) = (&self.old.base, &self.new.base)
            && old != new
        {
            let change = Change::new(Rule::BaseUrlChanged, Place::Document, Promise::Kept, Announced::No);
            self.changes.push(change.before(old).after(new));
        }
    }

    fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        for operation in old.operations.values() {
            match self.names.operation(&operation.id).and_then(|id| new.operations.get(id)) {
                Some(now) => self.operation(operation, now),
                None => self.operation_removed(operation),
            }
        }
        for operation in new.operations.values().filter(|operation| !self.names.is_known(&operation.id)) {
            let place = Place::Operation(operation.id.clone());
            let change = Change::new(Rule::OperationAdded, place, Promise::None, Announced::No);
            self.changes.push(change.after(&introduced(operation)));
        }
    }

    fn operation_removed(&mut self, operation: &Operation) {
        let announced = Announced::from(operation.status == Status::Deprecated);
        let place = Place::Operation(operation.id.clone());
        let mut change = Change::new(Rule::OperationRemoved, place, promise(operation.status), announced);
        change.note = self.names.note_on_operation(&operation.id);
        self.changes.push(change.before(&introduced(operation)));
    }

    fn schemas(&mut self) {
        let (old, new) = (self.old, self.new);
        for (name, schema) in &old.schemas {
            let Some((now, after)) = self.names.schema(name).and_then(|now| new.schemas.get_key_value(now)) else {
                self.schema_removed(name);
                continue;
            };
            if now != name {
                let concerned = self.users.of_either(name);
                let place = Place::Schema(name.clone());
                let change = Change::new(Rule::SchemaRenamed, place, concerned.promise, Announced::No);
                self.push(change.after(&now), &concerned);
            }
            match (&schema.ty, &after.ty) {
                (Type::Object(before), Type::Object(after)) => self.schema(name, before, after),
                (before, after) => self.other_schema(name, before, after),
            }
        }
        for name in new.schemas.keys().filter(|name| !old.schemas.contains_key(*name)) {
            if !self.names.is_schema_target(name) {
                let place = Place::Schema(name.clone());
                self.changes.push(Change::new(Rule::SchemaAdded, place, Promise::None, Announced::No));
            }
        }
    }

    /// A type goes with the operations that used it; where others stay, programs miss it.
    fn schema_removed(&mut self, name: &str) {
        let staying = self.users.of_either(name);
        let all = self.users.of_all(name);
        let (concerned, announced) =
            if staying.callers.is_empty() { (all, Announced::Yes) } else { (staying, Announced::No) };
        let place = Place::Schema(name.to_owned());
        let mut change = Change::new(Rule::SchemaRemoved, place, concerned.promise, announced);
        change.note = self.names.note_on_schema(name);
        self.push(change, &concerned);
    }

    fn push(&mut self, mut change: Change, concerned: &Concerned) {
        if change.place.operation().is_none() {
            change.callers.clone_from(&concerned.callers);
        }
        self.changes.push(change);
    }
}

/// What is promised of an operation in this status.
pub(crate) fn promise(status: Status) -> Promise {
    match status {
        Status::Stable => Promise::Kept,
        Status::Deprecated => Promise::Ending,
        Status::Beta | Status::Alpha => Promise::None,
    }
}

/// How an operation is introduced: address, and status where it is not stable.
fn introduced(operation: &Operation) -> String {
    match operation.status {
        Status::Stable => operation.address(),
        status => format!("{} ({status})", operation.address()),
    }
}

/// Named things in their order.
type Named<'a, T> = IndexMap<&'a str, &'a T>;

/// What each thing that is gone became: the new thing of the same make that stands where it stood, after the same
/// neighbour.
fn renamed<'a, T>(old: &Named<'a, T>, new: &Named<'a, T>, same: impl Fn(&T, &T) -> bool) -> Named<'a, str> {
    // Of several new neighbours only the first one can stand in the place of what is gone.
    let mut free: FxHashMap<Option<&str>, (&'a str, &'a T)> = FxHashMap::default();
    for (name, thing, neighbour) in only_in(new, old) {
        free.entry(neighbour).or_insert((name, thing));
    }
    let mut became = Named::new();
    for (name, thing, neighbour) in only_in(old, new) {
        if free.get(&neighbour).is_some_and(|(_, now)| same(thing, now)) {
            became.extend(free.remove(&neighbour).map(|(now, _)| (name, now)));
        }
    }
    became
}

/// The things that only the first list has, each with its nearest neighbour before it that both have.
fn only_in<'a, T>(these: &Named<'a, T>, those: &Named<'a, T>) -> Vec<(&'a str, &'a T, Option<&'a str>)> {
    let mut neighbour = None;
    let mut only = Vec::new();
    for (name, thing) in these {
        if those.contains_key(name) {
            neighbour = Some(*name);
        } else {
            only.push((*name, *thing, neighbour));
        }
    }
    only
}
