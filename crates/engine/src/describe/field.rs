//! `LookmlModelExploreField`.

use super::{Sight, lookml_link};
use crate::names::{full_name, in_view};
use crate::wording::Wording;
use belvedere_api::Shape;
use belvedere_api::types::{
    LookmlFieldLink, LookmlModelExploreField, LookmlModelExploreFieldAlign as Align,
    LookmlModelExploreFieldCategory as FieldCategory, LookmlModelExploreFieldEnumeration,
    LookmlModelExploreFieldFillStyle as FillStyle, LookmlModelExploreFieldMapLayer,
    LookmlModelExploreFieldMapLayerFormat as MapFormat, LookmlModelExploreFieldMeasureFilters,
    LookmlModelExploreFieldPeriodOverPeriodParams, LookmlModelExploreFieldPeriodOverPeriodParamsKind as PeriodKind,
    LookmlModelExploreFieldPeriodOverPeriodParamsPeriod as Period, LookmlModelExploreFieldSqlCase,
    LookmlModelExploreFieldTimeInterval, LookmlModelExploreFieldTimeIntervalName as Unit,
    LookmlModelExploreFieldUserAttributeFilterTypes as AttributeType,
    LookmlModelExploreFieldWeekStartDay as WeekStartDay,
};
use belvedere_lookml::model::{
    Category, ComparedPeriod, Comparison, Drills, Explore, ExploreView, Field, FieldKind, MeasureKind, Timeframe, When,
};
use belvedere_lookml::sql::Sql;
use belvedere_query::tier_labels;
use std::borrow::Cow;
use std::cell::LazyCell;
use std::sync::Arc;

/// Says which properties a shape asks for, of those whose making costs something.
macro_rules! asked {
    ($($name:ident = $property:literal),+ $(,)?) => {
        #[derive(Debug)]
        struct Asked {
            $($name: bool),+
        }

        impl Asked {
            fn of(shape: &Shape) -> Self {
                Self { $($name: shape.wants($property)),+ }
            }
        }
    };
}

asked! {
    default_filter_value = "default_filter_value",
    description = "description",
    dimension_group = "dimension_group",
    drill_fields = "drill_fields",
    enumerations = "enumerations",
    field_group_label = "field_group_label",
    field_group_variant = "field_group_variant",
    filters = "filters",
    has_drills_metadata = "has_drills_metadata",
    label = "label",
    label_from_parameter = "label_from_parameter",
    label_short = "label_short",
    links = "links",
    lookml_link = "lookml_link",
    map_layer = "map_layer",
    name = "name",
    original_view = "original_view",
    period_over_period_params = "period_over_period_params",
    project_name = "project_name",
    scope = "scope",
    source_file = "source_file",
    source_file_path = "source_file_path",
    sql = "sql",
    sql_case = "sql_case",
    suggest_dimension = "suggest_dimension",
    suggest_explore = "suggest_explore",
    suggestions = "suggestions",
    synonyms = "synonyms",
    tags = "tags",
    type_word = "type",
    user_attribute_filter_types = "user_attribute_filter_types",
    value_format = "value_format",
    value_format_name = "value_format_name",
    view = "view",
    view_label = "view_label",
}

/// Describes the fields of an explore, as far as a shape asks for it.
#[derive(Debug)]
pub(crate) struct Fields<'e> {
    wording: Wording<'e>,
    sight: Sight,
    asked: Asked,
    drills: Drills<'e>,
}

impl<'e> Fields<'e> {
    /// Describes fields to someone who sees so much of them. The shape is that of a field.
    pub(crate) fn new(wording: Wording<'e>, sight: Sight, shape: &Shape) -> Self {
        Self { wording, sight, asked: Asked::of(shape), drills: wording.explore.drills() }
    }

