//! All that reading a file needs to know about LookML's keys.
//!
//! Which parameter may stand in which block is the business of validation; unknown keys never stop the reading.

/// Keys whose value is text up to `;;`, besides those that begin with `sql_` or `expression_`.
const BODIES: [&str; 3] = ["sql", "html", "expression"];

/// A key that begins with `sql_` and yet opens a block, in old models.
const SQL_CASE: &str = "sql_case";

/// True when the value of `key` is text up to `;;`.
#[inline]
pub fn is_body(key: &str) -> bool {
    match key.as_bytes().first() {
        Some(b's') => key == BODIES[0] || (key.starts_with("sql_") && key != SQL_CASE),
        Some(b'h') => key == BODIES[1],
        Some(b'e') => key == BODIES[2] || key.starts_with("expression_"),
        _ => false,
    }
}

/// True when `key` names an object and is nothing without its block, such as `explore: orders { }`.
pub fn needs_block(key: &str) -> bool {
    NAMED_BLOCKS.find(key).is_some()
}

/// True when several values of `key` in one block add up instead of the last one counting. Blocks are not meant:
/// whether those repeat depends on their names.
pub fn accumulates(key: &str) -> bool {
    ACCUMULATING.find(key).is_some()
}

/// True when `key` is a parameter of LookML.
pub fn is_known(key: &str) -> bool {
    is_body(key) || KNOWN.find(key).is_some() || needs_block(key)
}

/// The known parameter with which `text` begins: key, colon, then a blank or the end of the line.
pub fn parameter_at_start(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'0'..=b'9')).count();
    let (key, rest) = text.split_at(length);
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
    ((rest.is_empty() || rest.starts_with(char::is_whitespace)) && is_known(key)).then_some(key)
}

/// The key under which the Python package `lkml` collects the values of a key that repeats: `dimension` becomes
/// `dimensions`. `None` for a key whose one value stands under its own name.
pub fn lkml_plural(key: &str) -> Option<&'static str> {
    LKML_REPEATABLE.find(key).map(|index| LKML_PLURALS[index])
}

