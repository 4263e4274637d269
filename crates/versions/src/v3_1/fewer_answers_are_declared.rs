//! The document declares fewer answers.

use crate::change::Change;
use crate::edit::{Edit, Of};

/// The change.
pub(super) const CHANGE: Change = Change {
    edits: EDITS,
    ..Change::new(
        "fewer_answers_are_declared",
        "The document declares 429 and some refusals for fewer operations, and calls few of them limited. The server \
         may give these answers all the same.",
    )
};

const EDITS: &[Edit] = &[
    Edit::NoAnswer {
        status: "429",
        of: Of::ReadsBut(&[
            "content_validation",
            "run_look",
            "run_git_connection_test",
            "run_lookml_test",
            "run_url_encoded_query",
            "run_query",
        ]),
    },
    Edit::NoAnswer {
        status: "429",
        of: Of::Operations(&[
            "update_cloud_storage_configuration",
            "perform_data_action",
            "fetch_remote_data_action_form",
            "fetch_and_parse_saml_idp_metadata",
            "delete_user_attribute_group_value",
            "update_user_attribute_group_value",
            "add_group_group",
            "delete_group_from_group",
            "add_group_user",
            "delete_group_user",
            "accept_integration_hub_legal_agreement",
            "fetch_integration_form",
            "test_integration",
            "update_ldap_config",
            "test_ldap_config_auth",
            "test_ldap_config_connection",
            "test_ldap_config_user_auth",
            "test_ldap_config_user_info",
            "login",
            "login_user",
            "logout",
            "create_model_set",
            "delete_model_set",
            "update_model_set",
            "update_oidc_config",
            "create_oidc_test_config",
            "delete_oidc_test_config",
            "parse_saml_idp_metadata",
            "kill_query",
            "update_saml_config",
            "create_saml_test_config",
            "delete_saml_test_config",
            "create_user",
            "delete_user",
            "update_user",
            "delete_user_attribute_user_value",
            "set_user_attribute_user_value",
            "create_user_credentials_email_password_reset",
            "set_user_roles",
        ]),
    },
    Edit::NoAnswer {
        status: "403",
        of: Of::Operations(&[
            "create_sso_embed_url",
            "update_group",
            "delete_user_attribute_group_value",
            "update_user_attribute_group_value",
            "update_model_set",
            "all_projects",
            "project",
            "all_project_files",
            "run_inline_query",
            "run_query",
            "active_themes",
            "search_themes",
        ]),
    },
    Edit::NoAnswer { status: "405", of: Of::Operations(&["create_permission_set", "create_role", "set_role_groups"]) },
    Edit::NoAnswer { status: "409", of: Of::Operations(&["set_role_groups"]) },
    Edit::NoAnswer {
        status: "422",
        of: Of::Operations(&[
            "test_connection_config",
            "delete_folder",
            "active_themes",
            "search_themes",
            "set_user_roles",
        ]),
    },
    Edit::RateLimited(&[
        "test_connection_config",
        "test_connection",
        "create_content_metadata_access",
        "create_digest_email_send",
        "create_integration_hub",
        "update_integration_hub",
        "scheduled_plan_run_once",
        "scheduled_plan_run_once_by_id",
        "set_smtp_settings",
    ]),
];
