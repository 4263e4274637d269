//! Fields: what all kinds have in common, and dimensions, filters and parameters.

use super::filters;
use super::formats;
use super::kind::{self, Typed};
use super::localize;
use super::mistakes::{self, Mistakes};
use super::object::{Object, Text};
use super::references::{How, Reference, in_sql};
use crate::diagnostic::Location;
use crate::label::{YESNO_SUFFIX, titleize};
use crate::model::{
    Action, AllowedValue, Category, ComparedPeriod, Comparison, CustomTimeframe, Datatype, Field, FieldKind, FormParam,
    Link, MeasureKind, Model, NamedValueFormat, PeriodOverPeriod, Time, Timeframe,
};
use crate::sql::Sql;
use std::sync::Arc;

/// The view that a field belongs to, as far as its fields depend on it.
pub struct Surroundings<'a> {
    pub model: &'a Model,
    pub view: &'a Arc<str>,
    /// `fields_hidden_by_default`
    pub hidden: bool,
}

/// A declared field: one field, or those that a dimension group expands to.
#[derive(Debug)]
pub struct Expanded {
    /// The fields that are listed.
    pub fields: Vec<Field>,
    /// The fields that may only be referred to.
    pub unlisted: Vec<Field>,
}

impl Expanded {
    pub fn one(field: Field) -> Self {
        Self { fields: vec![field], unlisted: Vec::new() }
    }
}

