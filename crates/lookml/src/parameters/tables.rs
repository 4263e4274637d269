//! The rows: which parameter stands in which parent.

use super::values::{
    COMPARISON, CUSTOM_TIMEFRAME, DATATYPE, DIMENSION_TYPE, DIRECTION, EXPORT, FILTER_TYPE, FORM_TYPE, GROUP_TYPE,
    INTERVAL, JOIN_TYPE, LOCALIZATION_LEVEL, MAP_FORMAT, MEASURE_TYPE, PARAMETER_TYPE, PERIOD, RELATIONSHIP, REQUIRED,
    STYLE, TIMEFRAME, UNITS, WEEKDAY,
};
use super::{Fields, Parameter, Parent, Value, many, one};
use Value::{Block, Body, Integer, Name, Named, Names, Number, Numbers, Pairs, Text, Texts, Word, WordList, YesNo};

/// `manifest.lkml`
pub static MANIFEST: Parent = Parent::new(
    "manifest",
    &[
        one("project_name", Text),
        many("constant", Named(&CONSTANT)),
        many("local_dependency", Block(&LOCAL_DEPENDENCY)),
        many("remote_dependency", Named(&REMOTE_DEPENDENCY)),
        one("localization_settings", Block(&LOCALIZATION_SETTINGS)),
        many("visualization", Block(&VISUALIZATION)),
        many("application", Named(&APPLICATION)),
        one("new_lookml_runtime", YesNo).legacy(),
    ],
);

/// Any other LookML file.
pub static FILE: Parent = Parent::new(
    "file",
    &[
        many("include", Text),
        many("view", Named(&VIEW)),
        many("explore", Named(&EXPLORE)),
        one("connection", Text),
        one("label", Text),
        one("persist_for", Text),
        one("persist_with", Name),
        one("case_sensitive", YesNo),
        one("fiscal_month_offset", Integer),
        one("week_start_day", Word(&WEEKDAY)),
        many("access_grant", Named(&ACCESS_GRANT)),
        many("datagroup", Named(&DATAGROUP)),
        many("named_value_format", Named(&NAMED_VALUE_FORMAT)),
        many("map_layer", Named(&MAP_LAYER)),
        many("test", Named(&TEST)),
        many("agent", Named(&AGENT)),
        one("scoping", Name).legacy(),
        one("template", Name).legacy(),
        one("aggregate_awareness", Name).legacy(),
    ],
);

/// Both kinds of files.
pub static FILES: [&Parent; 2] = [&MANIFEST, &FILE];

/// `constant`
pub static CONSTANT: Parent = Parent::new("constant", &[one("value", Text), one("export", Word(&EXPORT))]);

static LOCAL_DEPENDENCY: Parent =
    Parent::new("local_dependency", &[one("project", Text), many("override_constant", Named(&OVERRIDE_CONSTANT))]);

static REMOTE_DEPENDENCY: Parent = Parent::new(
    "remote_dependency",
    &[one("url", Text), one("ref", Text), many("override_constant", Named(&OVERRIDE_CONSTANT))],
);

static OVERRIDE_CONSTANT: Parent = Parent::new("override_constant", &[one("value", Text)]);

static LOCALIZATION_SETTINGS: Parent = Parent::new(
    "localization_settings",
    &[one("default_locale", Text), one("localization_level", Word(&LOCALIZATION_LEVEL))],
);

static VISUALIZATION: Parent = Parent::new(
    "visualization",
    &[
        one("id", Text),
        one("label", Text),
        one("file", Text),
        one("url", Text),
        one("dependencies", Texts),
        one("sri_hash", Text),
    ],
);

static APPLICATION: Parent = Parent::new(
    "application",
    &[
        one("label", Text),
        one("url", Text),
        one("file", Text),
        one("sri_hash", Text),
        one("mount_points", Block(&MOUNT_POINTS)),
        one("entitlements", Block(&ENTITLEMENTS)),
    ],
);

static MOUNT_POINTS: Parent = Parent::new(
    "mount_points",
    &[
        one("dashboard_vis", YesNo),
        one("dashboard_tile", YesNo),
        one("dashboard_tile_popup", YesNo),
        one("standalone", YesNo),
    ],
);

