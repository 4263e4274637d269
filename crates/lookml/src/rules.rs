//! The catalogue: every rule that a project can break.
//!
//! A [`Rule`] says how bad it is to break it, at which place it is told, and what it demands. The message of a mistake
//! names what was written; where the product's wording is known the message has it, the others follow its tone.
//! `docs/lookml/rules.md` is written from these tables.

use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::syntax;
use Severity::{Error, Fatal, Info, Warning};
use std::fmt::Write;

/// A rule of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name, in words with hyphens.
    pub id: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// The place that a mistake is shown at.
    pub place: &'static str,
    /// What it demands.
    pub text: &'static str,
}

impl Rule {
    /// A mistake that breaks the rule at `location`.
    pub fn broken(&self, location: Location, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.id, self.severity, location, message)
    }
}

/// Every rule, those of the syntax first.
pub fn catalogue() -> impl Iterator<Item = &'static Rule> {
    syntax::rules().chain(RULES.iter().copied())
}

/// The rule `id`.
pub fn rule(id: &str) -> Option<&'static Rule> {
    catalogue().find(|rule| rule.id == id)
}

/// The catalogue in Markdown: `docs/lookml/rules.md`.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    for rule in catalogue() {
        let _ = writeln!(page, "| `{}` | {} | {} | {} |", rule.id, rule.severity, rule.text, rule.place);
    }
    page
}

const HEAD: &str = "# What `belvedere lookml check` finds

Every rule by its id. This page is written from the tables in `crates/lookml`; `UPDATE_EXPECTED=1 cargo test -p
belvedere-lookml` writes it anew. Unknown names come with the known one that is most like them.

| id | severity | rule | shown at |
|---|---|---|---|
";

/// Gives each rule a name in the code and all of them a list.
macro_rules! rules {
    ($($name:ident: $id:literal, $severity:ident, $place:literal, $text:literal;)+) => {
        $(
            #[doc = $text]
            pub const $name: Rule = Rule { id: $id, severity: $severity, place: $place, text: $text };
        )+

        /// The rules beyond the syntax of one file.
        const RULES: &[&Rule] = &[$(&$name),+];
    };
}

