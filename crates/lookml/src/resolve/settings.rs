//! The settings of a model, and what else stands at the top of its files.

use super::field::place;
use super::mistakes::{self, Mistakes};
use super::object::{Entry, Object};
use super::read::Top;
use super::{START, Scope, content};
use crate::diagnostic::Location;
use crate::label::titleize;
use crate::model::{AccessGrant, Model, NamedValueFormat, Persistence, Weekday};
use crate::project::{SourceFile, Translation};
use indexmap::IndexMap;
use std::sync::Arc;

/// Makes the model `name` of its file and what was gathered from there.
pub fn model(
    project: &Arc<str>,
    name: &Arc<str>,
    file: &SourceFile,
    tops: &[&Top],
    translation: Translation,
    mut scope: Scope,
) -> Model {
    let own = own_settings(file);
    let at = file.document.location(START);
    let connection = own.string("connection");
    // A model file with broken syntax says nothing at all: its syntax was told already.
    if connection.is_none() && !file.document.has_errors() {
        scope.mistakes.add(mistakes::missing_connection(at.clone(), name));
    }
    check_persistence(&own, &mut scope.mistakes);
    let grants =
        declared(tops, "access_grant", &mut scope.mistakes).map(|grant| (Arc::clone(&grant.name), access_grant(grant)));
    let access_grants: IndexMap<_, _> = grants.collect();
    let formats = declared(tops, "named_value_format", &mut scope.mistakes);
    let named_value_formats: IndexMap<_, _> =
        formats.map(|format| (Arc::clone(&format.name), named_value_format(format))).collect();
    let datagroups = declared(tops, "datagroup", &mut scope.mistakes)
        .map(|datagroup| (Arc::clone(&datagroup.name), content::datagroup(datagroup, &mut scope.mistakes)))
        .collect::<IndexMap<_, _>>();
    if let Some(name) = own.text("persist_with").filter(|name| !datagroups.contains_key(&name.value)) {
        let mistake = mistakes::unknown_datagroup(name.location.clone(), &name.value);
        scope.mistakes.add_unknown(mistake, &name.value, datagroups.keys().map(|name| &**name));
    }
    let map_layers = declared(tops, "map_layer", &mut scope.mistakes)
        .map(|layer| (Arc::clone(&layer.name), content::map_layer(layer, &mut scope.mistakes)))
        .collect();
    let tests = declared(tops, "test", &mut scope.mistakes).collect::<Vec<_>>();
    let tests = tests
        .into_iter()
        .filter_map(|test| Some((Arc::clone(&test.name), Arc::new(content::test(test, &mut scope)?))))
        .collect();
    Model {
        name: Arc::clone(name),
        label: own.string("label").map_or_else(|| titleize(name), |label| translation.text(label)),
        project: Arc::clone(project),
        connection,
        week_start_day: own.text("week_start_day").and_then(|day| Weekday::parse(&day.value)).unwrap_or_default(),
        fiscal_month_offset: fiscal_month_offset(&own, &mut scope.mistakes),
        case_sensitive: own.yes("case_sensitive").unwrap_or(true),
        named_value_formats,
        access_grants: Arc::new(access_grants),
        datagroups,
        map_layers: Arc::new(map_layers),
        tests,
        persistence: persistence(&own),
        location: at,
        translation,
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

/// Tells a `persist_for` that `persist_with` makes void, and in a model a datagroup that does not exist.
pub fn check_persistence(object: &Object, mistakes: &mut Mistakes) {
    if let (Some(for_), Some(_)) = (object.text("persist_for"), object.text("persist_with")) {
        mistakes.add(mistakes::two_persistences(for_.location.clone()));
    }
}

/// `persist_for` or `persist_with` of a model or explore.
pub fn persistence(object: &Object) -> Option<Persistence> {
    let with = object.name_of("persist_with").map(Persistence::With);
    with.or_else(|| object.string("persist_for").map(Persistence::For))
}
