//! LookML dashboards: the keys of their YAML.
//!
//! An element holds, besides these, the options of its chart, whatever they are called.

use super::super::values::{FILTER_KIND, LAYOUT, NOTE_DISPLAY, NOTE_STATE, REQUIRED, ROW_TOTAL};
use super::super::{Parent, Target, Value, one};
use Value::{Duration, Integer, Name, Names, Opaque, Text, Word, YesNo};

/// An entry of a dashboard file.
pub static DASHBOARD: Parent = Parent::new(
    "dashboard",
    &[
        one("dashboard", Name(Target::Any), "its name, unique in the model").required(),
        one("title", Text, "what people see").default("from the name"),
        one("description", Text, "what people read about it"),
        one("layout", Word(&LAYOUT), "how tiles are placed").default("tile"),
        one("preferred_viewer", Text, "which viewer shows it").legacy(),
        one("preferred_slug", Text, "its address"),
        one("extends", Names(Target::Dashboard), "dashboards that this one is made of"),
        one("extension", Word(&REQUIRED), "`required`: only others are made of it"),
        one("rows", Opaque, "layout `grid`: the elements of each row"),
        one("tile_size", Integer, "layouts `tile` and `static`: pixels of one unit").default("160"),
        one("width", Integer, "layout `static`: pixels").default("1200"),
        one("refresh", Duration, "how often it runs again"),
        one("show_applied_filters", YesNo, "whether the filters in force are told").legacy(),
        one("auto_run", YesNo, "whether it runs when it is opened").default("true"),
        one("crossfilter_enabled", YesNo, "whether a click on a value filters the others").default("false"),
        one("enable_viz_full_screen", YesNo, "whether a tile can fill the page").default("true"),
        one("filters_bar_collapsed", YesNo, "whether the filters are folded").default("false"),
        one("filters_location_top", YesNo, "whether the filters stand above").default("true"),
        one("enabled_dashboard_agents", YesNo, "whether agents answer on it"),
        one("enable_dashboard_agent", YesNo, "an earlier name of `enabled_dashboard_agents`").legacy(),
        one("default_dashboard_agent", Name(Target::Any), "the agent that answers"),
        one("dashboard_agents", Names(Target::Any), "the agents that answer").legacy(),
        one("group", Opaque, "groups of tiles"),
        one("load_configuration", Text, "when it runs"),
        one("query_timezone", Text, "zone of its queries"),
        one("theme_name", Text, "its colours"),
        one("embed_style", Opaque, "its colours when it is embedded"),
        one("tabs", Opaque, "pages, each with `name` and `label`"),
        one("elements", Opaque, "its tiles").required(),
        one("filters", Opaque, "its filters"),
    ],
);

/// An item of `filters`.
pub static DASHBOARD_FILTER: Parent = Parent::new(
    "dashboard filter",
    &[
        one("name", Text, "what `listen` calls it").required(),
        one("title", Text, "what people see").default("the name"),
        one("type", Word(&FILTER_KIND), "what it filters").required(),
        one("default_value", Text, "its value before anybody changes it"),
        one("model", Name(Target::Model), "model of the explore").default("that of the dashboard"),
        one("explore", Name(Target::Explore), "explore of the field"),
        one("field", Name(Target::Field), "the field whose values it offers"),
        one("dimension", Name(Target::Field), "the old name of `field`").legacy(),
        one("base_view", Name(Target::Explore), "the old name of `explore`").legacy(),
        one("listens_to_filters", Names(Target::Any), "filters that narrow its values"),
        one("allow_multiple_values", YesNo, "whether several values can be chosen").default("true"),
        one("required", YesNo, "whether the dashboard waits for a value").default("false"),
        one("vis_filter", YesNo, "whether it stands on a chart"),
        one("ui_config", Opaque, "how it is shown"),
    ],
);

/// An item of `elements`, its chart's options apart.
pub static DASHBOARD_ELEMENT: Parent = Parent::new(
    "dashboard element",
    &[
        one("name", Text, "its name, unique in the dashboard").required(),
        one("title", Text, "what people see"),
        one("title_hidden", YesNo, "whether the title is left out"),
        one("title_text", Text, "a text tile's title"),
        one("subtitle_text", Text, "a text tile's second line"),
        one("body_text", Text, "a text tile's text"),
        one("rich_content_json", Text, "a text tile's formatted text, or a button"),
        one("type", Name(Target::Any), "the chart"),
        one("model", Name(Target::Model), "model of the explore").default("that of the dashboard"),
        one("explore", Name(Target::Explore), "what is queried"),
        one("fields", Names(Target::Field), "fields of the query"),
        one("dimensions", Names(Target::Field), "the old name of `fields`").legacy(),
        one("measures", Names(Target::Field), "the old name of `fields`").legacy(),
        one("pivots", Names(Target::Field), "dimensions that become columns"),
        one("fill_fields", Names(Target::Field), "dimensions whose missing values are filled in"),
        one("filters", Opaque, "fields with filter expressions"),
        one("filter_expression", Text, "a condition in the expression language"),
        one("sorts", Names(Target::Any), "fields, each with `desc` if it descends"),
        one("limit", Integer, "most rows"),
        one("column_limit", Integer, "most columns"),
        one("total", YesNo, "whether there is a row of totals"),
        one("row_total", Word(&ROW_TOTAL), "where the totals of rows stand"),
        one("subtotals", Names(Target::Field), "dimensions with subtotals"),
        one("query_timezone", Text, "zone of the query"),
        one("dynamic_fields", Opaque, "calculations and custom fields"),
        one("listen", Opaque, "filters of the dashboard with the fields that they filter"),
        one("merged_queries", Opaque, "queries whose results are joined"),
        one("note_text", Text, "a note"),
        one("note_state", Word(&NOTE_STATE), "whether the note is folded"),
        one("note_display", Word(&NOTE_DISPLAY), "where the note stands"),
        one("note", Opaque, "the old form of a note").legacy(),
        one("refresh", Duration, "how often it runs again"),
        one("row", Integer, "layout `newspaper`: where it stands"),
        one("col", Integer, "layout `newspaper`: where it stands, of 24"),
        one("width", Integer, "how wide it is"),
        one("height", Integer, "how high it is"),
        one("top", Integer, "layout `static`: where it stands"),
        one("left", Integer, "layout `static`: where it stands"),
        one("tab_name", Text, "the page that it stands on"),
        one("look", Opaque, "a saved look; LookML dashboards have none").legacy(),
        one("look_id", Opaque, "a saved look; LookML dashboards have none").legacy(),
    ],
);
