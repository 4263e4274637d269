//! Explores and joins.

use super::super::values::{DISTRIBUTION_STYLE, JOIN_TYPE, RELATIONSHIP, REQUIRED};
use super::super::{Parent, Target, Value, many, one};
use super::file::PROCESS;
use Value::{Block, Body, Duration, Fields, Integer, Name, Named, Names, Pairs, Text, Texts, Word, YesNo};

/// `explore`
pub static EXPLORE: Parent = Parent::new(
    "explore",
    &[
        many("join", Named(&JOIN), "a view that is joined"),
        one("label", Text, "name in menus").default("from the name"),
        one("description", Text, "what people read about it"),
        one("group_label", Text, "heading in menus").default("the model's label"),
        one("hidden", YesNo, "whether menus leave it out").default("no"),
        one("tags", Texts, "words for applications"),
        one("view_name", Name(Target::View), "the base view, which keeps its name").default("the explore's name"),
        one("from", Name(Target::View), "the base view, which goes by the explore's name"),
        one("view_label", Text, "heading of the base view's fields").default("the view's label"),
        one("extends", Names(Target::Explore), "explores that this one is made of").own(),
        one("extension", Word(&REQUIRED), "`required`: only others are made of it").own(),
        one("final", YesNo, "no refinement may follow").own().default("no"),
        one("fields", Fields, "the fields that the explore has").default("[ALL_FIELDS*]"),
        one("always_join", Names(Target::Join), "joins that stand in each query"),
        one("always_filter", Block(&ALWAYS_FILTER), "filters that can be changed but not removed"),
        one("conditionally_filter", Block(&CONDITIONALLY_FILTER), "filters that give way to others"),
        many("access_filter", Block(&ACCESS_FILTER), "rows by the user's attributes").additive(),
        one("sql_always_where", Body, "a condition on rows that each query has"),
        one("sql_always_having", Body, "a condition on measures that each query has"),
        one("sql_preamble", Body, "statements before each query"),
        one("sql_table_name", Body, "another table for the base view"),
        one("case_sensitive", YesNo, "whether string filters tell upper from lower case").default("the model's"),
        one("cancel_grouping_fields", Names(Target::Field), "fields that leave each row as it is")
            .default("the primary key"),
        one("persist_for", Duration, "how long results stay fresh").default("the model's"),
        one("persist_with", Name(Target::Datagroup), "what ends the freshness of results").default("the model's"),
        one("symmetric_aggregates", YesNo, "whether rows that joins repeat count once").default("yes"),
        one(
            "required_access_grants",
            Names(Target::AccessGrant),
            "grants that must all hold, else there is no such explore",
        ),
        many("aggregate_table", Named(&AGGREGATE_TABLE), "a table of results that fitting queries read instead"),
        many("query", Named(&QUERY), "a query to start from"),
        one("access_filter_fields", Names(Target::Field), "the old form of `access_filter`").legacy(),
    ],
);

static ALWAYS_FILTER: Parent = Parent::new("always_filter", &[many("filters", Pairs, "fields with their values")]);

static CONDITIONALLY_FILTER: Parent = Parent::new(
    "conditionally_filter",
    &[
        many("filters", Pairs, "fields with their values"),
        one("unless", Names(Target::Field), "no filter when one of these is filtered"),
    ],
);

static ACCESS_FILTER: Parent = Parent::new(
    "access_filter",
    &[
        one("field", Name(Target::Field), "the field that is compared").required(),
        one("user_attribute", Name(Target::UserAttribute), "the attribute with the values").required(),
    ],
);

/// The old form of one pair: `filters: { field: status value: "done" }`.
pub static FILTER_BLOCK: Parent =
    Parent::new("filters", &[one("field", Name(Target::Field), "the field"), one("value", Text, "what it must match")]);

