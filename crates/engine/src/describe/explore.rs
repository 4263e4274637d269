//! `LookmlModelExplore`.

use super::field::symmetric;
use super::{Fields, Sight, lookml_link};
use crate::access::Viewer;
use crate::names::full_name;
use crate::wording::Wording;
use belvedere_api::Shape;
use belvedere_api::types::{
    LookmlModelExplore, LookmlModelExploreAccessFilter, LookmlModelExploreAlias, LookmlModelExploreAlwaysFilter,
    LookmlModelExploreConditionallyFilter, LookmlModelExploreError, LookmlModelExploreFieldset,
    LookmlModelExploreJoins, LookmlModelExploreSet, LookmlModelExploreSupportedMeasureType,
};
use belvedere_lookml::diagnostic::Severity;
use belvedere_lookml::model::{Category, Explore, ExploreView, Field, Join, ViewSource};
use belvedere_lookml::sql::Piece;
use belvedere_query::dialect::Dialect;
use belvedere_query::repeated_views;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// No operation shows how the database runs a query: SQL Runner takes nothing but queries.
const CAN_EXPLAIN: bool = false;
/// No operation tells what a query will cost.
const ESTIMATES_COSTS: bool = false;

/// What an explore's description needs besides the explore.
#[derive(Debug)]
pub struct ExploreSurroundings<'a> {
    /// Who looks.
    pub viewer: &'a Viewer<'a>,
    /// The dialect of its connection, where that is known.
    pub dialect: Option<&'static dyn Dialect>,
    /// The present moment.
    pub now: Timestamp,
}

/// What the API says of an explore. Parts that `shape` does not ask for are not made.
pub fn explore(explore: &Explore, around: &ExploreSurroundings<'_>, shape: &Shape) -> LookmlModelExplore {
    let wants = |name: &str| shape.wants(name);
    let sight = around.viewer.sight(&explore.model);
    let name = explore.name.to_string();
    let sees_lookml = sight == Sight::Lookml;
    let kept_back = kept_back(explore, around.viewer);
    // Totals, subtotals, ranks of pivot columns and zones are written into the SQL of every dialect; on a connection that
    // is not there, nothing runs.
    let is_planned = Some(around.dialect.is_some());
    LookmlModelExplore {
        id: Some(format!("{}::{}", explore.model, explore.name)),
        name: Some(name),
        description: explore.description.clone(),
        label: Some(explore.label.clone()),
        title: Some(explore.label.clone()),
        scopes: Some(explore.named_views().map(|view| view.alias.to_string()).collect()),
        can_total: is_planned,
        can_develop: Some(around.viewer.develops(&explore.model)),
        can_see_lookml: Some(sees_lookml),
        lookml_link: sees_lookml.then(|| lookml_link(&explore.project, &explore.location)),
        can_save: Some(around.viewer.saves()),
        can_explain: Some(CAN_EXPLAIN),
        can_pivot_in_db: is_planned,
        can_subtotal: is_planned,
        has_timezone_support: is_planned,
        supports_cost_estimate: Some(ESTIMATES_COSTS),
        connection_name: explore.connection.clone(),
        dialect_name: around.dialect.map(|dialect| dialect.name().to_owned()),
        null_sort_treatment: around.dialect.map(|dialect| dialect.null_sort().as_str().to_owned()),
        source_file: Some(explore.location.file.to_string()),
        project_name: Some(explore.project.to_string()),
        model_name: Some(explore.model.to_string()),
        view_name: Some(explore.base().view.name.to_string()),
        hidden: Some(explore.hidden),
        sql_table_name: Some(table_name(explore.base())),
        access_filters: Some(access_filters(explore)),
        aliases: Some(aliases(explore, &kept_back)),
        always_filter: Some(always_filter(explore)),
        conditionally_filter: Some(conditionally_filter(explore)),
        index_fields: Some(index_fields(explore.base())),
        sets: wants("sets").then(|| sets(explore, &kept_back)),
        tags: Some(explore.tags.clone()),
        errors: errors(explore),
        fields: wants("fields").then(|| fieldset(explore, around, &kept_back, shape.within("fields"))),
        joins: Some(explore.named_views().filter_map(|view| Some(join(view, view.join.as_ref()?))).collect()),
        group_label: Some(explore.group_label.clone()),
        supported_measure_types: wants("supported_measure_types").then(supported_measure_types),
        always_join: Some(explore.always_join.iter().map(ToString::to_string).collect()),
        ..LookmlModelExplore::default()
    }
}

