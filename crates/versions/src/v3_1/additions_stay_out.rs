//! What 4.0 got while 3.1 was still there, and 3.1 did not.

use crate::change::Change;
use crate::edit::{Edit, no_parameters, no_properties};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "additions_stay_out",
        "3.1 has no alerts, artifacts, embed secrets, OAuth applications, settings and tunnels, and nothing else that \
         came to 4.0 alone.",
    )
};

const EDITS: &[Edit] = &[
    // Alert
    Edit::NoOperations(&[
        "alert_notifications",
        "read_alert_notification",
        "create_alert",
        "search_alerts",
        "delete_alert",
        "get_alert",
        "update_alert_field",
        "update_alert",
        "enqueue_alert",
        "unfollow_alert",
        "follow_alert",
    ]),
    // Artifact
    Edit::NoOperations(&[
        "artifact_namespaces",
        "artifact_usage",
        "delete_artifact",
        "artifact",
        "purge_artifacts",
        "search_artifacts",
        "artifact_value",
        "update_artifacts",
    ]),
    // Auth
    Edit::NoOperations(&[
        "acquire_embed_cookieless_session",
        "generate_tokens_for_cookieless_session",
        "delete_embed_cookieless_session",
        "create_embed_url_as_me",
        "create_embed_secret",
        "delete_embed_secret",
        "register_mobile_device",
        "deregister_mobile_device",
        "update_mobile_device_registration",
        "all_oauth_client_apps",
        "delete_oauth_client_app",
        "oauth_client_app",
        "update_oauth_client_app",
        "register_oauth_client_app",
        "invalidate_tokens",
        "deactivate_app_user",
        "activate_app_user",
        "get_support_access_allowlist_entries",
        "add_support_access_allowlist_entries",
        "delete_support_access_allowlist_entry",
        "disable_support_access",
        "enable_support_access",
        "support_access_status",
    ]),
    // Config
    Edit::NoOperations(&[
        "api_spec",
        "mobile_settings",
        "public_egress_ip_addresses",
        "get_setting",
        "set_setting",
        "smtp_status",
    ]),
    // Connection
    Edit::NoOperations(&[
        "all_external_oauth_applications",
        "create_external_oauth_application",
        "create_oauth_application_user_state",
        "ssh_public_key",
        "delete_ssh_server",
        "ssh_server",
        "update_ssh_server",
        "test_ssh_server",
        "all_ssh_servers",
        "create_ssh_server",
        "delete_ssh_tunnel",
        "ssh_tunnel",
        "update_ssh_tunnel",
        "test_ssh_tunnel",
        "all_ssh_tunnels",
        "create_ssh_tunnel",
    ]),
    // Content
    Edit::NoOperations(&["search_content"]),
    // Dashboard
    Edit::NoOperations(&[
        "create_dashboard_from_lookml",
        "import_dashboard_from_lookml",
        "copy_dashboard",
        "move_dashboard",
    ]),
    // Group
    Edit::NoOperations(&["search_groups_with_hierarchy", "search_groups_with_roles"]),
    // Look
    Edit::NoOperations(&["copy_look", "move_look"]),
    // Metadata
    Edit::NoOperations(&[
        "connection_columns",
        "connection_cost_estimate",
        "connection_databases",
        "connection_features",
        "connection_schemas",
        "connection_search_columns",
        "connection_tables",
        "get_model",
        "model_fieldname_suggestions",
    ]),
    // Project
    Edit::NoOperations(&["lock_all"]),
    // RenderTask
    Edit::NoOperations(&["create_dashboard_element_render_task"]),
    // Role
    Edit::NoOperations(&["search_roles_with_user_count"]),
    // User
    Edit::NoOperations(&[
        "search_credentials_email",
        "create_embed_user",
        "send_user_credentials_email_password_reset",
        "wipeout_user_emails",
    ]),
    // Parameters.
    no_parameters("search_content_favorites", &["board_id"]),
    no_parameters("search_dashboards", &["last_viewed_at", "limit", "offset", "not_owned_by"]),
    no_parameters("folder_children", &["limit", "offset"]),
    no_parameters("all_groups", &["limit", "offset"]),
    no_parameters("all_group_users", &["limit", "offset"]),
    no_parameters("all_lookml_models", &["limit", "offset"]),
    no_parameters("search_looks", &["last_viewed_at", "limit", "offset"]),
    no_parameters("create_dashboard_render_task", &["long_tables"]),
    no_parameters("search_user_login_lockouts", &["limit", "offset"]),
    no_parameters("all_users", &["limit", "offset"]),
    no_parameters("search_users", &["limit", "offset"]),
    no_parameters("search_users_names", &["limit", "offset"]),
    no_parameters("search_boards", &["permission"]),
    // Properties.
    no_properties("AccessToken", &["refresh_token"]),
    no_properties("ContentFavorite", &["board_id"]),
    no_properties("ContentValidationDashboard", &["url"]),
    no_properties("ContentValidationDashboardElement", &["extension_id"]),
    no_properties(
        "DBConnection",
        &[
            "custom_local_port",
            "tunnel_id",
            "pdt_concurrency",
            "disable_context_comment",
            "oauth_application_id",
            "always_retry_failed_builds",
            "cost_estimate_enabled",
            "pdt_api_control_enabled",
        ],
    ),
    no_properties("Dashboard", &["url"]),
    no_properties("DashboardElement", &["extension_id"]),
    no_properties("LookBasic", &["user_id"]),
    no_properties("LookmlModelExplore", &["title", "can_develop", "can_see_lookml", "lookml_link", "always_join"]),
    no_properties("LookmlModelExploreField", &["times_used", "original_view"]),
    no_properties("Project", &["dependency_status"]),
    no_properties("User", &["embed_group_folder_id", "is_iam_admin"]),
];