    /// What the API says of a field. What costs something and is not asked for is not made.
    pub(crate) fn describe(&mut self, view: &'e ExploreView, field: &'e Field) -> LookmlModelExploreField {
        let Self { wording, sight, asked, drills } = self;
        let (explore, words) = (wording.explore, wording.of(view, field));
        let (short, of_view) = (LazyCell::new(|| words.label()), LazyCell::new(|| words.view_label()));
        let full = || full_name(&view.alias, &field.name);
        let traits = Traits::of(field);
        let is_measure = field.category == Category::Measure;
        let asks_for_drills = asked.drill_fields || asked.has_drills_metadata;
        let drill_fields = if asks_for_drills { drills.of(view, field) } else { Arc::default() };
        let has_drills = !drill_fields.is_empty() || !field.links.is_empty();
        let sees_lookml = *sight == Sight::Lookml;
        let file = &field.location.file;
        LookmlModelExploreField {
            align: Some(if traits.numeric { Align::Right } else { Align::Left }),
            can_filter: Some(field.can_filter && traits.filters != Filters::None),
            category: Some(category(field.category)),
            default_filter_value: given(asked.default_filter_value, field.default_value.as_ref()),
            description: asked.description.then(|| words.description().map(Cow::into_owned)).flatten(),
            dimension_group: field
                .group
                .as_ref()
                .filter(|_| asked.dimension_group)
                .map(|group| full_name(&view.alias, &group.name)),
            drill_fields: asked.drill_fields.then(|| drill_fields.iter().map(ToString::to_string).collect()),
            field_group_label: asked.field_group_label.then(|| words.group_label().map(Cow::into_owned)).flatten(),
            field_group_variant: asked.field_group_variant.then(|| words.group_variant().into_owned()),
            fill_style: traits.fill.filter(|_| field.allow_fill && !is_measure),
            fiscal_month_offset: Some(explore.fiscal_month_offset.unwrap_or(0).into()),
            has_allowed_values: Some(!field.allowed_values.is_empty()),
            has_drills_metadata: Some(has_drills),
            hidden: Some(field.hidden),
            is_filter: Some(field.category == Category::Filter),
            is_fiscal: Some(timeframe(field).is_some_and(Timeframe::is_fiscal)),
            is_numeric: Some(traits.numeric),
            is_timeframe: Some(traits.interval.is_some()),
            can_time_filter: Some(traits.interval.is_some_and(|(unit, _)| is_within_a_day(unit))),
            time_interval: traits
                .interval
                .map(|(unit, count)| LookmlModelExploreFieldTimeInterval { name: Some(unit), count: Some(count) }),
            label: asked.label.then(|| [&**of_view, " ", &short].concat()),
            label_from_parameter: given(asked.label_from_parameter, field.label_from_parameter.as_ref()),
            label_short: asked.label_short.then(|| short.to_string()),
            lookml_link: (asked.lookml_link && sees_lookml).then(|| lookml_link(&explore.project, &field.location)),
            links: (asked.links && !field.links.is_empty()).then(|| field.links.iter().map(link).collect()),
            measure: Some(is_measure),
            name: asked.name.then(full),
            strict_value_format: Some(field.strict_value_format),
            parameter: Some(field.category == Category::Parameter),
            primary_key: Some(field.primary_key),
            project_name: asked.project_name.then(|| explore.project.to_string()),
            requires_refresh_on_sort: Some(depends_on_the_sort(field)),
            scope: asked.scope.then(|| view.alias.to_string()),
            sortable: Some(true),
            source_file: asked.source_file.then(|| file.to_string()),
            source_file_path: asked.source_file_path.then(|| [&explore.project, "/", file].concat()),
            sql: (asked.sql && sees_lookml).then(|| sql(field, full)).flatten(),
            map_layer: asked.map_layer.then(|| map_layer(explore, field)).flatten(),
            period_over_period_params: asked
                .period_over_period_params
                .then(|| period_over_period(view, field))
                .flatten(),
            sql_case: asked.sql_case.then(|| sql_case(field, *sight)).flatten(),
            filters: asked.filters.then(|| measure_filters(field)).flatten(),
            suggest_dimension: asked.suggest_dimension.then(|| field.suggest_dimension.clone().unwrap_or_else(full)),
            suggest_explore: asked
                .suggest_explore
                .then(|| field.suggest_explore.clone().unwrap_or_else(|| explore.name.to_string())),
            suggestable: Some(field.suggestable.unwrap_or(view.view.suggestions && traits.suggestable && !is_measure)),
            suggestions: asked
                .suggestions
                .then(|| field.suggestions.clone().or_else(|| tier_suggestions(field)))
                .flatten(),
            enumerations: asked.enumerations.then(|| enumerations(field)).flatten(),
            synonyms: asked.synonyms.then(|| field.synonyms.clone()),
            tags: asked.tags.then(|| field.tags.clone()),
            r#type: asked.type_word.then(|| field.type_word().into_owned()),
            user_attribute_filter_types: asked.user_attribute_filter_types.then(|| traits.filters.types().to_vec()),
            value_format: given(asked.value_format, field.value_format.as_ref()),
            value_format_name: given(asked.value_format_name, field.value_format_name.as_ref()),
            view: asked.view.then(|| view.alias.to_string()),
            view_label: asked.view_label.then(|| of_view.to_string()),
            dynamic: Some(false),
            week_start_day: WeekStartDay::parse(explore.week_start_day.as_str()),
            times_used: Some(0),
            original_view: asked.original_view.then(|| field.view.to_string()),
            datatype: time(field).map(|time| time.datatype.as_str().to_owned()),
            convert_tz: time(field).map(|time| time.convert_tz),
            ..LookmlModelExploreField::default()
        }
    }
}