/// The full names of the fields that the viewer may not see, and of their sort companions.
fn kept_back(explore: &Explore, viewer: &Viewer<'_>) -> HashSet<String> {
    let fields = explore.views.iter().flat_map(|view| view.view.fields.values().map(move |field| (view, field)));
    let unseen = fields.filter(|(view, field)| !viewer.sees_field(explore, view, field));
    let names = unseen.map(|(view, field)| full_name(&view.alias, &field.name));
    names.flat_map(|name| [format!("{name}__sort_"), name]).collect()
}

fn fieldset(
    explore: &Explore,
    around: &ExploreSurroundings<'_>,
    kept_back: &HashSet<String>,
    shape: &Shape,
) -> LookmlModelExploreFieldset {
    let viewer = around.viewer;
    let now = viewer.local(around.now);
    let wording = Wording { explore, access: viewer.access(), now: &now, asked: None };
    let sight = viewer.sight(&explore.model);
    let repeated = repeated_views(explore);
    let errors = FieldErrors::of_explore(explore);
    let of = |category: Category, name: &str| {
        if !shape.wants(name) {
            return None;
        }
        let mut fields = Fields::new(wording, sight, shape.within(name));
        let declared = explore.views.iter().flat_map(|view| view.view.fields.values());
        let mut all = Vec::with_capacity(declared.filter(|field| field.category == category).count());
        for (view, is_repeated) in explore.views.iter().zip(&repeated) {
            for field in view.view.fields.values().filter(|field| field.category == category) {
                if !view.includes(&field.name) || !viewer.sees_field(explore, view, field) {
                    continue;
                }
                let mut described = fields.describe(view, field);
                described.error = errors.of(view, field);
                if let Some(drill_fields) = described.drill_fields.as_mut().filter(|_| !kept_back.is_empty()) {
                    drill_fields.retain(|name| !kept_back.contains(name));
                }
                let is_symmetric = explore.symmetric_aggregates && *is_repeated;
                all.push(if is_symmetric { symmetric(described, view, field) } else { described });
            }
        }
        Some(all)
    };
    LookmlModelExploreFieldset {
        dimensions: of(Category::Dimension, "dimensions"),
        measures: of(Category::Measure, "measures"),
        filters: of(Category::Filter, "filters"),
        parameters: of(Category::Parameter, "parameters"),
    }
}

/// The columns that a kept derived table indexes.
fn index_fields(base: &ExploreView) -> Vec<String> {
    base.view.materialization.as_ref().map(|kept| kept.indexes.clone()).unwrap_or_default()
}

/// What is wrong with fields, by the names under which mistakes tell them.
struct FieldErrors<'e>(HashMap<&'e str, &'e str>);

impl<'e> FieldErrors<'e> {
    /// The first error of each field; warnings leave a field as it is.
    fn of_explore(explore: &'e Explore) -> Self {
        let of_views = explore.views.iter().flat_map(|view| &view.view.errors);
        let errors = explore.errors.iter().chain(of_views).filter(|found| found.severity >= Severity::Error);
        let mut by_field = HashMap::new();
        for error in errors {
            if let Some(field) = &error.field {
                by_field.entry(field.as_str()).or_insert(error.message.as_str());
            }
        }
        Self(by_field)
    }

    /// The error of a field. Mistakes name the declaration: of a timeframe its group, of an alias its view.
    fn of(&self, view: &ExploreView, field: &Field) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let declared = field.group.as_ref().map_or(&field.name, |group| &group.name);
        let find = |view: &str| self.0.get(format!("{view}.{declared}").as_str());
        find(&view.alias).or_else(|| find(&view.view.name)).map(ToString::to_string)
    }
}

