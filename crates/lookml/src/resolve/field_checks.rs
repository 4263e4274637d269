//! What can be wrong with fields beyond their type: names of other things, and values of filters.

use super::filter_values;
use super::mistakes::{self, Mistakes};
use super::object::{FIELDS, Object, Text};
use super::references::{qualified, split_name};
use super::scope::Read;
use crate::model::{Category, CustomTimeframe, Field, Model};
use crate::parameters::{DIMENSION, MEASURE};
use std::collections::HashSet;
use std::sync::Arc;

/// Checks the fields of a view, of which `find` gives those that are there.
pub fn check<'f>(
    model: &Model,
    view: &Object,
    find: impl Fn(&str) -> Option<&'f Field>,
    reads: &mut Vec<Read>,
    mistakes: &mut Mistakes,
) {
    let own = |name: &Text| {
        let (other, short) = split_name(&name.value);
        other.is_none_or(|other| other == &*view.name).then(|| find(short))
    };
    for object in view.children(FIELDS) {
        let by = format!("{}.{}", view.name, object.name);
        mistakes.about(&by, |mistakes| {
            if let Some(name) = object.text("label_from_parameter")
                && own(name).is_some_and(|field| field.is_none_or(|field| field.category != Category::Parameter))
            {
                mistakes.add(mistakes::not_a_parameter(name.location.clone(), &by));
            }
            if let Some(name) = object.text("based_on")
                && own(name).flatten().is_some_and(|field| field.category != Category::Measure)
            {
                mistakes.add(mistakes::not_a_measure(name.location.clone(), &name.value));
            }
            suggestions(model, object, &own, reads, mistakes);
            types(object, mistakes);
            compared_period(object, &own, mistakes);
            for (field, value) in object.pairs("filters").iter().chain(object.pairs("filter")) {
                if let Some(field) = own(field).flatten() {
                    filter_values::check(field, value, mistakes);
                }
            }
        });
    }
}

/// `suggest_explore` is one of the model; `suggest_dimension` is a field of it, or without one of the view.
fn suggestions<'f>(
    model: &Model,
    object: &Object,
    own: &impl Fn(&Text) -> Option<Option<&'f Field>>,
    reads: &mut Vec<Read>,
    mistakes: &mut Mistakes,
) {
    let dimension = object.text("suggest_dimension");
    let Some(explore) = object.text("suggest_explore") else {
        if let Some(dimension) = dimension.filter(|dimension| own(dimension).is_some_and(|field| field.is_none())) {
            mistakes.add(mistakes::unknown_suggest_dimension(
                dimension.location.clone(),
                &dimension.value,
                &object.name,
            ));
        }
        return;
    };
    reads.push(Read::Explore(Arc::clone(&explore.value)));
    if model.scope.explore_object(&explore.value).is_none() {
        let mistake = mistakes::unknown_suggest_explore(explore.location.clone(), &explore.value, &object.name);
        mistakes.add_unknown(mistake, &explore.value, model.scope.explore_names().map(|name| &**name));
    }
}

/// Checks what only shows when all explores are resolved: each `suggest_dimension` is a field of its
/// `suggest_explore`.
pub fn check_suggestions(model: &Model, mistakes: &mut Mistakes) {
    let mut seen: HashSet<&str> = HashSet::new();
    for view in model.explores().flat_map(|explore| &explore.views) {
        if !seen.insert(&view.view.name) {
            continue;
        }
        let Some(object) = model.scope.view_object(&view.view.name) else { continue };
        for field in object.children(FIELDS) {
            let (Some(explore), Some(dimension)) = (field.text("suggest_explore"), field.text("suggest_dimension"))
            else {
                continue;
            };
            let Some(explore) = model.explore(&explore.value) else { continue };
            let name = qualified(&dimension.value, &explore.base().alias);
            if explore.field(&name).is_none() && !explore.errors.iter().any(|error| error.id.ends_with("view")) {
                let at = dimension.location.clone();
                let mistake = mistakes::unknown_suggest_dimension(at, &dimension.value, &field.name);
                let known: Vec<String> = explore.fields().map(|(name, _, _)| name).collect();
                mistakes.add_unknown(mistake, &name, known.iter().map(String::as_str));
            }
        }
    }
}

/// Parameters that the type of a field does not use.
fn types(object: &Object, mistakes: &mut Mistakes) {
    let kind = object.text("type").map_or("", |kind| &kind.value);
    if *object.parent == DIMENSION
        && kind == "location"
        && let Some(sql) = object.text("sql").filter(|sql| !sql.value.trim().is_empty())
    {
        mistakes.add(mistakes::location_with_sql(sql.location.clone()));
    }
    if *object.parent == MEASURE && kind == "period_over_period" {
        let at = || object.text("type").map_or_else(|| object.location.clone(), |kind| kind.location.clone());
        let has_period = object.text("period").or(object.text("custom_calendar_period")).is_some();
        let mut missing = vec!["based_on", "based_on_time", "period"];
        missing.retain(|name| if *name == "period" { !has_period } else { object.text(name).is_none() });
        if !missing.is_empty() {
            let of = "measures of type period_over_period";
            mistakes.add(mistakes::missing_parameter(at(), &missing.join(" and "), of));
        }
    }
}

/// `period` is of the calendar of all, `custom_calendar_period` of one's own: that of the group in `based_on_time`.
fn compared_period<'f>(object: &Object, own: &impl Fn(&Text) -> Option<Option<&'f Field>>, mistakes: &mut Mistakes) {
    let (period, custom) = (object.text("period"), object.text("custom_calendar_period"));
    if let (Some(period), Some(_)) = (period, custom) {
        mistakes.add(mistakes::two_compared_periods(period.location.clone()));
    }
    if let (Some(_), Some(true), Some(to_date)) = (custom, object.yes("value_to_date"), object.text("value_to_date")) {
        mistakes
            .add(mistakes::unsupported(to_date.location.clone(), "\"value_to_date\" with \"custom_calendar_period\""));
    }
    let Some(time) = object.text("based_on_time") else { return };
    let Some(field) = own(time).flatten() else { return };
    match (&field.calendar, custom, period) {
        (None, Some(custom), _) => {
            let mistake =
                mistakes::wrong_compared_period(custom.location.clone(), "custom_calendar_period", &time.value);
            mistakes.add(mistake);
        }
        (Some(_), None, Some(period)) => {
            mistakes.add(mistakes::wrong_compared_period(period.location.clone(), "period", &time.value));
        }
        (Some(shown), Some(custom), _) => {
            let is_mapped = |timeframe| shown.calendar.ordinals.contains_key(&timeframe);
            if CustomTimeframe::parse(&custom.value).is_some_and(|timeframe| !is_mapped(timeframe)) {
                let at = custom.location.clone();
                mistakes.add(mistakes::unmapped_ordinal(at, &custom.value, &shown.calendar.view));
            }
        }
        _ => {}
    }
}