static ENTITLEMENTS: Parent = Parent::new(
    "entitlements",
    &[
        one("local_storage", YesNo),
        one("navigation", YesNo),
        one("new_window", YesNo),
        one("use_form_submit", YesNo),
        one("use_embeds", YesNo),
        one("use_iframes", YesNo),
        one("use_clipboard", YesNo),
        one("use_downloads", YesNo),
        one("raw_api_request", YesNo).legacy(),
        one("allow_forms", YesNo).legacy(),
        one("allow_same_origin", YesNo).legacy(),
        one("core_api_methods", Texts),
        one("external_api_urls", Texts),
        one("oauth2_urls", Texts),
        one("new_window_external_urls", Texts),
        one("global_user_attributes", Texts),
        one("scoped_user_attributes", Texts),
    ],
);

/// `access_grant`
pub static ACCESS_GRANT: Parent =
    Parent::new("access_grant", &[one("user_attribute", Name), one("allowed_values", Texts)]);

static AGENT: Parent = Parent::new(
    "agent",
    &[
        one("instructions", Text),
        one("description", Text),
        one("is_dashboard_agent", YesNo),
        one("advanced_analytics", YesNo),
        one("show_thinking", YesNo),
        one("show_debuginfo", YesNo),
    ],
);

static DATAGROUP: Parent = Parent::new(
    "datagroup",
    &[
        one("sql_trigger", Body),
        one("interval_trigger", Text),
        one("max_cache_age", Text),
        one("label", Text),
        one("description", Text),
    ],
);

/// `named_value_format`
pub static NAMED_VALUE_FORMAT: Parent =
    Parent::new("named_value_format", &[one("value_format", Text), one("strict_value_format", YesNo)]);

static MAP_LAYER: Parent = Parent::new(
    "map_layer",
    &[
        one("file", Text),
        one("url", Text),
        one("format", Word(&MAP_FORMAT)),
        one("feature_key", Text),
        one("property_key", Text),
        one("property_label_key", Text),
        one("extents_json_url", Text),
        one("max_zoom_level", Integer),
        one("min_zoom_level", Integer),
        one("projection", Name),
        one("label", Text),
    ],
);

static TEST: Parent =
    Parent::new("test", &[one("explore_source", Named(&EXPLORE_SOURCE)), many("assert", Named(&ASSERT))]);

static ASSERT: Parent = Parent::new("assert", &[one("expression", Body)]);

/// `explore`
pub static EXPLORE: Parent = Parent::new(
    "explore",
    &[
        many("join", Named(&JOIN)),
        one("label", Text),
        one("description", Text),
        one("group_label", Text),
        one("hidden", YesNo),
        one("tags", Texts),
        one("view_name", Name),
        one("from", Name),
        one("view_label", Text),
        one("extends", Names).own(),
        one("extension", Word(&REQUIRED)).own(),
        one("final", YesNo).own(),
        one("fields", Value::Fields),
        one("always_join", Names),
        one("always_filter", Block(&ALWAYS_FILTER)),
        one("conditionally_filter", Block(&CONDITIONALLY_FILTER)),
        many("access_filter", Block(&ACCESS_FILTER)).additive(),
        one("sql_always_where", Body),
        one("sql_always_having", Body),
        one("sql_preamble", Body),
        one("sql_table_name", Body),
        one("case_sensitive", YesNo),
        one("cancel_grouping_fields", Names),
        one("persist_for", Text),
        one("persist_with", Name),
        one("symmetric_aggregates", YesNo),
        one("required_access_grants", Names),
        many("aggregate_table", Named(&AGGREGATE_TABLE)),
        many("query", Named(&QUERY)),
        one("access_filter_fields", Names).legacy(),
    ],
);

static ALWAYS_FILTER: Parent = Parent::new("always_filter", &[many("filters", Pairs)]);

static CONDITIONALLY_FILTER: Parent =
    Parent::new("conditionally_filter", &[many("filters", Pairs), one("unless", Names)]);

static ACCESS_FILTER: Parent = Parent::new("access_filter", &[one("field", Name), one("user_attribute", Name)]);

