//! Views, their tables and sets.

use super::super::values::{DISTRIBUTION_STYLE, REQUIRED};
use super::super::{Parent, Target, Value, many, one};
use super::field::{DIMENSION, DIMENSION_GROUP, FILTER, MEASURE, PARAMETER};
use super::file::PROCESS;
use Value::{Block, Body, Duration, Fields, Integer, Name, Named, Names, Pairs, Text, Texts, Word, YesNo};

/// `view`
pub static VIEW: Parent = Parent::new(
    "view",
    &[
        many("dimension", Named(&DIMENSION), "a field to group and filter by"),
        many("dimension_group", Named(&DIMENSION_GROUP), "several dimensions of one date or of two"),
        many("measure", Named(&MEASURE), "a field that is computed over rows"),
        many("filter", Named(&FILTER), "a field that is only filtered"),
        many("parameter", Named(&PARAMETER), "a value that the user chooses"),
        many("set", Named(&SET), "a list of fields by a name"),
        one("sql_table_name", Body, "the table").default("the view's name"),
        one("derived_table", Block(&DERIVED_TABLE), "a query in the place of a table").by_key(),
        one("label", Text, "heading of its fields").default("from the name"),
        one("view_label", Text, "the old name of `label`").legacy(),
        one("extends", Names(Target::View), "views that this one is made of").own(),
        one("extension", Word(&REQUIRED), "`required`: only others are made of it").own(),
        one("final", YesNo, "no refinement may follow").own().default("no"),
        one("drill_fields", Fields, "what its measures drill into").default("[]"),
        one("suggestions", YesNo, "whether filters on its dimensions suggest values").default("yes"),
        one("fields_hidden_by_default", YesNo, "whether fields without `hidden` are hidden").default("no"),
        one("required_access_grants", Names(Target::AccessGrant), "grants that must all hold, else it has no fields"),
        one("calendar_definition", Block(&CALENDAR_DEFINITION), "makes it a calendar of one's own"),
    ],
);

/// `set`
pub static SET: Parent =
    Parent::new("set", &[one("fields", Fields, "fields, other sets (`name*`) and removals (`-name`)").required()]);

static CALENDAR_DEFINITION: Parent = Parent::new(
    "calendar_definition",
    &[
        one("reference_date", Name(Target::Field), "the day of each row").required(),
        one("timeframe_mapping", Block(&CALENDAR_MAPPING), "the dimension with the name of each period").required(),
        one("timeframe_ordinal_mapping", Block(&CALENDAR_MAPPING), "the dimension with the number of each period")
            .required(),
        one("previous_ordinal_mapping", Block(&PREVIOUS_MAPPING), "for comparisons of periods"),
    ],
);

static CALENDAR_MAPPING: Parent = Parent::new(
    "calendar mapping",
    &[
        one("custom_date", Name(Target::Field), "days"),
        one("custom_week", Name(Target::Field), "weeks"),
        one("custom_period", Name(Target::Field), "periods"),
        one("custom_quarter", Name(Target::Field), "quarters"),
        one("custom_season", Name(Target::Field), "seasons"),
        one("custom_year", Name(Target::Field), "years"),
    ],
);

static PREVIOUS_MAPPING: Parent = Parent::new(
    "previous_ordinal_mapping",
    &[one("custom_date", Name(Target::Field), "days"), one("custom_week", Name(Target::Field), "weeks")],
);

/// `derived_table`
pub static DERIVED_TABLE: Parent = Parent::new(
    "derived_table",
    &[
        one("sql", Body, "the query"),
        one("explore_source", Named(&EXPLORE_SOURCE), "the query, as one on an explore").by_key(),
        one("sql_create", Body, "the statement that makes the table"),
        one("create_process", PROCESS, "statements that make the table"),
        one("datagroup_trigger", Name(Target::Datagroup), "kept; rebuilt when this datagroup triggers"),
        one("sql_trigger_value", Body, "kept; rebuilt when the value of this query changes"),
        one("interval_trigger", Duration, "kept; rebuilt so often"),
        one("persist_for", Duration, "kept so long"),
        one("materialized_view", YesNo, "kept by the database itself").default("no"),
        one("increment_key", Name(Target::Any), "the time column by which only new rows are added"),
        one("increment_offset", Integer, "how many earlier periods are rebuilt").default("0"),
        one("publish_as_db_view", YesNo, "whether a view with a stable name is made for it").default("no"),
        one("indexes", Texts, "columns to index"),
        one("sortkeys", Texts, "columns to sort by"),
        one("distribution", Text, "column to distribute by"),
        one("distribution_style", Word(&DISTRIBUTION_STYLE), "how rows are distributed").default("all"),
        one("cluster_keys", Texts, "columns to cluster by"),
        one("partition_keys", Texts, "columns to partition by"),
        one("table_compression", Name(Target::Any), "how its files are compressed"),
        one("table_format", Name(Target::Any), "form of its files"),
    ],
);

/// `explore_source`
pub static EXPLORE_SOURCE: Parent = Parent::new(
    "explore_source",
    &[
        many("column", Named(&COLUMN), "a column of the result"),
        many("derived_column", Named(&DERIVED_COLUMN), "a column computed from the others"),
        many("filters", Pairs, "fields with their values").additive(),
        one("dev_filters", Pairs, "filters that count in development only, instead of those on the same fields")
            .additive(),
        many("bind_filters", Block(&BIND_FILTERS), "takes a filter over from the outer query").additive(),
        one("bind_all_filters", YesNo, "takes over all filters of the outer query").default("no"),
        one("expression_custom_filter", Body, "a condition in the expression language"),
        one("limit", Integer, "most rows"),
        one("sorts", Pairs, "fields with `asc` or `desc`").additive(),
        many("sort", Block(&SORT), "the old form of `sorts`").additive().legacy(),
        one("timezone", Text, "zone of dates, or `query_timezone`").default("no conversion"),
    ],
);

static COLUMN: Parent =
    Parent::new("column", &[one("field", Name(Target::Field), "what it holds").default("the field of its name")]);

static DERIVED_COLUMN: Parent =
    Parent::new("derived_column", &[one("sql", Body, "SQL over the other columns").required()]);

static BIND_FILTERS: Parent = Parent::new(
    "bind_filters",
    &[
        one("from_field", Name(Target::Field), "the filtered field of the outer query").required(),
        one("to_field", Name(Target::Field), "the field here that it filters").required(),
    ],
);

static SORT: Parent = Parent::new(
    "sort",
    &[one("field", Name(Target::Field), "the field"), one("desc", YesNo, "whether it descends").default("no")],
);
