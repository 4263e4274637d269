//! Which schemas are answered and which are sent, and where a type would hold itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::model::{Api, BodyType, Property, Type};

/// What follows from how schemas refer to each other.
pub struct Graph<'a> {
    /// Schemas that answers hold.
    pub answered: BTreeSet<&'a str>,
    /// Schemas that bodies of requests hold.
    pub sent: BTreeSet<&'a str>,
    /// Schemas that are the whole body of an operation that changes a part of a thing.
    pub patched: BTreeSet<&'a str>,
    answer_cycles: Cycles<'a>,
    body_cycles: Cycles<'a>,
}

impl<'a> Graph<'a> {
    /// Looks at every operation.
    pub fn new(api: &'a Api) -> Self {
        let answers = api.operations.iter().flat_map(|operation| {
            operation.successes().flat_map(|answer| &answer.content).filter_map(|(_, ty)| ty.reference())
        });
        let mut bodies = Vec::new();
        let mut patched = BTreeSet::new();
        for operation in &api.operations {
            match operation.body.as_ref().map(|body| &body.ty) {
                Some(BodyType::Type(ty)) => {
                    bodies.extend(ty.reference());
                    patched.extend(ty.reference().filter(|_| operation.method == "patch"));
                }
                Some(BodyType::Inline(schema)) => {
                    bodies.extend(schema.properties.iter().filter_map(|property| property.ty.reference()));
                }
                None => {}
            }
        }
        Self {
            answered: closure(api, answers.collect(), answered),
            sent: closure(api, bodies, sent),
            patched,
            answer_cycles: Cycles::new(api, answered),
            body_cycles: Cycles::new(api, sent),
        }
    }

    /// Whether an answered `owner` that held a `target` in place would hold itself.
    pub fn answer_is_boxed(&self, owner: &str, target: &str) -> bool {
        self.answer_cycles.contain(owner, target)
    }

    /// Whether a sent `owner` that held a `target` in place would hold itself.
    pub fn body_is_boxed(&self, owner: &str, target: &str) -> bool {
        self.body_cycles.contain(owner, target)
    }
}

/// Whether answers have the property.
pub fn answered(property: &Property) -> bool {
    !property.write_only
}

/// Whether bodies have the property.
pub fn sent(property: &Property) -> bool {
    !property.read_only
}

fn closure<'a>(api: &'a Api, mut open: Vec<&'a str>, has: fn(&Property) -> bool) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            let properties = api.schemas[name].properties.iter().filter(|property| has(property));
            open.extend(properties.filter_map(|property| property.ty.reference()));
        }
    }
    seen
}

/// For each schema, those that it holds in place, directly or through others.
struct Cycles<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Cycles<'a> {
    fn new(api: &'a Api, has: fn(&Property) -> bool) -> Self {
        let held = |name: &str| {
            let properties = api.schemas.get(name).into_iter().flat_map(|schema| &schema.properties);
            properties.filter(move |property| has(property)).filter_map(|property| match &property.ty {
                Type::Ref(target) => Some(target.as_str()),
                _ => None,
            })
        };
        let reach = |name: &'a String| {
            let mut seen = BTreeSet::new();
            let mut open: Vec<&'a str> = held(name).collect();
            while let Some(next) = open.pop() {
                if seen.insert(next) {
                    open.extend(held(next));
                }
            }
            (name.as_str(), seen)
        };
        Self(api.schemas.keys().map(reach).collect())
    }

    fn contain(&self, owner: &str, target: &str) -> bool {
        target == owner || self.0.get(target).is_some_and(|held| held.contains(owner))
    }
}