/// The old form of one pair: `filters: { field: status value: "done" }`.
pub static FILTER_BLOCK: Parent = Parent::new("filters", &[one("field", Name), one("value", Text)]);

static QUERY: Parent = Parent::new(
    "query",
    &[
        one("dimensions", Names),
        one("measures", Names),
        one("pivots", Names),
        many("filters", Pairs),
        one("sorts", Pairs),
        one("limit", Integer),
        one("timezone", Text),
        one("label", Text),
        one("description", Text),
        one("expression_custom_filter", Body),
    ],
);

static AGGREGATE_TABLE: Parent =
    Parent::new("aggregate_table", &[one("query", Block(&QUERY)), one("materialization", Block(&MATERIALIZATION))]);

static MATERIALIZATION: Parent = Parent::new(
    "materialization",
    &[
        one("datagroup_trigger", Name),
        one("sql_trigger_value", Body),
        one("persist_for", Text),
        one("interval_trigger", Text),
        one("materialized_view", YesNo),
        one("increment_key", Name),
        one("increment_offset", Integer),
        one("cluster_keys", Texts),
        one("partition_keys", Texts),
        one("sortkeys", Texts),
        one("indexes", Texts),
        one("distribution", Text),
        one("distribution_style", Name),
        one("publish_as_db_view", YesNo),
        one("create_process", Block(&CREATE_PROCESS)),
    ],
);

/// `join`
pub static JOIN: Parent = Parent::new(
    "join",
    &[
        one("type", Word(&JOIN_TYPE)),
        one("relationship", Word(&RELATIONSHIP)),
        one("sql_on", Body),
        one("from", Name),
        one("fields", Value::Fields),
        one("view_label", Text),
        one("foreign_key", Name),
        one("required_joins", Names),
        one("required_access_grants", Names),
        one("sql_where", Body),
        one("sql_having", Body),
        one("outer_only", YesNo),
        one("sql", Body).legacy(),
        one("sql_foreign_key", Body).legacy(),
        one("sql_table_name", Body).legacy(),
    ],
);

/// `view`
pub static VIEW: Parent = Parent::new(
    "view",
    &[
        many("dimension", Named(&DIMENSION)),
        many("dimension_group", Named(&DIMENSION_GROUP)),
        many("measure", Named(&MEASURE)),
        many("filter", Named(&FILTER)),
        many("parameter", Named(&PARAMETER)),
        many("set", Named(&SET)),
        one("sql_table_name", Body),
        one("derived_table", Block(&DERIVED_TABLE)).by_key(),
        one("label", Text),
        one("view_label", Text).legacy(),
        one("extends", Names).own(),
        one("extension", Word(&REQUIRED)).own(),
        one("final", YesNo).own(),
        one("drill_fields", Value::Fields),
        one("suggestions", YesNo),
        one("fields_hidden_by_default", YesNo),
        one("required_access_grants", Names),
        one("calendar_definition", Block(&CALENDAR_DEFINITION)),
    ],
);

/// `set`
pub static SET: Parent = Parent::new("set", &[one("fields", Value::Fields)]);

static CALENDAR_DEFINITION: Parent = Parent::new(
    "calendar_definition",
    &[
        one("reference_date", Name),
        one("timeframe_mapping", Block(&CALENDAR_MAPPING)),
        one("timeframe_ordinal_mapping", Block(&CALENDAR_MAPPING)),
        one("previous_ordinal_mapping", Block(&PREVIOUS_MAPPING)),
    ],
);

static CALENDAR_MAPPING: Parent = Parent::new(
    "calendar mapping",
    &[
        one("custom_date", Name),
        one("custom_week", Name),
        one("custom_period", Name),
        one("custom_quarter", Name),
        one("custom_season", Name),
        one("custom_year", Name),
    ],
);

static PREVIOUS_MAPPING: Parent =
    Parent::new("previous_ordinal_mapping", &[one("custom_date", Name), one("custom_week", Name)]);

