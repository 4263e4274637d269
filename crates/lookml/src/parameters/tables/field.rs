//! Fields of all kinds.

use super::super::values::{
    COMPARISON, CUSTOM_TIMEFRAME, DATATYPE, DIMENSION_TYPE, DIRECTION, FILTER_TYPE, FORM_TYPE, GROUP_TYPE, INTERVAL,
    MEASURE_TYPE, PARAMETER_TYPE, PERIOD, STRING_DATATYPE, STYLE, TIMEFRAME, UNITS,
};
use super::super::{Fields, Parameter, Parent, Target, Value, many, one};
use Value::{Block, Body, Duration, Integer, Name, Names, Number, Numbers, Pairs, Text, Texts, Word, WordList, YesNo};

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
pub static FIELD: &[Parameter] = &[
    one("type", Word(&DIMENSION_TYPE), "what its values are").of(D).default("string"),
    one("type", Word(&GROUP_TYPE), "of one date or between two").of(G).default("time"),
    one("type", Word(&MEASURE_TYPE), "how it is computed").of(M).default("string"),
    one("type", Word(&FILTER_TYPE), "what its values are").of(F).default("string"),
    one("type", Word(&PARAMETER_TYPE), "what its values are, and how they are written into SQL")
        .of(P)
        .default("string"),
    one("sql", Body, "the SQL that it stands for").of(DG).default("the column of its name"),
    one("sql", Body, "the SQL that it stands for").of(M),
    one("sql", Body, "the condition that it puts on rows").of(F),
    one("label", Text, "name that people see").default("from the name"),
    one("description", Text, "what people read about it"),
    one("hidden", YesNo, "whether menus leave it out").default("no"),
    one("group_label", Text, "heading inside its view"),
    one("group_item_label", Text, "name below that heading").default("the label"),
    one("view_label", Text, "heading of its view").default("the view's label"),
    one("label_from_parameter", Name(Target::Parameter), "the parameter whose chosen value is its label").of(DM),
    one("tags", Texts, "words for applications"),
    one("synonyms", Texts, "other words for it"),
    one("alias", Names(Target::Any), "old names that still mean it"),
    one("required_fields", Names(Target::Field), "fields that come into the query with it").of(DGM),
    one("required_access_grants", Names(Target::AccessGrant), "grants that must all hold, else there is no such field"),
    one("primary_key", YesNo, "whether its values tell the rows of the view apart").of(DG).default("no"),
    one("html", Body, "how a value is shown").of(DGM),
    many("link", Block(&LINK), "a link behind its values").additive().of(DGM),
    many("action", Block(&ACTION), "something that can be done with a value").additive().of(DM),
    one("drill_fields", Value::Fields, "what it drills into").of(DG).default("[]"),
    one("drill_fields", Value::Fields, "what it drills into").of(M).default("the view's"),
    one("value_format", Text, "how numbers are written").of(DGM),
    one("value_format_name", Name(Target::ValueFormat), "how numbers are written, by the name of a format").of(DGM),
    one("can_filter", YesNo, "whether it can be filtered").of(DGM).default("yes"),
    one("skip_drill_filter", YesNo, "whether drilling leaves out its value").of(D).default("no"),
    one("case_sensitive", YesNo, "whether string filters tell upper from lower case").of(D).default("the explore's"),
    one("suggestable", YesNo, "whether filters suggest its values").of(DFP).default("yes"),
    one("suggestions", Texts, "the values that filters suggest").of(DFP),
    one("suggest_dimension", Name(Target::Any), "the dimension whose values are suggested").of(DFP).default("itself"),
    one("suggest_explore", Name(Target::Any), "the explore that gives them").of(DFP).default("this one"),
    one("suggest_persist_for", Duration, "how long suggestions stay fresh").of(DFP).default("6 hours"),
    one("full_suggestions", YesNo, "whether suggestions go through all that the explore adds").of(DFP).default("no"),
    one("bypass_suggest_restrictions", YesNo, "whether suggestions pass by what restricts rows").of(DF).default("no"),
    one("order_by_field", Name(Target::Field), "the dimension that orders its values").of(D),
    one("alpha_sort", YesNo, "whether `case` sorts by label instead of order").of(D).default("no"),
    one("allow_fill", YesNo, "whether missing values are filled in").of(DG).default("yes"),
    one("case", Block(&CASE), "values by conditions").of(D),
    one("sql_case", Value::Opaque, "the old form of `case`").of(D).legacy(),
    one("tiers", Numbers, "where ranges begin").of(D),
    one("bins", Numbers, "the old name of `tiers`").of(D).legacy(),
    one("style", Word(&STYLE), "how ranges are named").of(D).default("classic"),
    one("sql_latitude", Body, "degrees to the north").of(D),
    one("sql_longitude", Body, "degrees to the east").of(D),
    one("start_location_field", Name(Target::Field), "where the distance begins").of(D),
    one("end_location_field", Name(Target::Field), "where it ends").of(D),
    one("units", Word(&UNITS), "unit of the distance").of(D).default("miles"),
    one("map_layer_name", Name(Target::MapLayer), "the map that its values are places of").of(D),
    one("string_datatype", Word(&STRING_DATATYPE), "how SQL Server keeps its texts").of(D),
    one("datatype", Word(&DATATYPE), "what the column holds").of(DGM.and(F)).default("datetime"),
    one("convert_tz", YesNo, "whether times are moved into the query's zone").of(DGM.and(F)).default("yes"),
    one("timeframes", WordList(&TIMEFRAME), "the dimensions of a date").of(G).default("19 common ones"),
    one("custom_timeframes", WordList(&CUSTOM_TIMEFRAME), "the dimensions of a calendar of one's own")
        .of(G)
        .default("all that it maps"),
    one("intervals", WordList(&INTERVAL), "the units of a duration").of(G).default("all"),
    one("sql_start", Body, "where the duration begins").of(DG),
    one("sql_end", Body, "where it ends").of(DG),
    one("fanout_on", Name(Target::Any), "the repeated record that it belongs to").of(DM),
    one("based_on_calendar", Name(Target::View), "the view with the calendar").of(G),
    many("filters", Pairs, "the rows that count: fields with their values").additive().of(M),
    many("filter", Pairs, "the old form of `filters`").additive().of(M).legacy(),
    one("sql_distinct_key", Body, "what tells apart the things that are aggregated").of(M).default("the primary key"),
    one("approximate", YesNo, "whether an estimate will do").of(M).default("no"),
    one("approximate_threshold", Integer, "from how many on an estimate will do").of(M).legacy(),
    one("allow_approximate_optimization", YesNo, "whether rolled-up estimates will do").of(M).default("no"),
    one("percentile", Number, "from 0 to 100").of(M),
    one("list_field", Name(Target::Field), "the dimension whose values are listed").of(M),
    one("direction", Word(&DIRECTION), "across the row or down the column")
        .of(M)
        .default("across the row if there are pivots"),
    one("precision", Integer, "digits behind the point").of(DM).legacy(),
    one("decimals", Integer, "digits behind the point").of(DM).legacy(),
    one("based_on", Name(Target::Field), "the measure that is compared").of(M),
    one("based_on_time", Name(Target::Field), "the date by which it is compared").of(M),
    one("period", Word(&PERIOD), "how far back the earlier value lies").of(M),
    one("custom_calendar_period", Word(&CUSTOM_TIMEFRAME), "the same in a calendar of one's own").of(M),
    one("kind", Word(&COMPARISON), "the earlier value, or its distance from the present one").of(M).default("previous"),
    one("value_to_date", YesNo, "whether the earlier period is cut where the present one is").of(M).default("no"),
    one("default_value", Text, "the value when the user gives none").of(FP),
    many("allowed_value", Block(&ALLOWED_VALUE), "a value that can be chosen").additive().of(P),
    one("field", Name(Target::Any), "the dimension that it filters").of(F).legacy(),
];

