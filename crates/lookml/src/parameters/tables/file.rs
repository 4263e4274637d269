//! Model files, and all other files that they include.

use super::super::values::{MAP_FORMAT, WEEKDAY};
use super::super::{Parent, Target, Value, many, one};
use super::explore::EXPLORE;
use super::view::{EXPLORE_SOURCE, VIEW};
use Value::{Block, Body, Duration, Integer, Name, Named, Text, Texts, Word, YesNo};

/// Any LookML file but the manifest.
pub static FILE: Parent = Parent::new(
    "file",
    &[
        many("include", Text, "files whose content stands here"),
        many("view", Named(&VIEW), "a table with its fields; `+name` refines one"),
        many("explore", Named(&EXPLORE), "what can be queried: a view and what is joined to it; `+name` refines one"),
        one("connection", Text, "the database of the model; in a model file only"),
        one("label", Text, "heading of the model in menus; in a model file only").default("from the name"),
        one("persist_for", Duration, "how long results stay fresh; in a model file only").default("1 hour"),
        one("persist_with", Name(Target::Datagroup), "what ends the freshness of results; in a model file only"),
        one("case_sensitive", YesNo, "whether string filters tell upper from lower case; in a model file only")
            .default("yes"),
        one(
            "fiscal_month_offset",
            Integer,
            "months from January to the start of the fiscal year; in a model file only",
        )
        .default("0, without fiscal timeframes"),
        one("week_start_day", Word(&WEEKDAY), "first day of weeks; in a model file only").default("monday"),
        many("access_grant", Named(&ACCESS_GRANT), "what users with certain attributes may see"),
        many("datagroup", Named(&DATAGROUP), "a policy for caches and persistent tables"),
        many("named_value_format", Named(&NAMED_VALUE_FORMAT), "a value format by a name of its own"),
        many("map_layer", Named(&MAP_LAYER), "the shapes of a map"),
        many("test", Named(&TEST), "a data test"),
        many("agent", Named(&AGENT), "a conversational agent of dashboards"),
        one("scoping", Text, "a switch of old versions").legacy(),
        one("template", Text, "a switch of old versions").legacy(),
        one("aggregate_awareness", Text, "a switch of old versions").legacy(),
    ],
);

/// `access_grant`
pub static ACCESS_GRANT: Parent = Parent::new(
    "access_grant",
    &[
        one("user_attribute", Name(Target::UserAttribute), "whose value decides").required(),
        one("allowed_values", Texts, "values of which one must be the attribute's, whole and exact").required(),
    ],
);

static AGENT: Parent = Parent::new(
    "agent",
    &[
        one("instructions", Text, "what it is told"),
        one("description", Text, "what people read about it"),
        one("is_dashboard_agent", YesNo, "whether dashboards may name it"),
        one("advanced_analytics", YesNo, "whether it may run code").default("no"),
        one("show_thinking", YesNo, "whether its steps are shown"),
        one("show_debuginfo", YesNo, "whether what it did is shown"),
    ],
);

static DATAGROUP: Parent = Parent::new(
    "datagroup",
    &[
        one("sql_trigger", Body, "a query of one value: when it changes, what depends on it is stale"),
        one("interval_trigger", Duration, "how often what depends on it becomes stale"),
        one("max_cache_age", Duration, "results older than this are not used"),
        one("label", Text, "name in lists").default("the name"),
        one("description", Text, "what people read about it"),
    ],
);

/// `named_value_format`
pub static NAMED_VALUE_FORMAT: Parent = Parent::new(
    "named_value_format",
    &[
        one("value_format", Text, "the format").required(),
        one("strict_value_format", YesNo, "whether the user's own number format is left out").default("no"),
    ],
);

static MAP_LAYER: Parent = Parent::new(
    "map_layer",
    &[
        one("file", Text, "the shapes, a file of the project"),
        one("url", Text, "the shapes, an address"),
        one("format", Word(&MAP_FORMAT), "form of the shapes").default("topojson"),
        one("feature_key", Text, "the object that holds the shapes").default("the first"),
        one("property_key", Text, "the property that is compared with the data"),
        one("property_label_key", Text, "the property that is shown").default("property_key"),
        one("extents_json_url", Text, "address of the extents of vector tiles"),
        one("max_zoom_level", Integer, "how near one can come"),
        one("min_zoom_level", Integer, "how far one can go"),
        one("projection", Text, "how the globe becomes flat"),
        one("label", Text, "name in menus").default("the name"),
    ],
);

static TEST: Parent = Parent::new(
    "test",
    &[
        one("explore_source", Named(&EXPLORE_SOURCE), "the query whose rows are tested").required(),
        many("assert", Named(&ASSERT), "what must hold for each row"),
    ],
);

static ASSERT: Parent =
    Parent::new("assert", &[one("expression", Body, "a yesno expression over the columns").required()]);

/// `create_process`, which tables of more than one kind may have.
pub(super) static CREATE_PROCESS: Parent =
    Parent::new("create_process", &[many("sql_step", Body, "a statement; they run one after the other")]);

/// So that `materialization` can hold it.
pub(super) const PROCESS: Value = Block(&CREATE_PROCESS);