/// `derived_table`
pub static DERIVED_TABLE: Parent = Parent::new(
    "derived_table",
    &[
        one("sql", Body),
        one("explore_source", Named(&EXPLORE_SOURCE)).by_key(),
        one("sql_create", Body),
        one("create_process", Block(&CREATE_PROCESS)),
        one("datagroup_trigger", Name),
        one("sql_trigger_value", Body),
        one("interval_trigger", Text),
        one("persist_for", Text),
        one("materialized_view", YesNo),
        one("increment_key", Name),
        one("increment_offset", Integer),
        one("publish_as_db_view", YesNo),
        one("indexes", Texts),
        one("sortkeys", Texts),
        one("distribution", Text),
        one("distribution_style", Name),
        one("cluster_keys", Texts),
        one("partition_keys", Texts),
        one("table_compression", Name),
        one("table_format", Name),
    ],
);

static CREATE_PROCESS: Parent = Parent::new("create_process", &[many("sql_step", Body)]);

/// `explore_source`
pub static EXPLORE_SOURCE: Parent = Parent::new(
    "explore_source",
    &[
        many("column", Named(&COLUMN)),
        many("derived_column", Named(&DERIVED_COLUMN)),
        many("filters", Pairs).additive(),
        one("dev_filters", Pairs).additive(),
        many("bind_filters", Block(&BIND_FILTERS)).additive(),
        one("bind_all_filters", YesNo),
        one("expression_custom_filter", Body),
        one("limit", Integer),
        one("sorts", Pairs).additive(),
        many("sort", Block(&SORT)).additive().legacy(),
        one("timezone", Text),
    ],
);

static COLUMN: Parent = Parent::new("column", &[one("field", Name)]);

static DERIVED_COLUMN: Parent = Parent::new("derived_column", &[one("sql", Body)]);

static BIND_FILTERS: Parent = Parent::new("bind_filters", &[one("from_field", Name), one("to_field", Name)]);

static SORT: Parent = Parent::new("sort", &[one("field", Name), one("desc", YesNo)]);

const D: Fields = Fields::DIMENSION;
const G: Fields = Fields::GROUP;
const M: Fields = Fields::MEASURE;
const F: Fields = Fields::FILTER;
const P: Fields = Fields::PARAMETER;
const DG: Fields = D.and(G);
const DM: Fields = D.and(M);
const DF: Fields = D.and(F);
const FP: Fields = F.and(P);
const DGM: Fields = DG.and(M);
const DFP: Fields = D.and(FP);

/// `dimension`
pub static DIMENSION: Parent = Parent::field("dimension", D);
/// `dimension_group`
pub static DIMENSION_GROUP: Parent = Parent::field("dimension_group", G);
/// `measure`
pub static MEASURE: Parent = Parent::field("measure", M);
/// `filter`
pub static FILTER: Parent = Parent::field("filter", F);
/// `parameter`
pub static PARAMETER: Parent = Parent::field("parameter", P);