/// A text of LookML, where it is asked for.
fn given(asked: bool, text: Option<&String>) -> Option<String> {
    text.filter(|_| asked).cloned()
}

/// A measure as explores tell it whose joins repeat the rows of its view: in the form that counts each row once. A view
/// without a primary key has no such form.
pub(super) fn symmetric(
    mut described: LookmlModelExploreField,
    view: &ExploreView,
    measure: &Field,
) -> LookmlModelExploreField {
    let Some(key) = view.view.primary_key.as_deref().and_then(|key| view.view.field(key)) else { return described };
    let FieldKind::Measure(kind) = measure.kind else { return described };
    let word = match kind {
        MeasureKind::Count => "count_distinct",
        MeasureKind::Sum => "sum_distinct",
        MeasureKind::Average => "average_distinct",
        MeasureKind::Median => "median_distinct",
        MeasureKind::Percentile(_) => "percentile_distinct",
        _ => return described,
    };
    if let Some(told) = &mut described.r#type {
        word.clone_into(told);
    }
    if kind == MeasureKind::Count && described.sql.is_some() {
        described.sql = key.sql.as_ref().map(|sql| sql.text.replace("${TABLE}", &view.alias));
    }
    described
}

/// What follows from the type alone.
struct Traits {
    numeric: bool,
    suggestable: bool,
    fill: Option<FillStyle>,
    /// Unit and count of a calendar timeframe.
    interval: Option<(Unit, i64)>,
    filters: Filters,
}

/// Which user attributes a field can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filters {
    None,
    Text,
    Zipcode,
    Number,
    Date,
}

impl Filters {
    const fn types(self) -> &'static [AttributeType] {
        match self {
            Self::None => &[],
            Self::Text => &[AttributeType::String, AttributeType::AdvancedFilterString],
            Self::Zipcode => &[AttributeType::String, AttributeType::AdvancedFilterString, AttributeType::Zipcode],
            Self::Number => &[AttributeType::Number, AttributeType::AdvancedFilterNumber],
            Self::Date => &[AttributeType::Datetime, AttributeType::AdvancedFilterDatetime],
        }
    }
}

impl Traits {
    const TEXT: Self = Self { numeric: false, suggestable: true, fill: None, interval: None, filters: Filters::Text };
    const ENUMERATED: Self = Self { fill: Some(FillStyle::Enumeration), ..Self::TEXT };
    const NUMBER: Self =
        Self { numeric: true, suggestable: false, fill: None, interval: None, filters: Filters::Number };
    const DATE: Self = Self { numeric: false, suggestable: false, fill: None, interval: None, filters: Filters::Date };

    fn of(field: &Field) -> Self {
        match &field.kind {
            FieldKind::String | FieldKind::Unquoted => Self::TEXT,
            FieldKind::Zipcode => Self { filters: Filters::Zipcode, ..Self::TEXT },
            FieldKind::Yesno | FieldKind::Tier { .. } | FieldKind::Case { .. } => Self::ENUMERATED,
            FieldKind::Number | FieldKind::Distance { .. } | FieldKind::Duration { .. } => Self::NUMBER,
            FieldKind::Location { .. } => Self { suggestable: false, ..Self::TEXT },
            FieldKind::Time(time) => Self::of_timeframe(time.timeframe),
            FieldKind::Measure(kind) => Self::of_measure(*kind),
        }
    }

    fn of_measure(kind: MeasureKind) -> Self {
        match kind {
            MeasureKind::String | MeasureKind::Yesno => Self::TEXT,
            MeasureKind::List => Self { filters: Filters::None, ..Self::TEXT },
            MeasureKind::Date(_) => Self::DATE,
            // Made of the rows of the result, which filters would have to know before.
            MeasureKind::RunningTotal
            | MeasureKind::PercentOfTotal
            | MeasureKind::PercentOfPrevious
            | MeasureKind::PeriodOverPeriod => Self { filters: Filters::None, ..Self::NUMBER },
            _ => Self::NUMBER,
        }
    }

