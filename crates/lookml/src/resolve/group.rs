//! Dimension groups: one declaration, a dimension for each timeframe or interval.

use super::calendar::{self, CUSTOM_CALENDAR};
use super::field::{Expanded, Surroundings, common, place, sql_or_column, time};
use super::kind::duration;
use super::mistakes::{self, Mistakes};
use super::object::Object;
use crate::label::{YESNO_SUFFIX, duration_heading, time_heading, titleize};
use crate::model::{Category, DimensionGroup, Field, FieldKind, Interval, Timeframe};
use std::collections::HashSet;
use std::sync::Arc;

/// The dimensions of a `dimension_group`.
pub fn dimension_group(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    match object.text("type").map_or("time", |word| &word.value) {
        "duration" => durations(object, around, mistakes),
        CUSTOM_CALENDAR => custom_periods(object, around, mistakes),
        _ => times(object, around, mistakes),
    }
}

/// What the dimensions of a group share.
fn shared(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> (Field, String) {
    let mut field = common(object, Category::Dimension, around, mistakes);
    let label = field.label.clone();
    field.group = Some(DimensionGroup { name: Arc::clone(&object.name), label: label.clone() });
    (field, label)
}

fn times(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let (mut shared, label) = shared(object, around, mistakes);
    shared.sql = Some(sql_or_column(object));
    let fiscal = around.model.fiscal_month_offset.is_some();
    let listed = timeframes(object, fiscal, mistakes);
    if listed.len() > 1 && shared.primary_key {
        mistakes.add(mistakes::primary_key_on_group(place(object, "primary_key"), &object.name));
        shared.primary_key = false;
    }
    let dimension = |&timeframe: &Timeframe| timed(object, &shared, &label, timeframe);
    let fields = listed.iter().map(dimension).collect();
    let unlisted = match object.list("timeframes") {
        Some(_) => Vec::new(),
        None => unlisted(fiscal).map(|timeframe| dimension(&timeframe)).collect(),
    };
    Expanded { fields, unlisted }
}

/// The timeframes that a group lists, each once. Those that need a fiscal year are told when the model has none.
fn timeframes(object: &Object, fiscal: bool, mistakes: &mut Mistakes) -> Vec<Timeframe> {
    let Some(written) = object.list("timeframes") else { return Timeframe::DEFAULT.to_vec() };
    let mut seen = HashSet::new();
    let mut timeframes = Vec::new();
    for word in written {
        let Some(timeframe) = Timeframe::parse(&word.value) else { continue };
        if timeframe.is_fiscal() && !fiscal {
            mistakes.add(mistakes::fiscal_without_offset(word.location.clone(), &word.value));
        } else if seen.insert(timeframe) {
            timeframes.push(timeframe);
        }
    }
    timeframes
}

/// What a group without `timeframes` has beyond the listed ones. `yesno` is not among them: its name is the group's,
/// and a group's name without a timeframe is a mistake.
fn unlisted(fiscal: bool) -> impl Iterator<Item = Timeframe> {
    let meant = move |timeframe: &Timeframe| {
        !Timeframe::DEFAULT.contains(timeframe) && *timeframe != Timeframe::Yesno && (fiscal || !timeframe.is_fiscal())
    };
    Timeframe::all().filter(meant)
}

fn timed(object: &Object, shared: &Field, label: &str, timeframe: Timeframe) -> Field {
    let mut field = shared.clone();
    let title = timeframe.title();
    let variant = if timeframe == Timeframe::Yesno {
        field.label = format!("{label}{YESNO_SUFFIX}");
        "Yes / No".to_owned()
    } else {
        field.name = format!("{}_{}", object.name, timeframe.as_str()).into();
        field.label = format!("{label} {title}");
        title
    };
    headed(object, &mut field, time_heading(label), variant);
    if timeframe == Timeframe::Raw {
        (field.hidden, field.can_filter) = (true, false);
    }
    field.kind = FieldKind::Time(time(object, timeframe));
    field
}

fn custom_periods(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let (mut shared, label) = shared(object, around, mistakes);
    refuse_key(object, &mut shared, mistakes);
    shared.sql = Some(sql_or_column(object));
    shared.allow_fill = false;
    let mut fields = Vec::new();
    for mapped in calendar::mapped(object, around, mistakes) {
        let mut field = shared.clone();
        let timeframe = mapped.period.timeframe.as_str();
        let title = titleize(timeframe);
        field.name = format!("{}_{timeframe}", object.name).into();
        field.label = format!("{label} {title}");
        headed(object, &mut field, time_heading(&label), title);
        field.kind = mapped.kind;
        field.calendar = Some(Arc::new(mapped.period));
        fields.push(field);
    }
    Expanded { fields, unlisted: Vec::new() }
}

/// Several dimensions are no primary key.
fn refuse_key(object: &Object, shared: &mut Field, mistakes: &mut Mistakes) {
    if shared.primary_key {
        mistakes.add(mistakes::primary_key_on_group(place(object, "primary_key"), &object.name));
        shared.primary_key = false;
    }
}

fn durations(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let (mut shared, label) = shared(object, around, mistakes);
    refuse_key(object, &mut shared, mistakes);
    if let Some(timeframes) = object.list("timeframes") {
        let at = timeframes.first().map_or_else(|| object.location.clone(), |word| word.location.clone());
        mistakes.add(mistakes::unknown_parameter(at, "timeframes", "dimension_group"));
    }
    let intervals = match object.list("intervals") {
        None => Interval::ALL.to_vec(),
        Some(written) => {
            let mut seen = HashSet::new();
            let intervals = written.iter().filter_map(|word| Interval::parse(&word.value));
            intervals.filter(|interval| seen.insert(*interval)).collect()
        }
    };
    let mut fields = Vec::with_capacity(intervals.len());
    for interval in intervals {
        let mut field = shared.clone();
        let title = titleize(interval.plural());
        field.name = format!("{}_{}", interval.plural(), object.name).into();
        field.label = format!("{title} {label}");
        headed(object, &mut field, duration_heading(&label), title);
        field.kind = duration(object, interval, "duration", mistakes);
        fields.push(field);
    }
    Expanded { fields, unlisted: Vec::new() }
}

/// Puts a dimension under the heading of its group.
fn headed(object: &Object, field: &mut Field, heading: String, variant: String) {
    field.group_label.get_or_insert(heading);
    if object.text("group_item_label").is_none() {
        field.group_variant = variant;
    }
}
