//! What changed, by what stands in programs.

use rustc_hash::FxHashMap;

use super::names;
use crate::change::{Change, Place};
use crate::compare::compare;
use crate::document::{Document, Operation, Type};
use crate::moves::Move;
use crate::rule::Rule;

/// What became of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fate {
    /// Whether only values of another type are wrong: numbers where text is expected now.
    pub retyped: bool,
    /// What happened, a fragment.
    pub what: String,
    /// What to use, a fragment.
    pub instead: String,
}

/// The parts of a path, and the operations on it.
type Path = (Vec<String>, Vec<String>);

/// What changed from one version to another.
#[derive(Debug)]
pub(super) struct Table {
    /// The older version, `3.1`.
    pub from: String,
    /// The newer version.
    pub to: String,
    old: Document,
    operations: FxHashMap<String, Fate>,
    schemas: FxHashMap<String, Fate>,
    /// Of operations and schemas, by owner and name.
    parameters: FxHashMap<String, FxHashMap<String, Fate>>,
    properties: FxHashMap<String, FxHashMap<String, Fate>>,
    /// Where operations are in the newer version.
    addresses: FxHashMap<String, String>,
    /// The paths of the older version by how many parts they have, with their operations.
    paths: FxHashMap<usize, Vec<Path>>,
    /// The schemas as types.
    types: FxHashMap<String, Type>,
    entry_points: FxHashMap<String, String>,
}

impl Table {
    pub(super) fn new((from, old): (&str, &Document), (to, new): (&str, &Document), moves: &[Move]) -> Self {
        let mut table = Self {
            from: from.to_owned(),
            to: to.to_owned(),
            old: old.clone(),
            operations: FxHashMap::default(),
            schemas: FxHashMap::default(),
            parameters: FxHashMap::default(),
            properties: FxHashMap::default(),
            addresses: FxHashMap::default(),
            paths: FxHashMap::default(),
            types: old.schemas.keys().map(|name| (name.clone(), Type::Named(name.clone()))).collect(),
            entry_points: names::entry_points(from, to).into_iter().filter(|(from, to)| from != to).collect(),
        };
        for change in compare(old, new, moves).changes {
            table.take(&change);
        }
        for operation in old.operations.values() {
            table.add_path(operation);
            table.addresses.extend(new.operations.get(&operation.id).map(|now| (operation.id.clone(), now.address())));
        }
        table
    }

    fn take(&mut self, change: &Change) {
        let Some(fate) = fate(change, &self.to) else { return };
        match &change.place {
            Place::Operation(id) => {
                self.operations.insert(id.clone(), fate);
            }
            Place::Schema(name) => {
                self.schemas.insert(name.clone(), fate);
            }
            Place::Parameter(operation, name) => {
                keep(self.parameters.entry(operation.clone()).or_default(), name, fate);
            }
            Place::Property(schema, name) => keep(self.properties.entry(schema.clone()).or_default(), name, fate),
            Place::Document | Place::Body(_) | Place::Answer(..) => {}
        }
    }

    fn add_path(&mut self, operation: &Operation) {
        let parts: Vec<String> = operation.path.split('/').skip(1).map(str::to_owned).collect();
        let paths = self.paths.entry(parts.len()).or_default();
        match paths.iter_mut().find(|(known, _)| *known == parts) {
            Some((_, ids)) => ids.push(operation.id.clone()),
            None => paths.push((parts, vec![operation.id.clone()])),
        }
    }

    /// The operation of the older version with this name.
    pub(super) fn operation(&self, name: &str) -> Option<&Operation> {
        self.old.operations.get(name)
    }

    /// What became of an operation.
    pub(super) fn operation_fate(&self, id: &str) -> Option<&Fate> {
        self.operations.get(id)
    }

    /// What became of a parameter.
    pub(super) fn parameter_fate(&self, operation: &str, name: &str) -> Option<&Fate> {
        self.parameters.get(operation)?.get(name)
    }

    /// What became of a schema.
    pub(super) fn schema_fate(&self, name: &str) -> Option<&Fate> {
        self.schemas.get(name)
    }

    /// What became of a property.
    pub(super) fn property_fate(&self, schema: &str, name: &str) -> Option<&Fate> {
        self.properties.get(schema)?.get(name)
    }

    /// The type of a property in the older version.
    pub(super) fn property(&self, schema: &str, name: &str) -> Option<&Type> {
        self.old.object(schema)?.properties.get(name).map(|property| &property.ty)
    }

    /// A schema of the older version as a type, by its name or by what an SDK calls it.
    pub(super) fn schema(&self, name: &str) -> Option<(&str, &Type)> {
        names::schemas(name).find_map(|name| self.types.get_key_value(name)).map(|(name, ty)| (name.as_str(), ty))
    }

    /// Where the operation is in the newer version, if it is there under its name.
    pub(super) fn address(&self, id: &str) -> Option<&str> {
        self.addresses.get(id).map(String::as_str)
    }

    /// What an entry point of the SDK is called for the newer version.
    pub(super) fn entry_point(&self, name: &str) -> Option<&str> {
        self.entry_points.get(name).map(String::as_str)
    }

    /// The operations whose path fits parts of an address best; a part is none where it is made at run time.
    pub(super) fn at(&self, parts: &[Option<&str>]) -> Option<&[String]> {
        let fit = |path: &[String]| -> Option<usize> {
            let mut literal = 0;
            for (known, part) in path.iter().zip(parts) {
                match part {
                    Some(part) if known == part => literal += 1,
                    _ if known.starts_with('{') => {}
                    _ => return None,
                }
            }
            Some(literal)
        };
        let candidates = self.paths.get(&parts.len())?.iter();
        let fitting = candidates.filter_map(|(path, ids)| Some((fit(path)?, ids)));
        fitting.max_by_key(|(literal, _)| *literal).map(|(_, ids)| ids.as_slice())
    }
}

/// What is gone or has another name counts for more than another type.
fn keep(fates: &mut FxHashMap<String, Fate>, name: &str, fate: Fate) {
    let known = fates.get(name).is_some_and(|known| !known.retyped || fate.retyped);
    if !known {
        fates.insert(name.to_owned(), fate);
    }
}

/// What a change means for programs; none where programs do not show it.
fn fate(change: &Change, to: &str) -> Option<Fate> {
    let after = change.after.as_deref().unwrap_or_default();
    let nothing = |thing: &str| change.note.clone().unwrap_or_else(|| format!("nothing; {to} has no such {thing}"));
    let (retyped, instead) = match change.rule {
        Rule::OperationRenamed => (false, after.to_owned()),
        Rule::OperationMoved => (false, format!("{after} (the SDKs do)")),
        Rule::OperationRemoved => (false, nothing("operation")),
        Rule::ParameterRemoved => (false, nothing("parameter")),
        Rule::SchemaRemoved => (false, nothing("type")),
        Rule::RequestPropertyRemoved | Rule::ResponsePropertyRemoved => (false, nothing("property")),
        Rule::ParameterRenamed | Rule::SchemaRenamed | Rule::RequestPropertyRenamed | Rule::ResponsePropertyRenamed => {
            (false, format!("`{after}`"))
        }
        Rule::ParameterTypeChanged | Rule::RequestPropertyTypeChanged | Rule::ResponsePropertyTypeChanged => {
            let number = matches!(change.before.as_deref(), Some("integer" | "number" | "integer[]" | "number[]"));
            if !number || !after.starts_with("string") {
                return None;
            }
            (true, "text, in quotes".to_owned())
        }
        _ => return None,
    };
    Some(Fate { retyped, what: change.says(), instead })
}
