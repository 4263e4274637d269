//! Which operations meet a schema, and in which direction.

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use super::{Concerned, Direction, promise};
use crate::change::Promise;
use crate::document::{Document, Operation, Type};

type Key<'a> = (&'a str, Direction);

/// The operations of the older document that send or receive each schema, themselves or inside others.
pub(super) struct Users<'a> {
    document: &'a Document,
    /// The operations that name a schema themselves.
    direct: FxHashMap<Key<'a>, Vec<&'a Operation>>,
    /// The schemas that hold a schema.
    holders: FxHashMap<Key<'a>, Vec<&'a str>>,
    /// The operations that are in the newer document too.
    staying: FxHashMap<&'a str, bool>,
}

impl<'a> Users<'a> {
    pub(super) fn new(document: &'a Document, stays: impl Fn(&str) -> bool) -> Self {
        let mut users = Self {
            document,
            direct: FxHashMap::default(),
            holders: FxHashMap::default(),
            staying: document.operations.keys().map(|id| (id.as_str(), stays(id))).collect(),
        };
        for operation in document.operations.values() {
            let sent = operation.body.iter().map(|body| &body.ty);
            let sent = sent.chain(operation.parameters.iter().map(|parameter| &parameter.ty));
            for ty in sent {
                users.add(operation, ty, Direction::Request);
            }
            for ty in operation.answers.values().flat_map(|answer| &answer.content).map(|(_, ty)| ty) {
                users.add(operation, ty, Direction::Response);
            }
        }
        for (holder, schema) in &document.schemas {
            users.hold(holder, &schema.ty);
        }
        users
    }

    fn add(&mut self, operation: &'a Operation, ty: &'a Type, direction: Direction) {
        for name in ty.names() {
            let users = self.direct.entry((name, direction)).or_default();
            if users.last().is_none_or(|last| last.id != operation.id) {
                users.push(operation);
            }
        }
    }

    fn hold(&mut self, holder: &'a str, ty: &'a Type) {
        let mut add = |ty: &'a Type, direction: Direction| {
            for name in ty.names() {
                self.holders.entry((name, direction)).or_default().push(holder);
            }
        };
        match ty {
            Type::Object(object) => {
                for property in object.properties.values() {
                    if !property.read_only {
                        add(&property.ty, Direction::Request);
                    }
                    if !property.write_only {
                        add(&property.ty, Direction::Response);
                    }
                }
            }
            other => {
                add(other, Direction::Request);
                add(other, Direction::Response);
            }
        }
    }

    /// The operations that meet a schema in a direction and are in both documents; none if there are none.
    pub(super) fn of(&self, schema: &str, direction: Direction) -> Option<Concerned> {
        let found = self.collect(schema, direction, true);
        (!found.is_empty()).then(|| self.concerned(&found))
    }

    /// The operations that meet a schema in either direction and are in both documents.
    pub(super) fn of_either(&self, schema: &str) -> Concerned {
        let mut found = self.collect(schema, Direction::Request, true);
        found.extend(self.collect(schema, Direction::Response, true));
        self.concerned(&found)
    }

    /// The operations that met a schema in the older document.
    pub(super) fn of_all(&self, schema: &str) -> Concerned {
        let mut found = self.collect(schema, Direction::Request, false);
        found.extend(self.collect(schema, Direction::Response, false));
        self.concerned(&found)
    }

    fn collect(&self, schema: &str, direction: Direction, only_staying: bool) -> IndexSet<&'a str> {
        let Some((schema, _)) = self.document.schemas.get_key_value(schema) else { return IndexSet::new() };
        let mut found = IndexSet::new();
        let mut seen: IndexSet<&str> = IndexSet::from([schema.as_str()]);
        let mut next = 0;
        while let Some(name) = seen.get_index(next).copied() {
            let direct = self.direct.get(&(name, direction)).into_iter().flatten();
            let staying = |operation: &&&Operation| {
                !only_staying || self.staying.get(operation.id.as_str()).copied().unwrap_or(false)
            };
            found.extend(direct.filter(staying).map(|operation| operation.id.as_str()));
            seen.extend(self.holders.get(&(name, direction)).into_iter().flatten().copied());
            next += 1;
        }
        found
    }

    /// The strongest promise, and the operations that have it, in the order of the document.
    fn concerned(&self, found: &IndexSet<&'a str>) -> Concerned {
        let promised = |id: &&&str| self.document.operations.get(**id).map_or(Promise::None, |op| promise(op.status));
        let strongest = found.iter().map(|id| promised(&id)).max().unwrap_or(Promise::None);
        let mut callers: Vec<&str> = found.iter().filter(|id| promised(id) == strongest).copied().collect();
        callers.sort_by_key(|id| self.document.operations.get_index_of(*id));
        Concerned { promise: strongest, callers: callers.into_iter().map(str::to_owned).collect() }
    }
}