/// `<table>  AS <alias>`, the blanks of the LookML kept; only the alias where nothing was written.
fn table_name(view: &ExploreView) -> String {
    match (&view.sql_table_name, &view.view.source) {
        (Some(table), _) | (None, ViewSource::Table(table)) => format!("{} AS {}", table.text, view.alias),
        (None, ViewSource::Name(_) | ViewSource::Sql(_) | ViewSource::Explore(_)) => view.alias.to_string(),
    }
}

fn access_filters(explore: &Explore) -> Vec<LookmlModelExploreAccessFilter> {
    let filters = explore.access_filters.iter().map(|filter| LookmlModelExploreAccessFilter {
        field: Some(filter.field.to_string()),
        user_attribute: Some(filter.user_attribute.clone()),
    });
    filters.collect()
}

fn aliases(explore: &Explore, kept_back: &HashSet<String>) -> Vec<LookmlModelExploreAlias> {
    let aliases = explore.aliases.iter().filter(|(_, current)| !kept_back.contains(&**current));
    let aliases = aliases.map(|(old, current)| LookmlModelExploreAlias {
        name: Some(old.to_string()),
        value: Some(current.to_string()),
    });
    aliases.collect()
}

fn always_filter(explore: &Explore) -> Vec<LookmlModelExploreAlwaysFilter> {
    let filters = explore.always_filter.iter().map(|filter| LookmlModelExploreAlwaysFilter {
        name: Some(filter.field.to_string()),
        value: Some(filter.value.clone()),
    });
    filters.collect()
}

fn conditionally_filter(explore: &Explore) -> Vec<LookmlModelExploreConditionallyFilter> {
    let filters = explore.conditionally_filter.iter().flat_map(|filter| &filter.filters);
    let filters = filters.map(|filter| LookmlModelExploreConditionallyFilter {
        name: Some(filter.field.to_string()),
        value: Some(filter.value.clone()),
    });
    filters.collect()
}

fn sets(explore: &Explore, kept_back: &HashSet<String>) -> Vec<LookmlModelExploreSet> {
    let seen = |fields: &[Arc<str>]| -> Vec<String> {
        fields.iter().filter(|name| !kept_back.contains(&***name)).map(ToString::to_string).collect()
    };
    let sets = explore
        .sets
        .iter()
        .map(|(name, fields)| LookmlModelExploreSet { name: Some(name.clone()), value: Some(seen(fields)) });
    sets.collect()
}

fn errors(explore: &Explore) -> Option<Vec<LookmlModelExploreError>> {
    let errors = explore.errors.iter().map(|error| LookmlModelExploreError {
        message: Some(error.message.clone()),
        details: error.help.clone().into(),
        error_pos: Some(format!("{}:{}", error.location.file, error.location.line)),
        field_error: Some(error.field.is_some()),
    });
    Some(errors.collect()).filter(|errors: &Vec<_>| !errors.is_empty())
}

fn join(view: &ExploreView, join: &Join) -> LookmlModelExploreJoins {
    let names = |names: &[Arc<str>]| {
        Some(names.iter().map(ToString::to_string).collect::<Vec<_>>()).filter(|names| !names.is_empty())
    };
    LookmlModelExploreJoins {
        name: Some(view.alias.to_string()),
        dependent_fields: Some(dependent_fields(view, join)),
        fields: join.fields.clone(),
        foreign_key: join.foreign_key.clone(),
        from: join.from.as_ref().map(ToString::to_string),
        outer_only: join.outer_only,
        relationship: Some(join.relationship.as_str().to_owned()),
        required_joins: names(&join.required_joins),
        sql_foreign_key: None,
        sql_on: join.sql_on.as_ref().map(|sql| sql.text.to_string()),
        sql_table_name: view.sql_table_name.as_ref().map(|sql| sql.text.to_string()),
        r#type: Some(join.kind.as_str().to_owned()),
        view_label: join.view_label.clone(),
    }
}