/// A sorted table of keys that knows where each first letter begins: most look-ups compare with no or one key.
struct Words<const N: usize> {
    words: [&'static str; N],
    starts: [u8; LETTERS + 1],
}

const LETTERS: usize = 26;

impl<const N: usize> Words<N> {
    /// Takes keys in lower case, sorted.
    const fn new(words: [&'static str; N]) -> Self {
        let mut starts = [0; LETTERS + 1];
        let mut letter = 0;
        let mut index = 0;
        while letter < LETTERS {
            starts[letter] = index;
            while (index as usize) < N && words[index as usize].as_bytes()[0] == b'a' + letter as u8 {
                index += 1;
            }
            letter += 1;
        }
        assert!(index as usize == N, "the keys are not sorted by their first letter");
        starts[LETTERS] = index;
        Self { words, starts }
    }

    #[inline]
    fn find(&self, key: &str) -> Option<usize> {
        let letter = usize::from(key.as_bytes().first()?.wrapping_sub(b'a'));
        let start = usize::from(*self.starts.get(letter)?);
        let end = usize::from(*self.starts.get(letter + 1)?);
        self.words[start..end].iter().position(|word| *word == key).map(|index| start + index)
    }
}

static ACCUMULATING: Words<3> = Words::new(["filters", "include", "sql_step"]);

static NAMED_BLOCKS: Words<24> = Words::new([
    "access_grant",
    "agent",
    "aggregate_table",
    "application",
    "assert",
    "column",
    "constant",
    "datagroup",
    "derived_column",
    "dimension",
    "dimension_group",
    "explore",
    "explore_source",
    "filter",
    "join",
    "map_layer",
    "measure",
    "named_value_format",
    "override_constant",
    "parameter",
    "remote_dependency",
    "set",
    "test",
    "view",
]);

static LKML_REPEATABLE: Words<37> = Words::new([
    "access_filter",
    "access_grant",
    "action",
    "aggregate_table",
    "allowed_value",
    "assert",
    "bind_filters",
    "column",
    "constant",
    "datagroup",
    "derived_column",
    "dimension",
    "dimension_group",
    "explore",
    "extends",
    "filter",
    "filters",
    "form_param",
    "include",
    "join",
    "link",
    "local_dependency",
    "map_layer",
    "measure",
    "named_value_format",
    "option",
    "override_constant",
    "param",
    "parameter",
    "query",
    "remote_dependency",
    "set",
    "sql_step",
    "test",
    "user_attribute_param",
    "view",
    "when",
]);

/// The plurals in the order of [`LKML_REPEATABLE`].
static LKML_PLURALS: [&str; 37] = [
    "access_filters",
    "access_grants",
    "actions",
    "aggregate_tables",
    "allowed_values",
    "asserts",
    "bind_filters__all",
    "columns",
    "constants",
    "datagroups",
    "derived_columns",
    "dimensions",
    "dimension_groups",
    "explores",
    "extends__all",
    "filters",
    "filters__all",
    "form_params",
    "includes",
    "joins",
    "links",
    "local_dependencies",
    "map_layers",
    "measures",
    "named_value_formats",
    "options",
    "override_constants",
    "params",
    "parameters",
    "queries",
    "remote_dependencies",
    "sets",
    "sql_steps",
    "tests",
    "user_attribute_params",
    "views",
    "whens",
];

/// Parameters besides the bodies and [`NAMED_BLOCKS`].
static KNOWN: Words<201> = Words::new([
    "access_filter",
    "access_filter_fields",
    "action",
    "advanced_analytics",
    "alias",
    "allow_approximate_optimization",
    "allow_fill",
    "allow_forms",
    "allow_same_origin",
    "allowed_value",
    "allowed_values",
    "alpha_sort",
    "always_filter",
    "always_join",
    "approximate",
    "approximate_threshold",
    "based_on",
    "based_on_calendar",
    "based_on_time",
    "bind_all_filters",
    "bind_filters",
    "bins",
    "bypass_suggest_restrictions",
    "calendar_definition",
    "can_filter",
    "cancel_grouping_fields",
    "case",
    "case_sensitive",
    "cluster_keys",
    "conditionally_filter",
    "connection",
    "convert_tz",
    "core_api_methods",
    "create_process",
    "custom_calendar_period",
    "custom_date",
    "custom_period",
    "custom_quarter",
    "custom_season",
    "custom_timeframes",
    "custom_week",
    "custom_year",
    "dashboard_tile",
    "dashboard_tile_popup",
    "dashboard_vis",
    "datagroup_trigger",
    "datatype",
    "decimals",
    "default",
    "default_locale",
    "default_value",
    "dependencies",
    "derived_table",
    "desc",
    "description",
    "dev_filters",
    "dimensions",
    "direction",
    "distribution",
    "distribution_style",
    "drill_fields",
    "else",
    "end_location_field",
    "entitlements",
    "export",
    "extends",
    "extension",
    "extents_json_url",
    "external_api_urls",
    "fanout_on",
    "feature_key",
    "field",
    "fields",
    "fields_hidden_by_default",
    "file",
    "filters",
    "final",
    "fiscal_month_offset",
    "foreign_key",
    "form_param",
    "form_url",
    "format",
    "from",
    "from_field",
    "full_suggestions",
    "global_user_attributes",
    "group_item_label",
    "group_label",
    "hidden",
    "icon_url",
    "id",
    "include",
    "increment_key",
    "increment_offset",
    "indexes",
    "instructions",
    "interval_trigger",
    "intervals",
    "is_dashboard_agent",
    "kind",
    "label",
    "label_from_parameter",
    "limit",
    "link",
    "list_field",
    "local_dependency",
    "local_storage",
    "localization_level",
    "localization_settings",
    "map_layer_name",
    "materialization",
    "materialized_view",
    "max_cache_age",
    "max_zoom_level",
    "measures",
    "min_zoom_level",
    "mount_points",
    "name",
    "navigation",
    "new_lookml_runtime",
    "new_window",
    "new_window_external_urls",
    "oauth2_urls",
    "option",
    "order_by_field",
    "outer_only",
    "param",
    "partition_keys",
    "percentile",
    "period",
    "persist_for",
    "persist_with",
    "pivots",
    "precision",
    "previous_ordinal_mapping",
    "primary_key",
    "project",
    "project_name",
    "projection",
    "property_key",
    "property_label_key",
    "publish_as_db_view",
    "query",
    "raw_api_request",
    "ref",
    "reference_date",
    "relationship",
    "required",
    "required_access_grants",
    "required_fields",
    "required_joins",
    "scoped_user_attributes",
    "show_debuginfo",
    "show_thinking",
    "skip_drill_filter",
    "sort",
    "sortkeys",
    "sorts",
    "sql_case",
    "sri_hash",
    "standalone",
    "start_location_field",
    "strict_value_format",
    "string_datatype",
    "style",
    "suggest_dimension",
    "suggest_explore",
    "suggest_persist_for",
    "suggestable",
    "suggestions",
    "symmetric_aggregates",
    "synonyms",
    "table_compression",
    "table_format",
    "tags",
    "tiers",
    "timeframe_mapping",
    "timeframe_ordinal_mapping",
    "timeframes",
    "timezone",
    "to_field",
    "type",
    "units",
    "unless",
    "url",
    "use_clipboard",
    "use_downloads",
    "use_embeds",
    "use_form_submit",
    "use_iframes",
    "user_attribute",
    "user_attribute_param",
    "value",
    "value_format",
    "value_format_name",
    "value_to_date",
    "view_label",
    "view_name",
    "visualization",
    "week_start_day",
    "when",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_find_their_own_words() {
        fn check<const N: usize>(table: &Words<N>) {
            assert!(table.words.is_sorted());
            for (index, word) in table.words.iter().enumerate() {
                assert_eq!(table.find(word), Some(index), "{word}");
            }
            for word in ["", "{", "A", "zz", "`", "é"] {
                assert_eq!(table.find(word), None, "{word}");
            }
        }
        check(&ACCUMULATING);
        check(&NAMED_BLOCKS);
        check(&KNOWN);
        check(&LKML_REPEATABLE);
    }

    #[test]
    fn plurals_stand_beside_their_singulars() {
        for (singular, plural) in LKML_REPEATABLE.words.iter().zip(LKML_PLURALS) {
            assert_eq!(lkml_plural(singular), Some(plural));
            assert_eq!(singular[..3], plural[..3]);
        }
        assert_eq!(lkml_plural("query"), Some("queries"));
        assert_eq!(lkml_plural("filters"), Some("filters__all"));
        assert_eq!(lkml_plural("explore_source"), None);
    }

    #[test]
    fn bodies_are_known_by_name_and_by_prefix() {
        for key in ["sql", "sql_on", "sql_having", "sql_anything", "html", "expression", "expression_custom_filter"] {
            assert!(is_body(key), "{key}");
        }
        for key in ["", "sqlx", "sql_case", "mysql", "htm", "html_x", "expressions", "SQL"] {
            assert!(!is_body(key), "{key}");
        }
    }

    #[test]
    fn text_counts_as_a_parameter_only_with_a_known_key_and_a_blank_behind_the_colon() {
        assert_eq!(parameter_at_start("label: \"x\""), Some("label"));
        assert_eq!(parameter_at_start("dimension :\n"), Some("dimension"));
        assert_eq!(parameter_at_start("derived_table:"), Some("derived_table"));
        for line in ["", "label", "label:\"x\"", "color: red;", "x::int", "'label': 1", "-- label: x"] {
            assert_eq!(parameter_at_start(line), None, "{line}");
        }
    }
}
