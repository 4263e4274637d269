//! How the values of one type stand to those of another.

use rustc_hash::FxHashSet;

use super::{Comparer, Direction};
use crate::document::{Kind, Object, Scalar, Type};

/// How a new set of values stands to an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same values.
    Same,
    /// All of the old ones, and others.
    Widened,
    /// Some of the old ones, and no others.
    Narrowed,
    /// Others.
    Changed,
}

impl Relation {
    /// What programs do not notice: requests may be taken more widely, answers given more narrowly.
    pub(super) fn is_harmless(self, direction: Direction) -> bool {
        matches!((self, direction), (Relation::Widened, Direction::Request) | (Relation::Narrowed, Direction::Response))
    }

    fn harmless(direction: Direction) -> Self {
        match direction {
            Direction::Request => Relation::Widened,
            Direction::Response => Relation::Narrowed,
        }
    }
}

/// Pairs of schemas under way: one that is met again inside itself is taken to agree.
type Seen<'a> = FxHashSet<(&'a str, &'a str)>;

/// How deep schemas may stand in each other before two of different names count as different.
const MOST_DEPTH: usize = 64;

impl<'a> Comparer<'a> {
    /// How a type of the newer document stands to one of the older, formats and words aside.
    pub(super) fn relation(&self, old: &Type, new: &Type, direction: Direction) -> Relation {
        self.types(old, new, direction, &mut Seen::default())
    }

    fn types(&self, old: &Type, new: &Type, direction: Direction, seen: &mut Seen<'a>) -> Relation {
        match (old, new) {
            (Type::Any, Type::Any) => Relation::Same,
            (_, Type::Any) => Relation::Widened,
            (Type::Any, _) => Relation::Narrowed,
            (Type::Scalar(old), Type::Scalar(new)) => kinds(&old.kind, &new.kind),
            (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => {
                self.types(old, new, direction, seen)
            }
            // A name that no schema has is only a name.
            (Type::Named(old), Type::Named(new)) if self.names.schema(old).unwrap_or(old) == new => Relation::Same,
            (Type::Named(old), Type::Named(new)) => self.schemas_agree(old, new, direction, seen),
            // Objects that are described in place are compared property by property.
            (Type::Object(_), Type::Object(_)) => Relation::Same,
            (Type::OneOf(old), Type::OneOf(new)) => sets(old, new),
            (old, Type::OneOf(new)) if new.contains(old) => Relation::Widened,
            (Type::OneOf(old), new) if old.contains(new) => Relation::Narrowed,
            _ => Relation::Changed,
        }
    }

    /// Whether a schema of another name can stand where one stood.
    fn schemas_agree(&self, old: &str, new: &str, direction: Direction, seen: &mut Seen<'a>) -> Relation {
        let before = self.old.schemas.get_key_value(old);
        let after = self.new.schemas.get_key_value(new);
        let Some(((old, before), (new, after))) = before.zip(after) else { return Relation::Changed };
        if !seen.insert((old, new)) {
            return Relation::harmless(direction);
        }
        if seen.len() > MOST_DEPTH {
            return Relation::Changed;
        }
        let agree = match (&before.ty, &after.ty) {
            (Type::Object(before), Type::Object(after)) => self.objects_agree(before, after, direction, seen),
            (before, after) => {
                let relation = self.types(before, after, direction, seen);
                relation == Relation::Same || relation.is_harmless(direction)
            }
        };
        if agree { Relation::harmless(direction) } else { Relation::Changed }
    }

    fn objects_agree(&self, old: &Object, new: &Object, direction: Direction, seen: &mut Seen<'a>) -> bool {
        let is_met = |read_only: bool, write_only: bool| match direction {
            Direction::Request => !read_only,
            Direction::Response => !write_only,
        };
        let kept = old.properties.iter().filter(|(_, property)| is_met(property.read_only, property.write_only));
        for (name, before) in kept {
            let Some(after) = new.properties.get(name) else { return false };
            let relation = self.types(&before.ty, &after.ty, direction, seen);
            let nulls = match direction {
                Direction::Request => before.nullable && !after.nullable,
                Direction::Response => !before.nullable && after.nullable,
            };
            let harmless = relation == Relation::Same || relation.is_harmless(direction);
            if !harmless || nulls || !is_met(after.read_only, after.write_only) {
                return false;
            }
        }
        let asks_more = |name: &String| old.properties.get(name).is_none_or(|property| !property.required);
        let required = new.properties.iter().filter(|(_, property)| property.required);
        direction == Direction::Response || !required.into_iter().any(|(name, _)| asks_more(name))
    }
}

fn kinds(old: &Kind, new: &Kind) -> Relation {
    match (old, new) {
        (old, new) if old == new => Relation::Same,
        (Kind::Integer, Kind::Number) => Relation::Widened,
        (Kind::Number, Kind::Integer) => Relation::Narrowed,
        _ => Relation::Changed,
    }
}

fn sets(old: &[Type], new: &[Type]) -> Relation {
    let keeps = old.iter().all(|part| new.contains(part));
    let adds = new.iter().any(|part| !old.contains(part));
    match (keeps, adds) {
        (true, false) => Relation::Same,
        (true, true) => Relation::Widened,
        (false, false) => Relation::Narrowed,
        (false, true) => Relation::Changed,
    }
}

/// Formats whose values are all values of another format of the same type.
const INSIDE: [(&str, &str); 3] = [("int32", "int64"), ("float", "double"), ("uri", "uri-reference")];

/// How a format stands to another; no format is every value.
pub(super) fn formats(old: &Scalar, new: &Scalar) -> Relation {
    match (old.format.as_deref(), new.format.as_deref()) {
        (old, new) if old == new => Relation::Same,
        (Some(_), None) => Relation::Widened,
        (None, Some(_)) => Relation::Narrowed,
        (Some(old), Some(new)) if INSIDE.contains(&(old, new)) => Relation::Widened,
        (Some(old), Some(new)) if INSIDE.contains(&(new, old)) => Relation::Narrowed,
        _ => Relation::Changed,
    }
}