/// The fields that the condition names, in order of appearance.
fn dependent_fields(view: &ExploreView, join: &Join) -> Vec<String> {
    let mut fields = Vec::new();
    let pieces = join.sql_on.iter().filter_map(|sql| sql.pieces.as_deref()).flatten();
    for piece in pieces {
        let Piece::Field { view: alias, name, .. } = piece else { continue };
        let field = format!("{}.{name}", alias.as_deref().unwrap_or(&view.alias));
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// Types of dimensions in the order in which the API lists them; those of timeframes follow `date`.
const BEFORE_TIMEFRAMES: [&str; 12] = [
    "number",
    "distance",
    "string",
    "unquoted",
    "yesno",
    "location",
    "location_bin_level",
    "zipcode",
    "time",
    "turtle_look",
    "date",
    "datetime",
];

/// Timeframes without a count, in all their spellings.
const TIMEFRAMES: [&str; 29] = [
    "date",
    "day_of_year",
    "day_of_month",
    "day_of_week",
    "day_of_week_index",
    "fiscal_month_num",
    "fiscal_month_number",
    "fiscal_quarter",
    "fiscal_quarter_of_year",
    "fiscal_year",
    "hour",
    "hour_of_day",
    "microsecond",
    "millisecond",
    "minute",
    "month",
    "month_name",
    "month_num",
    "month_number",
    "mweek",
    "quarter",
    "quarter_of_year",
    "raw",
    "second",
    "time",
    "time_of_day",
    "week",
    "week_of_year",
    "year",
];

/// Units that come with a count, and the counts: those that divide the next larger unit.
const COUNTED: [(&str, &[u16]); 3] = [
    ("hour", &[2, 3, 4, 6, 8, 12]),
    ("minute", &[2, 3, 4, 5, 6, 10, 12, 15, 20, 30]),
    ("millisecond", &[2, 4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 200, 250, 500]),
];

const AFTER_TIMEFRAMES: [&str; 10] = [
    "duration",
    "duration_year",
    "duration_quarter",
    "duration_month",
    "duration_week",
    "duration_day",
    "duration_hour",
    "duration_minute",
    "duration_second",
    "tier",
];

/// Which measures can be made of a dimension, by its type.
fn supported_measure_types() -> Vec<LookmlModelExploreSupportedMeasureType> {
    let counted =
        COUNTED.iter().flat_map(|(unit, counts)| counts.iter().map(move |count| format!("date_{unit}{count}")));
    let timeframes = TIMEFRAMES.iter().map(|timeframe| format!("date_{timeframe}")).chain(counted);
    let plain = |words: &'static [&'static str]| words.iter().map(|word| (*word).to_owned());
    let words = plain(&BEFORE_TIMEFRAMES).chain(timeframes).chain(plain(&AFTER_TIMEFRAMES));
    let rows = words.map(|word| LookmlModelExploreSupportedMeasureType {
        measure_types: Some(measures_of(&word).iter().map(|measure| (*measure).to_owned()).collect()),
        dimension_type: Some(word),
    });
    rows.collect()
}

/// The types of measures that can be made of a dimension of type `word`.
fn measures_of(word: &str) -> &'static [&'static str] {
    match word {
        "number"
        | "distance"
        | "date_day_of_year"
        | "date_day_of_month"
        | "date_day_of_week_index"
        | "date_hour_of_day"
        | "date_month_num"
        | "date_month_number"
        | "date_fiscal_month_num"
        | "date_fiscal_month_number"
        | "date_week_of_year" => &["count_distinct", "sum", "average", "min", "max", "median"],
        word if word.starts_with("duration") => &["count_distinct", "sum", "average", "min", "max", "median"],
        "string"
        | "unquoted"
        | "yesno"
        | "location"
        | "location_bin_level"
        | "zipcode"
        | "tier"
        | "date_day_of_week"
        | "date_month_name"
        | "date_quarter_of_year"
        | "date_fiscal_quarter_of_year"
        | "date_time_of_day" => &["count_distinct", "list"],
        _ => &["count_distinct"],
    }
}
