//! The document knows less of what may be null, and calls other things read-only, deprecated and required.

use crate::change::Change;
use crate::edit::{Edit, Is, parameters, properties};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "flags_differ",
        "The document calls some properties neither nullable nor deprecated that 4.0 calls so, and others read-only. \
         Answers do not differ: 3.1 has always given null where there is nothing.",
    )
};

const EDITS: &[Edit] = &[
    properties(
        "Dashboard",
        Is::NotNullable,
        &[
            "query_timezone",
            "background_color",
            "show_filters_bar",
            "show_title",
            "text_tile_text_color",
            "tile_background_color",
            "tile_text_color",
            "title_color",
        ],
    ),
    properties("DashboardBase", Is::NotNullable, &["query_timezone"]),
    properties("GitBranch", Is::NotNullable, &["commit_at"]),
    properties("IntegrationParam", Is::NotNullable, &["sensitive"]),
    properties("LookmlModelExplore", Is::NotNullable, &["description"]),
    properties(
        "LookmlModelExploreJoins",
        Is::NotNullable,
        &[
            "fields",
            "foreign_key",
            "from",
            "required_joins",
            "sql_foreign_key",
            "sql_on",
            "sql_table_name",
            "type",
            "view_label",
        ],
    ),
    properties("LookmlModelNavExplore", Is::NotNullable, &["description"]),
    properties(
        "Query",
        Is::NotNullable,
        &[
            "pivots",
            "fill_fields",
            "filters",
            "filter_expression",
            "limit",
            "column_limit",
            "row_total",
            "subtotals",
            "visible_ui_sections",
            "dynamic_fields",
            "query_timezone",
        ],
    ),
    properties("SmtpSettings", Is::NotNullable, &["user_name", "password"]),
    properties("UserAttribute", Is::NotNullable, &["hidden_value_domain_whitelist"]),
    properties("UserAttributeWithValue", Is::NotNullable, &["hidden_value_domain_whitelist"]),
    properties("ApiVersion", Is::Nullable, &["looker_release_version", "supported_versions"]),
    properties("Look", Is::Nullable, &["public"]),
    properties("LookWithDashboards", Is::Nullable, &["public"]),
    properties("LookWithQuery", Is::Nullable, &["public"]),
    properties("Dashboard", Is::ReadOnly, &["user_id"]),
    properties("DashboardLayoutComponent", Is::ReadOnly, &["deleted"]),
    properties("ResultMakerFilterables", Is::ReadOnly, &["model", "view", "name"]),
    properties(
        "ResultMakerWithIdVisConfigAndDynamicFields",
        Is::ReadOnly,
        &["dynamic_fields", "filterables", "sorts", "merge_result_id", "total", "sql_query_id", "vis_config"],
    ),
    properties("User", Is::Current, &["embed_group_space_id", "presumed_looker_employee"]),
    properties("UserAttribute", Is::Optional, &["name", "label", "type"]),
    parameters("page", Is::Current, PAGED),
    parameters("per_page", Is::Current, PAGED),
];

/// Operations whose lists come in pages.
const PAGED: &[&str] = &[
    "search_dashboards",
    "search_folders",
    "folder_children",
    "all_groups",
    "all_group_users",
    "search_looks",
    "search_user_login_lockouts",
    "all_users",
    "search_users",
    "search_users_names",
    "search_boards",
];