rules! {
    // One file
    UNKNOWN_PARAMETER: "unknown-parameter", Warning, "the parameter",
        "A parameter stands only where the reference lists it.";
    DEPRECATED_PARAMETER: "deprecated-parameter", Info, "the parameter",
        "A parameter that is no longer documented should give way to what replaced it.";
    WRONG_VALUE: "wrong-value", Error, "the value",
        "A value has the kind that its parameter takes: a text, a number, a list, a block.";
    NOT_YES_OR_NO: "not-yes-or-no", Warning, "the value",
        "A switch is `yes` or `no`; anything else is ignored.";
    INVALID_VALUE: "invalid-value", Error, "the word",
        "A word of a closed list (types, relationships, timeframes, intervals, styles) is one of that list.";
    INVALID_DURATION: "invalid-duration", Error, "the value",
        "A duration is a whole number and `seconds`, `minutes`, `hours` or `days`.";
    MISSING_NAME: "missing-name", Error, "the key",
        "What is named elsewhere has a name.";
    MISSING_PARAMETER: "missing-parameter", Error, "what needs it",
        "A parameter without which its block means nothing is there.";
    WRONG_REFINEMENT: "wrong-refinement", Error, "the name",
        "Only views and explores are refined with `+`.";
    UNKNOWN_CONSTANT: "unknown-constant", Error, "the reference",
        "A constant is declared in the manifest of its own project.";
    DUPLICATE_DEFINITION: "duplicate-definition", Warning, "the later definition",
        "A name is defined once; of several definitions the last counts.";
    DUPLICATE_FIELD: "duplicate-field", Error, "the later definition",
        "Fields of a view of whatever kind have different names.";

    // The manifest
    DUPLICATE_CONSTANT: "duplicate-constant", Error, "the later definition",
        "A constant is defined once.";
    CIRCULAR_CONSTANT: "circular-constant", Error, "the constant",
        "No constant stands in its own value, not even through others.";
    MISSING_IMPORT: "missing-import", Warning, "the dependency",
        "The files of an imported project are given with it, or lie below `imported_projects/<name>/`.";
    UNKNOWN_OVERRIDE: "unknown-override", Error, "the name",
        "Only constants that the imported project declares are overridden.";
    FORBIDDEN_OVERRIDE: "forbidden-override", Error, "the name",
        "Only constants with `export: override_optional` or `override_required` are overridden.";
    MISSING_OVERRIDE: "missing-override", Error, "the dependency",
        "Constants with `export: override_required` are overridden by whoever imports the project.";
    APPLICATION_SOURCE: "application-source", Error, "the application",
        "An application has either `url` or `file`.";
    MISSING_STRINGS: "missing-strings", Error, "the default locale",
        "The default locale has a `<locale>.strings.json` file.";
    INVALID_STRINGS: "invalid-strings", Error, "the place in the file",
        "A strings file is one JSON object of texts.";
    UNTRANSLATED: "untranslated", Error, "the text, or what lacks one",
        "With `localization_level: strict`, models, explores, views and fields have a label, and each label and \
         description is a key of the default locale's strings file.";

    // Files of a model
    INCLUDE_NO_MATCH: "include-no-match", Warning, "the path",
        "A path without wildcards in `include` names a file.";
    UNKNOWN_PROJECT: "unknown-project", Error, "the path",
        "A path in `include` that begins with `//` names a project that is imported.";
    DUPLICATE_MODEL: "duplicate-model", Error, "the beginning of each file",
        "Model names, which come from file names, are unique.";
    MISSING_CONNECTION: "missing-connection", Error, "the beginning of the file",
        "A model names its connection.";
    DUPLICATE_VIEW: "duplicate-view", Error, "the later definition",
        "A view is defined once in a model, whichever file it comes from.";
    DUPLICATE_EXPLORE: "duplicate-explore", Error, "the later definition",
        "An explore is defined once in a model, whichever file it comes from.";
    UNKNOWN_VIEW: "unknown-view", Error, "the name",
        "A view that is named is declared in the model.";
    UNKNOWN_EXPLORE: "unknown-explore", Error, "the name",
        "An explore that is named is declared in the model and no template.";
    EXPLORE_WITHOUT_VIEW: "explore-without-view", Error, "the explore",
        "An explore without `from` and `view_name` has the name of a view.";
    CIRCULAR_EXTENDS: "circular-extends", Error, "one of the names",
        "Nothing extends itself, not even through others.";
    EXTENDS_TOO_DEEP: "extends-too-deep", Error, "the deepest object",
        "At most a hundred objects extend each other in a row.";
    REFINEMENT_AFTER_FINAL: "refinement-after-final", Error, "the refinement",
        "What is `final` is not refined any more.";
    CHANGED_KIND: "changed-kind", Warning, "the later declaration",
        "A field keeps its kind in what extends or refines it.";
    INCOMPLETE_DATAGROUP: "incomplete-datagroup", Error, "the datagroup",
        "A datagroup has `sql_trigger`, `interval_trigger` or `max_cache_age`.";
    TWO_TRIGGERS: "two-triggers", Error, "the second trigger",
        "A datagroup has `sql_trigger` or `interval_trigger`, not both.";
    TWO_PERSISTENCES: "two-persistences", Warning, "persist_for",
        "A model or explore has `persist_for` or `persist_with`; of both, `persist_with` counts.";
    MAP_LAYER_SOURCE: "map-layer-source", Error, "the map layer",
        "A map layer has `file` or `url`.";

    // Names of other things
    UNKNOWN_DATAGROUP: "unknown-datagroup", Error, "the name",
        "A datagroup that is named is declared in the model.";
    UNKNOWN_ACCESS_GRANT: "unknown-access-grant", Error, "the name",
        "An access grant that is named is declared in the model.";
    UNKNOWN_VALUE_FORMAT: "unknown-value-format", Error, "the name",
        "A value format is built in, or declared in the model.";
    UNKNOWN_MAP_LAYER: "unknown-map-layer", Error, "the name",
        "A map layer is built in, or declared in the model.";

    // Explores and joins
    MISSING_RELATIONSHIP: "missing-relationship", Warning, "the join",
        "A join says its `relationship`; `many_to_one` is assumed.";
    MISSING_JOIN_CONDITION: "missing-join-condition", Error, "the join",
        "A join has a condition, unless it is a cross join.";
    TWO_JOIN_CONDITIONS: "two-join-conditions", Error, "foreign_key",
        "A join has `sql_on` or `foreign_key`, not both.";
    MISSING_PRIMARY_KEY: "missing-primary-key", Error, "foreign_key",
        "A view that is joined by `foreign_key` has a primary key.";
    PRIMARY_KEY_FOR_FANOUT: "primary-key-for-fanout", Warning, "the view",
        "A view whose rows a join repeats has a primary key, or its measures cannot count each row once.";
    UNKNOWN_JOIN: "unknown-join", Error, "the name",
        "A join that is named is one of the explore.";
    DUPLICATE_JOIN: "duplicate-join", Error, "the join",
        "A join has another name than the base view.";
    CIRCULAR_JOIN: "circular-join", Error, "one of the joins",
        "No join needs itself, not even through others.";
    AGGREGATE_BY_HAND: "aggregate-by-hand", Warning, "the SQL",
        "A measure of type `number` whose SQL aggregates rows itself belongs to a view whose rows no join repeats; else each \
         row counts as often as it is repeated.";
    UNREACHABLE_JOIN: "unreachable-join", Warning, "the condition",
        "The condition of a join names other joins as `${view.field}`; otherwise nobody can tell that it needs them.";

    // References to fields
    UNKNOWN_FIELD: "unknown-field", Error, "the reference",
        "A field that is referred to exists where it is used: of a time group one of its timeframes, and not left out \
         by `fields`.";
    INACCESSIBLE_VIEW: "inaccessible-view", Error, "the reference",
        "A field that is referred to belongs to a view of the explore, by the name it has there.";
    MALFORMED_REFERENCE: "malformed-reference", Warning, "the reference",
        "Between `${` and `}` stands `TABLE`, the name of a field, or `view.SQL_TABLE_NAME`; else the text goes to the \
         database as it is.";
    UNKNOWN_SET: "unknown-set", Error, "the reference",
        "A set that is named is declared in its view.";
    CIRCULAR_SET: "circular-set", Error, "one of the sets",
        "No set holds itself, not even through others.";
    CIRCULAR_REFERENCE: "circular-reference", Error, "one of the references",
        "No field is made of itself, not even through others.";
    AGGREGATE_OF_MEASURE: "aggregate-of-measure", Error, "the reference",
        "A measure that aggregates is made of dimensions.";
    MEASURE_IN_DIMENSION: "measure-in-dimension", Error, "the reference",
        "A dimension is made of dimensions.";
    NOT_A_PARAMETER: "not-a-parameter", Error, "the name",
        "`label_from_parameter` names a parameter.";
    UNKNOWN_SUGGESTION: "unknown-suggestion", Error, "the name",
        "`suggest_dimension` and `suggest_explore` name what exists.";
    NOT_A_MEASURE: "not-a-measure", Error, "the name",
        "`based_on` names a measure.";
    INVALID_FILTER: "invalid-filter", Error, "the value",
        "The value of a filter is a filter expression for the type of its field.";

    // Views and fields
    MULTIPLE_PRIMARY_KEYS: "multiple-primary-keys", Error, "the later key",
        "A view has one primary key; an inherited one counts.";
    PRIMARY_KEY_ON_GROUP: "primary-key-on-group", Error, "primary_key",
        "A dimension group is a primary key only with a single timeframe.";
    TWO_TABLES: "two-tables", Error, "the second table",
        "A view has one source of rows.";
    MISSING_SQL_STEP: "missing-sql-step", Error, "create_process",
        "A `create_process` has at least one `sql_step`.";
    UNSUPPORTED: "unsupported", Warning, "what is not supported",
        "What Belvedere cannot do yet is told; queries that need it fail.";
    MISSING_SQL: "missing-sql", Warning, "the measure",
        "A measure has `sql`, unless it counts or lists; the column of its name is assumed.";
    COUNT_WITH_SQL: "count-with-sql", Warning, "sql",
        "A measure of type `count` has no `sql`.";
    LOCATION_WITH_SQL: "location-with-sql", Warning, "sql",
        "A dimension of type `location` has `sql_latitude` and `sql_longitude` instead of `sql`.";
    FILTERS_ON_NON_AGGREGATE: "filters-on-non-aggregate", Error, "filters",
        "Only a measure that aggregates has `filters`.";
    FISCAL_WITHOUT_OFFSET: "fiscal-without-offset", Error, "the timeframe",
        "Fiscal timeframes need `fiscal_month_offset` in the model.";

    NO_CALENDAR: "no-calendar", Error, "the name of the view",
        "The view that a dimension group of type `custom_calendar` is based on has a `calendar_definition`.";
    UNMAPPED_TIMEFRAME: "unmapped-timeframe", Error, "the timeframe",
        "A calendar of one's own maps the timeframes that its dimension groups list, and orders those that are compared by.";
    WRONG_COMPARED_PERIOD: "wrong-compared-period", Error, "the period",
        "A measure compares by `custom_calendar_period` where its time is of a calendar of one's own, else by `period`.";

    // Derived tables
    CIRCULAR_DERIVED_TABLE: "circular-derived-table", Error, "one of the references",
        "No derived table is made from itself, not even through others.";
    BIND_OUTSIDE_SOURCE: "bind-outside-source", Error, "the join",
        "A native derived table with `bind_all_filters` is used only in the explore that it queries.";
    TWO_BINDINGS: "two-bindings", Error, "bind_filters",
        "A native derived table has `bind_filters` or `bind_all_filters`, not both.";
    PERSISTENT_BINDING: "persistent-binding", Error, "the binding",
        "A table that is kept takes over no filters of a query.";
    PERSISTENT_ACCESS_FILTER: "persistent-access-filter", Warning, "explore_source",
        "A table that is kept should not come from an explore with access filters: what it holds would depend on who \
         builds it.";
    INCOMPLETE_AGGREGATE_TABLE: "incomplete-aggregate-table", Error, "materialization",
        "An aggregate table says when it is built anew.";

    // Data tests
    UNKNOWN_TEST_EXPLORE: "unknown-test-explore", Error, "the name",
        "The explore of a data test is declared in the model and no template.";
    TEST_WITHOUT_ASSERT: "test-without-assert", Error, "the test",
        "A data test has at least one `assert`.";

    // Liquid
    INVALID_LIQUID: "invalid-liquid", Error, "the tag",
        "Liquid is well formed: tags are known and closed, blocks end.";
    UNKNOWN_LIQUID_FILTER: "unknown-liquid-filter", Warning, "the filter",
        "A Liquid filter is a known one.";
    UNKNOWN_LIQUID_VARIABLE: "unknown-liquid-variable", Error, "the name",
        "A Liquid variable is an object of the language, an assigned name, or a field.";
    MISPLACED_LIQUID: "misplaced-liquid", Warning, "the name",
        "A Liquid object stands only in the parameters that have it.";

    // Dashboards
    INVALID_YAML: "invalid-yaml", Fatal, "the place in the file",
        "A dashboard file is YAML.";
    NOT_A_DASHBOARD: "not-a-dashboard", Error, "the entry",
        "A dashboard file is a list whose entries begin with `dashboard`.";
    DUPLICATE_DASHBOARD: "duplicate-dashboard", Error, "the later name",
        "A dashboard is defined once in a model.";
    UNKNOWN_DASHBOARD: "unknown-dashboard", Error, "the name",
        "A dashboard that is extended is one of the model.";
    DUPLICATE_ELEMENT: "duplicate-element", Error, "the later name",
        "Elements and filters of a dashboard have different names.";
    UNKNOWN_DASHBOARD_MODEL: "unknown-dashboard-model", Warning, "the name",
        "The model of an element or filter is one of the project, or another project's.";
    UNKNOWN_DASHBOARD_FILTER: "unknown-dashboard-filter", Error, "the name",
        "`listen` and `listens_to_filters` name filters of the dashboard.";
}

#[cfg(test)]
mod tests {
    use super::{Severity, catalogue, rule};
    use std::collections::HashSet;

    #[test]
    fn each_id_stands_once_and_is_made_of_words() {
        let mut seen = HashSet::new();
        for rule in catalogue() {
            assert!(seen.insert(rule.id), "{}", rule.id);
            assert!(rule.id.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric()), "{}", rule.id);
            assert!(!rule.text.is_empty() && !rule.place.is_empty());
        }
        assert_eq!(rule("unknown-view").map(|rule| rule.severity), Some(Severity::Error));
    }
}