    fn of_timeframe(timeframe: Timeframe) -> Self {
        let range = |unit, count| Self { fill: Some(FillStyle::Range), interval: Some((unit, count)), ..Self::DATE };
        let instant = |unit, count| Self { interval: Some((unit, count)), ..Self::DATE };
        let number = Self { fill: Some(FillStyle::Enumeration), ..Self::NUMBER };
        match timeframe {
            Timeframe::Raw => Self { filters: Filters::None, ..Self::DATE },
            Timeframe::Yesno | Timeframe::DayOfWeek | Timeframe::MonthName => Self::ENUMERATED,
            Timeframe::QuarterOfYear | Timeframe::FiscalQuarterOfYear => Self::ENUMERATED,
            Timeframe::TimeOfDay => Self::TEXT,
            Timeframe::Time => instant(Unit::Second, 1),
            Timeframe::Second => range(Unit::Second, 1),
            Timeframe::Microsecond => instant(Unit::Microsecond, 1),
            Timeframe::Millisecond(count) => instant(Unit::Millisecond, count.into()),
            Timeframe::Minute(count) => range(Unit::Minute, count.into()),
            Timeframe::Hour(count) => range(Unit::Hour, count.into()),
            Timeframe::Date => range(Unit::Day, 1),
            Timeframe::Week => range(Unit::Day, 7),
            Timeframe::Month => range(Unit::Month, 1),
            Timeframe::Quarter | Timeframe::FiscalQuarter => range(Unit::Month, 3),
            Timeframe::Year | Timeframe::FiscalYear => range(Unit::Year, 1),
            Timeframe::HourOfDay
            | Timeframe::DayOfWeekIndex
            | Timeframe::DayOfMonth
            | Timeframe::DayOfYear
            | Timeframe::WeekOfYear
            | Timeframe::MonthNum
            | Timeframe::FiscalMonthNum => number,
        }
    }
}

const fn is_within_a_day(unit: Unit) -> bool {
    matches!(unit, Unit::Hour | Unit::Minute | Unit::Second | Unit::Millisecond | Unit::Microsecond)
}

const fn category(category: Category) -> FieldCategory {
    match category {
        Category::Dimension => FieldCategory::Dimension,
        Category::Measure => FieldCategory::Measure,
        Category::Filter => FieldCategory::Filter,
        Category::Parameter => FieldCategory::Parameter,
    }
}

fn time(field: &Field) -> Option<belvedere_lookml::model::Time> {
    match field.kind {
        FieldKind::Time(time) => Some(time),
        _ => None,
    }
}

fn timeframe(field: &Field) -> Option<Timeframe> {
    time(field).map(|time| time.timeframe)
}

fn depends_on_the_sort(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Measure(MeasureKind::RunningTotal | MeasureKind::PercentOfPrevious))
}

/// The body as written; a `count` has none and shows its own name. A dimension that is written in several parts shows
/// them together: clients take it for granted that a dimension has a text here.
fn sql(field: &Field, full_name: impl FnOnce() -> String) -> Option<String> {
    if let Some(sql) = &field.sql {
        return Some(sql.text.to_string());
    }
    let both = |one: &Option<Sql>, other: &Option<Sql>| {
        let parts = [one, other].into_iter().flatten().map(|sql| sql.text.trim());
        Some(parts.collect::<Vec<_>>().join(", "))
    };
    match &field.kind {
        FieldKind::Measure(MeasureKind::Count) => Some(full_name()),
        FieldKind::Case { whens, otherwise, .. } => Some(case(whens, otherwise.as_deref())),
        FieldKind::Location { latitude, longitude } => both(latitude, longitude),
        FieldKind::Duration { start, end, .. } => both(start, end),
        FieldKind::Distance { start, end, .. } => Some(format!("${{{start}}}, ${{{end}}}")),
        _ => None,
    }
}

/// The branches of a `case` as the expression that they stand for.
fn case(whens: &[When], otherwise: Option<&str>) -> String {
    let literal = |label: &str| format!("'{}'", label.replace('\'', "''"));
    let branches = whens.iter().map(|when| format!("WHEN {} THEN {}\n", when.sql.text.trim(), literal(&when.label)));
    let otherwise = otherwise.map(|label| format!("ELSE {}\n", literal(label)));
    format!("CASE\n{}END", branches.chain(otherwise).collect::<String>())
}