static CASE: Parent = Parent::new(
    "case",
    &[many("when", Block(&WHEN), "a value with its condition"), one("else", Text, "the value when no condition holds")],
);

static WHEN: Parent =
    Parent::new("when", &[one("sql", Body, "the condition").required(), one("label", Text, "the value").required()]);

static ALLOWED_VALUE: Parent = Parent::new(
    "allowed_value",
    &[one("label", Text, "what people choose").default("the value"), one("value", Text, "what it means").required()],
);

static LINK: Parent = Parent::new(
    "link",
    &[
        one("label", Text, "name in the menu of a value"),
        one("url", Text, "where it leads").required(),
        one("icon_url", Text, "address of its picture"),
    ],
);

static ACTION: Parent = Parent::new(
    "action",
    &[
        one("label", Text, "name in the menu of a value"),
        one("url", Text, "address that the request goes to").required(),
        one("icon_url", Text, "address of its picture"),
        one("form_url", Text, "address that gives its form"),
        many("param", Block(&PARAM), "a value that is sent along"),
        many("form_param", Block(&FORM_PARAM), "a value that people give"),
        many("user_attribute_param", Block(&USER_ATTRIBUTE_PARAM), "a user attribute that is sent along"),
    ],
);

static PARAM: Parent =
    Parent::new("param", &[one("name", Text, "its name").required(), one("value", Text, "its value").required()]);

static FORM_PARAM: Parent = Parent::new(
    "form_param",
    &[
        one("name", Text, "its name").required(),
        one("type", Word(&FORM_TYPE), "how it is asked for").default("string"),
        one("label", Text, "what people read").default("the name"),
        one("required", YesNo, "whether it must be given").default("no"),
        one("default", Text, "its value before anybody changes it"),
        one("description", Text, "what people read about it"),
        many("option", Block(&OPTION), "a value that can be chosen"),
    ],
);

static OPTION: Parent = Parent::new(
    "option",
    &[one("name", Text, "what is sent"), one("label", Text, "what people choose"), one("value", Text, "what is sent")],
);

static USER_ATTRIBUTE_PARAM: Parent = Parent::new(
    "user_attribute_param",
    &[
        one("user_attribute", Name(Target::UserAttribute), "the attribute").required(),
        one("name", Text, "its name in the request").required(),
    ],
);
