//! Names of datagroups, access grants and map layers, and parameters that must be there: whatever the table of
//! parameters says of them.

use super::mistakes::{self, Mistakes};
use super::object::{Entry, Object, Text};
use crate::model::Model;
use crate::parameters::{Parameter, Target, Value};
use indexmap::IndexMap;
use std::sync::Arc;

/// The map layers that need no declaration.
const MAP_LAYERS: [&str; 5] =
    ["countries", "uk_postcode_areas", "us_counties_fips", "us_states", "us_zipcode_tabulation_areas"];

/// Checks an object and all blocks inside.
pub fn check(model: &Model, object: &Object, mistakes: &mut Mistakes) {
    required(object, mistakes);
    for (parameter, entry) in &object.entries {
        match entry {
            Entry::Text(text) => name(model, parameter, text, mistakes),
            Entry::List(texts) => texts.iter().for_each(|text| name(model, parameter, text, mistakes)),
            Entry::Pairs(_) => {}
            Entry::Block(block) => check(model, block, mistakes),
            Entry::Blocks(blocks) => blocks.iter().for_each(|block| check(model, block, mistakes)),
        }
    }
    for child in object.children.values() {
        check(model, child, mistakes);
    }
}

/// Tells the parameters that an object and the blocks inside need and do not have.
pub fn check_required(object: &Object, mistakes: &mut Mistakes) {
    required(object, mistakes);
    for (_, entry) in &object.entries {
        match entry {
            Entry::Block(block) => check_required(block, mistakes),
            Entry::Blocks(blocks) => blocks.iter().for_each(|block| check_required(block, mistakes)),
            _ => {}
        }
    }
    object.children.values().for_each(|child| check_required(child, mistakes));
}

fn required(object: &Object, mistakes: &mut Mistakes) {
    if object.parent.is_field() {
        return; // What a field needs depends on its type.
    }
    let needed = object.parent.parameters().filter(|parameter| parameter.required);
    let missing: Vec<&str> =
        needed.map(|parameter| parameter.name).filter(|name| object.entry(name).is_none()).collect();
    if !missing.is_empty() {
        let kind = object.parent.name;
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let of = format!("{article} {kind}");
        mistakes.add(mistakes::missing_parameter(object.location.clone(), &missing.join(" and "), &of));
    }
}

fn name(model: &Model, parameter: &Parameter, text: &Text, mistakes: &mut Mistakes) {
    let (Value::Name(target) | Value::Names(target)) = parameter.value else { return };
    let at = || text.location.clone();
    match target {
        Target::Datagroup if !model.datagroups.contains_key(&text.value) => {
            unknown(mistakes::unknown_datagroup(at(), &text.value), &text.value, &model.datagroups, mistakes);
        }
        Target::AccessGrant if !model.access_grants.contains_key(&text.value) => {
            unknown(mistakes::unknown_access_grant(at(), &text.value), &text.value, &model.access_grants, mistakes);
        }
        Target::MapLayer if !MAP_LAYERS.contains(&&*text.value) && !model.map_layers.contains_key(&text.value) => {
            let own = model.map_layers.keys().map(|name| &**name);
            let known: Vec<&str> = MAP_LAYERS.into_iter().chain(own).collect();
            let mistake = mistakes::unknown_map_layer(at(), &text.value, &known);
            mistakes.add_unknown(mistake, &text.value, known);
        }
        _ => {}
    }
}

fn unknown<T>(
    mistake: crate::diagnostic::Diagnostic,
    name: &str,
    known: &IndexMap<Arc<str>, T>,
    mistakes: &mut Mistakes,
) {
    mistakes.add_unknown(mistake, name, known.keys().map(|name| &**name));
}
