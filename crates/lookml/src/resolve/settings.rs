//! What stands at the top of files besides views and explores: constants and the settings of a model.

use super::field::place;
use super::mistakes::{self, Mistakes};
use super::object::{Entry, Object};
use super::read::{FileContent, Top};
use super::{START, Scope};
use crate::diagnostic::{Diagnostic, Location};
use crate::label::titleize;
use crate::model::{AccessGrant, Model, NamedValueFormat, Persistence, Weekday};
use crate::project::{Constants, SourceFile};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::Arc;

/// The constants that a manifest declares, and those that it declares twice.
pub fn constants(manifest: &FileContent) -> (Constants, Vec<Diagnostic>) {
    let mut constants = Constants::default();
    let mut seen: HashMap<&str, &Location> = HashMap::new();
    let mut mistakes = Mistakes::default();
    for top in manifest.tops.iter().filter(|top| top.parameter.name == "constant") {
        let Entry::Block(constant) = &top.entry else { continue };
        if let Some(first) = seen.insert(&constant.name, &constant.location) {
            mistakes.add(mistakes::duplicate_constant(constant.location.clone(), first, &constant.name));
        }
        if let Some(value) = constant.text("value") {
            constants.set(Arc::clone(&constant.name), Arc::clone(&value.value));
        }
    }
    (constants, mistakes.into_vec())
}

/// Makes the model `name` of its file and what was gathered from there.
pub fn model(project: &Arc<str>, name: &Arc<str>, file: &SourceFile, tops: &[&Top], mut scope: Scope) -> Model {
    let own = own_settings(file);
    let at = file.document.location(START);
    let connection = own.string("connection");
    // A model file with broken syntax says nothing at all: its syntax was told already.
    if connection.is_none() && !file.document.has_errors() {
        scope.mistakes.add(mistakes::missing_connection(at.clone(), name));
    }
    let grants =
        declared(tops, "access_grant", &mut scope.mistakes).map(|grant| (Arc::clone(&grant.name), access_grant(grant)));
    let access_grants: IndexMap<_, _> = grants.collect();
    let formats = declared(tops, "named_value_format", &mut scope.mistakes);
    let named_value_formats: IndexMap<_, _> =
        formats.map(|format| (Arc::clone(&format.name), named_value_format(format))).collect();
    Model {
        name: Arc::clone(name),
        label: own.string("label").unwrap_or_else(|| titleize(name)),
        project: Arc::clone(project),
        connection,
        week_start_day: own.text("week_start_day").and_then(|day| Weekday::parse(&day.value)).unwrap_or_default(),
        fiscal_month_offset: fiscal_month_offset(&own, &mut scope.mistakes),
        case_sensitive: own.yes("case_sensitive").unwrap_or(true),
        named_value_formats,
        access_grants: Arc::new(access_grants),
        persistence: persistence(&own),
        location: at,
        scope,
    }
}

/// Months from January to the start of the fiscal year: less than a year in either direction.
fn fiscal_month_offset(own: &Object, mistakes: &mut Mistakes) -> Option<i8> {
    let months = own.number::<i64>("fiscal_month_offset")?;
    let found = i8::try_from(months).ok().filter(|months| (-11..=11).contains(months));
    if found.is_none() {
        let at = place(own, "fiscal_month_offset");
        mistakes.add(mistakes::wrong_value(at, "fiscal_month_offset", "a whole number from -11 to 11"));
    }
    found
}

/// The settings of the model file itself; those of included files do not count.
fn own_settings(file: &SourceFile) -> Object {
    let mut own = Object::new(&crate::parameters::FILE, "", Location::default());
    for top in &file.content().tops {
        if let Entry::Text(_) = top.entry {
            own.set(top.parameter, top.entry.clone());
        }
    }
    own
}

/// The blocks of one kind, by name; of several with one name the last.
fn declared<'a>(tops: &[&'a Top], kind: &str, mistakes: &mut Mistakes) -> impl Iterator<Item = &'a Object> + use<'a> {
    let mut all: IndexMap<&str, &'a Object> = IndexMap::new();
    for top in tops.iter().filter(|top| top.parameter.name == kind) {
        let Entry::Block(block) = &top.entry else { continue };
        if let Some(first) = all.insert(&block.name, block) {
            mistakes.add(mistakes::duplicate_in_model(block.location.clone(), &first.location, kind, &block.name));
        }
    }
    all.into_values()
}

fn access_grant(grant: &Object) -> AccessGrant {
    AccessGrant {
        user_attribute: grant.string("user_attribute").unwrap_or_default(),
        allowed_values: grant.strings("allowed_values"),
    }
}

fn named_value_format(format: &Object) -> NamedValueFormat {
    NamedValueFormat {
        value_format: format.string("value_format").unwrap_or_default(),
        strict: format.yes("strict_value_format").unwrap_or(false),
    }
}

/// `persist_for` or `persist_with` of a model or explore.
pub fn persistence(object: &Object) -> Option<Persistence> {
    let with = object.name_of("persist_with").map(Persistence::With);
    with.or_else(|| object.string("persist_for").map(Persistence::For))
}