/// A field of `category` named `name`, with everything that needs no type.
pub fn common(object: &Object, category: Category, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Field {
    let format = value_format(object, around.model, mistakes);
    localize::check(around.model, object, mistakes);
    let localized = |name: &str| localize::text(around.model, object, name);
    let label = localized("label").unwrap_or_else(|| titleize(&object.name));
    Field {
        name: Arc::clone(&object.name),
        view: Arc::clone(around.view),
        category,
        kind: FieldKind::String,
        sql: None,
        group: None,
        calendar: None,
        primary_key: object.yes("primary_key").unwrap_or(false),
        hidden: object.yes("hidden").unwrap_or(around.hidden),
        group_variant: localized("group_item_label").unwrap_or_else(|| label.clone()),
        label,
        view_label: localized("view_label"),
        group_label: localized("group_label"),
        label_from_parameter: object.string("label_from_parameter"),
        description: localized("description"),
        tags: object.strings("tags"),
        synonyms: object.strings("synonyms"),
        strict_value_format: format.as_ref().is_some_and(|format| format.strict),
        value_format: format.map(|format| format.value_format),
        value_format_name: object.string("value_format_name"),
        html: object.sql("html"),
        links: object.blocks("link").iter().map(|link| self::link(link)).collect(),
        actions: object.blocks("action").iter().map(|action| self::action(action)).collect(),
        drill_fields: Vec::new(),
        filters: Vec::new(),
        sql_distinct_key: object.sql("sql_distinct_key"),
        approximate: object.yes("approximate").unwrap_or(false),
        direction: object.text("direction").and_then(|word| crate::model::Direction::parse(&word.value)),
        period_over_period: period_over_period(object).map(Arc::new),
        datatype: datatype(object),
        convert_tz: object.yes("convert_tz"),
        order_by_field: object.name_of("order_by_field"),
        required_fields: object.names("required_fields"),
        required_access_grants: object.names("required_access_grants"),
        can_filter: object.yes("can_filter").unwrap_or(true),
        allow_fill: object.yes("allow_fill").unwrap_or(true),
        case_sensitive: object.yes("case_sensitive"),
        suggestable: object.yes("suggestable"),
        suggestions: object.list("suggestions").map(|_| object.strings("suggestions")),
        suggest_dimension: object.string("suggest_dimension"),
        suggest_explore: object.string("suggest_explore"),
        suggest_persist_for: object.string("suggest_persist_for"),
        full_suggestions: object.yes("full_suggestions").unwrap_or(false),
        bypass_suggest_restrictions: object.yes("bypass_suggest_restrictions").unwrap_or(false),
        skip_drill_filter: object.yes("skip_drill_filter").unwrap_or(false),
        fanout_on: object.string("fanout_on"),
        default_value: object.string("default_value"),
        allowed_values: object.blocks("allowed_value").iter().map(|value| allowed_value(value)).collect(),
        aliases: object.names("alias"),
        map_layer_name: object.string("map_layer_name"),
        location: object.location.clone(),
    }
}

fn period_over_period(object: &Object) -> Option<PeriodOverPeriod> {
    let kind = match object.text("kind").map(|word| &*word.value) {
        Some("difference") => Comparison::Difference,
        Some("relative_change") => Comparison::RelativeChange,
        _ => Comparison::Previous,
    };
    let period = match object.text("custom_calendar_period") {
        Some(word) => ComparedPeriod::Custom(CustomTimeframe::parse(&word.value)?),
        None => ComparedPeriod::Timeframe(Timeframe::parse(&object.text("period")?.value)?),
    };
    Some(PeriodOverPeriod {
        based_on: object.name_of("based_on")?,
        based_on_time: object.name_of("based_on_time")?,
        period,
        kind,
        value_to_date: object.yes("value_to_date").unwrap_or(false),
    })
}

fn link(link: &Object) -> Link {
    Link {
        label: link.string("label").unwrap_or_default(),
        url: link.string("url").unwrap_or_default(),
        icon_url: link.string("icon_url"),
    }
}

fn action(action: &Object) -> Action {
    let pair = |block: &Arc<Object>, left: &str, right: &str| {
        (block.string(left).unwrap_or_default(), block.string(right).unwrap_or_default())
    };
    Action {
        label: action.string("label").unwrap_or_default(),
        url: action.string("url").unwrap_or_default(),
        icon_url: action.string("icon_url"),
        form_url: action.string("form_url"),
        params: action.blocks("param").iter().map(|param| pair(param, "name", "value")).collect(),
        form_params: action.blocks("form_param").iter().map(|param| form_param(param)).collect(),
        user_attribute_params: action
            .blocks("user_attribute_param")
            .iter()
            .map(|param| pair(param, "user_attribute", "name"))
            .collect(),
    }
}

fn form_param(param: &Object) -> FormParam {
    let name = param.string("name").unwrap_or_default();
    let option = |option: &Arc<Object>| {
        let sent = option.string("name").or_else(|| option.string("value")).unwrap_or_default();
        (sent.clone(), option.string("label").unwrap_or(sent))
    };
    FormParam {
        label: param.string("label").unwrap_or_else(|| name.clone()),
        name,
        kind: param.string("type").unwrap_or_else(|| "string".to_owned()),
        required: param.yes("required").unwrap_or(false),
        default: param.string("default"),
        description: param.string("description"),
        options: param.blocks("option").iter().map(option).collect(),
    }
}

fn allowed_value(value: &Object) -> AllowedValue {
    let meant = value.string("value").unwrap_or_default();
    AllowedValue { label: value.string("label").unwrap_or_else(|| meant.clone()), value: meant }
}

/// `value_format`, else what `value_format_name` stands for.
fn value_format(object: &Object, model: &Model, mistakes: &mut Mistakes) -> Option<NamedValueFormat> {
    let named = object.text("value_format_name").and_then(|name| {
        let declared = model.named_value_formats.get(&name.value).cloned();
        let found = declared.or_else(|| formats::built_in(&name.value));
        if found.is_none() {
            let mut known: Vec<&str> = model.named_value_formats.keys().map(|name| &**name).collect();
            known.extend(formats::names());
            let mistake = mistakes::unknown_value_format(name.location.clone(), &name.value);
            mistakes.add_unknown(mistake, &name.value, known);
        }
        found
    });
    let own = object.string("value_format").map(|value_format| NamedValueFormat { value_format, strict: false });
    own.or(named)
}

pub fn datatype(object: &Object) -> Option<Datatype> {
    object.text("datatype").and_then(|word| Datatype::parse(&word.value))
}

/// A date or time as `object` says, cut to `timeframe`. Columns without a time of day are never converted.
pub fn time(object: &Object, timeframe: Timeframe) -> Time {
    let datatype = datatype(object).unwrap_or(Datatype::Datetime);
    let has_time = !matches!(datatype, Datatype::Date | Datatype::Yyyymmdd);
    Time { timeframe, datatype, convert_tz: has_time && object.yes("convert_tz").unwrap_or(true) }
}

/// The written body `name`, unless it is blank.
pub fn written_sql(object: &Object, name: &str) -> Option<Sql> {
    object.sql(name).filter(|sql| !sql.is_blank())
}

/// `sql`, or the column that has the field's name.
pub fn sql_or_column(object: &Object) -> Sql {
    written_sql(object, "sql")
        .unwrap_or_else(|| Sql::new(format!("${{TABLE}}.{}", object.name), object.location.clone()))
}

/// A `dimension`.
pub fn dimension(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let mut field = common(object, Category::Dimension, around, mistakes);
    field.kind = kind::dimension(object, mistakes);
    field.sql = match field.kind {
        FieldKind::Case { .. }
        | FieldKind::Location { .. }
        | FieldKind::Distance { .. }
        | FieldKind::Duration { .. } => None,
        _ => Some(sql_or_column(object)),
    };
    if let FieldKind::Time(Time { timeframe: Timeframe::Raw, .. }) = field.kind {
        field.can_filter = false;
    }
    suffix_yesno(object, &mut field);
    Expanded::one(field)
}

/// A `filter`: its SQL, if any, is a condition.
pub fn filter(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let mut field = common(object, Category::Filter, around, mistakes);
    field.kind = kind::simple(object, Typed::of(object));
    field.sql = written_sql(object, "sql");
    suffix_yesno(object, &mut field);
    Expanded::one(field)
}

/// A `parameter`.
pub fn parameter(object: &Object, around: &Surroundings<'_>, mistakes: &mut Mistakes) -> Expanded {
    let mut field = common(object, Category::Parameter, around, mistakes);
    field.kind = kind::simple(object, Typed::of(object));
    field.sql = written_sql(object, "sql");
    Expanded::one(field)
}

/// Yesno fields say so in their label.
pub fn suffix_yesno(object: &Object, field: &mut Field) {
    if !matches!(field.kind, FieldKind::Yesno | FieldKind::Measure(MeasureKind::Yesno)) {
        return;
    }
    field.label.push_str(YESNO_SUFFIX);
    if object.text("group_item_label").is_none() {
        field.group_variant.clone_from(&field.label);
    }
}

/// Bodies of a field in which `${}` refers to fields.
const BODIES: [&str; 6] = ["sql", "sql_start", "sql_end", "sql_latitude", "sql_longitude", "sql_distinct_key"];
/// Parameters that name one field or several.
const NAMES: [&str; 4] = ["required_fields", "order_by_field", "start_location_field", "end_location_field"];

/// Everything that a declared field refers to, `drill_fields` apart.
pub fn references(object: &Object) -> Vec<Reference> {
    let mut found: Vec<Reference> = BODIES.iter().filter_map(|body| object.text(body)).flat_map(in_sql).collect();
    if let Some(case) = object.block("case") {
        found.extend(case.blocks("when").iter().filter_map(|when| when.text("sql")).flat_map(in_sql));
    }
    let one = |name: &&str| object.text(name).map(std::slice::from_ref);
    let names = NAMES.iter().filter_map(|name| object.list(name).or_else(|| one(name)));
    found.extend(names.flatten().map(|name| Reference::named(name, How::Name)));
    if let Some(list_field) = object.text("list_field") {
        found.push(Reference::named(list_field, How::Sql));
    }
    found.extend(object.text("based_on").map(|name| Reference::named(name, How::Name)));
    found.extend(object.text("based_on_time").map(|name| Reference::named(name, How::Name)));
    let pairs = object.pairs("filters").iter().chain(object.pairs("filter"));
    found.extend(pairs.map(|(field, _)| Reference::named(field, How::Filter)));
    found
}

/// The references of a list of fields to fields of other views.
pub fn drill_references(list: &[Text]) -> Vec<Reference> {
    let plain = list.iter().filter(|entry| !entry.value.starts_with('-') && !entry.value.ends_with('*'));
    plain.map(|entry| Reference::named(entry, How::Drill)).filter(|reference| reference.view.is_some()).collect()
}

/// `filters` of a measure, with the old `filter` blocks.
pub fn measure_filters(object: &Object) -> Vec<crate::model::FieldFilter> {
    let pairs: Vec<_> = object.pairs("filter").iter().chain(object.pairs("filters")).cloned().collect();
    filters::as_written(&pairs)
}

/// Where the parameter `name` is written, else where the field is.
pub fn place(object: &Object, name: &str) -> Location {
    object.text(name).map_or_else(|| object.location.clone(), |text| text.location.clone())
}
