//! Which names of the newer document stand for those of the older.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{Document, Operation, Schema};
use crate::moves::{Move, Moved};

/// The names of the older document with those of the newer, as moves and the documents themselves tell them.
pub(super) struct Names<'a> {
    operations: FxHashMap<&'a str, &'a str>,
    /// The operations of the newer document that continue one of the older.
    known: FxHashSet<&'a str>,
    schemas: FxHashMap<&'a str, &'a str>,
    targets: FxHashSet<&'a str>,
    parameters: FxHashMap<(&'a str, &'a str), &'a Move>,
    properties: FxHashMap<(&'a str, &'a str), &'a Move>,
    notes_on_operations: FxHashMap<&'a str, &'a str>,
    notes_on_schemas: FxHashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(old: &'a Document, new: &'a Document, moves: &'a [Move]) -> Self {
        let mut names = Self {
            operations: FxHashMap::default(),
            known: FxHashSet::default(),
            schemas: FxHashMap::default(),
            targets: FxHashSet::default(),
            parameters: FxHashMap::default(),
            properties: FxHashMap::default(),
            notes_on_operations: FxHashMap::default(),
            notes_on_schemas: FxHashMap::default(),
        };
        for step in moves {
            names.take(step);
        }
        names.match_operations(old, new);
        names.match_schemas(old, new);
        names
    }

    fn take(&mut self, step: &'a Move) {
        match &step.what {
            Moved::Operation { from, to } => {
                self.operations.extend(to.as_deref().map(|to| (from.as_ref(), to)));
                self.notes_on_operations.extend(step.note.as_deref().map(|note| (from.as_ref(), note)));
            }
            Moved::Schema { from, to } => {
                self.schemas.extend(to.as_deref().map(|to| (from.as_ref(), to)));
                self.notes_on_schemas.extend(step.note.as_deref().map(|note| (from.as_ref(), note)));
            }
            Moved::Parameter { operation, from, .. } => {
                self.parameters.insert((operation, from), step);
            }
            Moved::Property { schema, from, .. } => {
                self.properties.insert((schema, from), step);
            }
        }
    }

    /// By operationId, else by method and path where the other one is new.
    fn match_operations(&mut self, old: &'a Document, new: &'a Document) {
        self.operations.retain(|from, to| old.operations.contains_key(*from) && new.operations.contains_key(*to));
        let added = new.operations.values().filter(|operation| !old.operations.contains_key(&operation.id));
        let by_address: FxHashMap<String, &str> =
            added.map(|operation| (address(operation), operation.id.as_str())).collect();
        for operation in old.operations.values() {
            let id = operation.id.as_str();
            if let Some((same, _)) = new.operations.get_key_value(id) {
                self.operations.insert(id, same);
            } else if !self.operations.contains_key(id) {
                self.operations.extend(by_address.get(&address(operation)).map(|now| (id, *now)));
            }
        }
        self.known.extend(self.operations.values());
        // What an operation was merged into may be new itself, but not because of that operation.
        self.known.extend(old.operations.keys().map(String::as_str));
    }

    fn match_schemas(&mut self, old: &'a Document, new: &'a Document) {
        self.schemas.retain(|from, to| old.schemas.contains_key(*from) && new.schemas.contains_key(*to));
        for name in old.schemas.keys() {
            if let Some((same, _)) = new.schemas.get_key_value(name.as_str()) {
                self.schemas.insert(name, same);
            }
        }
        let named = |document: &'a Document| -> super::Named<'a, Schema> {
            document.schemas.iter().map(|(name, schema)| (name.as_str(), schema)).collect()
        };
        for (from, to) in super::renamed(&named(old), &named(new), |before, after| before.ty == after.ty) {
            self.schemas.entry(from).or_insert(to);
        }
        let renamed = self.schemas.iter().filter(|(from, to)| from != to);
        self.targets.extend(renamed.map(|(_, to)| *to));
    }

    /// The operation of the newer document that continues one of the older.
    pub(super) fn operation(&self, old: &str) -> Option<&'a str> {
        self.operations.get(old).copied()
    }

    /// Whether an operation of the newer document continues one of the older.
    pub(super) fn is_known(&self, new: &str) -> bool {
        self.known.contains(new)
    }

    /// The schema of the newer document that continues one of the older.
    pub(super) fn schema(&self, old: &str) -> Option<&'a str> {
        self.schemas.get(old).copied()
    }

    /// Whether a schema of the newer document has taken the place of another.
    pub(super) fn is_schema_target(&self, new: &str) -> bool {
        self.targets.contains(new)
    }

    /// What is said of a parameter: the name of the newer version, and a note.
    pub(super) fn parameter(&self, operation: &str, name: &str) -> Option<(Option<&'a str>, Option<&'a str>)> {
        match self.parameters.get(&(operation, name)).map(|step| (&step.what, step.note.as_deref())) {
            Some((Moved::Parameter { to, .. }, note)) => Some((to.as_deref(), note)),
            _ => None,
        }
    }

    /// The same of a property.
    pub(super) fn property(&self, schema: &str, name: &str) -> Option<(Option<&'a str>, Option<&'a str>)> {
        match self.properties.get(&(schema, name)).map(|step| (&step.what, step.note.as_deref())) {
            Some((Moved::Property { to, .. }, note)) => Some((to.as_deref(), note)),
            _ => None,
        }
    }

    pub(super) fn note_on_operation(&self, old: &str) -> Option<String> {
        self.notes_on_operations.get(old).map(|note| (*note).to_owned())
    }

    pub(super) fn note_on_schema(&self, old: &str) -> Option<String> {
        self.notes_on_schemas.get(old).map(|note| (*note).to_owned())
    }
}

/// Method and path without the names of its parameters, which are not on the wire.
pub(super) fn address(operation: &Operation) -> String {
    let mut address = format!("{} ", operation.method);
    for segment in operation.path.split('/').skip(1) {
        address.push('/');
        address.push_str(if segment.starts_with('{') { "{}" } else { segment });
    }
    address
}

/// The names of the path's parameters, in their order.
pub(super) fn path_names(operation: &Operation) -> Vec<&str> {
    let parts = operation.path.split('{').skip(1);
    parts.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
