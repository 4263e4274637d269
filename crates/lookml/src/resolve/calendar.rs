//! Calendars of one's own: `calendar_definition` of a view, the dimension groups that are based on one, and the joins
//! that bring it into an explore.

use super::field::{Surroundings, place, time};
use super::kind;
use super::mistakes::{self, Mistakes};
use super::object::{Entry, FIELDS, GROUPS, Object, Text};
use super::references::split_name;
use super::scope::Read;
use crate::diagnostic::Location;
use crate::model::{
    CalendarDefinition, CalendarPeriod, CalendarUse, Category, CustomTimeframe, ExploreView, Field, FieldKind, Join,
    JoinKind, Model, Relationship, Timeframe, View,
};
use crate::parameters::DIMENSION;
use indexmap::{IndexMap, IndexSet};
use std::collections::HashSet;
use std::sync::Arc;

/// The `type` of dimension groups that are based on a calendar.
pub const CUSTOM_CALENDAR: &str = "custom_calendar";

/// A dimension that a group based on a calendar has.
pub struct Mapped {
    /// The type of the dimension that holds its values.
    pub kind: FieldKind,
    pub period: CalendarPeriod,
}

/// The dimensions of a group: those that its calendar maps, or of these the ones that it lists.
pub fn mapped(group: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Vec<Mapped> {
    let Some(name) = group.text("based_on_calendar") else {
        let of = "dimension groups of type custom_calendar";
        mistakes.add(mistakes::missing_parameter(place(group, "type"), "based_on_calendar", of));
        return Vec::new();
    };
    let scope = &around.model.scope;
    let Some(view) = scope.view_object(&name.value) else {
        let mistake = mistakes::unknown_view_of_field(name.location.clone(), &name.value, &around.model.name);
        scope.unknown_view(mistake, &name.value, mistakes);
        return Vec::new();
    };
    let Some(definition) = view.block("calendar_definition") else {
        if !scope.is_incomplete_view(&name.value) {
            mistakes.add(mistakes::no_calendar(name.location.clone(), &name.value));
        }
        return Vec::new();
    };
    let labels = mapping(view, definition, "timeframe_mapping");
    let calendar = Arc::new(CalendarDefinition {
        view: Arc::clone(&name.value),
        reference_date: definition.text("reference_date").map(|text| own_name(view, text)),
        ordinals: mapping(view, definition, "timeframe_ordinal_mapping"),
    });
    let one = |timeframe: CustomTimeframe| {
        let label = labels.get(&timeframe)?;
        let period = CalendarPeriod {
            timeframe,
            calendar: Arc::clone(&calendar),
            label: Arc::clone(label),
            time: time(group, Timeframe::Date),
        };
        let kind = dimension(view, label).unwrap_or(FieldKind::String);
        Some(Mapped { kind, period })
    };
    let Some(listed) = group.list("custom_timeframes") else { return labels.keys().copied().filter_map(one).collect() };
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for timeframe in listed.iter().filter(|timeframe| seen.insert(&timeframe.value)) {
        let mapped = CustomTimeframe::parse(&timeframe.value).and_then(one);
        if mapped.is_none() {
            let at = timeframe.location.clone();
            mistakes.add(mistakes::unmapped_timeframe(at, &timeframe.value, &name.value));
        }
        found.extend(mapped);
    }
    found
}

/// Tells the names in the `calendar_definition` of a view that are none of its dimensions.
pub fn check(view: &Object, fields: &IndexMap<Arc<str>, Field>, mistakes: &mut Mistakes) {
    let Some(definition) = view.block("calendar_definition") else { return };
    for (_, entry) in &definition.entries {
        match entry {
            Entry::Text(name) => check_name(view, name, fields, mistakes),
            Entry::Block(mapping) => {
                let names = mapping.entries.iter().filter_map(|(_, entry)| match entry {
                    Entry::Text(name) => Some(name),
                    _ => None,
                });
                names.for_each(|name| check_name(view, name, fields, mistakes));
            }
            _ => {}
        }
    }
}

fn check_name(view: &Object, name: &Text, fields: &IndexMap<Arc<str>, Field>, mistakes: &mut Mistakes) {
    let own = own_name(view, name);
    if dimension(view, &own).is_none() {
        let mistake = mistakes::unknown_short_field(name.location.clone(), &name.value);
        let is_own = |field: &&Field| field.category == Category::Dimension && field.calendar.is_none();
        mistakes.add_unknown(mistake, &own, fields.values().filter(is_own).map(|field| &*field.name));
    }
}

/// The calendars that the groups of a view are based on.
pub fn reads(view: &Object) -> impl Iterator<Item = Read> {
    let groups = view.children(GROUPS).filter(|group| is_based_on_calendar(group));
    groups.filter_map(|group| group.name_of("based_on_calendar")).map(Read::View)
}

/// The views that the fields of a view take their values from.
pub fn calendars_of(view: &View) -> IndexSet<&Arc<str>> {
    view.fields.values().filter_map(|field| Some(&field.calendar.as_ref()?.calendar.view)).collect()
}

/// The calendars of the groups of `views`, each group's joined on its own so that two of them never meet.
pub fn joined(model: &Model, views: &[ExploreView]) -> Vec<ExploreView> {
    let mut taken: HashSet<String> = views.iter().map(|view| view.alias.to_lowercase()).collect();
    let mut found = Vec::new();
    for view in views {
        let fields = view.view.fields.values();
        let groups: IndexMap<&Arc<str>, &CalendarPeriod> =
            fields.filter_map(|field| Some((&field.group.as_ref()?.name, &**field.calendar.as_ref()?))).collect();
        for (group, period) in groups {
            let Some(calendar) = model.scope.view(model, &period.calendar.view) else { continue };
            let mut alias = format!("{}_{group}", view.alias);
            while model.scope.view_object(&alias).is_some() || !taken.insert(alias.to_lowercase()) {
                alias.push('_');
            }
            found.push(ExploreView {
                label: view.label.clone(),
                alias: alias.into(),
                view: Arc::clone(calendar),
                join: Some(join(&view.view.location)),
                included: Some(Arc::default()),
                sql_table_name: None,
                calendar: Some(CalendarUse { view: Arc::clone(&view.alias), group: Arc::clone(group) }),
            });
        }
    }
    found
}

/// Every row finds at most one day of a calendar, and stays without.
fn join(location: &Location) -> Join {
    Join {
        kind: JoinKind::LeftOuter,
        declared_kind: None,
        relationship: Relationship::ManyToOne,
        declared_relationship: None,
        sql_on: None,
        foreign_key: None,
        sql: None,
        sql_where: None,
        sql_having: None,
        required_joins: Vec::new(),
        from: None,
        fields: None,
        view_label: None,
        outer_only: None,
        required_access_grants: Vec::new(),
        location: location.clone(),
    }
}

fn is_based_on_calendar(group: &Object) -> bool {
    group.text("type").is_some_and(|word| *word.value == *CUSTOM_CALENDAR)
}

/// The dimensions of a mapping by timeframe, in the order in which they are written.
fn mapping(view: &Object, definition: &Object, name: &str) -> IndexMap<CustomTimeframe, Arc<str>> {
    let entries = definition.block(name).into_iter().flat_map(|block| &block.entries);
    let named = entries.filter_map(|(parameter, entry)| match entry {
        Entry::Text(text) => Some((CustomTimeframe::parse(parameter.name)?, own_name(view, text))),
        _ => None,
    });
    named.collect()
}

/// The short name of a dimension of the view itself.
fn own_name(view: &Object, name: &Text) -> Arc<str> {
    match split_name(&name.value) {
        (Some(other), short) if *other == *view.name => short.into(),
        _ => Arc::clone(&name.value),
    }
}

/// The type of a dimension, or of a timeframe of a `time` group. Read from what was declared: the view may be made of
/// fields that are based on its own calendar.
fn dimension(view: &Object, name: &Arc<str>) -> Option<FieldKind> {
    if let Some(object) = view.children.get(&(FIELDS, Arc::clone(name))).filter(|object| *object.parent == DIMENSION) {
        return Some(kind::dimension(object, &mut Mistakes::default()));
    }
    let is_time = |group: &&Arc<Object>| group.text("type").is_none_or(|word| &*word.value == "time");
    view.children(GROUPS).filter(is_time).find_map(|group| {
        let timeframe = Timeframe::parse(name.strip_prefix(&*group.name)?.strip_prefix('_')?)?;
        let listed = group.list("timeframes");
        let is_listed = |listed: &[Text]| listed.iter().any(|word| Timeframe::parse(&word.value) == Some(timeframe));
        listed.is_none_or(is_listed).then(|| FieldKind::Time(time(group, timeframe)))
    })
}