fn sql_case(field: &Field, sight: Sight) -> Option<Vec<LookmlModelExploreFieldSqlCase>> {
    let FieldKind::Case { whens, otherwise, .. } = &field.kind else { return None };
    let branches = whens.iter().map(|when| LookmlModelExploreFieldSqlCase {
        value: Some(when.label.clone()),
        condition: (sight == Sight::Lookml).then(|| when.sql.text.to_string()),
    });
    let otherwise =
        otherwise.iter().map(|label| LookmlModelExploreFieldSqlCase { value: Some(label.clone()), condition: None });
    Some(branches.chain(otherwise).collect())
}

fn measure_filters(field: &Field) -> Option<Vec<LookmlModelExploreFieldMeasureFilters>> {
    let filters = field.filters.iter().map(|filter| LookmlModelExploreFieldMeasureFilters {
        field: Some(filter.field.to_string()),
        condition: Some(filter.value.clone()),
    });
    Some(filters.collect()).filter(|filters: &Vec<_>| !filters.is_empty())
}

fn link(link: &belvedere_lookml::model::Link) -> LookmlFieldLink {
    LookmlFieldLink { label: Some(link.label.clone()), url: Some(link.url.clone()), icon_url: link.icon_url.clone() }
}

/// The map layer of the model that a field names. Of the built-in ones no address is known.
fn map_layer(explore: &Explore, field: &Field) -> Option<LookmlModelExploreFieldMapLayer> {
    let layer = explore.map_layers.get(field.map_layer_name.as_deref()?)?;
    Some(LookmlModelExploreFieldMapLayer {
        url: Some(layer.url.clone().or_else(|| layer.file.clone()).unwrap_or_default()),
        name: Some(layer.name.to_string()),
        feature_key: layer.feature_key.clone(),
        property_key: layer.property_key.clone(),
        property_label_key: layer.property_label_key.clone(),
        projection: layer.projection.clone(),
        format: MapFormat::parse(&layer.format),
        extents_json_url: layer.extents_json_url.clone(),
        max_zoom_level: layer.max_zoom_level,
        min_zoom_level: layer.min_zoom_level,
    })
}

/// What a measure of type `period_over_period` compares, with full names. The contract has no words for periods of a
/// calendar of one's own, and knows no comparison without a period.
fn period_over_period(view: &ExploreView, field: &Field) -> Option<LookmlModelExploreFieldPeriodOverPeriodParams> {
    let compared = field.period_over_period.as_ref()?;
    let ComparedPeriod::Timeframe(period) = compared.period else { return None };
    let full = |name: &str| in_view(&view.alias, name);
    Some(LookmlModelExploreFieldPeriodOverPeriodParams {
        based_on: Some(full(&compared.based_on)),
        based_on_time: Some(full(&compared.based_on_time)),
        period: Period::parse(period.as_str()),
        kind: Some(match compared.kind {
            Comparison::Previous => PeriodKind::Previous,
            Comparison::Difference => PeriodKind::Difference,
            Comparison::RelativeChange => PeriodKind::RelativeChange,
        }),
        value_to_date: Some(compared.value_to_date),
    })
}

/// The values that a field can have, for types that know them.
fn enumerations(field: &Field) -> Option<Vec<LookmlModelExploreFieldEnumeration>> {
    let same = |labels: &[&str]| labels.iter().map(|label| enumeration(label, label)).collect();
    if !field.allowed_values.is_empty() {
        return Some(field.allowed_values.iter().map(|allowed| enumeration(&allowed.label, &allowed.value)).collect());
    }
    match &field.kind {
        _ if field.category == Category::Parameter => None,
        FieldKind::Yesno => Some(same(&["Yes", "No"])),
        FieldKind::Tier { .. } => {
            Some(tier_suggestions(field)?.iter().map(|label| enumeration(label, label)).collect())
        }
        FieldKind::Case { whens, otherwise, .. } => {
            let labels = whens.iter().map(|when| &when.label).chain(otherwise);
            Some(labels.map(|label| enumeration(label, label)).collect())
        }
        FieldKind::Time(time) => match time.timeframe {
            Timeframe::Yesno => Some(same(&["Yes", "No"])),
            Timeframe::DayOfWeek => Some(same(&Timeframe::DAYS)),
            Timeframe::MonthName => Some(same(&Timeframe::MONTHS)),
            _ => None,
        },
        _ => None,
    }
}

fn enumeration(label: &str, value: &str) -> LookmlModelExploreFieldEnumeration {
    LookmlModelExploreFieldEnumeration { label: Some(label.to_owned()), value: value.into() }
}

fn tier_suggestions(field: &Field) -> Option<Vec<String>> {
    match &field.kind {
        FieldKind::Tier { tiers, style } => Some(tier_labels(tiers, *style)),
        _ => None,
    }
}
