//! What can stand behind a key.

use super::{Parent, Target};
use crate::words::{
    DATATYPES, DIRECTIONS, DISTANCE_UNITS, INTERVALS, JOIN_KINDS, RELATIONSHIPS, TIER_STYLES, TIMEFRAME_WORDS, WEEKDAYS,
};

/// What a parameter's value is.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// Text, usually in quotes.
    Text,
    /// The name of something, usually bare.
    Name(Target),
    /// One word of a closed list.
    Word(&'static Words),
    /// `yes` or `no`.
    YesNo,
    /// A length of time: `"24 hours"`.
    Duration,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Text up to `;;`.
    Body,
    /// A list of names.
    Names(Target),
    /// A list of texts.
    Texts,
    /// A list of words of a closed list.
    WordList(&'static Words),
    /// A list of numbers.
    Numbers,
    /// A list of fields and sets, with `set*` and `-field`.
    Fields,
    /// `[field: "value"]`, or blocks with `field` and `value`.
    Pairs,
    /// `{ ... }`
    Block(&'static Parent),
    /// `name { ... }`
    Named(&'static Parent),
    /// Whatever it is, it is not looked into.
    Opaque,
}

/// A closed list of words.
#[derive(Debug)]
pub struct Words {
    /// What the words are, for messages: `measure type`.
    pub noun: &'static str,
    plain: &'static [&'static str],
    /// Words made of a prefix and a word of another list.
    prefixed: &'static [(&'static str, &'static [&'static str])],
    /// Words of other languages, with the ones that mean the same here.
    foreign: &'static [(&'static str, &'static str)],
}

