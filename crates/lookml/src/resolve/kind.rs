//! `type` of dimensions, filters and parameters, with the parameters that only one type has.

use super::field::{datatype, place, time, written_sql};
use super::mistakes::{self, Mistakes};
use super::object::Object;
use crate::model::{DistanceUnit, FieldKind, Interval, Number, TierStyle, Timeframe, When};
use std::sync::Arc;

/// `type` as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typed<'a>(&'a str);

impl<'a> Typed<'a> {
    /// The type of `object`; `string` when none is written or it was refused when the file was read.
    pub fn of(object: &'a Object) -> Self {
        Self(object.text("type").map_or("string", |word| &word.value))
    }
}

/// The types that every kind of field but measures may have.
pub fn simple(object: &Object, Typed(word): Typed<'_>) -> FieldKind {
    match word {
        "number" | "int" => FieldKind::Number,
        "yesno" => FieldKind::Yesno,
        "zipcode" => FieldKind::Zipcode,
        "unquoted" => FieldKind::Unquoted,
        _ => Timeframe::of_type(word).map_or(FieldKind::String, |timeframe| FieldKind::Time(time(object, timeframe))),
    }
}

/// The type of a dimension.
pub fn dimension(object: &Object, mistakes: &mut Mistakes) -> FieldKind {
    if let Some(case) = object.block("case") {
        return self::case(object, case);
    }
    let Typed(word) = Typed::of(object);
    match word {
        "tier" | "bin" => tier(object, word, mistakes),
        "location" => location(object, mistakes),
        "distance" => distance(object, mistakes),
        _ => match word.strip_prefix("duration_").and_then(Interval::parse) {
            Some(interval) => duration(object, interval, word, mistakes),
            None => simple(object, Typed(word)),
        },
    }
}

fn case(object: &Object, case: &Object) -> FieldKind {
    let when =
        |when: &Arc<Object>| Some(When { sql: when.sql("sql")?, label: when.string("label").unwrap_or_default() });
    FieldKind::Case {
        whens: case.blocks("when").iter().filter_map(when).collect(),
        otherwise: case.string("else"),
        alpha_sort: object.yes("alpha_sort").unwrap_or(false),
    }
}

fn tier(object: &Object, word: &str, mistakes: &mut Mistakes) -> FieldKind {
    let bounds = object.list("tiers").or_else(|| object.list("bins"));
    needs(object, &[("tiers", bounds.is_some_and(|bounds| !bounds.is_empty()))], word, mistakes);
    let number =
        |text: &Arc<str>| Some(Number { text: Arc::clone(text), value: text.trim_start_matches('+').parse().ok()? });
    let mut tiers: Vec<Number> = bounds.unwrap_or_default().iter().filter_map(|bound| number(&bound.value)).collect();
    tiers.sort_by(|a, b| a.value.total_cmp(&b.value));
    tiers.dedup_by(|a, b| a.value.total_cmp(&b.value).is_eq());
    let style = object.text("style").and_then(|word| TierStyle::parse(&word.value));
    FieldKind::Tier { tiers, style: style.unwrap_or(TierStyle::Classic) }
}

fn location(object: &Object, mistakes: &mut Mistakes) -> FieldKind {
    let (latitude, longitude) = (written_sql(object, "sql_latitude"), written_sql(object, "sql_longitude"));
    if latitude.is_none() || longitude.is_none() {
        mistakes.add(mistakes::incomplete_location(place(object, "type")));
    }
    FieldKind::Location { latitude, longitude }
}

fn distance(object: &Object, mistakes: &mut Mistakes) -> FieldKind {
    let ends = ["start_location_field", "end_location_field"].map(|end| (end, object.text(end).is_some()));
    needs(object, &ends, "distance", mistakes);
    let units = object.text("units").and_then(|word| DistanceUnit::parse(&word.value));
    FieldKind::Distance {
        start: object.name_of("start_location_field").unwrap_or_default(),
        end: object.name_of("end_location_field").unwrap_or_default(),
        units: units.unwrap_or(DistanceUnit::Miles),
    }
}

/// One interval between `sql_start` and `sql_end`. `what` is the type that needs them.
pub fn duration(object: &Object, interval: Interval, what: &str, mistakes: &mut Mistakes) -> FieldKind {
    let (start, end) = (written_sql(object, "sql_start"), written_sql(object, "sql_end"));
    needs(object, &[("sql_start", start.is_some()), ("sql_end", end.is_some())], what, mistakes);
    FieldKind::Duration { interval, start, end, datatype: datatype(object) }
}

/// Tells which of the parameters that a field of type `what` needs are not there.
fn needs(object: &Object, parameters: &[(&str, bool)], what: &str, mistakes: &mut Mistakes) {
    let missing: Vec<&str> = parameters.iter().filter(|(_, written)| !written).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        let of = format!("{}s of type {what}", object.parent.name.replace('_', " "));
        mistakes.add(mistakes::missing_parameter(place(object, "type"), &missing.join(" and "), &of));
    }
}