/// The parameters of all kinds of fields.
pub(super) static FIELD: &[Parameter] = &[
    one("type", Word(&DIMENSION_TYPE)).of(D),
    one("type", Word(&GROUP_TYPE)).of(G),
    one("type", Word(&MEASURE_TYPE)).of(M),
    one("type", Word(&FILTER_TYPE)).of(F),
    one("type", Word(&PARAMETER_TYPE)).of(P),
    one("sql", Body),
    one("label", Text),
    one("description", Text),
    one("hidden", YesNo),
    one("group_label", Text),
    one("group_item_label", Text),
    one("view_label", Text),
    one("label_from_parameter", Name).of(DM),
    one("tags", Texts),
    one("synonyms", Texts),
    one("alias", Names),
    one("required_fields", Names).of(DGM),
    one("required_access_grants", Names),
    one("primary_key", YesNo).of(DG),
    one("html", Body).of(DGM),
    many("link", Block(&LINK)).additive().of(DGM),
    many("action", Block(&ACTION)).additive().of(DM),
    one("drill_fields", Value::Fields).of(DGM),
    one("value_format", Text).of(DGM),
    one("value_format_name", Name).of(DGM),
    one("can_filter", YesNo).of(DGM),
    one("skip_drill_filter", YesNo).of(D),
    one("case_sensitive", YesNo).of(D),
    one("suggestable", YesNo).of(DFP),
    one("suggestions", Texts).of(DFP),
    one("suggest_dimension", Name).of(DFP),
    one("suggest_explore", Name).of(DFP),
    one("suggest_persist_for", Text).of(DFP),
    one("full_suggestions", YesNo).of(DFP),
    one("bypass_suggest_restrictions", YesNo).of(DF),
    one("order_by_field", Name).of(D),
    one("alpha_sort", YesNo).of(D),
    one("allow_fill", YesNo).of(DG),
    one("case", Block(&CASE)).of(D),
    one("sql_case", Value::Opaque).of(D).legacy(),
    one("tiers", Numbers).of(D),
    one("bins", Numbers).of(D).legacy(),
    one("style", Word(&STYLE)).of(D),
    one("sql_latitude", Body).of(D),
    one("sql_longitude", Body).of(D),
    one("start_location_field", Name).of(D),
    one("end_location_field", Name).of(D),
    one("units", Word(&UNITS)).of(D),
    one("map_layer_name", Name).of(D),
    one("string_datatype", Name).of(D),
    one("datatype", Word(&DATATYPE)).of(DGM.and(F)),
    one("convert_tz", YesNo).of(DGM.and(F)),
    one("timeframes", WordList(&TIMEFRAME)).of(G),
    one("custom_timeframes", WordList(&CUSTOM_TIMEFRAME)).of(G),
    one("intervals", WordList(&INTERVAL)).of(G),
    one("sql_start", Body).of(DG),
    one("sql_end", Body).of(DG),
    one("fanout_on", Name).of(DM),
    one("based_on_calendar", Name).of(G),
    many("filters", Pairs).additive().of(M),
    many("filter", Pairs).additive().of(M).legacy(),
    one("sql_distinct_key", Body).of(M),
    one("approximate", YesNo).of(M),
    one("approximate_threshold", Integer).of(M).legacy(),
    one("allow_approximate_optimization", YesNo).of(M),
    one("percentile", Number).of(M),
    one("list_field", Name).of(M),
    one("direction", Word(&DIRECTION)).of(M),
    one("precision", Integer).of(DM).legacy(),
    one("decimals", Integer).of(DM).legacy(),
    one("based_on", Name).of(M),
    one("based_on_time", Name).of(M),
    one("period", Word(&PERIOD)).of(M),
    one("custom_calendar_period", Word(&CUSTOM_TIMEFRAME)).of(M),
    one("kind", Word(&COMPARISON)).of(M),
    one("value_to_date", YesNo).of(M),
    one("default_value", Text).of(FP),
    many("allowed_value", Block(&ALLOWED_VALUE)).additive().of(P),
    one("field", Name).of(F).legacy(),
];

static CASE: Parent = Parent::new("case", &[many("when", Block(&WHEN)), one("else", Text)]);

static WHEN: Parent = Parent::new("when", &[one("sql", Body), one("label", Text)]);

static ALLOWED_VALUE: Parent = Parent::new("allowed_value", &[one("label", Text), one("value", Text)]);

static LINK: Parent = Parent::new("link", &[one("label", Text), one("url", Text), one("icon_url", Text)]);

static ACTION: Parent = Parent::new(
    "action",
    &[
        one("label", Text),
        one("url", Text),
        one("icon_url", Text),
        one("form_url", Text),
        many("param", Block(&PARAM)),
        many("form_param", Block(&FORM_PARAM)),
        many("user_attribute_param", Block(&USER_ATTRIBUTE_PARAM)),
    ],
);

static PARAM: Parent = Parent::new("param", &[one("name", Text), one("value", Text)]);

static FORM_PARAM: Parent = Parent::new(
    "form_param",
    &[
        one("name", Text),
        one("type", Word(&FORM_TYPE)),
        one("label", Text),
        one("required", YesNo),
        one("default", Text),
        one("description", Text),
        many("option", Block(&OPTION)),
    ],
);

static OPTION: Parent = Parent::new("option", &[one("name", Text), one("label", Text), one("value", Text)]);

static USER_ATTRIBUTE_PARAM: Parent =
    Parent::new("user_attribute_param", &[one("user_attribute", Name), one("name", Text)]);