impl Words {
    const fn new(noun: &'static str, plain: &'static [&'static str]) -> Self {
        Self { noun, plain, prefixed: &[], foreign: &[] }
    }

    /// True when `word` is one of them.
    pub fn contains(&self, word: &str) -> bool {
        let built =
            |&(prefix, words): &(&str, &[&str])| word.strip_prefix(prefix).is_some_and(|rest| words.contains(&rest));
        self.plain.contains(&word) || self.prefixed.iter().any(built)
    }

    /// The word that means the same as a word of another language.
    pub fn meant_by(&self, word: &str) -> Option<&'static str> {
        let word = word.to_ascii_lowercase();
        self.foreign.iter().find(|(foreign, _)| *foreign == word).map(|(_, known)| *known)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = String> {
        let built =
            self.prefixed.iter().flat_map(|&(prefix, words)| words.iter().map(move |word| format!("{prefix}{word}")));
        self.plain.iter().map(ToString::to_string).chain(built)
    }
}

/// Types as databases and other languages call them.
const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("text", "string"),
    ("varchar", "string"),
    ("char", "string"),
    ("integer", "number"),
    ("int64", "number"),
    ("bigint", "number"),
    ("float", "number"),
    ("float64", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("numeric", "number"),
    ("bool", "yesno"),
    ("boolean", "yesno"),
    ("datetime", "date_time"),
    ("timestamp", "date_time"),
    ("time", "date_time"),
];

/// Aggregations as databases and other languages call them, and the types above.
const FOREIGN_MEASURES: &[(&str, &str)] = &[
    ("avg", "average"),
    ("mean", "average"),
    ("total", "sum"),
    ("distinct", "count_distinct"),
    ("countdistinct", "count_distinct"),
    ("distinct_count", "count_distinct"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("ratio", "number"),
    ("integer", "number"),
    ("float", "number"),
    ("decimal", "number"),
    ("boolean", "yesno"),
    ("text", "string"),
    ("datetime", "date_time"),
    ("timestamp", "date_time"),
    ("time", "date_time"),
];

/// Joins as SQL calls them.
const FOREIGN_JOINS: &[(&str, &str)] =
    &[("left", "left_outer"), ("left_join", "left_outer"), ("outer", "full_outer"), ("full", "full_outer")];

const DATE_TYPES: (&str, &[&str]) = ("date_", TIMEFRAME_WORDS);

pub(super) static DIMENSION_TYPE: Words = Words {
    noun: "dimension type",
    plain: &["string", "number", "yesno", "date", "tier", "bin", "location", "distance", "zipcode", "unquoted", "int"],
    prefixed: &[DATE_TYPES, ("duration_", INTERVALS)],
    foreign: FOREIGN_TYPES,
};
pub(super) static GROUP_TYPE: Words = Words::new("dimension group type", &["time", "duration", "custom_calendar"]);
pub(super) static MEASURE_TYPE: Words = Words {
    noun: "measure type",
    plain: &[
        "count",
        "count_distinct",
        "sum",
        "sum_distinct",
        "average",
        "average_distinct",
        "min",
        "max",
        "median",
        "median_distinct",
        "percentile",
        "percentile_distinct",
        "list",
        "number",
        "string",
        "yesno",
        "date",
        "int",
        "running_total",
        "percent_of_total",
        "percent_of_previous",
        "period_over_period",
    ],
    prefixed: &[DATE_TYPES],
    foreign: FOREIGN_MEASURES,
};
pub(super) static FILTER_TYPE: Words = Words {
    noun: "filter type",
    plain: &["string", "number", "date", "yesno", "zipcode", "tier", "location", "unquoted", "int"],
    prefixed: &[DATE_TYPES],
    foreign: FOREIGN_TYPES,
};
pub(super) static PARAMETER_TYPE: Words = Words {
    noun: "parameter type",
    plain: &["string", "number", "date", "yesno", "unquoted"],
    prefixed: &[DATE_TYPES],
    foreign: FOREIGN_TYPES,
};
pub(super) static JOIN_TYPE: Words = Words { foreign: FOREIGN_JOINS, ..Words::new("join type", JOIN_KINDS) };
pub(super) static RELATIONSHIP: Words = Words::new("relationship", RELATIONSHIPS);
pub(super) static WEEKDAY: Words = Words::new("weekday", WEEKDAYS);
pub(super) static DATATYPE: Words = Words::new("datatype", DATATYPES);
pub(super) static TIMEFRAME: Words = Words::new("timeframe", TIMEFRAME_WORDS);
pub(super) static INTERVAL: Words = Words::new("interval", INTERVALS);
pub(super) static STRING_DATATYPE: Words = Words::new("string datatype", &["unicode"]);
pub(super) static DISTRIBUTION_STYLE: Words = Words::new("distribution style", &["all", "even"]);
pub(super) static STYLE: Words = Words::new("tier style", TIER_STYLES);
pub(super) static UNITS: Words = Words::new("distance unit", DISTANCE_UNITS);
pub(super) static DIRECTION: Words = Words::new("direction", DIRECTIONS);
pub(super) static REQUIRED: Words = Words::new("extension", &["required"]);
pub(super) static EXPORT: Words = Words::new("export", &["none", "override_optional", "override_required"]);
pub(super) static LOCALIZATION_LEVEL: Words = Words::new("localization level", &["strict", "permissive"]);
pub(super) static MAP_FORMAT: Words = Words::new("map format", &["topojson", "vector_tile_region"]);
pub(super) static CUSTOM_TIMEFRAME: Words = Words::new(
    "custom timeframe",
    &["custom_date", "custom_week", "custom_period", "custom_quarter", "custom_season", "custom_year"],
);
pub(super) static PERIOD: Words =
    Words::new("period", &["date", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"]);
pub(super) static COMPARISON: Words = Words::new("kind of comparison", &["previous", "difference", "relative_change"]);
pub(super) static FORM_TYPE: Words = Words::new("form parameter type", &["string", "textarea", "select"]);

// Dashboards

pub(super) static LAYOUT: Words = Words::new("layout", &["newspaper", "grid", "static", "tile"]);
pub(super) static FILTER_KIND: Words = Words::new(
    "filter type",
    &["field_filter", "date_filter", "number_filter", "string_filter", "suggest_filter", "text"],
);
pub(super) static ROW_TOTAL: Words = Words::new("place of row totals", &["right", "left"]);
pub(super) static NOTE_STATE: Words = Words::new("note state", &["expanded", "collapsed"]);
pub(super) static NOTE_DISPLAY: Words = Words::new("note display", &["above", "below", "hover"]);
