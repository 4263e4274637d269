//! The properties of objects, in each direction in which they go.

use super::operation::Family;
use super::{Comparer, Concerned, Direction, Named, renamed};
use crate::change::{Announced, Change, Place};
use crate::document::{Object, Property, Type};
use crate::rule::Rule;

const REQUEST: Family = Family {
    direction: Direction::Request,
    type_changed: Rule::RequestPropertyTypeChanged,
    type_fits: Rule::RequestPropertyTypeWidened,
    format_changed: Rule::RequestPropertyFormatChanged,
    format_fits: Rule::RequestPropertyFormatWidened,
    value_removed: Rule::RequestPropertyValueRemoved,
    value_added: Rule::RequestPropertyValueAdded,
};

const RESPONSE: Family = Family {
    direction: Direction::Response,
    type_changed: Rule::ResponsePropertyTypeChanged,
    type_fits: Rule::ResponsePropertyTypeNarrowed,
    format_changed: Rule::ResponsePropertyFormatChanged,
    format_fits: Rule::ResponsePropertyFormatNarrowed,
    value_removed: Rule::ResponsePropertyValueRemoved,
    value_added: Rule::ResponsePropertyValueAdded,
};

/// The directions in which an object goes, with those whom it concerns.
type Directions = Vec<(Direction, Concerned)>;