static QUERY: Parent = Parent::new(
    "query",
    &[
        one("dimensions", Names(Target::Field), "dimensions that are selected"),
        one("measures", Names(Target::Field), "measures that are selected"),
        one("pivots", Names(Target::Field), "dimensions that become columns"),
        one("filters", Pairs, "fields with their values"),
        one("sorts", Pairs, "fields with `asc` or `desc`"),
        one("limit", Integer, "most rows").default("500"),
        one("timezone", Text, "zone of dates"),
        one("label", Text, "name in menus"),
        one("description", Text, "what people read about it"),
        one("expression_custom_filter", Body, "a condition in the expression language"),
    ],
);

static AGGREGATE_QUERY: Parent = Parent::new(
    "aggregate query",
    &[
        one("dimensions", Names(Target::Field), "dimensions that are selected"),
        one("measures", Names(Target::Field), "measures that are selected"),
        one("pivots", Names(Target::Field), "dimensions that become columns"),
        one("filters", Pairs, "fields with their values"),
        one("sorts", Pairs, "fields with `asc` or `desc`"),
        one("limit", Integer, "most rows"),
        one("timezone", Text, "zone of dates").default("no conversion"),
        one("expression_custom_filter", Body, "a condition in the expression language"),
    ],
);

static AGGREGATE_TABLE: Parent = Parent::new(
    "aggregate_table",
    &[
        one("query", Block(&AGGREGATE_QUERY), "what it holds").required(),
        one("materialization", Block(&MATERIALIZATION), "when it is built anew").required(),
    ],
);

static MATERIALIZATION: Parent = Parent::new(
    "materialization",
    &[
        one("datagroup_trigger", Name(Target::Datagroup), "rebuilt when this datagroup triggers"),
        one("sql_trigger_value", Body, "rebuilt when the value of this query changes"),
        one("persist_for", Duration, "kept so long"),
        one("interval_trigger", Duration, "rebuilt so often"),
        one("materialized_view", YesNo, "kept by the database itself").default("no"),
        one("increment_key", Name(Target::Any), "the time column by which only new rows are added"),
        one("increment_offset", Integer, "how many earlier periods are rebuilt").default("0"),
        one("cluster_keys", Texts, "columns to cluster by"),
        one("partition_keys", Texts, "columns to partition by"),
        one("sortkeys", Texts, "columns to sort by"),
        one("indexes", Texts, "columns to index"),
        one("distribution", Text, "column to distribute by"),
        one("distribution_style", Word(&DISTRIBUTION_STYLE), "how rows are distributed").default("all"),
        one("publish_as_db_view", YesNo, "whether a view with a stable name is made for it").default("no"),
        one("create_process", PROCESS, "statements that make it"),
    ],
);

/// `join`
pub static JOIN: Parent = Parent::new(
    "join",
    &[
        one("type", Word(&JOIN_TYPE), "which rows stay").default("left_outer"),
        one("relationship", Word(&RELATIONSHIP), "rows before the join to rows of the joined view")
            .default("many_to_one"),
        one("sql_on", Body, "the condition"),
        one("from", Name(Target::View), "the joined view, which goes by the join's name").default("the join's name"),
        one("fields", Fields, "the fields that it brings").default("[ALL_FIELDS*]"),
        one("view_label", Text, "heading of its fields").default("the view's label"),
        one("foreign_key", Name(Target::Field), "the field that equals the joined primary key"),
        one("required_joins", Names(Target::Join), "joins that must stand before it"),
        one(
            "required_access_grants",
            Names(Target::AccessGrant),
            "grants that must all hold, else there is no such join",
        ),
        one("sql_where", Body, "a condition on rows of queries with the join"),
        one("sql_having", Body, "a condition on measures of queries with the join"),
        one("outer_only", YesNo, "only as an outer join").default("no"),
        one("sql", Body, "the whole join clause").legacy(),
        one("sql_foreign_key", Body, "SQL that equals the joined primary key").legacy(),
        one("sql_table_name", Body, "another table for the view").legacy(),
    ],
);