impl Comparer<'_> {
    /// A schema that is an object in both documents.
    pub(super) fn schema(&mut self, name: &str, old: &Object, new: &Object) {
        let met = [Direction::Request, Direction::Response];
        let directions: Directions =
            met.into_iter().filter_map(|direction| Some((direction, self.users.of(name, direction)?))).collect();
        self.objects(name, "", old, new, &directions);
    }

    /// A schema that is something else than an object in one of the documents.
    pub(super) fn other_schema(&mut self, name: &str, old: &Type, new: &Type) {
        let at = Place::Schema(name.to_owned());
        for (direction, family) in [(Direction::Request, &REQUEST), (Direction::Response, &RESPONSE)] {
            if let Some(concerned) = self.users.of(name, direction) {
                self.value(&at, family, old, new, &concerned);
            }
        }
    }

    /// Compares property by property. `prefix` are the names on the way to an object inside another.
    pub(super) fn objects(&mut self, owner: &str, prefix: &str, old: &Object, new: &Object, directions: &Directions) {
        let became = self.renamed_properties(owner, old, new);
        for (name, property) in &old.properties {
            let at = Place::Property(owner.to_owned(), format!("{prefix}{name}"));
            let renamed = became.get(name.as_str()).copied();
            match new.properties.get(renamed.unwrap_or(name)) {
                Some(now) => self.property(&at, property, now, renamed, directions),
                None => self.property_removed(&at, property, directions),
            }
        }
        for (name, property) in &new.properties {
            if !old.properties.contains_key(name) && !became.values().any(|now| now == name) {
                let at = Place::Property(owner.to_owned(), format!("{prefix}{name}"));
                self.property_added(&at, property, directions);
            }
        }
    }

    /// The properties that have another name now, by what a move says or by their place in the list.
    fn renamed_properties<'o>(&self, owner: &str, old: &'o Object, new: &'o Object) -> Named<'o, str> {
        fn named(object: &Object) -> Named<'_, Property> {
            object.properties.iter().map(|(name, property)| (name.as_str(), property)).collect()
        }
        let (before, after) = (named(old), named(new));
        let mut became = renamed(&before, &after, |before, after| before == after);
        for name in before.keys() {
            if let Some((to, _)) = self.names.property(owner, name) {
                became.shift_remove(name);
                became.extend(to.and_then(|to| after.get_key_value(to)).map(|(to, _)| (*name, *to)));
            }
        }
        became
    }

    fn property_added(&mut self, at: &Place, property: &Property, directions: &Directions) {
        let met = |(direction, _): &&(Direction, Concerned)| is_met(property, *direction);
        let Some((direction, concerned)) = directions.iter().find(met) else { return };
        let rule = match direction {
            Direction::Request if property.required => Rule::RequiredRequestPropertyAdded,
            _ => Rule::PropertyAdded,
        };
        let change = Change::new(rule, at.clone(), concerned.promise, Announced::No);
        self.push(change.after(&property), concerned);
    }

    fn property_removed(&mut self, at: &Place, property: &Property, directions: &Directions) {
        for (direction, concerned) in directions.iter().filter(|(direction, _)| is_met(property, *direction)) {
            let rule = match direction {
                Direction::Request => Rule::RequestPropertyRemoved,
                Direction::Response => Rule::ResponsePropertyRemoved,
            };
            let announced = Announced::from(property.deprecated);
            let mut change = Change::new(rule, at.clone(), concerned.promise, announced);
            let moved = at.schema().and_then(|schema| self.names.property(schema, at.name()));
            change.note = moved.and_then(|(_, note)| note.map(str::to_owned));
            self.push(change.before(&property), concerned);
        }
    }

    fn property(&mut self, at: &Place, old: &Property, new: &Property, renamed: Option<&str>, directions: &Directions) {
        let Some((_, first)) = directions.first() else { return };
        match (old.deprecated, new.deprecated) {
            (false, true) => self.report(Rule::PropertyDeprecated, at, first),
            (true, false) => self.report(Rule::PropertyUndeprecated, at, first),
            _ => {}
        }
        for (direction, concerned) in directions {
            match direction {
                Direction::Request => self.sent(at, old, new, renamed, concerned),
                Direction::Response => self.received(at, old, new, renamed, concerned),
            }
        }
        if let (Type::Object(before), Type::Object(after)) = (old.ty.innermost(), new.ty.innermost()) {
            let inside = |direction: Direction| is_met(old, direction) && is_met(new, direction);
            let directions = directions.iter().filter(|(direction, _)| inside(*direction)).cloned().collect();
            if let Place::Property(owner, name) = at {
                self.objects(owner, &format!("{name}."), before, after, &directions);
            }
        }
    }

    fn sent(&mut self, at: &Place, old: &Property, new: &Property, renamed: Option<&str>, concerned: &Concerned) {
        match (old.read_only, new.read_only) {
            (true, true) => return,
            (false, true) => return self.report(Rule::RequestPropertyBecameReadOnly, at, concerned),
            (true, false) => return self.report(Rule::RequestPropertyBecameWritable, at, concerned),
            (false, false) => {}
        }
        if let Some(name) = renamed {
            self.report_between(Rule::RequestPropertyRenamed, at, concerned, &at.name(), &name);
        }
        match (old.required, new.required) {
            (false, true) => self.report(Rule::RequestPropertyBecameRequired, at, concerned),
            (true, false) => self.report(Rule::RequestPropertyBecameOptional, at, concerned),
            _ => {}
        }
        match (old.nullable, new.nullable) {
            (true, false) => self.report(Rule::RequestPropertyNotNullable, at, concerned),
            (false, true) => self.report(Rule::RequestPropertyBecameNullable, at, concerned),
            _ => {}
        }
        self.value(at, &REQUEST, &old.ty, &new.ty, concerned);
        let rules = (Rule::RequestPropertyDefaultChanged, Rule::RequestPropertyDefaultTold);
        self.default(at, rules, old.default.as_ref(), new.default.as_ref(), concerned);
    }

    fn received(&mut self, at: &Place, old: &Property, new: &Property, renamed: Option<&str>, concerned: &Concerned) {
        match (old.write_only, new.write_only) {
            (true, true) => return,
            (false, true) => return self.report(Rule::ResponsePropertyBecameWriteOnly, at, concerned),
            (true, false) => return self.report(Rule::ResponsePropertyBecameReadable, at, concerned),
            (false, false) => {}
        }
        if let Some(name) = renamed {
            self.report_between(Rule::ResponsePropertyRenamed, at, concerned, &at.name(), &name);
        }
        match (old.required, new.required) {
            (true, false) => self.report(Rule::ResponsePropertyBecameOptional, at, concerned),
            (false, true) => self.report(Rule::ResponsePropertyBecameRequired, at, concerned),
            _ => {}
        }
        match (old.nullable, new.nullable) {
            (false, true) => self.report(Rule::ResponsePropertyBecameNullable, at, concerned),
            (true, false) => self.report(Rule::ResponsePropertyNotNullable, at, concerned),
            _ => {}
        }
        self.value(at, &RESPONSE, &old.ty, &new.ty, concerned);
    }
}

/// Whether a property goes in a direction.
fn is_met(property: &Property, direction: Direction) -> bool {
    match direction {
        Direction::Request => !property.read_only,
        Direction::Response => !property.write_only,
    }
}
